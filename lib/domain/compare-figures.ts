import type { Compare, CompareMetric, CompareSeries } from './compare';
import { MIN_BLOCKS } from './compare-difference';
import { type Figure, type Provenance, toFigure } from './figure';
import { METRICS, type MetricRow } from './metrics-table';
import type { Arm, MetricId, Presence } from './vocabulary';

function toMetricRow(id: MetricId): MetricRow | null {
  return METRICS.find((row) => row.id === id) ?? null;
}

export function findMetric(compare: Compare, id: MetricId): CompareMetric | null {
  return compare.metrics.find((metric) => metric.id === id) ?? null;
}

function findSeries(compare: Compare, id: MetricId, arm: Arm): CompareSeries | null {
  return findMetric(compare, id)?.arms.find((series) => series.arm === arm) ?? null;
}

const PRESENCE_WORDS: Record<Presence, string> = {
  ok: 'no value in this window',
  'no-traffic': 'no traffic',
  'not-scraped': 'not scraped',
  stale: 'stale',
  partial: 'partial',
  forbidden: 'forbidden',
  unreachable: 'unreachable',
  'not-configured': 'not configured',
};

/** Why a series has no value, short. */
export function toPresenceWord(series: CompareSeries | null): string {
  return series === null ? 'not in the answer' : PRESENCE_WORDS[series.presence];
}

function toBecause(series: CompareSeries | null): string {
  if (series === null) return 'the answer holds no such series';
  return series.absentBecause ?? PRESENCE_WORDS[series.presence];
}

function toProvenance(compare: Compare, series: CompareSeries | null, note: string): Provenance {
  return {
    mode: compare.mode,
    source: 'prometheus',
    request: series?.promql ?? '',
    observedAt: series?.latestAt ?? null,
    sampleCount: series?.samples ?? null,
    note,
  };
}

/** What a mean is of: the whole window, or as much of it as was measured. */
function toMeanSpan(compare: Compare, series: CompareSeries | null): string {
  const seconds = series?.measuredSeconds ?? null;
  return seconds === null
    ? `the last ${compare.window}`
    : `the ${Math.round(seconds)} s that were measured of the last ${compare.window}`;
}

/** The mean of one arm over the window: Σsum/Σcount of a histogram, growth per second of a rate, the time average of a gauge. */
export function toMeanFigure(compare: Compare, id: MetricId, arm: Arm): Figure {
  const series = findSeries(compare, id, arm);
  const unit = findMetric(compare, id)?.unit ?? '';
  const definition = toMetricRow(id)?.definition ?? '';
  const note = `Mean over ${toMeanSpan(compare, series)}. ${definition}`;
  return toFigure(series?.mean ?? null, unit, toProvenance(compare, series, note), toBecause(series));
}

/** Edges of the bucket the quantile fell in, in the metric's unit; what the histogram can say and no more. */
export function toBounds(series: CompareSeries | null): [number, number] | null {
  const bounds = series?.bounds ?? null;
  return bounds === null || !Number.isFinite(bounds[0]) || !Number.isFinite(bounds[1]) ? null : bounds;
}

/** What may be said about the first token of both arms, and on what it rests. */
export type FirstTokenClaim =
  /** `interval`: of the ratio, 95 %; `null` where there is none. */
  | { kind: 'sooner' | 'later'; ratio: number; interval: [number, number] | null }
  | { kind: 'equal' }
  | { kind: 'none'; because: readonly string[] };

/** A difference is claimed only when the server found one that is beyond chance; the distributed arm may well be slower. */
export function toFirstTokenClaim(compare: Compare): FirstTokenClaim {
  const difference = findMetric(compare, 'ttft')?.difference;
  if (!compare.comparable.difference) return { kind: 'none', because: compare.comparable.because };
  if (difference === undefined) return { kind: 'none', because: ['the answer holds no such series'] };
  if (difference.state === 'none') return { kind: 'none', because: [difference.because] };
  const { ratio, ratioInterval, verdict, blocks } = difference;
  switch (verdict) {
    case 'equal':
      return { kind: 'equal' };
    case 'lower':
    case 'higher':
      if (ratio === null || ratio <= 0) break;
      return verdict === 'lower'
        ? { kind: 'sooner', ratio: 1 / ratio, interval: inverse(ratioInterval) }
        : { kind: 'later', ratio, interval: ratioInterval };
    case 'unclear':
      break;
    default:
      verdict satisfies never;
  }
  return { kind: 'none', because: [whyUnclear(ratioInterval, blocks)] };
}

