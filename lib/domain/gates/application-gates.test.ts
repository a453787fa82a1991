import { describe, expect, test } from 'vitest';
import type { KubeEvent } from '../objects/core';
import { buildCluster, healthyAccess, healthyMetrics, MISSING, NOW } from '../testing/build-cluster';
import { buildEvent, buildInferenceService, buildMeta, buildPool } from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

describe('baseline-serving-mode', () => {
  test.each([
    ['RawDeployment', 'RawDeployment', 'pass'],
    ['Standard', 'RawDeployment', 'pass'],
    ['RawDeployment', 'Serverless', 'warn'],
    ['Knative', 'RawDeployment', 'fail'],
    [null, 'RawDeployment', 'warn'],
  ] as const)('status %s, annotation %s: %s', (deploymentMode, annotation, status) => {
    const meta = buildMeta({
      name: 'mistral-3-int4',
      annotations: { 'serving.kserve.io/deploymentMode': annotation },
    });
    const cluster = buildCluster({ inferenceservices: [buildInferenceService({ meta, deploymentMode })] });
    expect(gateOf('baseline-serving-mode', { cluster }).status).toBe(status);
  });
});

describe('autoscaling', () => {
  const hpa = (target: string | null, minReplicas: number | null, maxReplicas: number | null) => ({
    meta: buildMeta({ name: 'hpa' }),
    target: target === null ? null : { kind: 'Deployment', name: target },
    minReplicas,
    maxReplicas,
    currentReplicas: null,
    desiredReplicas: null,
    metrics: [],
  });

  test.each([
    ['KServe’s default', hpa('mistral-3-int4-predictor', 1, 1), 'pass'],
    ['an unset minimum', hpa('mistral-3-int4-predictor', null, 1), 'pass'],
    ['a real one on the baseline', hpa('mistral-3-int4-predictor', 1, 2), 'warn'],
    ['a real one on the distributed arm', hpa('mistral-3-distributed-kserve', 1, 3), 'warn'],
    ['one without a known maximum', hpa('mistral-3-distributed-kserve', 1, null), 'warn'],
    ['one of another workload', hpa('grafana', 1, 5), 'pass'],
    ['one that names no target', hpa(null, 1, 5), 'warn'],
  ] as const)('%s: %#', (_name, item, status) => {
    expect(gateOf('autoscaling', { cluster: buildCluster({ hpas: [item] }) }).status).toBe(status);
  });
});

describe('distributed-events', () => {
  const warning = (at: string, overrides: Partial<KubeEvent> = {}) =>
    buildEvent('e', at, {
      type: 'Warning',
      object: { kind: 'Pod', name: 'mistral-3-distributed-kserve-abc-1', namespace: 'private-ai', uid: null },
      ...overrides,
    });

  test.each([
    ['a recent warning', warning('2025-12-29T14:11:00Z'), 'warn'],
    ['one older than ten minutes', warning('2025-12-29T14:09:00Z'), 'pass'],
    ['a recent normal event', warning('2025-12-29T14:19:00Z', { type: 'Normal' }), 'pass'],
    [
      'a warning about a benchmark pod of a similar name',
      warning('2025-12-29T14:19:00Z', {
        object: {
          kind: 'Pod',
          name: 'mistral-3-distributed-benchmark-1',
          namespace: 'private-ai',
          uid: null,
        },
      }),
      'pass',
    ],
    [
      'one about a pod known by its uid',
      warning('2025-12-29T14:19:00Z', {
        object: { kind: 'Pod', name: 'whatever', namespace: 'private-ai', uid: 'uid-engine-a' },
      }),
      'warn',
    ],
  ] as const)('%s: %#', (_name, event, status) => {
    expect(gateOf('distributed-events', { cluster: buildCluster({ events: [event] }) }).status).toBe(status);
  });

  test('tells the newest of several', () => {
    const events = [
      warning('2025-12-29T14:12:00Z', { reason: 'Older' }),
      warning('2025-12-29T14:18:00Z', { reason: 'BackOff', message: 'Back-off restarting' }),
    ];
    expect(gateOf('distributed-events', { cluster: buildCluster({ events }) }).finding).toBe(
      '2 warnings in the last 10 minutes, the newest about Pod mistral-3-distributed-kserve-abc-1: BackOff, Back-off restarting.',
    );
  });
});

