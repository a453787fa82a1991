import type { ArmCost, Compare, CompareMetric, CompareSeries } from '../compare';

/** Builders with named defaults for tests: both arms busy, one metric, at noon. */
const NOON = '2025-12-29T12:00:00.000Z';

export function aSeries(overrides: Partial<CompareSeries> = {}): CompareSeries {
  return {
    arm: 'baseline',
    promql: 'histogram_quantile(0.95, …)',
    family: 'vllm:',
    pods: ['mistral-3-int4-predictor-cgsdk'],
    presence: 'ok',
    absentBecause: null,
    samples: 412,
    latest: 2.3,
    mean: 2.11,
    bounds: [1, 2.5],
    latestAt: NOON,
    points: [[NOON, 2.3]],
    meanPoints: null,
    warnings: [],
    latestMean: null,
    measuredSeconds: null,
    edges: null,
    breakdown: [],
    ...overrides,
  };
}

export function aMetric(overrides: Partial<CompareMetric> = {}): CompareMetric {
  return {
    id: 'ttft',
    unit: 's',
    better: 'lower',
    arms: [
      aSeries(),
      aSeries({ arm: 'distributed', latest: 1, mean: 1.04, bounds: [0.75, 1], samples: 398 }),
    ],
    headline: 'percentile',
    difference: { state: 'none', because: 'not asked' },
    ...overrides,
  };
}

const A_COST: ArmCost = {
  gpus: 1,
  instanceTypes: ['g6.4xlarge'],
  pricePerHour: null,
  because: 'prices are not configured (PRICES_FILE)',
};

export function aCompare(overrides: Partial<Compare> = {}): Compare {
  return {
    mode: 'simulated',
    window: '5m',
    percentile: 95,
    stepSeconds: 5,
    rateWindowSeconds: 30,
    scrapeIntervalSeconds: 5,
    observedAt: NOON,
    comparable: { difference: true, because: [], notEqual: [] },
    metrics: [aMetric()],
    furtherMetrics: [],
    annotations: [],
    nextScrapeAt: {
      baseline: { lastAt: null, nextAt: null },
      distributed: { lastAt: null, nextAt: null },
    },
    probesExcluded: { baseline: 0, distributed: 0 },
    clientSamples: [],
    targets: [],
    serviceLevel: { ttftMs: 1_000, itlMs: null, statistic: 'p95', source: 'a test' },
    fileProblems: [],
    prices: null,
    costs: { baseline: A_COST, distributed: { ...A_COST, gpus: 2 } },
    grafana: null,
    range: { from: '2025-12-29T11:55:00.000Z', to: NOON, isPinned: false },
    ...overrides,
  };
}
