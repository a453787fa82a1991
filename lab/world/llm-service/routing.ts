/** The router side of a service: endpoint picker, pool, route, monitors (facts: kubernetes-objects §3.6, §3.8). */
import type { KubernetesObject } from '../../kubernetes-api/object.ts';
import { RBAC_GROUP } from '../../kubernetes-api/rbac.ts';
import {
  AUTH_POLICIES,
  appLabels,
  type Child,
  type LlmInferenceService,
  type LlmServiceSpec,
  MANAGED_GATEWAY,
  MODELS,
  modelName,
  type ObjectName,
  ownerReference,
  POOLS,
  ROUTES,
} from './types.ts';

const SCHEDULER = 'llminferenceservice-router-scheduler';
const POOL_GROUP = 'inference.networking.x-k8s.io';
const GATEWAY_GROUP = 'gateway.networking.k8s.io';
const UNLIMITED = { backendRequest: '0s', request: '0s' };

/** Fields of a Service that the API server fills in. */
const SERVICE_DEFAULTS = {
  internalTrafficPolicy: 'Cluster',
  ipFamilies: ['IPv4'],
  ipFamilyPolicy: 'SingleStack',
  sessionAffinity: 'None',
  type: 'ClusterIP',
};

export function poolName({ metadata, spec }: LlmInferenceService): string {
  return spec.router?.scheduler?.pool?.ref?.name ?? `${metadata.name}-inference-pool`;
}

/** Binds everything in the cluster, so it has no owner; the finalizer removes it. */
export function authBindingName({ metadata }: KubernetesObject): string {
  return `${metadata.namespace}-${metadata.name}-epp-auth-rb`;
}

function namer(service: LlmInferenceService, component: string) {
  return (name: string): Child['metadata'] => ({
    name,
    namespace: service.metadata.namespace ?? '',
    labels: appLabels(service, component),
    ownerReferences: [ownerReference(service)],
  });
}

/** Rights of the endpoint picker: it watches its pool, its models and their pods. */
export function schedulerAccess(service: LlmInferenceService): Child[] {
  const { name, namespace = '' } = service.metadata;
  const named = namer(service, SCHEDULER);
  const account = { kind: 'ServiceAccount', name: `${name}-epp-sa`, namespace };
  const verbs = ['get', 'list', 'watch'];
  return [
    {
      kind: 'serviceaccounts',
      announced: 'v1.ServiceAccount',
      metadata: named(`${name}-epp-sa`),
      fields: {},
    },
    {
      kind: `roles.${RBAC_GROUP}`,
      announced: 'v1.Role',
      metadata: named(`${name}-epp-role`),
      fields: {
        rules: [
          { verbs, apiGroups: [''], resources: ['pods'] },
          {
            verbs,
            apiGroups: [POOL_GROUP],
            resources: ['inferencepools', 'inferencemodels', 'inferenceobjectives'],
          },
          { verbs, apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'] },
        ],
      },
    },
    {
      kind: `rolebindings.${RBAC_GROUP}`,
      announced: 'v1.RoleBinding',
      metadata: named(`${name}-epp-rb`),
      fields: {
        roleRef: { apiGroup: RBAC_GROUP, kind: 'Role', name: `${name}-epp-role` },
        subjects: [account],
      },
    },
    {
      kind: `clusterrolebindings.${RBAC_GROUP}`,
      announced: 'v1.ClusterRoleBinding',
      metadata: { name: authBindingName(service), labels: appLabels(service, SCHEDULER) },
      fields: {
        roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: 'system:auth-delegator' },
        subjects: [account],
      },
    },
  ];
}