describe('single-endpoint-picker', () => {
  test('the same pool in both groups is one picker', () => {
    const cluster = buildCluster({ 'inferencepools-v1': [buildPool()] });
    expect(gateOf('single-endpoint-picker', { cluster }).status).toBe('pass');
  });

  test('a pool of another Gateway does not count', () => {
    const parent = { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: null, name: 'other' };
    const elsewhere = buildPool({
      meta: buildMeta({ name: 'elsewhere' }),
      endpointPicker: { name: 'other-epp', failureMode: null },
      parents: [{ parent, conditions: [] }],
    });
    const cluster = buildCluster({ inferencepools: [buildPool(), elsewhere] });
    expect(gateOf('single-endpoint-picker', { cluster }).status).toBe('pass');
  });

  test('without pools it does not apply', () => {
    const cluster = buildCluster({}, { inferencepools: MISSING });
    expect(gateOf('single-endpoint-picker', { cluster }).status).toBe('not-applicable');
  });
});

describe('credential-lifetime', () => {
  const HOUR = 60 * 60_000;
  const judge = (expiresAt: number | null, renewsItself = false) =>
    gateOf('credential-lifetime', {
      access: {
        ...healthyAccess(),
        credentials: [{ source: 'cluster', name: 'token of the kubeconfig', expiresAt, renewsItself }],
      },
    });

  test.each([
    ['three hours', NOW + 3 * HOUR, false, 'pass'],
    ['one hour', NOW + HOUR, false, 'warn'],
    ['one hour, but it renews itself', NOW + HOUR, true, 'pass'],
    ['nothing: it has ended', NOW, false, 'fail'],
    ['an unknown time', null, false, 'warn'],
  ] as const)('one that lasts %s: %#', (_name, expiresAt, renewsItself, status) => {
    expect(judge(expiresAt, renewsItself).status).toBe(status);
  });

  test('says which one, and never shows the credential itself', () => {
    const gate = judge(NOW + HOUR);
    expect(gate.finding).toBe(
      'The token of the kubeconfig (2025-12-29T15:20:00.000Z) ends within two hours.',
    );
    expect(gate.evidence[0]?.excerpt).toEqual([
      {
        source: 'cluster',
        name: 'token of the kubeconfig',
        expiresAt: '2025-12-29T15:20:00.000Z',
        renewsItself: false,
      },
    ]);
  });

  test('before they were looked at nothing is known; without any there is nothing to end', () => {
    expect(gateOf('credential-lifetime', { access: { ...healthyAccess(), observedAt: null } })).toMatchObject(
      { status: 'unknown', reason: 'syncing' },
    );
    expect(gateOf('credential-lifetime', { access: { ...healthyAccess(), credentials: [] } }).status).toBe(
      'not-applicable',
    );
  });
});

describe('monitoring', () => {
  test.each([
    [true, 'pass'],
    [false, 'fail'],
    [null, 'warn'],
  ] as const)('enableUserWorkload %s: %s', (enableUserWorkload, status) => {
    const items = [{ meta: buildMeta({ name: 'cluster-monitoring-config' }), enableUserWorkload }];
    expect(
      gateOf('user-workload-monitoring', { cluster: buildCluster({ 'monitoring-config': items }) }).status,
    ).toBe(status);
  });

  const scraped = (scrapes: ReturnType<typeof healthyMetrics>['arms']['baseline']['scrapes']) => {
    const metrics = healthyMetrics();
    const bare = { ...metrics.arms.baseline, scrapes: [] };
    return { ...metrics, arms: { baseline: bare, distributed: { ...metrics.arms.distributed, scrapes } } };
  };

  test('pods that each have their own scrape path are not doubled', () => {
    const metrics = scraped([
      { job: 'a', family: 'vllm:', pods: ['engine-a'] },
      { job: 'b', family: 'kserve_vllm:', pods: ['engine-b'] },
    ]);
    expect(gateOf('scrape-paths', { metrics }).status).toBe('pass');
  });

  test('the two prefixes over the same pod are told with their jobs', () => {
    const metrics = scraped([
      { job: 'podmonitor', family: 'kserve_vllm:', pods: ['engine-a', 'engine-b'] },
      { job: 'workload-svc', family: 'vllm:', pods: ['engine-b'] },
    ]);
    expect(gateOf('scrape-paths', { metrics })).toMatchObject({
      status: 'warn',
      finding: expect.stringContaining('by podmonitor (kserve_vllm:) and workload-svc (vllm:)'),
    });
  });

  test('no series at all is the matter of another gate', () => {
    expect(gateOf('scrape-paths', { metrics: scraped([]) }).status).toBe('not-applicable');
  });
});
