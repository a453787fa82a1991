import 'server-only';
import type { ResourceView } from '@/lib/domain/cluster';
import type { ClusterObjects, ResourceId } from '@/lib/domain/objects';
import type { Clock } from '../clock';
import { createBackOff } from './back-off';
import type { KubernetesClient } from './client';
import { KubernetesError, stoppedError, toConnectionError } from './errors';
import { listResource, type ResourceList, selectorsOf } from './list-resource';
import { type LinkedSignal, linkSignal, pause } from './pause';
import type { ReflectorTiming } from './reflector-timing';
import { createReplica, type ReflectorCounters } from './replica';
import {
  describeListRequest,
  describeMissingRight,
  listPath,
  type ResourceDefinition,
} from './resource-definition';
import { isAboutVersion, isDefinite, pauseAfter, vary, waitWithinProof } from './retry-policy';
import { createViewKeeper } from './view-keeper';
import { readWatchItems, type WatchItem } from './watch-stream';

export interface ReflectorOptions<Id extends ResourceId> {
  definition: ResourceDefinition<Id>;
  client: KubernetesClient;
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  timing: ReflectorTiming;
  onChange: () => void;
  /** An exception of our own code, which was survived. */
  onFault?: ((error: unknown) => void) | undefined;
}

/** Keeps one resource in step with the cluster, for as long as it lives. */
export interface Reflector<T> {
  view(): ResourceView<T>;
  counters(): Readonly<ReflectorCounters>;
  start(): void;
  stop(): Promise<void>;
}

/** A large list is not compared more often than its reading takes, times this, while its last proof counts. */
const COMPARE_COST_FACTOR = 4;

type AfterWatch = { next: 'watch' } | { next: 'list' } | { next: 'pause'; problem: KubernetesError };

/**
 * List, then watch, then again, as client-go's reflector does; beside the watch, a comparing list that proves
 * life and finds what the watch has missed. Nothing but `stop` ends it.
 */