export function schedulerDeployment(service: LlmInferenceService, combined: LlmServiceSpec): Child {
  const { name } = service.metadata;
  const labels = appLabels(service, SCHEDULER);
  const template = combined.router?.scheduler?.template;
  return {
    kind: 'deployments.apps',
    announced: 'v1.Deployment',
    metadata: { ...namer(service, SCHEDULER)(`${name}-kserve-router-scheduler`), generation: 1 },
    fields: {
      spec: {
        progressDeadlineSeconds: 600,
        replicas: 1,
        revisionHistoryLimit: 10,
        selector: { matchLabels: labels },
        strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' }, type: 'RollingUpdate' },
        template: {
          metadata: { creationTimestamp: null, labels },
          spec: {
            dnsPolicy: 'ClusterFirst',
            restartPolicy: 'Always',
            schedulerName: 'default-scheduler',
            securityContext: {},
            serviceAccount: template?.serviceAccountName,
            ...template,
          },
        },
      },
    },
  };
}

/** What the picker needs, in the order in which the controller creates it. */
export function scheduler(service: LlmInferenceService, combined: LlmServiceSpec): Child[] {
  const { name } = service.metadata;
  const named = namer(service, SCHEDULER);
  const port = (portName: string, number: number): unknown => ({
    name: portName,
    port: number,
    protocol: 'TCP',
    targetPort: portName,
  });
  return [
    ...schedulerAccess(service),
    schedulerDeployment(service, combined),
    {
      kind: 'services',
      announced: 'v1.Service',
      metadata: named(`${name}-epp-service`),
      fields: {
        spec: {
          ...SERVICE_DEFAULTS,
          ports: [port('grpc', 9002), port('grpc-health', 9003), port('metrics', 9090)],
          selector: appLabels(service, SCHEDULER),
        },
      },
    },
    {
      kind: MODELS,
      announced: 'v1alpha2.InferenceModel',
      metadata: { ...named(`${name}-inference-model`), generation: 1 },
      fields: {
        spec: {
          criticality: service.spec.model.criticality ?? 'Critical',
          modelName: modelName(service),
          poolRef: { group: POOL_GROUP, kind: 'InferencePool', name: poolName(service) },
        },
      },
    },
    {
      kind: POOLS,
      announced: 'v1alpha2.InferencePool',
      metadata: { ...named(poolName(service)), generation: 1 },
      fields: {
        spec: service.spec.router?.scheduler?.pool?.spec ?? {
          extensionRef: {
            failureMode: 'FailOpen',
            group: '',
            kind: 'Service',
            name: `${name}-epp-service`,
            portNumber: 9002,
          },
          selector: {
            'app.kubernetes.io/name': name,
            'app.kubernetes.io/part-of': 'llminferenceservice',
            'kserve.io/component': 'workload',
          },
          targetPortNumber: 8000,
        },
      },
    },
  ];
}

export function httpRoute(service: LlmInferenceService): Child {
  const { name, namespace = '' } = service.metadata;
  const { gateway, route, scheduler: picker } = service.spec.router ?? {};
  const toService = {
    group: '',
    kind: 'Service',
    name: `${name}-kserve-workload-svc`,
    port: 8000,
    weight: 1,
  };
  const toPool = {
    group: POOL_GROUP,
    kind: 'InferencePool',
    name: poolName(service),
    port: 8000,
    weight: 1,
  };
  const rule = (path: string, backend: unknown): unknown => ({
    backendRefs: [backend],
    filters: [
      {
        type: 'URLRewrite',
        urlRewrite: { path: { replacePrefixMatch: path === '' ? '/' : path, type: 'ReplacePrefixMatch' } },
      },
    ],
    matches: [{ path: { type: 'PathPrefix', value: `/${namespace}/${name}${path}` } }],
    timeouts: UNLIMITED,
  });
  const parents: ObjectName[] = gateway?.refs ?? [MANAGED_GATEWAY];
  const toEngines = picker === undefined ? toService : toPool;
  return {
    kind: ROUTES,
    announced: 'v1.HTTPRoute',
    metadata: {
      ...namer(service, 'llminferenceservice-router')(`${name}-kserve-route`),
      generation: 1,
    },
    fields: {
      spec: {
        parentRefs: parents.map((parent) => ({
          group: GATEWAY_GROUP,
          kind: 'Gateway',
          name: parent.name,
          namespace: parent.namespace ?? namespace,
        })),
        ...(route?.http?.spec ?? {
          rules: [
            rule('/v1/completions', toEngines),
            rule('/v1/chat/completions', toEngines),
            rule('', toService),
          ],
        }),
      },
    },
  };
}

