import type { Placement } from '@/lib/domain/placement';
import type { Arm } from '@/lib/domain/vocabulary';
import { formatDecimal } from '@/lib/format/quantity';

export type RaceLoad = { state: 'equal' | 'unequal'; words: string } | { state: 'unknown' };

/** A sample older than this at the start tells nothing of the race. */
const STALE_MS = 60_000;

interface Running {
  requests: number;
  /** Of the oldest sample. */
  sampledAt: number;
}

/** Requests the engines of an arm ran when they were last scraped; `null` where one of them is not known. */
function runningOf(arm: Arm, { pods, activity }: Placement): Running | null {
  const names = pods
    .filter((pod) => pod.arm === arm && pod.gpus > 0 && pod.ready && pod.role !== 'worker')
    .map(({ name }) => name);
  const samples = names.flatMap((name) => {
    const engine = activity.find(({ pod }) => pod === name);
    return engine?.running == null || engine.sampledAt === null
      ? []
      : [{ requests: engine.running, sampledAt: Date.parse(engine.sampledAt) }];
  });
  if (names.length === 0 || samples.length < names.length) return null;
  return {
    requests: samples.reduce((sum, { requests }) => sum + requests, 0),
    sampledAt: Math.min(...samples.map(({ sampledAt }) => sampledAt)),
  };
}

/** Scrapes are seconds apart, races short: what was sampled before the start is said to be from then. */
function whenWords(sampledAt: number, startedAt: string | null): string | null {
  const beforeMs = startedAt === null ? 0 : Date.parse(startedAt) - sampledAt;
  if (beforeMs > STALE_MS) return null;
  return beforeMs < 1_000
    ? 'when last scraped'
    : `when scraped ${formatDecimal(beforeMs / 1_000, 0)} s before the start`;
}

/** What both arms had to do, as their metrics tell; `startedAt`: when the race did (ISO 8601), `null` before it. */
export function toRaceLoad(
  arms: readonly [Arm, Arm],
  placement: Placement,
  startedAt: string | null,
): RaceLoad {
  const [a, b] = [runningOf(arms[0], placement), runningOf(arms[1], placement)];
  if (a === null || b === null) return { state: 'unknown' };
  const when = whenWords(Math.min(a.sampledAt, b.sampledAt), startedAt);
  if (when === null) return { state: 'unknown' };
  return a.requests === b.requests
    ? { state: 'equal', words: `${a.requests} running in each ${when}` }
    : { state: 'unequal', words: `${a.requests} against ${b.requests} requests running ${when}` };
}
