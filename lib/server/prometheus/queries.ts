import 'server-only';
import type { MetricPrefix, MetricRow, RatioNames } from '@/lib/domain/metrics-table';

/** The series of one arm: its namespace and an anchored pattern of pod names (metrics §6.2). */
export interface ArmSelector {
  namespace: string;
  podPattern: string;
}

/** Text for a PromQL string literal in double quotes. */
export function escapeLabelValue(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

/** A name as part of an RE2 pattern, standing for itself. */
export function escapePattern(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/-]/g, (character) => (character === '-' ? '-' : `\\${character}`));
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

type RangeFunction = 'rate' | 'increase';

/**
 * The counter's growth over all pods. One pod may be scraped by two monitors under the same name, so the larger
 * of its series is taken before anything is summed (metrics §6.3); `max` keeps buckets monotonic.
 */
function growth(
  growthOf: RangeFunction,
  series: string,
  selector: ArmSelector,
  rangeSeconds: number,
  keep: readonly string[] = [],
  outer = 'sum',
): string {
  const labels = ['pod', 'engine', ...keep].join(', ');
  return `${outer} (max by (${labels}) (${growthOf}(${series}{${matchers(selector)}}[${promDuration(rangeSeconds)}])))`;
}

/** One metric of one arm with the names found for it. */
export interface MetricSource {
  row: MetricRow;
  prefix: MetricPrefix;
  /** Index into the row's names. */
  candidate: string | RatioNames;
  selector: ArmSelector;
}

/** Bucket rates of the whole arm, `le` kept: the percentile and its bounds are both read from these. */
export function bucketsQuery(source: MetricSource, name: string, rateWindowSeconds: number): string {
  return growth(
    'rate',
    `${source.prefix}${name}_bucket`,
    source.selector,
    rateWindowSeconds,
    ['le'],
    'sum by (le)',
  );
}

/** Exact mean Σsum/Σcount over the range: no bucket is involved. */
export function histogramMeanQuery(source: MetricSource, name: string, rangeSeconds: number): string {
  const of = (part: 'sum' | 'count') =>
    growth('rate', `${source.prefix}${name}_${part}`, source.selector, rangeSeconds);
  return `${of('sum')} / ${of('count')}`;
}

/** Observations of the arm's histogram in the range. */
export function histogramCountQuery(source: MetricSource, name: string, rangeSeconds: number): string {
  return growth('increase', `${source.prefix}${name}_count`, source.selector, rangeSeconds);
}

export function counterIncreaseQuery(
  source: MetricSource,
  name: string,
  splitBy: readonly string[],
  rangeSeconds: number,
): string {
  return growth('increase', `${source.prefix}${name}`, source.selector, rangeSeconds, splitBy);
}

/** Idle gives no sample instead of NaN: nothing was looked up, so there is no rate (metrics §7.1). */
export function ratioQuery(source: MetricSource, names: RatioNames, rangeSeconds: number): string {
  const of = (name: string) => growth('rate', `${source.prefix}${name}`, source.selector, rangeSeconds);
  return `${of(names.part)} / (${of(names.whole)} > 0)`;
}

/** The expression behind the curve of a metric, as it is shown and can be pasted into a console. */
export function curveQuery(source: MetricSource, percentile: number, rateWindowSeconds: number): string {
  const { row, candidate, prefix, selector } = source;
  if (row.kind === 'ratio') return ratioQuery(source, asRatio(candidate), rateWindowSeconds);
  const name = asName(candidate);
  switch (row.kind) {
    case 'histogram':
      return `histogram_quantile(${percentile / 100}, ${bucketsQuery(source, name, rateWindowSeconds)})`;
    case 'gauge': {
      const series = `${prefix}${name}{${matchers(selector)}}`;
      return row.acrossPods === 'max' ? `max (${series})` : `sum (max by (pod, engine) (${series}))`;
    }
    case 'counter':
      return growth('rate', `${prefix}${name}`, selector, rateWindowSeconds, row.splitBy);
  }
}

function asName(candidate: string | RatioNames): string {
  if (typeof candidate === 'string') return candidate;
  throw new TypeError('A ratio has two names');
}

function asRatio(candidate: string | RatioNames): RatioNames {
  if (typeof candidate !== 'string') return candidate;
  throw new TypeError('A ratio needs two names');
}
