import 'server-only';
import type { UnixMs } from '@/lib/domain/vocabulary';
import type { Clock } from './clock';

/** A probe costs a token of each model: asked more often than this, people get the round they already have. */
export const PROBE_AT_MOST_EVERY_MS = 5_000;

/** Looks again because a person asks, however many ask at once. */
export interface ProbeTrigger {
  /** When the round began that this question gets: a new one, or the last one where it is young enough. */
  ask(): { startedAt: UnixMs; isNew: boolean };
}

export function createProbeTrigger(options: {
  /** Begins a round; its end is not waited for. */
  start: () => void;
  clock: Pick<Clock, 'now' | 'monotonic'>;
}): ProbeTrigger {
  const { start, clock } = options;
  let last: { startedAt: UnixMs; monotonicMs: number } | null = null;
  return {
    ask() {
      const monotonicMs = clock.monotonic();
      if (last !== null && monotonicMs - last.monotonicMs < PROBE_AT_MOST_EVERY_MS) {
        return { startedAt: last.startedAt, isNew: false };
      }
      last = { startedAt: clock.now(), monotonicMs };
      start();
      return { startedAt: last.startedAt, isNew: true };
    },
  };
}
