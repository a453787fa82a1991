import type { ReactNode } from 'react';
import { ProvenanceButton } from '@/components/ui/provenance';
import type { ChatTurn } from '@/lib/domain/chat-model';
import type { Mode } from '@/lib/domain/vocabulary';
import { formatQuantityLine } from '@/lib/format/quantity';
import { MAX_BARS, toTurnBars, toTurnChartSheet } from './turn-chart-model';

/** One bar of the canvas is this wide, its gap included. */
const PITCH = 10;
const HEIGHT = 40;

/** First token of every turn as bars; the place is kept from the first turn on. */
export function TurnChart({
  name,
  color,
  turns,
  mode,
}: {
  /** The lane's. */
  name: string;
  color: string;
  turns: readonly ChatTurn[];
  mode: Mode;
}): ReactNode {
  const bars = toTurnBars(turns);
  const spoken = bars
    .map(({ number, firstTokenMs, isWaiting }) =>
      firstTokenMs === null
        ? `turn ${number} ${isWaiting ? 'waits' : 'none'}`
        : `turn ${number} ${formatQuantityLine(firstTokenMs, 'ms')}`,
    )
    .join(', ');
  return (
    <ProvenanceButton
      sheet={() => toTurnChartSheet(name, turns, mode)}
      label={`First token per turn: ${spoken}`}
      className="block w-full min-w-0"
    >
      <svg
        viewBox={`0 0 ${MAX_BARS * PITCH} ${HEIGHT}`}
        preserveAspectRatio="xMinYMax meet"
        aria-hidden="true"
        className="block h-(--type-figure) w-full"
      >
        <path d={`M0 ${HEIGHT - 0.5}H${MAX_BARS * PITCH}`} stroke="var(--line)" strokeWidth="1" />
        {bars.map(({ number, firstTokenMs, isWaiting, heightRatio, isLatest }, index) =>
          isWaiting ? null : firstTokenMs === null ? (
            <path
              key={number}
              d={`M${index * PITCH + 1} ${HEIGHT - 6}l6 5m0 -5l-6 5`}
              stroke="var(--ink-soft)"
              strokeWidth="1.5"
            />
          ) : (
            <rect
              key={number}
              x={index * PITCH}
              y={HEIGHT - Math.max(2, heightRatio * HEIGHT)}
              width={PITCH - 2}
              height={Math.max(2, heightRatio * HEIGHT)}
              fill={isLatest ? color : 'none'}
              stroke={color}
              strokeWidth="1.5"
            />
          ),
        )}
      </svg>
      <span className="block truncate text-small text-ink-soft">
        {turns.length < 2 ? 'per turn' : `${turns.length} turns`}
      </span>
    </ProvenanceButton>
  );
}
