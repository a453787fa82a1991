import type { Compare, CompareMetric, CompareSeries } from './compare';
import { type Figure, type Provenance, toFigure } from './figure';
import { METRICS, type MetricRow } from './metrics-table';
import type { Arm, MetricId, Presence } from './vocabulary';

/** Smaller differences than this share are called equal: they are within what buckets and sampling can tell. */
const EQUAL_SHARE = 0.05;

export function toMetricRow(id: MetricId): MetricRow | null {
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

/** The mean of one arm over the whole window: Σsum/Σcount of a histogram, the time average of a gauge. */
export function toMeanFigure(compare: Compare, id: MetricId, arm: Arm): Figure {
  const series = findSeries(compare, id, arm);
  const unit = findMetric(compare, id)?.unit ?? '';
  const definition = toMetricRow(id)?.definition ?? '';
  const note = `Mean over the last ${compare.window}. ${definition}`;
  return toFigure(series?.mean ?? null, unit, toProvenance(compare, series, note), toBecause(series));
}

/** Edges of the bucket the quantile fell in, in the metric's unit; what the histogram can say and no more. */
export function toBounds(series: CompareSeries | null): [number, number] | null {
  const bounds = series?.bounds ?? null;
  return bounds === null || !Number.isFinite(bounds[0]) || !Number.isFinite(bounds[1]) ? null : bounds;
}

/** The last value of one arm: of the percentile, or of the mean where the mean is the headline. */
export function toLatestFigure(compare: Compare, metric: CompareMetric, arm: Arm, isMean: boolean): Figure {
  const series = metric.arms.find((candidate) => candidate.arm === arm) ?? null;
  const row = toMetricRow(metric.id);
  const isQuantile = row?.kind === 'histogram' && !isMean;
  const value = isMean ? lastValue(series?.meanPoints ?? []) : (series?.latest ?? null);
  const what = isQuantile ? `p${compare.percentile} of` : isMean ? 'Mean over' : 'Value of';
  const note = `${what} the last rate window (${compare.rateWindowSeconds} s). ${row?.definition ?? ''}`;
  return toFigure(value, metric.unit, toProvenance(compare, series, note), toBecause(series));
}

function lastValue(points: readonly [string, number | null][]): number | null {
  return points.at(-1)?.[1] ?? null;
}

/** What may be said about the first token of both arms, and on what it rests. */
export type FirstTokenClaim =
  | { kind: 'sooner' | 'later'; ratio: number }
  | { kind: 'equal' }
  | { kind: 'none'; because: readonly string[] };

/** A difference is claimed only when the server found the arms comparable; the distributed arm may well be slower. */
export function toFirstTokenClaim(compare: Compare): FirstTokenClaim {
  if (!compare.comparable.difference) return { kind: 'none', because: compare.comparable.because };
  const baseline = findSeries(compare, 'ttft', 'baseline')?.mean ?? null;
  const distributed = findSeries(compare, 'ttft', 'distributed')?.mean ?? null;
  if (baseline === null || distributed === null || baseline <= 0 || distributed <= 0) {
    return { kind: 'none', because: ['the mean time to first token is not known in both arms'] };
  }
  const ratio = baseline / distributed;
  if (Math.abs(ratio - 1) <= EQUAL_SHARE) return { kind: 'equal' };
  return ratio > 1 ? { kind: 'sooner', ratio } : { kind: 'later', ratio: 1 / ratio };
}

/** Output per GPU: what the hardware gives, beside what the arm gives. */
export function toPerGpuFigure(compare: Compare, arm: Arm, gpus: number | null): Figure {
  const total = toMeanFigure(compare, 'generation-throughput', arm);
  const provenance: Provenance = {
    ...total.provenance,
    note: `Mean output over the last ${compare.window} ÷ ${gpus ?? '?'} GPUs held by the arm’s running pods now (GET pods).`,
  };
  if (gpus === null) return toFigure(null, total.unit, provenance, 'the number of GPUs is not known');
  return total.state === 'known'
    ? toFigure(total.value / gpus, total.unit, provenance, '')
    : { ...total, provenance };
}
