import 'server-only';
import type { BreakdownPart, Point } from '@/lib/domain/compare';
import type { PodRole } from '@/lib/domain/vocabulary';
import { escapePattern } from './label-matcher';
import { type ArmSelector, curveQuery, histogramMeanQuery, type Parts, type ResolvedMetric } from './queries';
import type { SeriesFrame } from './read-series';
import type { SeriesAsker } from './series-asker';
import { toIso } from './to-series';

/** The role of each engine pod that the cluster knows now; pods that are gone have none. */
export type PodRoles = ReadonlyMap<string, PodRole>;

export interface BreakdownQuestion {
  selector: ArmSelector;
  pods: readonly string[];
  roles: PodRoles;
  frame: SeriesFrame;
}

/** The same metric by pod, by role where the arm's roles differ, and by what the series is split by. */
export async function readBreakdown(
  ask: SeriesAsker,
  metric: ResolvedMetric,
  question: BreakdownQuestion,
): Promise<BreakdownPart[]> {
  const split = metric.kind === 'counter' ? metric.splitBy[0] : undefined;
  const parts = await Promise.all([
    question.pods.length > 1 ? partsBy(ask, metric, question, 'pod', 'pod') : [],
    byRole(ask, metric, question),
    split === undefined
      ? []
      : partsBy(ask, metric, question, split === 'status' ? 'status' : 'reason', { label: split }),
  ]);
  return parts.flat();
}

async function partsBy(
  ask: SeriesAsker,
  metric: ResolvedMetric,
  { selector, frame }: BreakdownQuestion,
  by: BreakdownPart['by'],
  parts: Exclude<Parts, null>,
): Promise<BreakdownPart[]> {
  const { percentile, rateWindowSeconds } = frame;
  const label = parts === 'pod' ? (selector.labels?.pod ?? 'pod') : parts.label;
  const promql = curveQuery(metric, selector, percentile, rateWindowSeconds, parts);
  const [latest, means, curves] = await Promise.all([
    ask.scalarBy(promql, label),
    metric.kind === 'histogram'
      ? ask.scalarBy(histogramMeanQuery(metric.series, selector, rateWindowSeconds, parts), label)
      : new Map<string, number | null>(),
    frame.breakdown ? ask.curveBy(promql, label) : new Map<string, Point[]>(),
  ]);
  // A part that ended in the window has a curve, but no latest value.
  const names = [...new Set([...latest.keys(), ...curves.keys()])].sort();
  return names.map((name) => ({
    by,
    name,
    promql,
    latest: latest.get(name) ?? null,
    latestMean: means.get(name) ?? null,
    points: ended(curves.get(name), latest.get(name) ?? null, frame),
  }));
}

async function byRole(
  ask: SeriesAsker,
  metric: ResolvedMetric,
  { selector, pods, roles, frame }: BreakdownQuestion,
): Promise<BreakdownPart[]> {
  const podsByRole = new Map<PodRole, string[]>();
  for (const pod of pods) {
    const role = roles.get(pod);
    if (role !== undefined) podsByRole.set(role, [...(podsByRole.get(role) ?? []), pod]);
  }
  // Pods of one role are the arm itself.
  if (podsByRole.size < 2) return [];
  return Promise.all(
    [...podsByRole].map(async ([role, names]): Promise<BreakdownPart> => {
      const own = { ...selector, podPattern: names.map(escapePattern).join('|') };
      const { percentile, rateWindowSeconds } = frame;
      const promql = curveQuery(metric, own, percentile, rateWindowSeconds);
      const [latest, latestMean, curve] = await Promise.all([
        ask.scalar(promql),
        metric.kind === 'histogram'
          ? ask.scalar(histogramMeanQuery(metric.series, own, rateWindowSeconds))
          : null,
        frame.breakdown ? ask.curve(promql) : undefined,
      ]);
      return { by: 'role', name: role, promql, latest, latestMean, points: ended(curve, latest, frame) };
    }),
  );
}

/** Like the arm's own curve: it ends with the latest value. */
function ended(curve: Point[] | undefined, latest: number | null, frame: SeriesFrame): Point[] {
  return curve === undefined ? [] : [...curve, [toIso(frame.now / 1000), latest]];
}
