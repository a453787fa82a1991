'use client';

import type { ReactNode } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { ScrollRegion } from '@/components/ui/scroll-region';
import type { GuidellmStatistic } from '@/lib/domain/guidellm';
import type { Ladder } from '@/lib/domain/guidellm-ladder';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { formatSignificant } from '@/lib/format/quantity';
import type { PublishedFigures } from './published-figures';
import { useScrollKeys } from './use-scroll-keys';

const CELL = 'py-1 pl-5 font-normal';

function write(value: number | null | undefined, factor = 1): string {
  return value === null || value === undefined ? '–' : formatSignificant(value * factor);
}

/** Every rung as text: the same values the three charts draw. */
export function LadderTable({
  ladders,
  published,
  statistic,
}: {
  ladders: Record<Arm, Ladder | null>;
  published: PublishedFigures | null;
  statistic: GuidellmStatistic;
}): ReactNode {
  const region = useScrollKeys();
  const head = [
    ['Users', ''],
    ['First token', `${statistic}, s`],
    ['Between tokens', `${statistic}, ms`],
    ['Output', 'tokens/s'],
    ['Requests', 'answered'],
    ['Level', ''],
  ] as const;
  return (
    <ScrollRegion label="All stages" ref={region} className="min-h-0 grow overflow-auto">
      <table className="w-full border-collapse text-right text-dense tabular-nums">
        <caption className="sr-only">Ladder of both arms by number of users</caption>
        <thead>
          <tr className="border-ink border-b-(length:--stroke) align-top text-small">
            <th scope="col" className="py-1 text-left">
              Arm
            </th>
            {head.map(([name, unit]) => (
              <th key={name} scope="col" className={cn(CELL, 'font-semibold')}>
                {name}
                <span className="block font-normal text-ink-soft">{unit}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ARMS.flatMap((arm) =>
            (ladders[arm]?.rungs ?? []).map((rung) => (
              <tr
                key={`${arm} ${rung.stage.at}`}
                className={cn('border-rule border-b-(length:--hair)', ARM_LOOKS[arm].text)}
              >
                <th scope="row" className="py-1 text-left font-semibold">
                  {ARM_LOOKS[arm].short}
                </th>
                <td className={CELL}>{rung.users}</td>
                <td className={CELL}>{write(rung.ttftMs, 0.001)}</td>
                <td className={CELL}>{write(rung.itlMs)}</td>
                <td className={CELL}>{write(rung.outputTokensPerSecond)}</td>
                <td className={CELL}>{rung.stage.requests.successful ?? '–'}</td>
                <td className={CELL}>
                  {rung.isWithin === null ? 'not known' : rung.isWithin ? 'kept' : 'missed'}
                </td>
              </tr>
            )),
          )}
          {(published?.ladder ?? []).map((rung) => (
            <tr
              key={`published ${rung.arm} ${rung.users}`}
              className="border-rule border-b-(length:--hair) text-ink-soft italic"
            >
              <th scope="row" className="py-1 text-left font-normal">
                {ARM_LOOKS[rung.arm].short}, published
              </th>
              <td className={CELL}>{rung.users}</td>
              <td className={CELL}>{write(rung.ttftMs[statistic], 0.001)}</td>
              <td className={CELL}>{write(rung.itlMs[statistic])}</td>
              <td className={CELL}>–</td>
              <td className={CELL}>–</td>
              <td className={CELL}>not ours</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
