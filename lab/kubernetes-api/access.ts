/** Who may do what: bearer tokens, users, and rules in RBAC's terms. */
import type { IncomingMessage } from 'node:http';

export interface Rule {
  verbs: string[];
  apiGroups: string[];
  /** Plurals, with `pods/log` for a subresource; `*` for all of them. */
  resources: string[];
  resourceNames?: string[];
  /** Where the rule holds; absent means everywhere, cluster scope included. */
  namespaces?: string[];
}

export interface User {
  name: string;
  uid: string;
  groups: string[];
  rules: Rule[];
  /** How an allowed access review names its reason. */
  grantedBy: string;
}

export interface Attributes {
  verb: string;
  group: string;
  /** `pods` or `pods/log`. */
  resource: string;
  namespace?: string | undefined;
  name?: string | undefined;
}

export const ANONYMOUS: User = {
  name: 'system:anonymous',
  uid: '',
  groups: ['system:unauthenticated'],
  rules: [],
  grantedBy: '',
};

const includes = (values: string[], value: string): boolean => values.includes('*') || values.includes(value);

export function isAllowed(user: User, { verb, group, resource, namespace, name }: Attributes): boolean {
  return user.rules.some(
    (rule) =>
      includes(rule.verbs, verb) &&
      includes(rule.apiGroups, group) &&
      includes(rule.resources, resource) &&
      (rule.resourceNames === undefined || (name !== undefined && rule.resourceNames.includes(name))) &&
      (rule.namespaces === undefined || (namespace !== undefined && rule.namespaces.includes(namespace))),
  );
}

/** The bearer token of a request, or null where it carries none. */
export function bearerToken(request: IncomingMessage): string | null {
  const match = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '');
  return match?.[1] ?? null;
}

const EVERYTHING: Rule[] = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];

/** A cluster administrator. */
export function administrator(): User {
  return {
    name: 'kube:admin',
    uid: 'b1f1c5a0-5b0f-4d1e-9b62-6a0f9c1f7a11',
    groups: ['system:cluster-admins', 'system:authenticated'],
    rules: EVERYTHING,
    grantedBy:
      'ClusterRoleBinding "cluster-admins" of ClusterRole "cluster-admin" to Group "system:cluster-admins"',
  };
}

/** The service account of a deployed dashboard: it reads everything except Secrets and changes nothing. */
export function dashboardReader(readable: string[]): User {
  return {
    name: 'system:serviceaccount:private-ai:demo-dashboard',
    uid: 'f170559b-3864-5a9d-879e-7e08bdfd680d',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:private-ai', 'system:authenticated'],
    rules: [{ verbs: ['get', 'list', 'watch'], apiGroups: ['*'], resources: [...readable, 'pods/log'] }],
    grantedBy:
      'ClusterRoleBinding "demo-dashboard" of ClusterRole "demo-dashboard" to ServiceAccount "demo-dashboard/private-ai"',
  };
}
