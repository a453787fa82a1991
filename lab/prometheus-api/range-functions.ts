import { KahanSum, sumOf, varianceOf } from './kahan-sum.ts';
import { quantileOf } from './quantiles.ts';

/** The samples of one series in a range that is open on the left (Prometheus 3). Never empty. */
export interface RangeWindow {
  timesMs: readonly number[];
  values: readonly number[];
  /** Bounds of the range, offset applied. */
  startMs: number;
  endMs: number;
  /** Length as the query wrote it. */
  rangeMs: number;
  /** Time the query is evaluated for, without the offset. */
  evaluatedAtMs: number;
}

/** One number per series, or null for none. */
export type RangeFunction = (window: RangeWindow, parameters: readonly number[]) => number | null;

const at = (values: readonly number[], index: number): number => values.at(index) ?? Number.NaN;

/**
 * Change over the range, extended to its edges: all the way where samples come close to the edge, half a mean
 * interval otherwise, and never below zero for counters.
 */
function extrapolated(window: RangeWindow, kind: 'rate' | 'increase' | 'delta'): number | null {
  const { timesMs, values } = window;
  if (values.length < 2) return null;
  const isCounter = kind !== 'delta';
  let change = at(values, -1) - at(values, 0);
  if (isCounter) change += resetCorrection(values);

  const sampledSeconds = (at(timesMs, -1) - at(timesMs, 0)) / 1000;
  const meanGapSeconds = sampledSeconds / (values.length - 1);
  const threshold = meanGapSeconds * 1.1;
  let toStartSeconds = (at(timesMs, 0) - window.startMs) / 1000;
  let toEndSeconds = (window.endMs - at(timesMs, -1)) / 1000;
  if (toStartSeconds >= threshold) toStartSeconds = meanGapSeconds / 2;
  if (isCounter && change > 0 && at(values, 0) >= 0) {
    toStartSeconds = Math.min(toStartSeconds, sampledSeconds * (at(values, 0) / change));
  }
  if (toEndSeconds >= threshold) toEndSeconds = meanGapSeconds / 2;

  let factor = (sampledSeconds + toStartSeconds + toEndSeconds) / sampledSeconds;
  if (kind === 'rate') factor /= window.rangeMs / 1000;
  return change * factor;
}

/** A counter that falls has started again from zero. */
function resetCorrection(values: readonly number[]): number {
  let correction = 0;
  for (let index = 1; index < values.length; index++) {
    const previous = at(values, index - 1);
    if (at(values, index) < previous) correction += previous;
  }
  return correction;
}

/** From the last two samples only. */
function instantaneous(window: RangeWindow, kind: 'irate' | 'idelta'): number | null {
  if (window.values.length < 2) return null;
  const last = at(window.values, -1);
  const previous = at(window.values, -2);
  const change = kind === 'irate' && last < previous ? last : last - previous;
  if (kind === 'idelta') return change;
  return change / ((at(window.timesMs, -1) - at(window.timesMs, -2)) / 1000);
}

/** Least squares with the intercept at `originMs`. */
function regression(window: RangeWindow, originMs: number): { slope: number; intercept: number } {
  const { timesMs, values } = window;
  const first = at(values, 0);
  if (values.every((value) => value === first)) {
    return Number.isFinite(first)
      ? { slope: 0, intercept: first }
      : { slope: Number.NaN, intercept: Number.NaN };
  }
  const [sumX, sumY, sumXY, sumX2] = [new KahanSum(), new KahanSum(), new KahanSum(), new KahanSum()];
  for (const [index, value] of values.entries()) {
    const x = (at(timesMs, index) - originMs) / 1000;
    sumX.add(x);
    sumY.add(value);
    sumXY.add(x * value);
    sumX2.add(x * x);
  }
  const count = values.length;
  const covariance = sumXY.total() - (sumX.total() * sumY.total()) / count;
  const variance = sumX2.total() - sumX.total() ** 2 / count;
  const slope = covariance / variance;
  return { slope, intercept: sumY.total() / count - (slope * sumX.total()) / count };
}

function transitions(
  values: readonly number[],
  happens: (previous: number, value: number) => boolean,
): number {
  let count = 0;
  for (let index = 1; index < values.length; index++) {
    if (happens(at(values, index - 1), at(values, index))) count++;
  }
  return count;
}

/** The extreme value; NaN only if there is nothing else. */
function extreme(values: readonly number[], isBetter: (candidate: number, best: number) => boolean): number {
  let best = at(values, 0);
  for (const value of values) if (Number.isNaN(best) || isBetter(value, best)) best = value;
  return best;
}

export const RANGE_FUNCTIONS = {
  rate: (window) => extrapolated(window, 'rate'),
  increase: (window) => extrapolated(window, 'increase'),
  delta: (window) => extrapolated(window, 'delta'),
  irate: (window) => instantaneous(window, 'irate'),
  idelta: (window) => instantaneous(window, 'idelta'),
  deriv: (window) => (window.values.length < 2 ? null : regression(window, at(window.timesMs, 0)).slope),
  predict_linear: (window, [aheadSeconds = Number.NaN]) => {
    if (window.values.length < 2) return null;
    const { slope, intercept } = regression(window, window.evaluatedAtMs);
    return slope * aheadSeconds + intercept;
  },
  changes: ({ values }) => transitions(values, (a, b) => a !== b && !(Number.isNaN(a) && Number.isNaN(b))),
  resets: ({ values }) => transitions(values, (a, b) => b < a),
  sum_over_time: ({ values }) => sumOf(values),
  avg_over_time: ({ values }) => sumOf(values) / values.length,
  min_over_time: ({ values }) => extreme(values, (a, b) => a < b),
  max_over_time: ({ values }) => extreme(values, (a, b) => a > b),
  count_over_time: ({ values }) => values.length,
  last_over_time: ({ values }) => at(values, -1),
  present_over_time: () => 1,
  stdvar_over_time: ({ values }) => varianceOf(values),
  stddev_over_time: ({ values }) => Math.sqrt(varianceOf(values)),
  quantile_over_time: ({ values }, [quantile = Number.NaN]) => quantileOf(quantile, values),
} as const satisfies Record<string, RangeFunction>;

/** Functions that expect counters; Prometheus hints when the name does not look like one. */
export const COUNTER_FUNCTIONS: ReadonlySet<string> = new Set(['rate', 'increase']);
