'use client';

import type { ReactNode } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { ProvenanceButton } from '@/components/ui/provenance';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { BreakdownPart } from '@/lib/domain/compare';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { formatDecimal } from '@/lib/format/quantity';
import { toPartWords } from './arm-details';
import { type ChartId, type ChartLook, toChartLook, type WaitUnit } from './chart-looks';
import { toChartSheet } from './chart-sheet';
import {
  formatChartValue,
  toBecause,
  toBoundsShort,
  toCaveat,
  toDrawnBounds,
  toHeadlineValue,
  toStatistic,
} from './chart-values';
import { type CompareFrame, findChartMetric, findChartSeries, toMissingCharts } from './compare-frame';
import { DifferenceCell, type DifferenceWords, toDifferenceWords } from './difference-cell';
import { toScreenWords } from './screen-words';
import { useScrollKeys } from './use-scroll-keys';

interface ArmCells {
  latest: string | null;
  bounds: string | null;
  mean: string | null;
  samples: string | null;
  because: string;
  caveat: string | null;
}

function toArmCells(frame: CompareFrame, id: ChartId, arm: Arm, waitUnit: WaitUnit): ArmCells {
  const look = toChartLook(id, waitUnit);
  const series = findChartSeries(frame, id, arm);
  const headline = findChartMetric(frame.arms[arm].compare, id)?.headline ?? 'value';
  const latest = toHeadlineValue(series, headline);
  const bounds = headline === 'percentile' ? toDrawnBounds(series, look) : null;
  const write = (value: number | null): string | null =>
    value === null ? null : formatChartValue(value * look.factor, look.unit);
  return {
    latest: write(latest),
    bounds: bounds === null ? null : toBoundsShort(bounds),
    mean: write(series?.mean ?? null),
    samples: series?.samples == null ? null : formatDecimal(series.samples, 0),
    because: toScreenWords(toBecause(series)),
    caveat: toCaveat(series),
  };
}

function ArmCell({ cells, arm }: { cells: ArmCells; arm: Arm }): ReactNode {
  if (cells.latest === null && cells.mean === null) {
    return (
      <td colSpan={2} className="py-1 pr-4 align-top text-ink-soft text-small">
        <UntrustedText text={cells.because} max={120} />
      </td>
    );
  }
  return (
    <>
      <td className={cn('py-1 pr-4 align-top tabular-nums', ARM_LOOKS[arm].text)}>
        <span className="font-semibold">{cells.latest ?? '–'}</span>
        {cells.caveat !== null && <span className="text-small"> {cells.caveat}</span>}
        {cells.bounds !== null && (
          <span className="block whitespace-nowrap text-ink-soft text-small">{cells.bounds}</span>
        )}
      </td>
      <td className={cn('py-1 pr-4 align-top tabular-nums', ARM_LOOKS[arm].text)}>
        {cells.mean ?? '–'}
        {cells.samples !== null && (
          <span className="block whitespace-nowrap text-ink-soft text-small">n = {cells.samples}</span>
        )}
      </td>
    </>
  );
}

function toWordsOfRow(frame: CompareFrame, id: ChartId, look: ChartLook): DifferenceWords {
  const plain = (verdict: string): DifferenceWords => ({ verdict, numbers: null, interval: null });
  if (frame.isAligned) return plain('measured at different times');
  if (!frame.compare.comparable.difference) return plain('not comparable now');
  const metric = findChartMetric(frame.compare, id);
  return metric === null ? plain('') : toDifferenceWords(metric.difference, look.unit, look.factor);
}

function findRole(frame: CompareFrame, id: ChartId, arm: Arm, role: string): BreakdownPart | null {
  const parts = findChartSeries(frame, id, arm)?.breakdown ?? [];
  return parts.find((part) => part.by === 'role' && part.name === role) ?? null;
}

/** Roles of either arm, where an arm’s roles differ (prefill and decode, leader and worker). */
export function toRoles(frame: CompareFrame, id: ChartId): string[] {
  const roles = ARMS.flatMap((arm) =>
    (findChartSeries(frame, id, arm)?.breakdown ?? []).flatMap(({ by, name }) =>
      by === 'role' ? [name] : [],
    ),
  );
  return [...new Set(roles)];
}

