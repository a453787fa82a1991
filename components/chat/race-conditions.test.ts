import { describe, expect, it } from 'vitest';
import { aPlacement } from '@/lib/client/testing/live-fixtures';
import { conditionsOf, holdConditions, type RaceConditions, toLoadWords } from './race-conditions';

const aState = (loadWords: string | null): RaceConditions => ({
  facts: [],
  factsAt: null,
  placement: aPlacement({}),
  loadWords,
});
const BEFORE = aState(null);
const UNDER_LOAD = aState('Load is on: 4 users.');

describe('what a race ran under', () => {
  it('is followed while it runs, and stays as it was when it ended', () => {
    const first = holdConditions(null, 'q', true, BEFORE);
    expect(holdConditions(first, 'q', true, BEFORE)).toBe(first);
    const last = holdConditions(first, 'q', true, UNDER_LOAD);
    expect(conditionsOf(last, 'q', true, UNDER_LOAD)).toBe(UNDER_LOAD);
    const after = holdConditions(last, 'q', false, BEFORE);
    expect(after).toBe(last);
    expect(conditionsOf(after, 'q', false, BEFORE)).toBe(UNDER_LOAD);
  });

  it('is what is so now before anything is asked, and begins anew with the next race', () => {
    const held = holdConditions(null, 'q', true, UNDER_LOAD);
    expect(conditionsOf(held, null, false, BEFORE)).toBe(BEFORE);
    expect(conditionsOf(holdConditions(held, 'next', true, BEFORE), 'next', false, UNDER_LOAD)).toBe(BEFORE);
  });

  it('does not take the load of now for that of a race that is over', () => {
    const on = 'Load is on: 4 users on each arm.';
    expect([
      toLoadWords(null, null),
      toLoadWords(on, on),
      toLoadWords(null, on),
      toLoadWords(on, null),
    ]).toEqual([
      null,
      on,
      'Ran under load: 4 users on each arm.',
      'Load is on: 4 users on each arm. Not during this race.',
    ]);
  });

  it('has a load that is not known where nobody watched it end', () => {
    expect(conditionsOf(null, 'q', false, UNDER_LOAD)).toEqual({
      ...UNDER_LOAD,
      placement: null,
    });
  });
});
