import { describe, expect, test } from 'vitest';
import type { MetricsFacts } from '../metrics-facts';
import { buildCluster, healthyMetrics, lostContact, NODE, NOW } from '../testing/build-cluster';
import { buildEnginePod, buildMeta, POD_TROUBLE } from '../testing/build-objects';
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

  test('a source silent for more than 20 s is a memory, however rarely it scrapes', () => {
    const lastProofAt = NOW - 21_000;
    expect(gateOf('metrics-source', { metrics: source({ state: 'stale', lastProofAt }) })).toMatchObject({
      status: 'unknown',
      lastKnown: { status: 'pass', at: new Date(lastProofAt).toISOString() },
    });
  });

  test('a Prometheus that answers passes, however long the API server has been silent', () => {
    const config = { meta: buildMeta({ name: 'cluster-monitoring-config' }), enableUserWorkload: true };
    const cluster = buildCluster(
      { 'monitoring-config': [config] },
      { 'monitoring-config': lostContact('unreachable') },
    );
    expect(gateOf('metrics-source', { cluster })).toMatchObject({ status: 'pass', lastKnown: null });
  });

  test('monitoring of user workloads that is off explains an arm that is not scraped', () => {
    const cluster = buildCluster({
      'monitoring-config': [
        { meta: buildMeta({ name: 'cluster-monitoring-config' }), enableUserWorkload: false },
      ],
    });
    expect(
      gateOf('metrics-distributed', { cluster, metrics: arm({ presence: 'not-scraped' }) }),
    ).toMatchObject({
      status: 'unknown',
      blockedBy: 'user-workload-monitoring',
    });
  });

  test.each([
    ['ok', 'pass'],
    ['no-traffic', 'pass'],
    ['stale', 'warn'],
    ['partial', 'warn'],
    ['not-scraped', 'fail'],
    ['forbidden', 'unknown'],
  ] as const)('series that are %s have their own verdict', (presence, status) => {
    expect(gateOf('metrics-distributed', { metrics: arm({ presence }) }).status).toBe(status);
  });

  test('a metric’s name keeps its own spelling at the beginning of a sentence', () => {
    const finding = 'vllm: series of 1 pod, scraped every 15 s.';
    expect(gateOf('metrics-distributed', { metrics: arm({ finding }) }).finding).toBe(finding);
  });

  test('an arm that is not scraped while its pods load is coming up, and one that is not there is the cause', () => {
    const metrics = arm({ presence: 'not-scraped', finding: 'No series.' });
    const loading = buildCluster({ pods: [buildEnginePod('a', NODE.b, POD_TROUBLE.loading)] });
    expect(gateOf('metrics-distributed', { metrics, cluster: loading })).toMatchObject({
      status: 'warn',
      progressing: true,
    });
    expect(
      gateOf('metrics-distributed', {
        metrics,
        cluster: buildCluster({ llminferenceservices: [], pods: [] }),
      }),
    ).toMatchObject({ status: 'unknown', blockedBy: 'distributed-ready' });
  });
});
