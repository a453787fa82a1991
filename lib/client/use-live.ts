'use client';

import { useSyncExternalStore } from 'react';
import type { Checklist } from '@/lib/domain/checklist';
import type { Placement } from '@/lib/domain/placement';
import type { Status } from '@/lib/domain/status';
import type { UnixMs } from '@/lib/domain/vocabulary';
import { INITIAL_LIVE_STATE, type LinkPhase, type LiveState } from './live-state';
import { liveStore } from './live-store';

/**
 * A document of the live store: not here yet, current, or the last one known while the link is broken.
 * `lastHeardAt` is the browser's clock at the last sign of life from the server.
 */
export type Live<T> =
  | { state: 'loading'; phase: LinkPhase }
  | { state: 'live'; value: T; lastHeardAt: UnixMs }
  | { state: 'reconnecting'; value: T; lastHeardAt: UnixMs };

/** What a document's panel should show, from the state of the store. */
export function toLive<T>(value: T | null, state: Pick<LiveState, 'phase' | 'lastHeardAt'>): Live<T> {
  if (value === null || state.lastHeardAt === null) return { state: 'loading', phase: state.phase };
  const isLive = state.phase === 'streaming' || state.phase === 'polling';
  return { state: isLive ? 'live' : 'reconnecting', value, lastHeardAt: state.lastHeardAt };
}

/** A part of the live state; renders again only when the selected part changes. */
export function useLiveState<T>(select: (state: LiveState) => T): T {
  return useSyncExternalStore(
    liveStore.subscribe,
    () => select(liveStore.getState()),
    () => select(INITIAL_LIVE_STATE),
  );
}

function useLink(): Pick<LiveState, 'phase' | 'lastHeardAt'> {
  const phase = useLiveState((state) => state.phase);
  const lastHeardAt = useLiveState((state) => state.lastHeardAt);
  return { phase, lastHeardAt };
}

export function useLiveStatus(): Live<Status> {
  return toLive(
    useLiveState((state) => state.status),
    useLink(),
  );
}

export function useLiveChecklist(): Live<Checklist> {
  return toLive(
    useLiveState((state) => state.checklist),
    useLink(),
  );
}

export function useLivePlacement(): Live<Placement> {
  return toLive(
    useLiveState((state) => state.placement),
    useLink(),
  );
}
