/** Takes pods away from nodes whose NoExecute taints they tolerate no longer (Kubernetes' taint-eviction-controller). */
import type { ClusterAccess } from './cluster-access.ts';
import type { EventRecorder } from './event-recorder.ts';
import { toleratedSeconds } from './tolerations.ts';
import { isTerminal, isTerminating, type Node, type Pod } from './workload-types.ts';

const SOURCE = { component: 'taint-eviction-controller' };

function hasExecutingTaint({ spec }: Node): boolean {
  return (spec.taints ?? []).some(({ effect }) => effect === 'NoExecute');
}

export function startTaintEviction(cluster: ClusterAccess, events: EventRecorder): () => void {
  /** By pod uid: lets it stay. */
  const planned = new Map<string, () => void>();

  const nameOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`;

  const evict = (uid: string, pod: Pod): void => {
    planned.delete(uid);
    const now = cluster.get<Pod>('pods', pod.metadata.namespace, pod.metadata.name);
    if (now?.metadata.uid !== uid || isTerminating(now)) return;
    const message = `Marking for deletion Pod ${nameOf(now)}`;
    events.record(now, 'Normal', 'TaintManagerEviction', message, SOURCE);
    cluster.remove('pods', now);
  };

  const stay = (uid: string, pod: Pod): void => {
    const cancel = planned.get(uid);
    if (cancel === undefined) return;
    cancel();
    planned.delete(uid);
    const message = `Cancelling deletion of Pod ${nameOf(pod)}`;
    events.record(pod, 'Normal', 'TaintManagerEviction', message, SOURCE);
  };

  const consider = (pod: Pod, node: Node): void => {
    const uid = pod.metadata.uid ?? '';
    if (isTerminating(pod) || isTerminal(pod)) return;
    const seconds = toleratedSeconds(pod.spec.tolerations ?? [], node.spec.taints ?? []);
    if (seconds === null) {
      stay(uid, pod);
      return;
    }
    // A taint that stays does not begin to count anew.
    if (planned.has(uid)) return;
    planned.set(
      uid,
      cluster.clock.schedule(seconds * 1000, () => evict(uid, pod)),
    );
  };

  const considerNode = (node: Node): void => {
    for (const pod of cluster.list<Pod>('pods')) {
      if (pod.spec.nodeName === node.metadata.name) consider(pod, node);
    }
  };

  cluster.onChange(['nodes'], ({ type, object, previous }) => {
    if (type === 'DELETED') return;
    const node = object as Node;
    const hadTaint = previous !== null && hasExecutingTaint(previous as Node);
    if (hadTaint || hasExecutingTaint(node)) considerNode(node);
  });
  cluster.onChange(['pods'], ({ type, object }) => {
    const uid = object.metadata.uid ?? '';
    if (type === 'DELETED') {
      planned.get(uid)?.();
      planned.delete(uid);
    }
  });
  for (const node of cluster.list<Node>('nodes')) if (hasExecutingTaint(node)) considerNode(node);

  return () => {
    for (const cancel of planned.values()) cancel();
    planned.clear();
  };
}
