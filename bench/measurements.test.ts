import { describe, expect, it } from 'vitest';
import { isMissed, type Measurement, percentile } from './measurements';

const measurement: Measurement = {
  bench: 'ready',
  name: 'flip',
  unit: 'ms',
  value: 400,
  samples: 20,
  atMost: 500,
  note: '',
};

describe('percentile', () => {
  it('is the nearest rank, whatever the order of the samples', () => {
    const samples = [5, 1, 4, 2, 3];
    expect([50, 95, 100].map((percent) => percentile(samples, percent))).toEqual([3, 5, 5]);
  });

  it('refuses to make one up without samples', () => {
    expect(() => percentile([], 50)).toThrow('needs samples');
  });
});

describe('isMissed', () => {
  it('is said above the goal and when nothing was measured, never without a goal', () => {
    expect([
      isMissed(measurement),
      isMissed({ ...measurement, value: 500.1 }),
      isMissed({ ...measurement, value: Number.NaN }),
      isMissed({ ...measurement, value: 9_999, atMost: null }),
    ]).toEqual([false, true, true, false]);
  });
});
