import 'server-only';
import type { RelayHistogram } from '@/lib/contracts/chat-lanes';

export interface DurationHistogram {
  record(milliseconds: number): void;
  snapshot(): RelayHistogram;
}

/** From a hundredth of a millisecond, where the relay should be, to a tenth of a second, where it must not be. */
const EDGES_MS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100];

export function createDurationHistogram(): DurationHistogram {
  const counts = EDGES_MS.map(() => 0);
  let sumMs = 0;
  let count = 0;
  return {
    record(milliseconds) {
      sumMs += milliseconds;
      count += 1;
      EDGES_MS.forEach((edge, index) => {
        if (milliseconds <= edge) counts[index] = (counts[index] ?? 0) + 1;
      });
    },
    snapshot: () => ({
      buckets: EDGES_MS.map((upperEdgeMs, index) => ({ upperEdgeMs, count: counts[index] ?? 0 })),
      sumMs,
      count,
    }),
  };
}
