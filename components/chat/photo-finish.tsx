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
    <div className="relative h-[0.85rem] border-rule border-b-(length:--hair)">
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
          <ArmMark arm={arm} className="size-[0.65rem]" />
        </span>
      )}
      {lastMs !== null && state === 'finished' && (
        <span
          className="absolute top-1/2 h-[0.7rem] w-[0.2rem] -translate-x-1/2 -translate-y-1/2"
          style={{ left: `${percent(lastMs)}%`, background: stroke }}
        />
      )}
      {state === 'out' && (
        <span
          className="absolute top-1/2 flex -translate-x-1/2 -translate-y-1/2"
          style={{ left: `${percent(lastMs ?? firstMs ?? 0)}%` }}
        >
          <StateMark state="fail" className="size-[0.7rem]" />
        </span>
      )}
    </div>
  );
}

/** First and last token of both lanes on one time axis, and what that says in words. */
export function PhotoFinishLine({ finish }: { finish: PhotoFinish }): ReactNode {
  return (
    <figure
      aria-label="Photo finish"
      className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-center gap-x-12 stage:gap-x-7"
    >
      <div className="grid grid-cols-[1fr_auto] items-end gap-x-2">
        <div role="img" aria-label={finish.finishes.map(spoken).join('. ')}>
          {finish.finishes.map((one) => (
            <FinishTrack key={one.lane} finish={one} axisEndMs={finish.axisEndMs} />
          ))}
        </div>
        <span className="text-small text-ink-soft tabular-nums leading-none">
          {formatDecimal(finish.axisEndMs / 1_000, 0)}&nbsp;s
        </span>
      </div>
      <figcaption aria-live="polite" className="min-w-0 text-small leading-tight">
        <p className="truncate font-semibold" title={finish.firstWords}>
          <UntrustedText text={finish.firstWords} />
        </p>
        <p className="truncate" title={finish.lastWords}>
          <UntrustedText text={finish.lastWords} />
        </p>
      </figcaption>
    </figure>
  );
}
