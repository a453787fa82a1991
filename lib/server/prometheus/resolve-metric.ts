import 'server-only';
import { METRIC_PREFIXES, type MetricPrefix, type MetricRow, presenceName } from '@/lib/domain/metrics-table';
import type { ResolvedMetric } from './queries';
import type { FoundSeries } from './survey';

/** The metric under the name that the arm's engines use; `null` when none of its names is there. */
export function resolveMetric(
  row: MetricRow,
  prefix: MetricPrefix | null,
  found: readonly FoundSeries[],
): ResolvedMetric | null {
  if (prefix === null) return null;
  const coverage = row.names.map((candidate) => podsWith(prefix + presenceName(row, candidate), found));
  const widest = Math.max(...coverage);
  // The newest name wins where several cover the same pods.
  return widest === 0 ? null : named(row, prefix, coverage.indexOf(widest));
}

/** The metric under its newest name and the plain prefix: what is shown as asked for when nothing was found. */
export function unresolvedMetric(row: MetricRow): ResolvedMetric {
  return named(row, METRIC_PREFIXES[0], 0);
}

/** The name a resolved metric is known by. */
export function familyOf(metric: ResolvedMetric): string {
  return metric.kind === 'ratio' ? metric.part : metric.series;
}

/** Every name that was looked for, in the order of preference. */
export function triedNames(row: MetricRow): string[] {
  return METRIC_PREFIXES.flatMap((prefix) =>
    row.names.map((candidate) => prefix + presenceName(row, candidate)),
  );
}

function podsWith(name: string, found: readonly FoundSeries[]): number {
  return new Set(found.filter((series) => series.name === name).map(({ pod }) => pod)).size;
}

function named(row: MetricRow, prefix: MetricPrefix, index: number): ResolvedMetric {
  switch (row.kind) {
    case 'histogram':
      return { kind: 'histogram', series: prefix + candidateAt(row.names, index) };
    case 'gauge':
      return { kind: 'gauge', series: prefix + candidateAt(row.names, index), acrossPods: row.acrossPods };
    case 'counter':
      return { kind: 'counter', series: prefix + candidateAt(row.names, index), splitBy: row.splitBy };
    case 'ratio': {
      const { part, whole } = candidateAt(row.names, index);
      return { kind: 'ratio', part: prefix + part, whole: prefix + whole };
    }
  }
}

function candidateAt<T>(names: readonly T[], index: number): T {
  const candidate = names[index];
  if (candidate === undefined) throw new RangeError(`A metric has no name number ${index}`);
  return candidate;
}