function inverse(interval: [number, number] | null): [number, number] | null {
  return interval === null ? null : [1 / interval[1], 1 / interval[0]];
}

function whyUnclear(interval: [number, number] | null, blocks: number): string {
  if (interval === null) {
    return `the window is too short for a difference: ${blocks} blocks of time, ${MIN_BLOCKS} are needed`;
  }
  const [low, high] = interval.map((edge) => String(Number(edge.toPrecision(2))));
  return `no clear difference: the distributed arm’s mean is ${low} to ${high} times the baseline’s (95 %)`;
}

/** Edges of the bucket a quantile lies in: the upper edge belongs to its bucket, the lower one does not. `null`: not known. */
export function bucketOf(value: number | null, edges: readonly number[] | null): [number, number] | null {
  if (value === null || edges === null) return null;
  // Interpolation in floating point may overshoot its edge by a hair.
  const index = edges.findIndex((edge) => value <= edge * (1 + 1e-9));
  const upper = edges[index];
  // At the last finite edge Prometheus also puts what lies beyond: then no upper edge is known.
  if (upper === undefined) return null;
  if (index === edges.length - 1 && value >= upper * (1 - 1e-9)) return null;
  return [edges[index - 1] ?? 0, upper];
}

/** The band around a percentile’s curve: at each of its points the bucket that holds it, all that the histogram says. */
export function toBandPoints(
  series: Pick<CompareSeries, 'points' | 'edges'>,
): [time: string, band: [number, number] | null][] {
  return series.points.map(([time, value]) => [time, bucketOf(value, series.edges)]);
}

/** Output per GPU: what the hardware gives, beside what the arm gives. */
export function toPerGpuFigure(compare: Compare, arm: Arm, gpus: number | null): Figure {
  const total = toMeanFigure(compare, 'generation-throughput', arm);
  const span = toMeanSpan(compare, findSeries(compare, 'generation-throughput', arm));
  const provenance: Provenance = {
    ...total.provenance,
    note: `Mean output over ${span} ÷ ${gpus ?? '?'} GPUs held by the arm’s running pods now (GET pods).`,
  };
  if (gpus === null) return toFigure(null, total.unit, provenance, 'the number of GPUs is not known');
  return total.state === 'known'
    ? toFigure(total.value / gpus, total.unit, provenance, '')
    : { ...total, provenance };
}

const SECONDS_PER_HOUR = 3_600;

/** Output for one unit of money, at the configured prices of the GPUs the arm holds now. */
export function toPerPriceFigure(compare: Compare, arm: Arm): Figure {
  const total = toMeanFigure(compare, 'generation-throughput', arm);
  const { prices, costs } = compare;
  const { pricePerHour, because } = costs[arm];
  const unit = `tokens/${prices?.currency ?? '$'}`;
  const provenance: Provenance = {
    ...total.provenance,
    note:
      prices === null
        ? 'Mean output × 3600 ÷ price of the arm’s GPUs per hour.'
        : `Mean output over ${toMeanSpan(compare, findSeries(compare, 'generation-throughput', arm))} × 3600 ÷ ${pricePerHour ?? '?'} ${prices.currency}/h; prices of ${prices.asOf}, ${prices.source}.`,
  };
  if (pricePerHour === null || pricePerHour <= 0) {
    return toFigure(null, unit, provenance, because ?? 'the price is not known');
  }
  return total.state === 'known'
    ? toFigure((total.value * SECONDS_PER_HOUR) / pricePerHour, unit, provenance, '')
    : { ...total, unit, provenance };
}
