import type { ReactNode } from 'react';
import { cn } from './cn';

/** The five states a mark can show. Colour, shape and (beside it) a word: never one alone. */
export type MarkState = 'pass' | 'warn' | 'fail' | 'unknown' | 'not-applicable';

interface Look {
  className: string;
  shape: ReactNode;
}

/** Shapes on a 24-unit square: disc, triangle, octagon, diamond, dotted ring. */
const LOOKS: Record<MarkState, Look> = {
  pass: {
    className: 'fill-pass-fill stroke-pass text-pass',
    shape: (
      <>
        <circle cx="12" cy="12" r="10.5" stroke="none" />
        <path d="m7.4 12.4 3.2 3.2 6-6.6" fill="none" strokeWidth="2.8" />
      </>
    ),
  },
  warn: {
    className: 'fill-warn-fill stroke-warn text-warn',
    shape: (
      <>
        <path d="M12 2.6 22.4 21H1.6Z" strokeWidth="2.2" />
        <path d="M12 9.2v5.4M12 17.6v.4" strokeWidth="2.8" />
      </>
    ),
  },
  fail: {
    className: 'fill-fail stroke-fail text-fail',
    shape: (
      <>
        <path d="M8 1.8h8L22.2 8v8L16 22.2H8L1.8 16V8Z" strokeWidth="1.2" />
        <path d="m8.2 8.2 7.6 7.6m0-7.6-7.6 7.6" className="stroke-ground" strokeWidth="2.8" />
      </>
    ),
  },
  unknown: {
    className: 'fill-unknown-fill stroke-unknown text-unknown',
    shape: (
      <>
        <path d="M12 1.4 22.6 12 12 22.6 1.4 12Z" strokeWidth="2" />
        <path d="M9.4 9.8c0-3.4 5.2-3.4 5.2 0 0 2.1-2.6 2-2.6 4M12 16.9v.3" fill="none" strokeWidth="2.3" />
      </>
    ),
  },
  'not-applicable': {
    className: 'fill-none stroke-ink-soft text-ink-soft',
    shape: <circle cx="12" cy="12" r="9.6" strokeWidth="2.2" strokeDasharray="2.4 3.63" />,
  },
};

/** Text colours of the states, for the words beside the marks. */
export const STATE_TEXT: Record<MarkState, string> = {
  pass: 'text-pass',
  warn: 'text-warn',
  fail: 'text-fail',
  unknown: 'text-unknown',
  'not-applicable': 'text-ink-soft',
};

/** A state as a shape in its colour. Hidden from screen readers: the word beside it speaks. */
export function StateMark({ state, className }: { state: MarkState; className?: string }): ReactNode {
  const look = LOOKS[state];
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      data-state={state}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={cn('inline-block size-[1.1em] shrink-0', look.className, className)}
    >
      {look.shape}
    </svg>
  );
}
