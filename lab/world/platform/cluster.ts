/** Namespaces, configuration and operands that the gates ask for and the fixtures lack. */
import type { KubernetesObject } from '../../kubernetes-api/object.ts';
import { built, condition, INSTALLED_AT, PLATFORM_AT } from './built.ts';
import { KSERVE_UID } from './presets.ts';

const NAMESPACES = [
  'cert-manager',
  'cert-manager-operator',
  'default',
  'kuadrant-system',
  'kube-node-lease',
  'kube-system',
  'minio-storage',
  'nvidia-gpu-operator',
  'openshift-console',
  'openshift-gitops',
  'openshift-gitops-operator',
  'openshift-ingress',
  'openshift-kueue-operator',
  'openshift-lws-operator',
  'openshift-monitoring',
  'openshift-nfd',
  'openshift-operators',
  'openshift-user-workload-monitoring',
  'redhat-ods-applications',
  'redhat-ods-monitoring',
  'redhat-ods-operator',
];

/** Scraped by the platform's own Prometheus (metrics §4). */
const MONITORED = new Set(['nvidia-gpu-operator', 'openshift-monitoring']);

function namespace(name: string): KubernetesObject {
  const monitoring = MONITORED.has(name) ? { 'openshift.io/cluster-monitoring': 'true' } : {};
  const labels = { 'kubernetes.io/metadata.name': name, ...monitoring };
  return built(
    'v1',
    'Namespace',
    { name, creationTimestamp: INSTALLED_AT, labels },
    { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
  );
}

function clusterOperator(name: string): KubernetesObject {
  return built(
    'config.openshift.io/v1',
    'ClusterOperator',
    { name, creationTimestamp: INSTALLED_AT, generation: 1 },
    {
      spec: {},
      status: {
        conditions: [
          condition('Available', 'True', 'AsExpected', 'All is well', '2025-12-15T08:49:03Z'),
          condition('Progressing', 'False', 'AsExpected', '', '2025-12-15T08:49:03Z'),
          condition('Degraded', 'False', 'AsExpected', '', '2025-12-15T08:49:03Z'),
          condition('Upgradeable', 'True', 'AsExpected', '', '2025-12-15T08:49:03Z'),
        ],
        versions: [{ name: 'operator', version: '4.20.6' }],
      },
    },
  );
}

/** A screen of the platform behind the router; nothing answers there in the lab. */
function screenRoute(namespace: string, name: string, host: string, termination: string): KubernetesObject {
  return built(
    'route.openshift.io/v1',
    'Route',
    { namespace, name, creationTimestamp: PLATFORM_AT },
    {
      spec: {
        host: `${host}.apps.rhoai-demo.example.com`,
        tls: { insecureEdgeTerminationPolicy: 'Redirect', termination },
        to: { kind: 'Service', name, weight: 100 },
        wildcardPolicy: 'None',
      },
      status: {
        ingress: [
          {
            conditions: [{ lastTransitionTime: PLATFORM_AT, status: 'True', type: 'Admitted' }],
            host: `${host}.apps.rhoai-demo.example.com`,
            routerCanonicalHostname: 'router-default.apps.rhoai-demo.example.com',
            routerName: 'default',
            wildcardPolicy: 'None',
          },
        ],
      },
    },
  );
}

const ready = (...types: string[]): unknown[] => types.map((type) => condition(type, 'True', 'Ready'));

/** Facts: demo-environment §13 (the daily benchmark of step 07). */
function benchmark(): KubernetesObject[] {
  const labels = { app: 'guidellm', 'app.kubernetes.io/part-of': 'llm-serving', 'demo.rhoai.io/step': '07' };
  return [
    built(
      'batch/v1',
      'CronJob',
      {
        namespace: 'private-ai',
        name: 'guidellm-daily',
        labels,
        creationTimestamp: '2025-12-28T11:20:00Z',
        generation: 1,
      },
      {
        spec: {
          schedule: '0 2 * * *',
          concurrencyPolicy: 'Forbid',
          suspend: false,
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 1,
          jobTemplate: {
            metadata: { creationTimestamp: null, labels },
            spec: {
              template: {
                metadata: { creationTimestamp: null, labels },
                spec: {
                  restartPolicy: 'Never',
                  containers: [
                    {
                      name: 'dispatcher',
                      image: 'ghcr.io/vllm-project/guidellm:stable',
                      volumeMounts: [{ name: 'results', mountPath: '/results' }],
                    },
                  ],
                  volumes: [{ name: 'results', persistentVolumeClaim: { claimName: 'guidellm-results' } }],
                },
              },
            },
          },
        },
        status: { lastScheduleTime: '2025-12-29T02:00:00Z', lastSuccessfulTime: '2025-12-29T02:19:41Z' },
      },
    ),
    built(
      'v1',
      'PersistentVolumeClaim',
      {
        namespace: 'private-ai',
        name: 'guidellm-results',
        labels,
        creationTimestamp: '2025-12-28T11:20:00Z',
      },
      {
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '1Gi' } },
          storageClassName: 'gp3-csi',
          volumeName: 'pvc-0d5b0a0e-5f0e-4d7e-9f1c-6d1f2d2d9b11',
        },
        status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
      },
    ),
  ];
}

