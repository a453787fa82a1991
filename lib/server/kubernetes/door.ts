import 'server-only';
import type { Clock } from '../clock';
import { pause } from './pause';

/** Between two knocks at a door that nobody opens. */
const KNOCK_MS = 500;
/** Whoever has waited this long for the one who knocks goes alone: it may have been let in and be waiting for its answer. */
const FOLLOW_MS = 1_000;

/** How a request ended: somebody was there, nobody was, or it says nothing about that (it was given up). */
export type Met = 'somebody' | 'nobody' | 'unknown';

/**
 * One server's door. As long as somebody answers, everybody goes through. While nobody does, one knocks for all, and the
 * others share what it meets: a hundred loops that each try to connect to a dead server would take the time of those who have
 * something to do. Nobody comes back later than with a door of its own, but for the pause between two knocks.
 */
export interface Door {
  through<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createDoor(clock: Clock, whomMet: (error: unknown) => Met): Door {
  /** The last failure to meet anybody; `null` since somebody was met. */
  let closed: { error: unknown; atMs: number } | null = null;
  let knocking: Promise<void> | null = null;

  async function goIn<T>(request: () => Promise<T>): Promise<T> {
    try {
      const answer = await request();
      closed = null;
      return answer;
    } catch (error) {
      const met = whomMet(error);
      if (met === 'nobody') closed = { error, atMs: clock.monotonic() };
      if (met === 'somebody') closed = null;
      throw error;
    }
  }

  return {
    async through(request, signal) {
      while (closed !== null && !signal.aborted) {
        const before = closed;
        if (knocking === null) {
          const done = Promise.withResolvers<void>();
          knocking = done.promise;
          try {
            await pause(clock, before.atMs + KNOCK_MS - clock.monotonic(), signal);
            return await goIn(request);
          } finally {
            knocking = null;
            done.resolve();
          }
        }
        const enough = new AbortController();
        await Promise.race([
          knocking,
          pause(clock, KNOCK_MS + FOLLOW_MS, AbortSignal.any([signal, enough.signal])),
        ]);
        enough.abort();
        if (closed === before && knocking !== null) break;
        if (closed !== null && closed !== before) throw closed.error;
      }
      return goIn(request);
    },
  };
}
