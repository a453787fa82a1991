import type { ReactNode } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import type { ChatTurn } from '@/lib/domain/chat-model';
import type { Arm } from '@/lib/domain/vocabulary';
import { formatDecimal, formatQuantityLine } from '@/lib/format/quantity';
import { TICK_COLUMNS, toLongestPauseMs, toTickPath } from './tick-timeline-model';

/** Every arrival as a tick on a common time axis: a stall is a gap one sees. */
export function TickTimeline({
  arm,
  turn,
  axisEndMs,
}: {
  arm: Arm;
  turn: ChatTurn | null;
  axisEndMs: number;
}): ReactNode {
  const arrivals = turn?.arrivalsMs ?? [];
  const pause = toLongestPauseMs(arrivals);
  const spoken =
    arrivals.length === 0
      ? 'No arrivals yet'
      : `${arrivals.length} arrivals in ${formatQuantityLine(arrivals.at(-1) ?? 0, 'ms')}` +
        (pause === null ? '' : `, longest pause ${formatQuantityLine(pause, 'ms')}`);
  return (
    <figure className="grid grid-cols-[1fr_auto] items-center gap-x-2">
      <svg
        viewBox={`0 0 ${TICK_COLUMNS} 10`}
        preserveAspectRatio="none"
        role="img"
        aria-label={spoken}
        className="h-[0.9rem] w-full stage:h-[0.7rem] overflow-visible border-rule border-b-(length:--stroke)"
      >
        <path
          d={toTickPath(arrivals, axisEndMs)}
          stroke={ARM_LOOKS[arm].stroke}
          strokeWidth="2"
          vectorEffect="non-scaling-stroke"
          fill="none"
        />
      </svg>
      <figcaption className="text-right text-small text-ink-soft tabular-nums leading-none">
        {formatDecimal(axisEndMs / 1_000, 0)}&nbsp;s
      </figcaption>
    </figure>
  );
}
