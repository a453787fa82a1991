import { describe, expect, it } from 'vitest';
import type { Difference } from './compare';
import { type Blocks, measureDifference } from './compare-difference';
import { seededNoise } from './testing/seeded-noise';

/** Twelve blocks of ten requests whose seconds scatter around `mean` by `share`. */
function blocks(mean: number, share: number, noise: () => number, count = 12): Blocks {
  return {
    parts: Array.from({ length: count }, () => 10 * mean * (1 + share * noise())),
    wholes: Array.from({ length: count }, () => 10),
  };
}

type Measured = Extract<Difference, { state: 'measured' }>;

function measured(difference: Difference): Measured {
  if (difference.state === 'none') throw new Error(difference.because);
  return difference;
}

describe('the difference between the arms', () => {
  it('is that of the means shown, where they are known; the blocks give the interval', () => {
    const noise = seededNoise(1);
    const left = { ...blocks(2, 0.02, noise), mean: 2.5 };
    const right = { ...blocks(1, 0.02, noise), mean: 1 };
    const { absolute, ratio, ratioInterval } = measured(measureDifference(left, right, null));
    expect([absolute, ratio]).toEqual([-1.5, 0.4]);
    expect((ratioInterval?.[0] ?? 1) < 0.4 && (ratioInterval?.[1] ?? 0) > 0.4).toBe(true);
  });

  it('compares exact means: Σseconds ÷ Σrequests, whatever the blocks hold', () => {
    const left: Blocks = { parts: [10, 30, 0, 20], wholes: [10, 10, 0, 10] };
    const right: Blocks = { parts: [5, 15, 0, 10], wholes: [10, 10, 0, 10] };
    expect(measured(measureDifference(left, right, null))).toMatchObject({
      absolute: -1,
      ratio: 0.5,
      // The empty block says nothing, and three are too few for an interval.
      ratioInterval: null,
      blocks: 3,
      verdict: 'unclear',
    });
  });

  it('says lower, higher and equal where the interval leaves no doubt', () => {
    const noise = seededNoise(1);
    const verdict = (left: number, right: number): string =>
      measured(measureDifference(blocks(left, 0.02, noise), blocks(right, 0.02, noise), null)).verdict;
    expect(verdict(2, 1)).toBe('lower');
    expect(verdict(1, 2)).toBe('higher');
    expect(verdict(1, 1.001)).toBe('equal');
  });

  it('covers the true ratio in about 95 of 100 windows', () => {
    const noise = seededNoise(2);
    const windows = 400;
    const covered = Array.from({ length: windows }, () => {
      const { ratioInterval } = measured(
        measureDifference(blocks(1, 0.3, noise), blocks(1.2, 0.3, noise), null),
      );
      if (ratioInterval === null) throw new Error('no interval');
      return ratioInterval[0] <= 1.2 && 1.2 <= ratioInterval[1];
    }).filter(Boolean).length;
    expect(covered / windows).toBeGreaterThan(0.93);
    expect(covered / windows).toBeLessThan(0.995);
  });

  it.each([0.95, 0.97, 1, 1.03, 1.05])(
    'does not flip between lower and higher at 5 %% noise when the true ratio is %s',
    (ratio) => {
      const noise = seededNoise(3);
      let said: Measured['verdict'] | null = null;
      let flips = 0;
      for (let refresh = 0; refresh < 720; refresh++) {
        const next: Measured['verdict'] = measured(
          measureDifference(blocks(1, 0.05, noise), blocks(ratio, 0.05, noise), said),
        ).verdict;
        if ((said === 'lower' && next === 'higher') || (said === 'higher' && next === 'lower')) flips++;
        said = next;
      }
      expect(flips).toBe(0);
    },
  );

  it('keeps a word once said until the interval reaches "no difference"', () => {
    // The interval is about 0.93 to 0.98: not beyond 5 %, yet clearly below 1.
    const noise = seededNoise(4);
    const left = blocks(1, 0.02, noise);
    const right = blocks(0.955, 0.02, noise);
    const fresh = measured(measureDifference(left, right, null));
    expect(fresh.ratioInterval?.[1]).toBeGreaterThan(1 / 1.05);
    expect(fresh.ratioInterval?.[1]).toBeLessThan(1);
    expect(fresh.verdict).not.toBe('lower');
    expect(measured(measureDifference(left, right, 'lower')).verdict).toBe('lower');
    expect(measured(measureDifference(left, right, 'higher')).verdict).not.toBe('higher');
  });

  it('calls two silent gauges equal, and gives no ratio to a silent baseline', () => {
    const idle: Blocks = { parts: [0, 0, 0, 0], wholes: [1, 1, 1, 1] };
    expect(measured(measureDifference(idle, idle, null))).toMatchObject({ verdict: 'equal', ratio: null });
    const busy: Blocks = { parts: [2, 2, 2, 2], wholes: [1, 1, 1, 1] };
    expect(measured(measureDifference(idle, busy, null))).toMatchObject({
      verdict: 'unclear',
      ratio: null,
      absolute: 2,
    });
  });

  it('is none where an arm has no value', () => {
    const nothing: Blocks = { parts: [null, null], wholes: [null, null] };
    expect(measureDifference(nothing, nothing, null)).toEqual({
      state: 'none',
      because: 'the value is not known in both arms',
    });
  });
});
