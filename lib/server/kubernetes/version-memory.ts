import 'server-only';

/** Enough for any answer that was cached before the events we have seen since. */
const REMEMBERED_VERSIONS = 1_000;

/**
 * The versions one resource's collection has been at, newest last. Versions are opaque, so the past can be
 * told only by having been there.
 */
export interface VersionMemory {
  /** Where a watch continues from. */
  latest(): string;
  move(resourceVersion: string): void;
  /** Whether we have been at this version and moved on. */
  isPast(resourceVersion: string): boolean;
  /** The same question, as of now, for an answer that comes later. */
  snapshot(): (resourceVersion: string) => boolean;
}

export function createVersionMemory(): VersionMemory {
  /** Insertion order is time order; the value counts the moves. */
  const seen = new Map<string, number>();
  let latest = '';
  let moves = 0;
  return {
    latest: () => latest,
    move(resourceVersion) {
      if (resourceVersion === latest) return;
      moves += 1;
      latest = resourceVersion;
      seen.delete(resourceVersion);
      seen.set(resourceVersion, moves);
      const [oldest] = seen.keys();
      if (seen.size > REMEMBERED_VERSIONS && oldest !== undefined) seen.delete(oldest);
    },
    isPast: (resourceVersion) => resourceVersion !== latest && seen.has(resourceVersion),
    snapshot() {
      const movesThen = moves;
      return (resourceVersion) => (seen.get(resourceVersion) ?? movesThen) < movesThen;
    },
  };
}
