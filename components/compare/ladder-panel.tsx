import type { ReactNode } from 'react';
import { LADDER_MARGIN_PX, LadderChart } from '@/components/charts/ladder-chart';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import type { Ladder } from '@/lib/domain/guidellm-ladder';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { formatSignificant } from '@/lib/format/quantity';
import { trimNumber } from './chart-values';
import { type LadderPick, toLadderAxis, toLadderRows, toMostUsers, toUserTicks } from './ladder-model';
import type { PublishedFigures } from './published-figures';

const LINES = ARMS.map((arm) => ({
  name: ARM_LOOKS[arm].short,
  colour: ARM_LOOKS[arm].stroke,
  dash: ARM_LOOKS[arm].dash,
  shape: arm === 'baseline' ? ('square' as const) : ('disc' as const),
}));

const EDGE = { marginBlock: LADDER_MARGIN_PX };

/** Users against one value of both arms; values at the ends of their lines, the service level across. */
export function LadderPanel({
  title,
  unit,
  ladders,
  published,
  pick,
  limit,
}: {
  title: string;
  unit: string;
  ladders: Record<Arm, Ladder | null>;
  published: PublishedFigures | null;
  pick: LadderPick;
  limit: number | null;
}): ReactNode {
  const rows = toLadderRows(ladders, published, pick);
  const { top, labels } = toLadderAxis(rows, limit);
  const most = toMostUsers(ladders);
  const hasGhosts = rows.some(({ ghosts }) => ghosts.some((value) => value !== null));
  return (
    <section aria-label={title} className="flex min-h-[11rem] flex-col stage:min-h-0">
      <h2 className="flex items-baseline justify-between gap-4 text-dense">
        <span className="font-semibold">{title}</span>
        <span className="truncate font-text text-ink-soft text-small">
          {hasGhosts && '··· published elsewhere · '}
          {limit !== null && `–·– service level ${Number(limit.toPrecision(3))} `}
          {unit}
        </span>
      </h2>
      <div
        className="grid min-h-0 grow grid-cols-[2.4rem_1fr_6rem] grid-rows-[1fr_auto] text-small"
        aria-hidden="true"
      >
        <div className="relative text-ink-soft tabular-nums leading-none" style={EDGE}>
          {[0, 0.5, 1].map((share) => (
            <span
              key={share}
              className="absolute right-1 -translate-y-1/2"
              style={{ top: `${(1 - share) * 100}%` }}
            >
              {trimNumber(top * share)}
            </span>
          ))}
        </div>
        <LadderChart rows={rows} lines={LINES} limit={limit} top={top} most={most} />
        <div className="relative" style={EDGE}>
          {labels.map(({ item, at }) => (
            <span
              key={item.arm}
              className={cn(
                'absolute left-1 flex -translate-y-1/2 items-baseline gap-[0.35em] whitespace-nowrap leading-none',
                ARM_LOOKS[item.arm].text,
              )}
              style={{ top: `${at * 100}%` }}
            >
              <span className="font-bold font-display text-heading tabular-nums">
                {formatSignificant(item.value)}
              </span>
              {ARM_LOOKS[item.arm].short}
            </span>
          ))}
        </div>
        <div
          className="relative col-start-2 h-[1.3em] text-ink-soft tabular-nums leading-tight"
          style={{ marginInline: LADDER_MARGIN_PX }}
        >
          {toUserTicks(rows, most).map((users) => (
            <span
              key={users}
              className="absolute -translate-x-1/2"
              style={{ left: `${(users / most) * 100}%` }}
            >
              {users}
            </span>
          ))}
        </div>
        <span className="pl-4 text-ink-soft leading-tight">users</span>
      </div>
    </section>
  );
}
