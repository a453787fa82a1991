/** The engine side of a service: certificate, Deployments or LeaderWorkerSets, and the Service in front (facts: kubernetes-objects §3.6). */
import { shiftTimes } from '../shift-times.ts';
import type { Container, PodSpec } from '../workload-types.ts';
import {
  appLabels,
  type Child,
  type LlmInferenceService,
  type LlmServiceSpec,
  ownerReference,
  WORKER_SETS,
  type Workload,
} from './types.ts';

/** Pod fields that the API server fills in where nobody sets them. */
const POD_DEFAULTS = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
};

const TEN_YEARS_SECONDS = 315_360_000;

/** An `oci://` model lies in an image: a sidecar keeps it mounted, an init container waits for it. */
function withModel(spec: PodSpec, uri: string): PodSpec {
  const common = {
    imagePullPolicy: 'IfNotPresent',
    resources: { limits: { cpu: '10m', memory: '15Mi' }, requests: { cpu: '10m', memory: '15Mi' } },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
  const mount = { name: 'kserve-provision-location', mountPath: '/mnt' };
  const isMain = ({ name }: Container): boolean => name === 'main';
  const volumes = [...(spec.volumes ?? []), { name: 'kserve-provision-location', emptyDir: {} }];
  const engines = spec.containers.map((container) =>
    isMain(container)
      ? { ...container, volumeMounts: [...((container.volumeMounts as unknown[]) ?? []), mount] }
      : container,
  );
  if (!uri.startsWith('oci://')) {
    const fetcher = {
      ...common,
      name: 'storage-initializer',
      image: 'registry.redhat.io/rhoai/odh-kserve-storage-initializer-rhel9:v3.0',
      args: [uri, '/mnt/models'],
      volumeMounts: [mount],
    };
    return {
      ...spec,
      containers: engines,
      initContainers: [fetcher, ...(spec.initContainers ?? [])],
      volumes,
    };
  }
  const image = uri.slice('oci://'.length);
  return {
    ...spec,
    containers: [
      ...engines.map((container) =>
        isMain(container)
          ? { ...container, env: [...(container.env ?? []), { name: 'MODEL_INIT_MODE', value: 'async' }] }
          : container,
      ),
      {
        ...common,
        name: 'modelcar',
        image,
        args: ['sh', '-c', 'ln -sf /proc/$$$$/root/models /mnt/models && sleep infinity'],
        volumeMounts: [mount],
      },
    ],
    initContainers: [
      {
        ...common,
        name: 'modelcar-init',
        image,
        args: ['sh', '-c', '[ -d /models ] && [ "$$(ls -A /models)" ] || exit 1'],
      },
      ...(spec.initContainers ?? []),
    ],
    shareProcessNamespace: true,
    volumes,
  };
}

function kueueLabels({ metadata }: LlmInferenceService): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata.labels ?? {}).filter(([name]) => name.startsWith('kueue.x-k8s.io/')),
  );
}

function childMetadata(
  service: LlmInferenceService,
  name: string,
  labels: Record<string, string>,
): Child['metadata'] {
  return {
    name,
    namespace: service.metadata.namespace ?? '',
    labels,
    ownerReferences: [ownerReference(service)],
  };
}

interface Side {
  suffix: '' | '-prefill';
  role: string;
  workload: Workload;
}

function deployment(service: LlmInferenceService, uri: string, { suffix, role, workload }: Side): Child {
  const labels = {
    ...appLabels(service, `llminferenceservice-workload${suffix}`),
    'kserve.io/component': 'workload',
    ...kueueLabels(service),
    'llm-d.ai/role': role,
  };
  return {
    kind: 'deployments.apps',
    announced: 'v1.Deployment',
    metadata: {
      ...childMetadata(service, `${service.metadata.name}-kserve${suffix}`, labels),
      generation: 1,
    },
    fields: {
      spec: {
        progressDeadlineSeconds: 600,
        replicas: workload.replicas ?? 1,
        revisionHistoryLimit: 10,
        selector: { matchLabels: labels },
        strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' }, type: 'RollingUpdate' },
        template: {
          metadata: { creationTimestamp: null, labels },
          spec: withModel({ ...POD_DEFAULTS, ...(workload.template ?? { containers: [] }) }, uri),
        },
      },
    },
  };
}

