import type { ReactNode } from 'react';
import type { Arm } from '@/lib/domain/vocabulary';
import { cn } from './cn';

/** How an arm looks in every screen: baseline neutral, dashed, square; distributed blue, solid, round. */
export const ARM_LOOKS: Record<
  Arm,
  {
    name: string;
    short: string;
    text: string;
    border: string;
    fill: string;
    stroke: string;
    dash: string | undefined;
  }
> = {
  baseline: {
    name: 'INT4 baseline',
    short: 'INT4',
    text: 'text-baseline',
    border: 'border-baseline border-dashed rounded-[0.25rem]',
    fill: 'bg-baseline-fill',
    stroke: 'var(--baseline)',
    dash: '7 5',
  },
  distributed: {
    name: 'Distributed',
    short: 'llm-d',
    text: 'text-distributed',
    border: 'border-distributed border-solid rounded-[0.75rem]',
    fill: 'bg-distributed-fill',
    stroke: 'var(--distributed)',
    dash: undefined,
  },
};

/** The arm's mark: a square or a disc. */
export function ArmMark({ arm, className }: { arm: Arm; className?: string }): ReactNode {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={cn('inline-block size-[0.7em] shrink-0', className)}
    >
      {arm === 'baseline' ? (
        <rect x="2" y="2" width="20" height="20" className="fill-baseline" />
      ) : (
        <circle cx="12" cy="12" r="11" className="fill-distributed" />
      )}
    </svg>
  );
}

/** A piece of the arm's line, as in the charts. */
export function ArmLine({ arm, className }: { arm: Arm; className?: string }): ReactNode {
  const look = ARM_LOOKS[arm];
  return (
    <svg
      viewBox="0 0 32 8"
      aria-hidden="true"
      className={cn('inline-block h-[0.4em] w-[1.6em] shrink-0', className)}
    >
      <line
        x1="0"
        y1="4"
        x2="32"
        y2="4"
        stroke={look.stroke}
        strokeWidth="5"
        strokeDasharray={arm === 'baseline' ? '9 5' : undefined}
      />
    </svg>
  );
}
