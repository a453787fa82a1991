/** Patches of all four types, and server-side apply's create-if-missing. */
import { recordUpdate, serverSideApply } from './apply.ts';
import type { ApiContext } from './context.ts';
import { keyOf } from './kinds.ts';
import type { KubernetesObject } from './object.ts';
import { jsonPatch, mergePatch, strategicMerge } from './patches.ts';
import { inVersion } from './rendering.ts';
import { badRequest, notFound } from './status.ts';
import { managerOf, parseObject, prepareObject, storeUpdate, type WriteTarget } from './write.ts';

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface Patched {
  object: KubernetesObject;
  isCreated: boolean;
}

export function patchObject(
  context: ApiContext,
  target: WriteTarget,
  name: string,
  type: PatchType,
  patch: unknown,
  force: boolean,
): Patched {
  const { kind, version, namespace } = target;
  const current = context.store.get(keyOf(kind), namespace, name);
  if (type === 'apply') return applyObject(context, target, name, current, patch, force);
  if (current === undefined) throw notFound(kind, name);
  const shown = inVersion(kind, version, current);
  const patched =
    type === 'json'
      ? jsonPatch(shown, patch)
      : type === 'merge'
        ? mergePatch(shown, patch)
        : strategicMerge(shown, patch);
  const manager = managerOf(context, target, 'Update');
  const object = storeUpdate(context, target, current, parseObject(kind, version, patched), (state) =>
    recordUpdate(current, state, manager),
  );
  return { object, isCreated: false };
}

function applyObject(
  context: ApiContext,
  target: WriteTarget,
  name: string,
  current: KubernetesObject | undefined,
  patch: unknown,
  force: boolean,
): Patched {
  const { kind, version, namespace } = target;
  const applied = parseObject(kind, version, patch);
  const manager = managerOf(context, target, 'Apply');
  if (applied.metadata.managedFields !== undefined) {
    throw badRequest('metadata.managedFields must be nil');
  }
  if (current === undefined) {
    const created = prepareObject(context, target, { ...applied, metadata: { ...applied.metadata, name } });
    const { managedFields } = serverSideApply(null, applied, manager, force).metadata;
    const object: KubernetesObject = {
      ...created,
      metadata: { ...created.metadata, ...(managedFields === undefined ? {} : { managedFields }) },
    };
    return { object: target.dryRun ? object : context.store.put(kind, object), isCreated: true };
  }
  const merged = serverSideApply(
    current,
    {
      ...applied,
      metadata: { ...applied.metadata, name, ...(namespace === undefined ? {} : { namespace }) },
    },
    manager,
    force,
  );
  const object = storeUpdate(context, target, current, merged, (state) => state);
  return { object, isCreated: false };
}
