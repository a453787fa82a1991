import { describe, expect, test } from 'vitest';
import {
  buildCluster,
  buildView,
  FORBIDDEN,
  MISSING,
  missingApi,
  SCHEMA_FIELDS,
  SYNCING,
} from '../testing/build-cluster';
import { buildCondition, buildLlmService, buildMeta, buildWorkload } from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';
import { subscribed } from '../testing/troubled-scenes';

describe('ingress-operator', () => {
  const ingress = (...conditions: ReturnType<typeof buildCondition>[]) =>
    buildCluster({ 'ingress-operator': [{ meta: buildMeta({ name: 'ingress' }), conditions }] });
  const available = buildCondition('Available');

  test.each([
    [
      'degraded by foreign CRDs',
      ingress(available, buildCondition('Degraded', 'True', 'GatewayAPICRDsDegraded')),
      'fail',
    ],
    ['degraded otherwise', ingress(available, buildCondition('Degraded', 'True', 'IngressDegraded')), 'warn'],
    ['not available', ingress(buildCondition('Available', 'False')), 'fail'],
    ['being changed', ingress(available, buildCondition('Progressing', 'True')), 'warn'],
    ['without conditions', ingress(), 'warn'],
    ['absent', buildCluster({ 'ingress-operator': [] }), 'fail'],
    ['of no OpenShift', buildCluster({}, { 'ingress-operator': MISSING }), 'fail'],
  ] as const)('%s: %#', (_name, cluster, status) => {
    expect(gateOf('ingress-operator', { cluster }).status).toBe(status);
  });
});

describe('cert-manager', () => {
  const without = (items: Parameters<typeof buildCluster>[0]) => {
    const cluster = buildCluster(items);
    return { ...cluster, groupVersions: buildView('GET /apis', ['apps/v1']) };
  };

  test('absent fails where an operator needs it, and names which', () => {
    const cluster = without({ subscriptions: subscribed('leader-worker-set', 'kueue-operator') });
    expect(gateOf('cert-manager', { cluster })).toMatchObject({
      status: 'fail',
      reason: 'not-installed',
      finding: 'cert-manager is not installed, and leader-worker-set and kueue-operator need it.',
    });
  });

  test('absent is not applicable where nobody needs it', () => {
    expect(gateOf('cert-manager', { cluster: without({ subscriptions: [] }) }).status).toBe('not-applicable');
  });

  test.each([
    ['1.16.0', 'Succeeded', 'warn'],
    ['1.18.0', 'Installing', 'warn'],
    ['1.18.0', 'Succeeded', 'pass'],
  ])('version %s, phase %s: %s', (version, phase, status) => {
    const [csv] = buildCluster().resources.clusterserviceversions.items.filter(
      ({ meta }) => meta.namespace === 'cert-manager-operator',
    );
    const cluster = buildCluster({
      clusterserviceversions: csv === undefined ? [] : [{ ...csv, version, phase }],
    });
    expect(gateOf('cert-manager', { cluster }).status).toBe(status);
  });

  test('is the root cause of a degraded LeaderWorkerSetOperator that the service needs', () => {
    const cluster = without({
      subscriptions: subscribed('leader-worker-set'),
      llminferenceservices: [buildLlmService({ main: buildWorkload({ hasWorker: true }) })],
      leaderworkersetoperator: [
        {
          meta: buildMeta({ name: 'cluster' }),
          conditions: [buildCondition('Degraded', 'True', 'MissingDependency')],
        },
      ],
    });
    expect(gateOf('leaderworkerset-operator', { cluster })).toMatchObject({
      status: 'unknown',
      reason: 'blocked',
      blockedBy: 'cert-manager',
    });
  });
});

describe('leaderworkerset-operator', () => {
  const withWorker = {
    llminferenceservices: [buildLlmService({ main: buildWorkload({ hasWorker: true }) })],
  };
  const [subscription] = subscribed('leader-worker-set');
  const waiting =
    subscription === undefined
      ? []
      : [{ ...subscription, conditions: [buildCondition('InstallPlanPending', 'True', 'RequiresApproval')] }];

  test.each([
    ['not installed', { subscriptions: [] }, true, 'not-applicable', 'fail'],
    ['without its instance', { leaderworkersetoperator: [] }, false, 'warn', 'fail'],
    ['waiting for approval', { subscriptions: waiting }, false, 'warn', 'fail'],
    [
      'not available',
      {
        leaderworkersetoperator: [
          { meta: buildMeta({ name: 'cluster' }), conditions: [buildCondition('Available', 'False', 'x')] },
        ],
      },
      false,
      'warn',
      'fail',
    ],
  ] as const)('%s: %#', (_name, items, isMissing, unused, used) => {
    const views = isMissing ? { leaderworkersetoperator: MISSING } : {};
    expect([
      gateOf('leaderworkerset-operator', { cluster: buildCluster(items, views) }).status,
      gateOf('leaderworkerset-operator', { cluster: buildCluster({ ...items, ...withWorker }, views) })
        .status,
    ]).toEqual([unused, used]);
  });
});

