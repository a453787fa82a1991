import type {
  ContainerStatus,
  Deployment,
  KubeEvent,
  KubeNode,
  KubePod,
  KubeService,
  PodContainer,
} from '../objects/core';
import type { Condition, ConditionStatus, ObjectMeta } from '../objects/meta';
import type { Gateway, GatewayClass, HttpRoute, InferencePool, Route } from '../objects/networking';
import type { AuthPolicy, ClusterQueue, LocalQueue } from '../objects/platform';
import type { InferenceService, LLMInferenceService, LlmWorkload } from '../objects/serving';
import { DEFAULT_SETTINGS } from '../settings';

/** Objects of the healthy demo, with named defaults; each builder takes what a test wants different. */

export const CREATED_AT = '2025-12-29T14:02:12Z';
/** Both arms serve the same weights. */
const MODEL_URI =
  'oci://registry.redhat.io/rhelai1/modelcar-mistral-small-24b-instruct-2501-quantized-w4a16:1.5';
const { namespace, baselineName, distributedName, instanceType } = DEFAULT_SETTINGS;

export function buildMeta(overrides: Partial<ObjectMeta> & { name: string }): ObjectMeta {
  return {
    namespace,
    uid: `uid-${overrides.name}`,
    createdAt: CREATED_AT,
    deletedAt: null,
    generation: 1,
    labels: {},
    annotations: {},
    owners: [],
    ...overrides,
  };
}

export function buildCondition(
  type: string,
  status: ConditionStatus = 'True',
  reason: string | null = null,
  message: string | null = null,
): Condition {
  return { type, status, reason, message, changedAt: CREATED_AT };
}

