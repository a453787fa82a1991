import 'server-only';
import type { Point } from '@/lib/domain/compare';
import type { AnyRow } from '@/lib/domain/metrics-table';
import { ARMS, type Arm, type UnixMs } from '@/lib/domain/vocabulary';
import { inWords } from './presence';
import type { ReadSeries, SeriesFrame } from './read-series';

type ProbeTimes = Record<Arm, readonly UnixMs[]>;

/** Between a probe’s answer and the moment from which a scrape shows it, besides the scrape interval. */
const ANSWER_MS = 2_000;

/** Whether the dashboard's own probes are in a metric: they are requests like any other. */
export function countsRequests(row: AnyRow): boolean {
  const isOfEngines = row.source === 'engine' || row.source === 'server';
  return isOfEngines && row.kind !== 'gauge' && row.unit !== 'events/s';
}

/** Own probes in the window, for each arm. */
export function probesInWindow(probedAt: ProbeTimes, frame: SeriesFrame): Record<Arm, number> {
  return probesSince(probedAt, frame, frame.windowSeconds * 1000);
}

/**
 * Arms that nobody asked anything in the window but this dashboard's probes, by the count of their first tokens. A probe that has just left
 * the window may still be in the samples of its first scrape.
 */
export function armsWithoutTraffic(
  firstTokens: readonly ReadSeries[],
  probedAt: ProbeTimes,
  frame: SeriesFrame,
  scrapeIntervalSeconds: number | null,
): ReadonlySet<Arm> {
  const scrapeMs = (scrapeIntervalSeconds ?? 0) * 1000;
  const probes = probesSince(probedAt, frame, frame.windowSeconds * 1000 + scrapeMs + ANSWER_MS);
  return new Set(
    ARMS.filter((arm) => {
      const samples = firstTokens.find(({ series }) => series.arm === arm)?.series.samples ?? null;
      return samples !== null && probes[arm] > 0 && samples <= probes[arm];
    }),
  );
}

/** Without what the probes left in it: a gap with words, as where nothing was asked at all. */
export function withoutTraffic(read: ReadSeries, frame: SeriesFrame): ReadSeries {
  const { series } = read;
  if (series.presence !== 'ok') return read;
  const gaps = (points: readonly Point[]): Point[] => points.map(([at]) => [at, null]);
  return {
    series: {
      ...series,
      presence: 'no-traffic',
      absentBecause: `No traffic in the last ${inWords(frame.windowSeconds * 1000)} but this dashboard’s probes.`,
      samples: series.samples === null ? null : 0,
      latest: null,
      latestMean: null,
      mean: null,
      bounds: null,
      points: gaps(series.points),
      meanPoints: series.meanPoints === null ? null : gaps(series.meanPoints),
      warnings: [],
      breakdown: [],
    },
    blocks: null,
  };
}

function probesSince(probedAt: ProbeTimes, { now }: SeriesFrame, windowMs: number): Record<Arm, number> {
  const count = (arm: Arm): number => probedAt[arm].filter((at) => at >= now - windowMs && at <= now).length;
  return { baseline: count('baseline'), distributed: count('distributed') };
}
