/** Server-side apply: merging, ownership of fields, conflicts. */
import { type FieldPath, fromFieldsV1, leavesOf, printPath, toFieldsV1, withoutField } from './field-sets.ts';
import { isSameItem, listKeysOf, SET_LISTS } from './list-keys.ts';
import { isEqualJson, isRecord, type KubernetesObject, type ManagedFieldsEntry } from './object.ts';
import { applyConflict } from './status.ts';

export interface Manager {
  name: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time: string;
  subresource?: string | undefined;
}

function isEntryOf(entry: ManagedFieldsEntry, manager: Manager): boolean {
  return (
    entry.manager === manager.name &&
    entry.operation === manager.operation &&
    entry.subresource === manager.subresource
  );
}

function entryFor(manager: Manager, paths: Iterable<FieldPath>): ManagedFieldsEntry {
  return {
    manager: manager.name,
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    time: manager.time,
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(paths),
    ...(manager.subresource === undefined ? {} : { subresource: manager.subresource }),
  };
}

function withEntries(object: KubernetesObject, entries: ManagedFieldsEntry[]): KubernetesObject {
  const { managedFields: _, ...metadata } = object.metadata;
  const kept = entries.filter(({ fieldsV1 }) => Object.keys(fieldsV1).length > 0);
  return { ...object, metadata: kept.length === 0 ? metadata : { ...metadata, managedFields: kept } };
}

/** Ownership after an ordinary write: whoever changed a field owns it, and removed fields are nobody's. */
export function recordUpdate(
  previous: KubernetesObject | null,
  next: KubernetesObject,
  manager: Manager,
): KubernetesObject {
  const before = leavesOf(previous);
  const after = leavesOf(next);
  const changed = [...after].filter(
    ([path, value]) => !before.has(path) || !isEqualJson(before.get(path), value),
  );
  const entries = previous?.metadata.managedFields ?? [];
  if (changed.length === 0 && before.size === after.size) return withEntries(next, entries);
  const changedPaths = new Set(changed.map(([path]) => path));
  const own = entries.find((entry) => isEntryOf(entry, manager));
  const others = entries
    .filter((entry) => entry !== own)
    .map((entry) => ({
      ...entry,
      fieldsV1: toFieldsV1(
        [...fromFieldsV1(entry.fieldsV1)].filter((path) => after.has(path) && !changedPaths.has(path)),
      ),
    }));
  const owned = [...(own === undefined ? [] : fromFieldsV1(own.fieldsV1))].filter((path) => after.has(path));
  return withEntries(next, [...others, entryFor(manager, new Set([...owned, ...changedPaths]))]);
}

function mergeApplied(current: unknown, applied: unknown, field = ''): unknown {
  if (isRecord(applied)) {
    const result: Record<string, unknown> = isRecord(current) ? { ...current } : {};
    for (const [name, value] of Object.entries(applied))
      result[name] = mergeApplied(result[name], value, name);
    return result;
  }
  if (!Array.isArray(applied) || !Array.isArray(current)) return applied;
  if (SET_LISTS.has(field)) return [...new Set([...current, ...applied])];
  const keys = applied.length === 0 ? null : listKeysOf(field, applied);
  if (keys === null) return applied;
  const merged = [...current];
  for (const item of applied) {
    const index = merged.findIndex((existing) => isSameItem(keys, existing, item));
    if (index < 0) merged.push(item);
    else merged[index] = mergeApplied(merged[index], item);
  }
  return merged;
}

/** The object after `kubectl apply --server-side` by this manager, or a 409 that names each conflict. */
export function serverSideApply(
  current: KubernetesObject | null,
  applied: KubernetesObject,
  manager: Manager,
  force: boolean,
): KubernetesObject {
  const wanted = leavesOf(applied);
  const before = leavesOf(current);
  const entries = current?.metadata.managedFields ?? [];
  const own = entries.find((entry) => isEntryOf(entry, manager));
  const others = entries.filter((entry) => entry !== own);
  const isDisputed = (path: FieldPath): boolean =>
    wanted.has(path) && !isEqualJson(wanted.get(path), before.get(path));

  const conflicts = others.flatMap((entry) =>
    [...fromFieldsV1(entry.fieldsV1)]
      .filter(isDisputed)
      .map((path) => ({ manager: entry.manager, apiVersion: entry.apiVersion, field: printPath(path) })),
  );
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);

  const ownedByOthers = new Set(others.flatMap((entry) => [...fromFieldsV1(entry.fieldsV1)]));
  let merged: unknown = mergeApplied(current ?? {}, applied);
  for (const path of own === undefined ? [] : fromFieldsV1(own.fieldsV1)) {
    if (!wanted.has(path) && !ownedByOthers.has(path)) merged = withoutField(merged, path);
  }
  const remaining = others.map((entry) => ({
    ...entry,
    fieldsV1: toFieldsV1([...fromFieldsV1(entry.fieldsV1)].filter((path) => !isDisputed(path))),
  }));
  return withEntries(merged as KubernetesObject, [...remaining, entryFor(manager, wanted.keys())]);
}
