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
  /** What the server said last about the resource itself; `null` before it has said anything. */
  lastAnswer: PublishedState | null;
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
  const { lastAnswer, lastProofAt, listTrouble } = facts;
  const definite = listTrouble === null ? null : toDefiniteState(listTrouble.kind);
  if (listTrouble !== null && definite !== null) return { state: definite, problem: listTrouble.message };
  const trouble = findShownTrouble(facts, now, timing);
  if (lastAnswer === null) {
    return trouble === null
      ? { state: 'syncing', problem: 'The first answer of the API server has not come yet.' }
      : { state: trouble.isSlow ? 'syncing' : 'unreachable', problem: trouble.message };
  }
  if (trouble?.isOutage === true) return { state: 'unreachable', problem: trouble.message };
  if (lastProofAt === null || now - lastProofAt > timing.staleAfterMs) {
    return {
      state: 'stale',
      problem: trouble?.message ?? 'There has been no sign of life from the API server.',
    };
  }
  return trouble === null ? lastAnswer : { state: 'reconnecting', problem: trouble.message };
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
    const isProvenSince = facts.lastProofAt !== null && facts.lastProofAt >= watchTrouble.since;
    const isOutage = !isProvenSince && now - watchTrouble.since >= timing.unreachableAfterMs;
    return { message: watchTrouble.message, isOutage, isSlow: false };
  }
  return null;
}

/** Failures that say all there is to say. */
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

/** The state that stays the last word of the server about a resource when the connection is lost later. */
export function toLastAnswer({ kind, message }: Pick<Trouble, 'kind' | 'message'>): PublishedState | null {
  const state = toDefiniteState(kind);
  return state === 'forbidden' || state === 'not-installed' ? { state, problem: message } : null;
}
