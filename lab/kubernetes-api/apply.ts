/** Server-side apply: merging, ownership of fields, conflicts. */

import { applyConflict } from './apply-conflict.ts';
import {
  ancestorsOf,
  containersOf,
  type FieldPath,
  fromFieldsV1,
  leavesOf,
  printPath,
  toFieldsV1,
  withoutField,
} from './field-sets.ts';
import { isSameItem, type ListRules } from './list-keys.ts';
import { isEqualJson, isRecord, type KubernetesObject, type ManagedFieldsEntry } from './object.ts';

export interface Manager {
  name: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time: string;
  subresource?: string | undefined;
  /** How the lists of the written kind merge. */
  lists: ListRules;
  /** Objects of custom resources are owned as such where they come into being; of built-in kinds only maps are. */
  isCustomResource: boolean;
}

function isEntryOf(entry: ManagedFieldsEntry, manager: Manager): boolean {
  return (
    entry.manager === manager.name &&
    entry.operation === manager.operation &&
    entry.subresource === manager.subresource
  );
}

function entryFor(
  manager: Manager,
  paths: Iterable<FieldPath>,
  containers: Iterable<FieldPath>,
): ManagedFieldsEntry {
  return {
    manager: manager.name,
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    time: manager.time,
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(paths, containers),
    ...(manager.subresource === undefined ? {} : { subresource: manager.subresource }),
  };
}

function withEntries(object: KubernetesObject, entries: ManagedFieldsEntry[]): KubernetesObject {
  const { managedFields: _, ...metadata } = object.metadata;
  const kept = entries.filter(({ fieldsV1 }) => Object.keys(fieldsV1).length > 0);
  return { ...object, metadata: kept.length === 0 ? metadata : { ...metadata, managedFields: kept } };
}

/** Fields of built-in kinds that are maps of free keys. */
const MAPS = new Set(['f:labels', 'f:annotations', 'f:data', 'f:binaryData', 'f:stringData']);

const lastElement = (path: FieldPath): string => path.slice(path.lastIndexOf('\n') + 1);

/** Whether a container appears in managed fields as such. */
function isOwnable(path: FieldPath, { isCustomResource }: Manager): boolean {
  const element = lastElement(path);
  if (element.startsWith('k:') || MAPS.has(element)) return true;
  return isCustomResource && path !== 'f:metadata' && element.startsWith('f:');
}

/** The entry with fewer leaves, and the containers that are still there. */
function narrowed(
  entry: ManagedFieldsEntry,
  keeps: (path: FieldPath) => boolean,
  present: ReadonlySet<FieldPath>,
): ManagedFieldsEntry {
  const { fieldsV1 } = entry;
  const leaves = [...fromFieldsV1(fieldsV1)].filter(keeps);
  const containers = [...containersOf(fieldsV1)].filter((path) => present.has(path));
  return { ...entry, fieldsV1: toFieldsV1(leaves, containers) };
}

/** Ownership after an ordinary write: whoever changed a field owns it, and removed fields are nobody's. */
export function recordUpdate(
  previous: KubernetesObject | null,
  next: KubernetesObject,
  manager: Manager,
): KubernetesObject {
  const before = leavesOf(previous, manager.lists);
  const after = leavesOf(next, manager.lists);
  const changed = [...after].filter(
    ([path, value]) => !before.has(path) || !isEqualJson(before.get(path), value),
  );
  const entries = previous?.metadata.managedFields ?? [];
  if (changed.length === 0 && before.size === after.size) return withEntries(next, entries);
  const changedPaths = new Set(changed.map(([path]) => path));
  const present = ancestorsOf(after.keys());
  const earlier = ancestorsOf(before.keys());
  const own = entries.find((entry) => isEntryOf(entry, manager));
  const others = entries
    .filter((entry) => entry !== own)
    .map((entry) => narrowed(entry, (path) => after.has(path) && !changedPaths.has(path), present));
  const owned = own === undefined ? [] : [...fromFieldsV1(own.fieldsV1)].filter((path) => after.has(path));
  const held = own === undefined ? [] : [...containersOf(own.fieldsV1)].filter((path) => present.has(path));
  const made = [...ancestorsOf(changedPaths)].filter(
    (path) => !earlier.has(path) && isOwnable(path, manager),
  );
  if (changedPaths.size === 0 && own === undefined) return withEntries(next, others);
  return withEntries(next, [
    ...others,
    entryFor(manager, new Set([...owned, ...changedPaths]), new Set([...held, ...made])),
  ]);
}

