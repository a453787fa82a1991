/** Kueue's arithmetic: what Workloads use, which flavor has room, what the queues report. */
import type { Condition, KubernetesObject } from '../kubernetes-api/object.ts';
import { formatCpu, formatMemory, parseQuantity } from '../kubernetes-api/quantity.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { podRequests } from './pod-resources.ts';
import type { Pod, Toleration } from './workload-types.ts';

export const WORKLOADS = 'workloads.kueue.x-k8s.io';
export const CLUSTER_QUEUES = 'clusterqueues.kueue.x-k8s.io';
export const LOCAL_QUEUES = 'localqueues.kueue.x-k8s.io';
export const FLAVORS = 'resourceflavors.kueue.x-k8s.io';

export interface FlavorQuota {
  name: string;
  resources: { name: string; nominalQuota: string | number }[];
}

export interface ClusterQueue extends KubernetesObject {
  spec: { resourceGroups?: { coveredResources: string[]; flavors: FlavorQuota[] }[]; stopPolicy?: string };
  status?: Record<string, unknown>;
}

export interface LocalQueue extends KubernetesObject {
  spec: { clusterQueue: string };
  status?: Record<string, unknown>;
}

export interface ResourceFlavor extends KubernetesObject {
  spec?: { nodeLabels?: Record<string, string>; tolerations?: Toleration[] };
}

export interface Workload extends KubernetesObject {
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

export function isReserving(workload: Workload): boolean {
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

export type Assignment = { flavor: ResourceFlavor } | { problem: string };

/** The first flavor whose nodes the pod may use and whose quota still has room. */
export function assignFlavor(
  cluster: ClusterAccess,
  queue: ClusterQueue,
  reserving: Workload[],
  pod: Pod,
): Assignment {
  const requests = podRequests(pod.spec);
  const usage = usageByFlavor(reserving);
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
}

/** A pod's requests as quantities. */
export function requestTexts(pod: Pod): Record<string, string> {
  return Object.fromEntries(
    Object.entries(podRequests(pod.spec))
      .filter(([, amount]) => amount > 0)
      .map(([resource, amount]) => [resource, formatAmount(resource, amount)]),
  );
}

/** What the reserving workloads take of each flavor of a queue, as its status lists it. */
export function totalsOf(queue: ClusterQueue, reserving: Workload[], withBorrowed: boolean): unknown[] {
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
}
