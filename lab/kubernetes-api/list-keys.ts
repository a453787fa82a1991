import type { Schema } from './schemas/schema.ts';

/**
 * Lists that Kubernetes merges by key rather than replaces, by field name: the fields that identify an item. Used by
 * strategic merge and server-side apply; every other list is atomic.
 */
const LIST_KEYS: Record<string, readonly string[]> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  imagePullSecrets: ['name'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  listeners: ['name'],
  topologySpreadConstraints: ['topologyKey'],
  addresses: ['type'],
};

export function listKeysOf(field: string, items: unknown[]): readonly string[] | null {
  const keys = field === 'ports' ? portKeys(items) : LIST_KEYS[field];
  if (keys === undefined) return null;
  const hasKeys = items.every(
    (item) =>
      typeof item === 'object' &&
      item !== null &&
      keys.every((key) => (item as Record<string, unknown>)[key] !== undefined),
  );
  return hasKeys ? keys : null;
}

function portKeys(items: unknown[]): readonly string[] {
  const [first] = items;
  return typeof first === 'object' && first !== null && 'containerPort' in first
    ? ['containerPort']
    : ['port'];
}

export function isSameItem(keys: readonly string[], left: unknown, right: unknown): boolean {
  return keys.every(
    (key) =>
      (left as Record<string, unknown> | null)?.[key] === (right as Record<string, unknown> | null)?.[key],
  );
}

/** Lists of plain values that merge as sets. */
export const SET_LISTS: ReadonlySet<string> = new Set(['finalizers']);

/** How the lists of a kind merge, by field name. */
export interface ListRules {
  /** The fields that identify an item; null where the list is atomic. */
  keysOf(field: string, items: unknown[]): readonly string[] | null;
  isSet(field: string): boolean;
}

export const BUILT_IN_LISTS: ListRules = { keysOf: listKeysOf, isSet: (field) => SET_LISTS.has(field) };

/** What a definition's schema says about its lists, beside what holds for all objects. */
export function listRulesOf(schema: Schema): ListRules {
  const maps = new Map<string, readonly string[]>();
  const sets = new Set<string>();
  const visit = (field: string, child: Schema): void => {
    const type = child['x-kubernetes-list-type'];
    if (type === 'set') sets.add(field);
    if (type === 'map') maps.set(field, child['x-kubernetes-list-map-keys'] ?? []);
    for (const [name, property] of Object.entries(child.properties ?? {})) visit(name, property);
    if (child.items !== undefined) visit('', child.items);
  };
  visit('', schema);
  return {
    keysOf: (field, items) =>
      maps.get(field) ?? (field === 'ownerReferences' ? listKeysOf(field, items) : null),
    isSet: (field) => sets.has(field) || SET_LISTS.has(field),
  };
}
