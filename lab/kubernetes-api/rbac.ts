/** RBAC as the API server evaluates it: roles and bindings are read from the store at every decision. */
import type { PathAttributes, ResourceAttributes, User } from './access.ts';
import type { KubernetesObject } from './object.ts';
import type { ObjectStore } from './store.ts';

export const RBAC_GROUP = 'rbac.authorization.k8s.io';
const ROLES = `roles.${RBAC_GROUP}`;
const ROLE_BINDINGS = `rolebindings.${RBAC_GROUP}`;
const CLUSTER_ROLES = `clusterroles.${RBAC_GROUP}`;
const CLUSTER_ROLE_BINDINGS = `clusterrolebindings.${RBAC_GROUP}`;

/** A member of this group is never asked for a role. */
const UNRESTRICTED_GROUP = 'system:masters';

export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

interface Role extends KubernetesObject {
  rules?: PolicyRule[] | null;
}

interface Binding extends KubernetesObject {
  roleRef: { kind: string; name: string };
  subjects?: Subject[] | null;
}

export interface Decision {
  isAllowed: boolean;
  /** Why it is allowed, or what went wrong on the way to a no; empty where there is nothing to tell. */
  reason: string;
}

export interface Authorizer {
  decide(user: User, attributes: ResourceAttributes | PathAttributes): Decision;
  /** Every rule that holds for a user in a namespace, cluster-wide ones first. */
  rulesOf(user: User, namespace: string): PolicyRule[];
}

const includes = (values: string[] | undefined, value: string): boolean =>
  values !== undefined && (values.includes('*') || values.includes(value));

/** `pods/log` is also covered by `*` and by `*` of its subresource. */
function coversResource(resources: string[] | undefined, resource: string): boolean {
  const [, subresource] = resource.split('/');
  return (
    includes(resources, resource) ||
    (subresource !== undefined && resources?.includes(`*/${subresource}`) === true)
  );
}

function coversPath(urls: string[] | undefined, path: string): boolean {
  return (urls ?? []).some((url) => url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))));
}

function covers(rule: PolicyRule, attributes: ResourceAttributes | PathAttributes): boolean {
  if (!includes(rule.verbs, attributes.verb)) return false;
  if ('path' in attributes) return coversPath(rule.nonResourceURLs, attributes.path);
  const { group, resource, name } = attributes;
  return (
    includes(rule.apiGroups, group) &&
    coversResource(rule.resources, resource) &&
    (rule.resourceNames === undefined ||
      rule.resourceNames.length === 0 ||
      (name !== undefined && rule.resourceNames.includes(name)))
  );
}

/** A rule in its smallest parts: one group, one resource, one name, or one path, with its verbs. */
function partsOf(rule: PolicyRule): PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames, nonResourceURLs = [] } = rule;
  const names = resourceNames === undefined || resourceNames.length === 0 ? [undefined] : resourceNames;
  return [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        names.map((name) => ({
          verbs,
          apiGroups: [group],
          resources: [resource],
          ...(name === undefined ? {} : { resourceNames: [name] }),
        })),
      ),
    ),
    ...nonResourceURLs.map((url) => ({ verbs, nonResourceURLs: [url] })),
  ];
}

/** What of the rules the held ones do not cover, in smallest parts with the verbs that are missing. */
export function missingGrants(rules: readonly PolicyRule[], held: readonly PolicyRule[]): PolicyRule[] {
  return rules.flatMap(partsOf).flatMap((part) => {
    const [group = ''] = part.apiGroups ?? [];
    const [resource = ''] = part.resources ?? [];
    const [name] = part.resourceNames ?? [];
    const [path] = part.nonResourceURLs ?? [];
    const verbs = part.verbs.filter(
      (verb) =>
        !held.some((rule) =>
          covers(rule, path === undefined ? { verb, group, resource, name } : { verb, path }),
        ),
    );
    return verbs.length === 0 ? [] : [{ ...part, verbs }];
  });
}

function isSubject(subject: Subject, user: User, home: string | undefined): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.name;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${subject.namespace ?? home ?? ''}:${subject.name}`;
    default:
      return false;
  }
}

function nameSubject({ kind, name, namespace }: Subject): string {
  return namespace === undefined ? `${kind} "${name}"` : `${kind} "${name}/${namespace}"`;
}

function nameBinding({ kind, metadata: { name, namespace }, roleRef }: Binding, subject: Subject): string {
  const binding = namespace === undefined ? name : `${name}/${namespace}`;
  return `RBAC: allowed by ${kind} "${binding}" of ${roleRef.kind} "${roleRef.name}" to ${nameSubject(subject)}`;
}

/** A binding that names the user, with the rules of its role; null where the role does not exist. */
interface Grant {
  binding: Binding;
  subject: Subject;
  rules: PolicyRule[] | null;
}

export function createAuthorizer(store: ObjectStore): Authorizer {
  const rulesOfRole = ({ metadata, roleRef }: Binding): PolicyRule[] | null => {
    const role =
      roleRef.kind === 'ClusterRole'
        ? store.get(CLUSTER_ROLES, undefined, roleRef.name)
        : store.get(ROLES, metadata.namespace, roleRef.name);
    return role === undefined ? null : ((role as Role).rules ?? []);
  };

  const grantsTo = (user: User, namespace: string | undefined): Grant[] => {
    const bindings = [
      ...store.list(CLUSTER_ROLE_BINDINGS),
      ...(namespace === undefined || namespace === '' ? [] : store.list(ROLE_BINDINGS, namespace)),
    ] as Binding[];
    return bindings.flatMap((binding) => {
      const subject = (binding.subjects ?? []).find((candidate) =>
        isSubject(candidate, user, binding.metadata.namespace),
      );
      return subject === undefined ? [] : [{ binding, subject, rules: rulesOfRole(binding) }];
    });
  };

  return {
    decide: (user, attributes) => {
      if (user.groups.includes(UNRESTRICTED_GROUP)) return { isAllowed: true, reason: '' };
      const grants = grantsTo(user, 'path' in attributes ? undefined : attributes.namespace);
      const grant = grants.find(({ rules }) => rules?.some((rule) => covers(rule, attributes)));
      if (grant !== undefined) return { isAllowed: true, reason: nameBinding(grant.binding, grant.subject) };
      const missing = grants
        .filter(({ rules }) => rules === null)
        .map(({ binding: { roleRef } }) => {
          const resource = roleRef.kind.toLowerCase();
          return `${resource}.${RBAC_GROUP} "${roleRef.name}" not found`;
        });
      const reason = missing.length > 1 ? `[${missing.join(', ')}]` : (missing[0] ?? '');
      return { isAllowed: false, reason: reason === '' ? '' : `RBAC: ${reason}` };
    },
    rulesOf: (user, namespace) =>
      user.groups.includes(UNRESTRICTED_GROUP)
        ? [
            { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
            { verbs: ['*'], nonResourceURLs: ['*'] },
          ]
        : grantsTo(user, namespace).flatMap(({ rules }) => rules ?? []),
  };
}