export function buildNode(
  name: string,
  overrides: Partial<KubeNode> & { gpus?: number; type?: string } = {},
): KubeNode {
  const { gpus = 1, type = instanceType, ...rest } = overrides;
  const amounts = gpus === 0 ? {} : { 'nvidia.com/gpu': gpus };
  return {
    meta: buildMeta({
      name,
      namespace: null,
      labels: {
        'node.kubernetes.io/instance-type': type,
        'topology.kubernetes.io/zone': 'us-east-2b',
        ...(gpus === 0
          ? {}
          : {
              'nvidia.com/gpu.present': 'true',
              'nvidia.com/gpu.product': 'NVIDIA-L4',
              'nvidia.com/cuda.driver-version.full': '570.195.03',
            }),
      },
    }),
    unschedulable: false,
    taints: gpus === 0 ? [] : [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' }],
    capacity: { cpu: 16, ...amounts },
    allocatable: { cpu: 15.5, ...amounts },
    conditions: [buildCondition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status')],
    ...rest,
  };
}

export function buildContainer(overrides: Partial<PodContainer> = {}): PodContainer {
  return {
    name: 'main',
    kind: 'app',
    image: 'registry.redhat.io/rhaiis/vllm-cuda-rhel9@sha256:ad75',
    command: ['/bin/bash', '-c'],
    args: [`eval "vllm serve /mnt/models --port 8000 \${VLLM_ADDITIONAL_ARGS} --enable-ssl-refresh"`],
    additionalEngineArgs: null,
    environmentNames: ['HOME', 'VLLM_LOGGING_LEVEL'],
    livenessProbe: { initialDelaySeconds: 300, periodSeconds: 30, failureThreshold: 10 },
    startupProbe: null,
    gpus: { 'nvidia.com/gpu': 1 },
    ...overrides,
  };
}

export function buildContainerStatus(overrides: Partial<ContainerStatus> = {}): ContainerStatus {
  return {
    name: 'main',
    init: false,
    ready: true,
    started: true,
    restarts: 0,
    state: { kind: 'running', startedAt: CREATED_AT },
    lastTermination: null,
    ...overrides,
  };
}

const READY = [buildCondition('Ready'), buildCondition('PodScheduled')];

function buildPod(meta: ObjectMeta, node: string | null, overrides: Partial<KubePod>): KubePod {
  return {
    meta,
    nodeName: node,
    nodeSelector: { 'node.kubernetes.io/instance-type': instanceType },
    tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', value: null, effect: 'NoSchedule' }],
    schedulingGates: [],
    containers: [buildContainer()],
    phase: 'Running',
    podIp: '10.128.6.37',
    startedAt: CREATED_AT,
    conditions: READY,
    containerStatuses: [buildContainerStatus()],
    ...overrides,
  };
}

const LLM_LABELS = {
  'app.kubernetes.io/name': distributedName,
  'app.kubernetes.io/part-of': 'llminferenceservice',
};

/** A pod of the distributed arm. */
export function buildEnginePod(
  name: string,
  node: string | null,
  overrides: Partial<KubePod> & { labels?: Record<string, string>; meta?: ObjectMeta } = {},
): KubePod {
  const { labels = {}, ...rest } = overrides;
  const meta = buildMeta({
    name,
    labels: {
      ...LLM_LABELS,
      'app.kubernetes.io/component': 'llminferenceservice-workload',
      'kserve.io/component': 'workload',
      'llm-d.ai/role': 'both',
      'kueue.x-k8s.io/queue-name': 'default',
      ...labels,
    },
  });
  return buildPod(meta, node, rest);
}

/** A pod of a LeaderWorkerSet group; only leaders carry the role label (kubernetes-objects §3.6). */
export function buildGroupPod(
  node: string,
  groupIndex: number,
  workerIndex: number,
  overrides: Partial<KubePod> = {},
): KubePod {
  const set = `${distributedName}-kserve-mn`;
  const leader = workerIndex === 0;
  const name = leader ? `${set}-${groupIndex}` : `${set}-${groupIndex}-${workerIndex}`;
  const meta = buildMeta({
    name,
    labels: {
      ...LLM_LABELS,
      'app.kubernetes.io/component': `llminferenceservice-workload-${leader ? 'leader' : 'worker'}`,
      ...(leader ? { 'kserve.io/component': 'workload', 'llm-d.ai/role': 'both' } : {}),
      'leaderworkerset.sigs.k8s.io/name': set,
      'leaderworkerset.sigs.k8s.io/group-index': String(groupIndex),
      'leaderworkerset.sigs.k8s.io/worker-index': String(workerIndex),
    },
    annotations: { 'leaderworkerset.sigs.k8s.io/size': '2' },
  });
  const args = ['eval "vllm serve /mnt/models --data-parallel-size 2 --data-parallel-size-local 1"'];
  return buildPod(meta, node, { containers: [buildContainer({ args })], ...overrides });
}

export function buildSchedulerPod(node: string | null, overrides: Partial<KubePod> = {}): KubePod {
  const meta = buildMeta({
    name: `${distributedName}-kserve-router-scheduler-m8q`,
    labels: { ...LLM_LABELS, 'app.kubernetes.io/component': 'llminferenceservice-router-scheduler' },
  });
  return buildPod(meta, node, { containers: [buildContainer({ gpus: {}, args: [] })], ...overrides });
}

export function buildBaselinePod(node: string | null, overrides: Partial<KubePod> = {}): KubePod {
  const meta = buildMeta({
    name: `${baselineName}-predictor-dsg`,
    createdAt: '2025-12-28T09:12:41Z',
    labels: {
      'serving.kserve.io/inferenceservice': baselineName,
      component: 'predictor',
      'kueue.x-k8s.io/queue-name': 'default',
    },
  });
  const containers = [buildContainer({ name: 'kserve-container' })];
  return buildPod(meta, node, { containers, ...overrides });
}

/** A GPU pod of another tenant. */
export function buildForeignPod(name: string, node: string, gpus = 1): KubePod {
  return buildPod(buildMeta({ name, namespace: 'elsewhere' }), node, {
    containers: [buildContainer({ name: 'train', gpus: { 'nvidia.com/gpu': gpus } })],
  });
}

const NOT_READY = [
  buildCondition('Ready', 'False', 'ContainersNotReady', 'containers with unready status: [main]'),
  buildCondition('PodScheduled'),
];

/** How pods look that do not serve (samples variant.pod.*). */
export const POD_TROUBLE = {
  loading: { conditions: NOT_READY, containerStatuses: [buildContainerStatus({ ready: false })] },
  gated: {
    phase: 'Pending',
    nodeName: null,
    schedulingGates: ['kueue.x-k8s.io/admission', 'kueue.x-k8s.io/topology'],
    conditions: [buildCondition('PodScheduled', 'False', 'SchedulingGated', 'Scheduling is blocked')],
    containerStatuses: [],
  },
  unschedulable: {
    phase: 'Pending',
    nodeName: null,
    conditions: [
      buildCondition(
        'PodScheduled',
        'False',
        'Unschedulable',
        '0/6 nodes are available: 3 Insufficient nvidia.com/gpu.',
      ),
    ],
    containerStatuses: [],
  },
  imagePull: {
    phase: 'Pending',
    conditions: NOT_READY,
    containerStatuses: [
      buildContainerStatus({
        name: 'modelcar-init',
        init: true,
        ready: false,
        state: {
          kind: 'waiting',
          reason: 'ImagePullBackOff',
          message: 'Back-off pulling image: unauthorized',
        },
      }),
      buildContainerStatus({
        ready: false,
        state: { kind: 'waiting', reason: 'PodInitializing', message: null },
      }),
    ],
  },
  crashLoop: {
    conditions: NOT_READY,
    containerStatuses: [
      buildContainerStatus({
        ready: false,
        restarts: 3,
        state: { kind: 'waiting', reason: 'CrashLoopBackOff', message: 'back-off 40s' },
        lastTermination: { reason: 'Error', exitCode: 1, startedAt: null },
      }),
    ],
  },
  restartLoop: {
    conditions: NOT_READY,
    containerStatuses: [
      buildContainerStatus({
        ready: false,
        restarts: 4,
        lastTermination: { reason: 'Error', exitCode: 137, startedAt: null },
      }),
    ],
  },
} satisfies Record<string, Partial<KubePod>>;

export function buildWorkload(overrides: Partial<LlmWorkload> = {}): LlmWorkload {
  return {
    replicas: 2,
    parallelism: { tensor: 1, pipeline: null, data: null, dataLocal: null },
    hasWorker: false,
    templateGpus: { 'nvidia.com/gpu': 1 },
    templateContainers: [{ name: 'main', gpus: 1 }],
    workerGpus: {},
    ...overrides,
  };
}

const LLM_CONDITIONS = [
  'HTTPRoutesReady',
  'InferencePoolReady',
  'MainWorkloadReady',
  'PresetsCombined',
  'Ready',
  'RouterReady',
  'SchedulerWorkloadReady',
  'WorkloadsReady',
];

/** Conditions of the service, all True but the ones given. */
export function buildLlmConditions(...changed: readonly Condition[]): readonly Condition[] {
  return LLM_CONDITIONS.map(
    (type) => changed.find((condition) => condition.type === type) ?? buildCondition(type),
  );
}

export function buildLlmService(overrides: Partial<LLMInferenceService> = {}): LLMInferenceService {
  return {
    meta: buildMeta({
      name: distributedName,
      labels: { 'kueue.x-k8s.io/queue-name': 'default' },
      annotations: {
        'security.opendatahub.io/enable-auth': 'false',
        'opendatahub.io/hardware-profile-name': 'nvidia-l4-1gpu',
      },
    }),
    model: { name: distributedName, uri: MODEL_URI },
    main: buildWorkload(),
    prefill: null,
    router: { hasRoute: true, hasScheduler: true, hasGateway: false, gatewayRefs: [] },
    observedGeneration: 1,
    url: 'http://lb.example.com/private-ai/mistral-3-distributed',
    addresses: [],
    conditions: buildLlmConditions(),
    ...overrides,
  };
}

export function buildInferenceService(overrides: Partial<InferenceService> = {}): InferenceService {
  return {
    meta: buildMeta({
      name: baselineName,
      labels: { 'kueue.x-k8s.io/queue-name': 'default' },
      annotations: {
        'security.opendatahub.io/enable-auth': 'false',
        'serving.kserve.io/deploymentMode': 'RawDeployment',
      },
    }),
    minReplicas: 1,
    maxReplicas: 1,
    args: [`--served-model-name=${baselineName}`, '--max-model-len=8192'],
    gpus: { 'nvidia.com/gpu': 1 },
    url: 'https://mistral-3-int4-private-ai.apps.rhoai-demo.example.com',
    deploymentMode: 'RawDeployment',
    modelUri: MODEL_URI,
    modelStatus: { transitionStatus: 'UpToDate', activeModelState: 'Loaded', lastFailure: null },
    conditions: [buildCondition('IngressReady'), buildCondition('PredictorReady'), buildCondition('Ready')],
    observedGeneration: 1,
    ...overrides,
  };
}

export function buildGatewayClass(
  name = 'openshift-default',
  overrides: Partial<GatewayClass> = {},
): GatewayClass {
  return {
    meta: buildMeta({ name, namespace: null }),
    controllerName: 'openshift.io/gateway-controller/v1',
    conditions: [buildCondition('Accepted', 'True', 'Accepted', 'Handled by Istio controller')],
    ...overrides,
  };
}

export function buildGateway(overrides: Partial<Gateway> = {}): Gateway {
  return {
    meta: buildMeta({ name: 'openshift-ai-inference', namespace: 'openshift-ingress' }),
    className: 'openshift-default',
    listeners: [{ name: 'http', port: 80, protocol: 'HTTP', hostname: null, routesFrom: 'All' }],
    addresses: ['a3f1c0de-12.us-east-2.elb.amazonaws.com'],
    conditions: [buildCondition('Accepted'), buildCondition('Programmed', 'True', 'Programmed')],
    ...overrides,
  };
}

const LLM_OWNER = [
  { kind: 'LLMInferenceService', name: distributedName, uid: `uid-${distributedName}`, controller: true },
];
const GATEWAY_REFERENCE = {
  group: 'gateway.networking.k8s.io',
  kind: 'Gateway',
  namespace: 'openshift-ingress',
  name: 'openshift-ai-inference',
};

export function buildHttpRoute(overrides: Partial<HttpRoute> = {}): HttpRoute {
  const prefix = `/${namespace}/${distributedName}`;
  const pool = {
    group: 'inference.networking.x-k8s.io',
    kind: 'InferencePool',
    namespace: null,
    name: `${distributedName}-inference-pool`,
  };
  return {
    meta: buildMeta({ name: `${distributedName}-kserve-route`, owners: LLM_OWNER }),
    hostnames: [],
    parentRefs: [GATEWAY_REFERENCE],
    rules: [
      { pathPrefixes: [`${prefix}/v1/completions`], backends: [pool] },
      { pathPrefixes: [`${prefix}/v1/chat/completions`], backends: [pool] },
      {
        pathPrefixes: [prefix],
        backends: [
          { group: '', kind: 'Service', namespace: null, name: `${distributedName}-kserve-workload-svc` },
        ],
      },
    ],
    timeouts: [{ request: '0s', backendRequest: '0s' }],
    parents: [
      {
        controllerName: 'openshift.io/gateway-controller/v1',
        parent: GATEWAY_REFERENCE,
        conditions: [buildCondition('Accepted'), buildCondition('ResolvedRefs')],
      },
      {
        controllerName: 'kuadrant.io/policy-controller',
        parent: GATEWAY_REFERENCE,
        conditions: [buildCondition('kuadrant.io/AuthPolicyAffected')],
      },
    ],
    ...overrides,
  };
}

export function buildPool(overrides: Partial<InferencePool> = {}): InferencePool {
  return {
    meta: buildMeta({ name: `${distributedName}-inference-pool`, owners: LLM_OWNER }),
    selector: { ...LLM_LABELS, 'kserve.io/component': 'workload' },
    endpointPicker: { name: `${distributedName}-epp-service`, failureMode: 'FailOpen' },
    parents: [
      { parent: GATEWAY_REFERENCE, conditions: [buildCondition('Accepted'), buildCondition('ResolvedRefs')] },
    ],
    ...overrides,
  };
}

export function buildEngineService(): KubeService {
  return {
    meta: buildMeta({
      name: `${distributedName}-kserve-workload-svc`,
      owners: LLM_OWNER,
      labels: { ...LLM_LABELS, 'app.kubernetes.io/component': 'llminferenceservice-workload' },
    }),
    type: 'ClusterIP',
    clusterIp: '172.30.118.204',
    selector: { ...LLM_LABELS, 'kserve.io/component': 'workload' },
    ports: [{ name: 'https', port: 8000, targetPort: '8000', appProtocol: 'https' }],
  };
}

export function buildPredictorService(): KubeService {
  return {
    meta: buildMeta({
      name: `${baselineName}-predictor`,
      labels: { component: 'predictor', 'serving.kserve.io/inferenceservice': baselineName },
    }),
    type: 'ClusterIP',
    clusterIp: 'None',
    selector: { app: `isvc.${baselineName}-predictor` },
    ports: [{ name: 'http', port: 80, targetPort: '8080', appProtocol: null }],
  };
}

export function buildRoute(arm: 'baseline' | 'distributed', overrides: Partial<Route> = {}): Route {
  const name = arm === 'baseline' ? baselineName : distributedName;
  const host = `${name}-${namespace}.apps.rhoai-demo.example.com`;
  return {
    meta: buildMeta({
      name,
      annotations: arm === 'baseline' ? { 'haproxy.router.openshift.io/timeout': '300s' } : {},
    }),
    host,
    service: arm === 'baseline' ? `${name}-predictor` : `${name}-kserve-workload-svc`,
    targetPort: arm === 'baseline' ? 'http' : '8000',
    termination: arm === 'baseline' ? 'edge' : 'passthrough',
    ingress: [{ host, admitted: buildCondition('Admitted') }],
    ...overrides,
  };
}

export function buildClusterQueue(overrides: Partial<ClusterQueue> = {}): ClusterQueue {
  return {
    meta: buildMeta({ name: 'rhoai-main-queue', namespace: null }),
    stopPolicy: 'None',
    nominal: [
      { flavor: 'nvidia-l4-1gpu', resource: 'nvidia.com/gpu', amount: 3 },
      { flavor: 'nvidia-l4-4gpu', resource: 'nvidia.com/gpu', amount: 4 },
      { flavor: 'nvidia-l4-1gpu', resource: 'cpu', amount: 48 },
    ],
    reserved: [
      { flavor: 'nvidia-l4-1gpu', resource: 'nvidia.com/gpu', amount: 3 },
      { flavor: 'nvidia-l4-4gpu', resource: 'nvidia.com/gpu', amount: 0 },
    ],
    pendingWorkloads: 0,
    admittedWorkloads: 4,
    conditions: [buildCondition('Active', 'True', 'Ready', 'Can admit new workloads')],
    ...overrides,
  };
}

export function buildLocalQueue(overrides: Partial<LocalQueue> = {}): LocalQueue {
  return {
    meta: buildMeta({ name: 'default' }),
    clusterQueue: 'rhoai-main-queue',
    flavors: [
      { name: 'nvidia-l4-1gpu', nodeLabels: { 'node.kubernetes.io/instance-type': 'g6.4xlarge' } },
      { name: 'nvidia-l4-4gpu', nodeLabels: { 'node.kubernetes.io/instance-type': 'g6.12xlarge' } },
    ],
    stopPolicy: 'None',
    pendingWorkloads: 0,
    admittedWorkloads: 4,
    conditions: [buildCondition('Active', 'True', 'Ready', 'Can submit new workloads to localQueue')],
    ...overrides,
  };
}

export function buildEvent(name: string, at: string | null, overrides: Partial<KubeEvent> = {}): KubeEvent {
  return {
    meta: buildMeta({ name }),
    type: 'Normal',
    reason: 'Scheduled',
    message: 'Successfully assigned',
    object: { kind: 'Pod', name: 'pod-a', namespace, uid: null },
    at,
    count: 1,
    ...overrides,
  };
}

/** A Deployment of the serving controllers. */
export function buildController(name: string, overrides: Partial<Deployment> = {}): Deployment {
  return {
    meta: buildMeta({ name, namespace: 'redhat-ods-applications', createdAt: '2025-12-15T10:00:00Z' }),
    replicas: 1,
    readyReplicas: 1,
    updatedReplicas: 1,
    conditions: [buildCondition('Available', 'True', 'MinimumReplicasAvailable')],
    ...overrides,
  };
}

/** A pod of the serving controllers, started after the APIs they must see. */
export function buildControllerPod(controller: string, startedAt = '2025-12-28T09:40:00Z'): KubePod {
  const meta = buildMeta({
    name: `${controller}-df8zx`,
    namespace: 'redhat-ods-applications',
    createdAt: startedAt,
    labels: { 'control-plane': controller },
  });
  return buildPod(meta, 'ip-10-0-9-75.us-east-2.compute.internal', {
    containers: [buildContainer({ name: 'manager', gpus: {}, command: [], args: [] })],
    startedAt,
  });
}

/** The policy odh-model-controller makes for the Gateway, as it looks while every route is anonymous. */
export function buildGatewayPolicy(overrides: Partial<AuthPolicy> = {}): AuthPolicy {
  return {
    meta: buildMeta({ name: 'openshift-ai-inference-authn', namespace: 'openshift-ingress' }),
    target: { kind: 'Gateway', name: 'openshift-ai-inference' },
    observedGeneration: 1,
    conditions: [
      buildCondition('Accepted', 'True', 'Accepted'),
      buildCondition(
        'Enforced',
        'False',
        'Overridden',
        'AuthPolicy is overridden by [private-ai/mistral-3-distributed-kserve-route-authn]',
      ),
    ],
    ...overrides,
  };
}
