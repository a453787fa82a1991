import { describe, expect, test } from 'vitest';
import {
  at,
  configMap,
  configMaps,
  create,
  deployment,
  deployments,
  type Given,
  patch,
  post,
  refusal,
  versionOf,
  widget,
  widgets,
} from './target.ts';

export function describeUpdating(given: Given): void {
  describe('updating', () => {
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
      const made = await post(admin, `${path}?dryRun=All`, configMap('dry', { a: '1' }));
      expect([made.code, at(made.body, 'metadata', 'uid')]).toEqual([201, expect.any(String)]);
      expect((await admin.call(`${path}/dry`)).code).toBe(404);
      const kept = await create(admin, path, configMap('kept', { a: '1' }));
      const changed = await patch(admin, `${path}/kept?dryRun=All`, 'merge', { data: { a: '2' } });
      expect([changed.code, changed.body.data]).toEqual([200, { a: '2' }]);
      expect((await admin.call(`${path}/kept?dryRun=All`, { method: 'DELETE' })).code).toBe(200);
      const after = (await admin.call(`${path}/kept`)).body;
      expect([after.data, versionOf(after)]).toEqual([{ a: '1' }, versionOf(kept)]);
      const unknown = await post(admin, `${path}?dryRun=Some`, configMap('dry'));
      expect(unknown.code).toBe(422);
      expect(unknown.body.message).toMatch(
        /^CreateOptions\.meta\.k8s\.io "" is invalid: dryRun: Unsupported value: \[\]string\{"Some"\}: supported values: "All"$/,
      );
    });
  });
}
