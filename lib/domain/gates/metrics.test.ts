import { describe, expect, test } from 'vitest';
import type { MetricsFacts } from '../metrics-facts';
import { buildCluster, healthyMetrics, NOW } from '../testing/build-cluster';
import { buildMeta } from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

describe('metrics', () => {
  const source = (overrides: Partial<MetricsFacts['source']>): MetricsFacts => ({
    ...healthyMetrics(),
    source: { ...healthyMetrics().source, ...overrides },
  });
  const arm = (overrides: Partial<MetricsFacts['arms']['baseline']>): MetricsFacts => {
    const facts = healthyMetrics();
    return { ...facts, arms: { ...facts.arms, distributed: { ...facts.arms.distributed, ...overrides } } };
  };

  test.each([
    ['forbidden', 'unknown', 'forbidden'],
    ['unauthenticated', 'unknown', 'unreachable'],
    ['unreachable', 'unknown', 'unreachable'],
    ['not-configured', 'unknown', 'not-configured'],
    ['syncing', 'unknown', 'syncing'],
  ] as const)('a source that is %s is unknown, and so are the arms', (state, status, reason) => {
    for (const id of ['metrics-source', 'metrics-baseline', 'metrics-distributed'] as const) {
      expect(gateOf(id, { metrics: source({ state, lastProofAt: null }) })).toMatchObject({ status, reason });
    }
  });

  test('a source silent for more than two scrapes is a memory', () => {
    const lastProofAt = NOW - 61_000;
    expect(gateOf('metrics-source', { metrics: source({ state: 'stale', lastProofAt }) })).toMatchObject({
      status: 'unknown',
      lastKnown: { status: 'pass', at: new Date(lastProofAt).toISOString() },
    });
  });

  test('monitoring of user workloads that is off is a warning', () => {
    const cluster = buildCluster({
      'monitoring-config': [
        { meta: buildMeta({ name: 'cluster-monitoring-config' }), enableUserWorkload: false },
      ],
    });
    expect(gateOf('metrics-source', { cluster }).status).toBe('warn');
  });

  test.each([
    ['ok', {}, 'pass'],
    ['no-traffic', {}, 'pass'],
    ['stale', {}, 'warn'],
    ['partial', {}, 'warn'],
    ['not-scraped', {}, 'fail'],
    ['forbidden', {}, 'unknown'],
    ['ok', { duplicateJobs: ['private-ai/podmonitor', 'workload-svc'] }, 'warn'],
  ] as const)('series that are %s have their own verdict', (presence, overrides, status) => {
    expect(gateOf('metrics-distributed', { metrics: arm({ presence, ...overrides }) }).status).toBe(status);
  });
});
