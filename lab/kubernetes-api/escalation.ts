/** Nobody grants a right that they do not have, unless they may `escalate` the role or `bind` it. */
import type { User } from './access.ts';
import type { ApiContext } from './context.ts';
import { forbiddenGrant } from './forbidden.ts';
import { invalid } from './invalid.ts';
import type { Kind } from './kinds.ts';
import { isEqualJson, type KubernetesObject, valueAt } from './object.ts';
import { missingGrants, type PolicyRule, RBAC_GROUP } from './rbac.ts';

const list = (name: string, values: string[] | undefined): string[] =>
  values === undefined || values.length === 0
    ? []
    : [`${name}:[${values.map((value) => JSON.stringify(value)).join(' ')}]`];

/** As the API server prints a rule. */
function printRule({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: PolicyRule): string {
  const parts = [
    ...list('APIGroups', apiGroups),
    ...list('Resources', resources),
    ...list('ResourceNames', resourceNames),
    ...list('NonResourceURLs', nonResourceURLs),
    ...list('Verbs', verbs),
  ];
  return `{${parts.join(', ')}}`;
}

function rulesIn(object: KubernetesObject): PolicyRule[] {
  return Array.isArray(object.rules) ? (object.rules as PolicyRule[]) : [];
}

/** What the written role or binding would grant, and the verb that allows to grant it without having it. */
function grantOf(
  { store }: ApiContext,
  kind: Kind,
  object: KubernetesObject,
): { rules: PolicyRule[]; verb: 'escalate' | 'bind'; resource: string; name: string } | null {
  if (kind.group !== RBAC_GROUP) return null;
  const { name, namespace } = object.metadata;
  if (kind.plural.endsWith('roles'))
    return { rules: rulesIn(object), verb: 'escalate', resource: kind.plural, name };
  const role = String(valueAt(object, 'roleRef', 'name'));
  const isCluster = valueAt(object, 'roleRef', 'kind') === 'ClusterRole';
  const resource = isCluster ? 'clusterroles' : 'roles';
  const found = store.get(`${resource}.${RBAC_GROUP}`, isCluster ? undefined : namespace, role);
  return { rules: found === undefined ? [] : rulesIn(found), verb: 'bind', resource, name: role };
}

export function checkGrant(
  context: ApiContext,
  user: User,
  kind: Kind,
  object: KubernetesObject,
  previous?: KubernetesObject,
): void {
  const grant = grantOf(context, kind, object);
  if (grant === null) return;
  if (
    previous !== undefined &&
    isEqualJson(previous.rules, object.rules) &&
    isEqualJson(previous.subjects, object.subjects)
  )
    return;
  const { namespace } = object.metadata;
  const { rules, verb, resource, name } = grant;
  if (context.authorizer.decide(user, { verb, group: RBAC_GROUP, resource, namespace, name }).isAllowed)
    return;
  const held = context.authorizer.rulesOf(user, namespace ?? '');
  const missing = missingGrants(rules, held);
  if (missing.length === 0) return;
  throw forbiddenGrant(kind, object.metadata.name, user, missing.map(printRule));
}

/** The role of a binding is fixed once it is made. */
export function checkRoleReference(kind: Kind, current: KubernetesObject, next: KubernetesObject): void {
  if (kind.group !== RBAC_GROUP || current.roleRef === undefined) return;
  if (isEqualJson(current.roleRef, next.roleRef)) return;
  const { apiGroup, kind: role, name } = next.roleRef as Record<string, string>;
  const shown = `{APIGroup:${JSON.stringify(apiGroup)}, Kind:${JSON.stringify(role)}, Name:${JSON.stringify(name)}}`;
  throw invalid(kind.kind, kind.group, current.metadata.name, [
    {
      reason: 'Invalid',
      field: 'roleRef',
      message: `Invalid value: rbac.RoleRef${shown}: cannot change roleRef`,
    },
  ]);
}
