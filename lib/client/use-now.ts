'use client';

import { useSyncExternalStore } from 'react';
import type { UnixMs } from '@/lib/domain/vocabulary';
import { toServerTime } from './live-state';
import { liveStore } from './live-store';

/** Ages count in whole seconds; one timer serves every age on the page. */
const TICK_MS = 1_000;

const listeners = new Set<() => void>();
let nowMs: UnixMs | null = null;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  nowMs = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    nowMs = Date.now();
    timer = setInterval(tick, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/**
 * Something that follows from the time, once a second; renders again only when it changed. The browser's clock, and the
 * server's: what the ages of server-made times are counted against. `initial` on the server and until the first tick.
 */
export function useNow<T>(derive: (now: { browserMs: UnixMs; serverMs: UnixMs }) => T, initial: T): T {
  return useSyncExternalStore(
    subscribe,
    () =>
      nowMs === null
        ? initial
        : derive({ browserMs: nowMs, serverMs: toServerTime(liveStore.getState(), nowMs) }),
    () => initial,
  );
}
