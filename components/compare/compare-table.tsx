import type { ReactNode } from 'react';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { ProvenanceButton } from '@/components/ui/provenance';
import { ScrollRegion } from '@/components/ui/scroll-region';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { Difference } from '@/lib/domain/compare';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { formatDecimal } from '@/lib/format/quantity';
import { type ChartId, toChartLook, type WaitUnit } from './chart-looks';
import { toChartSheet } from './chart-sheet';
import {
  formatChartValue,
  toBecause,
  toBoundsWords,
  toCaveat,
  toDrawnBounds,
  toHeadlineValue,
  toStatistic,
} from './chart-values';
import { type CompareFrame, findChartMetric, findChartSeries, toMissingCharts } from './compare-frame';

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
    bounds: bounds === null ? null : toBoundsWords(bounds, look.unit),
    mean: write(series?.mean ?? null),
    samples: series?.samples == null ? null : formatDecimal(series.samples, 0),
    because: toBecause(series),
    caveat: toCaveat(series),
  };
}

const VERDICTS: Record<Extract<Difference, { state: 'measured' }>['verdict'], string> = {
  lower: 'lower on llm-d',
  higher: 'higher on llm-d',
  equal: 'equal',
  unclear: 'no clear difference',
};

/** `−1.07 s, 0.49 times (0.41 to 0.58), lower on llm-d` */
export function toDifferenceWords(difference: Difference, unit: string, factor: number): string {
  if (difference.state === 'none') return difference.because;
  const { absolute, ratio, ratioInterval, verdict } = difference;
  const sign = absolute > 0 ? '+' : '';
  const times = ratio === null ? null : `${formatDecimal(ratio, 2)} times`;
  const interval =
    ratioInterval === null
      ? null
      : `(${ratioInterval.map((end) => formatDecimal(end, 2)).join(' to ')}, 95 %)`;
  const numbers = [`${sign}${formatChartValue(absolute * factor, unit)} ${unit}`, times]
    .filter((part) => part !== null)
    .join(', ');
  return `${numbers}${interval === null ? '' : ` ${interval}`}: ${VERDICTS[verdict]}`;
}

function ArmCell({ cells, arm }: { cells: ArmCells; arm: Arm }): ReactNode {
  if (cells.latest === null && cells.mean === null) {
    return (
      <td colSpan={2} className="py-1 pr-4 align-top text-ink-soft text-small">
        <UntrustedText text={cells.because} max={90} />
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
  const missing = toMissingCharts(frame);
  return (
    <ScrollRegion label="All values" className="min-h-0 grow overflow-auto">
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
          {ids.map((id) => {
            const look = toChartLook(id, waitUnit);
            const metric = findChartMetric(frame.compare, id);
            const statistic = toStatistic(metric?.headline ?? 'value', frame.compare.percentile);
            return (
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
                <td className="py-1 align-top text-small tabular-nums">
                  {frame.isAligned
                    ? 'measured at different times'
                    : !frame.compare.comparable.difference
                      ? 'not comparable now'
                      : metric !== null && (
                          <UntrustedText
                            text={toDifferenceWords(metric.difference, look.unit, look.factor)}
                            max={120}
                          />
                        )}
                </td>
              </tr>
            );
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
