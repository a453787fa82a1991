import type { AccessFacts } from '../access-facts';
import type { ApiResource, ClusterSnapshot, ResourceView } from '../cluster';
import type { MetricsFacts } from '../metrics-facts';
import type { ClusterObjects, ResourceId } from '../objects';
import type { ProbeResult } from '../probe';
import { DEFAULT_SETTINGS } from '../settings';
import type { SourceState } from '../vocabulary';
import {
  buildBaselinePod,
  buildClusterQueue,
  buildCondition,
  buildController,
  buildControllerPod,
  buildEnginePod,
  buildEngineService,
  buildGateway,
  buildGatewayClass,
  buildGatewayPolicy,
  buildHttpRoute,
  buildInferenceService,
  buildLlmService,
  buildLocalQueue,
  buildMeta,
  buildNode,
  buildPool,
  buildPredictorService,
  buildRoute,
  buildSchedulerPod,
} from './build-objects';

/** 29 December 2025, 14:20 UTC: the healthy scene of the samples. */
export const NOW = Date.UTC(2025, 11, 29, 14, 20, 0);

export const NODE = {
  a: 'ip-10-0-17-203.us-east-2.compute.internal',
  b: 'ip-10-0-21-87.us-east-2.compute.internal',
  c: 'ip-10-0-29-140.us-east-2.compute.internal',
  master: 'ip-10-0-1-1.us-east-2.compute.internal',
} as const;

export function buildView<T>(
  request: string,
  items: readonly T[],
  overrides: Partial<ResourceView<T>> = {},
): ResourceView<T> {
  return {
    request,
    state: 'live',
    items,
    httpStatus: 200,
    problem: null,
    lastProofAt: NOW - 2_000,
    ...overrides,
  };
}

/** Request paths the gates read rights from; the others need no namesake. */
const REQUESTS: Record<ResourceId, string> = {
  nodes: 'GET /api/v1/nodes',
  'pods-all': 'GET /api/v1/pods?fieldSelector=status.phase!=Succeeded,status.phase!=Failed',
  pods: 'GET /api/v1/namespaces/private-ai/pods',
  namespace: 'GET /api/v1/namespaces?fieldSelector=metadata.name=private-ai',
  services: 'GET /api/v1/namespaces/private-ai/services',
  events: 'GET /api/v1/namespaces/private-ai/events',
  controllers: 'GET /apis/apps/v1/namespaces/redhat-ods-applications/deployments',
  deployments: 'GET /apis/apps/v1/namespaces/private-ai/deployments',
  replicasets: 'GET /apis/apps/v1/namespaces/private-ai/replicasets',
  statefulsets: 'GET /apis/apps/v1/namespaces/private-ai/statefulsets',
  leaderworkersets: 'GET /apis/leaderworkerset.x-k8s.io/v1/namespaces/private-ai/leaderworkersets',
  presets:
    'GET /apis/serving.kserve.io/v1alpha1/namespaces/redhat-ods-applications/llminferenceserviceconfigs',
  'preset-overrides': 'GET /apis/serving.kserve.io/v1alpha1/namespaces/private-ai/llminferenceserviceconfigs',
  hardwareprofiles:
    'GET /apis/infrastructure.opendatahub.io/v1/namespaces/redhat-ods-applications/hardwareprofiles',
  hpas: 'GET /apis/autoscaling/v2/namespaces/private-ai/horizontalpodautoscalers',
  cronjob: 'GET /apis/batch/v1/namespaces/private-ai/cronjobs?fieldSelector=metadata.name=guidellm-daily',
  'monitoring-config':
    'GET /api/v1/namespaces/openshift-monitoring/configmaps?fieldSelector=metadata.name=cluster-monitoring-config',
  llminferenceservices: 'GET /apis/serving.kserve.io/v1alpha1/namespaces/private-ai/llminferenceservices',
  inferenceservices: 'GET /apis/serving.kserve.io/v1beta1/namespaces/private-ai/inferenceservices',
  gatewayclasses: 'GET /apis/gateway.networking.k8s.io/v1/gatewayclasses',
  gateway:
    'GET /apis/gateway.networking.k8s.io/v1/namespaces/openshift-ingress/gateways?fieldSelector=metadata.name=openshift-ai-inference',
  httproutes: 'GET /apis/gateway.networking.k8s.io/v1/namespaces/private-ai/httproutes',
  inferencepools: 'GET /apis/inference.networking.x-k8s.io/v1alpha2/namespaces/private-ai/inferencepools',
  'inferencepools-v1': 'GET /apis/inference.networking.k8s.io/v1/namespaces/private-ai/inferencepools',
  routes: 'GET /apis/route.openshift.io/v1/namespaces/private-ai/routes',
  clusterqueues: 'GET /apis/kueue.x-k8s.io/v1beta1/clusterqueues',
  localqueues: 'GET /apis/kueue.x-k8s.io/v1beta1/namespaces/private-ai/localqueues',
  clusterversion: 'GET /apis/config.openshift.io/v1/clusterversions?fieldSelector=metadata.name=version',
  'ingress-operator': 'GET /apis/config.openshift.io/v1/clusteroperators?fieldSelector=metadata.name=ingress',
  subscriptions: 'GET /apis/operators.coreos.com/v1alpha1/subscriptions',
  clusterserviceversions: 'GET /apis/operators.coreos.com/v1alpha1/clusterserviceversions',
  clusterpolicies: 'GET /apis/nvidia.com/v1/clusterpolicies',
  datascienceclusters: 'GET /apis/datasciencecluster.opendatahub.io/v2/datascienceclusters',
  leaderworkersetoperator:
    'GET /apis/operator.openshift.io/v1/leaderworkersetoperators?fieldSelector=metadata.name=cluster',
  kuadrants: 'GET /apis/kuadrant.io/v1beta1/namespaces/kuadrant-system/kuadrants',
  authorinos: 'GET /apis/operator.authorino.kuadrant.io/v1beta1/namespaces/kuadrant-system/authorinos',
  'authorino-service':
    'GET /api/v1/namespaces/kuadrant-system/services?fieldSelector=metadata.name=authorino-authorino-authorization',
  'authpolicy-crd':
    'GET /apis/apiextensions.k8s.io/v1/customresourcedefinitions?fieldSelector=metadata.name=authpolicies.kuadrant.io',
  'gateway-authpolicies': 'GET /apis/kuadrant.io/v1/namespaces/openshift-ingress/authpolicies',
  application:
    'GET /apis/argoproj.io/v1alpha1/namespaces/openshift-gitops/applications?fieldSelector=metadata.name=step-08-llm-d',
  'console-route':
    'GET /apis/route.openshift.io/v1/namespaces/openshift-console/routes?fieldSelector=metadata.name=console',
  'argocd-route':
    'GET /apis/route.openshift.io/v1/namespaces/openshift-gitops/routes?fieldSelector=metadata.name=openshift-gitops-server',
};

