import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serviceAccountUser, type User } from './access.ts';
import { startTestApi, type TestApi } from './api-fixture.ts';
import { kindOf } from './catalogue.ts';
import type { KubernetesObject } from './object.ts';
import { createAuthorizer, type PolicyRule } from './rbac.ts';
import { createObjectStore } from './store.ts';

const GROUP = 'rbac.authorization.k8s.io';
const ROBOT = serviceAccountUser('private-ai', 'robot', '');

function role(name: string, rules: PolicyRule[], namespace?: string): KubernetesObject {
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return { apiVersion: `${GROUP}/v1`, kind, metadata, rules };
}

function binding(
  roleRef: { kind: string; name: string },
  subject: Record<string, string>,
  namespace?: string,
): KubernetesObject {
  const kind = namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
  const metadata = namespace === undefined ? { name: 'it' } : { name: 'it', namespace };
  return { apiVersion: `${GROUP}/v1`, kind, metadata, roleRef, subjects: [subject] };
}

function decide(objects: KubernetesObject[], attributes: Record<string, string>, user: User = ROBOT): string {
  const store = createObjectStore();
  for (const object of objects) store.put(kindOf(`${object.kind.toLowerCase()}s.${GROUP}`), object);
  const { isAllowed, reason } = createAuthorizer(store).decide(user, {
    verb: 'get',
    group: '',
    resource: 'pods',
    ...attributes,
  });
  return reason === '' ? String(isAllowed) : `${isAllowed}: ${reason}`;
}

describe('a decision follows roles and bindings', () => {
  const READ_PODS: PolicyRule = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
  const account = { kind: 'ServiceAccount', name: 'robot', namespace: 'private-ai' };

  test('a ClusterRole bound in a namespace holds there and not elsewhere', () => {
    const objects = [
      role('reader', [READ_PODS]),
      binding({ kind: 'ClusterRole', name: 'reader' }, account, 'private-ai'),
    ];
    expect([
      decide(objects, { namespace: 'private-ai' }),
      decide(objects, { namespace: 'default' }),
      decide(objects, {}),
    ]).toEqual([
      'true: RBAC: allowed by RoleBinding "it/private-ai" of ClusterRole "reader" to ServiceAccount "robot/private-ai"',
      'false',
      'false',
    ]);
  });

  test('users, groups and service accounts are told apart', () => {
    const by = (subject: Record<string, string>): string =>
      decide(
        [role('reader', [READ_PODS]), binding({ kind: 'ClusterRole', name: 'reader' }, subject)],
        {},
      ).slice(0, 5);
    expect([
      by({ kind: 'User', name: ROBOT.name }),
      by({ kind: 'User', name: 'robot' }),
      by({ kind: 'Group', name: 'system:serviceaccounts:private-ai' }),
      by({ kind: 'Group', name: 'system:serviceaccounts:default' }),
      by({ kind: 'ServiceAccount', name: 'robot', namespace: 'default' }),
    ]).toEqual(['true:', 'false', 'true:', 'false', 'false']);
  });

  test('names and subresources limit a rule', () => {
    const withRule = (rule: Partial<PolicyRule>, attributes: Record<string, string>): string =>
      decide(
        [
          role('reader', [{ ...READ_PODS, ...rule }]),
          binding({ kind: 'ClusterRole', name: 'reader' }, account),
        ],
        attributes,
      ).slice(0, 5);
    expect([
      withRule({ resourceNames: ['a'] }, { name: 'a' }),
      withRule({ resourceNames: ['a'] }, { name: 'b' }),
      withRule({ resourceNames: ['a'] }, {}),
      withRule({}, { resource: 'pods/log' }),
      withRule({ resources: ['*/log'] }, { resource: 'pods/log' }),
      withRule({ resources: ['*'] }, { resource: 'pods/log' }),
      withRule({ apiGroups: ['apps'] }, {}),
    ]).toEqual(['true:', 'false', 'false', 'false', 'true:', 'true:', 'false']);
  });

  test('a binding to a role that is not there says so', () => {
    expect(decide([binding({ kind: 'ClusterRole', name: 'gone' }, account)], {})).toBe(
      'false: RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found',
    );
  });
});

describe('the API follows changes of roles at once', () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api.stop());

  const ROLE = `/apis/${GROUP}/v1/namespaces/private-ai/roles/limited`;
  const EVENTS = '/api/v1/namespaces/private-ai/events';
  const rules = async (): Promise<unknown> => {
    const { body } = await api.call('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      method: 'POST',
      token: 'limited',
      body: {
        kind: 'SelfSubjectRulesReview',
        apiVersion: 'authorization.k8s.io/v1',
        spec: { namespace: 'private-ai' },
      },
    });
    return (body as { status?: { resourceRules?: unknown } }).status?.resourceRules;
  };

  test('removing one rule yields the exact 403, in the list and in both reviews', async () => {
    expect((await api.call(EVENTS, { token: 'limited' })).status).toBe(200);
    const patched = await api.call(ROLE, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json-patch+json' },
      body: [{ op: 'replace', path: '/rules/0/resources', value: ['pods'] }],
    });
    expect(patched.status).toBe(200);

    const refused = await api.call(EVENTS, { token: 'limited' });
    expect({ status: refused.status, body: refused.body }).toEqual({
      status: 403,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message:
          'events is forbidden: User "system:serviceaccount:private-ai:limited" cannot list resource "events" in API group "" in the namespace "private-ai"',
        reason: 'Forbidden',
        details: { kind: 'events' },
        code: 403,
      },
    });
    expect((await api.call('/api/v1/namespaces/private-ai/pods', { token: 'limited' })).status).toBe(200);
    expect(await rules()).toEqual([
      {
        verbs: ['create'],
        apiGroups: ['authorization.k8s.io'],
        resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
      },
      { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
      { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods'] },
    ]);
  });

  test('without the binding for discovery even the list of groups is refused', async () => {
    await api.call(`/apis/${GROUP}/v1/clusterrolebindings/system:discovery`, { method: 'DELETE' });
    const refused = await api.call('/apis', { token: 'limited' });
    expect([refused.status, refused.body.message]).toEqual([
      403,
      'forbidden: User "system:serviceaccount:private-ai:limited" cannot get path "/apis"',
    ]);
    expect((await api.call('/version', { token: null })).status).toBe(200);
  });
});
