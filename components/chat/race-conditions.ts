import type { LaneFacts } from '@/lib/domain/lane-facts';
import type { Placement } from '@/lib/domain/placement';

/** What a race runs under, besides what is asked. */
export interface RaceConditions {
  facts: readonly LaneFacts[];
  factsAt: string | null;
  /** `null` also where the metrics in it are not up to date. */
  placement: Placement | null;
  /** The background load of this dashboard, while one runs. */
  loadWords: string | null;
}

export interface HeldConditions {
  questionId: string;
  conditions: RaceConditions;
}

function isSame(one: RaceConditions, other: RaceConditions): boolean {
  return (
    one.facts === other.facts &&
    one.factsAt === other.factsAt &&
    one.placement === other.placement &&
    one.loadWords === other.loadWords
  );
}

/** The load in words: that of now is always said, and whether it is the one that this race ran under. */
export function toLoadWords(now: string | null, then: string | null): string | null {
  if (now === then) return now;
  if (now === null) return then === null ? null : then.replace(/^Load is on:/, 'Ran under load:');
  return `${now} ${then === null ? 'Not during this race.' : 'Another one during this race.'}`;
}

/** The conditions of the race that runs, kept for when it is over; the same object as long as nothing changes. */
export function holdConditions(
  held: HeldConditions | null,
  questionId: string | null,
  isRunning: boolean,
  now: RaceConditions,
): HeldConditions | null {
  if (questionId === null || !isRunning) return held;
  return held?.questionId === questionId && isSame(held.conditions, now)
    ? held
    : { questionId, conditions: now };
}

/**
 * What is said of a race that is over is what was so when it ended, not what is so now. Where nobody watched it end (another
 * screen, a reload) its load is not known.
 */
export function conditionsOf(
  held: HeldConditions | null,
  questionId: string | null,
  isRunning: boolean,
  now: RaceConditions,
): RaceConditions {
  if (questionId === null || isRunning) return now;
  return held?.questionId === questionId ? held.conditions : { ...now, placement: null };
}
