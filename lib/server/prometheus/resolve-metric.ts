import 'server-only';
import { type AnyRow, PREFIXES, presenceName } from '@/lib/domain/metrics-table';
import type { ResolvedMetric } from './queries';
import type { FoundSeries } from './survey';

/** The metric under the name that the arm's engines use; `null` when none of its names is there. */
export function resolveMetric(
  row: AnyRow,
  prefix: string | null,
  found: readonly FoundSeries[],
): ResolvedMetric | null {
  if (prefix === null) return null;
  const coverage = row.names.map((candidate) => podsWith(prefix + presenceName(row, candidate), found));
  const widest = Math.max(...coverage);
  // The newest name wins where several cover the same pods.
  return widest === 0 ? null : named(row, prefix, coverage.indexOf(widest));
}

/** The metric under its newest name and the plain prefix: what is shown as asked for when nothing was found. */
export function unresolvedMetric(row: AnyRow): ResolvedMetric {
  return named(row, PREFIXES[row.source][0] ?? '', 0);
}

/** The name a resolved metric is known by. */
export function familyOf(metric: ResolvedMetric): string {
  return metric.kind === 'ratio' ? metric.part : metric.series;
}

/** Every name that was looked for, in the order of preference. */
export function triedNames(row: AnyRow): string[] {
  return PREFIXES[row.source].flatMap((prefix) =>
    row.names.map((candidate) => prefix + presenceName(row, candidate)),
  );
}

function podsWith(name: string, found: readonly FoundSeries[]): number {
  return podsOf(name, found).size;
}

/** The pods that export the metric under the name it was resolved to. */
export function podsWithMetric(
  row: AnyRow,
  metric: ResolvedMetric,
  found: readonly FoundSeries[],
): ReadonlySet<string> {
  return podsOf(presenceSeries(row, metric), found);
}

function presenceSeries(row: AnyRow, metric: ResolvedMetric): string {
  const name = familyOf(metric);
  return row.kind === 'histogram' ? `${name}_count` : name;
}

function podsOf(name: string, found: readonly FoundSeries[]): Set<string> {
  return new Set(found.filter((series) => series.name === name).map(({ pod }) => pod));
}

function named(row: AnyRow, prefix: string, index: number): ResolvedMetric {
  switch (row.kind) {
    case 'histogram':
      return { kind: 'histogram', series: prefix + candidateAt(row.names, index) };
    case 'gauge':
      return {
        kind: 'gauge',
        series: prefix + candidateAt(row.names, index),
        acrossPods: row.acrossPods,
        scale: row.scale,
      };
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
