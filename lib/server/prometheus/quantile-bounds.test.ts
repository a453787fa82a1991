import { describe, expect, it } from 'vitest';
import { quantileBounds } from './quantile-bounds';
import type { WireQueryData } from './wire';

function buckets(counts: Record<string, number | string>): WireQueryData {
  return {
    resultType: 'vector',
    result: Object.entries(counts).map(([le, count]) => ({ metric: { le }, value: [0, String(count)] })),
  };
}

describe('the bucket that holds a quantile', () => {
  const ttft = { '0.1': 0, '0.25': 5, '0.5': 5, '0.75': 80, '1.0': 94, '2.5': 100, '+Inf': 100 };
  it.each([
    [0.5, [0.5, 0.75]],
    [0.9, [0.75, 1]],
    [0.95, [1, 2.5]],
    [0.99, [1, 2.5]],
    [0.05, [0.1, 0.25]],
  ])('for quantile %d has the edges %j', (quantile, bounds) => {
    expect(quantileBounds(buckets(ttft), quantile)).toEqual(bounds);
  });

  it('starts at zero in the first bucket', () => {
    expect(quantileBounds(buckets({ '0.01': 3, '0.025': 3, '+Inf': 3 }), 0.95)).toEqual([0, 0.01]);
  });

  it('sorts edges as numbers, whatever their spelling and order', () => {
    expect(quantileBounds(buckets({ '+Inf': 10, '10.0': 10, '2.5': 4, '5': 9 }), 0.95)).toEqual([5, 10]);
  });

  it.each([
    ['nothing was observed', { '1': 0, '+Inf': 0 }],
    ['rates are NaN', { '1': 'NaN', '+Inf': 'NaN' }],
    ['the last bucket is missing', { '1': 5, '2': 6 }],
    ['the quantile lies above every edge', { '1': 1, '+Inf': 10 }],
    ['there are no buckets', {}],
  ])('is not known when %s', (_case, counts) => {
    expect(quantileBounds(buckets(counts), 0.95)).toBeNull();
  });
});
