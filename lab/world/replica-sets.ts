/** ReplicaSets keep their number of pods. */
import { controllerOf, type OwnerReference } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import type { EventRecorder } from './event-recorder.ts';
import { admitPod } from './pod-admission.ts';
import { createWorkQueue, keyOfObject, splitKey } from './work-queue.ts';
import { isReady, isTerminal, isTerminating, type Pod, type ReplicaSet } from './workload-types.ts';

const REACTION_MS = 20;

function podsOf(cluster: ClusterAccess, set: ReplicaSet): Pod[] {
  return cluster
    .list<Pod>('pods', set.metadata.namespace)
    .filter((pod) => controllerOf(pod)?.uid === set.metadata.uid && !isTerminal(pod));
}

/** Pods to give up first: not yet bound, then not ready, then the youngest. */
function byExpendability(left: Pod, right: Pod): number {
  const rank = (pod: Pod): number => (pod.spec.nodeName === undefined ? 0 : isReady(pod) ? 2 : 1);
  return (
    rank(left) - rank(right) ||
    (right.metadata.creationTimestamp ?? '').localeCompare(left.metadata.creationTimestamp ?? '')
  );
}

/** Zero counts are left out, as Kubernetes' own JSON does. */
export function counted(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

export function startReplicaSetController(cluster: ClusterAccess, events: EventRecorder): () => void {
  const source = { component: 'replicaset-controller' };

  const createPod = (set: ReplicaSet): void => {
    const { template } = set.spec;
    const owner: OwnerReference = {
      apiVersion: 'apps/v1',
      blockOwnerDeletion: true,
      controller: true,
      kind: 'ReplicaSet',
      name: set.metadata.name,
      uid: set.metadata.uid ?? '',
    };
    const { metadata, spec } = admitPod(cluster, {
      metadata: {
        name: `${set.metadata.name}-${cluster.identifiers.suffix()}`,
        generateName: `${set.metadata.name}-`,
        namespace: set.metadata.namespace ?? '',
        ...(template.metadata.labels === undefined ? {} : { labels: { ...template.metadata.labels } }),
        ...(template.metadata.annotations === undefined
          ? {}
          : { annotations: { ...template.metadata.annotations } }),
        ownerReferences: [owner],
      },
      spec: structuredClone(template.spec),
    });
    const pod = cluster.create<Pod>('pods', metadata, {
      spec,
      status: { phase: 'Pending', qosClass: 'Burstable' },
    });
    events.record(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`, source);
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const [namespace, name] = splitKey(key);
    const set = cluster.get<ReplicaSet>('replicasets.apps', namespace, name);
    if (set === undefined || isTerminating(set)) return;
    const wanted = set.spec.replicas ?? 1;
    const active = podsOf(cluster, set).filter((pod) => !isTerminating(pod));
    for (let missing = wanted - active.length; missing > 0; missing -= 1) createPod(set);
    for (const pod of active.toSorted(byExpendability).slice(0, Math.max(0, active.length - wanted))) {
      cluster.remove('pods', pod);
      events.record(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, source);
    }
    const now = podsOf(cluster, set).filter((pod) => !isTerminating(pod));
    const ready = now.filter(isReady).length;
    cluster.update('replicasets.apps', set, (draft) => {
      draft.status = {
        replicas: now.length,
        ...counted({ fullyLabeledReplicas: now.length, readyReplicas: ready, availableReplicas: ready }),
        ...(draft.metadata.generation === undefined ? {} : { observedGeneration: draft.metadata.generation }),
      };
    });
  });

  cluster.onChange(['replicasets.apps'], ({ object }) => queue.add(keyOfObject(object)));
  cluster.onChange(['pods'], ({ object }) => {
    const owner = controllerOf(object);
    if (owner?.kind === 'ReplicaSet') queue.add(`${object.metadata.namespace}/${owner.name}`);
  });
  return queue.stop;
}
