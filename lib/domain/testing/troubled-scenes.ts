import type { ResourceView } from '../cluster';
import type { GateId } from '../gates/gate-row';
import type { ClusterObjects } from '../objects';
import type { GateStatus } from '../vocabulary';
import {
  buildCluster,
  buildProbe,
  buildView,
  healthyAccess,
  healthyMetrics,
  healthyProbes,
  MISSING,
  missingApi,
  NODE,
  NOW,
  SCHEMA_FIELDS,
} from './build-cluster';
import {
  buildBaselinePod,
  buildClusterQueue,
  buildCondition,
  buildContainer,
  buildControllerPod,
  buildEnginePod,
  buildEvent,
  buildGatewayClass,
  buildInferenceService,
  buildLlmService,
  buildLocalQueue,
  buildMeta,
  buildNode,
  buildPool,
  buildRoute,
  buildSchedulerPod,
  buildWorkload,
  POD_TROUBLE,
} from './build-objects';
import type { Scene } from './judge-gate';

export interface TroubledScene {
  scene: Scene;
  status: Exclude<GateStatus, 'pass'>;
}

type ClusterChange = Parameters<typeof buildCluster>[0];

function withItems(items: ClusterChange): Scene {
  return { cluster: buildCluster(items) };
}

function withDiscovery(groupVersion: string, view: ResourceView<never>): Scene {
  const cluster = buildCluster();
  return { cluster: { ...cluster, discovery: { ...cluster.discovery, [groupVersion]: view } } };
}

function withGroups(change: (groups: readonly string[]) => readonly string[]): Scene {
  const cluster = buildCluster();
  return {
    cluster: {
      ...cluster,
      groupVersions: { ...cluster.groupVersions, items: change(cluster.groupVersions.items) },
    },
  };
}

function withSchema(fields: readonly string[]): Scene {
  const cluster = buildCluster();
  const request = 'GET /openapi/v3/apis/serving.kserve.io/v1alpha1';
  return {
    cluster: {
      ...cluster,
      schemas: {
        'serving.kserve.io/v1alpha1': buildView(request, [
          { kind: 'LLMInferenceService', fieldPaths: new Set(fields) },
        ]),
      },
    },
  };
}

function withMetrics(
  arm: 'baseline' | 'distributed',
  change: Partial<ReturnType<typeof healthyMetrics>['arms']['baseline']>,
): Scene {
  const metrics = healthyMetrics();
  return { metrics: { ...metrics, arms: { ...metrics.arms, [arm]: { ...metrics.arms[arm], ...change } } } };
}

export function subscribed(...packages: readonly string[]): ClusterObjects['subscriptions'][] {
  return packages.map((packageName) => ({
    meta: buildMeta({ name: packageName, namespace: 'openshift-operators' }),
    packageName,
    channel: 'stable',
    approval: 'Automatic',
    state: 'AtLatestKnown',
    installedCsv: `${packageName}.v1.0.0`,
    currentCsv: `${packageName}.v1.0.0`,
    conditions: [],
  }));
}

/** The service with authentication on, which is its default. */
export const GUARDED_SERVICE = buildLlmService({
  meta: buildMeta({
    name: 'mistral-3-distributed',
    labels: { 'kueue.x-k8s.io/queue-name': 'default' },
  }),
});

const down = buildProbe({
  arm: 'baseline',
  outcome: 'refused',
  httpStatus: 503,
  modelIds: null,
  finding: 'The endpoint answers 503.',
});
const refused = [down, { ...down, arm: 'distributed' as const, path: 'gateway' as const }];

