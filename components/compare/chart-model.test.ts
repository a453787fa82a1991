import { describe, expect, it } from 'vitest';
import type { BreakdownPart, Compare } from '@/lib/domain/compare';
import { aCompare, aMetric, aSeries } from '@/lib/domain/testing/compare-fixtures';
import type { ChartId } from './chart-looks';
import { type ChartModel, toChartModel, valueAt } from './chart-model';
import { toCompareFrame } from './compare-frame';
import { type CompareScene, DEFAULT_COMPARE_SCENE } from './compare-scene';

const NOON = '2025-12-29T12:00:00.000Z';
const NOON_MS = Date.parse(NOON);
const at = (seconds: number): string => new Date(NOON_MS + seconds * 1_000).toISOString();

function aChart(
  compare: Compare,
  id: ChartId = 'ttft',
  overrides: { topBefore?: number; isOpened?: boolean; scene?: Partial<CompareScene>; past?: Compare } = {},
): ChartModel {
  const frame = toCompareFrame(compare, overrides.past ?? null, {
    ...DEFAULT_COMPARE_SCENE,
    ...overrides.scene,
  });
  return toChartModel(frame, id, {
    labelGap: 0.4,
    waitUnit: 's',
    topBefore: overrides.topBefore ?? null,
    published: null,
    isOpened: overrides.isOpened ?? false,
  });
}

