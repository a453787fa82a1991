import 'server-only';
import type { Clock } from '../clock';

/** Waits, or returns early when the signal fires. Never throws: the caller looks at the signal. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || delayMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(delayMs, finish);
    signal.addEventListener('abort', finish);
  });
}

/** A signal that follows a longer-lived one until it is let go. */
export interface LinkedSignal {
  signal: AbortSignal;
  abort(reason: Error): void;
  /** Stops following the outer signal; to be called in any case, since that one lives long. */
  release(): void;
}

export function linkSignal(outer: AbortSignal): LinkedSignal {
  const controller = new AbortController();
  const follow = (): void => controller.abort(outer.reason);
  if (outer.aborted) follow();
  else outer.addEventListener('abort', follow);
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    release: () => outer.removeEventListener('abort', follow),
  };
}
