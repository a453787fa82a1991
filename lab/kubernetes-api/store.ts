/**
 * The cluster's memory: objects by kind, one increasing resource version for all of them, and the history of changes
 * that watches resume from. Objects inside are never changed in place; who wants a change hands in a new object.
 */
import { type Kind, type KindKey, keyOf } from './kinds.ts';
import { isEqualJson, type KubernetesObject } from './object.ts';

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resourceVersion: number;
  kind: KindKey;
  /** The new state; for DELETED the last state with the version of the deletion. */
  object: KubernetesObject;
  /** The state before, null for ADDED. */
  previous: KubernetesObject | null;
}

export interface ObjectStoreOptions {
  /** Changes kept for watches and old list pages; older ones are compacted away. */
  historyLimit?: number;
}

export interface ObjectStore {
  /** The newest resource version. */
  revision(): number;
  /** Versions at or below this one can no longer be resumed from. */
  compactedRevision(): number;
  get(kind: KindKey, namespace: string | undefined, name: string): KubernetesObject | undefined;
  /** In the order of the API server: by namespace, then by name. */
  list(kind: KindKey, namespace?: string): KubernetesObject[];
  /** The same at an earlier version, or undefined where that is compacted. */
  listAt(kind: KindKey, revision: number, namespace?: string): KubernetesObject[] | undefined;
  /** Takes the object as it is, with the resourceVersion it carries; only for the first filling. */
  load(kind: Kind, object: KubernetesObject): void;
  /** Creates or replaces; answers what is stored. An equal object is a no-op and keeps its version. */
  put(kind: Kind, object: KubernetesObject): KubernetesObject;
  remove(kind: Kind, namespace: string | undefined, name: string): KubernetesObject | undefined;
  /** Changes after a version, oldest first. */
  changesSince(revision: number): Change[];
  /** Told after each change, in order. */
  subscribe(listener: (change: Change) => void): () => void;
  /** Forgets the history up to now, as etcd's compaction does. */
  compact(): void;
  size(): number;
}

const DEFAULT_HISTORY_LIMIT = 5000;

function objectKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

function withoutVersion(object: KubernetesObject): KubernetesObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

export function createObjectStore({
  historyLimit = DEFAULT_HISTORY_LIMIT,
}: ObjectStoreOptions = {}): ObjectStore {
  const collections = new Map<KindKey, Map<string, KubernetesObject>>();
  const listeners = new Set<(change: Change) => void>();
  let history: Change[] = [];
  let currentRevision = 1;
  let compacted = 0;

  const collection = (kind: KindKey): Map<string, KubernetesObject> => {
    let objects = collections.get(kind);
    if (objects === undefined) {
      objects = new Map();
      collections.set(kind, objects);
    }
    return objects;
  };

  const commit = (change: Change): void => {
    history.push(change);
    // Trimmed in batches, so that a busy cluster does not copy the array at every change.
    if (history.length > historyLimit * 1.25) {
      const dropped = history.slice(0, history.length - historyLimit);
      history = history.slice(history.length - historyLimit);
      compacted = dropped.at(-1)?.resourceVersion ?? compacted;
    }
    for (const listener of [...listeners]) listener(change);
  };

  const sorted = (objects: Iterable<[string, KubernetesObject]>, namespace?: string): KubernetesObject[] => {
    const entries =
      namespace === undefined
        ? [...objects]
        : [...objects].filter(([key]) => key.startsWith(`${namespace}/`));
    return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, object]) => object);
  };

  return {
    revision: () => currentRevision,
    compactedRevision: () => compacted,
    get: (kind, namespace, name) => collections.get(kind)?.get(objectKey(namespace, name)),
    list: (kind, namespace) => sorted(collections.get(kind) ?? [], namespace),
    listAt: (kind, revision, namespace) => {
      if (revision >= currentRevision) return sorted(collections.get(kind) ?? [], namespace);
      if (revision < compacted) return undefined;
      const past = new Map(collections.get(kind));
      for (const change of history.toReversed()) {
        if (change.resourceVersion <= revision) break;
        if (change.kind !== kind) continue;
        const key = objectKey(change.object.metadata.namespace, change.object.metadata.name);
        if (change.previous === null) past.delete(key);
        else past.set(key, change.previous);
      }
      return sorted(past, namespace);
    },
    load: (kind, object) => {
      collection(keyOf(kind)).set(objectKey(object.metadata.namespace, object.metadata.name), object);
      currentRevision = Math.max(currentRevision, Number(object.metadata.resourceVersion ?? 0));
      compacted = currentRevision;
    },
    put: (kind, object) => {
      const objects = collection(keyOf(kind));
      const key = objectKey(object.metadata.namespace, object.metadata.name);
      const previous = objects.get(key) ?? null;
      if (previous !== null && isEqualJson(withoutVersion(previous), withoutVersion(object))) return previous;
      currentRevision += 1;
      const stored: KubernetesObject = {
        ...object,
        metadata: { ...object.metadata, resourceVersion: String(currentRevision) },
      };
      objects.set(key, stored);
      commit({
        type: previous === null ? 'ADDED' : 'MODIFIED',
        resourceVersion: currentRevision,
        kind: keyOf(kind),
        object: stored,
        previous,
      });
      return stored;
    },
    remove: (kind, namespace, name) => {
      const objects = collection(keyOf(kind));
      const previous = objects.get(objectKey(namespace, name));
      if (previous === undefined) return undefined;
      objects.delete(objectKey(namespace, name));
      currentRevision += 1;
      const last: KubernetesObject = {
        ...previous,
        metadata: { ...previous.metadata, resourceVersion: String(currentRevision) },
      };
      commit({
        type: 'DELETED',
        resourceVersion: currentRevision,
        kind: keyOf(kind),
        object: last,
        previous,
      });
      return last;
    },
    changesSince: (revision) => {
      const first = history.findIndex((change) => change.resourceVersion > revision);
      return first < 0 ? [] : history.slice(first);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    compact: () => {
      history = [];
      compacted = currentRevision;
    },
    size: () => [...collections.values()].reduce((sum, objects) => sum + objects.size, 0),
  };
}
