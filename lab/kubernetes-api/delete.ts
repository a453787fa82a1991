/** Deletion as clients ask for it: preconditions, propagation, grace. */
import type { ApiContext } from './context.ts';
import { type Deletion, requestDeletion } from './deletion.ts';
import { type Kind, keyOf } from './kinds.ts';
import { conflict, notFound } from './status.ts';

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
  if (uid !== undefined && uid !== object.metadata.uid) {
    throw conflict(
      kind,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${object.metadata.uid}`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion) {
    throw conflict(
      kind,
      name,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${object.metadata.resourceVersion}`,
    );
  }
  if (options.dryRun) return { object, isGone: true };
  if (options.propagationPolicy === 'Orphan' && object.metadata.uid !== undefined)
    orphanDependents(context, object.metadata.uid);
  return requestDeletion(store, kind, object, {
    nowMs: clock.nowMs(),
    gracePeriodSeconds: options.gracePeriodSeconds,
  });
}

function orphanDependents(context: ApiContext, ownerUid: string): void {
  for (const kind of context.registry.kinds()) {
    for (const object of context.store.list(keyOf(kind))) {
      const references = object.metadata.ownerReferences ?? [];
      if (!references.some(({ uid }) => uid === ownerUid)) continue;
      const kept = references.filter(({ uid }) => uid !== ownerUid);
      context.store.put(kind, { ...object, metadata: { ...object.metadata, ownerReferences: kept } });
    }
  }
}
