/** What the API server's admission adds to a pod before anybody sees it: defaults, security context, webhooks. */
import type { ObjectMeta } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { MANAGED_FINALIZER, queueOf } from './kueue-labels.ts';
import type { Container, PodSpec, Toleration } from './workload-types.ts';

export interface NewPod {
  metadata: ObjectMeta;
  spec: PodSpec;
}

const DEFAULT_TOLERATIONS: Toleration[] = [
  { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
  { effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists', tolerationSeconds: 300 },
  { effect: 'NoSchedule', key: 'node.kubernetes.io/memory-pressure', operator: 'Exists' },
];

const MODEL_SOURCE_ANNOTATION = 'internal.serving.kserve.io/storage-initializer-sourceuri';

/** KServe's pod webhook: an `oci://` model is mounted by a sidecar that keeps its image, and an init container that pulls it. */
function addModelcar(spec: PodSpec, annotations: Record<string, string> | undefined): void {
  const source = annotations?.[MODEL_SOURCE_ANNOTATION];
  if (source?.startsWith('oci://') !== true || spec.containers.some(({ name }) => name === 'modelcar'))
    return;
  const image = source.slice('oci://'.length);
  const resources = { limits: { cpu: '10m', memory: '15Mi' }, requests: { cpu: '10m', memory: '15Mi' } };
  const common = {
    image,
    imagePullPolicy: 'IfNotPresent',
    resources,
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
  const mount = { mountPath: '/mnt', name: 'kserve-provision-location' };
  const [engine] = spec.containers;
  if (engine !== undefined) {
    engine.env = [...(engine.env ?? []), { name: 'MODEL_INIT_MODE', value: 'async' }];
    engine.volumeMounts = [...((engine.volumeMounts as unknown[] | undefined) ?? []), mount];
  }
  spec.containers.push({
    ...common,
    name: 'modelcar',
    args: ['sh', '-c', 'ln -sf /proc/$$$$/root/models /mnt/models && sleep infinity'],
    volumeMounts: [mount],
  });
  spec.initContainers = [
    ...(spec.initContainers ?? []),
    {
      ...common,
      name: 'modelcar-init',
      args: ['sh', '-c', '[ -d /models ] && [ "$$(ls -A /models)" ] || exit 1'],
    },
  ];
  spec.shareProcessNamespace = true;
  spec.volumes = [...(spec.volumes ?? []), { name: 'kserve-provision-location', emptyDir: {} }];
}

/** The `restricted-v2` security context constraint of the namespace's user range. */
function addSecurityContext(spec: PodSpec, uid: number, level: string): void {
  const restrict = (container: Container): void => {
    container.securityContext = {
      ...(container.securityContext as object | undefined),
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      runAsUser: uid,
    };
  };
  spec.containers.forEach(restrict);
  spec.initContainers?.forEach(restrict);
  spec.securityContext = {
    fsGroup: uid,
    seLinuxOptions: { level },
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

function addServiceAccount(spec: PodSpec, suffix: string): void {
  const account = spec.serviceAccountName ?? 'default';
  spec.serviceAccountName = account;
  spec.serviceAccount = account;
  spec.imagePullSecrets = [{ name: `${account}-dockercfg-${suffix}` }];
  if (spec.automountServiceAccountToken === false) return;
  const volume = `kube-api-access-${suffix}`;
  const mount = { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: volume, readOnly: true };
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    container.volumeMounts = [...((container.volumeMounts as unknown[] | undefined) ?? []), mount];
  }
  spec.volumes = [
    ...(spec.volumes ?? []),
    {
      name: volume,
      projected: {
        defaultMode: 420,
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
          {
            configMap: {
              name: 'openshift-service-ca.crt',
              items: [{ key: 'service-ca.crt', path: 'service-ca.crt' }],
            },
          },
        ],
      },
    },
  ];
}

export function admitPod(cluster: ClusterAccess, pod: NewPod): NewPod {
  const { metadata, spec } = pod;
  addModelcar(spec, metadata.annotations);
  addServiceAccount(spec, cluster.identifiers.suffix());
  const namespace = cluster.get('namespaces', undefined, metadata.namespace ?? '');
  const range = namespace?.metadata.annotations?.['openshift.io/sa.scc.uid-range'];
  if (range !== undefined) {
    const level = namespace?.metadata.annotations?.['openshift.io/sa.scc.mcs'] ?? 's0';
    addSecurityContext(spec, Number.parseInt(range, 10), level);
    metadata.annotations = {
      ...metadata.annotations,
      'openshift.io/scc': 'restricted-v2',
      'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default',
      'security.openshift.io/validated-scc-subject-type': 'user',
    };
  }
  spec.enableServiceLinks = true;
  spec.preemptionPolicy = 'PreemptLowerPriority';
  spec.priority = 0;
  const tolerated = new Set((spec.tolerations ?? []).map(({ key }) => key));
  spec.tolerations = [
    ...(spec.tolerations ?? []),
    ...DEFAULT_TOLERATIONS.filter(({ key }) => !tolerated.has(key)),
  ];
  const queue = queueOf(cluster, metadata);
  if (queue !== undefined) {
    metadata.labels = {
      ...metadata.labels,
      'kueue.x-k8s.io/managed': 'true',
      'kueue.x-k8s.io/queue-name': queue,
    };
    metadata.annotations = {
      ...metadata.annotations,
      'kueue.x-k8s.io/role-hash': cluster.identifiers.hex(8),
    };
    metadata.finalizers = [...(metadata.finalizers ?? []), MANAGED_FINALIZER];
    spec.schedulingGates = [{ name: 'kueue.x-k8s.io/admission' }, { name: 'kueue.x-k8s.io/topology' }];
  }
  return pod;
}
