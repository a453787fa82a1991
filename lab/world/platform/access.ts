/** Roles and bindings that every OpenShift cluster has, and those of the dashboard's service account. */
import { CATALOGUE } from '../../kubernetes-api/catalogue.ts';
import { aggregated } from '../../kubernetes-api/cluster-role-aggregation.ts';
import type { KubernetesObject } from '../../kubernetes-api/object.ts';
import { type PolicyRule, RBAC_GROUP } from '../../kubernetes-api/rbac.ts';
import { built, INSTALLED_AT } from './built.ts';
import { userRoles } from './user-roles.ts';

const API_VERSION = `${RBAC_GROUP}/v1`;

/** The name of the dashboard's service account, role and binding. */
export const DASHBOARD = 'demo-dashboard';
const DASHBOARD_NAMESPACE = 'private-ai';
export const DASHBOARD_UID = 'f170559b-3864-5a9d-879e-7e08bdfd680d';

interface Subject {
  kind: 'User' | 'Group' | 'ServiceAccount';
  name: string;
  namespace?: string;
}

const bootstrapped = {
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
};

function clusterRole(name: string, rules: PolicyRule[], metadata = {}): KubernetesObject {
  return built(API_VERSION, 'ClusterRole', { name, creationTimestamp: INSTALLED_AT, ...metadata }, { rules });
}

function clusterRoleBinding(
  name: string,
  role: string,
  subjects: Subject[],
  metadata = {},
): KubernetesObject {
  return built(
    API_VERSION,
    'ClusterRoleBinding',
    { name, creationTimestamp: INSTALLED_AT, ...metadata },
    {
      roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: role },
      subjects: subjects.map((subject) =>
        subject.kind === 'ServiceAccount' ? subject : { apiGroup: RBAC_GROUP, ...subject },
      ),
    },
  );
}

const group = (name: string): Subject => ({ kind: 'Group', name });

/** What an installed cluster binds by itself. */
export function defaultAccess(): KubernetesObject[] {
  const reviews = (apiGroup: string, resources: string[]): PolicyRule => ({
    verbs: ['create'],
    apiGroups: [apiGroup],
    resources,
  });
  return [
    clusterRole(
      'cluster-admin',
      [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ],
      bootstrapped,
    ),
    clusterRole(
      'system:basic-user',
      [
        reviews('authorization.k8s.io', ['selfsubjectaccessreviews', 'selfsubjectrulesreviews']),
        reviews('authentication.k8s.io', ['selfsubjectreviews']),
      ],
      bootstrapped,
    ),
    clusterRole(
      'system:discovery',
      [
        {
          verbs: ['get'],
          nonResourceURLs: [
            '/api',
            '/api/*',
            '/apis',
            '/apis/*',
            '/healthz',
            '/livez',
            '/openapi',
            '/openapi/*',
            '/readyz',
            '/version',
            '/version/',
          ],
        },
      ],
      bootstrapped,
    ),
    clusterRole(
      'system:public-info-viewer',
      [
        {
          verbs: ['get'],
          nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'],
        },
      ],
      bootstrapped,
    ),
    clusterRoleBinding('cluster-admin', 'cluster-admin', [group('system:masters')], bootstrapped),
    clusterRoleBinding('cluster-admins', 'cluster-admin', [
      group('system:cluster-admins'),
      { kind: 'User', name: 'system:admin' },
    ]),
    clusterRoleBinding(
      'system:basic-user',
      'system:basic-user',
      [group('system:authenticated')],
      bootstrapped,
    ),
    clusterRoleBinding('system:discovery', 'system:discovery', [group('system:authenticated')], bootstrapped),
    clusterRoleBinding(
      'system:public-info-viewer',
      'system:public-info-viewer',
      [group('system:authenticated'), group('system:unauthenticated')],
      bootstrapped,
    ),
    ...aggregated(userRoles()),
  ];
}

/** The dashboard reads everything except Secrets and changes nothing. */
export function dashboardAccess(): KubernetesObject[] {
  const readable = [...new Set(CATALOGUE.map(({ plural }) => plural))].filter(
    (plural) => plural !== 'secrets',
  );
  const since = { creationTimestamp: '2025-12-29T13:40:12Z' };
  return [
    built('v1', 'ServiceAccount', {
      namespace: DASHBOARD_NAMESPACE,
      name: DASHBOARD,
      uid: DASHBOARD_UID,
      ...since,
    }),
    clusterRole(
      DASHBOARD,
      [{ verbs: ['get', 'list', 'watch'], apiGroups: ['*'], resources: [...readable, 'pods/log'] }],
      since,
    ),
    clusterRoleBinding(
      DASHBOARD,
      DASHBOARD,
      [{ kind: 'ServiceAccount', name: DASHBOARD, namespace: DASHBOARD_NAMESPACE }],
      since,
    ),
  ];
}
