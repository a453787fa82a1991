import { beforeAll, describe, expect, test } from 'vitest';
import type { ApiClient, JsonObject } from './api-client.ts';
import {
  at,
  configMap,
  configMaps,
  create,
  type Given,
  patch,
  pods,
  post,
  refusal,
  type Target,
} from './target.ts';

const USER = 'conformance-limited';
const GROUPS = ['system:authenticated'];
const RBAC = 'rbac.authorization.k8s.io';
const WORD = { apiGroup: RBAC, kind: 'Role', name: 'conformance-limited' };

const roles = ({ namespace }: Target): string => `/apis/${RBAC}/v1/namespaces/${namespace}/roles`;
const bindings = ({ namespace }: Target): string => `/apis/${RBAC}/v1/namespaces/${namespace}/rolebindings`;
const accounts = ({ namespace }: Target): string => `/api/v1/namespaces/${namespace}/serviceaccounts`;

function role(name: string, rules: JsonObject[]): JsonObject {
  return { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: { name }, rules };
}

function binding(name: string, roleRef: JsonObject, subjects: JsonObject[]): JsonObject {
  return { apiVersion: `${RBAC}/v1`, kind: 'RoleBinding', metadata: { name }, roleRef, subjects };
}

const LIMITED: JsonObject = { apiGroup: RBAC, kind: 'User', name: USER };

