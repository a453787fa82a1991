import { describe, expect, it } from 'vitest';
import type { CompareSeries } from '@/lib/domain/compare';
import { aSeries } from '@/lib/domain/testing/compare-fixtures';
import type { Presence } from '@/lib/domain/vocabulary';
import { toPartWords } from './arm-details';
import { toChartLook } from './chart-looks';
import {
  formatChartValue,
  toBoundsWords,
  toCaveat,
  toDrawnBounds,
  toOldSince,
  toPodTail,
  toShownValue,
} from './chart-values';
import { toDifferenceWords } from './difference-cell';

describe('chart values', () => {
  it.each([
    [61.4, 'ms', '61'],
    [140, 'ms', '140'],
    [4.21, '%', '4.2'],
    [0, '%', '0'],
    [2, 'requests', '2'],
    [2.5, 'requests', '2.5'],
    [2.3, 's', '2.30'],
    [139.4, 'tokens/s', '139'],
  ])('%d %s reads %s, in the unit of the chart', (value, unit, text) => {
    expect(formatChartValue(value, unit)).toBe(text);
  });

  it('says the bucket in words, and nothing where it has no end', () => {
    const look = toChartLook('ttft', 'ms');
    const bounds = toDrawnBounds(aSeries({ bounds: [0.1, 0.25] }), look);
    expect(bounds === null ? '' : toBoundsWords(bounds, look.unit)).toBe('between 100 and 250\u00a0ms');
    expect(toDrawnBounds(aSeries({ bounds: [640, Number.POSITIVE_INFINITY] }), look)).toBeNull();
    expect(toDrawnBounds(null, look)).toBeNull();
  });

  it('tells a caveat from an absence', () => {
    expect(toCaveat(aSeries({ presence: 'partial' }))).toBe('partial');
    expect([toCaveat(aSeries()), toCaveat(aSeries({ presence: 'no-traffic' })), toCaveat(null)]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('counts the age of a value only where nothing newer comes', () => {
    const latestAt = '2025-12-29T12:00:00.000Z';
    const ageOf = (presence: Presence) => toOldSince(aSeries({ presence, latestAt }));
    expect(['stale', 'unreachable', 'forbidden'].map((name) => ageOf(name as Presence))).toEqual([
      latestAt,
      latestAt,
      latestAt,
    ]);
    expect([ageOf('ok'), ageOf('partial'), ageOf('no-traffic'), toOldSince(null)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('keeps the last value that was given where nothing newer comes, and invents none elsewhere', () => {
    const points: [string, number | null][] = [
      ['2025-12-29T12:00:00.000Z', 2],
      ['2025-12-29T12:00:05.000Z', 3],
      ['2025-12-29T12:00:10.000Z', null],
    ];
    const shown = (overrides: Partial<CompareSeries>) =>
      toShownValue(aSeries({ latest: null, points, ...overrides }), 'value');
    expect(shown({ presence: 'stale' })).toBe(3);
    expect(shown({ presence: 'stale', points: [] })).toBeNull();
    expect(shown({ presence: 'no-traffic' })).toBeNull();
    expect(shown({ presence: 'ok', latest: 7 })).toBe(7);
  });

  it('keeps of a pod’s name what tells it from its sisters', () => {
    expect(toPodTail('mistral-3-distributed-kserve-ftk8wprfxh-rv4xr')).toBe('rv4xr');
  });
});

describe('difference in words', () => {
  const measured = { state: 'measured', absolute: -1.07, ratio: 0.49, blocks: 9 } as const;
  it('gives absolute, ratio, interval and verdict', () => {
    expect(toDifferenceWords({ ...measured, ratioInterval: [0.41, 84.5], verdict: 'lower' }, 's', 1)).toEqual(
      {
        verdict: 'lower on llm-d',
        numbers: '−1.07\u00a0s, 0.49\u00a0times',
        interval: '0.41 to 84.5 (95\u00a0%)',
      },
    );
    expect(
      toDifferenceWords(
        { ...measured, absolute: 2, ratio: null, ratioInterval: null, verdict: 'unclear' },
        'requests',
        1,
      ),
    ).toEqual({ verdict: 'no clear difference', numbers: '+2\u00a0requests', interval: null });
    expect(toDifferenceWords({ state: 'none', because: 'baseline: no traffic' }, 's', 1)).toEqual({
      verdict: 'INT4: no traffic',
      numbers: null,
      interval: null,
    });
  });
});

describe('a pod in words', () => {
  const part = { by: 'pod', name: 'a', promql: '', latest: 0.2, latestMean: 0.1, points: [] } as const;
  const write = (value: number) => `${value} s`;
  it('names the percentile and the mean, and only the mean where that is what the chart is about', () => {
    const aPart = { ...part, points: [] };
    expect(toPartWords(aPart, 'p95', 95, write)).toBe('p95 0.2 s, mean 0.1 s');
    expect(toPartWords(aPart, 'mean', 95, write)).toBe('mean 0.1 s');
    expect(toPartWords({ ...aPart, latestMean: null }, '', 95, write)).toBe('0.2 s');
    expect(toPartWords({ ...aPart, latest: null, latestMean: null }, 'p95', 95, write)).toBe('no value');
  });
});