type Items = { [Id in ResourceId]: readonly ClusterObjects[Id][] };

function healthyItems(): Items {
  const controllers = [
    buildControllerPod('kserve-controller-manager'),
    buildControllerPod('odh-model-controller'),
  ];
  const pods = [
    buildBaselinePod(NODE.a),
    buildEnginePod('engine-a', NODE.b),
    buildEnginePod('engine-b', NODE.c),
    buildSchedulerPod(NODE.master),
  ];
  const subscription = (packageName: string, csv: string, ns: string) => ({
    meta: buildMeta({ name: packageName, namespace: ns }),
    packageName,
    channel: 'stable',
    approval: 'Automatic',
    state: 'AtLatestKnown',
    installedCsv: csv,
    currentCsv: csv,
    conditions: [],
  });
  const csv = (name: string, version: string, ns: string) => ({
    meta: buildMeta({ name, namespace: ns }),
    version,
    phase: 'Succeeded',
    reason: 'InstallSucceeded',
    message: null,
  });
  return {
    nodes: [
      buildNode(NODE.a),
      buildNode(NODE.b),
      buildNode(NODE.c),
      buildNode(NODE.master, { gpus: 0, type: 'm6a.2xlarge' }),
    ],
    'pods-all': [...pods, ...controllers],
    pods,
    namespace: [
      {
        meta: buildMeta({
          name: 'private-ai',
          namespace: null,
          labels: { 'kueue.openshift.io/managed': 'true' },
        }),
        phase: 'Active',
      },
    ],
    services: [buildEngineService(), buildPredictorService()],
    events: [],
    controllers: [buildController('kserve-controller-manager'), buildController('odh-model-controller')],
    deployments: [],
    replicasets: [],
    statefulsets: [],
    leaderworkersets: [],
    presets: PRESET_NAMES.map((name) => ({
      meta: buildMeta({ name, namespace: 'redhat-ods-applications' }),
    })),
    'preset-overrides': [],
    hardwareprofiles: [
      {
        meta: buildMeta({ name: 'nvidia-l4-1gpu', namespace: 'redhat-ods-applications' }),
        localQueue: 'default',
      },
    ],
    hpas: [],
    cronjob: [
      {
        meta: buildMeta({ name: 'guidellm-daily' }),
        schedule: '0 2 * * *',
        suspended: false,
        lastScheduleAt: '2025-12-29T02:00:00Z',
        lastSuccessAt: '2025-12-29T02:40:00Z',
      },
    ],
    'monitoring-config': [
      {
        meta: buildMeta({ name: 'cluster-monitoring-config', namespace: 'openshift-monitoring' }),
        enableUserWorkload: true,
      },
    ],
    llminferenceservices: [buildLlmService()],
    inferenceservices: [buildInferenceService()],
    gatewayclasses: [buildGatewayClass('data-science-gateway-class'), buildGatewayClass()],
    gateway: [
      buildGateway({
        listeners: [
          { name: 'http', port: 80, protocol: 'HTTP', hostname: null, routesFrom: 'All' },
          { name: 'https', port: 443, protocol: 'HTTPS', hostname: null, routesFrom: 'All' },
        ],
      }),
    ],
    httproutes: [buildHttpRoute()],
    inferencepools: [buildPool()],
    'inferencepools-v1': [],
    routes: [buildRoute('baseline'), buildRoute('distributed')],
    clusterqueues: [buildClusterQueue()],
    localqueues: [buildLocalQueue()],
    clusterversion: [
      {
        meta: buildMeta({ name: 'version', namespace: null }),
        history: [{ state: 'Completed', version: '4.20.6' }],
        conditions: [
          buildCondition('Available'),
          buildCondition('Progressing', 'False'),
          buildCondition('Failing', 'False'),
        ],
      },
    ],
    'ingress-operator': [
      {
        meta: buildMeta({ name: 'ingress', namespace: null }),
        conditions: [
          buildCondition('Available'),
          buildCondition('Progressing', 'False'),
          buildCondition('Degraded', 'False'),
        ],
      },
    ],
    subscriptions: [
      subscription('rhods-operator', 'rhods-operator.3.0.0', 'redhat-ods-operator'),
      subscription('rhcl-operator', 'rhcl-operator.v1.2.1', 'kuadrant-system'),
      subscription('leader-worker-set', 'leader-worker-set.v1.0.0', 'openshift-lws-operator'),
      subscription(
        'openshift-cert-manager-operator',
        'cert-manager-operator.v1.18.0',
        'cert-manager-operator',
      ),
      subscription('servicemeshoperator3', 'servicemeshoperator3.v3.1.0', 'openshift-operators'),
    ],
    clusterserviceversions: [
      csv('rhods-operator.3.0.0', '3.0.0', 'redhat-ods-operator'),
      csv('rhcl-operator.v1.2.1', '1.2.1', 'kuadrant-system'),
      csv('leader-worker-set.v1.0.0', '1.0.0', 'openshift-lws-operator'),
      csv('cert-manager-operator.v1.18.0', '1.18.0', 'cert-manager-operator'),
    ],
    clusterpolicies: [
      {
        meta: buildMeta({ name: 'gpu-cluster-policy', namespace: null }),
        driverVersion: '570.195.03',
        state: 'ready',
        conditions: [
          buildCondition('Ready', 'True', 'Reconciled'),
          buildCondition('Error', 'False', 'Ready'),
        ],
      },
    ],
    datascienceclusters: [
      {
        meta: buildMeta({ name: 'default-dsc', namespace: null }),
        phase: 'Ready',
        version: '3.0.0',
        kserveManagementState: 'Managed',
        kueueManagementState: 'Unmanaged',
        conditions: [
          buildCondition('Ready'),
          buildCondition('KserveReady'),
          buildCondition('ComponentsReady'),
        ],
      },
    ],
    leaderworkersetoperator: [
      {
        meta: buildMeta({ name: 'cluster', namespace: null }),
        conditions: [
          buildCondition('Available', 'True', 'AsExpected'),
          buildCondition('Degraded', 'False', 'AsExpected'),
        ],
      },
    ],
    kuadrants: [
      {
        meta: buildMeta({ name: 'kuadrant', namespace: 'kuadrant-system' }),
        conditions: [buildCondition('Ready', 'True', 'Ready', 'Kuadrant is ready')],
      },
    ],
    authorinos: [
      {
        meta: buildMeta({ name: 'authorino', namespace: 'kuadrant-system' }),
        listenerTls: { enabled: true, certificateSecret: 'authorino-server-cert' },
        conditions: [buildCondition('Ready', 'True', 'Provisioned')],
      },
    ],
    'authorino-service': [
      {
        meta: buildMeta({
          name: 'authorino-authorino-authorization',
          namespace: 'kuadrant-system',
          annotations: { 'service.beta.openshift.io/serving-cert-secret-name': 'authorino-server-cert' },
        }),
        type: 'ClusterIP',
        clusterIp: '172.30.41.17',
        selector: {},
        ports: [{ name: 'grpc', port: 50051, targetPort: '50051', appProtocol: null }],
      },
    ],
    'authpolicy-crd': [
      {
        meta: buildMeta({
          name: 'authpolicies.kuadrant.io',
          namespace: null,
          createdAt: '2025-12-15T09:00:00Z',
        }),
      },
    ],
    'gateway-authpolicies': [buildGatewayPolicy()],
    'console-route': [],
    'argocd-route': [],
    application: [
      {
        meta: buildMeta({ name: 'step-08-llm-d', namespace: 'openshift-gitops' }),
        syncStatus: 'Synced',
        healthStatus: 'Healthy',
        revision: '89e495e7',
        operation: { phase: 'Succeeded', message: 'successfully synced', finishedAt: '2025-12-29T14:02:20Z' },
        outOfSync: [],
        conditions: [],
      },
    ],
  };
}

