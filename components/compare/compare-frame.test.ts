import { describe, expect, it } from 'vitest';
import type { FurtherMetric } from '@/lib/domain/compare';
import { aCompare, aSeries } from '@/lib/domain/testing/compare-fixtures';
import { COMPARE_PERCENTILES } from '@/lib/domain/vocabulary';
import {
  nextChoice,
  toArmRange,
  toAskedEnd,
  toCompareFrame,
  toMissingCharts,
  toShownCharts,
  toWindowMs,
} from './compare-frame';
import { DEFAULT_COMPARE_SCENE } from './compare-scene';
import { toNextScrapeMs } from './next-scrape';

const NOON_MS = Date.parse('2025-12-29T12:00:00.000Z');

function aFurther(overrides: Partial<FurtherMetric>): FurtherMetric {
  return {
    id: 'gpu-power',
    unit: 'W',
    better: 'lower',
    headline: 'value',
    difference: { state: 'none', because: '' },
    arms: [],
    ...overrides,
  };
}

describe('end of the window that is asked for', () => {
  const scene = DEFAULT_COMPARE_SCENE;
  it('is none while the curves move, and the moment of the pause when they stand', () => {
    expect(toAskedEnd(scene, NOON_MS)).toBeNull();
    const pausedAt = '2025-12-29T11:00:00.000Z';
    expect(toAskedEnd({ ...scene, pausedAt }, NOON_MS)).toBe(pausedAt);
  });

  it('is that of a run once the run is over', () => {
    const runFrom = '2025-12-29T11:55:00.001Z';
    expect(toAskedEnd({ ...scene, runFrom }, NOON_MS)).toBeNull();
    expect(toAskedEnd({ ...scene, runFrom }, NOON_MS + 1)).toBe('2025-12-29T12:00:00.001Z');
  });
});

describe('frame', () => {
  it('has one clock while both arms come from one answer', () => {
    const frame = toCompareFrame(aCompare(), null, DEFAULT_COMPARE_SCENE);
    expect(frame).toMatchObject({ isAligned: false, from: NOON_MS - 300_000, to: NOON_MS });
    expect(toArmRange(frame, 'baseline')).toEqual(toArmRange(frame, 'distributed'));
  });

  it('aligns a pinned window with the start of the other arm’s run, and keeps its own clock', () => {
    const past = aCompare({
      range: { from: '2025-12-29T10:55:00.000Z', to: '2025-12-29T11:00:00.000Z', isPinned: true },
    });
    const frame = toCompareFrame(aCompare(), past, {
      window: '5m',
      pin: { arm: 'distributed', end: '2025-12-29T11:00:00.000Z' },
      runFrom: '2025-12-29T11:58:00.000Z',
    });
    expect(frame).toMatchObject({ isAligned: true, from: NOON_MS - 120_000, to: NOON_MS + 180_000 });
    expect(toArmRange(frame, 'distributed')).toEqual({
      from: Date.parse('2025-12-29T10:55:00.000Z'),
      to: Date.parse('2025-12-29T11:00:00.000Z'),
    });
    expect(toArmRange(frame, 'baseline').from).toBe(NOON_MS - 120_000);
  });
});

describe('charts', () => {
  it('are the nine always, and further ones only where there is something to show; the rest is told with its reason', () => {
    const gone = aSeries({ points: [], presence: 'not-scraped', absentBecause: 'no DCGM' });
    const compare = aCompare({
      furtherMetrics: [
        aFurther({ id: 'gpu-power', arms: [gone] }),
        aFurther({ id: 'picker-queue', arms: [aSeries({ arm: 'distributed' })] }),
      ],
    });
    const frame = toCompareFrame(compare, null, DEFAULT_COMPARE_SCENE);
    expect(toShownCharts(frame)).toEqual(['ttft', 'picker-queue']);
    expect(toMissingCharts(frame)).toEqual([{ id: 'gpu-power', because: 'no DCGM' }]);
  });
});

describe('windows', () => {
  it('are read in milliseconds', () => {
    expect(['1m', '30m', '6h', 'x'].map(toWindowMs)).toEqual([60_000, 1_800_000, 21_600_000, 0]);
  });
});

describe('choices by key', () => {
  it('follow each other around', () => {
    expect(COMPARE_PERCENTILES.map((percentile) => nextChoice(percentile, COMPARE_PERCENTILES))).toEqual([
      90, 95, 99, 50,
    ]);
    expect(nextChoice('1m', ['1m', '5m'])).toBe('5m');
  });
});

describe('next scrape', () => {
  it('is the nearer one of both arms, and none where neither is known', () => {
    const at = (time: string) => ({ lastAt: null, nextAt: time });
    const nothing = { lastAt: null, nextAt: null };
    expect(
      toNextScrapeMs({
        baseline: at('2025-12-29T12:00:05.000Z'),
        distributed: at('2025-12-29T12:00:00.000Z'),
      }),
    ).toBe(NOON_MS);
    expect(toNextScrapeMs({ baseline: nothing, distributed: nothing })).toBeNull();
    expect(toNextScrapeMs(null)).toBeNull();
  });
});