function leaderWorkerSet(service: LlmInferenceService, uri: string, { suffix, role, workload }: Side): Child {
  const { data = 1, dataLocal = 1, pipeline } = workload.parallelism ?? {};
  const component = (part: 'leader' | 'worker'): Record<string, string> =>
    appLabels(service, `llminferenceservice-workload-${part}${suffix}`);
  const queue = kueueLabels(service);
  return {
    kind: WORKER_SETS,
    announced: 'v1.LeaderWorkerSet',
    metadata: {
      ...childMetadata(service, `${service.metadata.name}-kserve-mn${suffix}`, {
        ...component('worker'),
        ...queue,
      }),
      generation: 1,
    },
    fields: {
      spec: {
        replicas: workload.replicas ?? 1,
        leaderWorkerTemplate: {
          leaderTemplate: {
            metadata: {
              labels: {
                ...component('leader'),
                'kserve.io/component': 'workload',
                'llm-d.ai/role': role,
                ...queue,
              },
            },
            spec: withModel(workload.template ?? { containers: [] }, uri),
          },
          restartPolicy: 'RecreateGroupOnPodRestart',
          size: pipeline ?? data / dataLocal,
          workerTemplate: {
            metadata: { labels: { ...component('worker'), ...queue } },
            spec: withModel(workload.worker ?? { containers: [] }, uri),
          },
        },
        networkConfig: { subdomainPolicy: 'Shared' },
        rolloutStrategy: {
          rollingUpdateConfiguration: { maxSurge: 0, maxUnavailable: 1, partition: 0 },
          type: 'RollingUpdate',
        },
        startupPolicy: 'LeaderCreated',
      },
    },
  };
}

export function certificate(service: LlmInferenceService, now: string): Child {
  const expiration = shiftTimes(now, TEN_YEARS_SECONDS);
  const labels = appLabels(service, 'llminferenceservice-workload');
  return {
    kind: 'secrets',
    announced: 'v1.Secret',
    metadata: {
      ...childMetadata(service, `${service.metadata.name}-kserve-self-signed-certs`, labels),
      annotations: { 'certificates.kserve.io/expiration': expiration },
    },
    fields: { type: 'kubernetes.io/tls' },
  };
}

/** The account of a LeaderWorkerSet's pods, which carries its name. */
export function groupAccount(service: LlmInferenceService, { metadata }: Child): Child {
  return {
    kind: 'serviceaccounts',
    announced: 'v1.ServiceAccount',
    metadata: childMetadata(service, metadata.name, appLabels(service, 'llminferenceservice-workload')),
    fields: {},
  };
}

/** Both sides of a service, multi-node ones first, as the controller goes through them. */
export function engines(service: LlmInferenceService, combined: LlmServiceSpec): Child[] {
  const sides: Side[] = [
    { suffix: '', role: combined.prefill === undefined ? 'both' : 'decode', workload: combined },
    ...(combined.prefill === undefined
      ? []
      : [{ suffix: '-prefill', role: 'prefill', workload: combined.prefill } satisfies Side]),
  ];
  const { uri } = combined.model;
  const isMultiNode = ({ workload }: Side): boolean => workload.worker !== undefined;
  return [
    ...sides.filter(isMultiNode).map((side) => leaderWorkerSet(service, uri, side)),
    ...sides.filter((side) => !isMultiNode(side)).map((side) => deployment(service, uri, side)),
  ];
}

export function workloadService(service: LlmInferenceService): Child {
  return {
    kind: 'services',
    announced: 'v1.Service',
    metadata: childMetadata(
      service,
      `${service.metadata.name}-kserve-workload-svc`,
      appLabels(service, 'llminferenceservice-workload'),
    ),
    fields: {
      spec: {
        internalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: [{ appProtocol: 'https', name: 'https', port: 8000, protocol: 'TCP', targetPort: 8000 }],
        selector: {
          'app.kubernetes.io/name': service.metadata.name,
          'app.kubernetes.io/part-of': 'llminferenceservice',
          'kserve.io/component': 'workload',
        },
        sessionAffinity: 'None',
        type: 'ClusterIP',
      },
    },
  };
}
