import { RBAC_GROUP } from '../kubernetes-api/rbac.ts';
import { DASHBOARD } from '../world/platform/access.ts';
import { built } from '../world/platform/built.ts';
import { expectAll } from './expect-all.ts';
import type { Scenario } from './scenario.ts';
import { withObjects, without } from './scene.ts';

const NAMESPACE = 'private-ai';
const API_VERSION = `${RBAC_GROUP}/v1`;
const verbs = ['get', 'list', 'watch'];

/** What the cluster role `view` gives where KServe, Gateway API and OLM have added to it (facts: kubernetes-objects §8). */
const view = built(
  API_VERSION,
  'ClusterRole',
  { name: 'view' },
  {
    rules: [
      {
        verbs,
        apiGroups: [''],
        resources: [
          'configmaps',
          'endpoints',
          'events',
          'persistentvolumeclaims',
          'pods',
          'pods/log',
          'pods/status',
          'serviceaccounts',
          'services',
        ],
      },
      {
        verbs,
        apiGroups: ['apps'],
        resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'],
      },
      { verbs, apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] },
      { verbs, apiGroups: ['batch'], resources: ['cronjobs', 'jobs'] },
      { verbs, apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'] },
      {
        verbs,
        apiGroups: ['serving.kserve.io'],
        resources: ['inferenceservices', 'llminferenceservices', 'servingruntimes'],
      },
      {
        verbs,
        apiGroups: ['gateway.networking.k8s.io'],
        resources: ['gateways', 'grpcroutes', 'httproutes'],
      },
      { verbs, apiGroups: ['route.openshift.io'], resources: ['routes'] },
      { verbs, apiGroups: ['kuadrant.io'], resources: ['authpolicies', 'kuadrants'] },
    ],
  },
);

const binding = built(
  API_VERSION,
  'RoleBinding',
  { name: DASHBOARD, namespace: NAMESPACE },
  {
    roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'ServiceAccount', name: DASHBOARD, namespace: NAMESPACE }],
  },
);

export const forbidden: Scenario = {
  description:
    'The reader (context lab-reader) has only `view` in the demo namespace: nothing of the cluster, nothing of other namespaces, no queues, no pools.',
  change: (healthy) =>
    withObjects(
      without(
        healthy,
        ({ kind, metadata }) =>
          (kind === 'ClusterRole' || kind === 'ClusterRoleBinding') && metadata.name === DASHBOARD,
      ),
      [view, binding],
    ),
  settledMs: 0,
  expectations: [
    ...expectAll('unknown', 'forbidden', [
      ['cluster-version', 'kubernetes-objects §7.2 B1'],
      ['rhoai-platform', 'kubernetes-objects §7.2 B3'],
      ['serving-controllers', 'kubernetes-objects §7.2 B4'],
      ['gpu-operator', 'kubernetes-objects §7.2 B16'],
      ['gpu-driver', 'kubernetes-objects §7.2 B16'],
      ['gpu-nodes', 'kubernetes-objects §7.2 B17'],
      ['gpu-taints', 'kubernetes-objects §7.2 B17'],
      ['gpu-capacity', 'kubernetes-objects §7.2 B17'],
      ['serving-presets', 'kubernetes-objects §7.2 B5 (not part of view)'],
      ['leaderworkerset-operator', 'kubernetes-objects §7.1 A3c'],
      ['service-mesh-2-absent', 'kubernetes-objects §7.2 B7'],
      ['ingress-operator', 'kubernetes-objects §7.2 B8'],
      ['gatewayclass', 'kubernetes-objects §7.1 A4'],
      ['inference-gateway-object', 'kubernetes-objects §7.1 A5'],
      ['community-kuadrant-absent', 'kubernetes-objects §7.2 B10'],
      ['connectivity-link', 'kubernetes-objects §7.2 B11'],
      ['controllers-newer-than-apis', 'kubernetes-objects §7.2 B14'],
      ['authorino-tls', 'kubernetes-objects §7.2 B12'],
      ['gateway-auth-policy', 'kubernetes-objects §7.2 B13'],
      ['kueue-clusterqueue', 'kubernetes-objects §7.1 A7'],
      ['kueue-localqueue', 'kubernetes-objects §7.1 A8, §8 (view does not give LocalQueues)'],
      ['kueue-queue-mismatch', 'kubernetes-objects §7.2 B18'],
      ['distributed-distinct-nodes', 'kubernetes-objects §7.3 D3 (the type of a node)'],
      ['single-endpoint-picker', 'kubernetes-objects §8 (view does not give InferencePools)'],
      ['user-workload-monitoring', 'kubernetes-objects §7.2 B20 (not in view)'],
      ['argocd-application', 'kubernetes-objects §7.3 D7'],
    ]),
    ...expectAll('pass', null, [
      [
        'distributed-scheduler',
        'kubernetes-objects §7.3 D3b (1 ready; whether its node has a GPU cannot be seen)',
      ],
    ]),
    ...expectAll('warn', null, [
      [
        'distributed-answers',
        'kubernetes-objects §7.3 D5 (without the Gateway’s address only the Route is known)',
      ],
    ]),
  ],
};
