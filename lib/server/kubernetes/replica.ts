import 'server-only';
import type { ResourceView } from '@/lib/domain/cluster';
import type { ClusterObjects, ResourceId } from '@/lib/domain/objects';
import type { UnixMs } from '@/lib/domain/vocabulary';
import { KubernetesError } from './errors';
import type { ListFrom, ResourceList } from './list-resource';
import type { ResourceDefinition } from './resource-definition';
import { createObjectStore, identify, type StoreChange } from './store';
import { createVersionMemory } from './version-memory';
import type { ViewKeeper } from './view-keeper';
import type { WatchItem } from './watch-stream';

/** What happened below the surface, since the start. */
export interface ReflectorCounters {
  lists: number;
  watches: number;
  /** Versions that had expired, in either form. */
  expired: number;
  /** Objects that differed from the cluster though the watch seemed well. */
  drifted: number;
  malformedLines: number;
  /** Answers from the past that were not taken. */
  older: number;
  /** Exceptions of our own code that were survived. */
  faults: number;
  /** Objects of the cluster, now, that cannot be read and are not shown. */
  unreadable: number;
}

export type WatchObjectItem = Extract<WatchItem, { object: unknown }>;

/** A comparing list against the state it was asked in. */
export interface Comparison {
  /** Uids that differ, without those the watch touched while the list was under way; `past` proves nothing. */
  conclude(list: ResourceList): 'past' | { suspects: string[] };
  /** Those of the suspects the watch has not touched since `conclude`. */
  stillUntouched(suspects: readonly string[]): string[];
}

/**
 * Our copy of one resource: the objects, the version they are at, and the rules by which they move. Never
 * goes back to a state that is known to be past. Knows nothing of requests.
 */
export interface Replica<T> {
  view(): ResourceView<T>;
  /** Where a watch continues from. */
  latestVersion(): string;
  /** How new the next list has to be. */
  from(): ListFrom;
  /** The version we know is of no use to the server; ask for the newest state. */
  askForMostRecent(): void;
  /** Takes a whole list; `false` when it is from the past. */
  takeList(list: ResourceList, sentAt: UnixMs): boolean;
  /** Takes one event; `malformed` when it is none. */
  takeObject(item: WatchObjectItem, at: UnixMs): 'taken' | 'older' | 'malformed';
  takeBookmark(resourceVersion: string, at: UnixMs): void;
  /** The API server does not serve the kind: there are no objects. */
  takeAbsence(at: UnixMs): void;
  startComparison(): Comparison;
  unreadableCount(): number;
}

/** A state known to be past is refused this often in a row before it is believed (a restored backup). */
const OLDER_ANSWERS_REFUSED = 3;

export function createReplica<Id extends ResourceId>(
  definition: ResourceDefinition<Id>,
  createKeeper: (items: () => readonly ClusterObjects[Id][]) => ViewKeeper<ClusterObjects[Id]>,
  counters: ReflectorCounters,
): Replica<ClusterObjects[Id]> & { keeper: ViewKeeper<ClusterObjects[Id]> } {
  const store = createObjectStore<ClusterObjects[Id]>(definition.parse);
  const keeper = createKeeper(() => store.items());
  const memory = createVersionMemory();
  let from: ListFrom = { at: 'any' };
  let olderInARow = 0;

  function moveTo(resourceVersion: string): void {
    memory.move(resourceVersion);
    from = resourceVersion === '' ? { at: 'any' } : { at: 'version', resourceVersion };
  }

  function replaceAll(list: ResourceList): StoreChange {
    const trust = olderInARow >= OLDER_ANSWERS_REFUSED;
    if (!trust && memory.isPast(list.resourceVersion)) return 'older';
    try {
      return store.replace(list.items, { trust });
    } catch (error) {
      throw missingMetadata(error);
    }
  }

  return {
    keeper,
    view: () => keeper.view(),
    latestVersion: () => memory.latest(),
    from: () => from,
    askForMostRecent() {
      from = { at: 'most-recent' };
    },
    takeList(list, sentAt) {
      if (replaceAll(list) === 'older') {
        counters.older += 1;
        olderInARow += 1;
        from = { at: 'most-recent' };
        return false;
      }
      olderInARow = 0;
      moveTo(list.resourceVersion);
      keeper.succeed('list', 200);
      keeper.prove(sentAt);
      return true;
    },
    takeObject({ type, object }, at) {
      let change: StoreChange;
      let resourceVersion: string;
      try {
        resourceVersion = identify(object).resourceVersion;
        change = type === 'applied' ? store.apply(object) : store.remove(object);
      } catch {
        counters.malformedLines += 1;
        return 'malformed';
      }
      if (change === 'older') {
        counters.older += 1;
        return 'older';
      }
      moveTo(resourceVersion);
      keeper.prove(at);
      return 'taken';
    },
    takeBookmark(resourceVersion, at) {
      moveTo(resourceVersion);
      keeper.prove(at);
    },
    takeAbsence(at) {
      store.clear();
      from = { at: 'any' };
      keeper.prove(at);
    },
    unreadableCount: () => store.unreadableCount(),
    startComparison() {
      const before = store.versions();
      const wasPast = memory.snapshot();
      let concludedWith = before;
      return {
        conclude(list) {
          if (wasPast(list.resourceVersion)) {
            counters.older += 1;
            return 'past';
          }
          const listed = toVersions(list);
          concludedWith = store.versions();
          return { suspects: findSuspects(listed, before, concludedWith) };
        },
        stillUntouched(suspects) {
          const now = store.versions();
          return suspects.filter((uid) => now.get(uid) === concludedWith.get(uid));
        },
      };
    },
  };
}

function findSuspects(
  listed: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): string[] {
  const uids = new Set([...listed.keys(), ...now.keys()]);
  return [...uids].filter((uid) => listed.get(uid) !== now.get(uid) && before.get(uid) === now.get(uid));
}

function toVersions(list: ResourceList): Map<string, string> {
  try {
    return new Map(list.items.map(identify).map(({ uid, resourceVersion }) => [uid, resourceVersion]));
  } catch (error) {
    throw missingMetadata(error);
  }
}

function missingMetadata(cause: unknown): KubernetesError {
  return new KubernetesError('unreadable', 'The API server sent objects without metadata.', { cause });
}
