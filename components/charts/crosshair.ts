import { useSyncExternalStore } from 'react';

/** One moment that all charts point at. Pointer moves come sixty times a second, so it lives beside React's state. */
export interface Crosshair {
  get(): number | null;
  set(atMs: number | null): void;
  subscribe(listener: () => void): () => void;
}

export function createCrosshair(): Crosshair {
  const listeners = new Set<() => void>();
  let atMs: number | null = null;
  return {
    get: () => atMs,
    set(next) {
      if (next === atMs) return;
      atMs = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The shared moment; `null` where nobody points. */
export function useCrosshair(crosshair: Crosshair): number | null {
  return useSyncExternalStore(crosshair.subscribe, crosshair.get, () => null);
}

/** The time among `times` (ascending) that is nearest to the wanted one. */
export function nearestTime(times: readonly number[], wantedMs: number): number | null {
  let nearest: number | null = null;
  for (const atMs of times) {
    if (nearest === null || Math.abs(atMs - wantedMs) < Math.abs(nearest - wantedMs)) nearest = atMs;
  }
  return nearest;
}

/** One step from where the crosshair stands; from nowhere it begins at the newest time. */
export function stepTime(
  times: readonly number[],
  currentMs: number | null,
  direction: 'earlier' | 'later',
): number | null {
  const last = times.at(-1) ?? null;
  const current = currentMs === null ? null : nearestTime(times, currentMs);
  if (current === null) return last;
  const index = times.indexOf(current) + (direction === 'later' ? 1 : -1);
  return times[Math.min(times.length - 1, Math.max(0, index))] ?? null;
}
