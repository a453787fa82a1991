import 'server-only';
import { escapeLabelValue } from './label-matcher';

/** A metric with the series names found for one arm, prefix included; histograms without their suffix. */
export type ResolvedMetric =
  | { kind: 'histogram'; series: string }
  | { kind: 'gauge'; series: string; acrossPods: 'sum' | 'max' | 'avg'; scale: number }
  | { kind: 'counter'; series: string; splitBy: readonly string[] }
  | { kind: 'ratio'; part: string; whole: string };

/** How a source labels its series. */
export interface SeriesLabels {
  /** Where target labels win, the page's own are renamed: the workload of a GPU is then in `exported_…` (metrics §4). */
  namespace: 'namespace' | 'exported_namespace';
  pod: 'pod' | 'exported_pod';
  /** What tells the series of one pod apart, besides what the metric is split by. */
  within: readonly string[];
}

export const ENGINE_LABELS: SeriesLabels = { namespace: 'namespace', pod: 'pod', within: ['engine'] };

/** The series of one arm: its namespace and an anchored pattern of pod names (metrics §6.2). */
export interface ArmSelector {
  namespace: string;
  podPattern: string;
  /** Those of the engines where none are given. */
  labels?: SeriesLabels;
}

function labelsOf(selector: ArmSelector): SeriesLabels {
  return selector.labels ?? ENGINE_LABELS;
}

export function matchers(selector: ArmSelector): string {
  const labels = labelsOf(selector);
  return `${labels.namespace}="${escapeLabelValue(selector.namespace)}",${labels.pod}=~"${escapeLabelValue(selector.podPattern)}"`;
}

/** `90` → `90s`, `120` → `2m`, `21600` → `6h`. */
export function promDuration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  if (seconds % 60 === 0) return `${seconds / 60}m`;
  return `${seconds}s`;
}

/** What is added up: the whole arm, or its parts by pod or by a label of the series. */
export type Parts = 'pod' | { label: string } | null;

/** `sum` or `sum by (pod)`, `max by (le)`, …; `also`: labels that stay besides the parts'. */
function aggregation(
  operator: string,
  selector: ArmSelector,
  parts: Parts,
  also: readonly string[] = [],
): string {
  const kept = [...(parts === null ? [] : [parts === 'pod' ? labelsOf(selector).pod : parts.label]), ...also];
  return kept.length === 0 ? operator : `${operator} by (${kept.join(', ')}) `;
}

/** `max by (pod, engine)`: one pod may be scraped by two monitors under the same name (metrics §6.3). */
function onceEach(selector: ArmSelector, keep: readonly string[]): string {
  const labels = labelsOf(selector);
  return `max by (${[labels.pod, ...labels.within, ...keep].join(', ')})`;
}

/**
 * A counter's growth over all pods. The larger of a pod's doubled series is taken before anything is summed; `max` keeps
 * buckets monotonic.
 */
function growth(
  growthOf: 'rate' | 'increase',
  series: string,
  selector: ArmSelector,
  rangeSeconds: number,
  keep: readonly string[] = [],
): string {
  return `${onceEach(selector, keep)} (${growthOf}(${series}{${matchers(selector)}}[${promDuration(rangeSeconds)}]))`;
}

function rateOf(series: string, selector: ArmSelector, rangeSeconds: number, parts: Parts): string {
  return `${aggregation('sum', selector, parts)}(${growth('rate', series, selector, rangeSeconds)})`;
}

/** Bucket rates of the whole arm: pods are added before any percentile is taken (metrics §8). */
export function bucketsQuery(
  series: string,
  selector: ArmSelector,
  rateWindowSeconds: number,
  parts: Parts = null,
): string {
  const buckets = growth('rate', `${series}_bucket`, selector, rateWindowSeconds, ['le']);
  return `${aggregation('sum', selector, parts, ['le'])}(${buckets})`;
}

/** How many engines have each bucket edge: sums over unlike edges would be wrong (metrics §8). */
export function edgesQuery(series: string, selector: ArmSelector): string {
  return `count by (le) (${onceEach(selector, ['le'])} (${series}_bucket{${matchers(selector)}}))`;
}

/** The exact mean Σsum ÷ Σcount of the range: no bucket is involved. */
export function histogramMeanQuery(
  series: string,
  selector: ArmSelector,
  rangeSeconds: number,
  parts: Parts = null,
): string {
  const sum = rateOf(`${series}_sum`, selector, rangeSeconds, parts);
  return `${sum} / ${rateOf(`${series}_count`, selector, rangeSeconds, parts)}`;
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
  parts: Parts = null,
): string {
  switch (metric.kind) {
    case 'histogram':
      return histogramMeanQuery(metric.series, selector, rangeSeconds, parts);
    case 'counter':
      return `${aggregation('sum', selector, parts)}(${growth('rate', metric.series, selector, rangeSeconds, metric.splitBy)})`;
    case 'ratio': {
      // Idle gives no sample instead of NaN: nothing was looked up, so there is no rate (metrics §7.1).
      const part = rateOf(metric.part, selector, rangeSeconds, parts);
      return `${part} / (${rateOf(metric.whole, selector, rangeSeconds, parts)} > 0)`;
    }
  }
}

/** The expression behind the curve of a metric, as it is shown and can be pasted into a console. */
export function curveQuery(
  metric: ResolvedMetric,
  selector: ArmSelector,
  percentile: number,
  rateWindowSeconds: number,
  parts: Parts = null,
): string {
  switch (metric.kind) {
    case 'histogram':
      return `histogram_quantile(${percentile / 100}, ${bucketsQuery(metric.series, selector, rateWindowSeconds, parts)})`;
    case 'gauge': {
      const series = `${metric.series}{${matchers(selector)}}`;
      const scale = metric.scale === 1 ? '' : ` * ${metric.scale}`;
      const over = aggregation(metric.acrossPods, selector, parts);
      // The largest of doubled series is the largest of all.
      return metric.acrossPods === 'max'
        ? `${over}(${series})${scale}`
        : `${over}(${onceEach(selector, [])} (${series}))${scale}`;
    }
    case 'counter':
    case 'ratio':
      return rangeMeanQuery(metric, selector, rateWindowSeconds, parts);
  }
}
