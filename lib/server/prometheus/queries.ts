import 'server-only';
import { escapeLabelValue } from './label-matcher';

/**
 * Names of one and the same thing, prefix included, in the order of preference. More than one while pods of two releases run
 * side by side, as in a rolling upgrade (metrics §2.4): each pod is then read under the first of them that it has.
 */
export type SeriesNames = readonly [string, ...string[]];

/** A metric with the series names found for one arm; histograms without their suffix. */
export type ResolvedMetric =
  | { kind: 'histogram'; series: SeriesNames }
  | { kind: 'gauge'; series: SeriesNames; acrossPods: 'sum' | 'max' | 'avg'; scale: number }
  | { kind: 'counter'; series: SeriesNames; splitBy: readonly string[]; only?: string; outOf?: string }
  | { kind: 'ratio'; part: SeriesNames; whole: SeriesNames };

/** Counters to be added up: which, what tells those of one pod apart, and as in `CountedSeries`. */
export interface Counted {
  series: SeriesNames;
  splitBy?: readonly string[];
  only?: string;
  outOf?: string;
}

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

/** Each pod under the first name that it has: `or` adds what the names before have not given yet (metrics §6.3). */
function anyOf(series: SeriesNames, expression: (name: string) => string): string {
  return series.map(expression).join(' or ');
}

/** The names of a histogram's `_sum`, `_count` or `_bucket`. */
export function suffixed(series: SeriesNames, suffix: '_sum' | '_count' | '_bucket'): SeriesNames {
  const [first, ...others] = series;
  return [`${first}${suffix}`, ...others.map((name) => `${name}${suffix}`)];
}

/**
 * A counter's growth over all pods. The larger of a pod's doubled series is taken before anything is summed; `max` keeps
 * buckets monotonic.
 */
function growth(
  growthOf: 'rate' | 'increase',
  series: SeriesNames,
  selector: ArmSelector,
  rangeSeconds: number,
  keep: readonly string[] = [],
  only?: string,
): string {
  const which = only === undefined ? matchers(selector) : `${matchers(selector)},${only}`;
  const range = promDuration(rangeSeconds);
  return anyOf(series, (name) => `${onceEach(selector, keep)} (${growthOf}(${name}{${which}}[${range}]))`);
}

/** The growth of all that is meant, added up; 0 where none of it was counted, but others were that could have been. */
function summedGrowth(
  growthOf: 'rate' | 'increase',
  { series, splitBy = [], only, outOf }: Counted,
  selector: ArmSelector,
  rangeSeconds: number,
  parts: Parts,
): string {
  const sum = (which: string | undefined): string =>
    `${aggregation('sum', selector, parts)}(${growth(growthOf, series, selector, rangeSeconds, splitBy, which)})`;
  const isWhole = parts === null || parts === 'pod';
  return outOf !== undefined && isWhole ? `${sum(only)} or ${sum(outOf)} * 0` : sum(only);
}

function rateOf(series: SeriesNames, selector: ArmSelector, rangeSeconds: number, parts: Parts): string {
  return summedGrowth('rate', { series }, selector, rangeSeconds, parts);
}

/** Bucket rates of the whole arm: pods are added before any percentile is taken (metrics §8). */
export function bucketsQuery(
  series: SeriesNames,
  selector: ArmSelector,
  rateWindowSeconds: number,
  parts: Parts = null,
): string {
  const buckets = growth('rate', suffixed(series, '_bucket'), selector, rateWindowSeconds, ['le']);
  return `${aggregation('sum', selector, parts, ['le'])}(${buckets})`;
}

/** How many engines have each bucket edge: sums over unlike edges would be wrong (metrics §8). */
export function edgesQuery(series: SeriesNames, selector: ArmSelector): string {
  const buckets = anyOf(
    suffixed(series, '_bucket'),
    (name) => `${onceEach(selector, ['le'])} (${name}{${matchers(selector)}})`,
  );
  return `count by (le) (${buckets})`;
}

/** The exact mean Σsum ÷ Σcount of the range: no bucket is involved. */
export function histogramMeanQuery(
  series: SeriesNames,
  selector: ArmSelector,
  rangeSeconds: number,
  parts: Parts = null,
): string {
  const sum = rateOf(suffixed(series, '_sum'), selector, rangeSeconds, parts);
  return `${sum} / ${rateOf(suffixed(series, '_count'), selector, rangeSeconds, parts)}`;
}

/** What was counted in the range: observations, requests, tokens. Extrapolated to its edges by Prometheus. */
export function increaseQuery(counted: Counted, selector: ArmSelector, rangeSeconds: number): string {
  return summedGrowth('increase', counted, selector, rangeSeconds, null);
}

/**
 * What series that began in the range had already counted when they were first read. No rate shows it (metrics §9.3); of
 * series that appear with their first event it is the first events themselves.
 */
export function unseenQuery(
  { series, splitBy = [], only }: Counted,
  selector: ArmSelector,
  rangeSeconds: number,
): string {
  const which = only === undefined ? matchers(selector) : `${matchers(selector)},${only}`;
  const range = promDuration(rangeSeconds);
  const first = anyOf(
    series,
    (name) =>
      `${onceEach(selector, splitBy)} (min_over_time(${name}{${which}}[${range}]) unless last_over_time(${name}{${which}}[${range}] offset ${range}))`,
  );
  return `sum(${first})`;
}

/** When each pod was read last, whichever of the names it has. */
export function sampleTimesQuery(series: SeriesNames, selector: ArmSelector): string {
  const { pod } = labelsOf(selector);
  return anyOf(series, (name) => `max by (${pod}) (timestamp(${name}{${matchers(selector)}}))`);
}

/** A subquery is evaluated at each of its steps: of long windows not every scrape is looked at. */
const MOST_STEPS = 360;
/** Finer than scrapes of 30 s, so that one counts for as long as it was the newest, also at the edges of the window. */
const FINEST_STEP_SECONDS = 5;

/** A gauge's average over the range: of its value at every scrape, whatever steps the curve has. */
export function gaugeMeanQuery(
  metric: Extract<ResolvedMetric, { kind: 'gauge' }>,
  selector: ArmSelector,
  rangeSeconds: number,
  scrapeSeconds: number,
): string {
  const step = Math.ceil(Math.max(Math.min(scrapeSeconds, FINEST_STEP_SECONDS), rangeSeconds / MOST_STEPS));
  return `avg_over_time((${gaugeQuery(metric, selector, null)})[${promDuration(rangeSeconds)}:${promDuration(step)}])`;
}

/** The mean of the range as one number; see `gaugeMeanQuery` for gauges. */
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
      return summedGrowth('rate', metric, selector, rangeSeconds, parts);
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
    case 'gauge':
      return gaugeQuery(metric, selector, parts);
    case 'counter':
    case 'ratio':
      return rangeMeanQuery(metric, selector, rateWindowSeconds, parts);
  }
}

function gaugeQuery(
  { series, acrossPods, scale }: Extract<ResolvedMetric, { kind: 'gauge' }>,
  selector: ArmSelector,
  parts: Parts,
): string {
  const scaled = scale === 1 ? '' : ` * ${scale}`;
  const over = aggregation(acrossPods, selector, parts);
  const which = matchers(selector);
  const [first, ...others] = series;
  // The largest of doubled series is the largest of all.
  if (acrossPods === 'max' && others.length === 0) return `${over}(${first}{${which}})${scaled}`;
  const each = anyOf(series, (name) => `${onceEach(selector, [])} (${name}{${which}})`);
  return `${over}(${each})${scaled}`;
}
