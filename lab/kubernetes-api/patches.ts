import { applyPatch, type Operation } from 'rfc6902';
import { unfitPatch } from './invalid.ts';
import { isSameItem, listKeysOf, SET_LISTS } from './list-keys.ts';
import { isRecord } from './object.ts';
import { badRequest } from './status.ts';

/** RFC 7396. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field];
    else result[field] = mergePatch(result[field], value);
  }
  return result;
}

/** RFC 6902; a failing operation refuses the whole patch. */
export function jsonPatch(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    );
  const result = structuredClone(target);
  const errors = applyPatch(result, operations as Operation[]);
  const failed = errors.find((error) => error !== null);
  if (failed !== undefined && failed !== null) throw unfitPatch();
  return result;
}

/** Kubernetes' strategic merge: as a merge patch, but known lists merge by key; `$patch` and its kin are obeyed. */
export function strategicMerge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  if (patch.$patch === 'replace') {
    const { $patch: _, ...rest } = patch;
    return rest;
  }
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  const retained = patch.$retainKeys;
  if (Array.isArray(retained)) {
    for (const field of Object.keys(result)) if (!retained.includes(field)) delete result[field];
  }
  for (const [field, value] of Object.entries(patch)) {
    if (field === '$retainKeys' || field.startsWith('$setElementOrder/')) continue;
    if (field.startsWith('$deleteFromPrimitiveList/')) {
      const list = field.slice('$deleteFromPrimitiveList/'.length);
      const current = result[list];
      if (Array.isArray(current) && Array.isArray(value)) {
        result[list] = current.filter((item) => !value.includes(item));
      }
    } else if (value === null) delete result[field];
    else if (Array.isArray(value)) result[field] = mergeList(field, result[field], value);
    else result[field] = strategicMerge(result[field], value);
  }
  return result;
}

function mergeList(field: string, target: unknown, patch: unknown[]): unknown[] {
  const current = Array.isArray(target) ? target : [];
  if (SET_LISTS.has(field)) return [...new Set([...current, ...patch])];
  if (patch.some((item) => isRecord(item) && item.$patch === 'replace')) {
    return patch.filter((item) => !(isRecord(item) && item.$patch === 'replace'));
  }
  const keys = listKeysOf(field, patch);
  if (keys === null) return patch;
  let merged = [...current];
  for (const item of patch) {
    const index = merged.findIndex((existing) => isSameItem(keys, existing, item));
    if (isRecord(item) && item.$patch === 'delete')
      merged = merged.filter((_, position) => position !== index);
    else if (index < 0) merged.push(item);
    else merged[index] = strategicMerge(merged[index], item);
  }
  return merged;
}
