import 'server-only';
import type { PodLogQuery } from '@/lib/contracts/pod-log';
import type { ClusterSnapshot } from '@/lib/domain/cluster';
import { armOf } from '@/lib/domain/objects/arms';
import { engineContainer } from '@/lib/domain/objects/engine-arguments';
import type { DemoSettings } from '@/lib/domain/settings';
import type { Clock } from './clock';
import { streamEvents } from './http/event-stream';
import { HttpProblem } from './http/problem';
import { followPodLog, type LogTarget } from './kubernetes/pod-log';

/** Each open log is a connection to the API server. */
const MAX_OPEN_LOGS = 8;

export interface PodLogService {
  /** The body of the answer; throws an HttpProblem before anything is opened. */
  stream(query: PodLogQuery, signal: AbortSignal): ReadableStream<Uint8Array>;
}

export interface PodLogServiceOptions {
  settings: DemoSettings;
  cluster: () => ClusterSnapshot;
  open: (path: string, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
  clock: Clock;
}

export function createPodLogService({ settings, cluster, open, clock }: PodLogServiceOptions): PodLogService {
  let openLogs = 0;
  return {
    stream(query, signal) {
      const target = findLogTarget(query, cluster(), settings);
      if (openLogs >= MAX_OPEN_LOGS) {
        throw new HttpProblem(503, 'too-many-logs', `${MAX_OPEN_LOGS} logs are open already. Close one.`);
      }
      openLogs += 1;
      return streamEvents(async (tell, leaving) => {
        try {
          for await (const event of followPodLog({ target, open, signal: leaving, clock })) tell(event);
        } finally {
          openLogs -= 1;
        }
      }, signal);
    },
  };
}

/** A pod of either arm or its picker; nobody else's log is read from here. */
export function findLogTarget(
  { uid }: PodLogQuery,
  cluster: ClusterSnapshot,
  settings: DemoSettings,
): LogTarget {
  const pod = cluster.resources.pods.items.find(
    (item) => item.meta.uid === uid && armOf(item, settings) !== 'other',
  );
  const container =
    pod === undefined
      ? undefined
      : (engineContainer(pod) ?? pod.containers.find(({ kind }) => kind === 'app'));
  if (pod === undefined || container === undefined) {
    throw new HttpProblem(404, 'unknown-pod', "No pod of the demo's two services has that uid.", 'uid');
  }
  return { namespace: settings.namespace, pod: pod.meta.name, container: container.name };
}
