/** Kueue's visibility API: who waits in a queue, in which order (visibility.kueue.x-k8s.io, computed when asked). */
import type { ComputedResource } from '../kubernetes-api/computed-resource.ts';
import type { ClusterAccess } from './cluster-access.ts';
import {
  CLUSTER_QUEUES,
  type ClusterQueue,
  isReserving,
  LOCAL_QUEUES,
  type LocalQueue,
  WORKLOADS,
  type Workload,
} from './kueue-quota.ts';
import { isTerminating } from './workload-types.ts';

const GROUP = 'visibility.kueue.x-k8s.io';
const VERSION = 'v1beta1';
const SUMMARY = 'PendingWorkloadsSummary';

interface PendingWorkload {
  metadata: Record<string, unknown>;
  priority: number;
  localQueueName: string;
  positionInClusterQueue: number;
  positionInLocalQueue: number;
}

function feeding(cluster: ClusterAccess, clusterQueue: string): LocalQueue[] {
  return cluster.list<LocalQueue>(LOCAL_QUEUES).filter(({ spec }) => spec.clusterQueue === clusterQueue);
}

/** Waiting Workloads of a cluster queue, the next one first: oldest first, as Kueue admits them here. */
export function pendingWorkloads(cluster: ClusterAccess, clusterQueue: string): PendingWorkload[] {
  const queues = new Set(
    feeding(cluster, clusterQueue).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  );
  const queueOf = ({ metadata, spec }: Workload): string => `${metadata.namespace}/${spec.queueName}`;
  const waiting = cluster
    .list<Workload>(WORKLOADS)
    .filter((workload) => !isReserving(workload) && !isTerminating(workload) && queues.has(queueOf(workload)))
    .toSorted(
      (a, b) =>
        (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '') ||
        a.metadata.name.localeCompare(b.metadata.name),
    );
  const inLocalQueue = new Map<string, number>();
  return waiting.map((workload, position) => {
    const { name, namespace, creationTimestamp, ownerReferences } = workload.metadata;
    const queue = queueOf(workload);
    const positionInLocalQueue = inLocalQueue.get(queue) ?? 0;
    inLocalQueue.set(queue, positionInLocalQueue + 1);
    return {
      metadata: { name, namespace, creationTimestamp, ownerReferences },
      priority: 0,
      localQueueName: workload.spec.queueName,
      positionInClusterQueue: position,
      positionInLocalQueue,
    };
  });
}

function summary(items: readonly PendingWorkload[]): unknown {
  return { kind: SUMMARY, apiVersion: `${GROUP}/${VERSION}`, metadata: {}, items };
}

export function kueueVisibility(cluster: ClusterAccess): ComputedResource[] {
  const common = { group: GROUP, version: VERSION, subresource: 'pendingworkloads', kind: SUMMARY };
  const isInstalled = (): boolean =>
    cluster.get('customresourcedefinitions.apiextensions.k8s.io', undefined, CLUSTER_QUEUES) !== undefined;
  return [
    {
      ...common,
      plural: 'clusterqueues',
      singular: 'clusterqueue',
      isNamespaced: false,
      isInstalled,
      answer: (_namespace, name) =>
        cluster.get<ClusterQueue>(CLUSTER_QUEUES, undefined, name) === undefined
          ? undefined
          : summary(pendingWorkloads(cluster, name)),
    },
    {
      ...common,
      plural: 'localqueues',
      singular: 'localqueue',
      isNamespaced: true,
      isInstalled,
      answer: (namespace, name) => {
        const queue = cluster.get<LocalQueue>(LOCAL_QUEUES, namespace, name);
        if (queue === undefined) return undefined;
        return summary(
          pendingWorkloads(cluster, queue.spec.clusterQueue).filter(
            ({ metadata, localQueueName }) => metadata.namespace === namespace && localQueueName === name,
          ),
        );
      },
    },
  ];
}