describe('inference-apis', () => {
  const ALPHA = 'inference.networking.x-k8s.io/v1alpha2';
  const STABLE = 'inference.networking.k8s.io/v1';
  const serving = (alpha: readonly string[] | null, isStable: boolean) => {
    const cluster = buildCluster();
    const resource = (name: string) => ({
      name,
      kind: name,
      namespaced: true,
      verbs: ['list'],
      shortNames: [],
    });
    return {
      ...cluster,
      discovery: {
        ...cluster.discovery,
        [ALPHA]:
          alpha === null
            ? missingApi<never>(`GET /apis/${ALPHA}`)
            : buildView(`GET /apis/${ALPHA}`, alpha.map(resource)),
        [STABLE]: isStable
          ? buildView(`GET /apis/${STABLE}`, [resource('inferencepools')])
          : missingApi<never>(`GET /apis/${STABLE}`),
      },
    };
  };

  test.each([
    [['inferencepools', 'inferencemodels'], false, 'pass'],
    [['inferencepools'], true, 'warn'],
    [null, true, 'warn'],
    [null, false, 'fail'],
    [[], false, 'fail'],
  ] as const)('alpha %j, stable %s: %s', (alpha, isStable, status) => {
    expect(gateOf('inference-apis', { cluster: serving(alpha, isStable) }).status).toBe(status);
  });

  test('without an answer about the stable version nothing is said to be missing', () => {
    const cluster = serving([], true);
    const discovery = {
      ...cluster.discovery,
      [STABLE]: buildView<never>(`GET /apis/${STABLE}`, [], FORBIDDEN),
    };
    expect(gateOf('inference-apis', { cluster: { ...cluster, discovery } })).toMatchObject({
      status: 'unknown',
      reason: 'forbidden',
    });
  });
});

test('optional-shows tells what the schema and the served APIs allow', () => {
  const cluster = buildCluster();
  const request = 'GET /openapi/v3/apis/serving.kserve.io/v1alpha1';
  const schema = (fields: readonly string[]) => ({
    ...cluster,
    schemas: {
      'serving.kserve.io/v1alpha1': buildView(request, [
        { kind: 'LLMInferenceService', fieldPaths: new Set(fields) },
      ]),
    },
    discovery: {
      ...cluster.discovery,
      'leaderworkerset.x-k8s.io/v1': missingApi<never>('GET /apis/leaderworkerset.x-k8s.io/v1'),
    },
  });
  expect(gateOf('optional-shows', { cluster: schema([...SCHEMA_FIELDS, 'spec.scaling']) }).finding).toBe(
    'This cluster can run disaggregated prefill and decode and autoscaling by the service itself, not multi-node groups.',
  );
});

test.each([
  ['has not been answered yet', SYNCING, 'syncing'],
  ['is not permitted', FORBIDDEN, 'forbidden'],
] as const)('optional-shows does not deny a show whose API %s', (_name, change, reason) => {
  const cluster = buildCluster();
  const request = 'GET /apis/leaderworkerset.x-k8s.io/v1';
  const discovery = {
    ...cluster.discovery,
    'leaderworkerset.x-k8s.io/v1': buildView<never>(request, [], change),
  };
  expect(gateOf('optional-shows', { cluster: { ...cluster, discovery } })).toMatchObject({
    status: 'unknown',
    reason,
  });
});

describe('absences', () => {
  test.each([
    ['service-mesh-2-absent', 'servicemeshoperator3', 'pass'],
    ['service-mesh-2-absent', 'servicemeshoperator', 'fail'],
    ['community-kuadrant-absent', 'rhcl-operator', 'pass'],
    ['community-kuadrant-absent', 'kuadrant-operator', 'warn'],
    ['service-mesh-2-absent', '', 'warn'],
    ['community-kuadrant-absent', '', 'warn'],
  ] as const)('%s with a subscription of “%s”: %s', (id, packageName, status) => {
    expect(gateOf(id, { cluster: buildCluster({ subscriptions: subscribed(packageName) }) }).status).toBe(
      status,
    );
  });

  test('CRDs that Service Mesh 2 left behind are a warning', () => {
    const cluster = buildCluster();
    const served = [...cluster.groupVersions.items, 'maistra.io/v2'];
    expect(
      gateOf('service-mesh-2-absent', {
        cluster: { ...cluster, groupVersions: { ...cluster.groupVersions, items: served } },
      }).status,
    ).toBe('warn');
  });
});
