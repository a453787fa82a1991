import 'server-only';
import type { CompareSeries, Point } from '@/lib/domain/compare';
import type { Blocks } from '@/lib/domain/compare-difference';
import type { AnyRow } from '@/lib/domain/metrics-table';
import type { Arm, UnixMs } from '@/lib/domain/vocabulary';
import type { TimeGrid } from './client';
import { lengthOf, readMeasuredTime } from './measured-time';
import {
  inWords,
  type PresenceVerdict,
  partialWarnings,
  presenceOfMetric,
  presenceOfProblem,
} from './presence';
import { bucketEdges, quantileBounds } from './quantile-bounds';
import {
  type ArmSelector,
  bucketsQuery,
  curveQuery,
  edgesQuery,
  gaugeMeanQuery,
  histogramMeanQuery,
  increaseQuery,
  type ResolvedMetric,
  suffixed,
  unseenQuery,
} from './queries';
import type { QueryBatch } from './query-batch';
import { readBlocks } from './read-blocks';
import { type PodRoles, readBreakdown } from './read-breakdown';
import { familyOf, podsWithMetric, unresolvedMetric } from './resolve-metric';
import { createSeriesAsker, type SeriesAsker } from './series-asker';
import type { FoundSeries } from './survey';
import { toIso } from './to-series';
import type { WireQueryData } from './wire';

/** A percentile of fewer observations is chance (metrics §7.4). */
const MIN_OBSERVATIONS = 20;
const ASSUMED_SCRAPE_SECONDS = 30;

/** What is the same for all series of one answer. */
export interface SeriesFrame {
  grid: TimeGrid;
  blockGrid: TimeGrid;
  windowSeconds: number;
  rateWindowSeconds: number;
  scrapeIntervalSeconds: number | null;
  percentile: number;
  /** Whether the curves of pods, roles and reasons are wanted. */
  breakdown: boolean;
  now: UnixMs;
}

export interface SeriesQuestion {
  row: AnyRow;
  arm: Arm;
  /** `null` when none of its names is there. */
  metric: ResolvedMetric | null;
  selector: ArmSelector;
  pods: readonly string[];
  found: readonly FoundSeries[];
  /** Series of the window that are no more. */
  ended: readonly FoundSeries[];
  roles: PodRoles;
  armPresence: PresenceVerdict;
  newestSampleAt: UnixMs | null;
  frame: SeriesFrame;
}

export interface ReadSeries {
  series: CompareSeries;
  /** For the difference between the arms; `null` where there is nothing to compare. */
  blocks: Blocks | null;
}

