import 'server-only';
import { type MetricSource, PREFIXES, presenceName } from '@/lib/domain/metrics-table';
import { FURTHER_METRICS } from '@/lib/domain/metrics-table-further';
import type { DemoSettings } from '@/lib/domain/settings';
import type { Arm } from '@/lib/domain/vocabulary';
import { escapePattern } from './label-matcher';
import { type ArmSelector, matchers, promDuration, type SeriesLabels } from './queries';
import type { QueryBatch } from './query-batch';
import type { FoundSeries } from './survey';
import type { WireQueryData } from './wire';

/** A source besides the engines: how its series of one arm are asked for, and which there are. */
export interface FurtherView {
  selector: ArmSelector;
  found: readonly FoundSeries[];
  pods: readonly string[];
}

export type FurtherViews = { gpu: Record<Arm, FurtherView>; picker: Record<Arm, FurtherView> };

/** One pod may hold several GPUs; nodes number theirs alike, so the UUID tells them apart (demo-environment §11.6 F). */
const GPU_LABELS: Pick<SeriesLabels, 'within'> = { within: ['gpu', 'UUID'] };
/** The exporter's own pod is in `pod`; the workload is in `exported_pod`, or in `pod` with honorLabels (metrics §4). */
const GPU_STYLES: readonly SeriesLabels[] = [
  { namespace: 'exported_namespace', pod: 'exported_pod', ...GPU_LABELS },
  { namespace: 'namespace', pod: 'pod', ...GPU_LABELS },
];
/** The GPUs that an arm's pods hold, under each of the ways their series may be labelled. */
export function gpuSelectors(engines: ArmSelector): (ArmSelector & { labels: SeriesLabels })[] {
  return GPU_STYLES.map((labels) => ({ ...engines, labels }));
}

const PICKER_LABELS: SeriesLabels = {
  namespace: 'namespace',
  pod: 'pod',
  within: ['name', 'model_name', 'target_model_name', 'fairness_id', 'priority'],
};

function soughtOf(source: MetricSource): string {
  const names = FURTHER_METRICS.filter((row) => row.source === source).flatMap((row) =>
    row.names.map((candidate) => presenceName(row, candidate)),
  );
  const prefix = PREFIXES[source].includes('kserve_') ? '(kserve_)?' : '';
  return `__name__=~"${prefix}(${[...new Set(names)].sort().join('|')})"`;
}

/** What there was at some time in the window: a pod that has gone keeps its line (`last_over_time` keeps the name). */
export function furtherDiscoveryQuery(
  source: 'gpu' | 'picker',
  selector: ArmSelector,
  windowSeconds: number,
): string {
  const pod = selector.labels?.pod ?? 'pod';
  const series = `{${soughtOf(source)},${matchers(selector)}}[${promDuration(windowSeconds)}]`;
  return `count by (__name__, job, ${pod}) (last_over_time(${series}))`;
}

/** Scheduler pods of the distributed arm (metrics §6.2). */
export function pickerSelector(settings: DemoSettings): ArmSelector {
  return {
    namespace: settings.namespace,
    podPattern: `${escapePattern(settings.distributedName)}-kserve-router-scheduler-.+`,
    labels: PICKER_LABELS,
  };
}

/** Finds out which series of the GPUs and of the endpoint picker there are, and how they are labelled. */
export async function seeFurtherSources(
  batch: QueryBatch,
  settings: DemoSettings,
  engines: Record<Arm, ArmSelector>,
  windowSeconds: number,
): Promise<FurtherViews> {
  const look = (source: 'gpu' | 'picker', selector: ArmSelector) =>
    see(batch, source, selector, windowSeconds);
  const gpu = async (arm: Arm): Promise<FurtherView> => {
    const views = await Promise.all(gpuSelectors(engines[arm]).map((selector) => look('gpu', selector)));
    return views.reduce((best, next) => (next.pods.length > best.pods.length ? next : best));
  };
  const [baseline, distributed, picker] = await Promise.all([
    gpu('baseline'),
    gpu('distributed'),
    look('picker', pickerSelector(settings)),
  ]);
  return { gpu: { baseline, distributed }, picker: { baseline: picker, distributed: picker } };
}

async function see(
  batch: QueryBatch,
  source: 'gpu' | 'picker',
  selector: ArmSelector,
  windowSeconds: number,
): Promise<FurtherView> {
  const answer = await batch.instant(furtherDiscoveryQuery(source, selector, windowSeconds));
  const found = answer.ok ? toFound(answer.value, selector.labels?.pod ?? 'pod') : [];
  return { selector, found, pods: [...new Set(found.map(({ pod }) => pod))].sort() };
}

function toFound(data: WireQueryData, podLabel: string): FoundSeries[] {
  if (data.resultType !== 'vector') return [];
  return data.result.flatMap(({ metric }) => {
    const pod = metric[podLabel];
    return metric.__name__ === undefined || pod === undefined || pod === ''
      ? []
      : [{ name: metric.__name__, job: metric.job ?? '', pod }];
  });
}
