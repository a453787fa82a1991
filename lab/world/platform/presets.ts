/** The eight LLMInferenceServiceConfigs that OpenShift AI 3.0 brings (facts: kubernetes-objects §3.2, §3.7). */
import type { KubernetesObject } from '../../kubernetes-api/object.ts';
import { built } from './built.ts';

const ENGINE_IMAGE =
  'registry.redhat.io/rhaiis/vllm-cuda-rhel9@sha256:ad756c01ec99a99cc7d93401c41b8d92ca96fb1ab7c5262919d818f2be4f3768';
const SCHEDULER_IMAGE =
  'registry.redhat.io/rhoai/odh-llm-d-inference-scheduler-rhel9@sha256:7ef81a47ed7be182dcd24152ffebde84b67dd0f72c842a0ed4f856358d72dcd7';
const SIDECAR_IMAGE =
  'registry.redhat.io/rhoai/odh-llm-d-routing-sidecar-rhel9@sha256:5b1d2a3e6f0c4d8e9a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f';

const CERTIFICATE = '/var/run/kserve/tls';
const TLS_FLAGS = `--enable-ssl-refresh --ssl-certfile ${CERTIFICATE}/tls.crt --ssl-keyfile ${CERTIFICATE}/tls.key`;
const PARALLEL_FLAGS = `--data-parallel-size {{ .Spec.Parallelism.Data }} --data-parallel-size-local {{ .Spec.Parallelism.DataLocal }} --data-parallel-address \${DP_ADDRESS} --data-parallel-rpc-port {{ .Spec.Parallelism.DataRPCPort }} --data-parallel-start-rank $START_RANK --trust-remote-code`;
const MODEL = '{{ .Spec.Model.Name }}';

const volumes = (sharedMemory: string): unknown[] => [
  { name: 'home', emptyDir: {} },
  { name: 'dshm', emptyDir: { medium: 'Memory', sizeLimit: sharedMemory } },
  { name: 'model-cache', emptyDir: {} },
  {
    name: 'tls-certs',
    secret: { defaultMode: 420, secretName: '{{ .ObjectMeta.Name }}-kserve-self-signed-certs' },
  },
];

/** What an engine's probe asks for. */
interface ProbeTimes {
  initialDelaySeconds: number;
  periodSeconds: number;
  failureThreshold: number;
  timeoutSeconds: number;
}

interface EngineRow {
  args: string;
  port: number;
  liveness: ProbeTimes | null;
  readiness: ProbeTimes | null;
  capabilities: Record<string, string[]>;
}

function engineContainer({ args, port, liveness, readiness, capabilities }: EngineRow): unknown {
  const probe = (times: ProbeTimes): unknown => ({
    httpGet: { path: '/health', port, scheme: 'HTTPS' },
    successThreshold: 1,
    ...times,
  });
  return {
    name: 'main',
    image: ENGINE_IMAGE,
    imagePullPolicy: 'IfNotPresent',
    command: ['/bin/bash', '-c'],
    args: [args],
    env: [
      { name: 'HOME', value: '/home' },
      { name: 'VLLM_LOGGING_LEVEL', value: 'INFO' },
      { name: 'HF_HUB_CACHE', value: '/models' },
    ],
    ports: [{ containerPort: port, protocol: 'TCP' }],
    ...(liveness === null ? {} : { livenessProbe: probe(liveness) }),
    ...(readiness === null ? {} : { readinessProbe: probe(readiness) }),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities,
      readOnlyRootFilesystem: false,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { name: 'home', mountPath: '/home' },
      { name: 'dshm', mountPath: '/dev/shm' },
      { name: 'model-cache', mountPath: '/models' },
      { name: 'tls-certs', mountPath: CERTIFICATE, readOnly: true },
    ],
  };
}

