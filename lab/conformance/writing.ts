import { describe, expect, test } from 'vitest';
import type { JsonObject } from './api-client.ts';
import {
  at,
  configMap,
  configMaps,
  create,
  deployment,
  deployments,
  type Given,
  patch,
  pod,
  pods,
  refusal,
  versionOf,
  widget,
  widgets,
} from './target.ts';

export function describeWriting(given: Given): void {
  describe('writing', () => {
    test('creation gives an identity and remembers who wrote what', async () => {
      const { admin, namespace } = given();
      const answer = await admin.call(configMaps(given()), {
        method: 'POST',
        body: configMap('made', { a: '1' }),
      });
      expect(answer.code).toBe(201);
      expect(answer.body).toEqual({
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: {
          name: 'made',
          namespace,
          uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
          resourceVersion: expect.stringMatching(/^\d+$/),
          creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          managedFields: [
            {
              manager: 'conformance',
              operation: 'Update',
              apiVersion: 'v1',
              time: expect.any(String),
              fieldsType: 'FieldsV1',
              fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } },
            },
          ],
        },
        data: { a: '1' },
      });
    });

    test('a name is taken once', async () => {
      const { admin } = given();
      await create(admin, configMaps(given()), configMap('twice'));
      const answer = await admin.call(configMaps(given()), { method: 'POST', body: configMap('twice') });
      expect(refusal(answer)).toEqual({
        code: 409,
        reason: 'AlreadyExists',
        message: 'configmaps "twice" already exists',
        details: { name: 'twice', kind: 'configmaps' },
      });
    });

    test('generateName makes a new name each time', async () => {
      const { admin } = given();
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'gen-' } };
      const names = [];
      for (let made = 0; made < 3; made += 1) {
        names.push(at(await create(admin, configMaps(given()), body), 'metadata', 'name'));
      }
      expect(new Set(names).size).toBe(3);
      for (const name of names) expect(name).toMatch(/^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    });

    test.each<[string, object, number, RegExp]>([
      [
        'no name',
        {},
        422,
        /^ConfigMap "" is invalid: metadata\.name: Required value: name or generateName is required$/,
      ],
      [
        'a name with capitals',
        { name: 'Loud' },
        422,
        /^ConfigMap "Loud" is invalid: metadata\.name: Invalid value: "Loud": a lowercase RFC 1123 subdomain must consist of/,
      ],
      [
        'another namespace',
        { name: 'x', namespace: 'elsewhere' },
        400,
        /^the namespace of the provided object does not match the namespace sent on the request$/,
      ],
      [
        'a label that is none',
        { name: 'x', labels: { a: 'not a label' } },
        422,
        /^ConfigMap "x" is invalid: metadata\.labels: Invalid value: "not a label": a valid label must be an empty string or consist of/,
      ],
    ])('%s is refused', async (_what, metadata, code, message) => {
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
      const answer = await given().admin.call(configMaps(given()), { method: 'POST', body });
      expect(answer.code).toBe(code);
      expect(answer.body.message).toMatch(message);
    });

    test('a namespace that is not there is named', async () => {
      const answer = await given().admin.call('/api/v1/namespaces/nowhere-at-all/configmaps', {
        method: 'POST',
        body: configMap('x'),
      });
      expect(refusal(answer)).toEqual({
        code: 404,
        reason: 'NotFound',
        message: 'namespaces "nowhere-at-all" not found',
        details: { name: 'nowhere-at-all', kind: 'namespaces' },
      });
    });

    test('bodies that are not what the path says are refused', async () => {
      const { admin } = given();
      const post = async (body: unknown, contentType?: string): Promise<unknown[]> => {
        const answer = await admin.call(configMaps(given()), {
          method: 'POST',
          body,
          ...(contentType === undefined ? {} : { contentType }),
        });
        return [answer.code, answer.body.reason, answer.body.message];
      };
      expect(await post({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } })).toEqual([
        400,
        'BadRequest',
        'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
      ]);
      expect(await post('{broken')).toEqual([
        400,
        'BadRequest',
        expect.stringMatching(
          /^the object provided is unrecognized \(must be of type ConfigMap\): couldn't get version\/kind; json parse error: /,
        ),
      ]);
      expect(await post('a: b', 'text/plain')).toEqual([
        415,
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      ]);
      expect(await post({ ...configMap('x'), data: { a: 1 } })).toEqual([
        400,
        'BadRequest',
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
      ]);
      expect((await post({ metadata: { name: 'kindless' } }))[0]).toBe(201);
      const custom = await admin.call(widgets(given()), {
        method: 'POST',
        body: { metadata: { name: 'x' } },
      });
      expect(refusal(custom)).toMatchObject({
        code: 400,
        message:
          'the object provided is unrecognized (must be of type Widget): Object \'Kind\' is missing in \'{"metadata":{"name":"x"}}\' ({"metadata":{"name":"x"}})',
      });
      const foreign = await admin.call(widgets(given()), { method: 'POST', body: configMap('x') });
      expect(refusal(foreign)).toMatchObject({
        code: 400,
        message:
          'the API version in the data (v1) does not match the expected API version (conformance.example.com/v1)',
      });
    });

    test('YAML is as good as JSON', async () => {
      const answer = await given().admin.call(configMaps(given()), {
        method: 'POST',
        contentType: 'application/yaml',
        body: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: "1"\n',
      });
      expect([answer.code, at(answer.body, 'data')]).toEqual([201, { a: '1' }]);
    });

    test('an update needs the latest version, where it names one', async () => {
      const { admin } = given();
      const one = `${configMaps(given())}/updated`;
      const made = await create(admin, configMaps(given()), configMap('updated', { a: '1' }));
      const put = (body: unknown): ReturnType<typeof admin.call> => admin.call(one, { method: 'PUT', body });
      const second = await put({ ...made, data: { a: '2' } });
      expect([second.code, at(second.body, 'data')]).toEqual([200, { a: '2' }]);
      expect(refusal(await put({ ...made, data: { a: '3' } }))).toEqual({
        code: 409,
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on configmaps "updated": the object has been modified; please apply your changes to the latest version and try again',
        details: { name: 'updated', kind: 'configmaps' },
      });
      expect((await put(configMap('updated', { a: '4' }))).code).toBe(200);
      expect(refusal(await put(configMap('other')))).toMatchObject({
        code: 400,
        message: 'the name of the object (other) does not match the name on the URL (updated)',
      });
      const absent = await admin.call(`${configMaps(given())}/absent`, {
        method: 'PUT',
        body: configMap('absent'),
      });
      expect(refusal(absent)).toMatchObject({ code: 404, message: 'configmaps "absent" not found' });
    });

    test('an update that changes nothing keeps the version', async () => {
      const { admin } = given();
      const made = await create(admin, configMaps(given()), configMap('still', { a: '1' }));
      const again = await admin.call(`${configMaps(given())}/still`, { method: 'PUT', body: made });
      expect([again.code, versionOf(again.body)]).toEqual([200, versionOf(made)]);
      const patched = await patch(admin, `${configMaps(given())}/still`, 'merge', { data: { a: '1' } });
      expect(versionOf(patched.body)).toBe(versionOf(made));
    });

    test('identity is not for clients to change', async () => {
      const { admin, namespace } = given();
      const made = await create(admin, configMaps(given()), configMap('identity'));
      const put = await admin.call(`${configMaps(given())}/identity`, {
        method: 'PUT',
        body: { ...configMap('identity'), metadata: { name: 'identity', uid: 'another' } },
      });
      expect(refusal(put)).toEqual({
        code: 409,
        reason: 'Conflict',
        message: `Operation cannot be fulfilled on configmaps "identity": StorageError: invalid object, Code: 4, Key: /registry/configmaps/${namespace}/identity, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: another, UID in object meta: ${at(made, 'metadata', 'uid')}`,
        details: { name: 'identity', kind: 'configmaps' },
      });
    });

    test('merge patches set, replace and remove', async () => {
      const { admin } = given();
      await create(admin, configMaps(given()), configMap('merged', { a: '1', b: '2' }));
      const { code, body } = await patch(admin, `${configMaps(given())}/merged`, 'merge', {
        data: { a: null, c: '3' },
        metadata: { annotations: { note: 'x' } },
      });
      expect([code, body.data, at(body, 'metadata', 'annotations')]).toEqual([
        200,
        { b: '2', c: '3' },
        { note: 'x' },
      ]);
      const stale = await patch(admin, `${configMaps(given())}/merged`, 'merge', {
        metadata: { resourceVersion: '1' },
        data: { d: '4' },
      });
      expect([stale.code, stale.body.reason]).toEqual([409, 'Conflict']);
    });

    test('JSON patches test before they change', async () => {
      const { admin } = given();
      await create(admin, configMaps(given()), configMap('pointed', { a: '1' }));
      const one = `${configMaps(given())}/pointed`;
      const right = await patch(admin, one, 'json', [
        { op: 'test', path: '/data/a', value: '1' },
        { op: 'add', path: '/data/b', value: '2' },
        { op: 'remove', path: '/data/a' },
      ]);
      expect([right.code, right.body.data]).toEqual([200, { b: '2' }]);
      const wrong = await patch(admin, one, 'json', [{ op: 'test', path: '/data/b', value: 'x' }]);
      expect(refusal(wrong)).toMatchObject({
        code: 422,
        reason: 'Invalid',
        message: 'the server rejected our request due to an error in our request',
      });
      const missing = await patch(admin, one, 'json', [{ op: 'remove', path: '/data/z' }]);
      expect([missing.code, missing.body.reason]).toEqual([422, 'Invalid']);
      expect((await patch(admin, one, 'json', { op: 'add' })).code).toBe(400);
    });

    test('strategic patches merge containers by name, and remove what they are told to', async () => {
      const { admin } = given();
      await create(admin, deployments(given()), deployment('strategic'));
      const one = `${deployments(given())}/strategic`;
      const inPod = (spec: object): object => ({ spec: { template: { spec } } });
      const added = await patch(
        admin,
        one,
        'strategic',
        inPod({
          containers: [
            { name: 'main', env: [{ name: 'B', value: '2' }] },
            { name: 'side', image: 'example.com/side:1' },
          ],
        }),
      );
      expect(added.code).toBe(200);
      expect(at(added.body, 'spec', 'template', 'spec', 'containers')).toMatchObject([
        {
          name: 'main',
          image: 'example.com/none:1',
          env: expect.arrayContaining([
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ]),
        },
        { name: 'side' },
      ]);
      const removed = await patch(
        admin,
        one,
        'strategic',
        inPod({
          containers: [
            { name: 'side', $patch: 'delete' },
            { name: 'main', env: [{ name: 'A', $patch: 'delete' }] },
          ],
        }),
      );
      expect(at(removed.body, 'spec', 'template', 'spec', 'containers')).toMatchObject([
        { name: 'main', env: [{ name: 'B', value: '2' }] },
      ]);
      expect(at(removed.body, 'spec', 'template', 'spec', 'containers')).toHaveLength(1);
    });

    test('a patch of an unknown type is refused', async () => {
      const untyped = { method: 'PATCH', contentType: 'application/json', body: {} } as const;
      await create(given().admin, configMaps(given()), configMap('untyped'));
      await create(given().admin, widgets(given()), widget('untyped'));
      expect(refusal(await given().admin.call(`${configMaps(given())}/untyped`, untyped))).toMatchObject({
        code: 415,
        reason: 'UnsupportedMediaType',
        message: '415: Unsupported Media Type',
      });
      expect(refusal(await given().admin.call(`${widgets(given())}/untyped`, untyped))).toMatchObject({
        code: 415,
        reason: 'UnsupportedMediaType',
        message:
          'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      });
    });

    test('a dry run answers as the real thing and leaves nothing behind', async () => {
      const { admin } = given();
      const path = configMaps(given());
      const made = await admin.call(`${path}?dryRun=All`, {
        method: 'POST',
        body: configMap('dry', { a: '1' }),
      });
      expect([made.code, at(made.body, 'metadata', 'uid')]).toEqual([201, expect.any(String)]);
      expect((await admin.call(`${path}/dry`)).code).toBe(404);
      const kept = await create(admin, path, configMap('kept', { a: '1' }));
      const changed = await patch(admin, `${path}/kept?dryRun=All`, 'merge', { data: { a: '2' } });
      expect([changed.code, changed.body.data]).toEqual([200, { a: '2' }]);
      expect((await admin.call(`${path}/kept?dryRun=All`, { method: 'DELETE' })).code).toBe(200);
      const after = (await admin.call(`${path}/kept`)).body;
      expect([after.data, versionOf(after)]).toEqual([{ a: '1' }, versionOf(kept)]);
      const unknown = await admin.call(`${path}?dryRun=Some`, { method: 'POST', body: configMap('dry') });
      expect(unknown.code).toBe(422);
      expect(unknown.body.message).toMatch(
        /^CreateOptions\.meta\.k8s\.io "" is invalid: dryRun: Unsupported value: \[\]string\{"Some"\}: supported values: "All"$/,
      );
    });

    test('unknown fields: refused when asked to be strict, else dropped with a warning or in silence', async () => {
      const { admin } = given();
      const path = configMaps(given());
      const body = { ...configMap('unknown'), surprise: 1 };
      const strict = await admin.call(`${path}?fieldValidation=Strict`, { method: 'POST', body });
      expect(refusal(strict)).toMatchObject({
        code: 400,
        reason: 'BadRequest',
        message:
          'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "surprise"',
      });
      const warned = await admin.call(`${path}?fieldValidation=Warn&dryRun=All`, { method: 'POST', body });
      expect([warned.code, warned.headers.warning]).toEqual([201, '299 - "unknown field \\"surprise\\""']);
      const silent = await admin.call(`${path}?fieldValidation=Ignore&dryRun=All`, { method: 'POST', body });
      expect([silent.code, silent.headers.warning, 'surprise' in silent.body]).toEqual([
        201,
        undefined,
        false,
      ]);
    });

    test('a Deployment counts its generations, and its scale is an object of its own', async () => {
      const { admin, namespace } = given();
      const made = await create(admin, deployments(given()), deployment('scaled'));
      expect(at(made, 'metadata', 'generation')).toBe(1);
      const scale = await admin.call(`${deployments(given())}/scaled/scale`);
      expect(scale.body).toMatchObject({
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name: 'scaled' },
        spec: {},
        status: { replicas: 0, selector: 'app=scaled' },
      });
      const wide = await admin.call(`${deployments(given())}/scaled/scale`, {
        method: 'PUT',
        // No version: a controller may have written a status meanwhile.
        body: { ...scale.body, metadata: { name: 'scaled', namespace }, spec: { replicas: 0 } },
      });
      expect(wide.code).toBe(200);
      const labelled = await patch(admin, `${deployments(given())}/scaled`, 'merge', {
        metadata: { labels: { a: 'b' } },
      });
      expect(at(labelled.body, 'metadata', 'generation')).toBe(1);
      const paused = await patch(admin, `${deployments(given())}/scaled`, 'merge', {
        spec: { paused: true },
      });
      expect(at(paused.body, 'metadata', 'generation')).toBe(2);
    });

    test('a new Pod is pending, with what the server adds by default', async () => {
      const made = await create(given().admin, pods(given()), pod('fresh'));
      expect(made).toMatchObject({
        spec: {
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          schedulerName: 'default-scheduler',
          containers: [{ name: 'main', imagePullPolicy: 'IfNotPresent', resources: {} }],
        },
        status: { phase: 'Pending', qosClass: 'BestEffort' },
      });
    });

    test('a Deployment gets its defaults', async () => {
      const made = await create(given().admin, deployments(given()), {
        ...deployment('defaulted'),
        spec: { ...(deployment('defaulted').spec as object), replicas: 0 },
      });
      expect(made.spec).toMatchObject({
        replicas: 0,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: { spec: { restartPolicy: 'Always', schedulerName: 'default-scheduler' } },
      });
    });

    test('built-in kinds are checked too, with a cause for each problem', async () => {
      const { admin } = given();
      const empty = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'empty' }, spec: {} };
      expect(refusal(await admin.call(pods(given()), { method: 'POST', body: empty }))).toEqual({
        code: 422,
        reason: 'Invalid',
        message: 'Pod "empty" is invalid: spec.containers: Required value',
        details: {
          name: 'empty',
          kind: 'Pod',
          causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.containers' }],
        },
      });
      const body = deployment('mismatched');
      const spec = { ...(body.spec as JsonObject), selector: { matchLabels: { app: 'other' } } };
      const mismatched = await admin.call(deployments(given()), { method: 'POST', body: { ...body, spec } });
      expect(refusal(mismatched)).toMatchObject({
        code: 422,
        message:
          'Deployment.apps "mismatched" is invalid: spec.template.metadata.labels: Invalid value: map[string]string{"app":"mismatched"}: `selector` does not match template `labels`',
      });
      const typed = await admin.call(deployments(given()), {
        method: 'POST',
        body: { ...body, spec: { ...(body.spec as JsonObject), replicas: 'two' } },
      });
      expect(refusal(typed)).toMatchObject({
        code: 400,
        reason: 'BadRequest',
        message:
          'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      });
    });

    test('methods that a path does not have are refused', async () => {
      const answer = await given().admin.call(`${configMaps(given())}/anything`, {
        method: 'POST',
        body: configMap('anything'),
      });
      expect(refusal(answer)).toMatchObject({
        code: 405,
        reason: 'MethodNotAllowed',
        message: 'the server does not allow this method on the requested resource',
      });
    });

    test('a Pod that was never there or never started has no logs', async () => {
      const { admin } = given();
      expect(refusal(await admin.call(`${pods(given())}/nope/log`))).toMatchObject({
        code: 404,
        message: 'pods "nope" not found',
      });
    });
  });
}