async function review(client: ApiClient, resourceAttributes: JsonObject): Promise<JsonObject> {
  const { code, body } = await post(client, '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  });
  return { code, status: body.status ?? null };
}

export function describeAccess(given: Given): void {
  describe('access', () => {
    const limited = (): ApiClient => given().admin.actingAs(USER, GROUPS);

    beforeAll(async () => {
      const { admin } = given();
      await create(
        admin,
        roles(given()),
        role('conformance-limited', [
          { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] },
          { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
          { apiGroups: [''], resources: ['secrets'], resourceNames: ['open'], verbs: ['get', 'list'] },
          {
            apiGroups: [RBAC],
            resources: ['roles', 'rolebindings'],
            verbs: ['create', 'update', 'patch', 'get'],
          },
        ]),
      );
      await create(admin, bindings(given()), binding('conformance-limited', WORD, [LIMITED]));
    });

    test('a token that is none is unauthorized, and hears no more than that', async () => {
      const answer = await given().admin.withToken('wrong').call(configMaps(given()));
      expect([answer.code, answer.body]).toEqual([
        401,
        {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: 'Unauthorized',
          reason: 'Unauthorized',
          code: 401,
        },
      ]);
    });

    test('nobody in particular may see the version and the health, and no more', async () => {
      const nobody = given().admin.withToken(null);
      expect((await nobody.call('/version')).code).toBe(200);
      expect((await nobody.call('/livez')).code).toBe(200);
      expect(refusal(await nobody.call('/apis'))).toEqual({
        code: 403,
        reason: 'Forbidden',
        message: 'forbidden: User "system:anonymous" cannot get path "/apis"',
        details: {},
      });
    });

    test('what a role grants is done, what it does not is refused with the missing right', async () => {
      const { namespace } = given();
      expect((await limited().call(configMaps(given()))).code).toBe(200);
      expect(refusal(await limited().call(pods(given())))).toEqual({
        code: 403,
        reason: 'Forbidden',
        message: `pods is forbidden: User "${USER}" cannot list resource "pods" in API group "" in the namespace "${namespace}"`,
        details: { kind: 'pods' },
      });
      expect(refusal(await limited().call('/api/v1/nodes/any'))).toEqual({
        code: 403,
        reason: 'Forbidden',
        message: `nodes "any" is forbidden: User "${USER}" cannot get resource "nodes" in API group "" at the cluster scope`,
        details: { name: 'any', kind: 'nodes' },
      });
      const made = await post(limited(), configMaps(given()), configMap('x'));
      expect(made.body.message).toBe(
        `configmaps is forbidden: User "${USER}" cannot create resource "configmaps" in API group "" in the namespace "${namespace}"`,
      );
      const log = await limited().call(`${pods(given())}/nope/log`);
      expect(refusal(log)).toMatchObject({ code: 404, message: 'pods "nope" not found' });
    });

    test('without rights it is all the same whether an API is installed', async () => {
      const { namespace } = given();
      const answer = await limited().call(`/apis/nothing.example.com/v1/namespaces/${namespace}/nothings`);
      expect(refusal(answer)).toMatchObject({
        code: 403,
        message: `nothings.nothing.example.com is forbidden: User "${USER}" cannot list resource "nothings" in API group "nothing.example.com" in the namespace "${namespace}"`,
      });
    });

    test('a right on one name allows a list only of that name', async () => {
      const path = `/api/v1/namespaces/${given().namespace}/secrets`;
      expect((await limited().call(path)).code).toBe(403);
      expect((await limited().call(`${path}?fieldSelector=metadata.name%3Dopen`)).code).toBe(200);
      expect((await limited().call(`${path}/open`)).code).toBe(404);
      expect((await limited().call(`${path}/closed`)).code).toBe(403);
    });

    test('asking whether one may gives the same answers', async () => {
      const { namespace } = given();
      const here = { namespace, group: '' };
      expect(await review(limited(), { ...here, verb: 'list', resource: 'configmaps' })).toEqual({
        code: 201,
        status: {
          allowed: true,
          reason: `RBAC: allowed by RoleBinding "conformance-limited/${namespace}" of Role "conformance-limited" to User "${USER}"`,
        },
      });
      expect(await review(limited(), { ...here, verb: 'list', resource: 'pods' })).toEqual({
        code: 201,
        status: { allowed: false },
      });
      expect(
        await review(limited(), { ...here, verb: 'get', resource: 'pods', subresource: 'log' }),
      ).toMatchObject({
        status: { allowed: true },
      });
      expect(await review(given().admin, { verb: '*', group: '*', resource: '*' })).toMatchObject({
        status: { allowed: true },
      });
    });

    test('what one may do is listed rule by rule', async () => {
      const { namespace } = given();
      const answer = await post(limited(), '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectRulesReview',
        spec: { namespace },
      });
      expect(answer.code).toBe(201);
      expect(answer.body.status).toMatchObject({
        incomplete: false,
        resourceRules: expect.arrayContaining([
          { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['configmaps'] },
          { verbs: ['get', 'list'], apiGroups: [''], resources: ['secrets'], resourceNames: ['open'] },
        ]),
        nonResourceRules: expect.arrayContaining([
          { verbs: ['get'], nonResourceURLs: expect.arrayContaining(['/apis', '/version']) },
        ]),
      });
    });

    test('somebody with the right to ask may ask about others', async () => {
      const { admin, namespace } = given();
      const ask = (verb: string): ReturnType<ApiClient['call']> =>
        admin.call('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
          method: 'POST',
          body: {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SubjectAccessReview',
            spec: {
              user: USER,
              groups: GROUPS,
              resourceAttributes: { namespace, verb, resource: 'configmaps' },
            },
          },
        });
      const [may, mayNot] = [await ask('list'), await ask('delete')];
      expect([may.code, at(may.body, 'status', 'allowed')]).toEqual([201, true]);
      expect(mayNot.body.status).toEqual({ allowed: false });
      const local = await admin.call(
        `/apis/authorization.k8s.io/v1/namespaces/${namespace}/localsubjectaccessreviews`,
        {
          method: 'POST',
          body: {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'LocalSubjectAccessReview',
            metadata: { namespace },
            spec: { user: USER, resourceAttributes: { namespace, verb: 'get', resource: 'configmaps' } },
          },
        },
      );
      expect([local.code, at(local.body, 'status', 'allowed')]).toEqual([201, true]);
    });

    test('who acts as another is that other, and only with the right to it', async () => {
      const who = await post(limited(), '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'SelfSubjectReview',
      });
      expect(who.code).toBe(201);
      expect(at(who.body, 'status', 'userInfo')).toMatchObject({ username: USER, groups: GROUPS });
    });

    test('a service account gets a token, is who it says, and may what it is granted', async () => {
      const { admin, namespace } = given();
      await create(admin, accounts(given()), {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'robot' },
      });
      const asked = await post(admin, `${accounts(given())}/robot/token`, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: 600 },
      });
      expect(asked.code).toBe(201);
      expect(asked.body).toMatchObject({
        kind: 'TokenRequest',
        apiVersion: 'authentication.k8s.io/v1',
        metadata: { name: 'robot', namespace },
        spec: { expirationSeconds: 600 },
        status: {
          expirationTimestamp: expect.any(String),
          token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        },
      });
      const token = String(at(asked.body, 'status', 'token'));
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
      expect(claims).toMatchObject({
        sub: `system:serviceaccount:${namespace}:robot`,
        aud: expect.any(Array),
        exp: claims.iat + 600,
        'kubernetes.io': { namespace, serviceaccount: { name: 'robot' } },
      });
      const robot = admin.withToken(token);
      const who = await post(robot, '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'SelfSubjectReview',
      });
      expect(at(who.body, 'status', 'userInfo')).toMatchObject({
        username: `system:serviceaccount:${namespace}:robot`,
        groups: expect.arrayContaining([
          'system:serviceaccounts',
          `system:serviceaccounts:${namespace}`,
          'system:authenticated',
        ]),
      });
      expect((await robot.call(configMaps(given()))).code).toBe(403);
      await create(
        admin,
        bindings(given()),
        binding('robot', WORD, [{ kind: 'ServiceAccount', name: 'robot', namespace }]),
      );
      expect((await robot.call(configMaps(given()))).code).toBe(200);
      const acting = await robot.actingAs(USER).call(configMaps(given()));
      expect(refusal(acting)).toEqual({
        code: 403,
        reason: 'Forbidden',
        message: `users "${USER}" is forbidden: User "system:serviceaccount:${namespace}:robot" cannot impersonate resource "users" in API group "" at the cluster scope`,
        details: { name: USER, kind: 'users' },
      });
    });

    test('a token cannot be asked for less than ten minutes', async () => {
      const { admin } = given();
      await create(admin, accounts(given()), {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'hasty' },
      });
      const asked = await post(admin, `${accounts(given())}/hasty/token`, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: 5 },
      });
      expect(asked.code).toBe(422);
      expect(asked.body.message).toMatch(
        /spec\.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes$/,
      );
    });

    test('nobody grants a right that they do not have', async () => {
      const { namespace } = given();
      const rule = { apiGroups: [''], resources: ['pods'], verbs: ['delete'] };
      const answer = await post(limited(), roles(given()), role('more', [rule]));
      expect(answer.code).toBe(403);
      expect(answer.body.reason).toBe('Forbidden');
      expect(answer.body.message).toBe(
        `roles.${RBAC} "more" is forbidden: user "${USER}" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}`,
      );
      const held = { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] };
      const fine = await post(limited(), roles(given()), role('less', [held]));
      expect(fine.code).toBe(201);
      await create(given().admin, roles(given()), role('strong', [rule]));
      const bound = await post(
        limited(),
        bindings(given()),
        binding('more', { ...WORD, name: 'strong' }, [LIMITED]),
      );
      expect(bound.code).toBe(403);
      expect(bound.body.message).toBe(
        `rolebindings.${RBAC} "more" is forbidden: user "${USER}" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}`,
      );
      expect(
        (
          await post(
            limited(),
            bindings(given()),
            binding('same', WORD, [{ kind: 'ServiceAccount', name: 'hasty', namespace }]),
          )
        ).code,
      ).toBe(201);
    });

    test('a binding keeps the role it was made for', async () => {
      const answer = await patch(given().admin, `${bindings(given())}/conformance-limited`, 'merge', {
        roleRef: { name: 'strong' },
      });
      expect(refusal(answer)).toMatchObject({
        code: 422,
        message: expect.stringMatching(/roleRef: Invalid value: .+: cannot change roleRef$/),
      });
    });
  });
}