export function createReflector<Id extends ResourceId>(
  options: ReflectorOptions<Id>,
): Reflector<ClusterObjects[Id]> {
  const { definition, client, clock, random, timing } = options;
  const life = new AbortController();
  const counters: ReflectorCounters = {
    lists: 0,
    watches: 0,
    expired: 0,
    drifted: 0,
    malformedLines: 0,
    older: 0,
    faults: 0,
    unreadable: 0,
  };
  const replica = createReplica(
    definition,
    (items) =>
      createViewKeeper({
        request: describeListRequest(definition),
        items,
        clock,
        timing: timing.view,
        onChange: notify,
      }),
    counters,
  );
  const { keeper } = replica;
  const listBackOff = createBackOff({ ...timing.backOff, random });
  const watchBackOff = createBackOff({ ...timing.backOff, random });
  let isWatching = false;
  /** How long the last list took. */
  let listCostMs = 0;
  let running: Promise<void> | null = null;

  function notify(): void {
    try {
      options.onChange();
    } catch (error) {
      report(error);
    }
  }

  function report(error: unknown): void {
    counters.faults += 1;
    options.onFault?.(error);
  }

  async function run(): Promise<void> {
    while (!life.signal.aborted) {
      try {
        await listUntilTaken();
        await followUntilRelist();
      } catch (error) {
        report(error);
        await pause(clock, listBackOff.next(), life.signal);
      }
    }
  }

  // List -------------------------------------------------------------------------------------------------

  async function listUntilTaken(): Promise<void> {
    while (!life.signal.aborted) {
      const sentAt = clock.now();
      let delayMs: number;
      try {
        if (replica.takeList(await readList(false, life.signal), sentAt)) {
          listBackOff.reset();
          return;
        }
        keeper.fail('list', pastStateError());
        delayMs = listBackOff.next();
      } catch (error) {
        if (life.signal.aborted) return;
        delayMs = reactToListFailure(toProblem(error), sentAt);
      }
      await pause(clock, delayMs, life.signal);
    }
  }

  async function readList(metadataOnly: boolean, signal: AbortSignal): Promise<ResourceList> {
    counters.lists += 1;
    const startedAt = clock.monotonic();
    keeper.wait(clock.now());
    try {
      return await listResource(client, definition, {
        from: replica.from(),
        pageSize: timing.pageSize,
        timeoutMs: timing.listTimeoutMs,
        signal,
        metadataOnly,
      });
    } finally {
      listCostMs = clock.monotonic() - startedAt;
      keeper.wait(null);
    }
  }

  /** Publishes the failure and says how long to wait before the next try. */
  function reactToListFailure(problem: KubernetesError, sentAt: number): number {
    if (problem.kind === 'expired') counters.expired += 1;
    if (isAboutVersion(problem) && replica.from().at !== 'most-recent') {
      replica.askForMostRecent();
      return 0;
    }
    const message = problem.kind === 'forbidden' ? describeMissingRight(definition, 'list') : problem.message;
    keeper.fail('list', problem, message);
    if (problem.kind === 'not-installed' || problem.kind === 'not-found') replica.takeAbsence(sentAt);
    return pauseAfter(problem, listBackOff, withinProof(vary(timing.recheckMs, random), listCostMs));
  }

  function withinProof(wantedMs: number, costMs: number): number {
    return waitWithinProof(wantedMs, {
      at: keeper.view().lastProofAt,
      now: clock.now(),
      costMs,
      lastsMs: timing.view.staleAfterMs,
    });
  }

  // Watch ------------------------------------------------------------------------------------------------

  /** Watches, and compares beside it, until a new list is needed. */
  async function followUntilRelist(): Promise<void> {
    const cycle = linkSignal(life.signal);
    const comparing = compareUntilRelist(cycle);
    try {
      await watchUntilRelist(cycle.signal);
    } finally {
      cycle.abort(stoppedError());
      cycle.release();
      await comparing;
    }
  }

  async function watchUntilRelist(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const after = await watchOnce(signal);
      if (signal.aborted) return;
      switch (after.next) {
        case 'watch':
          break;
        case 'list':
          // Never at once: a server that sends every watch away must not be listed in a loop.
          await pause(clock, watchBackOff.next(), signal);
          return;
        case 'pause': {
          const { problem } = after;
          const isForbidden = problem.kind === 'forbidden';
          keeper.fail(
            'watch',
            problem,
            isForbidden ? describeMissingRight(definition, 'watch') : problem.message,
          );
          await pause(clock, pauseAfter(problem, watchBackOff, vary(timing.recheckMs, random)), signal);
          break;
        }
        default:
          return after satisfies never;
      }
    }
  }

  async function watchOnce(signal: AbortSignal): Promise<AfterWatch> {
    const [shortest, longest] = timing.watchSeconds;
    const limitSeconds = Math.round(shortest + random() * (longest - shortest));
    const link = linkSignal(signal);
    const cancelLimit = clock.after(limitSeconds * 1000 + timing.watchSlackMs, () =>
      link.abort(stoppedError()),
    );
    let cancelSuccess = (): void => undefined;
    let hasProvedItself = false;
    const proveItself = (): void => {
      hasProvedItself = true;
      watchBackOff.reset();
      keeper.succeed('watch');
    };
    counters.watches += 1;
    try {
      const body = await client.watch(watchPath(limitSeconds), {
        signal: link.signal,
        openTimeoutMs: timing.openTimeoutMs,
      });
      isWatching = true;
      cancelSuccess = clock.after(timing.shortWatchMs, proveItself);
      for await (const item of readWatchItems(body)) {
        const after = takeItem(item);
        if (after !== null) return after;
        if (!hasProvedItself) proveItself();
      }
    } catch (error) {
      const problem = toProblem(error);
      if (!isWatching) return afterRefusal(problem);
      if (problem.kind === 'unreadable') return { next: 'list' };
      // A watch that was open and broke is opened again from where it was.
    } finally {
      isWatching = false;
      cancelSuccess();
      cancelLimit();
      link.release();
    }
    return hasProvedItself ? { next: 'watch' } : { next: 'pause', problem: shortWatchError() };
  }

  function watchPath(timeoutSeconds: number): string {
    const query = new URLSearchParams({
      ...selectorsOf(definition),
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: replica.latestVersion(),
      timeoutSeconds: String(timeoutSeconds),
    });
    return `${listPath(definition)}?${query}`;
  }

  function afterRefusal(problem: KubernetesError): AfterWatch {
    if (problem.kind === 'expired') counters.expired += 1;
    // A missing right to watch is no reason to list: the comparing lists keep the data fresh.
    const needsList = isAboutVersion(problem) || (isDefinite(problem) && problem.kind !== 'forbidden');
    return needsList ? { next: 'list' } : { next: 'pause', problem };
  }

  /** Takes one item; anything but `null` ends this watch. */
  function takeItem(item: WatchItem): AfterWatch | null {
    switch (item.type) {
      case 'applied':
      case 'deleted':
        return replica.takeObject(item, clock.now()) === 'malformed' ? { next: 'list' } : null;
      case 'bookmark':
        replica.takeBookmark(item.resourceVersion, clock.now());
        return null;
      case 'malformed':
        counters.malformedLines += 1;
        return { next: 'list' };
      case 'error':
        return afterErrorItem(item.code);
      default:
        return item satisfies never;
    }
  }

  function afterErrorItem(code: number | null): AfterWatch {
    if (code === 410) counters.expired += 1;
    const isPassing = code === 429 || (code !== null && code >= 500);
    return isPassing ? { next: 'pause', problem: endedWatchError(code) } : { next: 'list' };
  }

  // Compare ----------------------------------------------------------------------------------------------

  /** Lists now and then beside the watch; ends the cycle when a new list has to be taken. */
  async function compareUntilRelist(cycle: LinkedSignal): Promise<void> {
    let delayMs = untilNextCompare();
    for (;;) {
      await pause(clock, delayMs, cycle.signal);
      if (cycle.signal.aborted) return;
      try {
        const outcome = await compare(cycle.signal);
        if (outcome === 'differs') return cycle.abort(stoppedError());
        listBackOff.reset();
        delayMs = untilNextCompare();
      } catch (error) {
        if (cycle.signal.aborted) return;
        const problem = toProblem(error);
        // The list phase publishes these and asks again at their own pace.
        if (isDefinite(problem) || isAboutVersion(problem)) return cycle.abort(stoppedError());
        keeper.fail('list', problem);
        delayMs = pauseAfter(problem, listBackOff, timing.recheckMs);
      }
    }
  }

  function untilNextCompare(): number {
    const wantedMs = Math.max(vary(timing.compareIntervalMs, random), listCostMs * COMPARE_COST_FACTOR);
    return withinProof(wantedMs, Math.max(listCostMs, timing.expectedCostMs));
  }

  /** Whether the cluster holds something else than the replica, and the watch does not bring it. */
  async function compare(signal: AbortSignal): Promise<'same' | 'differs' | 'past'> {
    const comparison = replica.startComparison();
    const sentAt = clock.now();
    const wasWatching = isWatching;
    const result = comparison.conclude(await readList(true, signal));
    // The watch, which goes on from where it was when it is opened anew, would have brought what came after the list was
    // sent, and the answer shows that its server lives; without one the list speaks for the moment of the question.
    const provenAt = wasWatching && isWatching ? clock.now() : sentAt;
    keeper.succeed('list', 200);
    if (result === 'past') return 'past';
    if (result.suspects.length > 0) {
      if (!isWatching) return 'differs';
      // A healthy watch is a moment behind a list at most.
      await pause(clock, timing.lagMs, signal);
      const drifted = comparison.stillUntouched(result.suspects);
      if (drifted.length > 0) {
        counters.drifted += drifted.length;
        return 'differs';
      }
    }
    keeper.prove(provenAt);
    return 'same';
  }

  return {
    view: () => replica.view(),
    counters: () => ({ ...counters, unreadable: replica.unreadableCount() }),
    start() {
      running ??= run();
    },
    async stop() {
      life.abort(stoppedError());
      await running;
    },
  };
}

function toProblem(error: unknown): KubernetesError {
  return toConnectionError(error);
}

function pastStateError(): KubernetesError {
  return new KubernetesError('unavailable', 'The API server answers with a past state, which is not shown.');
}

function shortWatchError(): KubernetesError {
  return new KubernetesError('unavailable', 'The API server ends watches as soon as they begin.');
}

function endedWatchError(code: number | null): KubernetesError {
  return new KubernetesError('unavailable', `The API server ended the watch (${code}).`);
}
