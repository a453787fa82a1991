import { describe, expect, test } from 'vitest';
import type { Answer } from './api-client.ts';
import { at, create, type Given, GROUP, patch, post, refusal, versionOf, widget, widgets } from './target.ts';

const NOT_CHECKED = {
  reason: 'FieldValueInvalid',
  message: expect.any(String),
  field: '<nil>',
};

export function describeCustomResources(given: Given): void {
  describe('custom resources', () => {
    const postWidget = (body: unknown, query = ''): Promise<Answer> =>
      post(given().admin, `${widgets(given())}${query}`, body);

    test('begin with generation 1, their defaults, and no status of the client’s', async () => {
      const made = await create(given().admin, widgets(given()), {
        ...widget('first', { size: 2 }),
        status: { phase: 'Invented' },
      });
      expect(made).toMatchObject({
        apiVersion: `${GROUP}/v1`,
        kind: 'Widget',
        metadata: { name: 'first', generation: 1 },
        spec: { size: 2, color: 'green' },
      });
      expect(made).not.toHaveProperty('status');
    });

    test.each<[string, object, object[]]>([
      [
        'what is required',
        {},
        [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.size' }],
      ],
      [
        'the type',
        { size: 'big' },
        [
          {
            reason: 'FieldValueTypeInvalid',
            message: 'Invalid value: "string": spec.size in body must be of type integer: "string"',
            field: 'spec.size',
          },
        ],
      ],
      [
        'the bounds',
        { size: 10 },
        [
          {
            reason: 'FieldValueInvalid',
            message: 'Invalid value: 10: spec.size in body should be less than or equal to 9',
            field: 'spec.size',
          },
        ],
      ],
      [
        'the choice',
        { size: 1, color: 'blue' },
        [
          {
            reason: 'FieldValueNotSupported',
            message: 'Unsupported value: "blue": supported values: "red", "green"',
            field: 'spec.color',
          },
        ],
      ],
      [
        'the pattern',
        { size: 1, label: 'A' },
        [
          {
            reason: 'FieldValueInvalid',
            message: 'Invalid value: "A": spec.label in body should match \'^[a-z]+$\'',
            field: 'spec.label',
          },
        ],
      ],
      [
        'the length',
        { size: 1, label: 'abcdefghij' },
        [
          {
            reason: 'FieldValueTooLong',
            message: 'Too long: may not be more than 8 bytes',
            field: 'spec.label',
          },
        ],
      ],
      [
        'items of a list',
        { size: 1, parts: [{ count: 1 }] },
        [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.parts[0].name' }],
      ],
      [
        'a key that comes twice',
        { size: 1, parts: [{ name: 'a' }, { name: 'a' }] },
        [
          {
            reason: 'FieldValueDuplicate',
            message: 'Duplicate value: map[string]interface {}{"name":"a"}',
            field: 'spec.parts[1]',
          },
        ],
      ],
      [
        'a member that comes twice',
        { size: 1, tags: ['a', 'a'] },
        [{ reason: 'FieldValueDuplicate', message: 'Duplicate value: "a"', field: 'spec.tags[1]' }],
      ],
    ])('the schema checks %s', async (_what, spec, causes) => {
      const { code, reason, message, details } = refusal(await postWidget({ ...widget('wrong'), spec }));
      const [first] = causes as { field: string; message: string }[];
      expect({ code, reason }).toEqual({ code: 422, reason: 'Invalid' });
      expect(details).toMatchObject({ name: 'wrong', group: GROUP, kind: 'Widget' });
      const told = at(details, 'causes');
      expect(
        Array.isArray(told) ? told.filter((cause) => at(cause, 'field') !== NOT_CHECKED.field) : told,
      ).toEqual(causes);
      expect(message).toContain(`Widget.${GROUP} "wrong" is invalid: `);
      expect(message).toContain(`${first?.field}: ${first?.message}`);
    });

    test('several problems come in brackets, each with its cause', async () => {
      const answer = await postWidget({ ...widget('wrong'), spec: { color: 'blue', label: 'B' } });
      expect(answer.code).toBe(422);
      expect(answer.body.message).toMatch(/is invalid: \[.+\]$/);
      const causes = at(answer.body, 'details', 'causes');
      const fields = Array.isArray(causes) ? causes.map((cause) => at(cause, 'field')) : [];
      expect(fields).toEqual(expect.arrayContaining(['spec.size', 'spec.color', 'spec.label']));
    });

    test('unknown fields are pruned; strict clients hear of them, free-form ones are kept', async () => {
      const spec = { size: 1, extra: 1, free: { anything: { goes: true } } };
      const made = await postWidget({ ...widget('pruned'), spec }, '?fieldValidation=Warn');
      expect([made.code, made.headers.warning, made.body.spec]).toEqual([
        201,
        '299 - "unknown field \\"spec.extra\\""',
        { size: 1, color: 'green', free: { anything: { goes: true } } },
      ]);
      const strict = await postWidget({ ...widget('strict'), spec }, '?fieldValidation=Strict');
      expect([strict.code, strict.body.reason]).toEqual([400, 'BadRequest']);
      expect(strict.body.message).toMatch(/strict decoding error: unknown field "spec\.extra"$/);
    });

    test('an update must say which version it changes', async () => {
      const made = await create(given().admin, widgets(given()), widget('versioned'));
      const one = `${widgets(given())}/versioned`;
      const blind = await given().admin.call(one, { method: 'PUT', body: widget('versioned', { size: 2 }) });
      expect(refusal(blind)).toMatchObject({
        code: 422,
        reason: 'Invalid',
        message: `widgets.${GROUP} "versioned" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update`,
      });
      const seeing = await given().admin.call(one, { method: 'PUT', body: { ...made, spec: { size: 2 } } });
      expect([seeing.code, at(seeing.body, 'metadata', 'generation')]).toEqual([200, 2]);
    });

    test('the status has its own door, and neither side writes through the other’s', async () => {
      const { admin } = given();
      const one = `${widgets(given())}/doors`;
      await create(admin, widgets(given()), widget('doors'));
      const status = await patch(admin, `${one}/status`, 'merge', {
        spec: { size: 9 },
        status: { phase: 'Ready' },
      });
      expect([status.code, at(status.body, 'spec', 'size'), status.body.status]).toEqual([
        200,
        1,
        { phase: 'Ready' },
      ]);
      expect(at(status.body, 'metadata', 'generation')).toBe(1);
      const main = await patch(admin, one, 'merge', { spec: { size: 3 }, status: { phase: 'Lost' } });
      expect([
        at(main.body, 'spec', 'size'),
        main.body.status,
        at(main.body, 'metadata', 'generation'),
      ]).toEqual([3, { phase: 'Ready' }, 2]);
    });

    test('labels do not count as a generation, and a change of nothing is none', async () => {
      const { admin } = given();
      await create(admin, widgets(given()), widget('calm'));
      const one = `${widgets(given())}/calm`;
      const labelled = await patch(admin, one, 'merge', { metadata: { labels: { a: 'b' } } });
      const again = await patch(admin, one, 'merge', { metadata: { labels: { a: 'b' } }, spec: { size: 1 } });
      expect([at(labelled.body, 'metadata', 'generation'), versionOf(again.body)]).toEqual([
        1,
        versionOf(labelled.body),
      ]);
    });

    test('strategic patches do not exist for them', async () => {
      await create(given().admin, widgets(given()), widget('unstrategic'));
      const answer = await patch(given().admin, `${widgets(given())}/unstrategic`, 'strategic', {
        spec: { size: 2 },
      });
      expect(refusal(answer)).toMatchObject({
        code: 415,
        reason: 'UnsupportedMediaType',
        message:
          'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      });
    });

    test('a patched object is checked like a new one', async () => {
      await create(given().admin, widgets(given()), widget('checked'));
      const answer = await patch(given().admin, `${widgets(given())}/checked`, 'merge', {
        spec: { size: 99 },
      });
      expect(refusal(answer)).toMatchObject({
        code: 422,
        message: `Widget.${GROUP} "checked" is invalid: spec.size: Invalid value: 99: spec.size in body should be less than or equal to 9`,
      });
    });

    test('their scale is where the definition says', async () => {
      const { admin } = given();
      await create(admin, widgets(given()), widget('many', { size: 1, replicas: 2 }));
      const one = `${widgets(given())}/many/scale`;
      expect((await admin.call(one)).body).toMatchObject({
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        spec: { replicas: 2 },
        status: { replicas: 0 },
      });
      const patched = await patch(admin, one, 'merge', { spec: { replicas: 5 } });
      expect([patched.code, at(patched.body, 'spec', 'replicas')]).toEqual([200, 5]);
      expect(at((await admin.call(`${widgets(given())}/many`)).body, 'spec', 'replicas')).toBe(5);
    });

    test('a definition takes its objects with it, and begins empty when it comes back', async () => {
      const { admin } = given();
      const names = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      const one = `${names}/gizmos.${GROUP}`;
      const all = `/apis/${GROUP}/v1/gizmos`;
      const definition = {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `gizmos.${GROUP}` },
        spec: {
          group: GROUP,
          scope: 'Cluster',
          names: { plural: 'gizmos', kind: 'Gizmo' },
          versions: [
            { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
          ],
        },
      };
      const gizmo = { apiVersion: `${GROUP}/v1`, kind: 'Gizmo', metadata: { name: 'one' } };
      /** Some servers take a moment; each question is one of theirs. */
      const until = async (path: string, code: number): Promise<void> => {
        while ((await admin.call(path)).code !== code)
          await new Promise((resolve) => setTimeout(resolve, 100));
      };
      await create(admin, names, definition);
      await until(all, 200);
      await create(admin, all, gizmo);
      expect((await admin.call(one, { method: 'DELETE' })).code).toBe(200);
      await until(one, 404);
      await until(all, 404);
      await create(admin, names, definition);
      await until(all, 200);
      expect((await admin.call(all)).body.items).toEqual([]);
      expect((await admin.call(one, { method: 'DELETE' })).code).toBe(200);
    });

    test('a definition must be named for what it defines', async () => {
      const answer = await given().admin.call('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
        method: 'POST',
        body: {
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          metadata: { name: 'misnamed' },
          spec: {
            group: GROUP,
            scope: 'Cluster',
            names: { plural: 'gizmos', kind: 'Gizmo' },
            versions: [
              { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
            ],
          },
        },
      });
      expect(refusal(answer)).toMatchObject({
        code: 422,
        reason: 'Invalid',
        message: `CustomResourceDefinition.apiextensions.k8s.io "misnamed" is invalid: metadata.name: Invalid value: "misnamed": must be spec.names.plural+"."+spec.group`,
      });
    });
  });
}
