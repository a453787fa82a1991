/** Kueue, for plain pods: gates, Workloads, quota, admission (facts: kubernetes-objects §5.7). */
import type { Condition, KubernetesObject } from '../kubernetes-api/object.ts';
import { formatCpu, formatMemory, parseQuantity } from '../kubernetes-api/quantity.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { setCondition } from './conditions.ts';
import type { EventRecorder } from './event-recorder.ts';
import { QUEUE_LABEL } from './kueue-labels.ts';
import { podRequests } from './pod-resources.ts';
import { createWorkQueue } from './work-queue.ts';
import { isTerminal, isTerminating, type Pod, type Toleration } from './workload-types.ts';

const WORKLOADS = 'workloads.kueue.x-k8s.io';
const CLUSTER_QUEUES = 'clusterqueues.kueue.x-k8s.io';
const LOCAL_QUEUES = 'localqueues.kueue.x-k8s.io';
const FLAVORS = 'resourceflavors.kueue.x-k8s.io';
const GATES = new Set(['kueue.x-k8s.io/admission', 'kueue.x-k8s.io/topology']);
const REACTION_MS = 150;
const SOURCE = { component: 'kueue-admission' };

interface FlavorQuota {
  name: string;
  resources: { name: string; nominalQuota: string | number }[];
}

interface ClusterQueue extends KubernetesObject {
  spec: { resourceGroups?: { coveredResources: string[]; flavors: FlavorQuota[] }[]; stopPolicy?: string };
  status?: Record<string, unknown>;
}

interface LocalQueue extends KubernetesObject {
  spec: { clusterQueue: string };
  status?: Record<string, unknown>;
}

interface ResourceFlavor extends KubernetesObject {
  spec?: { nodeLabels?: Record<string, string>; tolerations?: Toleration[] };
}

interface Workload extends KubernetesObject {
  spec: { queueName: string; podSets: unknown[] };
  status?: {
    admission?: {
      clusterQueue: string;
      podSetAssignments: {
        name: string;
        count: number;
        flavors: Record<string, string>;
        resourceUsage: Record<string, string>;
      }[];
    };
    conditions?: Condition[];
    resourceRequests?: unknown[];
  };
}

function formatAmount(resource: string, amount: number): string {
  if (resource === 'cpu') return formatCpu(amount);
  return resource === 'memory' ? formatMemory(amount) : String(amount);
}

function isReserving(workload: Workload): boolean {
  return (
    workload.status?.conditions?.some(({ type, status }) => type === 'QuotaReserved' && status === 'True') ===
    true
  );
}

/** Totals of the reserving workloads by flavor and resource. */
function usageByFlavor(workloads: Workload[]): Map<string, Map<string, number>> {
  const usage = new Map<string, Map<string, number>>();
  for (const workload of workloads) {
    for (const { flavors, resourceUsage } of workload.status?.admission?.podSetAssignments ?? []) {
      for (const [resource, flavor] of Object.entries(flavors)) {
        const totals = usage.get(flavor) ?? new Map<string, number>();
        usage.set(flavor, totals);
        totals.set(resource, (totals.get(resource) ?? 0) + parseQuantity(resourceUsage[resource] ?? '0'));
      }
    }
  }
  return usage;
}

type Assignment = { flavor: ResourceFlavor } | { problem: string };

export function startKueue(cluster: ClusterAccess, events: EventRecorder): () => void {
  const reservingIn = (clusterQueue: string): Workload[] =>
    cluster
      .list<Workload>(WORKLOADS)
      .filter(
        (workload) => isReserving(workload) && workload.status?.admission?.clusterQueue === clusterQueue,
      );

  /** The first flavor whose nodes the pod may use and whose quota still has room. */
  const assign = (queue: ClusterQueue, pod: Pod): Assignment => {
    const requests = podRequests(pod.spec);
    const usage = usageByFlavor(reservingIn(queue.metadata.name));
    const problems: string[] = [];
    for (const { name, resources } of queue.spec.resourceGroups?.[0]?.flavors ?? []) {
      const flavor = cluster.get<ResourceFlavor>(FLAVORS, undefined, name);
      if (flavor === undefined) continue;
      const nodeLabels = flavor.spec?.nodeLabels ?? {};
      const conflicting = Object.entries(pod.spec.nodeSelector ?? {}).find(
        ([key, value]) => key in nodeLabels && nodeLabels[key] !== value,
      );
      if (conflicting !== undefined) {
        problems.push(`flavor ${name} doesn't match node affinity`);
        continue;
      }
      const lacking = resources.flatMap(({ name: resource, nominalQuota }) => {
        const free = parseQuantity(nominalQuota) - (usage.get(name)?.get(resource) ?? 0);
        const missing = (requests[resource] ?? 0) - free;
        return missing > 1e-9
          ? [
              `insufficient unused quota for ${resource} in flavor ${name}, ${formatAmount(resource, missing)} more needed`,
            ]
          : [];
      });
      if (lacking.length === 0) return { flavor };
      problems.push(...lacking);
    }
    return {
      problem: `couldn't assign flavors to pod set main: ${problems.filter((text) => text.startsWith('insufficient')).join(', ') || problems.join(', ')}`,
    };
  };

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

  const requestTexts = (pod: Pod): Record<string, string> =>
    Object.fromEntries(
      Object.entries(podRequests(pod.spec))
        .filter(([, amount]) => amount > 0)
        .map(([resource, amount]) => [resource, formatAmount(resource, amount)]),
    );

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
      const assignment = assign(queue, pod);
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

  const totalsOf = (queue: ClusterQueue, reserving: Workload[], withBorrowed: boolean): unknown[] => {
    const usage = usageByFlavor(reserving);
    return (queue.spec.resourceGroups ?? []).flatMap(({ flavors }) =>
      flavors.map(({ name, resources }) => ({
        name,
        resources: resources
          .map((resource) => resource.name)
          .sort()
          .map((resource) => ({
            ...(withBorrowed ? { borrowed: '0' } : {}),
            name: resource,
            total: formatAmount(resource, usage.get(name)?.get(resource) ?? 0),
          })),
      })),
    );
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
