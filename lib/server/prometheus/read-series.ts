import 'server-only';
import type { CompareSeries } from '@/lib/domain/compare';
import type { MetricRow } from '@/lib/domain/metrics-table';
import type { Arm, UnixMs } from '@/lib/domain/vocabulary';
import type { PrometheusClient, TimeGrid } from './client';
import { type PresenceVerdict, partialWarnings, presenceOfMetric, presenceOfProblem } from './presence';
import { quantileBounds } from './quantile-bounds';
import {
  type ArmSelector,
  bucketsQuery,
  curveQuery,
  histogramMeanQuery,
  increaseQuery,
  type ResolvedMetric,
} from './queries';
import { familyOf, unresolvedMetric } from './resolve-metric';
import { createSeriesAsker, type SeriesAsker } from './series-asker';
import { timeAverage, toIso } from './to-series';

/** A percentile of fewer observations is chance (metrics §7.4). */
const MIN_OBSERVATIONS = 20;

/** What is the same for all series of one answer. */
export interface SeriesFrame {
  grid: TimeGrid;
  windowSeconds: number;
  rateWindowSeconds: number;
  percentile: number;
  now: UnixMs;
}

export interface SeriesQuestion {
  row: MetricRow;
  arm: Arm;
  /** `null` when none of its names is there. */
  metric: ResolvedMetric | null;
  selector: ArmSelector;
  pods: readonly string[];
  armPresence: PresenceVerdict;
  newestSampleAt: UnixMs | null;
  frame: SeriesFrame;
}

/** One arm's curve of one metric, with latest value, mean, bounds and what is wrong with it. */
export async function readSeries(
  client: PrometheusClient,
  question: SeriesQuestion,
  signal?: AbortSignal,
): Promise<CompareSeries> {
  const { metric, armPresence, frame } = question;
  if (metric === null) {
    return absentSeries(question, presenceOfMetric(armPresence, { ...question, ...frame, latest: null }));
  }
  const ask = createSeriesAsker(client, frame.grid, frame.now, signal);
  const read = await readMetric(metric, question, ask);
  const reading = armPresence.presence === 'stale' ? stoppedAt(read, question.newestSampleAt) : read;
  const problem = ask.problem();
  if (problem !== null) return absentSeries(question, presenceOfProblem(problem));

  const { counted, latest } = reading;
  const verdict = presenceOfMetric(armPresence, { ...question, ...frame, counted, latest });
  const warnings = ask.warnings();
  const [partial] = partialWarnings(warnings);
  return {
    ...common(question, metric),
    family: familyOf(metric),
    presence: verdict.presence === 'ok' && partial !== undefined ? 'partial' : verdict.presence,
    absentBecause: verdict.because ?? (partial === undefined ? null : `Partial answer: ${partial}`),
    samples: reading.samples,
    latest,
    mean: reading.mean,
    bounds: reading.bounds,
    latestAt: question.newestSampleAt === null ? null : toIso(question.newestSampleAt / 1000),
    points: reading.points,
    meanPoints: reading.meanPoints,
    warnings: [...warnings, ...reading.remarks],
    latestMean: null,
    edges: null,
    breakdown: [],
  };
}

/** A series of which there is nothing to show but the reason. */
export function absentSeries(
  question: Pick<SeriesQuestion, 'row' | 'arm' | 'metric' | 'selector' | 'pods' | 'frame'>,
  { presence, because }: PresenceVerdict,
): CompareSeries {
  return {
    ...common(question, question.metric ?? unresolvedMetric(question.row)),
    family: question.metric === null ? null : familyOf(question.metric),
    presence,
    absentBecause: because,
    samples: null,
    latest: null,
    mean: null,
    bounds: null,
    latestAt: null,
    points: [],
    meanPoints: null,
    warnings: [],
    latestMean: null,
    edges: null,
    breakdown: [],
  };
}