export function clusterObjects(): KubernetesObject[] {
  return [
    ...NAMESPACES.map(namespace),
    ...[
      'authentication',
      'console',
      'dns',
      'etcd',
      'kube-apiserver',
      'monitoring',
      'network',
      'operator-lifecycle-manager',
    ].map(clusterOperator),
    ...benchmark(),
    built(
      'config.openshift.io/v1',
      'Infrastructure',
      { name: 'cluster', creationTimestamp: INSTALLED_AT, generation: 1 },
      {
        spec: { platformSpec: { type: 'AWS' } },
        status: {
          infrastructureName: 'rhoai-demo-7xk2p',
          platform: 'AWS',
          platformStatus: { type: 'AWS', aws: { region: 'us-east-2' } },
          controlPlaneTopology: 'HighlyAvailable',
        },
      },
    ),
    built(
      'v1',
      'ConfigMap',
      { namespace: 'openshift-monitoring', name: 'cluster-monitoring-config' },
      {
        data: {
          'config.yaml':
            'enableUserWorkload: true\nalertmanagerMain:\n  enableUserAlertmanagerConfig: true\n',
        },
      },
    ),
    built(
      'dscinitialization.opendatahub.io/v2',
      'DSCInitialization',
      { name: 'default-dsci', creationTimestamp: '2025-12-15T10:45:00Z', generation: 1 },
      {
        spec: {
          applicationsNamespace: 'redhat-ods-applications',
          monitoring: { managementState: 'Managed', namespace: 'redhat-ods-monitoring' },
          trustedCABundle: { managementState: 'Managed' },
        },
        status: {
          phase: 'Ready',
          conditions: ready('ReconcileComplete', 'Available'),
          release: { name: 'OpenShift AI Self-Managed', version: '3.0.0' },
        },
      },
    ),
    built(
      'components.platform.opendatahub.io/v1alpha1',
      'Kserve',
      { name: 'default-kserve', uid: KSERVE_UID, creationTimestamp: '2025-12-15T10:50:10Z', generation: 1 },
      {
        spec: { managementState: 'Managed', rawDeploymentServiceConfig: 'Headless' },
        status: {
          phase: 'Ready',
          observedGeneration: 1,
          conditions: ready('Ready', 'ProvisioningSucceeded', 'DeploymentsAvailable'),
        },
      },
    ),
    built(
      'kueue.openshift.io/v1',
      'Kueue',
      { name: 'cluster', creationTimestamp: '2025-12-15T10:37:50Z', generation: 1 },
      {
        spec: {
          managementState: 'Managed',
          config: {
            integrations: {
              frameworks: ['BatchJob', 'RayJob', 'RayCluster', 'PyTorchJob', 'Pod', 'LeaderWorkerSet'],
            },
          },
        },
        status: { conditions: ready('Available'), observedGeneration: 1, readyReplicas: 2 },
      },
    ),
    built(
      'nfd.openshift.io/v1',
      'NodeFeatureDiscovery',
      {
        namespace: 'openshift-nfd',
        name: 'nfd-instance',
        creationTimestamp: '2025-12-15T09:08:00Z',
        generation: 1,
      },
      {
        spec: { operand: { servicePort: 12000 } },
        status: { conditions: ready('Available') },
      },
    ),
    built(
      'v1',
      'Service',
      {
        namespace: 'kuadrant-system',
        name: 'authorino-authorino-authorization',
        creationTimestamp: '2025-12-28T09:50:20Z',
        labels: { 'authorino-resource': 'authorino' },
        annotations: { 'service.beta.openshift.io/serving-cert-secret-name': 'authorino-server-cert' },
      },
      {
        spec: {
          type: 'ClusterIP',
          clusterIP: '172.30.41.17',
          clusterIPs: ['172.30.41.17'],
          ports: [{ name: 'grpc', port: 50051, protocol: 'TCP', targetPort: 50051 }],
          selector: { 'authorino-resource': 'authorino' },
          sessionAffinity: 'None',
        },
        status: { loadBalancer: {} },
      },
    ),
    screenRoute('openshift-console', 'console', 'console-openshift-console', 'reencrypt'),
    screenRoute(
      'openshift-gitops',
      'openshift-gitops-server',
      'openshift-gitops-server-openshift-gitops',
      'reencrypt',
    ),
    screenRoute('private-ai', 'grafana-route', 'grafana-route-private-ai', 'edge'),
    ...['default', 'kserve-metrics-reader-sa'].map((name) =>
      built('v1', 'ServiceAccount', { namespace: 'private-ai', name, creationTimestamp: PLATFORM_AT }),
    ),
  ];
}
