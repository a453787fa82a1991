import 'server-only';
import { escapeLabelValue } from './label-matcher';

/** A metric with the series names found for one arm, prefix included; histograms without their suffix. */
export type ResolvedMetric =
  | { kind: 'histogram'; series: string }
  | { kind: 'gauge'; series: string; acrossPods: 'sum' | 'max' }
  | { kind: 'counter'; series: string; splitBy: readonly string[] }
  | { kind: 'ratio'; part: string; whole: string };

/** The series of one arm: its namespace and an anchored pattern of pod names (metrics §6.2). */
export interface ArmSelector {
  namespace: string;
  podPattern: string;
}

export function matchers(selector: ArmSelector): string {
  return `namespace="${escapeLabelValue(selector.namespace)}",pod=~"${escapeLabelValue(selector.podPattern)}"`;
}

/** `90` → `90s`, `120` → `2m`, `21600` → `6h`. */
export function promDuration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  if (seconds % 60 === 0) return `${seconds / 60}m`;
  return `${seconds}s`;
}

/**
 * A counter's growth over all pods. One pod may be scraped by two monitors under the same name, so the larger
 * of its series is taken before anything is summed (metrics §6.3); `max` keeps buckets monotonic.
 */
function growth(
  growthOf: 'rate' | 'increase',
  series: string,
  selector: ArmSelector,
  rangeSeconds: number,
  keep: readonly string[] = [],
): string {
  const labels = ['pod', 'engine', ...keep].join(', ');
  return `max by (${labels}) (${growthOf}(${series}{${matchers(selector)}}[${promDuration(rangeSeconds)}]))`;
}

function rateOf(series: string, selector: ArmSelector, rangeSeconds: number): string {
  return `sum(${growth('rate', series, selector, rangeSeconds)})`;
}

/** Bucket rates of the whole arm: pods are added before any percentile is taken (metrics §8). */
export function bucketsQuery(series: string, selector: ArmSelector, rateWindowSeconds: number): string {
  return `sum by (le) (${growth('rate', `${series}_bucket`, selector, rateWindowSeconds, ['le'])})`;
}

/** The exact mean Σsum ÷ Σcount of the range: no bucket is involved. */
export function histogramMeanQuery(series: string, selector: ArmSelector, rangeSeconds: number): string {
  const sum = rateOf(`${series}_sum`, selector, rangeSeconds);
  return `${sum} / ${rateOf(`${series}_count`, selector, rangeSeconds)}`;
}

/** What was counted in the range: observations, requests, tokens. Extrapolated to its edges by Prometheus. */
export function increaseQuery(
  series: string,
  selector: ArmSelector,
  rangeSeconds: number,
  splitBy: readonly string[] = [],
): string {
  return `sum(${growth('increase', series, selector, rangeSeconds, splitBy)})`;
}

/** The mean of the range as one number; gauges have none here, their curve is averaged. */
export function rangeMeanQuery(
  metric: Exclude<ResolvedMetric, { kind: 'gauge' }>,
  selector: ArmSelector,
  rangeSeconds: number,
): string {
  switch (metric.kind) {
    case 'histogram':
      return histogramMeanQuery(metric.series, selector, rangeSeconds);
    case 'counter':
      return `sum(${growth('rate', metric.series, selector, rangeSeconds, metric.splitBy)})`;
    case 'ratio': {
      // Idle gives no sample instead of NaN: nothing was looked up, so there is no rate (metrics §7.1).
      const part = rateOf(metric.part, selector, rangeSeconds);
      return `${part} / (${rateOf(metric.whole, selector, rangeSeconds)} > 0)`;
    }
  }
}

/** The expression behind the curve of a metric, as it is shown and can be pasted into a console. */
export function curveQuery(
  metric: ResolvedMetric,
  selector: ArmSelector,
  percentile: number,
  rateWindowSeconds: number,
): string {
  switch (metric.kind) {
    case 'histogram':
      return `histogram_quantile(${percentile / 100}, ${bucketsQuery(metric.series, selector, rateWindowSeconds)})`;
    case 'gauge': {
      const series = `${metric.series}{${matchers(selector)}}`;
      return metric.acrossPods === 'max' ? `max(${series})` : `sum(max by (pod, engine) (${series}))`;
    }
    case 'counter':
    case 'ratio':
      return rangeMeanQuery(metric, selector, rateWindowSeconds);
  }
}
