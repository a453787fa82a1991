/** Deletion as clients ask for it: preconditions, propagation, grace. */
import type { ApiContext } from './context.ts';
import { type Deletion, requestDeletion } from './deletion.ts';
import { type Kind, keyOf } from './kinds.ts';
import type { KubernetesObject } from './object.ts';
import { notFound, preconditionFailed } from './status.ts';

export interface DeleteOptions {
  gracePeriodSeconds: number | null;
  propagationPolicy: 'Background' | 'Foreground' | 'Orphan';
  preconditions: { uid?: string; resourceVersion?: string };
  dryRun: boolean;
}

export function deleteObject(
  context: ApiContext,
  kind: Kind,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions,
): Deletion {
  const { store, clock } = context;
  const object = store.get(keyOf(kind), namespace, name);
  if (object === undefined) throw notFound(kind, name);
  const { uid, resourceVersion } = options.preconditions;
  const record = object.metadata;
  if (uid !== undefined && uid !== record.uid) {
    throw preconditionFailed(
      kind,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${record.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== record.resourceVersion) {
    throw preconditionFailed(
      kind,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${record.resourceVersion}). The object might have been modified`,
    );
  }
  if (options.dryRun) return { object, isGone: true };
  const finalizer = GARBAGE_FINALIZERS[options.propagationPolicy];
  const held = finalizer === undefined ? object : withFinalizer(object, finalizer);
  return requestDeletion(store, kind, held, {
    nowMs: clock.nowMs(),
    gracePeriodSeconds: options.gracePeriodSeconds,
  });
}

/** Left for the garbage collector, which takes the finalizer away once it has dealt with the dependents. */
export const GARBAGE_FINALIZERS = {
  Foreground: 'foregroundDeletion',
  Orphan: 'orphan',
  Background: undefined,
} as const;

function withFinalizer(object: KubernetesObject, finalizer: string): KubernetesObject {
  const { finalizers = [] } = object.metadata;
  if (finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
}