/** One arm's curve of one metric, with latest value, mean, bounds and what is wrong with it. */
export async function readSeries(batch: QueryBatch, question: SeriesQuestion): Promise<ReadSeries> {
  const { metric, armPresence, frame } = question;
  if (metric === null) {
    const verdict = presenceOfMetric(armPresence, { ...question, ...frame, latest: null });
    return { series: absentSeries(question, verdict), blocks: null };
  }
  const ask = createSeriesAsker(batch, frame.grid);
  const isOver = armPresence.presence === 'stale';
  const [read, breakdown, early] = await Promise.all([
    readMetric(metric, question, ask),
    isOver ? [] : readBreakdown(ask, metric, question),
    metric.kind === 'gauge' ? null : readBlocks(ask, metric, question, []),
  ]);
  const blocks = early ?? (await readBlocks(ask, metric, question, read.points));
  const reading = isOver ? stoppedAt(read, question.newestSampleAt) : read;
  const problem = ask.problem();
  if (problem !== null) return { series: absentSeries(question, presenceOfProblem(problem)), blocks: null };

  const { counted, latest, latestMean } = reading;
  const verdict = presenceOfMetric(armPresence, { ...question, ...frame, counted, latest });
  const warnings = ask.warnings();
  const [partial] = partialWarnings(warnings);
  const end = (points: Point[], last: number | null): Point[] => [...points, [toIso(frame.now / 1000), last]];
  return {
    series: {
      ...common(question, metric),
      family: familyOf(metric),
      presence: verdict.presence === 'ok' && partial !== undefined ? 'partial' : verdict.presence,
      absentBecause: verdict.because ?? (partial === undefined ? null : `Partial answer: ${partial}`),
      samples: reading.samples,
      latest,
      mean: reading.mean,
      bounds: reading.bounds,
      latestAt: question.newestSampleAt === null ? null : toIso(question.newestSampleAt / 1000),
      points: end(reading.points, latest),
      meanPoints: reading.meanPoints === null ? null : end(reading.meanPoints, latestMean),
      warnings: [
        ...warnings,
        ...reading.remarks,
        ...coverage(question, metric),
        ...splitRoles(question, metric),
      ],
      latestMean,
      edges: reading.edges,
      measuredSeconds: reading.measuredSeconds ?? null,
      breakdown,
    },
    blocks: { ...blocks, mean: reading.mean },
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
    measuredSeconds: null,
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
  points: Point[];
  meanPoints: Point[] | null;
  latest: number | null;
  latestMean: number | null;
  mean: number | null;
  bounds: [number, number] | null;
  edges: number[] | null;
  samples: number | null;
  /** What was counted in the window, `null` with fewer than two scrapes; absent for gauges, which count nothing. */
  counted?: number | null;
  /** Of rates: how much of the window was measured; `null` where the series fill it. */
  measuredSeconds?: number | null;
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
  const both = Promise.all([ask.curve(curve), ask.scalar(curve)]);
  const nothing = {
    meanPoints: null,
    latestMean: null,
    bounds: null,
    edges: null,
    samples: null,
    remarks: [],
  };
  switch (metric.kind) {
    case 'gauge': {
      const scrapeSeconds = frame.scrapeIntervalSeconds ?? ASSUMED_SCRAPE_SECONDS;
      const [[points, latest], mean] = await Promise.all([
        both,
        ask.scalar(gaugeMeanQuery(metric, selector, windowSeconds, scrapeSeconds)),
      ]);
      return { ...nothing, points, latest, mean };
    }
    case 'counter': {
      const { outOf, series, splitBy } = metric;
      const [[points, latest], spans, counted, all, unseen] = await Promise.all([
        both,
        readMeasuredTime(ask, metric, question),
        ask.scalar(increaseQuery(metric, selector, windowSeconds)),
        outOf === undefined
          ? undefined
          : ask.scalar(increaseQuery({ series, splitBy, only: outOf }, selector, windowSeconds)),
        outOf === undefined ? null : ask.scalar(unseenQuery(metric, selector, windowSeconds)),
      ]);
      // What came before the first scrape is not known, not zero. No rate window reaches beyond the window shown.
      const measured = lengthOf(spans);
      const isWhole = measured === 0 || measured >= windowSeconds - 1;
      const seconds = isWhole ? windowSeconds : measured;
      return {
        ...nothing,
        points,
        latest,
        mean: counted === null ? null : counted / seconds,
        measuredSeconds: isWhole ? null : measured,
        // Tokens are no observations; finished requests are.
        samples: row.unit === 'requests/s' || row.unit === 'events/s' ? rounded(counted) : null,
        // None of those meant is a value, as long as there were any at all.
        counted: all === undefined ? counted : all,
        remarks: [...youngRemarks(isWhole, seconds, windowSeconds), ...unseenRemarks(unseen)],
      };
    }
    case 'ratio': {
      const [[points, latest], part, whole] = await Promise.all([
        both,
        ask.scalar(increaseQuery({ series: metric.part }, selector, windowSeconds)),
        ask.scalar(increaseQuery({ series: metric.whole }, selector, windowSeconds)),
      ]);
      return { ...nothing, points, latest, mean: quotient(part, whole), counted: whole };
    }
    case 'histogram': {
      const { series } = metric;
      const meanCurve = histogramMeanQuery(series, selector, rateWindowSeconds);
      const [[points, latest], meanPoints, latestMean, buckets, edges, sum, count, recent] =
        await Promise.all([
          both,
          ask.curve(meanCurve),
          ask.scalar(meanCurve),
          ask.instant(bucketsQuery(series, selector, rateWindowSeconds)),
          ask.instant(edgesQuery(series, selector)),
          ask.scalar(increaseQuery({ series: suffixed(series, '_sum') }, selector, windowSeconds)),
          ask.scalar(increaseQuery({ series: suffixed(series, '_count') }, selector, windowSeconds)),
          ask.scalar(increaseQuery({ series: suffixed(series, '_count') }, selector, rateWindowSeconds)),
        ]);
      return {
        points,
        latest,
        meanPoints,
        latestMean,
        mean: quotient(sum, count),
        bounds: buckets === null ? null : quantileBounds(buckets, percentile / 100),
        edges: edges === null ? null : bucketEdges(edges),
        samples: rounded(count),
        counted: count,
        remarks: [...fewObservations(rounded(recent), rateWindowSeconds), ...unlikeEdges(edges)],
      };
    }
  }
}

/** A rate goes on, decaying, for a window after the last sample; the line must not (metrics §7.4). */
function stoppedAt(reading: Reading, newestSampleAt: UnixMs | null): Reading {
  const stop = (points: Point[]): Point[] =>
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
    latestMean: null,
    bounds: null,
  };
}

