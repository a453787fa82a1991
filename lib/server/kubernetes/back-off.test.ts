import { describe, expect, it } from 'vitest';
import { createBackOff } from './back-off';

function pauses(count: number, random: () => number): number[] {
  const backOff = createBackOff({ baseMs: 500, maximumMs: 5_000, random });
  return Array.from({ length: count }, () => backOff.next());
}

describe('createBackOff', () => {
  it('doubles from the base to the maximum', () => {
    expect(pauses(6, () => 1)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('never waits less than half of that', () => {
    expect(pauses(6, () => 0)).toEqual([250, 500, 1_000, 2_000, 2_500, 2_500]);
  });

  it('begins anew after a success', () => {
    const backOff = createBackOff({ baseMs: 500, maximumMs: 5_000, random: () => 1 });
    backOff.next();
    backOff.next();
    backOff.reset();
    expect(backOff.next()).toBe(500);
  });

  it('stays at the maximum for as long as it takes', () => {
    expect(pauses(2_000, () => 1).at(-1)).toBe(5_000);
  });
});
