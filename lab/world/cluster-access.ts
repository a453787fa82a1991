/** How controllers read and change the cluster: typed, by copy, with no-op writes left out by the store. */
import type { Clock } from '../clock.ts';
import { kindOf } from '../kubernetes-api/catalogue.ts';
import { putOrFinish, requestDeletion } from '../kubernetes-api/deletion.ts';
import type { Identifiers } from '../kubernetes-api/identifiers.ts';
import { apiVersionOf } from '../kubernetes-api/kinds.ts';
import { type KubernetesObject, type ObjectMeta, toTimestamp } from '../kubernetes-api/object.ts';
import type { Change, ObjectStore } from '../kubernetes-api/store.ts';

export interface ClusterAccess {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly identifiers: Identifiers;
  now(): string;
  get<T extends KubernetesObject>(kind: string, namespace: string | undefined, name: string): T | undefined;
  list<T extends KubernetesObject>(kind: string, namespace?: string): T[];
  create<T extends KubernetesObject>(kind: string, metadata: ObjectMeta, fields: Record<string, unknown>): T;
  /** Applies a change to a copy of the newest state, if the object is still there (by uid). */
  update<T extends KubernetesObject>(kind: string, object: T, change: (draft: T) => void): T | undefined;
  remove(kind: string, object: KubernetesObject, gracePeriodSeconds?: number | null): void;
  onChange(kinds: readonly string[], listener: (change: Change) => void): void;
}

export function createClusterAccess(
  store: ObjectStore,
  clock: Clock,
  identifiers: Identifiers,
): ClusterAccess {
  const now = (): string => toTimestamp(clock.nowMs());
  // The store keeps plain JSON; the caller names the type that the kind has.
  const get = <T extends KubernetesObject>(
    kind: string,
    namespace: string | undefined,
    name: string,
  ): T | undefined => store.get(kind, namespace, name) as T | undefined;
  return {
    store,
    clock,
    identifiers,
    now,
    get,
    list: <T extends KubernetesObject>(kind: string, namespace?: string) =>
      store.list(kind, namespace) as T[],
    create: <T extends KubernetesObject>(
      kind: string,
      metadata: ObjectMeta,
      fields: Record<string, unknown>,
    ) => {
      const row = kindOf(kind);
      const object: KubernetesObject = {
        apiVersion: apiVersionOf(row),
        kind: row.kind,
        metadata: { creationTimestamp: now(), uid: identifiers.uid(), ...metadata },
        ...fields,
      };
      return store.put(row, object) as T;
    },
    update: <T extends KubernetesObject>(kind: string, object: T, change: (draft: T) => void) => {
      const { namespace, name, uid } = object.metadata;
      const current = get<T>(kind, namespace, name);
      if (current === undefined || current.metadata.uid !== uid) return undefined;
      const draft = structuredClone(current);
      change(draft);
      return putOrFinish(store, kindOf(kind), draft) as T;
    },
    remove: (kind, object, gracePeriodSeconds = null) => {
      const current = get(kind, object.metadata.namespace, object.metadata.name);
      if (current === undefined || current.metadata.uid !== object.metadata.uid) return;
      requestDeletion(store, kindOf(kind), current, { nowMs: clock.nowMs(), gracePeriodSeconds });
    },
    onChange: (kinds, listener) => {
      const wanted = new Set(kinds);
      store.subscribe((change) => {
        if (wanted.has(change.kind)) listener(change);
      });
    },
  };
}
