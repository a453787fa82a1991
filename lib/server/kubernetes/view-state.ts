import 'server-only';
import type { SourceState, UnixMs } from '@/lib/domain/vocabulary';
import type { ProblemKind } from './errors';

/** When trouble is said aloud. */
export interface ViewTiming {
  /** Trouble that heals within this is not shown, so that the screen does not flap. */
  graceMs: number;
  /** Trouble that lasts this long is an outage, no longer a reconnect. */
  unreachableAfterMs: number;
  /** Age of the last proof of life from which on data is stale. */
  staleAfterMs: number;
  /** A list without an answer for this long is shown as trouble. */
  slowAfterMs: number;
}

export const VIEW_TIMING: ViewTiming = {
  graceMs: 1_500,
  unreachableAfterMs: 10_000,
  staleAfterMs: 20_000,
  slowAfterMs: 3_000,
};

/** A failure that has not been followed by a success. */
export interface Trouble {
  kind: ProblemKind;
  message: string;
  /** The first failure in a row. */
  since: UnixMs;
}

/** What is known about the way to one resource. */
export interface ViewFacts {
  /** Whether a list was ever taken. */
  hasListed: boolean;
  lastProofAt: UnixMs | null;
  listTrouble: Trouble | null;
  /** Only the watch is broken; lists keep the data fresh meanwhile. */
  watchTrouble: Trouble | null;
  /** Start of the list request that has no answer yet. */
  waitingSince: UnixMs | null;
}

export interface PublishedState {
  state: SourceState;
  problem: string | null;
}

/** The state to publish at a moment; pure. */
export function resolveState(facts: ViewFacts, now: UnixMs, timing: ViewTiming): PublishedState {
  const definite = facts.listTrouble === null ? null : toDefiniteState(facts.listTrouble.kind);
  if (facts.listTrouble !== null && definite !== null) {
    return { state: definite, problem: facts.listTrouble.message };
  }
  const trouble = findShownTrouble(facts, now, timing);
  if (!facts.hasListed) {
    return trouble === null
      ? { state: 'syncing', problem: 'The first answer of the API server has not come yet.' }
      : { state: trouble.isSlow ? 'syncing' : 'unreachable', problem: trouble.message };
  }
  const isStale = facts.lastProofAt === null || now - facts.lastProofAt > timing.staleAfterMs;
  if (trouble?.isOutage === true) return { state: 'unreachable', problem: trouble.message };
  if (isStale) {
    return {
      state: 'stale',
      problem: trouble?.message ?? 'There has been no sign of life from the API server.',
    };
  }
  return trouble === null
    ? { state: 'live', problem: null }
    : { state: 'reconnecting', problem: trouble.message };
}

interface ShownTrouble {
  message: string;
  isOutage: boolean;
  isSlow: boolean;
}

function findShownTrouble(facts: ViewFacts, now: UnixMs, timing: ViewTiming): ShownTrouble | null {
  const { listTrouble, watchTrouble, waitingSince } = facts;
  if (listTrouble !== null && now - listTrouble.since >= timing.graceMs) {
    const isOutage = isLasting(listTrouble.kind) || now - listTrouble.since >= timing.unreachableAfterMs;
    return { message: listTrouble.message, isOutage, isSlow: false };
  }
  if (waitingSince !== null && now - waitingSince >= timing.slowAfterMs) {
    return { message: 'The API server is slow to answer.', isOutage: false, isSlow: true };
  }
  if (watchTrouble !== null && now - watchTrouble.since >= timing.graceMs) {
    return { message: watchTrouble.message, isOutage: false, isSlow: false };
  }
  return null;
}

/** Answers that say all there is to say. */
function toDefiniteState(kind: ProblemKind): SourceState | null {
  switch (kind) {
    case 'not-configured':
      return 'not-configured';
    case 'unauthenticated':
      return 'unauthenticated';
    case 'forbidden':
      return 'forbidden';
    case 'not-installed':
    case 'not-found':
      return 'not-installed';
    default:
      return null;
  }
}

/** Failures that do not pass by waiting a little. */
function isLasting(kind: ProblemKind): boolean {
  return kind === 'certificate' || kind === 'name-not-found' || kind === 'redirect' || kind === 'unreadable';
}
