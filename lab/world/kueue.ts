/** Kueue, for plain pods: gates, Workloads, quota, admission (facts: kubernetes-objects §5.7). */
import type { ClusterAccess } from './cluster-access.ts';
import { setCondition } from './conditions.ts';
import type { EventRecorder } from './event-recorder.ts';
import { QUEUE_LABEL } from './kueue-labels.ts';
import {
  assignFlavor,
  CLUSTER_QUEUES,
  type ClusterQueue,
  FLAVORS,
  isReserving,
  LOCAL_QUEUES,
  type LocalQueue,
  type ResourceFlavor,
  requestTexts,
  totalsOf,
  WORKLOADS,
  type Workload,
} from './kueue-quota.ts';
import { createWorkQueue } from './work-queue.ts';
import { isTerminal, isTerminating, type Pod } from './workload-types.ts';

const GATES = new Set(['kueue.x-k8s.io/admission', 'kueue.x-k8s.io/topology']);
const REACTION_MS = 150;
const SOURCE = { component: 'kueue-admission' };

export function startKueue(cluster: ClusterAccess, events: EventRecorder): () => void {
  const reservingIn = (clusterQueue: string): Workload[] =>
    cluster
      .list<Workload>(WORKLOADS)
      .filter(
        (workload) => isReserving(workload) && workload.status?.admission?.clusterQueue === clusterQueue,
      );

  const workloadOf = (pod: Pod): Workload | undefined =>
    cluster
      .list<Workload>(WORKLOADS, pod.metadata.namespace)
      .find(({ metadata }) => metadata.labels?.['kueue.x-k8s.io/job-uid'] === pod.metadata.uid);

  const createWorkload = (pod: Pod): Workload => {
    const { namespace = '', name, uid = '' } = pod.metadata;
    return cluster.create<Workload>(
      WORKLOADS,
      {
        name: `pod-${name}-${cluster.identifiers.hex(5)}`,
        namespace,
        generation: 1,
        finalizers: ['kueue.x-k8s.io/resource-in-use'],
        labels: { 'kueue.x-k8s.io/job-uid': uid },
        ownerReferences: [
          { apiVersion: 'v1', blockOwnerDeletion: true, controller: true, kind: 'Pod', name, uid },
        ],
      },
      {
        spec: {
          active: true,
          podSets: [{ count: 1, name: 'main', template: { metadata: {}, spec: pod.spec } }],
          priority: 0,
          priorityClassSource: '',
          queueName: pod.metadata.labels?.[QUEUE_LABEL] ?? '',
        },
      },
    );
  };

  const admit = (pod: Pod, workload: Workload, queue: ClusterQueue, flavor: ResourceFlavor): void => {
    const clusterQueue = queue.metadata.name;
    const resourceUsage = requestTexts(pod);
    const now = cluster.now();
    const waitedSeconds = Math.max(
      0,
      Math.round((cluster.clock.nowMs() - Date.parse(workload.metadata.creationTimestamp ?? now)) / 1000),
    );
    cluster.update(WORKLOADS, workload, (draft) => {
      const kept = (draft.status?.conditions ?? []).filter(
        ({ type }) => type !== 'QuotaReserved' && type !== 'Admitted',
      );
      draft.status = {
        admission: {
          clusterQueue,
          podSetAssignments: [
            {
              count: 1,
              flavors: Object.fromEntries(
                Object.keys(resourceUsage).map((resource) => [resource, flavor.metadata.name]),
              ),
              name: 'main',
              resourceUsage,
            },
          ],
        },
        conditions: [
          ...kept,
          {
            type: 'QuotaReserved',
            status: 'True',
            reason: 'QuotaReserved',
            message: `Quota reserved in ClusterQueue ${clusterQueue}`,
            lastTransitionTime: now,
            observedGeneration: 1,
          },
          {
            type: 'Admitted',
            status: 'True',
            reason: 'Admitted',
            message: 'The workload is admitted',
            lastTransitionTime: now,
            observedGeneration: 1,
          },
        ],
      };
    });
    events.record(
      workload,
      'Normal',
      'QuotaReserved',
      `Quota reserved in ClusterQueue ${clusterQueue}, wait time since queued was ${waitedSeconds}s`,
      SOURCE,
    );
    events.record(
      workload,
      'Normal',
      'Admitted',
      `Admitted by ClusterQueue ${clusterQueue}, wait time since reservation was 0s`,
      SOURCE,
    );
    cluster.update('pods', pod, (draft) => {
      const { schedulingGates = [], ...spec } = draft.spec;
      const others = schedulingGates.filter(({ name }) => !GATES.has(name));
      const tolerated = new Set((spec.tolerations ?? []).map(({ key }) => key));
      draft.spec = {
        ...spec,
        ...(others.length === 0 ? {} : { schedulingGates: others }),
        nodeSelector: { ...spec.nodeSelector, ...flavor.spec?.nodeLabels },
        tolerations: [
          ...(spec.tolerations ?? []),
          ...(flavor.spec?.tolerations ?? []).filter(({ key }) => !tolerated.has(key)),
        ],
      };
      draft.metadata.labels = { ...draft.metadata.labels, 'kueue.x-k8s.io/podset': 'main' };
      draft.status.conditions = (draft.status.conditions ?? []).filter(
        ({ reason }) => reason !== 'SchedulingGated',
      );
    });
  };

  const hold = (pod: Pod, workload: Workload, message: string): void => {
    const isNew =
      workload.status?.conditions?.some(
        ({ type, message: known }) => type === 'QuotaReserved' && known === message,
      ) !== true;
    cluster.update(WORKLOADS, workload, (draft) => {
      draft.status = {
        ...draft.status,
        conditions: setCondition(
          draft.status?.conditions ?? [],
          { type: 'QuotaReserved', status: 'False', reason: 'Pending', message },
          cluster.now(),
          { observedGeneration: 1 },
        ),
        resourceRequests: [{ name: 'main', resources: requestTexts(pod) }],
      };
    });
    cluster.update('pods', pod, (draft) => {
      draft.status.conditions = setCondition(
        draft.status.conditions ?? [],
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'SchedulingGated',
          message: 'Scheduling is blocked due to non-empty scheduling gates',
        },
        cluster.now(),
        { lastProbeTime: null },
      );
    });
    if (isNew) events.record(workload, 'Warning', 'Pending', message, SOURCE);
  };

  const isGated = (pod: Pod): boolean =>
    !isTerminating(pod) &&
    !isTerminal(pod) &&
    (pod.spec.schedulingGates ?? []).some(({ name }) => GATES.has(name));

  const admitWaiting = (): void => {
    const waiting = cluster
      .list<Pod>('pods')
      .filter(isGated)
      .toSorted(
        (a, b) =>
          (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '') ||
          a.metadata.name.localeCompare(b.metadata.name),
      );
    for (const pod of waiting) {
      const workload = workloadOf(pod) ?? createWorkload(pod);
      const localQueue = cluster.get<LocalQueue>(
        LOCAL_QUEUES,
        pod.metadata.namespace,
        pod.metadata.labels?.[QUEUE_LABEL] ?? '',
      );
      if (localQueue === undefined) {
        hold(pod, workload, `LocalQueue ${pod.metadata.labels?.[QUEUE_LABEL]} doesn't exist`);
        continue;
      }
      const queue = cluster.get<ClusterQueue>(CLUSTER_QUEUES, undefined, localQueue.spec.clusterQueue);
      const isOpen = queue !== undefined && (queue.spec.stopPolicy ?? 'None') === 'None';
      if (!isOpen) {
        hold(pod, workload, `ClusterQueue ${localQueue.spec.clusterQueue} is inactive`);
        continue;
      }
      const assignment = assignFlavor(cluster, queue, reservingIn(queue.metadata.name), pod);
      if ('flavor' in assignment) admit(pod, workload, queue, assignment.flavor);
      else hold(pod, workload, assignment.problem);
    }
    report();
  };

  /** Counters of every queue, from the Workloads that exist. */
  const report = (): void => {
    const workloads = cluster.list<Workload>(WORKLOADS).filter((workload) => !isTerminating(workload));
    const localQueues = cluster.list<LocalQueue>(LOCAL_QUEUES);
    const isIn = (queue: LocalQueue, workload: Workload): boolean =>
      workload.metadata.namespace === queue.metadata.namespace &&
      workload.spec.queueName === queue.metadata.name;
    for (const queue of cluster.list<ClusterQueue>(CLUSTER_QUEUES)) {
      const reserving = reservingIn(queue.metadata.name).filter((workload) => !isTerminating(workload));
      const feeding = localQueues.filter(({ spec }) => spec.clusterQueue === queue.metadata.name);
      const pending = workloads.filter(
        (workload) => !isReserving(workload) && feeding.some((local) => isIn(local, workload)),
      );
      cluster.update(CLUSTER_QUEUES, queue, (draft) => {
        const totals = totalsOf(draft, reserving, true);
        draft.status = {
          ...draft.status,
          admittedWorkloads: reserving.length,
          reservingWorkloads: reserving.length,
          pendingWorkloads: pending.length,
          flavorsReservation: totals,
          flavorsUsage: totals,
        };
      });
      for (const local of feeding) {
        const own = reserving.filter((workload) => isIn(local, workload));
        const totals = totalsOf(queue, own, false);
        cluster.update(LOCAL_QUEUES, local, (draft) => {
          draft.status = {
            ...draft.status,
            admittedWorkloads: own.length,
            reservingWorkloads: own.length,
            pendingWorkloads: pending.filter((workload) => isIn(local, workload)).length,
            flavorsReservation: totals,
            flavorUsage: totals,
          };
        });
      }
    }
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, admitWaiting);
  cluster.onChange(['pods'], ({ type, object }) => {
    const isManaged = object.metadata.labels?.['kueue.x-k8s.io/managed'] === 'true';
    if (isManaged && (type === 'DELETED' || isGated(object as Pod))) queue.add('admission');
  });
  cluster.onChange([WORKLOADS], ({ type }) => {
    if (type === 'DELETED') queue.add('admission');
  });
  cluster.onChange([CLUSTER_QUEUES, LOCAL_QUEUES, FLAVORS], ({ type, object, previous }) => {
    const isOwnReport = type === 'MODIFIED' && object.metadata.generation === previous?.metadata.generation;
    if (!isOwnReport) queue.add('admission');
  });
  return queue.stop;
}
