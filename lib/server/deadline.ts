import 'server-only';
import type { Clock } from './clock';

export interface Deadline {
  /** Aborted when the time is up or the caller's signal is. */
  signal: AbortSignal;
  /** Whether it was the time that ran out. */
  hasPassed(): boolean;
  /** To be called when the work is done. */
  clear(): void;
}

/** One signal for "the caller left" and "this takes too long". */
export function startDeadline(clock: Clock, limitMs: number, caller?: AbortSignal): Deadline {
  const controller = new AbortController();
  let passed = false;
  const cancel = clock.after(limitMs, () => {
    passed = true;
    controller.abort(new Error(`No answer within ${limitMs} ms`));
  });
  return {
    signal: caller === undefined ? controller.signal : AbortSignal.any([controller.signal, caller]),
    hasPassed: () => passed,
    clear: cancel,
  };
}