function youngRemarks(isWhole: boolean, seconds: number, windowSeconds: number): string[] {
  if (isWhole) return [];
  const [some, all] = [seconds, windowSeconds].map((length) => inWords(length * 1000));
  return [`Measured for ${some} of the ${all} only: the mean is of this time.`];
}

/** What no rate can show is told in words (metrics §9.3). */
function unseenRemarks(unseen: number | null): string[] {
  if (unseen === null || unseen === 0) return [];
  return [
    `${unseen} ${unseen === 1 ? 'was' : 'were'} counted before the first reading of a new series: no rate shows ${unseen === 1 ? 'it' : 'them'}.`,
  ];
}

function fewObservations(recent: number | null, rateWindowSeconds: number): string[] {
  if (recent === null || recent === 0 || recent >= MIN_OBSERVATIONS) return [];
  return [`Only ${recent} observations in the last ${rateWindowSeconds} s: the percentile is rough.`];
}

/** Buckets of pods with other edges must not be added: the percentile would be wrong (metrics §8). */
function unlikeEdges(edges: WireQueryData | null): string[] {
  if (edges?.resultType !== 'vector') return [];
  const counts = new Set(edges.result.map(({ value }) => value?.[1]));
  return counts.size > 1 ? ['The pods’ buckets have different edges: the percentile is not reliable.'] : [];
}

function coverage({ row, pods, found }: SeriesQuestion, metric: ResolvedMetric): string[] {
  const covered = podsWithMetric(row, metric, found);
  const missing = pods.filter((pod) => !covered.has(pod));
  return missing.length === 0 || covered.size === 0
    ? []
    : [`${missing.join(', ')} ${missing.length === 1 ? 'does' : 'do'} not export ${familyOf(metric)}.`];
}

/** With split roles one request is one on the prefill pod and one on the decode pod (metrics §13.6). */
function splitRoles({ row, pods, roles }: SeriesQuestion, metric: ResolvedMetric): string[] {
  const held = new Set(pods.map((pod) => roles.get(pod)));
  const isOfEngines = row.source === 'engine' || row.source === 'server';
  const isCounted = isOfEngines && metric.kind !== 'gauge' && !row.id.startsWith('kv-transfer');
  return isCounted && held.has('prefill') && held.has('decode')
    ? [
        'Prefill and decode pods each count a request: the arm’s own line holds it twice. Read the rows by role.',
      ]
    : [];
}

/** Prometheus extrapolates counts to the edges of the range; whole things were counted. */
function rounded(count: number | null): number | null {
  return count === null ? null : Math.round(count);
}

function quotient(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}