function apiResource(name: string, kind: string): ApiResource {
  return { name, kind, namespaced: true, verbs: ['get', 'list', 'watch'], shortNames: [] };
}

/** The presets of OpenShift AI 3.0 (kubernetes-objects §3.2). */
const PRESET_NAMES = [
  'template',
  'worker-data-parallel',
  'decode-template',
  'decode-worker-data-parallel',
  'prefill-template',
  'prefill-worker-data-parallel',
  'scheduler',
  'router-route',
].map((name) => `kserve-config-llm-${name}`);

export const SCHEMA_FIELDS = [
  'spec.model.uri',
  'spec.router.gateway',
  'spec.router.route',
  'spec.router.scheduler',
  'spec.template',
  'spec.worker',
  'spec.prefill',
];

/** The healthy demo; `items` and `views` replace single resources. */
export function buildCluster(
  items: Partial<Items> = {},
  views: { [Id in ResourceId]?: Partial<ResourceView<ClusterObjects[Id]>> } = {},
): ClusterSnapshot {
  const all: Items = { ...healthyItems(), ...items };
  if (items.pods !== undefined && items['pods-all'] === undefined) {
    // Pods of the whole cluster are given at once; each watch sees its share.
    all['pods-all'] = items.pods;
    all.pods = items.pods.filter((pod) => pod.meta.namespace === DEFAULT_SETTINGS.namespace);
  }
  const resources = Object.fromEntries(
    (Object.keys(REQUESTS) as ResourceId[]).map((id) => [
      id,
      buildView<unknown>(REQUESTS[id], all[id], views[id] as Partial<ResourceView<unknown>> | undefined),
    ]),
  ) as unknown as ClusterSnapshot['resources'];
  return {
    version: buildView('GET /version', [{ gitVersion: 'v1.33.6' }]),
    groupVersions: buildView('GET /apis', [
      'cert-manager.io/v1',
      ...new Set(
        Object.values(REQUESTS).flatMap((request) => /\/apis\/([^/]+\/[^/]+)/.exec(request)?.slice(1) ?? []),
      ),
    ]),
    discovery: {
      'serving.kserve.io/v1alpha1': buildView('GET /apis/serving.kserve.io/v1alpha1', [
        apiResource('llminferenceservices', 'LLMInferenceService'),
        apiResource('llminferenceserviceconfigs', 'LLMInferenceServiceConfig'),
      ]),
      'serving.kserve.io/v1alpha2': missingApi('GET /apis/serving.kserve.io/v1alpha2'),
      'leaderworkerset.x-k8s.io/v1': buildView('GET /apis/leaderworkerset.x-k8s.io/v1', [
        apiResource('leaderworkersets', 'LeaderWorkerSet'),
      ]),
      'inference.networking.x-k8s.io/v1alpha2': buildView(
        'GET /apis/inference.networking.x-k8s.io/v1alpha2',
        [apiResource('inferencepools', 'InferencePool'), apiResource('inferencemodels', 'InferenceModel')],
      ),
      'inference.networking.k8s.io/v1': buildView('GET /apis/inference.networking.k8s.io/v1', [
        apiResource('inferencepools', 'InferencePool'),
      ]),
      'operator.openshift.io/v1': buildView('GET /apis/operator.openshift.io/v1', [
        apiResource('leaderworkersetoperators', 'LeaderWorkerSetOperator'),
      ]),
    },
    schemas: {
      'serving.kserve.io/v1alpha1': buildView('GET /openapi/v3/apis/serving.kserve.io/v1alpha1', [
        { kind: 'LLMInferenceService', fieldPaths: new Set(SCHEMA_FIELDS) },
      ]),
    },
    resources,
  };
}

