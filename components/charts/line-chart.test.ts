import { describe, expect, it } from 'vitest';
import { findLonelyValues } from './line-chart';

const rows = (values: (number | null)[]) => values.map((value, index) => ({ atMs: index, values: [value] }));

describe('lonely values', () => {
  it('are those between two gaps, at the ends too', () => {
    expect([...findLonelyValues(rows([1, null, 2, 3, null, 4]), 0)]).toEqual([0, 5]);
  });

  it('are none in an unbroken line, and none where there is nothing', () => {
    expect(findLonelyValues(rows([1, 2, 3]), 0).size).toBe(0);
    expect(findLonelyValues(rows([null, null]), 0).size).toBe(0);
  });
});
