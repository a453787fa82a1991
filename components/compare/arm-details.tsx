import type { ReactNode } from 'react';
import type { Crosshair } from '@/components/charts/crosshair';
import { ARM_LOOKS, ArmMark } from '@/components/ui/arm-mark';
import { cn } from '@/components/ui/cn';
import { UntrustedText } from '@/components/ui/untrusted-text';
import type { BreakdownPart } from '@/lib/domain/compare';
import type { Arm } from '@/lib/domain/vocabulary';
import { formatDecimal } from '@/lib/format/quantity';
import { ArmReadout } from './arm-readout';
import { toChartLook, type WaitUnit } from './chart-looks';
import type { ChartModel } from './chart-model';
import {
  formatChartValue,
  toBecause,
  toBoundsWords,
  toCaveat,
  toDrawnBounds,
  toPodTail,
} from './chart-values';
import { type CompareFrame, findChartSeries } from './compare-frame';

/** `p95 235 ms, mean 86 ms`; of a metric that is no histogram the value alone, where the mean is the headline only the mean. */
export function toPartWords(
  { latest, latestMean }: BreakdownPart,
  statistic: string,
  percentile: number,
  write: (value: number) => string,
): string {
  const mean = latestMean === null ? null : `mean ${write(latestMean)}`;
  if (statistic === 'mean') return mean ?? 'no value';
  if (latest === null) return mean ?? 'no value';
  return mean === null ? write(latest) : `p${percentile} ${write(latest)}, ${mean}`;
}

/** One arm in words: value, bucket, mean, samples, what is wrong; then its pods, roles or reasons. */
export function ArmDetails({
  frame,
  chart,
  arm,
  waitUnit,
  crosshair,
}: {
  frame: CompareFrame;
  chart: ChartModel;
  arm: Arm;
  waitUnit: WaitUnit;
  crosshair: Crosshair;
}): ReactNode {
  const series = findChartSeries(frame, chart.id, arm);
  const label = chart.labels.find(({ item }) => item.arm === arm)?.item;
  const look = toChartLook(chart.id, waitUnit);
  if (series === null || label === undefined) return null;
  const bounds = chart.statistic.startsWith('p') ? toDrawnBounds(series, look) : null;
  const { percentile } = frame.arms[arm].compare;
  const write = (value: number): string => `${formatChartValue(value * look.factor, look.unit)} ${look.unit}`;
  const facts = [
    bounds === null ? null : toBoundsWords(bounds, look.unit),
    series.mean === null ? null : `mean ${write(series.mean)} over ${frame.compare.window}`,
    series.samples === null ? null : `n = ${formatDecimal(series.samples, 0)}`,
    toCaveat(series) === null ? null : toBecause(series),
    ...series.warnings,
  ].filter((fact) => fact !== null);
  return (
    <section aria-label={ARM_LOOKS[arm].name} className="border-rule border-t-(length:--stroke) pt-2">
      <h2 className={cn('flex items-center gap-2 font-semibold text-dense', ARM_LOOKS[arm].text)}>
        <ArmMark arm={arm} />
        {ARM_LOOKS[arm].name}
      </h2>
      <ArmReadout label={label} chart={chart} crosshair={crosshair} place="alone" />
      <ul className="text-small">
        {facts.map((fact) => (
          <li key={fact}>
            <UntrustedText text={fact} max={160} />
          </li>
        ))}
      </ul>
      {series.breakdown.length > 0 && (
        <table className="mt-1 w-full text-small">
          <caption className="sr-only">By pod, role or reason</caption>
          <tbody>
            {series.breakdown.map((part) => (
              <tr key={`${part.by} ${part.name}`} className="border-rule border-t-(length:--hair)">
                <th scope="row" className="truncate text-left font-normal text-ink-soft">
                  {part.by}{' '}
                  <UntrustedText text={part.by === 'pod' ? toPodTail(part.name) : part.name} max={24} />
                </th>
                <td className="whitespace-nowrap text-right tabular-nums">
                  {toPartWords(part, chart.statistic, percentile, write)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
