/** Removes what a vanished owner leaves behind, and lets go of finalizers whose controllers the lab plays. */
import { kindOf } from '../kubernetes-api/catalogue.ts';
import { keyOf } from '../kubernetes-api/kinds.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { Registry } from '../kubernetes-api/registry.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { KEDA_FINALIZER } from './scaled-objects.ts';
import { createWorkQueue } from './work-queue.ts';

const REACTION_MS = 50;

/** Finalizers of the controllers that this program stands in for; others stay until somebody removes them. */
const PLAYED_FINALIZERS = new Set([
  'serving.kserve.io/llmisvc-finalizer',
  'inferenceservice.finalizers',
  'odh.inferenceservice.finalizers',
  'kueue.x-k8s.io/managed',
  'kueue.x-k8s.io/resource-in-use',
  'resources-finalizer.argocd.argoproj.io',
  KEDA_FINALIZER,
]);

export function startGarbageCollector(cluster: ClusterAccess, registry: Registry): () => void {
  const finish = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const [kind = '', namespace, name = ''] = key.split('|');
    const object = cluster.get(kind, namespace === '' ? undefined : namespace, name);
    if (object?.metadata.deletionTimestamp === undefined) return;
    // A pod keeps its finalizer until its containers are gone.
    if (kind === 'pods' && (object.metadata.deletionGracePeriodSeconds ?? 0) > 0) return;
    cluster.update(kind, object, (draft) => {
      draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter(
        (finalizer) => !PLAYED_FINALIZERS.has(finalizer),
      );
    });
  });

  const collect = createWorkQueue(cluster.clock, REACTION_MS, (ownerUid) => {
    for (const kind of registry.kinds()) {
      if (kind.storedAs !== undefined) continue;
      for (const dependent of cluster.list(keyOf(kind))) {
        const references = dependent.metadata.ownerReferences ?? [];
        if (!references.some(({ uid }) => uid === ownerUid)) continue;
        const others = references.filter(({ uid }) => uid !== ownerUid);
        if (others.length === 0) cluster.remove(keyOf(kind), dependent);
        else
          cluster.update(keyOf(kind), dependent, (draft) => {
            draft.metadata.ownerReferences = others;
          });
      }
    }
  });

  const emptyNamespace = (namespace: KubernetesObject): void => {
    for (const kind of registry.kinds()) {
      if (!kind.namespaced || kind.storedAs !== undefined) continue;
      for (const object of cluster.list(keyOf(kind), namespace.metadata.name))
        cluster.remove(keyOf(kind), object);
    }
  };

  const stopListening = cluster.store.subscribe(({ type, kind, object }) => {
    const { uid, namespace = '', name, deletionTimestamp, finalizers = [] } = object.metadata;
    if (type === 'DELETED') {
      if (uid !== undefined) collect.add(uid);
      if (kind === keyOf(kindOf('namespaces'))) emptyNamespace(object);
    } else if (
      deletionTimestamp !== undefined &&
      finalizers.some((finalizer) => PLAYED_FINALIZERS.has(finalizer))
    ) {
      finish.add([kind, namespace, name].join('|'));
    }
  });
  return () => {
    stopListening();
    finish.stop();
    collect.stop();
  };
}