/** The plain-text 404 of an API that is not installed. */
export function missingApi<T>(request: string): ResourceView<T> {
  return buildView<T>(request, [], { state: 'not-installed', httpStatus: 404, problem: 'Not served.' });
}

export const MISSING = { state: 'not-installed', httpStatus: 404, items: [] } as const;
export const FORBIDDEN = { state: 'forbidden', httpStatus: 403, items: [], problem: 'forbidden' } as const;
export const SYNCING = { state: 'syncing', httpStatus: null, items: [], lastProofAt: null } as const;

/** A view whose last proof is older than a verdict may be. */
export function lostContact(state: SourceState = 'stale'): { state: SourceState; lastProofAt: number } {
  return { state, lastProofAt: NOW - 25_000 };
}

export function buildProbe(overrides: Partial<ProbeResult> & Pick<ProbeResult, 'arm'>): ProbeResult {
  const { arm } = overrides;
  const served = arm === 'baseline' ? DEFAULT_SETTINGS.baselineName : DEFAULT_SETTINGS.distributedName;
  return {
    path: 'route',
    kind: 'models',
    request: 'GET https://example.com/v1/models',
    outcome: 'answered',
    httpStatus: 200,
    observedAt: NOW - 5_000,
    durationMs: 12,
    finding: `/v1/models names ${served}.`,
    modelIds: [served],
    engineVersion: '0.11.0+rhai1',
    schedulerSeen: null,
    introducedAsLab: false,
    ...overrides,
  };
}

