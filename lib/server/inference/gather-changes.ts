import 'server-only';
import type { Clock } from '@/lib/server/clock';

/** What changes together is followed by one round, and that at most this often (decision 0227). */
const GATHER_MS = 500;
const AT_MOST_EVERY_MS = 5_000;

/** Returns what to call at a change: `start` follows soon, once for all changes that come close together. */
export function gatherChanges(clock: Clock, start: () => void): () => void {
  let isWaiting = false;
  let startedAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    const sinceMs = clock.monotonic() - startedAtMs;
    clock.after(Math.max(GATHER_MS, AT_MOST_EVERY_MS - sinceMs), () => {
      isWaiting = false;
      startedAtMs = clock.monotonic();
      start();
    });
  };
}
