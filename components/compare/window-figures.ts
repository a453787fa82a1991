import { type Figure, type Provenance, toFigure } from '@/lib/domain/figure';
import type { Arm } from '@/lib/domain/vocabulary';
import type { ChartId } from './chart-looks';
import { toMetricWords } from './chart-sheet';
import { toSeriesFigure } from './chart-values';
import { type CompareFrame, findChartMetric, findChartSeries } from './compare-frame';

const SECONDS_PER_HOUR = 3_600;

/** The mean of one arm over the whole window: Σsum/Σcount of a histogram, the time average of a gauge. */
export function toMeanFigure(frame: CompareFrame, id: ChartId, arm: Arm): Figure {
  const source = frame.arms[arm];
  const series = findChartSeries(frame, id, arm);
  const metric = findChartMetric(source.compare, id);
  const { definition } = toMetricWords(id);
  const what = `Mean over ${source.compare.window}.`;
  return toSeriesFigure({ source, metric, series, definition }, series?.mean ?? null, what);
}

/** A mean divided by something that is known from elsewhere. */
function divide(
  total: Figure,
  by: number | null,
  note: string,
  because: string,
  to: { unit: string; factor: number },
): Figure {
  const provenance: Provenance = { ...total.provenance, note };
  if (by === null || by <= 0) return toFigure(null, to.unit, provenance, because);
  return total.state === 'known'
    ? toFigure((total.value * to.factor) / by, to.unit, provenance, '')
    : { ...total, provenance };
}

/** Output per GPU: what the hardware gives. */
export function toPerGpuFigure(frame: CompareFrame, arm: Arm): Figure {
  const { compare } = frame.arms[arm];
  const { gpus } = compare.costs[arm];
  return divide(
    toMeanFigure(frame, 'generation-throughput', arm),
    gpus,
    `Mean output over ${compare.window} ÷ ${gpus ?? '?'} GPUs held by the arm’s running pods (GET pods).`,
    'the number of GPUs is not known',
    { unit: 'tokens/s', factor: 1 },
  );
}

/** Output tokens per unit of money, at the configured prices. */
export function toPerDollarFigure(frame: CompareFrame, arm: Arm): Figure {
  const { compare } = frame.arms[arm];
  const { prices } = compare;
  const { pricePerHour, because } = compare.costs[arm];
  const currency = prices?.currency ?? 'dollar';
  const note =
    prices === null || pricePerHour === null
      ? 'Output tokens per hour ÷ price of the arm’s GPUs per hour.'
      : `Mean output over ${compare.window} × 3600 ÷ ${pricePerHour} ${currency} per hour for all GPUs of the arm. Prices: ${prices.source}, ${prices.asOf}.`;
  return divide(
    toMeanFigure(frame, 'generation-throughput', arm),
    pricePerHour,
    note,
    because ?? 'prices are not configured',
    { unit: `tokens/${currency}`, factor: SECONDS_PER_HOUR },
  );
}