function common(
  { arm, selector, pods, frame }: Pick<SeriesQuestion, 'arm' | 'selector' | 'pods' | 'frame'>,
  metric: ResolvedMetric,
): Pick<CompareSeries, 'arm' | 'promql' | 'pods'> {
  const promql = curveQuery(metric, selector, frame.percentile, frame.rateWindowSeconds);
  return { arm, promql, pods: [...pods] };
}

interface Reading {
  points: [string, number | null][];
  meanPoints: [string, number | null][] | null;
  latest: number | null;
  mean: number | null;
  bounds: [number, number] | null;
  samples: number | null;
  /** What was counted in the window, `null` with fewer than two scrapes; absent for gauges, which count nothing. */
  counted?: number | null;
  remarks: string[];
}

async function readMetric(
  metric: ResolvedMetric,
  question: SeriesQuestion,
  ask: SeriesAsker,
): Promise<Reading> {
  const { row, selector, frame } = question;
  const { windowSeconds, rateWindowSeconds, percentile } = frame;
  const curve = curveQuery(metric, selector, percentile, rateWindowSeconds);
  const [points, latest] = await Promise.all([ask.curve(curve), ask.scalar(curve)]);
  const plain = { points, latest, meanPoints: null, bounds: null, samples: null, remarks: [] };
  switch (metric.kind) {
    case 'gauge':
      return { ...plain, mean: timeAverage(points) };
    case 'counter': {
      const counted = await ask.scalar(increaseQuery(metric.series, selector, windowSeconds, metric.splitBy));
      return {
        ...plain,
        // Over the time that was measured: what came before the first scrape is not known, not zero.
        mean: timeAverage(points),
        // Tokens are no observations; finished requests are.
        samples: row.unit === 'requests/s' ? rounded(counted) : null,
        counted,
      };
    }
    case 'ratio': {
      const [part, whole] = await Promise.all([
        ask.scalar(increaseQuery(metric.part, selector, windowSeconds)),
        ask.scalar(increaseQuery(metric.whole, selector, windowSeconds)),
      ]);
      return { ...plain, mean: quotient(part, whole), counted: whole };
    }
    case 'histogram': {
      const { series } = metric;
      const [meanPoints, buckets, sum, count, recent] = await Promise.all([
        ask.curve(histogramMeanQuery(series, selector, rateWindowSeconds)),
        ask.instant(bucketsQuery(series, selector, rateWindowSeconds)),
        ask.scalar(increaseQuery(`${series}_sum`, selector, windowSeconds)),
        ask.scalar(increaseQuery(`${series}_count`, selector, windowSeconds)),
        ask.scalar(increaseQuery(`${series}_count`, selector, rateWindowSeconds)),
      ]);
      return {
        ...plain,
        meanPoints,
        mean: quotient(sum, count),
        bounds: buckets === null ? null : quantileBounds(buckets, percentile / 100),
        samples: rounded(count),
        counted: count,
        remarks: fewObservations(rounded(recent), rateWindowSeconds),
      };
    }
  }
}

/** A rate goes on, decaying, for a window after the last sample; the line must not (metrics §7.4). */
function stoppedAt(reading: Reading, newestSampleAt: UnixMs | null): Reading {
  const stop = (points: Reading['points']): Reading['points'] =>
    points.map(([at, value]) => [
      at,
      newestSampleAt !== null && Date.parse(at) > newestSampleAt ? null : value,
    ]);
  const { points, meanPoints } = reading;
  return {
    ...reading,
    points: stop(points),
    meanPoints: meanPoints === null ? null : stop(meanPoints),
    latest: null,
    bounds: null,
  };
}

function fewObservations(recent: number | null, rateWindowSeconds: number): string[] {
  if (recent === null || recent === 0 || recent >= MIN_OBSERVATIONS) return [];
  return [`Only ${recent} observations in the last ${rateWindowSeconds} s: the percentile is rough.`];
}

/** Prometheus extrapolates counts to the edges of the range; whole things were counted. */
function rounded(count: number | null): number | null {
  return count === null ? null : Math.round(count);
}

function quotient(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}
