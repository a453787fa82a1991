import { describe, expect, it } from 'vitest';
import type { Compare, CompareExtras, CompareSeries, Difference } from './compare';
import {
  bucketOf,
  toBandPoints,
  toBounds,
  toFirstTokenClaim,
  toMeanFigure,
  toPerGpuFigure,
  toPerPriceFigure,
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
    measuredSeconds: null,
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

const means = (baseline: number | null, distributed: number | null): Compare =>
  aCompare('ttft', [aSeries({ mean: baseline }), aSeries({ arm: 'distributed', mean: distributed })]);

function withDifference(difference: Difference, comparable: Partial<Compare['comparable']> = {}): Compare {
  const compare = aCompare('ttft', [aSeries(), aSeries({ arm: 'distributed' })], comparable);
  return { ...compare, metrics: compare.metrics.map((metric) => ({ ...metric, difference })) };
}

const measured = (overrides: Partial<Extract<Difference, { state: 'measured' }>>): Difference => ({
  state: 'measured',
  verdict: 'lower',
  absolute: -1,
  ratio: 0.5,
  ratioInterval: [0.4, 0.625],
  blocks: 12,
  ...overrides,
});

describe('first-token claim', () => {
  it('lets the distributed arm win and lose, with the interval turned as the ratio is', () => {
    expect(toFirstTokenClaim(withDifference(measured({})))).toEqual({
      kind: 'sooner',
      ratio: 2,
      interval: [1.6, 2.5],
    });
    const slower = measured({ verdict: 'higher', ratio: 1.25, ratioInterval: [1.1, 1.4] });
    expect(toFirstTokenClaim(withDifference(slower))).toEqual({
      kind: 'later',
      ratio: 1.25,
      interval: [1.1, 1.4],
    });
  });

  it('calls equal what the server found equal', () => {
    const equal = measured({ verdict: 'equal', ratio: 1.01, ratioInterval: [0.99, 1.03] });
    expect(toFirstTokenClaim(withDifference(equal))).toEqual({ kind: 'equal' });
  });

  it('claims nothing, and says what is known, while the interval leaves doubt', () => {
    const unclear = measured({ verdict: 'unclear', ratio: 0.9, ratioInterval: [0.72, 1.21] });
    expect(toFirstTokenClaim(withDifference(unclear))).toEqual({
      kind: 'none',
      because: ['no clear difference: the distributed arm’s mean is 0.72 to 1.2 times the baseline’s (95 %)'],
    });
    const short = measured({ verdict: 'unclear', ratioInterval: null, blocks: 2 });
    expect(toFirstTokenClaim(withDifference(short))).toEqual({
      kind: 'none',
      because: ['the window is too short for a difference: 2 blocks of time, 4 are needed'],
    });
  });

  it('claims nothing when the server says that the arms are not comparable', () => {
    const because = ['baseline: 3 requests in the window, 20 are needed'];
    const compare = withDifference(measured({}), { difference: false, because });
    expect(toFirstTokenClaim(compare)).toEqual({ kind: 'none', because });
  });
});

describe('the bucket a percentile lies in', () => {
  const EDGES = [0.25, 0.5, 1, 2.5];

  it.each([
    [0.1, [0, 0.25]],
    [0.25, [0, 0.25]],
    [0.2500001, [0.25, 0.5]],
    [0.9999, [0.5, 1]],
    [1 + 1e-15, [0.5, 1]],
    [2.4, [1, 2.5]],
    // The last finite edge is also said of what lies beyond it.
    [2.5, null],
    [3, null],
    [null, null],
  ])('%s: %j', (value, bucket) => {
    expect(bucketOf(value, EDGES)).toEqual(bucket);
  });

  it('makes a band around a curve, with its gaps', () => {
    const points: [string, number | null][] = [
      [NOON, 0.3],
      ['2025-12-29T12:00:05.000Z', null],
    ];
    expect(toBandPoints({ points, edges: EDGES })).toEqual([
      [NOON, [0.25, 0.5]],
      ['2025-12-29T12:00:05.000Z', null],
    ]);
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

  it('say of how much of the window they are, where it was measured in part', () => {
    const compare = aCompare('generation-throughput', [aSeries({ measuredSeconds: 92.6 })]);
    const mean = toMeanFigure(compare, 'generation-throughput', 'baseline');
    expect(mean.provenance.note).toMatch(/^Mean over the 93 s that were measured of the last 5m\. /);
    expect(toPerGpuFigure(compare, 'baseline', 1).provenance.note).toMatch(
      /^Mean output over the 93 s that were measured of the last 5m ÷/,
    );
  });

  it('divide output by its price, and say why where there is none', () => {
    const compare: Compare = {
      ...aCompare('generation-throughput', [aSeries({ mean: 140 })]),
      prices: { currency: 'USD', asOf: '2026-01-31', source: 'a price list' },
      costs: {
        baseline: { gpus: 1, instanceTypes: ['g6.4xlarge'], pricePerHour: 1.4, because: null },
        distributed: { ...NO_COST, because: 'PRICES_FILE has no price of g5' },
      },
    };
    const figure = toPerPriceFigure(compare, 'baseline');
    expect(figure).toMatchObject({ state: 'known', value: 360_000, unit: 'tokens/USD' });
    expect(figure.provenance.note).toContain('prices of 2026-01-31, a price list');
    expect(toPerPriceFigure(compare, 'distributed')).toMatchObject({
      because: 'PRICES_FILE has no price of g5',
    });
  });
});