export function healthyProbes(): ProbeResult[] {
  return [
    buildProbe({ arm: 'baseline' }),
    buildProbe({ arm: 'distributed' }),
    buildProbe({ arm: 'distributed', path: 'gateway' }),
    buildProbe({
      arm: 'distributed',
      path: 'gateway',
      kind: 'completion',
      observedAt: NOW - 60_000,
      finding: 'One token came after 410 ms.',
      modelIds: null,
      schedulerSeen: true,
    }),
  ];
}

export function healthyAccess(): AccessFacts {
  return {
    sendsToken: { baseline: false, distributed: false },
    credentials: [
      {
        source: 'cluster',
        name: 'token of the pod’s service account',
        expiresAt: NOW + 50 * 60_000,
        renewsItself: true,
      },
    ],
    observedAt: NOW - 5_000,
  };
}

export function healthyMetrics(): MetricsFacts {
  const arm = (family: string, pods: readonly string[]) => ({
    presence: 'ok' as const,
    family,
    pods,
    duplicateJobs: [],
    scrapes: [{ job: 'engines', family, pods }],
    engineConfiguration: {
      promql: `{__name__="${family}cache_config_info"}`,
      properties: { 'KV-cache type': 'auto' },
    },
    newestSampleAt: NOW - 10_000,
    promql: `count({__name__=~"${family}.*"})`,
    finding: `${family} series of ${pods.length} pods, newest 10 s old.`,
  });
  return {
    source: {
      state: 'live',
      request: 'GET /api/v1/query?query=up',
      httpStatus: 200,
      lastProofAt: NOW - 3_000,
      detail: 'The Prometheus API answers.',
      version: '3.5.0',
    },
    arms: { baseline: arm('vllm:', ['int4']), distributed: arm('kserve_vllm:', ['engine-a', 'engine-b']) },
  };
}