/** Opens the route to everybody; only where authentication is switched off. */
export function anonymousAccess(service: LlmInferenceService): Child {
  const { name } = service.metadata;
  const { labels = {}, ...metadata } = namer(
    service,
    'llminferenceservice-policies',
  )(`${name}-kserve-route-authn`);
  return {
    kind: AUTH_POLICIES,
    announced: 'v1.AuthPolicy',
    metadata: {
      ...metadata,
      labels: { ...labels, 'app.kubernetes.io/managed-by': 'odh-model-controller' },
      generation: 1,
    },
    fields: {
      spec: {
        rules: {
          authentication: { public: { anonymous: {}, credentials: {}, metrics: false, priority: 0 } },
        },
        targetRef: { group: GATEWAY_GROUP, kind: 'HTTPRoute', name: `${name}-kserve-route` },
      },
    },
  };
}

/** Shared by all services of a namespace, so nobody owns them. Names of metrics get a prefix. */
export function monitors(namespace: string): Child[] {
  const labels = {
    'app.kubernetes.io/component': 'llm-monitoring',
    'app.kubernetes.io/part-of': 'llminferenceservice',
    'monitoring.opendatahub.io/scrape': 'true',
  };
  const metricRelabelings = [
    { action: 'replace', replacement: 'kserve_$1', sourceLabels: ['__name__'], targetLabel: '__name__' },
  ];
  const fromLabel = (label: string, targetLabel: string): Record<string, unknown> => ({
    action: 'replace',
    sourceLabels: [`__meta_kubernetes_pod_label_${label}`],
    targetLabel,
  });
  const serviceName = fromLabel('app_kubernetes_io_name', 'llm_isvc_name');
  const component = {
    ...fromLabel('app_kubernetes_io_component', 'llm_isvc_component'),
    regex: 'llminferenceservice-(.*)',
    replacement: '$1',
  };
  const workload = 'llminferenceservice-workload';
  return [
    {
      kind: 'podmonitors.monitoring.coreos.com',
      announced: 'v1.PodMonitor',
      metadata: { name: 'kserve-llm-isvc-vllm-engine', namespace, labels, generation: 1 },
      fields: {
        spec: {
          podMetricsEndpoints: [
            {
              metricRelabelings,
              relabelings: [serviceName, fromLabel('llm_d_ai_role', 'llm_isvc_role'), component],
              scheme: 'https',
              targetPort: 8000,
              tlsConfig: { insecureSkipVerify: true },
            },
          ],
          selector: {
            matchExpressions: [
              {
                key: 'app.kubernetes.io/component',
                operator: 'In',
                values: ['', '-prefill', '-worker', '-leader', '-leader-prefill', '-worker-prefill'].map(
                  (suffix) => workload + suffix,
                ),
              },
            ],
            matchLabels: { 'app.kubernetes.io/part-of': 'llminferenceservice' },
          },
        },
      },
    },
    {
      kind: 'servicemonitors.monitoring.coreos.com',
      announced: 'v1.ServiceMonitor',
      metadata: { name: 'kserve-llm-isvc-scheduler', namespace, labels, generation: 1 },
      fields: {
        spec: {
          endpoints: [
            {
              authorization: { credentials: { key: 'token', name: 'kserve-metrics-reader-sa-secret' } },
              metricRelabelings,
              port: 'metrics',
              relabelings: [serviceName, component],
            },
          ],
          namespaceSelector: {},
          selector: {
            matchLabels: {
              'app.kubernetes.io/component': SCHEDULER,
              'app.kubernetes.io/part-of': 'llminferenceservice',
            },
          },
        },
      },
    },
  ];
}
