import 'server-only';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

const identitySchema = z.object({
  metadata: z.object({
    uid: z.string(),
    resourceVersion: z.string(),
    name: z.string(),
    namespace: z.string().nullish(),
  }),
});

/** What makes an object the one it is. Versions are opaque: compared for equality, never for order. */
export interface ObjectIdentity {
  uid: string;
  resourceVersion: string;
  /** `namespace/name` */
  key: string;
}

/** Throws when the object has no metadata. */
export function identify(raw: unknown): ObjectIdentity {
  const { uid, resourceVersion, name, namespace } = identitySchema.parse(raw).metadata;
  return { uid, resourceVersion, key: `${namespace ?? ''}/${name}` };
}

/** Earlier versions remembered per object, enough for any replay a reconnect can cause. */
const REMEMBERED_VERSIONS = 32;
/** Deleted objects remembered, so that an older answer does not bring them back. */
const REMEMBERED_DELETIONS = 1_000;

interface Entry<T> extends ObjectIdentity {
  /** `null` when the object cannot be read; it is counted and not shown. */
  value: T | null;
  earlierVersions: string[];
}

/** How the state moved: `older` means the input was from the past and was not taken. */
export type StoreChange = 'changed' | 'unchanged' | 'older';

/** The objects of one resource, by uid. */
export interface ObjectStore<T> {
  /** Takes a whole list; nothing of it, when one object in it is known to be older (unless it is to be trusted). */
  replace(raws: readonly unknown[], options?: { trust: boolean }): StoreChange;
  apply(raw: unknown): StoreChange;
  remove(raw: unknown): StoreChange;
  /** For a kind that is not served any more. */
  clear(): StoreChange;
  /** Readable objects by namespace and name; the same array until something changes. */
  items(): readonly T[];
  /** Version by uid. */
  versions(): ReadonlyMap<string, string>;
  /** Objects that are there but cannot be read. */
  unreadableCount(): number;
}

export function createObjectStore<T>(parse: (raw: unknown) => T): ObjectStore<T> {
  const entries = new Map<string, Entry<T>>();
  const uidByKey = new Map<string, string>();
  /** Versions a deleted object had; bounded, oldest first. */
  const deletions = new Map<string, string[]>();
  let sorted: readonly T[] | null = [];

  function readValue(raw: unknown): T | null {
    try {
      return parse(raw);
    } catch {
      return null;
    }
  }

  function isOlder({ uid, resourceVersion }: ObjectIdentity): boolean {
    const earlier = entries.get(uid)?.earlierVersions ?? deletions.get(uid);
    return earlier?.includes(resourceVersion) ?? false;
  }

  function put(identity: ObjectIdentity, raw: unknown): StoreChange {
    const known = entries.get(identity.uid);
    if (known?.resourceVersion === identity.resourceVersion) return 'unchanged';
    const value = readValue(raw);
    if (known !== undefined) {
      known.earlierVersions = [known.resourceVersion, ...known.earlierVersions]
        .filter((version) => version !== identity.resourceVersion)
        .slice(0, REMEMBERED_VERSIONS);
      known.resourceVersion = identity.resourceVersion;
      if (isDeepStrictEqual(known.value, value)) return 'unchanged';
      known.value = value;
      sorted = null;
      return 'changed';
    }
    const namesake = uidByKey.get(identity.key);
    // The same name with another uid is another object: the former one is gone.
    if (namesake !== undefined) forget(namesake, null);
    const earlierVersions = (deletions.get(identity.uid) ?? []).filter(
      (version) => version !== identity.resourceVersion,
    );
    entries.set(identity.uid, { ...identity, value, earlierVersions });
    uidByKey.set(identity.key, identity.uid);
    deletions.delete(identity.uid);
    sorted = null;
    return 'changed';
  }

  function forget(uid: string, lastVersion: string | null): StoreChange {
    const entry = entries.get(uid);
    if (entry === undefined) return 'unchanged';
    entries.delete(uid);
    if (uidByKey.get(entry.key) === uid) uidByKey.delete(entry.key);
    const versions = [entry.resourceVersion, ...entry.earlierVersions];
    deletions.set(uid, lastVersion === null ? versions : [lastVersion, ...versions]);
    const [oldest] = deletions.keys();
    if (deletions.size > REMEMBERED_DELETIONS && oldest !== undefined) deletions.delete(oldest);
    sorted = null;
    return 'changed';
  }

  return {
    replace(raws, { trust } = { trust: false }) {
      const identities = raws.map(identify);
      if (!trust && identities.some(isOlder)) return 'older';
      const listed = new Set(identities.map((identity) => identity.uid));
      let change: StoreChange = 'unchanged';
      for (const uid of [...entries.keys()]) {
        if (!listed.has(uid) && forget(uid, null) === 'changed') change = 'changed';
      }
      identities.forEach((identity, index) => {
        if (put(identity, raws[index]) === 'changed') change = 'changed';
      });
      return change;
    },
    apply(raw) {
      const identity = identify(raw);
      return isOlder(identity) ? 'older' : put(identity, raw);
    },
    remove(raw) {
      const identity = identify(raw);
      return isOlder(identity) ? 'older' : forget(identity.uid, identity.resourceVersion);
    },
    clear() {
      const change: StoreChange = entries.size === 0 ? 'unchanged' : 'changed';
      for (const uid of [...entries.keys()]) forget(uid, null);
      return change;
    },
    items() {
      sorted ??= [...entries.values()]
        .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
        .flatMap(({ value }) => (value === null ? [] : [value]));
      return sorted;
    },
    versions: () => new Map([...entries.values()].map((entry) => [entry.uid, entry.resourceVersion])),
    unreadableCount: () => [...entries.values()].filter((entry) => entry.value === null).length,
  };
}
