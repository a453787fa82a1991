import 'server-only';
import type { ClusterSnapshot } from '@/lib/domain/cluster';
import type { Compare } from '@/lib/domain/compare';
import type { EndpointPath } from '@/lib/domain/endpoints';
import type { DemoSettings } from '@/lib/domain/settings';
import type { Arm, Mode } from '@/lib/domain/vocabulary';
import { armProperties, engineRoles } from './arm-properties';
import type { Clock } from './clock';
import type { Prober } from './inference/prober';
import type { PrometheusClient } from './prometheus/client';
import type { MetricsWatch } from './prometheus/metrics-watch';
import { type CompareQuestion, type ReadCompare, readCompare } from './prometheus/read-compare';
import { takeSurvey } from './prometheus/survey';

/** Which pods lived at a past time is asked of Prometheus, not of the cluster. */
const NO_PODS = { baseline: [], distributed: [] };

export interface CompareReaderOptions {
  settings: DemoSettings;
  client: PrometheusClient | null;
  metrics: Pick<MetricsWatch, 'facts' | 'refresh' | 'survey'>;
  cluster: () => ClusterSnapshot;
  paths: () => Record<Arm, EndpointPath[]>;
  prober: Pick<Prober, 'models' | 'probedAt'>;
  mode: () => Mode;
  clock: Clock;
}

/** Asks Prometheus for the curves of a window, with what the cluster and the probes know at this moment. */
export type CompareReader = (
  question: CompareQuestion,
  signal: AbortSignal,
  previous: Compare | null,
) => Promise<ReadCompare>;

export function createCompareReader({
  settings,
  client,
  metrics,
  cluster,
  paths,
  prober,
  mode,
  clock,
}: CompareReaderOptions): CompareReader {
  return async (question, signal, previous) => {
    if (metrics.facts().source.state === 'syncing') await metrics.refresh();
    const snapshot = cluster();
    const ways = paths();
    const properties = (arm: Arm) =>
      armProperties(arm, settings, snapshot, ways[arm], prober.models(arm, 'cluster'));
    const now = question.end === null ? clock.now() : Date.parse(question.end);
    return readCompare({
      ...question,
      client,
      settings,
      // A past window is seen as it was then.
      survey:
        question.end === null || client === null
          ? metrics.survey()
          : await takeSurvey({ client, settings, livePods: NO_PODS, now, signal }),
      properties: { baseline: properties('baseline'), distributed: properties('distributed') },
      roles: engineRoles(snapshot.resources.pods.items, settings),
      probedAt: { baseline: prober.probedAt('baseline'), distributed: prober.probedAt('distributed') },
      mode: mode(),
      now,
      previous,
      signal,
    });
  };
}
