import { describe, expect, test } from 'vitest';
import { at, DEFINITION, type Given, GROUP, WIDGET } from './target.ts';

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

const PAGE = '404 page not found\n';

/** Below a group that Kubernetes itself serves, what is not there is a Status; elsewhere it is a page. */
const STATUS = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'the server could not find the requested resource',
  reason: 'NotFound',
  details: {},
  code: 404,
};

export function describeDiscovery(given: Given): void {
  describe('discovery', () => {
    test('the version is told in numbers as text', async () => {
      const { code, body } = await given().admin.call('/version');
      expect(code).toBe(200);
      expect(body.major).toBe('1');
      expect(String(body.minor)).toMatch(/^\d+/);
      expect(String(body.gitVersion)).toMatch(/^v1\.\d+\.\d+/);
      expect(body.platform).toEqual(expect.any(String));
    });

    test('health answers ok, and a list for those who want one', async () => {
      for (const path of ['/healthz', '/livez', '/readyz']) {
        const { code, text } = await given().admin.call(path);
        expect([path, code, text]).toEqual([path, 200, 'ok']);
      }
      expect((await given().admin.call('/readyz?verbose')).text).toMatch(
        /^\[\+\]ping ok\n[\s\S]+check passed\n$/,
      );
    });

    test('the plain form lists groups by preference and resources with their subresources', async () => {
      const { admin } = given();
      expect((await admin.call('/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
      const groups = (await admin.call('/apis')).body;
      expect(groups).toMatchObject({
        kind: 'APIGroupList',
        apiVersion: 'v1',
        groups: expect.arrayContaining([
          {
            name: 'apps',
            versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
            preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
          },
          {
            name: GROUP,
            versions: [{ groupVersion: WIDGET, version: 'v1' }],
            preferredVersion: { groupVersion: WIDGET, version: 'v1' },
          },
        ]),
      });
      expect((await admin.call('/apis/apps')).body).toEqual({
        kind: 'APIGroup',
        apiVersion: 'v1',
        name: 'apps',
        versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
        preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
      });
      expect((await admin.call('/api/v1')).body).toMatchObject({
        kind: 'APIResourceList',
        groupVersion: 'v1',
        resources: expect.arrayContaining([
          expect.objectContaining({
            name: 'pods',
            singularName: 'pod',
            namespaced: true,
            kind: 'Pod',
            shortNames: ['po'],
            categories: ['all'],
            verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
          }),
          { name: 'pods/log', singularName: '', namespaced: true, kind: 'Pod', verbs: ['get'] },
          {
            name: 'pods/eviction',
            singularName: '',
            namespaced: true,
            group: 'policy',
            version: 'v1',
            kind: 'Eviction',
            verbs: ['create'],
          },
          {
            name: 'serviceaccounts/token',
            singularName: '',
            namespaced: true,
            group: 'authentication.k8s.io',
            version: 'v1',
            kind: 'TokenRequest',
            verbs: ['create'],
          },
        ]),
      });
    });

    test('a custom resource is discovered as its definition says', async () => {
      const { body } = await given().admin.call(`/apis/${WIDGET}`);
      expect(body).toEqual({
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: WIDGET,
        resources: [
          {
            name: 'widgets',
            singularName: 'widget',
            namespaced: true,
            kind: 'Widget',
            verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
            shortNames: ['wdg'],
            categories: ['conformance'],
            storageVersionHash: expect.any(String),
          },
          {
            name: 'widgets/status',
            singularName: '',
            namespaced: true,
            kind: 'Widget',
            verbs: ['get', 'patch', 'update'],
          },
          {
            name: 'widgets/scale',
            singularName: '',
            namespaced: true,
            group: 'autoscaling',
            version: 'v1',
            kind: 'Scale',
            verbs: ['get', 'patch', 'update'],
          },
        ],
      });
    });

    test('the aggregated form holds all of it in one answer, which a tag keeps from being sent twice', async () => {
      const { admin } = given();
      const answer = await admin.call('/apis', { accept: AGGREGATED });
      expect(answer.contentType).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
      expect(answer.headers.vary).toBe('Accept');
      expect(answer.body).toMatchObject({
        kind: 'APIGroupDiscoveryList',
        apiVersion: 'apidiscovery.k8s.io/v2',
      });
      const items = answer.body.items;
      const own = Array.isArray(items)
        ? items.find((item) => at(item, 'metadata', 'name') === GROUP)
        : undefined;
      expect(at(own, 'versions', 0)).toEqual({
        version: 'v1',
        resources: [
          {
            resource: 'widgets',
            responseKind: { group: GROUP, version: 'v1', kind: 'Widget' },
            scope: 'Namespaced',
            singularResource: 'widget',
            verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
            shortNames: ['wdg'],
            categories: ['conformance'],
            subresources: [
              {
                subresource: 'status',
                responseKind: { group: GROUP, version: 'v1', kind: 'Widget' },
                verbs: ['get', 'patch', 'update'],
              },
              {
                subresource: 'scale',
                responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
                verbs: ['get', 'patch', 'update'],
              },
            ],
          },
        ],
        freshness: 'Current',
      });
      const headers = { 'If-None-Match': String(answer.headers.etag) };
      expect((await admin.call('/apis', { accept: AGGREGATED, headers })).code).toBe(304);
    });

    test('what is not served is a page of text, or a Status below the groups of Kubernetes itself', async () => {
      const { admin, namespace } = given();
      for (const path of [
        '/apis/nothing.example.com',
        '/apis/nothing.example.com/v1',
        `/apis/${GROUP}/v9`,
        `/apis/${WIDGET}/namespaces/${namespace}/gadgets`,
        `/apis/${WIDGET}/widgets/one`,
        '/nowhere',
      ]) {
        const { code, contentType, text } = await admin.call(path);
        expect([path, code, contentType, text]).toEqual([path, 404, 'text/plain; charset=utf-8', PAGE]);
      }
      for (const path of [
        '/apis/apps/v7',
        '/apis/apps/v1/nothings',
        '/api/v1/nothings',
        `/api/v1/namespaces/${namespace}/nodes`,
      ]) {
        const { code, body } = await admin.call(path);
        expect([path, code, body]).toEqual([path, 404, STATUS]);
      }
    });

    test('schemas are found through their index, by group version', async () => {
      const { admin } = given();
      const index = JSON.parse((await admin.call('/openapi/v3')).text);
      const url = String(at(index, 'paths', `apis/${WIDGET}`, 'serverRelativeURL'));
      expect(url).toMatch(new RegExp(`^/openapi/v3/apis/${WIDGET}\\?hash=[0-9A-F]+$`));
      const { body, headers } = await admin.call(url);
      expect(headers['cache-control']).toMatch(/immutable/);
      expect(body.openapi).toBe('3.0.0');
      expect(at(body, 'components', 'schemas', 'com.example.conformance.v1.Widget')).toMatchObject({
        type: 'object',
        description: 'Widget is what the contract suite makes.',
        'x-kubernetes-group-version-kind': [{ group: GROUP, version: 'v1', kind: 'Widget' }],
        properties: {
          apiVersion: { type: 'string' },
          kind: { type: 'string' },
          spec: {
            required: ['size'],
            properties: { size: { type: 'integer', minimum: 1, maximum: 9 }, color: { default: 'green' } },
          },
        },
      });
      const stale = await admin.call(url.replace(/hash=.+$/, 'hash=00'));
      expect([stale.code, stale.headers.location]).toEqual([301, url]);
    });

    test('the older schema document has every kind too', async () => {
      const { contentType, text } = await given().admin.call('/openapi/v2');
      expect(contentType).toMatch(/^application\/json/);
      const document = JSON.parse(text);
      expect(document.swagger).toBe('2.0');
      expect(document.definitions['com.example.conformance.v1.Widget']).toMatchObject({
        type: 'object',
        'x-kubernetes-group-version-kind': [{ group: GROUP, kind: 'Widget', version: 'v1' }],
      });
      expect(document.definitions['io.k8s.api.core.v1.ConfigMap']).toMatchObject({
        type: 'object',
        'x-kubernetes-group-version-kind': [{ group: '', kind: 'ConfigMap', version: 'v1' }],
        properties: { data: { type: 'object', additionalProperties: { type: 'string' } } },
      });
    });

    test('a definition tells that it is accepted and established', async () => {
      const { body } = await given().admin.call(
        `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${DEFINITION}`,
      );
      expect(at(body, 'status')).toMatchObject({
        conditions: [
          { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
          {
            type: 'Established',
            status: 'True',
            reason: 'InitialNamesAccepted',
            message: 'the initial names have been accepted',
          },
        ],
        acceptedNames: { plural: 'widgets', kind: 'Widget', listKind: 'WidgetList' },
        storedVersions: ['v1'],
      });
    });
  });
}