/** For every gate one scene in which it must not pass (kubernetes-objects §7, demo-environment §14 and §18). */
export const TROUBLED_SCENES: Readonly<Record<GateId, TroubledScene>> = {
  'cluster-version': {
    scene: withItems({
      clusterversion: [
        {
          meta: buildMeta({ name: 'version' }),
          history: [{ state: 'Completed', version: '4.18.3' }],
          conditions: [],
        },
      ],
    }),
    status: 'fail',
  },
  'rhoai-platform': { scene: withItems({ datascienceclusters: [] }), status: 'fail' },
  'serving-controllers': { scene: withItems({ controllers: [] }), status: 'fail' },
  'cert-manager': {
    scene: withGroups((groups) => groups.filter((item) => item !== 'cert-manager.io/v1')),
    status: 'fail',
  },
  'gpu-operator': { scene: withItems({ clusterpolicies: [] }), status: 'fail' },
  'gpu-driver': {
    scene: withItems({
      clusterpolicies: [
        {
          meta: buildMeta({ name: 'gpu-cluster-policy' }),
          driverVersion: '580.105.08',
          state: 'ready',
          conditions: [buildCondition('Ready', 'True', 'Reconciled')],
        },
      ],
    }),
    status: 'warn',
  },
  'gpu-nodes': { scene: withItems({ nodes: [] }), status: 'fail' },
  'gpu-taints': {
    scene: withItems({ nodes: [NODE.a, NODE.b, NODE.c].map((name) => buildNode(name, { taints: [] })) }),
    status: 'warn',
  },
  'gpu-capacity': {
    scene: withItems({ nodes: [buildNode(NODE.a), buildNode(NODE.b)], pods: [buildBaselinePod(NODE.a)] }),
    status: 'fail',
  },
  'credential-lifetime': {
    scene: {
      access: {
        ...healthyAccess(),
        credentials: [
          { source: 'cluster', name: 'token of the kubeconfig', expiresAt: NOW - 1, renewsItself: false },
        ],
      },
    },
    status: 'fail',
  },
  'llminferenceservice-api': {
    scene: withDiscovery('serving.kserve.io/v1alpha1', missingApi('GET /apis/serving.kserve.io/v1alpha1')),
    status: 'fail',
  },
  'llminferenceservice-schema': {
    scene: withSchema(SCHEMA_FIELDS.filter((field) => field !== 'spec.prefill')),
    status: 'fail',
  },
  'optional-shows': { scene: withSchema(['spec.model.uri']), status: 'warn' },
  'serving-presets': { scene: withItems({ presets: [] }), status: 'fail' },
  'inference-apis': {
    scene: withDiscovery(
      'inference.networking.x-k8s.io/v1alpha2',
      missingApi('GET /apis/inference.networking.x-k8s.io/v1alpha2'),
    ),
    status: 'warn',
  },
  'leaderworkerset-operator': { scene: withItems({ leaderworkersetoperator: [] }), status: 'warn' },
  'leaderworkerset-api': {
    scene: withDiscovery('leaderworkerset.x-k8s.io/v1', missingApi('GET /apis/leaderworkerset.x-k8s.io/v1')),
    status: 'warn',
  },
  'service-mesh-2-absent': {
    scene: withItems({ subscriptions: subscribed('servicemeshoperator') }),
    status: 'fail',
  },
  'ingress-operator': {
    scene: withItems({
      'ingress-operator': [
        {
          meta: buildMeta({ name: 'ingress' }),
          conditions: [
            buildCondition('Available'),
            buildCondition('Degraded', 'True', 'GatewayAPICRDsDegraded'),
          ],
        },
      ],
    }),
    status: 'fail',
  },
  gatewayclass: {
    scene: withItems({ gatewayclasses: [buildGatewayClass('data-science-gateway-class')] }),
    status: 'warn',
  },
  'inference-gateway-object': { scene: withItems({ gateway: [] }), status: 'warn' },
  'maas-inferencegateway-absent': {
    scene: withGroups((groups) => [...groups, 'maas.opendatahub.io/v1alpha1']),
    status: 'warn',
  },
  'knative-autoscaler-absent': {
    scene: withGroups((groups) => [...groups, 'autoscaling.internal.knative.dev/v1alpha1']),
    status: 'warn',
  },
  'community-kuadrant-absent': {
    scene: withItems({ subscriptions: subscribed('kuadrant-operator', 'rhcl-operator') }),
    status: 'fail',
  },
  'connectivity-link': { scene: withItems({ kuadrants: [] }), status: 'warn' },
  'controllers-newer-than-apis': {
    scene: withItems({
      'pods-all': [buildControllerPod('kserve-controller-manager', '2025-12-15T08:00:00Z')],
    }),
    status: 'warn',
  },
  'authorino-tls': {
    scene: withItems({
      authorinos: [
        {
          meta: buildMeta({ name: 'authorino', namespace: 'kuadrant-system' }),
          listenerTls: { enabled: false, certificateSecret: null },
          conditions: [buildCondition('Ready')],
        },
      ],
    }),
    status: 'warn',
  },
  'gateway-auth-policy': {
    scene: withItems({ 'gateway-authpolicies': [], llminferenceservices: [GUARDED_SERVICE] }),
    status: 'fail',
  },
  'kueue-clusterqueue': {
    scene: withItems({ clusterqueues: [buildClusterQueue({ stopPolicy: 'Hold' })] }),
    status: 'warn',
  },
  'kueue-localqueue': {
    scene: withItems({ localqueues: [buildLocalQueue({ pendingWorkloads: 2 })] }),
    status: 'warn',
  },
  'kueue-queue-mismatch': {
    scene: withItems({
      pods: [
        buildEnginePod('engine-a', NODE.b, { labels: { 'kueue.x-k8s.io/queue-name': 'llmd' } }),
        buildEnginePod('engine-b', NODE.c),
      ],
    }),
    status: 'warn',
  },
  'baseline-ready': { scene: withItems({ inferenceservices: [] }), status: 'fail' },
  'baseline-answers': { scene: { probes: refused }, status: 'fail' },
  'baseline-serving-mode': {
    scene: withItems({ inferenceservices: [buildInferenceService({ deploymentMode: 'Serverless' })] }),
    status: 'fail',
  },
  'distributed-ready': { scene: withItems({ llminferenceservices: [] }), status: 'fail' },
  'distributed-events': {
    scene: withItems({
      events: [
        buildEvent('e', '2025-12-29T14:15:00Z', {
          type: 'Warning',
          reason: 'Error',
          message: 'Reconciliation failed: no matches for kind "LeaderWorkerSet"',
          object: {
            kind: 'LLMInferenceService',
            name: 'mistral-3-distributed',
            namespace: 'private-ai',
            uid: 'uid-mistral-3-distributed',
          },
        }),
      ],
    }),
    status: 'warn',
  },
  'gpu-container': {
    scene: withItems({
      llminferenceservices: [
        buildLlmService({
          main: buildWorkload({
            templateContainers: [
              { name: 'main', gpus: 0 },
              { name: 'vllm', gpus: 1 },
            ],
          }),
        }),
      ],
      pods: [
        buildEnginePod('engine-a', NODE.b, {
          containers: [buildContainer({ gpus: {} }), buildContainer({ name: 'vllm' })],
        }),
      ],
    }),
    status: 'fail',
  },
  'liveness-budget': {
    scene: withItems({
      pods: [
        buildEnginePod('engine-a', NODE.b, {
          containers: [
            buildContainer({
              livenessProbe: { initialDelaySeconds: 120, periodSeconds: 10, failureThreshold: 3 },
            }),
          ],
        }),
      ],
    }),
    status: 'warn',
  },
  'distributed-pods': {
    scene: withItems({
      pods: [buildBaselinePod(NODE.a), buildEnginePod('engine-a', NODE.b, POD_TROUBLE.crashLoop)],
    }),
    status: 'fail',
  },
  'distributed-distinct-nodes': {
    scene: withItems({
      pods: [buildEnginePod('engine-a', NODE.b), buildEnginePod('engine-b', NODE.b)],
    }),
    status: 'warn',
  },
  'distributed-scheduler': {
    scene: withItems({ pods: [buildEnginePod('engine-a', NODE.b), buildEnginePod('engine-b', NODE.c)] }),
    status: 'fail',
  },
  'distributed-route': { scene: withItems({ httproutes: [], routes: [] }), status: 'fail' },
  'distributed-answers': { scene: { probes: refused }, status: 'fail' },
  'single-endpoint-picker': {
    scene: withItems({
      inferencepools: [
        buildPool(),
        buildPool({
          meta: buildMeta({ name: 'other-inference-pool' }),
          endpointPicker: { name: 'other-epp-service', failureMode: 'FailOpen' },
        }),
      ],
    }),
    status: 'warn',
  },
  'endpoint-authentication': {
    scene: { ...withItems({ llminferenceservices: [GUARDED_SERVICE] }), probes: healthyProbes() },
    status: 'fail',
  },
  'stream-timeouts': {
    scene: withItems({
      routes: [
        buildRoute('baseline', {
          meta: buildMeta({
            name: 'mistral-3-int4',
            annotations: { 'haproxy.router.openshift.io/timeout': '30s' },
          }),
        }),
      ],
    }),
    status: 'warn',
  },
  'engine-configuration': {
    scene: withItems({
      pods: [
        buildBaselinePod(NODE.a, {
          containers: [
            buildContainer({ name: 'kserve-container', command: [], args: ['--kv-cache-dtype=fp8'] }),
          ],
        }),
        buildEnginePod('engine-a', NODE.b),
        buildSchedulerPod(NODE.master),
      ],
    }),
    status: 'warn',
  },
  autoscaling: {
    scene: withItems({
      hpas: [
        {
          meta: buildMeta({ name: 'keda-hpa-mistral-3-distributed-autoscaler' }),
          target: { kind: 'Deployment', name: 'mistral-3-distributed-kserve' },
          minReplicas: 1,
          maxReplicas: 3,
          currentReplicas: null,
          desiredReplicas: 2,
          metrics: [],
        },
      ],
    }),
    status: 'warn',
  },
  'metrics-source': {
    scene: {
      metrics: {
        ...healthyMetrics(),
        source: { ...healthyMetrics().source, state: 'unreachable', httpStatus: null },
      },
    },
    status: 'unknown',
  },
  'user-workload-monitoring': {
    scene: withItems({
      'monitoring-config': [
        { meta: buildMeta({ name: 'cluster-monitoring-config' }), enableUserWorkload: false },
      ],
    }),
    status: 'fail',
  },
  'metrics-baseline': { scene: withMetrics('baseline', { presence: 'not-scraped' }), status: 'fail' },
  'metrics-distributed': {
    scene: withMetrics('distributed', { presence: 'stale', finding: 'The newest sample is 3 minutes old.' }),
    status: 'warn',
  },
  'scrape-paths': {
    scene: withMetrics('distributed', {
      scrapes: [
        { job: 'private-ai/kserve-llm-isvc-vllm-engine', family: 'kserve_vllm:', pods: ['engine-a'] },
        { job: 'mistral-3-distributed-kserve-workload-svc', family: 'vllm:', pods: ['engine-a'] },
      ],
    }),
    status: 'warn',
  },
  'benchmark-job': { scene: withItems({ cronjob: [] }), status: 'fail' },
  'argocd-application': {
    scene: { cluster: buildCluster({ application: [] }, { application: MISSING }) },
    status: 'not-applicable',
  },
};
