import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from './api-client.ts';
import {
  at,
  configMap,
  configMaps,
  create,
  type Given,
  namesOf,
  pods,
  refusal,
  versionOf,
  widget,
  widgets,
} from './target.ts';

const TABLE =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
const NAMES_ONLY = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';
const NAME_ONLY = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json';

/** Labels of the objects that selectors choose from. */
const LABELLED: Record<string, Record<string, string>> = {
  'read-a': { set: 'read', tier: 'front' },
  'read-b': { set: 'read', tier: 'back' },
  'read-c': { set: 'read' },
  'read-d': { set: 'read', tier: 'back', old: '' },
  'read-e': { set: 'read', tier: 'middle' },
};

export function describeReading(given: Given): void {
  describe('reading', () => {
    const list = (query = ''): string => `${configMaps(given())}?labelSelector=set%3Dread${query}`;
    beforeAll(async () => {
      const { admin } = given();
      for (const [name, labels] of Object.entries(LABELLED)) {
        await create(admin, configMaps(given()), configMap(name, {}, labels));
      }
      for (const name of ['paged-1', 'paged-2', 'paged-3', 'paged-4']) {
        await create(admin, widgets(given()), widget(name, { size: 3, color: 'red' }));
      }
    });

    test('lists come in the order of their names, items of built-in kinds without kind', async () => {
      const { code, body } = await given().admin.call(list());
      expect({ code, kind: body.kind, apiVersion: body.apiVersion, names: namesOf(body) }).toEqual({
        code: 200,
        kind: 'ConfigMapList',
        apiVersion: 'v1',
        names: Object.keys(LABELLED),
      });
      expect(versionOf(body)).toMatch(/^\d+$/);
      expect(at(body, 'items', 0)).not.toHaveProperty('kind');
    });

    test('items of custom resources carry theirs', async () => {
      const { body } = await given().admin.call(widgets(given()));
      expect(body.kind).toBe('WidgetList');
      expect(at(body, 'items', 0)).toMatchObject({
        apiVersion: 'conformance.example.com/v1',
        kind: 'Widget',
      });
    });

    test('pages are one snapshot, whatever happens between them', async () => {
      const { admin } = given();
      const path = widgets(given());
      const first = (await admin.call(`${path}?limit=2`)).body;
      expect([namesOf(first), at(first, 'metadata', 'remainingItemCount')]).toEqual([
        ['paged-1', 'paged-2'],
        2,
      ]);
      await create(admin, path, widget('paged-9'));
      await admin.call(`${path}/paged-4`, { method: 'DELETE' });
      const token = encodeURIComponent(String(at(first, 'metadata', 'continue')));
      const second = (await admin.call(`${path}?limit=1&continue=${token}`)).body;
      expect([namesOf(second), at(second, 'metadata', 'remainingItemCount'), versionOf(second)]).toEqual([
        ['paged-3'],
        1,
        versionOf(first),
      ]);
      const next = encodeURIComponent(String(at(second, 'metadata', 'continue')));
      const last = (await admin.call(`${path}?limit=2&continue=${next}`)).body;
      // Lists of custom resources always have the field.
      expect([namesOf(last), at(last, 'metadata', 'continue')]).toEqual([['paged-4'], '']);
      expect(namesOf((await admin.call(`${path}?limit=500`)).body)).toEqual([
        'paged-1',
        'paged-2',
        'paged-3',
        'paged-9',
      ]);
    });

    test('with a selector nobody counts what remains', async () => {
      const { body } = await given().admin.call(list('&limit=2'));
      expect(namesOf(body)).toEqual(['read-a', 'read-b']);
      expect(at(body, 'metadata', 'continue')).toEqual(expect.any(String));
      expect(at(body, 'metadata', 'remainingItemCount')).toBeUndefined();
    });

    test('a continue token that is none is refused', async () => {
      const answer = await given().admin.call(`${configMaps(given())}?limit=1&continue=nonsense`);
      expect(refusal(answer)).toEqual({
        code: 400,
        reason: 'BadRequest',
        message: expect.stringMatching(/^invalid continue token: continue key is not valid: /),
        details: null,
      });
    });

    test('an exact version shows the past', async () => {
      const { admin } = given();
      const before = (await admin.call(list())).body;
      await create(admin, configMaps(given()), configMap('read-z', {}, { set: 'read' }));
      const past = await admin.call(list(`&resourceVersion=${versionOf(before)}&resourceVersionMatch=Exact`));
      expect([namesOf(past.body), versionOf(past.body)]).toEqual([Object.keys(LABELLED), versionOf(before)]);
      await admin.call(`${configMaps(given())}/read-z`, { method: 'DELETE' });
    });

    test('any version will do for those who ask for 0, and a newer one for those who name one', async () => {
      const { admin } = given();
      const { body } = await admin.call(list());
      for (const query of [
        '&resourceVersion=0',
        `&resourceVersion=${versionOf(body)}&resourceVersionMatch=NotOlderThan`,
      ]) {
        expect(namesOf((await admin.call(list(query))).body)).toEqual(Object.keys(LABELLED));
      }
    });

    test.each<[string, string]>([
      [
        'resourceVersionMatch=Exact',
        'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
      ],
      [
        'resourceVersion=0&resourceVersionMatch=Exact',
        'resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
      ],
      [
        'resourceVersion=1&resourceVersionMatch=Roughly',
        'resourceVersionMatch: Unsupported value: "Roughly": supported values: "Exact", "NotOlderThan", ""',
      ],
      ['sendInitialEvents=true', 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list'],
    ])('%s is refused for a list', async (query, problem) => {
      const answer = await given().admin.call(`${configMaps(given())}?${query}`);
      expect(answer.code).toBe(422);
      expect(answer.body.reason).toBe('Invalid');
      expect(answer.body.message).toContain(problem);
    });

    test('a version from the future times out and names the present one', async () => {
      const answer = await given().admin.call(`${configMaps(given())}?resourceVersion=999999999`);
      expect(refusal(answer)).toEqual({
        code: 504,
        reason: 'Timeout',
        message: expect.stringMatching(/^Timeout: Too large resource version: 999999999, current: \d+$/),
        details: {
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
          retryAfterSeconds: 1,
        },
      });
      expect(answer.headers['retry-after']).toBe('1');
    });

    test.each<[string, string[]]>([
      ['tier=back', ['read-b', 'read-d']],
      ['tier==front', ['read-a']],
      ['tier!=back', ['read-a', 'read-c', 'read-e']],
      ['tier in (front,middle)', ['read-a', 'read-e']],
      ['tier notin (back)', ['read-a', 'read-c', 'read-e']],
      ['tier', ['read-a', 'read-b', 'read-d', 'read-e']],
      ['!tier', ['read-c']],
      ['old=', ['read-d']],
      ['tier in (back),!old', ['read-b']],
    ])('labels: %s', async (selector, names) => {
      const query = `set=read,${selector}`;
      const { body } = await given().admin.call(
        `${configMaps(given())}?labelSelector=${encodeURIComponent(query)}`,
      );
      expect(namesOf(body)).toEqual(names);
    });

    test.each<[string, string[]]>([
      ['metadata.name=read-b', ['read-b']],
      ['metadata.name!=read-b', ['read-a', 'read-c', 'read-d', 'read-e']],
      ['metadata.name==read-a,metadata.namespace!=x', ['read-a']],
    ])('fields: %s', async (selector, names) => {
      const { body } = await given().admin.call(list(`&fieldSelector=${encodeURIComponent(selector)}`));
      expect(namesOf(body)).toEqual(names);
    });

    test('selectors that cannot be understood, or fields that nobody selects by, are refused', async () => {
      const { admin } = given();
      const message = async (path: string): Promise<unknown[]> => {
        const { code, body } = await admin.call(path);
        return [code, body.reason, body.message];
      };
      expect(await message(`${configMaps(given())}?fieldSelector=spec.color%3Dred`)).toEqual([
        400,
        'BadRequest',
        '"spec.color" is not a known field selector: only "metadata.name", "metadata.namespace"',
      ]);
      expect(await message(`${pods(given())}?fieldSelector=spec.color%3Dred`)).toEqual([
        400,
        'BadRequest',
        'field label not supported: spec.color',
      ]);
      expect(await message(`${widgets(given())}?fieldSelector=spec.color%3Dred`)).toEqual([
        400,
        'BadRequest',
        'field label not supported: spec.color',
      ]);
      const [code, reason, text] = await message(`${configMaps(given())}?labelSelector=a%20b`);
      expect([code, reason]).toEqual([400, 'BadRequest']);
      expect(text).toMatch(/unable to parse requirement/);
    });

    test('a table has the columns of the kind, and metadata beside each row', async () => {
      const { contentType, body } = await given().admin.call(`${widgets(given())}?limit=1`, {
        accept: TABLE,
      });
      expect(contentType).toBe('application/json');
      expect(body).toMatchObject({
        kind: 'Table',
        apiVersion: 'meta.k8s.io/v1',
        metadata: {
          resourceVersion: expect.any(String),
          continue: expect.any(String),
          remainingItemCount: expect.any(Number),
        },
        columnDefinitions: [
          { name: 'Name', type: 'string', format: 'name', priority: 0 },
          { name: 'Size', type: 'integer', format: '', priority: 0 },
          { name: 'Color', type: 'string', format: '', priority: 1 },
          { name: 'Phase', type: 'string', format: '', priority: 0 },
        ],
        rows: [
          {
            cells: ['paged-1', 3, 'red', null],
            object: {
              kind: 'PartialObjectMetadata',
              apiVersion: 'meta.k8s.io/v1',
              metadata: { name: 'paged-1' },
            },
          },
        ],
      });
      const rowWith = async (include: string): Promise<JsonObject> => {
        const answer = await given().admin.call(`${widgets(given())}?limit=1&includeObject=${include}`, {
          accept: TABLE,
        });
        return at(answer.body, 'rows', 0) as JsonObject;
      };
      expect((await rowWith('Object')).object).toMatchObject({ kind: 'Widget', spec: { size: 3 } });
      expect((await rowWith('None')).object ?? null).toBeNull();
    });

    test('built-in kinds have the columns that kubectl prints', async () => {
      const { body } = await given().admin.call(
        `${configMaps(given())}?fieldSelector=metadata.name%3Dread-a`,
        {
          accept: TABLE,
        },
      );
      expect(body).toMatchObject({
        columnDefinitions: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }],
        rows: [{ cells: ['read-a', 0, expect.stringMatching(/^\d+[sm]/)] }],
      });
    });

    test('metadata alone comes as such, for one and for many', async () => {
      const many = (await given().admin.call(list(), { accept: NAMES_ONLY })).body;
      expect([many.kind, many.apiVersion, namesOf(many)]).toEqual([
        'PartialObjectMetadataList',
        'meta.k8s.io/v1',
        Object.keys(LABELLED),
      ]);
      const one = await given().admin.call(`${configMaps(given())}/read-a`, { accept: NAME_ONLY });
      expect(one.body).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'read-a' } });
      expect(one.body).not.toHaveProperty('data');
    });

    test('a client that takes nothing on offer is told what there is', async () => {
      const custom = await given().admin.call(widgets(given()), { accept: 'text/html' });
      expect([custom.code, custom.body.reason, custom.body.message]).toEqual([
        406,
        'NotAcceptable',
        'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      ]);
      const builtIn = await given().admin.call(configMaps(given()), { accept: 'text/html' });
      expect([builtIn.code, builtIn.body.reason, builtIn.body.message]).toEqual([
        406,
        'NotAcceptable',
        '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
      ]);
    });

    test('YAML is served to those who ask for it', async () => {
      const { code, contentType, text } = await given().admin.call(`${configMaps(given())}/read-a`, {
        accept: 'application/yaml',
      });
      expect([code, contentType]).toEqual([200, 'application/yaml']);
      expect(parse(text)).toMatchObject({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'read-a' },
      });
    });

    test('a timeout that is none is refused', async () => {
      const answer = await given().admin.call(`${configMaps(given())}?timeout=soon`);
      expect(refusal(answer)).toMatchObject({
        code: 400,
        reason: 'BadRequest',
        message: 'invalid timeout specified in the request URL - time: invalid duration "soon"',
      });
    });

    test('an object that is not there is named', async () => {
      const { admin, namespace } = given();
      expect(refusal(await admin.call(`${configMaps(given())}/nope`))).toEqual({
        code: 404,
        reason: 'NotFound',
        message: 'configmaps "nope" not found',
        details: { name: 'nope', kind: 'configmaps' },
      });
      expect(refusal(await admin.call(`/apis/apps/v1/namespaces/${namespace}/deployments/nope`))).toEqual({
        code: 404,
        reason: 'NotFound',
        message: 'deployments.apps "nope" not found',
        details: { name: 'nope', group: 'apps', kind: 'deployments' },
      });
    });

    test('every answer can be traced', async () => {
      const { headers } = await given().admin.call(configMaps(given()));
      expect(headers).toMatchObject({
        'audit-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'cache-control': 'no-cache, private',
        'x-kubernetes-pf-flowschema-uid': expect.any(String),
        'x-kubernetes-pf-prioritylevel-uid': expect.any(String),
      });
    });

    test('events are one set of objects behind two APIs', async () => {
      const { admin, namespace } = given();
      const events = `/api/v1/namespaces/${namespace}/events`;
      await create(admin, events, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'read-a.1' },
        involvedObject: { kind: 'ConfigMap', namespace, name: 'read-a', uid: 'u-1' },
        reason: 'Looked',
        message: 'somebody looked',
        type: 'Normal',
        source: { component: 'suite' },
        count: 2,
        firstTimestamp: '2025-01-01T00:00:00Z',
        lastTimestamp: '2025-01-01T00:01:00Z',
      });
      const selected = await admin.call(
        `${events}?fieldSelector=${encodeURIComponent('involvedObject.name=read-a,involvedObject.uid=u-1,type=Normal')}`,
      );
      expect(at(selected.body, 'items', 0)).toMatchObject({
        reason: 'Looked',
        message: 'somebody looked',
        source: { component: 'suite' },
        eventTime: null,
        reportingComponent: expect.any(String),
        reportingInstance: '',
      });
      const newer = await admin.call(`/apis/events.k8s.io/v1/namespaces/${namespace}/events/read-a.1`);
      expect(newer.body).toMatchObject({
        kind: 'Event',
        apiVersion: 'events.k8s.io/v1',
        note: 'somebody looked',
        regarding: { kind: 'ConfigMap', name: 'read-a' },
        deprecatedCount: 2,
        deprecatedSource: { component: 'suite' },
        deprecatedLastTimestamp: '2025-01-01T00:01:00Z',
      });
    });
  });

  describe('after a compaction', () => {
    test('old versions are expired; a continue token may go on without its snapshot', async (context) => {
      const { admin, compact } = given();
      if (compact === null) return context.skip('only the server’s owner can compact its history');
      const path = configMaps(given());
      const first = (await admin.call(`${path}?limit=2`)).body;
      await create(admin, path, configMap('compacted-1'));
      await create(admin, path, configMap('compacted-2'));
      await compact();
      const exact = await admin.call(
        `${path}?resourceVersion=${versionOf(first)}&resourceVersionMatch=Exact`,
      );
      expect(refusal(exact)).toMatchObject({
        code: 410,
        reason: 'Expired',
        message: 'The resourceVersion for the provided list is too old.',
      });
      const token = encodeURIComponent(String(at(first, 'metadata', 'continue')));
      const expired = await admin.call(`${path}?limit=2&continue=${token}`);
      expect(refusal(expired)).toMatchObject({
        code: 410,
        reason: 'Expired',
        message: expect.stringMatching(
          /^The provided continue parameter is too old to display a consistent list result\. /,
        ),
      });
      const onward = encodeURIComponent(String(at(expired.body, 'metadata', 'continue')));
      const rest = await admin.call(`${path}?limit=500&continue=${onward}`);
      expect(rest.code).toBe(200);
      expect(namesOf(rest.body)).toContain('read-e');
      for (const name of namesOf(first)) expect(namesOf(rest.body)).not.toContain(name);
    });
  });
}