/** One role of an arm, below the arm itself. */
function RoleRow({
  frame,
  id,
  role,
  waitUnit,
}: {
  frame: CompareFrame;
  id: ChartId;
  role: string;
  waitUnit: WaitUnit;
}): ReactNode {
  const look = toChartLook(id, waitUnit);
  return (
    <tr className="border-rule border-b-(length:--hair) text-small">
      <th scope="row" className="py-1 pr-4 pl-4 font-normal text-ink-soft">
        <UntrustedText text={role} max={24} />
      </th>
      {ARMS.map((arm) => {
        const part = findRole(frame, id, arm, role);
        const { headline } = findChartMetric(frame.arms[arm].compare, id) ?? { headline: 'value' };
        const { percentile } = frame.arms[arm].compare;
        const write = (value: number): string => formatChartValue(value * look.factor, look.unit);
        return (
          <td key={arm} colSpan={2} className={cn('py-1 pr-4 tabular-nums', ARM_LOOKS[arm].text)}>
            {part !== null && toPartWords(part, toStatistic(headline, percentile), percentile, write)}
          </td>
        );
      })}
      <td />
    </tr>
  );
}

/** Every metric of both arms in words and numbers: what the curves show, for those who read rather than look. */
export function CompareTable({
  frame,
  ids,
  waitUnit,
}: {
  frame: CompareFrame;
  ids: readonly ChartId[];
  waitUnit: WaitUnit;
}): ReactNode {
  const region = useScrollKeys();
  const missing = toMissingCharts(frame);
  return (
    <ScrollRegion label="All values" ref={region} className="min-h-0 grow overflow-auto">
      <table className="w-full border-collapse text-left text-dense">
        <caption className="sr-only">
          Every metric of both arms: newest value, mean over {frame.compare.window}, difference
        </caption>
        <thead>
          <tr className="border-ink border-b-(length:--stroke) text-small">
            <th scope="col" className="py-1 pr-4 font-semibold">
              Metric
            </th>
            {ARMS.map((arm) => (
              <th
                key={arm}
                scope="colgroup"
                colSpan={2}
                className={cn('py-1 pr-4 font-semibold', ARM_LOOKS[arm].text)}
              >
                {ARM_LOOKS[arm].short}: newest, mean
              </th>
            ))}
            <th scope="col" className="py-1 font-semibold">
              llm-d against INT4, means
            </th>
          </tr>
        </thead>
        <tbody>
          {ids.flatMap((id) => {
            const look = toChartLook(id, waitUnit);
            const metric = findChartMetric(frame.compare, id);
            const statistic = toStatistic(metric?.headline ?? 'value', frame.compare.percentile);
            const roles = toRoles(frame, id);
            return [
              <tr key={id} className="border-rule border-b-(length:--hair)">
                <th scope="row" className="py-1 pr-4 align-top font-normal">
                  <ProvenanceButton sheet={toChartSheet(frame, id, look)} className="font-semibold">
                    {look.title}
                  </ProvenanceButton>
                  <span className="block whitespace-nowrap text-ink-soft text-small">
                    {statistic === '' ? look.unit : `${statistic}, ${look.unit}`}
                  </span>
                </th>
                {ARMS.map((arm) => (
                  <ArmCell key={arm} arm={arm} cells={toArmCells(frame, id, arm, waitUnit)} />
                ))}
                <DifferenceCell words={toWordsOfRow(frame, id, look)} />
              </tr>,
              ...roles.map((role) => (
                <RoleRow key={`${id} ${role}`} frame={frame} id={id} role={role} waitUnit={waitUnit} />
              )),
            ];
          })}
        </tbody>
      </table>
      {missing.length > 0 && (
        <p className="mt-3 text-ink-soft text-small">
          Looked for and not found:{' '}
          {missing.map(({ id, because }) => `${toChartLook(id, waitUnit).title} (${because})`).join('; ')}
        </p>
      )}
    </ScrollRegion>
  );
}