/** One pod that serves alone; behind the routing sidecar it listens on 8001. */
function singleNode(port: number): Record<string, unknown> {
  return {
    containers: [
      engineContainer({
        args: `eval "vllm serve /mnt/models --served-model-name \\"${MODEL}\\" --port ${port} --disable-log-requests \${VLLM_ADDITIONAL_ARGS} ${TLS_FLAGS}"`,
        port,
        liveness: { initialDelaySeconds: 120, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 10 },
        readiness: { initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 60, timeoutSeconds: 5 },
        capabilities: { drop: ['ALL'] },
      }),
    ],
    terminationGracePeriodSeconds: 30,
    volumes: volumes('1Gi'),
  };
}

const MULTI_NODE_CAPABILITIES = { add: ['IPC_LOCK', 'SYS_RAWIO', 'NET_RAW'], drop: ['ALL'] };
const MULTI_NODE = {
  serviceAccountName: '{{ .ObjectMeta.Name }}-kserve-mn',
  terminationGracePeriodSeconds: 30,
  volumes: volumes('8Gi'),
};

function leader(port: number): Record<string, unknown> {
  return {
    containers: [
      engineContainer({
        args: `START_RANK=0; eval "vllm serve /mnt/models --served-model-name \\"${MODEL}\\" --port ${port} --api-server-count \${VLLM_API_SERVER_COUNT:-8} ${PARALLEL_FLAGS} --disable-log-requests \${VLLM_ADDITIONAL_ARGS} ${TLS_FLAGS}"`,
        port,
        liveness: { initialDelaySeconds: 300, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 10 },
        readiness: { initialDelaySeconds: 200, periodSeconds: 30, failureThreshold: 60, timeoutSeconds: 5 },
        capabilities: MULTI_NODE_CAPABILITIES,
      }),
    ],
    ...MULTI_NODE,
  };
}

function worker(port: number): Record<string, unknown> {
  return {
    containers: [
      engineContainer({
        args: `START_RANK=$(( \${LWS_WORKER_INDEX:-0} * {{ .Spec.Parallelism.DataLocal }} )); eval "vllm serve /mnt/models --served-model-name \\"${MODEL}\\" --port ${port} ${PARALLEL_FLAGS} --headless --disable-log-requests \${VLLM_ADDITIONAL_ARGS} ${TLS_FLAGS}"`,
        port,
        liveness: null,
        readiness: null,
        capabilities: MULTI_NODE_CAPABILITIES,
      }),
    ],
    ...MULTI_NODE,
  };
}

/** Stands in front of a decode engine and fetches the prompt's blocks from a prefill engine. */
const routingSidecar = {
  initContainers: [
    {
      name: 'llm-d-routing-sidecar',
      image: SIDECAR_IMAGE,
      imagePullPolicy: 'IfNotPresent',
      restartPolicy: 'Always',
      args: [
        '--port=8000',
        '--vllm-port=8001',
        '--connector=nixlv2',
        '--secure-proxy=true',
        `--cert-path=${CERTIFICATE}`,
        '--decoder-use-tls=true',
        '--prefiller-use-tls=true',
      ],
      ports: [{ containerPort: 8000, protocol: 'TCP' }],
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'FallbackToLogsOnError',
      volumeMounts: [{ name: 'tls-certs', mountPath: CERTIFICATE, readOnly: true }],
    },
  ],
};

const schedulerProbe = (initialDelaySeconds: number): unknown => ({
  grpc: { port: 9003, service: 'envoy.service.ext_proc.v3.ExternalProcessor' },
  initialDelaySeconds,
  periodSeconds: 10,
  failureThreshold: 3,
  successThreshold: 1,
  timeoutSeconds: 1,
});

const PICKER_CONFIGURATION = `apiVersion: inference.networking.x-k8s.io/v1alpha1
kind: EndpointPickerConfig
plugins:
- type: single-profile-handler
- type: prefix-cache-scorer
- type: load-aware-scorer
- type: max-score-picker
schedulingProfiles:
- name: default
  plugins:
  - pluginRef: prefix-cache-scorer
    weight: 2.0
  - pluginRef: load-aware-scorer
    weight: 1.0
  - pluginRef: max-score-picker
`;

