import { describe, expect, it } from 'vitest';
import { formatAge } from './age';

describe('formatAge', () => {
  it.each([
    [-5_000, '0 s'],
    [0, '0 s'],
    [999, '0 s'],
    [4_200, '4 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h'],
    [86_400_000, '1 d'],
    [10 * 86_400_000, '10 d'],
  ])('%d ms is %s', (ageMs, text) => {
    expect(formatAge(ageMs).replaceAll('\u00a0', ' ')).toBe(text);
  });
});
