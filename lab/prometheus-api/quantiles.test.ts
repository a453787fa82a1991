import { describe, expect, test } from 'vitest';
import { type Bucket, bucketQuantile, quantileOf } from './quantiles.ts';

const buckets = (...counts: [upperBound: number, count: number][]): Bucket[] =>
  counts.map(([upperBound, count]) => ({ upperBound, count }));
const INF = Number.POSITIVE_INFINITY;

describe('the quantile of buckets', () => {
  const latency = buckets([0.1, 10], [0.5, 60], [1, 100], [INF, 100]);

  test.each([
    [0, 0],
    [0.05, 0.05],
    [0.5, 0.42],
    [0.95, 0.9375],
    [1, 1],
  ])('%s is interpolated to %s', (quantile, value) => {
    expect(bucketQuantile(quantile, latency).value).toBeCloseTo(value, 12);
  });

  test('in the last bucket is the largest finite edge', () => {
    expect(bucketQuantile(0.99, buckets([1, 50], [INF, 100])).value).toBe(1);
  });

  test('the order in which buckets come does not matter', () => {
    expect(bucketQuantile(0.5, [...latency].reverse()).value).toBeCloseTo(0.42, 12);
  });

  test.each([
    ['without observations', buckets([1, 0], [INF, 0])],
    ['without +Inf', buckets([1, 5], [2, 9])],
    ['of a single bucket', buckets([INF, 9])],
  ])('%s is NaN', (_, given) => {
    expect(bucketQuantile(0.5, given).value).toBeNaN();
  });

  test('beyond 0 and 1 is infinite', () => {
    expect(bucketQuantile(-0.1, latency).value).toBe(-INF);
    expect(bucketQuantile(1.1, latency).value).toBe(INF);
  });

  test('decreasing buckets are raised, and that is reported', () => {
    const given = buckets([0.1, 10], [0.5, 8], [1, 20], [INF, 20]);
    expect(bucketQuantile(0.5, given)).toEqual({ value: 0.1, wasForcedMonotonic: true });
  });

  test('differences of rounding are not', () => {
    const given = buckets([0.1, 10], [0.5, 10 - 1e-13], [INF, 10]);
    expect(bucketQuantile(0.5, given).wasForcedMonotonic).toBe(false);
  });
});

describe('the quantile of values', () => {
  test('lies between the nearest ranks', () => {
    expect(quantileOf(0.25, [4, 1, 3, 2])).toBeCloseTo(1.75, 12);
    expect(quantileOf(1, [4, 1])).toBe(4);
  });

  test('of nothing is NaN', () => {
    expect(quantileOf(0.5, [])).toBeNaN();
  });
});
