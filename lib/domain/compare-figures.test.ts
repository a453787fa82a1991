import { describe, expect, it } from 'vitest';
import type { Compare, CompareExtras, CompareSeries } from './compare';
import {
  findMetric,
  toBounds,
  toFirstTokenClaim,
  toLatestFigure,
  toMeanFigure,
  toPerGpuFigure,
  toPresenceWord,
} from './compare-figures';
import type { MetricId } from './vocabulary';

const NOON = '2025-12-29T12:00:00.000Z';

function aSeries(overrides: Partial<CompareSeries> = {}): CompareSeries {
  return {
    arm: 'baseline',
    promql: 'q',
    family: 'vllm:',
    pods: ['a'],
    presence: 'ok',
    absentBecause: null,
    samples: 412,
    latest: 2.3,
    mean: 2,
    bounds: [1, 2.5],
    latestAt: NOON,
    points: [[NOON, 2.3]],
    meanPoints: [[NOON, 2.1]],
    warnings: [],
    latestMean: null,
    edges: null,
    breakdown: [],
    ...overrides,
  };
}

const NO_COST = { gpus: null, instanceTypes: [], pricePerHour: null, because: null };
const NOTHING_MORE: CompareExtras = {
  furtherMetrics: [],
  annotations: [],
  nextScrapeAt: { baseline: { lastAt: null, nextAt: null }, distributed: { lastAt: null, nextAt: null } },
  probesExcluded: { baseline: 0, distributed: 0 },
  clientSamples: [],
  targets: [],
  serviceLevel: { ttftMs: 1_000, itlMs: null, statistic: 'p95', source: 'a test' },
  fileProblems: [],
  prices: null,
  costs: { baseline: NO_COST, distributed: NO_COST },
  grafana: null,
  range: { from: NOON, to: NOON, isPinned: false },
};

function aCompare(
  id: MetricId,
  arms: CompareSeries[],
  comparable: Partial<Compare['comparable']> = {},
): Compare {
  return {
    mode: 'simulated',
    window: '5m',
    percentile: 95,
    stepSeconds: 5,
    rateWindowSeconds: 30,
    scrapeIntervalSeconds: 5,
    observedAt: NOON,
    comparable: { difference: true, because: [], notEqual: [], ...comparable },
    metrics: [
      {
        id,
        unit: id === 'ttft' ? 's' : 'tokens/s',
        better: 'lower',
        arms,
        headline: 'percentile',
        difference: { state: 'none', because: 'not asked' },
      },
    ],
    ...NOTHING_MORE,
  };
}

const means = (baseline: number | null, distributed: number | null, comparable = {}): Compare =>
  aCompare(
    'ttft',
    [aSeries({ mean: baseline }), aSeries({ arm: 'distributed', mean: distributed })],
    comparable,
  );

describe('first-token claim', () => {
  it('lets the distributed arm win and lose', () => {
    expect(toFirstTokenClaim(means(2.08, 1.04))).toEqual({ kind: 'sooner', ratio: 2 });
    expect(toFirstTokenClaim(means(1, 1.25))).toEqual({ kind: 'later', ratio: 1.25 });
  });

  it('calls a difference of a few percent equal', () => {
    expect(toFirstTokenClaim(means(1.04, 1))).toEqual({ kind: 'equal' });
    expect(toFirstTokenClaim(means(1, 1.04))).toEqual({ kind: 'equal' });
  });

  it('claims nothing when the server says that the arms are not comparable', () => {
    const because = ['baseline: 3 requests in the window, 20 are needed'];
    expect(toFirstTokenClaim(means(2, 1, { difference: false, because }))).toEqual({ kind: 'none', because });
  });

  it.each([
    [null, 1],
    [1, null],
    [0, 1],
  ])('claims nothing from %s and %s', (baseline, distributed) => {
    expect(toFirstTokenClaim(means(baseline, distributed)).kind).toBe('none');
  });
});

describe('compare figures', () => {
  it('carry query, samples and meaning', () => {
    expect(toMeanFigure(means(2, 1), 'ttft', 'baseline')).toMatchObject({
      state: 'known',
      value: 2,
      unit: 's',
      provenance: {
        source: 'prometheus',
        request: 'q',
        observedAt: NOON,
        sampleCount: 412,
        mode: 'simulated',
      },
    });
  });

  it('say why there is no value, in the server’s words where it has some', () => {
    const compare = aCompare('ttft', [
      aSeries({ mean: null, presence: 'not-scraped', absentBecause: 'no target with this pod' }),
      aSeries({ arm: 'distributed', mean: null, presence: 'no-traffic' }),
    ]);
    expect(toMeanFigure(compare, 'ttft', 'baseline')).toMatchObject({ because: 'no target with this pod' });
    expect(toMeanFigure(compare, 'ttft', 'distributed')).toMatchObject({ because: 'no traffic' });
    expect(toMeanFigure(compare, 'kv-cache', 'baseline')).toMatchObject({
      because: 'the answer holds no such series',
    });
    expect(toPresenceWord(null)).toBe('not in the answer');
  });

  it('tell the last mean from the last quantile', () => {
    const compare = means(2, 1);
    const metric = findMetric(compare, 'ttft');
    if (metric === null) throw new Error('no metric');
    expect(toLatestFigure(compare, metric, 'baseline', false)).toMatchObject({ value: 2.3 });
    expect(toLatestFigure(compare, metric, 'baseline', true)).toMatchObject({ value: 2.1 });
  });

  it('show bounds only where both edges are finite', () => {
    expect(toBounds(aSeries())).toEqual([1, 2.5]);
    expect(toBounds(aSeries({ bounds: [10, Number.POSITIVE_INFINITY] }))).toBeNull();
    expect(toBounds(null)).toBeNull();
  });

  it('divide output by the GPUs, and say so when their number is not known', () => {
    const compare = aCompare('generation-throughput', [aSeries({ mean: 140 })]);
    expect(toPerGpuFigure(compare, 'baseline', 2)).toMatchObject({ state: 'known', value: 70 });
    expect(toPerGpuFigure(compare, 'baseline', null)).toMatchObject({
      because: 'the number of GPUs is not known',
    });
    expect(toPerGpuFigure(compare, 'distributed', 2).state).toBe('unknown');
  });
});
