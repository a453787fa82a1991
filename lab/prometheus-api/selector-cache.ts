import type { VectorSelector } from './promql-syntax.ts';
import type { RangeSeries, VectorSample } from './promql-values.ts';
import { ExecutionError } from './promql-values.ts';
import type { Samples, Series, SeriesSource } from './series-store.ts';

/** An instant selector sees a sample for this long, unless the series ended (Prometheus's default). */
export const LOOKBACK_MS = 300_000;
/** `--query.max-samples`. */
const MAX_SAMPLES = 50_000_000;

interface Loaded {
  series: Series;
  samples: Samples;
}

export interface InstantSample extends VectorSample {
  /** When the sample was taken, for `timestamp()`. */
  takenMs: number;
}

/** What the selectors of one query need, read from the store once and then looked up at every step. */
export class SelectorCache {
  private readonly store: SeriesSource;
  private readonly fromMs: number;
  private readonly untilMs: number;
  private readonly loaded = new Map<VectorSelector, Loaded[]>();
  private sampleCount = 0;

  /** Samples after `fromMs` up to `untilMs` are enough for the whole query. */
  constructor(store: SeriesSource, fromMs: number, untilMs: number) {
    this.store = store;
    this.fromMs = fromMs;
    this.untilMs = untilMs;
  }

  instant(selector: VectorSelector, atMs: number): InstantSample[] {
    const found: InstantSample[] = [];
    for (const { series, samples } of this.load(selector)) {
      const index = lastIndexUntil(samples.timesMs, atMs);
      const takenMs = samples.timesMs[index];
      // Open on the left: a sample exactly as old as the lookback is not seen.
      if (takenMs === undefined || takenMs <= atMs - LOOKBACK_MS || samples.isStale[index] === true) continue;
      found.push({ labels: series.labels, value: samples.values[index] ?? Number.NaN, takenMs });
    }
    return found;
  }

  /** Samples in (`afterMs`, `untilMs`] without staleness markers; series without any are left out. */
  range(selector: VectorSelector, afterMs: number, untilMs: number): RangeSeries[] {
    const found: RangeSeries[] = [];
    for (const { series, samples } of this.load(selector)) {
      const from = lastIndexUntil(samples.timesMs, afterMs) + 1;
      const until = lastIndexUntil(samples.timesMs, untilMs) + 1;
      if (from >= until) continue;
      const window: RangeSeries = { labels: series.labels, timesMs: [], values: [] };
      for (let index = from; index < until; index++) {
        if (samples.isStale[index] === true) continue;
        window.timesMs.push(samples.timesMs[index] ?? Number.NaN);
        window.values.push(samples.values[index] ?? Number.NaN);
      }
      if (window.values.length > 0) found.push(window);
    }
    return found;
  }

  private load(selector: VectorSelector): Loaded[] {
    const known = this.loaded.get(selector);
    if (known !== undefined) return known;
    const loaded = this.store.select(selector.matchers).map((series) => ({
      series,
      samples: series.between(this.fromMs, this.untilMs),
    }));
    this.sampleCount += loaded.reduce((sum, { samples }) => sum + samples.values.length, 0);
    if (this.sampleCount > MAX_SAMPLES) {
      throw new ExecutionError('query processing would load too many samples into memory in query execution');
    }
    this.loaded.set(selector, loaded);
    return loaded;
  }
}

/** Index of the last time that is not after `untilMs`; -1 when there is none. */
function lastIndexUntil(timesMs: readonly number[], untilMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? Number.POSITIVE_INFINITY) <= untilMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
