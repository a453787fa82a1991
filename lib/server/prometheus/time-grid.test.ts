import { describe, expect, it } from 'vitest';
import { COMPARE_WINDOWS } from '@/lib/domain/vocabulary';
import { rateWindowSeconds, toGrid, windowSeconds } from './time-grid';

const NOW = Date.UTC(2026, 0, 15, 9, 0, 7, 300);

describe('the grid of a curve', () => {
  it.each(COMPARE_WINDOWS)('of %s is aligned, covers the window and has at most 121 points', (window) => {
    for (const scrape of [null, 1, 5, 15, 30, 60]) {
      const { startSeconds, endSeconds, stepSeconds } = toGrid(window, NOW, scrape);
      expect(startSeconds % stepSeconds).toBe(0);
      expect(endSeconds % stepSeconds).toBe(0);
      expect(endSeconds).toBeLessThanOrEqual(NOW / 1000);
      expect(NOW / 1000 - endSeconds).toBeLessThan(stepSeconds);
      expect(endSeconds - startSeconds).toBeGreaterThanOrEqual(windowSeconds(window));
      expect((endSeconds - startSeconds) / stepSeconds).toBeLessThanOrEqual(120);
      if (scrape !== null) expect(stepSeconds).toBeGreaterThanOrEqual(scrape);
    }
  });

  it('does not move within a step', () => {
    expect(toGrid('30m', NOW, 5)).toEqual(toGrid('30m', NOW + 7_000, 5));
    expect(toGrid('30m', NOW, 5)).toEqual({
      startSeconds: Date.UTC(2026, 0, 15, 8, 30) / 1000,
      endSeconds: Date.UTC(2026, 0, 15, 9, 0) / 1000,
      stepSeconds: 15,
    });
  });
});

describe('the rate window', () => {
  it.each([
    [30, 15, 120],
    [15, 15, 60],
    [5, 5, 20],
    [1, 1, 20],
    [7.5, 10, 30],
    [5, 180, 180],
    [null, 5, 120],
  ])('for a scrape every %s s and a step of %i s is %i s', (scrape, step, expected) => {
    expect(rateWindowSeconds(scrape, step)).toBe(expected);
  });
});
