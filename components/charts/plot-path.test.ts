import { describe, expect, it } from 'vitest';
import { toBandPath, toLinePath, toMarksPath, toPlotScale } from './plot-path';

const AREA = { x: 0, y: 0, width: 100, height: 100 };
const scale = toPlotScale({ from: 0, to: 100, top: 10 }, AREA);

describe('line', () => {
  it('runs from point to point, low values low', () => {
    expect(
      toLinePath(
        [
          { atMs: 0, value: 0 },
          { atMs: 50, value: 5 },
          { atMs: 100, value: 10 },
        ],
        scale,
      ),
    ).toBe('M0 100L50 50L100 0');
  });

  it('leaves a gap where nothing is known, and shows a value between two gaps as a dot', () => {
    expect(
      toLinePath(
        [
          { atMs: 0, value: 5 },
          { atMs: 10, value: null },
          { atMs: 20, value: 5 },
          { atMs: 30, value: 5 },
        ],
        scale,
      ),
    ).toBe('M0 50h0.1M20 50L30 50');
    expect(toLinePath([{ atMs: 10, value: null }], scale)).toBe('');
  });

  it('stays in its plot: no time beyond the ends, no value above the top', () => {
    expect(
      toLinePath(
        [
          { atMs: -10, value: 5 },
          { atMs: 0, value: 50 },
          { atMs: 10, value: 5 },
          { atMs: 120, value: 5 },
        ],
        scale,
      ),
    ).toBe('M0 0L10 50');
  });
});

describe('band', () => {
  it('is one block as long as the bounds stay, and a new one when they change or a moment is missing', () => {
    expect(
      toBandPath(
        [
          { atMs: 10, low: 1, high: 5 },
          { atMs: 20, low: 1, high: 5 },
          { atMs: 30, low: 5, high: 10 },
          { atMs: 50, low: 5, high: 10 },
        ],
        scale,
        10,
      ),
    ).toBe('M5 50H25V90H5ZM25 0H35V50H25ZM45 0H55V50H45Z');
    expect(toBandPath([], scale, 10)).toBe('');
  });
});

describe('marks', () => {
  it('are crosses and pluses inside the plot', () => {
    const mark = { value: 5, colour: 'red' };
    expect(
      toMarksPath(
        [
          { ...mark, atMs: 50, shape: 'plus' },
          { ...mark, atMs: 20, shape: 'cross' },
          { ...mark, atMs: 200, shape: 'plus' },
        ],
        scale,
      ),
    ).toBe('M47 50h6M50 47v6M17 47l6 6m0 -6l-6 6');
  });
});