function mergeApplied(current: unknown, applied: unknown, lists: ListRules, field = ''): unknown {
  if (isRecord(applied)) {
    const result: Record<string, unknown> = isRecord(current) ? { ...current } : {};
    for (const [name, value] of Object.entries(applied))
      result[name] = mergeApplied(result[name], value, lists, name);
    return result;
  }
  if (!Array.isArray(applied) || !Array.isArray(current)) return applied;
  if (lists.isSet(field)) return [...new Set([...current, ...applied])];
  if (applied.length === 0 && lists.keysOf(field, current) !== null) return current;
  const keys = applied.length === 0 ? null : lists.keysOf(field, applied);
  if (keys === null) return applied;
  const merged = [...current];
  for (const item of applied) {
    const index = merged.findIndex((existing) => isSameItem(keys, existing, item));
    if (index < 0) merged.push(item);
    else merged[index] = mergeApplied(merged[index], item, lists);
  }
  return merged;
}

/** Whether a leaf is one of the fields that tell an item of a list from the others; those go last. */
function isIdentity(path: FieldPath): boolean {
  const [leaf = '', item = ''] = path.split('\n').toReversed();
  return item.startsWith('k:') && leaf.slice(2) in JSON.parse(item.slice(2));
}

/** As conflicts name a manager: ordinary writers with the version they wrote in. */
function printManager({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  const name = subresource === undefined ? `"${manager}"` : `"${manager}" with subresource "${subresource}"`;
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}

/** The object after `kubectl apply --server-side` by this manager, or a 409 that names each conflict. */
export function serverSideApply(
  current: KubernetesObject | null,
  applied: KubernetesObject,
  manager: Manager,
  force: boolean,
): KubernetesObject {
  const { lists } = manager;
  const wanted = leavesOf(applied, lists);
  const before = leavesOf(current, lists);
  const entries = current?.metadata.managedFields ?? [];
  const own = entries.find((entry) => isEntryOf(entry, manager));
  const others = entries.filter((entry) => entry !== own);
  const isDisputed = (path: FieldPath): boolean =>
    wanted.has(path) && !isEqualJson(wanted.get(path), before.get(path));

  const conflicts = others.flatMap((entry) =>
    [...fromFieldsV1(entry.fieldsV1)]
      .filter(isDisputed)
      .map((path) => ({ manager: printManager(entry), field: printPath(path) })),
  );
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);

  const ownedByOthers = new Set(others.flatMap((entry) => [...fromFieldsV1(entry.fieldsV1)]));
  let merged: unknown = mergeApplied(current ?? {}, applied, lists);
  const dropped = own === undefined ? [] : [...fromFieldsV1(own.fieldsV1)];
  for (const path of dropped.toSorted(
    (left, right) => Number(isIdentity(left)) - Number(isIdentity(right)),
  )) {
    if (!wanted.has(path) && !ownedByOthers.has(path)) merged = withoutField(merged, path);
  }
  const remaining = others.map((entry) =>
    narrowed(entry, (path) => !isDisputed(path), ancestorsOf(leavesOf(merged, lists).keys())),
  );
  const items = [...ancestorsOf(wanted.keys())].filter((path) => lastElement(path).startsWith('k:'));
  return withEntries(merged as KubernetesObject, [...remaining, entryFor(manager, wanted.keys(), items)]);
}
