import type { ReactNode } from 'react';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { StateMark } from '@/components/ui/state-mark';
import { UntrustedText } from '@/components/ui/untrusted-text';
import { armOfLane } from '@/lib/domain/chat-lanes';
import { formatDecimal, formatQuantityLine } from '@/lib/format/quantity';
import type { Finish, PhotoFinish } from './photo-finish-model';

function spoken({ name, firstMs, lastMs, state }: Finish): string {
  const first = firstMs === null ? 'no first token' : `first token at ${formatQuantityLine(firstMs, 'ms')}`;
  const last = lastMs === null ? '' : `, last token at ${formatQuantityLine(lastMs, 'ms')}`;
  return `${name}: ${first}${last}${state === 'out' ? ', out' : ''}`;
}

/** One lane on the common axis: its mark at the first token, a bar to the latest, a stop where it ended. */
function FinishTrack({ finish, axisEndMs }: { finish: Finish; axisEndMs: number }): ReactNode {
  const arm = armOfLane(finish.lane);
  const { stroke } = ARM_LOOKS[arm];
  const percent = (ms: number): number => Math.min(100, (ms / axisEndMs) * 100);
  const { firstMs, lastMs, state } = finish;
  return (
    <div className="relative h-[0.6rem] border-rule border-b-(length:--hair)">
      {firstMs !== null && lastMs !== null && (
        <div
          className={cn(
            'absolute top-1/2 -translate-y-1/2 border-t-(length:--stroke)',
            arm === 'baseline' && 'border-dashed',
          )}
          style={{
            left: `${percent(firstMs)}%`,
            width: `${Math.max(0, percent(lastMs) - percent(firstMs))}%`,
            borderColor: stroke,
          }}
        />
      )}
      {firstMs !== null && (
        <span
          className="absolute top-1/2 flex -translate-x-1/2 -translate-y-1/2"
          style={{ left: `${percent(firstMs)}%` }}
        >
          <ArmMark arm={arm} className="size-[0.55rem]" />
        </span>
      )}
      {lastMs !== null && state === 'finished' && (
        <span
          className="absolute top-1/2 h-[0.55rem] w-[0.2rem] -translate-x-1/2 -translate-y-1/2"
          style={{ left: `${percent(lastMs)}%`, background: stroke }}
        />
      )}
      {state === 'out' && (
        <span
          className="absolute top-1/2 flex -translate-x-1/2 -translate-y-1/2"
          style={{ left: `${percent(lastMs ?? firstMs ?? 0)}%` }}
        >
          <StateMark state="fail" className="size-[0.6rem]" />
        </span>
      )}
    </div>
  );
}

/** First and last token of both lanes on one time axis, and what that says in words. */
export function PhotoFinishLine({ finish }: { finish: PhotoFinish }): ReactNode {
  const all = [
    finish.firstWords,
    finish.lastWords,
    ...(finish.retryWords === null ? [] : [finish.retryWords]),
  ];
  return (
    <figure
      aria-label="Photo finish"
      className="grid grid-cols-[minmax(0,1fr)_auto_minmax(0,3.6fr)] items-center gap-x-3"
    >
      <div role="img" aria-label={finish.finishes.map(spoken).join('. ')}>
        {finish.finishes.map((one) => (
          <FinishTrack key={one.lane} finish={one} axisEndMs={finish.axisEndMs} />
        ))}
      </div>
      <span className="text-ink-soft text-small tabular-nums">
        {formatDecimal(finish.axisEndMs / 1_000, 0)}&nbsp;s
      </span>
      <figcaption
        aria-live="polite"
        title={all.join(' ')}
        className="ml-4 truncate text-small leading-tight @max-[44rem]:whitespace-normal"
      >
        {all.map((words, index) => (
          <span key={words} className={cn('not-last:mr-[0.5em]', index === 0 && 'font-semibold')}>
            <UntrustedText text={words} />
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
