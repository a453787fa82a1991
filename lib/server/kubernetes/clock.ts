import 'server-only';
import type { UnixMs } from '@/lib/domain/vocabulary';

/** Time, handed in so that tests own it. */
export interface Clock {
  now(): UnixMs;
  /** Runs the action once after the delay; the returned function cancels it. */
  schedule(delayMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Waits, or returns early when the signal fires. Never throws: the caller looks at the signal. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.schedule(delayMs, finish);
    signal.addEventListener('abort', finish);
  });
}

/** A signal that follows another one and also fires by itself after the delay, with the given reason. */
export interface Deadline {
  signal: AbortSignal;
  /** Lets go of the timer and of the outer signal; to be called in any case. */
  clear(): void;
}

export function deadline(clock: Clock, delayMs: number, outer: AbortSignal, reason: () => Error): Deadline {
  const controller = new AbortController();
  const follow = (): void => controller.abort(outer.reason);
  const cancel = clock.schedule(delayMs, () => controller.abort(reason()));
  if (outer.aborted) follow();
  else outer.addEventListener('abort', follow);
  return {
    signal: controller.signal,
    clear: () => {
      cancel();
      outer.removeEventListener('abort', follow);
    },
  };
}
