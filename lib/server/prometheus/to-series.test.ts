import { describe, expect, it } from 'vitest';
import { medianGapSeconds, toNumber, toPoints, toScalar } from './to-series';

describe('values of Prometheus', () => {
  it.each([
    ['0', 0],
    ['1e-05', 0.00001],
    ['9007199254740993', 9007199254740992],
    ['-2.5', -2.5],
    ['NaN', null],
    ['+Inf', null],
    ['-Inf', null],
    ['', null],
    ['abc', null],
  ])('reads %j as %j', (text, value) => {
    expect(toNumber(text)).toBe(value);
  });

  it('takes the one number of an answer, and nothing for no sample', () => {
    expect(toScalar({ resultType: 'vector', result: [{ metric: {}, value: [1, '3'] }] })).toBe(3);
    expect(toScalar({ resultType: 'scalar', result: [1, '4'] })).toBe(4);
    expect(toScalar({ resultType: 'vector', result: [] })).toBeNull();
    expect(toScalar({ resultType: 'vector', result: [{ metric: {}, value: [1, 'NaN'] }] })).toBeNull();
  });

  it('lays a curve on its grid and leaves gaps where nothing is', () => {
    const grid = { startSeconds: 0, endSeconds: 60, stepSeconds: 15 };
    const curve = {
      resultType: 'matrix' as const,
      result: [
        {
          metric: {},
          values: [
            [15, '1'],
            [30, 'NaN'],
            [60, '0'],
          ] as [number, string][],
        },
      ],
    };
    expect(toPoints(curve, grid)).toEqual([
      ['1970-01-01T00:00:00.000Z', null],
      ['1970-01-01T00:00:15.000Z', 1],
      ['1970-01-01T00:00:30.000Z', null],
      ['1970-01-01T00:00:45.000Z', null],
      ['1970-01-01T00:01:00.000Z', 0],
    ]);
    expect(toPoints({ resultType: 'matrix', result: [] }, grid).every(([, value]) => value === null)).toBe(
      true,
    );
  });

  it('finds the usual gap between samples in spite of jitter and a missed scrape', () => {
    const at = (...times: number[]) => ({
      metric: {},
      values: times.map((time): [number, string] => [time, '0']),
    });
    expect(medianGapSeconds([at(0, 15.01, 29.99, 60, 75.02)])).toBe(15);
    expect(medianGapSeconds([at(0, 5)])).toBeNull();
    expect(medianGapSeconds([])).toBeNull();
  });
});
