import { describe, expect, test } from 'vitest';
import { evaluateChecklist } from './evaluate-checklist';
import { rightFor } from './gates/sight';
import type { ResourceId } from './objects';
import { DEFAULT_SETTINGS } from './settings';
import {
  buildCluster,
  FORBIDDEN,
  healthyAccess,
  healthyMetrics,
  healthyProbes,
  NOW,
} from './testing/build-cluster';

function evaluate(cluster: ReturnType<typeof buildCluster>) {
  return evaluateChecklist({
    settings: DEFAULT_SETTINGS,
    cluster,
    probes: healthyProbes(),
    metrics: healthyMetrics(),
    access: healthyAccess(),
    mode: 'live',
    now: NOW,
    previous: null,
  });
}

/** Gates that cannot be judged without the right to list a resource; all others keep their verdict. */
const NEEDED: { readonly [Id in ResourceId]: readonly string[] } = {
  nodes: ['gpu-driver', 'gpu-nodes', 'gpu-taints', 'gpu-capacity', 'distributed-distinct-nodes'],
  'pods-all': ['controllers-newer-than-apis'],
  pods: [],
  namespace: ['kueue-queue-mismatch'],
  services: [],
  events: ['distributed-events'],
  controllers: ['serving-controllers'],
  presets: ['serving-presets'],
  'preset-overrides': ['serving-presets'],
  hardwareprofiles: [],
  hpas: ['autoscaling'],
  cronjob: ['benchmark-job'],
  'monitoring-config': ['user-workload-monitoring'],
  llminferenceservices: [
    'kueue-queue-mismatch',
    'distributed-ready',
    'gpu-container',
    'distributed-pods',
    'distributed-distinct-nodes',
    'distributed-scheduler',
    'endpoint-authentication',
    'engine-configuration',
  ],
  inferenceservices: [
    'kueue-queue-mismatch',
    'baseline-ready',
    'baseline-serving-mode',
    'endpoint-authentication',
    'engine-configuration',
  ],
  gatewayclasses: ['gatewayclass'],
  gateway: ['inference-gateway-object'],
  httproutes: ['stream-timeouts'],
  inferencepools: ['single-endpoint-picker'],
  'inferencepools-v1': [],
  routes: ['stream-timeouts'],
  clusterqueues: ['kueue-clusterqueue'],
  localqueues: ['kueue-localqueue'],
  clusterversion: ['cluster-version'],
  'ingress-operator': ['ingress-operator'],
  subscriptions: ['leaderworkerset-operator', 'service-mesh-2-absent', 'community-kuadrant-absent'],
  clusterserviceversions: [],
  clusterpolicies: ['gpu-operator', 'gpu-driver'],
  datascienceclusters: ['rhoai-platform'],
  leaderworkersetoperator: ['leaderworkerset-operator'],
  kuadrants: ['connectivity-link'],
  authorinos: ['authorino-tls'],
  'authorino-service': ['authorino-tls'],
  'authpolicy-crd': ['controllers-newer-than-apis'],
  'gateway-authpolicies': ['gateway-auth-policy'],
  application: ['argocd-application'],
};

describe('with one right removed', () => {
  test.each(Object.entries(NEEDED) as [ResourceId, readonly string[]][])(
    'to list %s, only the gates that need it turn unknown, and each names that right',
    (id, expected) => {
      const { gates } = evaluate(buildCluster({}, { [id]: FORBIDDEN }));
      const right = rightFor(buildCluster().resources[id].request);
      const unknown = gates.filter(({ status }) => status === 'unknown');
      expect(unknown.map((gate) => gate.id)).toEqual(expected);
      expect(
        unknown.map(({ reason, missingRight, evidence }) => [reason, missingRight, evidence[0]?.httpStatus]),
      ).toEqual(expected.map(() => ['forbidden', right, 403]));
      expect(gates.filter(({ status }) => status !== 'unknown' && status !== 'pass')).toEqual([]);
    },
  );

  test('to see a single pod, what only pods can show is unknown and names the right to the demo’s pods', () => {
    const { gates } = evaluate(buildCluster({}, { pods: FORBIDDEN, 'pods-all': FORBIDDEN }));
    const unknown = gates.filter(({ status }) => status === 'unknown');
    expect(unknown.map(({ id, missingRight }) => [id, missingRight?.namespace])).toEqual([
      ['gpu-taints', 'private-ai'],
      ['gpu-capacity', null],
      ['controllers-newer-than-apis', null],
      ['kueue-queue-mismatch', 'private-ai'],
      ['liveness-budget', 'private-ai'],
      ['distributed-pods', 'private-ai'],
      ['distributed-distinct-nodes', 'private-ai'],
      ['distributed-scheduler', 'private-ai'],
      ['engine-configuration', 'private-ai'],
    ]);
  });
});
