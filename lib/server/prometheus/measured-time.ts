import 'server-only';
import { METRICS } from '@/lib/domain/metrics-table';
import { FURTHER_METRICS } from '@/lib/domain/metrics-table-further';
import type { TimeGrid } from './client';
import { type ResolvedMetric, type SeriesNames, sampleTimesQuery } from './queries';
import type { SeriesFrame, SeriesQuestion } from './read-series';
import { resolveMetric } from './resolve-metric';
import type { SeriesAsker } from './series-asker';

/** From when to when something was read, Unix seconds. */
export type Span = readonly [from: number, to: number];

const ASSUMED_SCRAPE_SECONDS = 30;
/** As far as Prometheus itself carries an increase from a sample to the edge of its range (metrics §7.3). */
const SCRAPES_TO_THE_EDGE = 1.1;
/** A series that began or ended inside: it lived, on average, half a scrape beyond its last sample. */
const SCRAPES_BEYOND = 0.5;

/**
 * When the counters of a metric were read in the window, by any pod of the arm: what they grew by, divided by this time, is
 * the arm's mean rate. Where no pod was read nothing is known, which is not zero.
 */
export async function readMeasuredTime(
  ask: SeriesAsker,
  metric: Extract<ResolvedMetric, { kind: 'counter' }>,
  question: Pick<SeriesQuestion, 'row' | 'found' | 'ended' | 'selector' | 'frame'>,
): Promise<Span[]> {
  const { selector, frame } = question;
  const promql = sampleTimesQuery(clockOf(metric, question), selector);
  const curves = await ask.curveBy(promql, selector.labels?.pod ?? 'pod');
  return union(
    [...curves.values()].flatMap((points) => {
      const span = spanOf(
        points.map(([, value]) => value),
        frame,
      );
      return span === null ? [] : [span];
    }),
  );
}

/** How long it was measured, in seconds. */
export function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, [from, to]) => sum + to - from, 0);
}

/** How much of each block of the grid was measured; a block ends at its time. */
export function lengthInBlocks(spans: readonly Span[], grid: TimeGrid): number[] {
  const count = Math.round((grid.endSeconds - grid.startSeconds) / grid.stepSeconds) + 1;
  return Array.from({ length: count }, (_, index) => {
    const to = grid.startSeconds + index * grid.stepSeconds;
    const from = to - grid.stepSeconds;
    return lengthOf(
      spans.map(([start, end]) => [Math.max(start, from), Math.max(from, start, Math.min(end, to))]),
    );
  });
}

/** A gauge that stands on the same page from the start: counters with labels may appear with their first event only. */
function clockOf(
  metric: Extract<ResolvedMetric, { kind: 'counter' }>,
  { row, found, ended }: Pick<SeriesQuestion, 'row' | 'found' | 'ended'>,
): SeriesNames {
  const always =
    row.source === 'picker'
      ? FURTHER_METRICS.find(({ id }) => id === 'picker-queue')
      : METRICS.find(({ id }) => id === 'running');
  const gauge = always === undefined ? null : resolveMetric(always, found, ended);
  return gauge?.kind === 'gauge' ? gauge.series : metric.series;
}

/** `times`: of the newest sample at each step of the grid. */
function spanOf(times: readonly (number | null)[], frame: SeriesFrame): Span | null {
  const { grid, windowSeconds, now } = frame;
  const scrape = frame.scrapeIntervalSeconds ?? ASSUMED_SCRAPE_SECONDS;
  const to = now / 1000;
  const from = to - windowSeconds;
  const index = times.findIndex((time) => time !== null);
  const first = times[index] ?? null;
  const last = times.findLast((time) => time !== null) ?? null;
  if (first === null || last === null) return null;
  // Of the samples between two steps only the last is seen; the others came before it, one by one.
  const stepBefore = grid.startSeconds + (index - 1) * grid.stepSeconds;
  const unseen = Math.max(0, Math.ceil((first - stepBefore) / scrape) - 1);
  const began = index === 0 ? from : first - unseen * scrape;
  const edge = SCRAPES_TO_THE_EDGE * scrape;
  const isThere = times.at(-1) !== null && grid.endSeconds - last <= edge;
  return [
    began - from <= edge ? from : began,
    Math.max(from, isThere ? to : Math.min(to, last + SCRAPES_BEYOND * scrape)),
  ];
}

function union(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted(([one], [other]) => one - other)) {
    const before = merged.at(-1);
    if (before === undefined || span[0] > before[1]) merged.push(span);
    else merged[merged.length - 1] = [before[0], Math.max(before[1], span[1])];
  }
  return merged.filter(([from, to]) => to > from);
}
