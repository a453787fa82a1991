import { describe, expect, it } from 'vitest';
import { aCompare, aMetric, aSeries, NOON, NOON_MS } from '@/lib/client/testing/live-fixtures';
import { METRIC_IDS } from '@/lib/domain/vocabulary';
import { CHART_PAGES, formatChartValue, toChartModel, toRows, toWindowMs } from './chart-model';

const at = (seconds: number): string => new Date(NOON_MS + seconds * 1_000).toISOString();

describe('chart rows', () => {
  it('put both arms on one time axis and leave gaps as gaps', () => {
    expect(
      toRows(
        [
          [
            [at(5), 0.06],
            [at(0), null],
          ],
          [
            [at(5), 0.05],
            [at(10), Number.NaN],
            ['never', 1],
          ],
        ],
        1_000,
      ),
    ).toEqual([
      { atMs: NOON_MS, values: [null, null] },
      { atMs: NOON_MS + 5_000, values: [60, 50] },
      { atMs: NOON_MS + 10_000, values: [null, null] },
    ]);
  });
});

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
});

describe('chart model', () => {
  it('promises the window it shows, both ends, whatever data there is', () => {
    const model = toChartModel(aCompare(), aMetric(), 0.4);
    expect([model.from, model.to]).toEqual([NOON_MS - 300_000, NOON_MS]);
    expect(['1m', '30m', '6h', 'x'].map(toWindowMs)).toEqual([60_000, 1_800_000, 21_600_000, 0]);
  });

  it('shows values at the line ends with the bucket they fell in', () => {
    const model = toChartModel(aCompare(), aMetric(), 0.4);
    expect(model.title).toBe('First token, p95');
    expect(model.top).toBe(3);
    expect(model.labels.map(({ item }) => [item.arm, item.digits, item.bounds])).toEqual([
      ['baseline', '2.30', '1–2.5'],
      ['distributed', '1.00', '0.75–1'],
    ]);
  });

  it('makes the mean the headline of inter-token latency, in milliseconds', () => {
    const arms = [aSeries({ latest: 0.0738, bounds: [0.05, 0.075], meanPoints: [[NOON, 0.061]] })];
    const model = toChartModel(aCompare(), aMetric({ id: 'itl', arms }), 0.4);
    expect(model.title).toBe('Between tokens, mean');
    const baseline = model.labels.find(({ item }) => item.arm === 'baseline')?.item;
    expect(baseline?.digits).toBe('61');
    expect(baseline?.figure).toMatchObject({ state: 'known', value: 0.061, unit: 's' });
    expect(baseline?.bounds).toBeNull();
  });

  it('says in words why an arm has no line', () => {
    const gone = { latest: null, points: [], presence: 'not-scraped' as const, absentBecause: 'no target' };
    const half = toChartModel(
      aCompare(),
      aMetric({ arms: [aSeries(), aSeries({ arm: 'distributed', ...gone })] }),
      0.4,
    );
    expect(half.emptyBecause).toBeNull();
    expect(half.labels.map(({ item }) => item.word)).toContain('not scraped');
    const none = toChartModel(
      aCompare(),
      aMetric({ arms: [aSeries(gone), aSeries({ arm: 'distributed', ...gone })] }),
      0.4,
    );
    expect(none.emptyBecause).toBe('no target');
  });

  it('opens to query, family, pods, samples, step, rate window, age and warnings of both arms', () => {
    const arms = [
      aSeries({ warnings: ['partial response', 'one store away'] }),
      aSeries({ arm: 'distributed', family: null, pods: [] }),
    ];
    const { sheet } = toChartModel(aCompare(), aMetric({ arms }), 0.4);
    expect(sheet.sections.map(({ heading }) => heading)).toEqual([null, 'INT4 baseline', 'Distributed']);
    expect(sheet.sections[1]?.rows.map(({ name }) => name)).toEqual([
      'PromQL',
      'Family',
      'Pods',
      'Presence',
      'Samples',
      'Newest sample',
      'Bucket',
      'Mean',
      'Warnings',
      'Warning 2',
    ]);
    expect(sheet.sections[0]?.rows[1]?.value).toBe('5m, step 5 s, rates over 30 s');
  });

  it('has every metric on exactly one page', () => {
    expect([...CHART_PAGES[1], ...CHART_PAGES[2]].sort()).toEqual([...METRIC_IDS].sort());
  });
});
