/** Binds pods to nodes: selectors, taints, resources; and says why not in kube-scheduler's own words. */

import { parseQuantity } from '../kubernetes-api/quantity.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { setCondition } from './conditions.ts';
import type { EventRecorder } from './event-recorder.ts';
import { podRequests } from './pod-resources.ts';
import { tolerates } from './tolerations.ts';
import { createWorkQueue, keyOfObject, splitKey } from './work-queue.ts';
import { conditionOf, isTerminal, isTerminating, type Node, type Pod, type Taint } from './workload-types.ts';

const REACTION_MS = 100;
const SOURCE = { component: 'default-scheduler' };

/** Requests of pods bound to the node that have not ended; a terminating pod holds its share until it is gone. */
function usageOf(pods: Pod[], node: string): Record<string, number> {
  const used: Record<string, number> = { pods: 0 };
  for (const pod of pods) {
    if (pod.spec.nodeName !== node || isTerminal(pod)) continue;
    used.pods = (used.pods ?? 0) + 1;
    for (const [name, amount] of Object.entries(podRequests(pod.spec)))
      used[name] = (used[name] ?? 0) + amount;
  }
  return used;
}

/** Why the node will not do, one reason per filter plugin that runs first; several only for resources. Empty if it fits. */
function reasonsAgainst(pod: Pod, node: Node, pods: Pod[]): string[] {
  const tolerations = pod.spec.tolerations ?? [];
  const unschedulable: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  if (node.spec.unschedulable === true && !tolerates(tolerations, unschedulable))
    return ['node(s) were unschedulable'];
  const taint = (node.spec.taints ?? []).find(
    (candidate) => candidate.effect !== 'PreferNoSchedule' && !tolerates(tolerations, candidate),
  );
  if (taint !== undefined) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`];
  const labels = node.metadata.labels ?? {};
  const isSelected = Object.entries(pod.spec.nodeSelector ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  if (!isSelected) return ["node(s) didn't match Pod's node affinity/selector"];
  const used = usageOf(pods, node.metadata.name);
  const allocatable = node.status.allocatable ?? {};
  const lacking = Object.entries(podRequests(pod.spec))
    .filter(
      ([name, amount]) =>
        amount > 0 && (used[name] ?? 0) + amount > parseQuantity(allocatable[name] ?? '0') + 1e-9,
    )
    .map(([name]) => `Insufficient ${name}`);
  const hasRoom = (used.pods ?? 0) < parseQuantity(allocatable.pods ?? '110');
  return hasRoom ? lacking : ['Too many pods', ...lacking];
}

/** "0/9 nodes are available: 3 Insufficient nvidia.com/gpu, … preemption: …", as the scheduler builds it. */
function unschedulableMessage(nodes: Node[], reasons: string[][]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons.flat()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  const total = `0/${nodes.length} nodes are available`;
  const insufficient = reasons.filter((list) =>
    list.some((reason) => reason.startsWith('Insufficient') || reason === 'Too many pods'),
  ).length;
  const others = nodes.length - insufficient;
  const preemption = [
    ...(insufficient === 0 ? [] : [`${insufficient} No preemption victims found for incoming pod`]),
    ...(others === 0 ? [] : [`${others} Preemption is not helpful for scheduling`]),
  ];
  return `${total}: ${texts.join(', ')}. preemption: ${total}: ${preemption.join(', ')}.`;
}

export function startScheduler(cluster: ClusterAccess, events: EventRecorder): () => void {
  const isWaiting = (pod: Pod): boolean =>
    pod.spec.nodeName === undefined &&
    !isTerminating(pod) &&
    !isTerminal(pod) &&
    (pod.spec.schedulingGates ?? []).length === 0;

  const bind = (pod: Pod, node: Node): void => {
    cluster.update('pods', pod, (draft) => {
      draft.spec.nodeName = node.metadata.name;
      const scheduled = (draft.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
      draft.status.conditions = setCondition(
        scheduled,
        { type: 'PodScheduled', status: 'True' },
        cluster.now(),
        { lastProbeTime: null },
      );
    });
    const { namespace, name } = pod.metadata;
    events.record(
      pod,
      'Normal',
      'Scheduled',
      `Successfully assigned ${namespace}/${name} to ${node.metadata.name}`,
      SOURCE,
    );
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const pod = cluster.get<Pod>('pods', ...splitKey(key));
    if (pod === undefined || !isWaiting(pod)) return;
    const nodes = cluster.list<Node>('nodes').filter((node) => conditionOf(node, 'Ready')?.status === 'True');
    const pods = cluster.list<Pod>('pods');
    const reasons = nodes.map((node) => reasonsAgainst(pod, node, pods));
    const fitting = nodes.filter((_, index) => reasons[index]?.length === 0);
    const [chosen] = fitting.toSorted((a, b) => {
      const load = (node: Node): number =>
        (usageOf(pods, node.metadata.name).cpu ?? 0) / parseQuantity(node.status.allocatable?.cpu ?? '1');
      return load(a) - load(b) || a.metadata.name.localeCompare(b.metadata.name);
    });
    if (chosen !== undefined) return bind(pod, chosen);
    const message = unschedulableMessage(nodes, reasons);
    cluster.update('pods', pod, (draft) => {
      const kept = (draft.status.conditions ?? []).filter(
        ({ type, reason }) => type !== 'PodScheduled' || reason === 'Unschedulable',
      );
      draft.status.conditions = setCondition(
        kept,
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
        cluster.now(),
        { lastProbeTime: null },
      );
    });
    events.record(pod, 'Warning', 'FailedScheduling', message, SOURCE);
  });

  const retryWaiting = (): void => {
    for (const pod of cluster.list<Pod>('pods')) if (isWaiting(pod)) queue.add(keyOfObject(pod));
  };
  cluster.onChange(['pods'], ({ type, object, previous }) => {
    const pod = object as Pod;
    if (type === 'DELETED') retryWaiting();
    else if (isWaiting(pod)) {
      // Only what may make a difference to it: its own new condition does not.
      const before = previous as Pod | null;
      if (before === null || !isWaiting(before)) queue.add(keyOfObject(pod));
    } else if (isTerminal(pod)) retryWaiting();
  });
  cluster.onChange(['nodes'], retryWaiting);
  return queue.stop;
}
