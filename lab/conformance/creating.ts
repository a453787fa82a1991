import { describe, expect, test } from 'vitest';
import { at, configMap, configMaps, create, type Given, post, refusal, widgets } from './target.ts';

export function describeCreating(given: Given): void {
  describe('creating', () => {
    test('creation gives an identity and remembers who wrote what', async () => {
      const { admin, namespace } = given();
      const answer = await post(admin, configMaps(given()), configMap('made', { a: '1' }));
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
      const answer = await post(admin, configMaps(given()), configMap('twice'));
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
      const answer = await post(given().admin, configMaps(given()), body);
      expect(answer.code).toBe(code);
      expect(answer.body.message).toMatch(message);
    });

    test('a namespace that is not there is named', async () => {
      const answer = await post(
        given().admin,
        '/api/v1/namespaces/nowhere-at-all/configmaps',
        configMap('x'),
      );
      expect(refusal(answer)).toEqual({
        code: 404,
        reason: 'NotFound',
        message: 'namespaces "nowhere-at-all" not found',
        details: { name: 'nowhere-at-all', kind: 'namespaces' },
      });
    });

    test('bodies that are not what the path says are refused', async () => {
      const { admin } = given();
      const outcomeOf = async (body: unknown, contentType?: string): Promise<unknown[]> => {
        const answer = await admin.call(configMaps(given()), {
          method: 'POST',
          body,
          ...(contentType === undefined ? {} : { contentType }),
        });
        return [answer.code, answer.body.reason, answer.body.message];
      };
      expect(await outcomeOf({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } })).toEqual([
        400,
        'BadRequest',
        'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
      ]);
      expect(await outcomeOf('{broken')).toEqual([
        400,
        'BadRequest',
        expect.stringMatching(
          /^the object provided is unrecognized \(must be of type ConfigMap\): couldn't get version\/kind; json parse error: /,
        ),
      ]);
      expect(await outcomeOf('a: b', 'text/plain')).toEqual([
        415,
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      ]);
      expect(await outcomeOf({ ...configMap('x'), data: { a: 1 } })).toEqual([
        400,
        'BadRequest',
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
      ]);
      expect((await outcomeOf({ metadata: { name: 'kindless' } }))[0]).toBe(201);
      const custom = await post(admin, widgets(given()), { metadata: { name: 'x' } });
      expect(refusal(custom)).toMatchObject({
        code: 400,
        message:
          'the object provided is unrecognized (must be of type Widget): Object \'Kind\' is missing in \'{"metadata":{"name":"x"}}\' ({"metadata":{"name":"x"}})',
      });
      const foreign = await post(admin, widgets(given()), configMap('x'));
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

    test('unknown fields: refused when asked to be strict, else dropped with a warning or in silence', async () => {
      const { admin } = given();
      const path = configMaps(given());
      const body = { ...configMap('unknown'), surprise: 1 };
      const strict = await post(admin, `${path}?fieldValidation=Strict`, body);
      expect(refusal(strict)).toMatchObject({
        code: 400,
        reason: 'BadRequest',
        message:
          'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "surprise"',
      });
      const warned = await post(admin, `${path}?fieldValidation=Warn&dryRun=All`, body);
      expect([warned.code, warned.headers.warning]).toEqual([201, '299 - "unknown field \\"surprise\\""']);
      const silent = await post(admin, `${path}?fieldValidation=Ignore&dryRun=All`, body);
      expect([silent.code, silent.headers.warning, 'surprise' in silent.body]).toEqual([
        201,
        undefined,
        false,
      ]);
    });

    test('methods that a path does not have are refused', async () => {
      const answer = await post(given().admin, `${configMaps(given())}/anything`, configMap('anything'));
      expect(refusal(answer)).toMatchObject({
        code: 405,
        reason: 'MethodNotAllowed',
        message: 'the server does not allow this method on the requested resource',
      });
    });
  });
}
