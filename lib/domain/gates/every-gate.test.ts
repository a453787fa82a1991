import { describe, expect, test } from 'vitest';
import { evaluateChecklist } from '../evaluate-checklist';
import { DEFAULT_SETTINGS } from '../settings';
import { buildCluster, healthyAccess, healthyMetrics, healthyProbes, NOW } from '../testing/build-cluster';
import { gateOf, type Scene } from '../testing/judge-gate';
import { TROUBLED_SCENES } from '../testing/troubled-scenes';
import { GATE_IDS, type GateId, type GateRow } from './gate-row';
import { GATES } from './gate-table';

function statusWith(rows: readonly GateRow[], id: GateId, scene: Scene) {
  return evaluateChecklist(
    {
      settings: DEFAULT_SETTINGS,
      cluster: scene.cluster ?? buildCluster(),
      probes: scene.probes ?? healthyProbes(),
      metrics: scene.metrics ?? healthyMetrics(),
      access: scene.access ?? healthyAccess(),
      mode: 'live',
      now: NOW,
      previous: null,
    },
    rows,
  ).gates.find((gate) => gate.id === id)?.status;
}

describe.each(GATE_IDS)('%s', (id) => {
  const { scene, status } = TROUBLED_SCENES[id];

  test(`is ${status} in its scene of trouble, and pass in the healthy demo`, () => {
    expect([gateOf(id, scene).status, gateOf(id).status]).toEqual([status, 'pass']);
  });

  test('would be caught if its evaluator always passed', () => {
    const blind = GATES.map((row) =>
      row.id === id
        ? { ...row, evaluate: () => ({ status: 'pass' as const, finding: 'All is well.', evidence: [] }) }
        : row,
    );
    expect(statusWith(blind, id, scene)).toBe('pass');
    expect(statusWith(GATES, id, scene)).not.toBe('pass');
  });
});

/** Rows of kubernetes-objects §7 and the traps, each a gate or part of one. */
const ROW_GATES: Readonly<Record<string, GateId | readonly GateId[]>> = {
  A1: 'llminferenceservice-api',
  A2: ['llminferenceservice-schema', 'optional-shows'],
  A3: 'leaderworkerset-api',
  A3b: 'leaderworkerset-operator',
  A3c: 'leaderworkerset-operator',
  A4: 'gatewayclass',
  A5: 'inference-gateway-object',
  A6: 'maas-inferencegateway-absent',
  A7: 'kueue-clusterqueue',
  A8: 'kueue-localqueue',
  B1: 'cluster-version',
  B2: 'rhoai-platform',
  B3: 'rhoai-platform',
  B4: 'serving-controllers',
  B5: 'serving-presets',
  B6: 'inference-apis',
  B7: 'service-mesh-2-absent',
  B8: 'ingress-operator',
  B9: 'cert-manager',
  B10: 'connectivity-link',
  B11: 'connectivity-link',
  B12: 'authorino-tls',
  B13: 'gateway-auth-policy',
  B14: 'controllers-newer-than-apis',
  B15: 'inference-gateway-object',
  B16: ['gpu-operator', 'gpu-driver'],
  B17: ['gpu-nodes', 'gpu-capacity', 'gpu-taints'],
  B18: 'kueue-queue-mismatch',
  B19: 'endpoint-authentication',
  B20: ['user-workload-monitoring', 'metrics-source'],
  D1: 'distributed-ready',
  D2: 'distributed-events',
  D3: ['distributed-pods', 'distributed-distinct-nodes'],
  D3b: 'distributed-scheduler',
  D4: 'distributed-route',
  D5: ['distributed-answers', 'baseline-answers'],
  D6: 'benchmark-job',
  D7: 'argocd-application',
  X1: 'baseline-serving-mode',
  X2: 'autoscaling',
  X3: 'knative-autoscaler-absent',
  'operator CRD mistaken for the workload CRD': ['leaderworkerset-api', 'leaderworkerset-operator'],
  'several endpoint pickers': 'single-endpoint-picker',
  '*.apps listener': 'inference-gateway-object',
  'stale status': ['distributed-ready', 'gateway-auth-policy'],
  'RefsInvalid that never clears': 'distributed-ready',
  'controllers older than CRDs': 'controllers-newer-than-apis',
  'GPU on the wrong container': 'gpu-container',
  'liveness shorter than load': 'liveness-budget',
  'timeouts shorter than a stream': 'stream-timeouts',
  'authentication not as declared': 'endpoint-authentication',
  'driver not the pinned one': 'gpu-driver',
  'taint not the documented one': 'gpu-taints',
  'served name not the declared one': ['baseline-answers', 'distributed-answers'],
  'double scraping': 'scrape-paths',
  'stale metrics': ['metrics-baseline', 'metrics-distributed'],
  'autoscaler at work': 'autoscaling',
  'credentials that end during the talk': 'credential-lifetime',
  'community Kuadrant': 'community-kuadrant-absent',
  'arms configured differently': 'engine-configuration',
  'arm deployed and ready': 'baseline-ready',
};

test('every gate answers a row of the facts or a trap, and there is no row without a gate', () => {
  expect(new Set(Object.values(ROW_GATES).flat())).toEqual(new Set(GATE_IDS));
});

test('the ids of the contract are all there', () => {
  expect(GATE_IDS).toEqual(
    expect.arrayContaining([
      'cluster-version',
      'gpu-nodes',
      'gpu-operator',
      'gpu-capacity',
      'llminferenceservice-api',
      'llminferenceservice-schema',
      'leaderworkerset-api',
      'gatewayclass',
      'inference-gateway-object',
      'maas-inferencegateway-absent',
      'connectivity-link',
      'kueue-clusterqueue',
      'kueue-localqueue',
      'rhoai-platform',
      'baseline-ready',
      'baseline-answers',
      'distributed-ready',
      'distributed-pods',
      'distributed-distinct-nodes',
      'distributed-scheduler',
      'distributed-route',
      'distributed-answers',
      'metrics-source',
      'metrics-baseline',
      'metrics-distributed',
      'benchmark-job',
      'argocd-application',
    ]),
  );
});

test('in the healthy demo exactly the gates of the contract are required', () => {
  expect(GATE_IDS.filter((id) => gateOf(id).required)).toEqual([
    'cluster-version',
    'rhoai-platform',
    'gpu-nodes',
    'llminferenceservice-api',
    'llminferenceservice-schema',
    'kueue-clusterqueue',
    'kueue-localqueue',
    'baseline-ready',
    'baseline-answers',
    'distributed-ready',
    'distributed-pods',
    'distributed-answers',
    'metrics-source',
    'metrics-baseline',
    'metrics-distributed',
  ]);
});
