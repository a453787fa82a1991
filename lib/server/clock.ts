import 'server-only';
import type { UnixMs } from '@/lib/domain/vocabulary';

/** The time as the server core sees it; handed in, so that tests decide what time it is. */
export interface Clock {
  now(): UnixMs;
  /** Milliseconds that never jump; only differences mean something. */
  monotonic(): number;
  /** Calls back once after the delay, unless the returned function was called before. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    // A waiting poll or limit must not keep the process alive.
    timer.unref();
    return () => clearTimeout(timer);
  },
};