describe('chart model', () => {
  it('promises the window it shows, both ends, whatever data there is', () => {
    const { plot } = aChart(aCompare());
    expect([plot.from, plot.to]).toEqual([NOON_MS - 300_000, NOON_MS]);
  });

  it('ends each line at its label, with the bucket the value fell in', () => {
    const chart = aChart(aCompare());
    expect(chart.title).toBe('First token, p95');
    expect(chart.plot.top).toBe(3);
    expect(chart.labels.map(({ item }) => [item.arm, item.digits, item.bounds])).toEqual([
      ['baseline', '2.30', '1 to 2.5'],
      ['distributed', '1.00', '0.75 to 1'],
    ]);
    const baseline = chart.plot.lines.find(({ key }) => key === 'baseline');
    expect(baseline === undefined ? null : valueAt(baseline, NOON_MS)).toBe(2.3);
  });

  it('keeps a gap a gap, and a number that is none too', () => {
    const points: [string, number | null][] = [
      [at(-10), null],
      [at(-5), Number.NaN],
      [at(0), 2],
    ];
    const chart = aChart(aCompare({ metrics: [aMetric({ arms: [aSeries({ points })] })] }));
    expect(chart.plot.lines[0]?.points.map(({ value }) => value)).toEqual([null, null, 2]);
    expect(chart.times).toEqual([NOON_MS - 10_000, NOON_MS - 5_000, NOON_MS]);
  });

  it('makes the mean the headline of inter-token latency, in milliseconds and without a bucket', () => {
    const arms = [aSeries({ latest: 0.0738, latestMean: 0.061, meanPoints: [[NOON, 0.061]] })];
    const chart = aChart(aCompare({ metrics: [aMetric({ id: 'itl', headline: 'mean', arms })] }), 'itl');
    expect(chart.title).toBe('Between tokens, mean');
    expect(chart.labels[0]?.item).toMatchObject({ digits: '61', bounds: null });
    expect(chart.plot.lines[0]).toMatchObject({ points: [{ atMs: NOON_MS, value: 61 }], band: [] });
  });

  it('has the exact mean beside a percentile', () => {
    const arms = [
      aSeries({ latestMean: 1.1 }),
      aSeries({ arm: 'distributed', latestMean: 0.9, meanPoints: [[NOON, 0.9]] }),
    ];
    const compare = aCompare({ metrics: [aMetric({ arms })] });
    expect(aChart(compare).means).toEqual([
      { arm: 'baseline', digits: '1.10' },
      { arm: 'distributed', digits: '0.90' },
    ]);
    expect(aChart(compare, 'ttft', { isOpened: true }).plot.lines.map(({ name }) => name)).toEqual([
      'llm-d mean',
      'INT4',
      'llm-d',
    ]);
  });

  it('draws single pods beside a percentile, never beside a mean: their curves are percentiles', () => {
    const pod = (name: string) =>
      ({
        by: 'pod',
        name,
        promql: '',
        latest: 1,
        latestMean: 1,
        points: [[NOON, 1]],
      }) satisfies BreakdownPart;
    const breakdown = [pod('x-aaaaa'), pod('x-bbbbb')];
    const names = (headline: 'percentile' | 'mean') =>
      aChart(aCompare({ metrics: [aMetric({ headline, arms: [aSeries({ breakdown })] })] }), 'ttft', {
        isOpened: true,
      }).plot.lines.map(({ name }) => name);
    expect(names('percentile')).toEqual(['INT4 aaaaa', 'INT4 bbbbb', 'INT4']);
    expect(names('mean')).toEqual(['INT4']);
  });

  it('says in words why an arm has no line, and that a value is not the whole truth of now', () => {
    const gone = { latest: null, points: [], presence: 'not-scraped' as const, absentBecause: 'no target' };
    const half = aChart(
      aCompare({
        metrics: [
          aMetric({ arms: [aSeries({ presence: 'stale' }), aSeries({ arm: 'distributed', ...gone })] }),
        ],
      }),
    );
    expect(half.emptyBecause).toBeNull();
    expect(half.labels.map(({ item }) => [item.word, item.caveat])).toEqual([
      ['stale', 'stale'],
      ['not scraped', null],
    ]);
    const none = aChart(
      aCompare({ metrics: [aMetric({ arms: [aSeries(gone), aSeries({ arm: 'distributed', ...gone })] })] }),
    );
    expect(none.emptyBecause).toBe('no target');
    expect([half.armEmptyBecause, none.armEmptyBecause]).toEqual([
      { baseline: null, distributed: 'no target' },
      { baseline: 'no target', distributed: 'no target' },
    ]);
  });

  it('leaves its axis where it was while the curves swing below it', () => {
    expect(aChart(aCompare(), 'ttft', { topBefore: 4 }).plot.top).toBe(4);
    expect(aChart(aCompare(), 'ttft', { topBefore: 8 }).plot.top).toBe(3);
  });

  it('draws a target as a line with its words, and makes room for it within reach', () => {
    const target = {
      id: 'first-token',
      title: 'Same SLA',
      line: { metric: 'ttft', arm: null, threshold: 4, statistic: 'p95' },
      source: 'plan',
      state: 'not-yet-measured',
      text: 'not yet measured',
    } as const;
    const chart = aChart(aCompare({ targets: [target] }));
    expect(chart.plot.levels).toEqual([
      { value: 4, word: 'Same SLA: not yet measured', label: 'TARGET 4', of: null, kind: 'target' },
    ]);
    expect(chart.levelsWord).toBeNull();
    expect(chart.plot.top).toBe(5);
    const far = aChart(aCompare({ targets: [{ ...target, line: { ...target.line, threshold: 40 } }] }));
    expect([far.plot.top, far.levelsWord]).toEqual([3, 'TARGET 40 lies above']);
    const other = aChart(aCompare({ targets: [{ ...target, line: { ...target.line, statistic: 'mean' } }] }));
    expect(other.plot.levels).toEqual([]);
  });

  it('lays what this dashboard timed itself on the same axis, named as such', () => {
    const sample = { sentAt: at(-20), ttftMs: 900, meanItlMs: 60, e2eMs: 5_000, completionTokens: 80 };
    const chart = aChart(aCompare({ clientSamples: [{ ...sample, arm: 'baseline', origin: 'chat' }] }));
    expect(chart.plot.marks).toMatchObject([{ atMs: NOON_MS - 20_000, value: 0.9, shape: 'cross' }]);
    expect(chart.marksWord).toBe('× chat: timed by this dashboard');
    expect(aChart(aCompare()).marksWord).toBeNull();
  });

  it('aligns a pinned window at the start of the other, and keeps both clocks apart', () => {
    const past = aCompare({
      observedAt: at(-3_600),
      range: { from: at(-3_900), to: at(-3_600), isPinned: true },
      metrics: [aMetric({ arms: [aSeries({ points: [[at(-3_600), 2]] })] })],
    });
    const scene = { pin: { arm: 'baseline', end: at(-3_600) } } as const;
    const chart = aChart(aCompare(), 'ttft', { past, scene });
    expect(chart.plot.lines[0]?.points).toEqual([{ atMs: NOON_MS, value: 2 }]);
  });

  it('opens to query, family, pods, samples, step, rate window, age and warnings of both arms', () => {
    const arms = [
      aSeries({ warnings: ['partial response', 'one store away'] }),
      aSeries({ arm: 'distributed', family: null, pods: [] }),
    ];
    const { sheet } = aChart(aCompare({ metrics: [aMetric({ arms })] }));
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
    expect(sheet.sections[0]?.rows[1]?.value).toMatch(/\(5m\), step 5 s, rates over 30 s$/);
  });
});

describe('band', () => {
  it('reaches from edge to edge of the bucket in the drawn unit, and is nothing at the open last one', () => {
    const points: [string, number | null][] = [
      [at(-15), 0.8],
      [at(-10), null],
      [at(-5), 1],
      [at(0), 2.5],
    ];
    const arms = [aSeries({ edges: [0.5, 1, 2.5], points })];
    const { plot } = aChart(aCompare({ metrics: [aMetric({ arms })] }));
    expect(plot.lines[0]?.band).toEqual([
      { atMs: NOON_MS - 15_000, low: 0.5, high: 1 },
      { atMs: NOON_MS - 5_000, low: 0.5, high: 1 },
    ]);
  });
});
