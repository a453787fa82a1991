import 'server-only';

export interface BackOffOptions {
  baseMs: number;
  maximumMs: number;
  /** Uniform in [0, 1). */
  random: () => number;
}

/** Growing pauses between tries that fail. */
export interface BackOff {
  /** The next pause: doubles each time up to the maximum, between half and all of it at random. */
  next(): number;
  /** After a success. */
  reset(): void;
}

export function createBackOff({ baseMs, maximumMs, random }: BackOffOptions): BackOff {
  let failures = 0;
  return {
    next() {
      const ceilingMs = Math.min(maximumMs, baseMs * 2 ** failures);
      failures = Math.min(failures + 1, 30);
      // Clients that failed together must not come back together.
      return ceilingMs * (0.5 + random() / 2);
    },
    reset() {
      failures = 0;
    },
  };
}
