import { checklistSchema } from '@/lib/contracts/checklist';
import type { LiveEvent, LiveTarget } from '@/lib/contracts/live-event';
import { placementSchema } from '@/lib/contracts/placement';
import { statusSchema } from '@/lib/contracts/status';
import type { Checklist } from '@/lib/domain/checklist';
import type { Placement } from '@/lib/domain/placement';
import type { Status } from '@/lib/domain/status';
import type { UnixMs } from '@/lib/domain/vocabulary';
import { patchDocument } from './apply-patch';

/** How the browser hears from the dashboard's server. */
export type LinkPhase = 'connecting' | 'streaming' | 'polling' | 'reconnecting';

/** Served-by notes kept for answers that are still on screen. */
const MAX_SERVED_BY = 100;

export interface LiveState {
  phase: LinkPhase;
  /** Number of the last event taken; `null` before a snapshot and while polling. */
  seq: number | null;
  /** An event is missing or did not fit: a snapshot is needed. */
  isGapped: boolean;
  status: Status | null;
  checklist: Checklist | null;
  placement: Placement | null;
  /** Any sign of life from the server, on the browser's clock. */
  lastHeardAt: UnixMs | null;
  /** Browser clock minus server clock, from the heartbeats; the smallest seen has the least delay in it. */
  clockOffsetMs: number | null;
  /** The build this page came from, and the newest one announced. */
  firstBuildId: string | null;
  buildId: string | null;
  compareReadyAt: string | null;
  /** What was found out later about an answer, by request id, oldest first. */
  servedBy: readonly { requestId: string; pod: string; method: string }[];
}

export type LiveAction =
  | { type: 'phase'; phase: LinkPhase }
  | { type: 'event'; event: LiveEvent; atMs: UnixMs }
  | { type: 'polled'; status: Status; checklist: Checklist; placement: Placement; atMs: UnixMs }
  /** The whole state of the tab that holds the stream. */
  | { type: 'adopt'; state: LiveState };

export const INITIAL_LIVE_STATE: LiveState = {
  phase: 'connecting',
  seq: null,
  isGapped: false,
  status: null,
  checklist: null,
  placement: null,
  lastHeardAt: null,
  clockOffsetMs: null,
  firstBuildId: null,
  buildId: null,
  compareReadyAt: null,
  servedBy: [],
};

const TARGET_SCHEMAS = { status: statusSchema, checklist: checklistSchema, placement: placementSchema };

function withBuild(state: LiveState, buildId: string): LiveState {
  return { ...state, buildId, firstBuildId: state.firstBuildId ?? buildId };
}

function applyPatchTo(state: LiveState, target: LiveTarget, next: unknown): LiveState | null {
  // The parsed copy is thrown away: only the check is wanted, the patched document keeps identities.
  if (!TARGET_SCHEMAS[target].safeParse(next).success) return null;
  switch (target) {
    case 'status':
      return { ...state, status: next as Status };
    case 'checklist':
      return { ...state, checklist: next as Checklist };
    case 'placement':
      return { ...state, placement: next as Placement };
    default:
      return target satisfies never;
  }
}

function reduceEvent(state: LiveState, event: LiveEvent, atMs: UnixMs): LiveState {
  switch (event.type) {
    case 'hello':
      return withBuild({ ...state, seq: null }, event.buildId);
    case 'snapshot':
      return withBuild(
        {
          ...state,
          seq: event.seq,
          isGapped: false,
          status: event.status,
          checklist: event.checklist,
          placement: event.placement,
        },
        event.status.buildId,
      );
    case 'patch': {
      // Before the snapshot there is nothing to patch; a number already taken is a repeat.
      if (state.seq === null || event.seq <= state.seq) return state;
      if (state.isGapped || event.seq !== state.seq + 1) return { ...state, isGapped: true };
      const patched = applyPatchTo(state, event.target, patchDocument(state[event.target], event.ops));
      return patched === null ? { ...state, isGapped: true } : { ...patched, seq: event.seq };
    }
    case 'compare-ready':
      return { ...state, compareReadyAt: event.at };
    case 'served-by': {
      const { requestId, pod, method } = event;
      return { ...state, servedBy: [...state.servedBy, { requestId, pod, method }].slice(-MAX_SERVED_BY) };
    }
    case 'heartbeat': {
      const offset = atMs - Date.parse(event.at);
      const clockOffsetMs = Number.isNaN(offset)
        ? state.clockOffsetMs
        : Math.min(offset, state.clockOffsetMs ?? offset);
      const isGapped = state.isGapped || (state.seq !== null && event.seq > state.seq);
      return { ...state, clockOffsetMs, isGapped };
    }
    case 'restarting':
      return { ...state, phase: 'reconnecting' };
    default:
      return event satisfies never;
  }
}

/** The next state of the live store. Values are never dropped when the link breaks: they stay, with their age. */
export function reduceLive(state: LiveState, action: LiveAction): LiveState {
  switch (action.type) {
    case 'phase':
      return state.phase === action.phase ? state : { ...state, phase: action.phase };
    case 'event':
      return { ...reduceEvent(state, action.event, action.atMs), lastHeardAt: action.atMs };
    case 'polled': {
      const { status, checklist, placement, atMs } = action;
      return withBuild(
        { ...state, seq: null, isGapped: false, status, checklist, placement, lastHeardAt: atMs },
        status.buildId,
      );
    }
    case 'adopt':
      // The build of this tab's own page is what decides about a reload.
      return { ...action.state, firstBuildId: state.firstBuildId ?? action.state.firstBuildId };
    default:
      return action satisfies never;
  }
}

/** The server's present, as well as the browser can tell: ages are counted against it. */
export function toServerTime(state: LiveState, nowMs: UnixMs): UnixMs {
  return nowMs - (state.clockOffsetMs ?? 0);
}

/** A page that came from another build than the server runs now should be reloaded at a quiet moment. */
export function hasNewBuild(state: LiveState): boolean {
  return state.firstBuildId !== null && state.buildId !== null && state.firstBuildId !== state.buildId;
}
