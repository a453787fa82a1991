/** The garbage collector's part in foreground and orphaning deletion: deals with dependents, then lets the owner go. */
import { GARBAGE_FINALIZERS } from '../kubernetes-api/delete.ts';
import { keyOf } from '../kubernetes-api/kinds.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { Registry } from '../kubernetes-api/registry.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { createWorkQueue } from './work-queue.ts';

const REACTION_MS = 50;

const { Foreground: FOREGROUND, Orphan: ORPHAN } = GARBAGE_FINALIZERS;

interface Dependent {
  kind: string;
  object: KubernetesObject;
}

export function startPropagation(cluster: ClusterAccess, registry: Registry): () => void {
  const dependentsOf = (uid: string): Dependent[] =>
    registry
      .kinds()
      .filter(({ storedAs }) => storedAs === undefined)
      .flatMap((row) => {
        const kind = keyOf(row);
        return cluster
          .list(kind)
          .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid) === true)
          .map((object) => ({ kind, object }));
      });

  const letGo = (kind: string, object: KubernetesObject, finalizer: string): void => {
    cluster.update(kind, object, (draft) => {
      draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((name) => name !== finalizer);
    });
  };

  /** Owners whose dependents still go, by uid. */
  const waiting = new Map<string, string>();

  const queue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const [kind = '', namespace, name = ''] = key.split('|');
    const object = cluster.get(kind, namespace === '' ? undefined : namespace, name);
    const { deletionTimestamp, finalizers = [], uid = '' } = object?.metadata ?? {};
    if (object === undefined || deletionTimestamp === undefined) return;
    if (finalizers.includes(ORPHAN)) {
      for (const dependent of dependentsOf(uid)) {
        cluster.update(dependent.kind, dependent.object, (draft) => {
          draft.metadata.ownerReferences =
            draft.metadata.ownerReferences?.filter((owner) => owner.uid !== uid) ?? [];
        });
      }
      letGo(kind, object, ORPHAN);
    } else if (finalizers.includes(FOREGROUND)) {
      const dependents = dependentsOf(uid);
      for (const dependent of dependents) {
        if (dependent.object.metadata.deletionTimestamp === undefined)
          cluster.remove(dependent.kind, dependent.object);
      }
      if (dependentsOf(uid).length > 0) {
        waiting.set(uid, key);
        return;
      }
      waiting.delete(uid);
      letGo(kind, object, FOREGROUND);
    }
  });

  const stopListening = cluster.store.subscribe(({ type, kind, object }) => {
    const {
      namespace = '',
      name,
      deletionTimestamp,
      finalizers = [],
      ownerReferences = [],
    } = object.metadata;
    if (type === 'DELETED') {
      for (const { uid } of ownerReferences) {
        const key = waiting.get(uid);
        if (key !== undefined) queue.add(key);
      }
    } else if (
      deletionTimestamp !== undefined &&
      (finalizers.includes(FOREGROUND) || finalizers.includes(ORPHAN))
    ) {
      queue.add([kind, namespace, name].join('|'));
    }
  });
  return () => {
    stopListening();
    queue.stop();
  };
}
