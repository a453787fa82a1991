import 'server-only';
import { type AnyRow, PREFIXES, presenceName, type RatioNames } from '@/lib/domain/metrics-table';
import type { ResolvedMetric, SeriesNames } from './queries';
import type { FoundSeries } from './survey';

/** The metric under the names that the arm's pods use and have used; `null` when none of its names is there. */
export function resolveMetric(
  row: AnyRow,
  found: readonly FoundSeries[],
  ended: readonly FoundSeries[],
): ResolvedMetric | null {
  const [first, ...others] = fewestNames(candidatesOf(row), found, ended);
  return first === undefined ? null : named(row, [first, ...others]);
}

/** The metric under its newest name and the plain prefix: what is shown as asked for when nothing was found. */
export function unresolvedMetric(row: AnyRow): ResolvedMetric {
  const [first] = candidatesOf(row);
  if (first === undefined) throw new RangeError(`The metric ${row.id} has no name`);
  return named(row, [first]);
}

/** What a resolved metric is known by. */
export function familyOf(metric: ResolvedMetric): string {
  return (metric.kind === 'ratio' ? metric.part : metric.series).join(' or ');
}

/** Every name that was looked for, in the order of preference. */
export function triedNames(row: AnyRow): string[] {
  return candidatesOf(row).map(({ presence }) => presence);
}

/** The pods that export the metric under a name that it was resolved to. */
export function podsWithMetric(
  row: AnyRow,
  metric: ResolvedMetric,
  found: readonly FoundSeries[],
): ReadonlySet<string> {
  const names = metric.kind === 'ratio' ? metric.part : metric.series;
  const suffix = row.kind === 'histogram' ? '_count' : '';
  return new Set(names.flatMap((name) => [...podsOf(`${name}${suffix}`, found)]));
}

/** One way a metric may be called. */
interface Candidate {
  prefix: string;
  name: string | RatioNames;
  /** Series whose presence shows that it is called so. */
  presence: string;
}

/** Plain names before renamed ones, newer before older (metrics §2.4, §6.3). */
function candidatesOf(row: AnyRow): Candidate[] {
  return PREFIXES[row.source].flatMap((prefix) =>
    row.names.map((name) => ({ prefix, name, presence: prefix + presenceName(row, name) })),
  );
}

/**
 * One name where one covers all pods that have the metric at all; the most usual first, of equal ones the preferred. Further
 * names only for the pods that lack it, so that no pod is read twice. `ended`: series of the window that are no more; a pod
 * that came back as another release under its old name (a LeaderWorkerSet's does) has had another name before.
 */
export function fewestNames<T extends { presence: string }>(
  candidates: readonly T[],
  found: readonly FoundSeries[],
  ended: readonly FoundSeries[],
): T[] {
  const chosen: T[] = [];
  for (const series of [found, ended]) {
    const left = new Set(candidates.flatMap(({ presence }) => [...podsOf(presence, series)]));
    const cover = ({ presence }: T): void => {
      for (const pod of podsOf(presence, series)) left.delete(pod);
    };
    chosen.forEach(cover);
    while (left.size > 0) {
      const gains = candidates.map(
        ({ presence }) => [...podsOf(presence, series)].filter((pod) => left.has(pod)).length,
      );
      const next = candidates[gains.indexOf(Math.max(...gains))];
      if (next === undefined) break;
      chosen.push(next);
      cover(next);
    }
  }
  return chosen;
}

function podsOf(name: string, found: readonly FoundSeries[]): Set<string> {
  return new Set(found.filter((series) => series.name === name).map(({ pod }) => pod));
}

function named(row: AnyRow, candidates: readonly [Candidate, ...Candidate[]]): ResolvedMetric {
  const [first, ...others] = candidates;
  const all = (read: (candidate: Candidate) => string): SeriesNames => [read(first), ...others.map(read)];
  const series = all(({ prefix, name }) => prefix + (typeof name === 'string' ? name : name.part));
  switch (row.kind) {
    case 'histogram':
      return { kind: 'histogram', series };
    case 'gauge':
      return { kind: 'gauge', series, acrossPods: row.acrossPods, scale: row.scale };
    case 'counter': {
      const { splitBy, only, outOf } = row;
      return {
        kind: 'counter',
        series,
        splitBy,
        ...(only === undefined ? {} : { only }),
        ...(outOf === undefined ? {} : { outOf }),
      };
    }
    case 'ratio':
      return {
        kind: 'ratio',
        part: series,
        whole: all(({ prefix, name }) => prefix + (typeof name === 'string' ? name : name.whole)),
      };
  }
}
