import { describe, expect, it } from 'vitest';
import { TICK_COLUMNS, toAxisEndMs, toLongestPauseMs, toTickPath } from './tick-timeline-model';

describe('tick timeline', () => {
  it('grows its axis in few steps', () => {
    expect([0, 2_000, 2_001, 9_999, 61_000, 1_900_000].map(toAxisEndMs)).toEqual([
      2_000, 2_000, 5_000, 10_000, 120_000, 2_400_000,
    ]);
  });

  it('draws each arrival at its time, and a pause as a gap', () => {
    expect(toTickPath([500, 600, 1_500], 2_000)).toBe('M150 0V10M180 0V10M450 0V10');
  });

  it('stays bounded however many tokens came', () => {
    const arrivals = Array.from({ length: 8_000 }, (_, index) => index * 7);
    expect(toTickPath(arrivals, 60_000).split('M').length - 1).toBeLessThanOrEqual(TICK_COLUMNS + 1);
  });

  it('leaves out what is not on the axis', () => {
    expect(toTickPath([-5, 2_500], 2_000)).toBe('');
  });

  it('finds the longest pause', () => {
    expect(toLongestPauseMs([300, 354, 1_400, 1_454])).toBe(1_046);
    expect(toLongestPauseMs([300])).toBeNull();
  });
});
