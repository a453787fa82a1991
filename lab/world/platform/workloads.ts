/** Deployments of the platform, each with its ReplicaSet and pods, already running. */
import { createIdentifiers } from '../../kubernetes-api/identifiers.ts';
import type { KubernetesObject, OwnerReference } from '../../kubernetes-api/object.ts';
import { seedFromText } from '../../random.ts';
import { built, uidOf } from './built.ts';
import { INSTALL_TIMES } from './definitions.ts';

interface DeploymentRow {
  namespace: string;
  name: string;
  labels: Record<string, string>;
  container: string;
  image: string;
  replicas: number;
  startedAt: string;
  nodes: string[];
  requests: { cpu: string; memory: string };
}

const WORKERS = ['10-0-9-75', '10-0-23-160', '10-0-44-12'].map(
  (address) => `ip-${address}.us-east-2.compute.internal`,
);

/** After Connectivity Link arrived the model controllers were restarted, so they are younger than its CRDs. */
const RESTARTED_AT = '2025-12-28T10:04:00Z';

const image = (name: string): string =>
  `registry.redhat.io/rhoai/${name}@sha256:${uidOf(name).replaceAll('-', '').repeat(2)}`;

/** What OLM installed for an operator. */
function operator(namespace: string, name: string, repository: string, startedAt: string): DeploymentRow {
  return {
    namespace,
    name,
    labels: { name, 'olm.managed': 'true' },
    container: 'manager',
    image: `registry.redhat.io/${repository}@sha256:${uidOf(repository).replaceAll('-', '').repeat(2)}`,
    replicas: 1,
    startedAt,
    nodes: [WORKERS[namespace.length % WORKERS.length] ?? ''],
    requests: { cpu: '100m', memory: '128Mi' },
  };
}

