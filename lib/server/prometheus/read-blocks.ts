import 'server-only';
import type { Blocks } from '@/lib/domain/compare-difference';
import type { TimeGrid } from './client';
import { lengthInBlocks, readMeasuredTime } from './measured-time';
import { type Counted, increaseQuery, type ResolvedMetric, type SeriesNames, suffixed } from './queries';
import type { SeriesQuestion } from './read-series';
import type { SeriesAsker } from './series-asker';

/** Enough to see how they scatter, few enough that each holds several scrapes. */
const BLOCKS = 12;
/** An increase needs two scrapes; a block of two and a half holds them wherever it lies (metrics §0.7). */
const SCRAPES_PER_BLOCK = 2.5;
const ASSUMED_SCRAPE_SECONDS = 30;

/** Blocks of equal length, the last of which ends with the grid; they do not overlap. */
export function toBlockGrid(
  grid: TimeGrid,
  windowSeconds: number,
  scrapeIntervalSeconds: number | null,
): TimeGrid {
  const shortest = SCRAPES_PER_BLOCK * (scrapeIntervalSeconds ?? ASSUMED_SCRAPE_SECONDS);
  const stepSeconds = Math.ceil(Math.max(windowSeconds / BLOCKS, shortest));
  const count = Math.max(1, Math.floor(windowSeconds / stepSeconds));
  return {
    startSeconds: grid.endSeconds - (count - 1) * stepSeconds,
    endSeconds: grid.endSeconds,
    stepSeconds,
  };
}

/** What the arm did in each block; gauges are averaged from the curve at hand. */
export async function readBlocks(
  ask: SeriesAsker,
  metric: ResolvedMetric,
  question: SeriesQuestion,
  points: readonly (readonly [string, number | null])[],
): Promise<Blocks> {
  const { selector } = question;
  const grid = question.frame.blockGrid;
  const growth = (counted: Counted): Promise<(number | null)[]> =>
    ask.values(increaseQuery(counted, selector, grid.stepSeconds), grid);
  const pair = async (part: SeriesNames, whole: SeriesNames): Promise<Blocks> => {
    const [parts, wholes] = await Promise.all([growth({ series: part }), growth({ series: whole })]);
    return { parts, wholes };
  };
  switch (metric.kind) {
    case 'histogram':
      return pair(suffixed(metric.series, '_sum'), suffixed(metric.series, '_count'));
    case 'ratio':
      return pair(metric.part, metric.whole);
    case 'counter': {
      const [parts, spans] = await Promise.all([growth(metric), readMeasuredTime(ask, metric, question)]);
      const measured = lengthInBlocks(spans, grid);
      return {
        parts,
        wholes: spans.length === 0 ? parts.map(() => grid.stepSeconds) : measured,
      };
    }
    case 'gauge':
      return averageInBlocks(points, grid);
  }
}

function averageInBlocks(points: readonly (readonly [string, number | null])[], grid: TimeGrid): Blocks {
  const count = Math.round((grid.endSeconds - grid.startSeconds) / grid.stepSeconds) + 1;
  const sums = Array.from({ length: count }, () => ({ sum: 0, count: 0 }));
  for (const [at, value] of points) {
    if (value === null) continue;
    const index = Math.ceil((Date.parse(at) / 1000 - grid.startSeconds) / grid.stepSeconds);
    const block = sums[index];
    if (block === undefined) continue;
    block.sum += value;
    block.count += 1;
  }
  const known = sums.map((block) => (block.count === 0 ? null : block.sum / block.count));
  return { parts: known, wholes: known.map(() => 1) };
}
