import { describe, expect, test } from 'vitest';
import type { Answer } from './api-client.ts';
import {
  at,
  configMap,
  configMaps,
  deployment,
  deployments,
  type Given,
  GROUP,
  patch,
  refusal,
  widget,
  widgets,
} from './target.ts';

export function describeApplying(given: Given): void {
  describe('server-side apply', () => {
    const apply = (path: string, manager: string, body: unknown, query = ''): Promise<Answer> =>
      patch(given().admin, `${path}?fieldManager=${manager}${query}`, 'apply', body);

    test('creates what is missing, and records whose fields they are', async () => {
      const made = await apply(`${configMaps(given())}/applied`, 'one', configMap('applied', { a: '1' }));
      expect(made.code).toBe(201);
      expect(at(made.body, 'metadata', 'managedFields')).toEqual([
        {
          manager: 'one',
          operation: 'Apply',
          apiVersion: 'v1',
          time: expect.any(String),
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:data': { 'f:a': {} } },
        },
      ]);
      const again = await apply(`${configMaps(given())}/applied`, 'one', configMap('applied', { a: '1' }));
      expect([again.code, at(again.body, 'metadata', 'resourceVersion')]).toEqual([
        200,
        at(made.body, 'metadata', 'resourceVersion'),
      ]);
    });

    test('takes YAML', async () => {
      const made = await apply(
        `${configMaps(given())}/applied-yaml`,
        'one',
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: applied-yaml\ndata:\n  a: "1"\n',
      );
      expect([made.code, made.body.data]).toEqual([201, { a: '1' }]);
    });

    test('removes what its manager no longer names, and leaves what others own', async () => {
      const path = `${configMaps(given())}/shared`;
      await apply(path, 'one', configMap('shared', { a: '1', b: '2' }));
      await apply(path, 'two', configMap('shared', { b: '2', c: '3' }));
      const { body } = await apply(path, 'one', configMap('shared', {}));
      expect(body.data).toEqual({ b: '2', c: '3' });
    });

    test('conflicts over a value that somebody else owns, unless forced', async () => {
      const path = `${configMaps(given())}/disputed`;
      await apply(path, 'one', configMap('disputed', { a: '1', b: '1' }));
      const refused = await apply(path, 'two', configMap('disputed', { a: '2' }));
      expect(refusal(refused)).toEqual({
        code: 409,
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
        details: {
          causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }],
        },
      });
      const forced = await apply(path, 'two', configMap('disputed', { a: '2' }), '&force=true');
      expect([forced.code, forced.body.data]).toEqual([200, { a: '2', b: '1' }]);
      const back = await apply(path, 'one', configMap('disputed', { a: '1', b: '1' }));
      expect(back.code).toBe(409);
    });

    test('several conflicts are told manager by manager; ordinary writers with the version they wrote', async () => {
      const { admin } = given();
      const path = `${configMaps(given())}/written`;
      await apply(path, 'one', configMap('written', { a: '1', b: '1', c: '1' }));
      await patch(admin, `${path}?fieldManager=hand`, 'merge', { data: { a: '2' } });
      const refused = await apply(path, 'two', configMap('written', { a: '3', b: '3', c: '3' }));
      expect(refused.code).toBe(409);
      expect(refused.body.message).toBe(
        'Apply failed with 3 conflicts: conflicts with "hand" using v1:\n- .data.a\nconflicts with "one":\n- .data.b\n- .data.c',
      );
      expect(at(refused.body, 'details', 'causes')).toEqual(
        expect.arrayContaining([
          { reason: 'FieldManagerConflict', message: 'conflict with "hand" using v1', field: '.data.a' },
          { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.b' },
        ]),
      );
      const single = await apply(path, 'two', configMap('written', { a: '3' }));
      expect(single.body.message).toBe(
        'Apply failed with 1 conflict: conflict with "hand" using v1: .data.a',
      );
    });

    test('lists merge by their key where the schema gives one', async () => {
      const path = `${widgets(given())}/listed`;
      const parts = (...list: object[]): object => ({ ...widget('listed'), spec: { size: 1, parts: list } });
      await apply(path, 'one', parts({ name: 'a', count: 1 }));
      const second = await apply(path, 'two', {
        apiVersion: `${GROUP}/v1`,
        kind: 'Widget',
        metadata: { name: 'listed' },
        spec: { size: 1, parts: [{ name: 'b', count: 2 }] },
      });
      expect(at(second.body, 'spec', 'parts')).toEqual([
        { name: 'a', count: 1 },
        { name: 'b', count: 2 },
      ]);
      const entries = at(second.body, 'metadata', 'managedFields');
      expect(
        Array.isArray(entries) ? entries.find((entry) => at(entry, 'manager') === 'two') : null,
      ).toMatchObject({
        fieldsV1: {
          'f:spec': {
            'f:parts': { 'k:{"name":"b"}': { '.': {}, 'f:count': {}, 'f:name': {} } },
            'f:size': {},
          },
        },
      });
      const fewer = await apply(path, 'one', parts());
      expect(at(fewer.body, 'spec', 'parts')).toEqual([{ name: 'b', count: 2 }]);
    });

    test('sets merge member by member', async () => {
      const path = `${widgets(given())}/tagged`;
      await apply(path, 'one', widget('tagged', { size: 1, tags: ['a', 'b'] }));
      const both = await apply(path, 'two', widget('tagged', { size: 1, tags: ['b', 'c'] }));
      expect(at(both.body, 'spec', 'tags')).toEqual(['a', 'b', 'c']);
      const fewer = await apply(path, 'one', widget('tagged', { size: 1 }));
      expect(at(fewer.body, 'spec', 'tags')).toEqual(['b', 'c']);
    });

    test('containers of a Deployment merge by name', async () => {
      const path = `${deployments(given())}/ssa`;
      await apply(path, 'one', deployment('ssa'));
      const body = deployment('ssa');
      const patched = await apply(path, 'two', {
        ...body,
        spec: {
          selector: { matchLabels: { app: 'ssa' } },
          template: {
            metadata: { labels: { app: 'ssa' } },
            spec: { containers: [{ name: 'side', image: 'example.com/side:1' }] },
          },
        },
      });
      const containers = at(patched.body, 'spec', 'template', 'spec', 'containers');
      expect(Array.isArray(containers) ? containers.map((container) => at(container, 'name')) : null).toEqual(
        ['main', 'side'],
      );
    });

    test('needs a manager, and a body without managed fields', async () => {
      const path = `${configMaps(given())}/unmanaged`;
      const nameless = await patch(given().admin, path, 'apply', configMap('unmanaged'));
      expect(refusal(nameless)).toMatchObject({
        code: 422,
        reason: 'Invalid',
        message:
          'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      });
      const managed = await apply(path, 'one', {
        ...configMap('unmanaged'),
        metadata: { name: 'unmanaged', managedFields: [{ manager: 'one' }] },
      });
      expect([managed.code, managed.body.message]).toEqual([400, 'metadata.managedFields must be nil']);
    });

    test('force is for apply patches only', async () => {
      const answer = await patch(given().admin, `${configMaps(given())}/applied?force=true`, 'merge', {});
      expect([answer.code, answer.body.message]).toEqual([
        422,
        'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
      ]);
    });

    test('is checked by the schema, also for what it would create', async () => {
      const answer = await apply(`${widgets(given())}/bad`, 'one', widget('bad', { size: 0 }));
      expect(refusal(answer)).toMatchObject({
        code: 422,
        message: expect.stringContaining(
          'spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1',
        ),
      });
    });
  });
}