const schedulerTemplate = {
  containers: [
    {
      name: 'main',
      image: SCHEDULER_IMAGE,
      imagePullPolicy: 'IfNotPresent',
      args: [
        '--pool-name',
        '{{ .ObjectMeta.Name }}-inference-pool',
        '--pool-namespace',
        '{{ .ObjectMeta.Namespace }}',
        '--pool-group',
        'inference.networking.x-k8s.io',
        '--zap-encoder',
        'json',
        '--grpc-port',
        '9002',
        '--grpc-health-port',
        '9003',
        '--secure-serving',
        '--model-server-metrics-scheme',
        'https',
        '--model-server-metrics-https-insecure-skip-verify',
        '--cert-path',
        CERTIFICATE,
        '--config-text',
        PICKER_CONFIGURATION,
      ],
      ports: [
        { name: 'grpc', containerPort: 9002, protocol: 'TCP' },
        { name: 'grpc-health', containerPort: 9003, protocol: 'TCP' },
        { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
      ],
      livenessProbe: schedulerProbe(5),
      readinessProbe: schedulerProbe(30),
      resources: { requests: { cpu: '256m', memory: '500Mi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'FallbackToLogsOnError',
      volumeMounts: [{ name: 'tls-certs', mountPath: CERTIFICATE, readOnly: true }],
    },
  ],
  serviceAccountName: '{{ .ObjectMeta.Name }}-epp-sa',
  terminationGracePeriodSeconds: 30,
  volumes: [volumes('1Gi')[3]],
};

/** Name, uid and what the preset gives. */
const ROWS: [name: string, uid: string, spec: Record<string, unknown>][] = [
  [
    'decode-template',
    '5c55b640-59c8-5093-b79e-0ebc824926b3',
    { template: { ...singleNode(8001), ...routingSidecar } },
  ],
  [
    'decode-worker-data-parallel',
    '45041700-6eb9-51b5-928a-af58f2f3cded',
    { template: { ...leader(8001), ...routingSidecar }, worker: worker(8001) },
  ],
  ['prefill-template', '58f5fe5f-7b2e-54d5-b1cb-c6a4297c03d7', { prefill: { template: singleNode(8000) } }],
  [
    'prefill-worker-data-parallel',
    'b09e78dd-e4ad-590c-83fc-f6b601de97f5',
    { prefill: { template: leader(8000), worker: worker(8000) } },
  ],
  ['router-route', 'b1dd8a03-c939-5fca-9293-565c3604dfd6', { router: { route: {} } }],
  [
    'scheduler',
    'bc6ee9e2-7f0d-5fd2-837f-69316bbfaf44',
    { router: { scheduler: { template: schedulerTemplate } } },
  ],
  ['template', '445df737-2ed8-5ef3-a54b-496576797afd', { template: singleNode(8000) }],
  [
    'worker-data-parallel',
    '0d2d6f0f-077d-510d-923c-17509be73792',
    { template: leader(8000), worker: worker(8000) },
  ],
];

/** The component object that owns them. */
export const KSERVE_UID = 'bcc2260e-9f74-5235-92c5-9306e678fca8';

export function presets(): KubernetesObject[] {
  return ROWS.map(([name, uid, spec]) =>
    built(
      'serving.kserve.io/v1alpha1',
      'LLMInferenceServiceConfig',
      {
        name: `kserve-config-llm-${name}`,
        namespace: 'redhat-ods-applications',
        creationTimestamp: '2025-12-15T10:55:00Z',
        generation: 1,
        uid,
        labels: { 'app.opendatahub.io/kserve': 'true', 'platform.opendatahub.io/part-of': 'kserve' },
        ownerReferences: [
          {
            apiVersion: 'components.platform.opendatahub.io/v1alpha1',
            blockOwnerDeletion: true,
            controller: true,
            kind: 'Kserve',
            name: 'default-kserve',
            uid: KSERVE_UID,
          },
        ],
      },
      { spec },
    ),
  );
}