const ROWS: DeploymentRow[] = [
  {
    namespace: 'redhat-ods-applications',
    name: 'kserve-controller-manager',
    labels: { 'control-plane': 'kserve-controller-manager', 'app.opendatahub.io/kserve': 'true' },
    container: 'manager',
    image: image('odh-kserve-controller-rhel9'),
    replicas: 1,
    startedAt: RESTARTED_AT,
    nodes: [WORKERS[0] ?? ''],
    requests: { cpu: '100m', memory: '300Mi' },
  },
  {
    namespace: 'redhat-ods-applications',
    name: 'odh-model-controller',
    labels: { app: 'odh-model-controller', 'control-plane': 'odh-model-controller' },
    container: 'manager',
    image: image('odh-model-controller-rhel9'),
    replicas: 1,
    startedAt: RESTARTED_AT,
    nodes: [WORKERS[1] ?? ''],
    requests: { cpu: '10m', memory: '64Mi' },
  },
  {
    namespace: 'openshift-lws-operator',
    name: 'lws-controller-manager',
    labels: { 'control-plane': 'controller-manager', 'app.kubernetes.io/name': 'lws' },
    container: 'manager',
    image: 'registry.redhat.io/leader-worker-set/lws-rhel9:v1.0.0',
    replicas: 2,
    startedAt: '2025-12-15T09:42:10Z',
    nodes: [WORKERS[0] ?? '', WORKERS[2] ?? ''],
    requests: { cpu: '500m', memory: '512Mi' },
  },
  {
    namespace: 'openshift-kueue-operator',
    name: 'kueue-controller-manager',
    labels: { 'control-plane': 'controller-manager', 'app.kubernetes.io/name': 'kueue' },
    container: 'manager',
    image: 'registry.redhat.io/kueue/kueue-rhel9:v1.2.0',
    replicas: 2,
    startedAt: '2025-12-15T10:38:00Z',
    nodes: [WORKERS[1] ?? '', WORKERS[2] ?? ''],
    requests: { cpu: '500m', memory: '512Mi' },
  },
  {
    namespace: 'openshift-ingress',
    name: 'openshift-ai-inference-openshift-default',
    labels: {
      'gateway.networking.k8s.io/gateway-name': 'openshift-ai-inference',
      'gateway.networking.k8s.io/gateway-class-name': 'openshift-default',
    },
    container: 'istio-proxy',
    image: 'registry.redhat.io/openshift-service-mesh/istio-proxyv2-rhel9:3.1.0',
    replicas: 1,
    startedAt: '2025-12-28T09:42:20Z',
    nodes: [WORKERS[2] ?? ''],
    requests: { cpu: '100m', memory: '128Mi' },
  },
  {
    namespace: 'openshift-ingress',
    name: 'router-default',
    labels: { 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller': 'default' },
    container: 'router',
    image: 'quay.io/openshift-release-dev/ocp-v4.0-art-dev:4.20.6-haproxy-router',
    replicas: 2,
    startedAt: '2025-12-15T08:40:00Z',
    nodes: [WORKERS[0] ?? '', WORKERS[1] ?? ''],
    requests: { cpu: '100m', memory: '256Mi' },
  },
  ...[
    operator(
      'redhat-ods-operator',
      'rhods-operator',
      'rhoai/odh-rhel9-operator',
      INSTALL_TIMES['openshift-ai'],
    ),
    operator(
      'openshift-lws-operator',
      'openshift-lws-operator',
      'leader-worker-set/lws-rhel9-operator',
      INSTALL_TIMES['leader-worker-set-operator'],
    ),
    operator(
      'openshift-kueue-operator',
      'openshift-kueue-operator',
      'kueue/kueue-rhel9-operator',
      INSTALL_TIMES.kueue,
    ),
    operator(
      'cert-manager-operator',
      'cert-manager-operator-controller-manager',
      'cert-manager/cert-manager-operator-rhel9',
      INSTALL_TIMES['cert-manager'],
    ),
    operator('nvidia-gpu-operator', 'gpu-operator', 'nvidia/gpu-operator', INSTALL_TIMES['gpu-operator']),
    operator(
      'kuadrant-system',
      'kuadrant-operator-controller-manager',
      'rhcl-1/rhcl-rhel9-operator',
      INSTALL_TIMES['connectivity-link'],
    ),
  ],
  {
    namespace: 'kuadrant-system',
    name: 'authorino',
    labels: { 'authorino-resource': 'authorino', 'control-plane': 'controller-manager' },
    container: 'authorino',
    image: 'registry.redhat.io/rhcl-1/authorino-rhel9:1.2.1',
    replicas: 1,
    startedAt: '2025-12-28T09:51:20Z',
    nodes: [WORKERS[1] ?? ''],
    requests: { cpu: '10m', memory: '32Mi' },
  },
  {
    namespace: 'kuadrant-system',
    name: 'limitador-limitador',
    labels: { app: 'limitador', 'limitador-resource': 'limitador' },
    container: 'limitador',
    image: 'registry.redhat.io/rhcl-1/limitador-rhel9:1.2.1',
    replicas: 1,
    startedAt: '2025-12-28T09:51:24Z',
    nodes: [WORKERS[2] ?? ''],
    requests: { cpu: '250m', memory: '32Mi' },
  },
];

function objectsOf(row: DeploymentRow, rowIndex: number): KubernetesObject[] {
  const { namespace, name, labels, replicas, startedAt } = row;
  const generated = createIdentifiers(seedFromText(name));
  const hash = generated.suffix(10);
  const setName = `${name}-${hash}`;
  const podLabels = { ...labels, 'pod-template-hash': hash };
  const podSpec = {
    containers: [{ name: row.container, image: row.image, resources: { requests: row.requests } }],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    serviceAccountName: name,
    schedulerName: 'default-scheduler',
  };
  const isTrue = (type: string): Record<string, unknown> => ({
    type,
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: startedAt,
  });
  const deployment = built(
    'apps/v1',
    'Deployment',
    {
      namespace,
      name,
      labels,
      creationTimestamp: startedAt < RESTARTED_AT ? startedAt : '2025-12-15T10:52:00Z',
      generation: 1,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
    },
    {
      spec: {
        replicas,
        selector: { matchLabels: labels },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: { metadata: { creationTimestamp: null, labels }, spec: podSpec },
        progressDeadlineSeconds: 600,
        revisionHistoryLimit: 10,
      },
      status: {
        observedGeneration: 1,
        replicas,
        updatedReplicas: replicas,
        readyReplicas: replicas,
        availableReplicas: replicas,
        conditions: [
          {
            type: 'Available',
            status: 'True',
            reason: 'MinimumReplicasAvailable',
            message: 'Deployment has minimum availability.',
            lastTransitionTime: startedAt,
            lastUpdateTime: startedAt,
          },
          {
            type: 'Progressing',
            status: 'True',
            reason: 'NewReplicaSetAvailable',
            message: `ReplicaSet "${setName}" has successfully progressed.`,
            lastTransitionTime: startedAt,
            lastUpdateTime: startedAt,
          },
        ],
      },
    },
  );
  const ownedBy = (owner: KubernetesObject): OwnerReference => ({
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  });
  const replicaSet = built(
    'apps/v1',
    'ReplicaSet',
    {
      namespace,
      name: setName,
      labels: podLabels,
      creationTimestamp: startedAt,
      generation: 1,
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(replicas),
        'deployment.kubernetes.io/revision': '1',
      },
    },
    {
      spec: {
        replicas,
        selector: { matchLabels: podLabels },
        template: { metadata: { creationTimestamp: null, labels: podLabels }, spec: podSpec },
      },
      status: {
        observedGeneration: 1,
        replicas,
        fullyLabeledReplicas: replicas,
        readyReplicas: replicas,
        availableReplicas: replicas,
      },
    },
  );
  replicaSet.metadata.ownerReferences = [ownedBy(deployment)];
  const pods = Array.from({ length: replicas }, (_, index) => {
    const suffix = generated.suffix();
    const podName = `${setName}-${suffix}`;
    const node = row.nodes[index] ?? WORKERS[0] ?? '';
    const podIp = `10.${130 + rowIndex}.0.${10 + index}`;
    const hostIp = node.slice(3).split('.')[0]?.replaceAll('-', '.') ?? '';
    const pod = built(
      'v1',
      'Pod',
      {
        namespace,
        name: podName,
        generateName: `${setName}-`,
        labels: podLabels,
        creationTimestamp: startedAt,
      },
      {
        spec: {
          ...podSpec,
          nodeName: node,
          tolerations: [
            {
              key: 'node.kubernetes.io/not-ready',
              operator: 'Exists',
              effect: 'NoExecute',
              tolerationSeconds: 300,
            },
            {
              key: 'node.kubernetes.io/unreachable',
              operator: 'Exists',
              effect: 'NoExecute',
              tolerationSeconds: 300,
            },
          ],
        },
        status: {
          phase: 'Running',
          startTime: startedAt,
          hostIP: hostIp,
          hostIPs: [{ ip: hostIp }],
          podIP: podIp,
          podIPs: [{ ip: podIp }],
          qosClass: 'Burstable',
          conditions: [
            'PodReadyToStartContainers',
            'Initialized',
            'Ready',
            'ContainersReady',
            'PodScheduled',
          ].map(isTrue),
          containerStatuses: [
            {
              name: row.container,
              image: row.image,
              imageID: row.image,
              containerID: `cri-o://${uidOf('container', podName).replaceAll('-', '').repeat(2)}`,
              ready: true,
              started: true,
              restartCount: 0,
              lastState: {},
              state: { running: { startedAt } },
            },
          ],
        },
      },
    );
    pod.metadata.ownerReferences = [ownedBy(replicaSet)];
    return pod;
  });
  return [deployment, replicaSet, ...pods];
}

export function platformWorkloads(): KubernetesObject[] {
  return ROWS.flatMap(objectsOf);
}
