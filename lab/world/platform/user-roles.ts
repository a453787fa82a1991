/**
 * The roles that people get: admin, edit and view. Each is the sum of smaller ones, which carry a label saying where they
 * belong; Kubernetes, OpenShift, KServe and OLM each bring theirs (facts: kubernetes-objects §8).
 */
import type { KubernetesObject } from '../../kubernetes-api/object.ts';
import { type PolicyRule, RBAC_GROUP } from '../../kubernetes-api/rbac.ts';
import { built, INSTALLED_AT } from './built.ts';

type Level = 'admin' | 'edit' | 'view';

const labelOf = (level: Level): string => `${RBAC_GROUP}/aggregate-to-${level}`;

const BOOTSTRAPPED = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];

function clusterRole(
  name: string,
  labels: Record<string, string>,
  fields: Record<string, unknown>,
): KubernetesObject {
  const metadata = {
    name,
    creationTimestamp: INSTALLED_AT,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  };
  return built(`${RBAC_GROUP}/v1`, 'ClusterRole', metadata, fields);
}

/** What may be read, and written by those who edit, group by group. */
const VIEWED: readonly { apiGroup: string; resources: string[]; onlyRead?: string[] }[] = [
  {
    apiGroup: '',
    resources: ['configmaps', 'endpoints', 'persistentvolumeclaims', 'pods', 'serviceaccounts', 'services'],
    onlyRead: ['events', 'namespaces', 'pods/log', 'pods/status'],
  },
  {
    apiGroup: 'apps',
    resources: ['daemonsets', 'deployments', 'deployments/scale', 'replicasets', 'statefulsets'],
  },
  { apiGroup: 'autoscaling', resources: ['horizontalpodautoscalers'] },
  { apiGroup: 'batch', resources: ['cronjobs', 'jobs'] },
  { apiGroup: 'discovery.k8s.io', resources: [], onlyRead: ['endpointslices'] },
];

/** What OpenShift and operators add: name of the part, and what it covers. */
const ADDED: readonly { part: string; apiGroup: string; resources: string[] }[] = [
  { part: 'openshift-route', apiGroup: 'route.openshift.io', resources: ['routes'] },
  {
    part: 'openshift-gateway-api',
    apiGroup: 'gateway.networking.k8s.io',
    resources: ['gateways', 'grpcroutes', 'httproutes'],
  },
  {
    part: 'kserve',
    apiGroup: 'serving.kserve.io',
    resources: ['inferenceservices', 'llminferenceservices', 'servingruntimes'],
  },
  { part: 'kuadrant', apiGroup: 'kuadrant.io', resources: ['authpolicies', 'kuadrants'] },
];

function parts(): KubernetesObject[] {
  const part = (name: string, level: Level, rules: PolicyRule[], labels = {}): KubernetesObject =>
    clusterRole(name, { ...labels, [labelOf(level)]: 'true' }, { rules });
  const read = VIEWED.map(({ apiGroup, resources, onlyRead = [] }) => ({
    verbs: READ,
    apiGroups: [apiGroup],
    resources: [...resources, ...onlyRead],
  }));
  const written = VIEWED.filter(({ resources }) => resources.length > 0).map(({ apiGroup, resources }) => ({
    verbs: WRITE,
    apiGroups: [apiGroup],
    resources,
  }));
  const secrets: PolicyRule = { verbs: [...READ, ...WRITE], apiGroups: [''], resources: ['secrets'] };
  const tokens: PolicyRule = {
    verbs: ['create'],
    apiGroups: [''],
    resources: ['serviceaccounts/token', 'pods/eviction'],
  };
  return [
    part('system:aggregate-to-view', 'view', read, BOOTSTRAPPED),
    part('system:aggregate-to-edit', 'edit', [...written, secrets, tokens], BOOTSTRAPPED),
    part(
      'system:aggregate-to-admin',
      'admin',
      [
        { verbs: [...READ, ...WRITE], apiGroups: [RBAC_GROUP], resources: ['rolebindings', 'roles'] },
        { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews'] },
      ],
      BOOTSTRAPPED,
    ),
    ...ADDED.flatMap(({ part: name, apiGroup, resources }) => [
      part(`${name}-view`, 'view', [{ verbs: READ, apiGroups: [apiGroup], resources }]),
      part(`${name}-edit`, 'edit', [{ verbs: WRITE, apiGroups: [apiGroup], resources }]),
    ]),
  ];
}

const ABOVE: Record<Level, readonly Level[]> = { view: ['edit', 'admin'], edit: ['admin'], admin: [] };

/** The three roles, with no rules of their own; whoever aggregates fills them. */
export function userRoles(): KubernetesObject[] {
  const levels: Level[] = ['admin', 'edit', 'view'];
  return [
    ...parts(),
    ...levels.map((level) =>
      clusterRole(
        level,
        { ...BOOTSTRAPPED, ...Object.fromEntries(ABOVE[level].map((above) => [labelOf(above), 'true'])) },
        {
          aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [labelOf(level)]: 'true' } }] },
          rules: [],
        },
      ),
    ),
  ];
}
