import { describe, expect, it } from 'vitest';
import { keepAxisTop, niceCeil, spreadLabels, toAxisTop } from './chart-scale';

describe('value axis', () => {
  it.each([
    [0, 0],
    [-3, 0],
    [Number.NaN, 0],
    [0.61, 0.8],
    [1, 1],
    [1.01, 1.5],
    [2.6, 3],
    [139, 150],
    [0.0738, 0.08],
  ])('ends above %d at %d', (value, top) => {
    expect(niceCeil(value)).toBe(top);
  });

  it('is common to both arms and never lower than its floor', () => {
    expect(toAxisTop([0, null, 1.2, 4.6], 1)).toBe(5);
    expect(toAxisTop([0, 0, null], 4)).toBe(4);
    expect(toAxisTop([8, 7], 4)).toBe(10);
    expect(toAxisTop([100], 100)).toBe(100);
    expect(toAxisTop([], 4)).toBe(4);
  });
});

describe('top of the axis over time', () => {
  it('grows at once and comes down only when much less is needed', () => {
    expect(keepAxisTop(null, 5)).toBe(5);
    expect(keepAxisTop(5, 6)).toBe(6);
    expect([keepAxisTop(5, 4), keepAxisTop(5, 3), keepAxisTop(5, 2)]).toEqual([5, 5, 2]);
  });
});

describe('end labels', () => {
  it('stay at their lines when there is room', () => {
    const labels = [
      { item: 'high', at: 0.2 },
      { item: 'low', at: 0.8 },
    ];
    expect(spreadLabels(labels, 0.3)).toEqual(labels);
  });

  it('keep the order of their lines even where both would leave the plot', () => {
    const placed = spreadLabels(
      [
        { item: 'lower', at: 0.12 },
        { item: 'higher', at: 0.05 },
      ],
      0.4,
    );
    expect(placed).toEqual([
      { item: 'higher', at: 0.2 },
      { item: 'lower', at: 0.6000000000000001 },
    ]);
  });

  it('move apart and stay inside the plot, highest first', () => {
    const placed = spreadLabels(
      [
        { item: 'low', at: 0.95 },
        { item: 'high', at: 0.9 },
      ],
      0.3,
    );
    expect(placed.map(({ item }) => item)).toEqual(['high', 'low']);
    expect(placed[1]?.at).toBeCloseTo(0.85);
    expect(placed[0]?.at).toBeCloseTo(0.55);
  });
});
