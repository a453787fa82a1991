import { type Kind, keyOf } from './kinds.ts';
import { type KubernetesObject, toTimestamp, valueAt } from './object.ts';
import type { ObjectStore } from './store.ts';

export interface DeletionRequest {
  nowMs: number;
  /** Seconds a pod may take to stop; null asks for the pod's own `terminationGracePeriodSeconds`. */
  gracePeriodSeconds: number | null;
}

export interface Deletion {
  object: KubernetesObject;
  /** False while a grace period or a finalizer keeps the object. */
  isGone: boolean;
}

function gracePeriodOf(kind: Kind, object: KubernetesObject, requested: number | null): number {
  if (keyOf(kind) !== 'pods' || valueAt(object, 'spec', 'nodeName') === undefined) return 0;
  const phase = valueAt(object, 'status', 'phase');
  if (phase === 'Succeeded' || phase === 'Failed') return 0;
  return requested ?? Number(valueAt(object, 'spec', 'terminationGracePeriodSeconds') ?? 30);
}

/** Begins, shortens or completes the deletion of an object, as the API server's delete handler does. */
export function requestDeletion(
  store: ObjectStore,
  kind: Kind,
  object: KubernetesObject,
  request: DeletionRequest,
): Deletion {
  const { metadata } = object;
  const graceSeconds = gracePeriodOf(kind, object, request.gracePeriodSeconds);
  const isHeld = (metadata.finalizers ?? []).length > 0;
  if (graceSeconds === 0 && !isHeld) {
    const last = store.remove(kind, metadata.namespace, metadata.name);
    return { object: last ?? object, isGone: true };
  }
  const running = metadata.deletionGracePeriodSeconds;
  if (metadata.deletionTimestamp !== undefined && (running === undefined || running <= graceSeconds)) {
    return { object, isGone: false };
  }
  const marked = store.put(kind, {
    ...object,
    metadata: {
      ...metadata,
      deletionTimestamp: toTimestamp(request.nowMs + graceSeconds * 1000),
      deletionGracePeriodSeconds: graceSeconds,
      ...(metadata.generation === undefined ? {} : { generation: metadata.generation + 1 }),
    },
  });
  return { object: marked, isGone: false };
}

/** Stores a new state; an object marked for deletion goes once nothing holds it any more, in the state before. */
export function putOrFinish(store: ObjectStore, kind: Kind, object: KubernetesObject): KubernetesObject {
  const { metadata } = object;
  const isHeld = (metadata.finalizers ?? []).length > 0 || (metadata.deletionGracePeriodSeconds ?? 0) > 0;
  if (metadata.deletionTimestamp === undefined || isHeld) return store.put(kind, object);
  return store.remove(kind, metadata.namespace, metadata.name) ?? object;
}
