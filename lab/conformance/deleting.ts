import { describe, expect, test } from 'vitest';
import {
  at,
  configMap,
  configMaps,
  create,
  type Given,
  GROUP,
  namesOf,
  patch,
  pod,
  pods,
  post,
  refusal,
  widget,
  widgets,
} from './target.ts';

const HOLD = 'conformance.example.com/hold';

export function describeDeleting(given: Given): void {
  describe('deleting', () => {
    const remove = (path: string, body?: unknown): ReturnType<ReturnType<Given>['admin']['call']> =>
      given().admin.call(path, { method: 'DELETE', ...(body === undefined ? {} : { body }) });

    test('what goes at once answers Success and what it was', async () => {
      const made = await create(given().admin, configMaps(given()), configMap('gone'));
      const answer = await remove(`${configMaps(given())}/gone`);
      expect([answer.code, answer.body]).toEqual([
        200,
        {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Success',
          details: { name: 'gone', kind: 'configmaps', uid: at(made, 'metadata', 'uid') },
        },
      ]);
      expect((await remove(`${configMaps(given())}/gone`)).code).toBe(404);
    });

    test('preconditions protect another object of the same name', async () => {
      const made = await create(given().admin, configMaps(given()), configMap('guarded'));
      const uid = at(made, 'metadata', 'uid');
      const wrong = await remove(`${configMaps(given())}/guarded`, { preconditions: { uid: 'another' } });
      expect(refusal(wrong)).toEqual({
        code: 409,
        reason: 'Conflict',
        message: `Operation cannot be fulfilled on ConfigMap "guarded": the UID in the precondition (another) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
        details: { name: 'guarded', kind: 'ConfigMap' },
      });
      const old = await remove(`${configMaps(given())}/guarded`, { preconditions: { resourceVersion: '1' } });
      expect(refusal(old)).toMatchObject({ code: 409, reason: 'Conflict' });
      expect(old.body.message).toMatch(
        /^Operation cannot be fulfilled on ConfigMap "guarded": the ResourceVersion in the precondition \(1\) does not match the ResourceVersion in record \(\d+\)\. The object might have been modified$/,
      );
      expect((await remove(`${configMaps(given())}/guarded`, { preconditions: { uid } })).code).toBe(200);
    });

    test('a finalizer holds an object until it is taken away', async () => {
      const { admin } = given();
      const one = `${widgets(given())}/held`;
      await create(admin, widgets(given()), {
        ...widget('held'),
        metadata: { name: 'held', finalizers: [HOLD] },
      });
      const answer = await remove(one);
      expect(answer.code).toBe(200);
      expect(answer.body).toMatchObject({
        kind: 'Widget',
        metadata: {
          deletionTimestamp: expect.any(String),
          deletionGracePeriodSeconds: 0,
          generation: 2,
          finalizers: [HOLD],
        },
      });
      const added = await patch(admin, one, 'merge', {
        metadata: { finalizers: [HOLD, 'conformance.example.com/more'] },
      });
      expect(added.code).toBe(422);
      expect(added.body.message).toMatch(
        /metadata\.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers \[\]string\{"conformance\.example\.com\/more"\}$/,
      );
      expect((await remove(one)).code).toBe(200);
      expect((await patch(admin, one, 'merge', { metadata: { finalizers: null } })).code).toBe(200);
      expect((await admin.call(one)).code).toBe(404);
    });

    test('a watcher sees the mark before the end', async () => {
      const { admin } = given();
      const made = await create(admin, widgets(given()), {
        ...widget('marked'),
        metadata: { name: 'marked', finalizers: [HOLD] },
      });
      const watch = await admin.watch(
        `${widgets(given())}?watch=true&fieldSelector=metadata.name%3Dmarked&resourceVersion=${at(made, 'metadata', 'resourceVersion')}`,
      );
      await remove(`${widgets(given())}/marked`);
      await patch(admin, `${widgets(given())}/marked`, 'json', [
        { op: 'remove', path: '/metadata/finalizers' },
      ]);
      const [marked, gone] = [await watch.next(), await watch.next()];
      watch.close();
      expect([marked?.type, typeof at(marked?.object, 'metadata', 'deletionTimestamp'), gone?.type]).toEqual([
        'MODIFIED',
        'string',
        'DELETED',
      ]);
    });

    test.each(['Foreground', 'Orphan'])(
      '%s deletion leaves the object to the garbage collector',
      async (policy) => {
        const name = policy.toLowerCase();
        await create(given().admin, configMaps(given()), {
          ...configMap(name),
          metadata: { name, finalizers: [HOLD] },
        });
        const { code, body } = await remove(`${configMaps(given())}/${name}`, { propagationPolicy: policy });
        const finalizer = policy === 'Foreground' ? 'foregroundDeletion' : 'orphan';
        expect([code, at(body, 'metadata', 'finalizers')]).toEqual([
          200,
          expect.arrayContaining([finalizer, HOLD]),
        ]);
        await patch(given().admin, `${configMaps(given())}/${name}`, 'merge', {
          metadata: { finalizers: null },
        });
      },
    );

    test('a policy that is none is refused', async () => {
      await create(given().admin, configMaps(given()), configMap('policy'));
      const answer = await remove(`${configMaps(given())}/policy?propagationPolicy=Sometimes`);
      expect(answer.code).toBe(422);
      expect(answer.body.message).toMatch(
        /propagationPolicy: Unsupported value: "Sometimes": supported values: "Foreground", "Background", "Orphan", "nil"/,
      );
    });

    test('a pod that runs nowhere goes at once, and answers with itself', async () => {
      await create(given().admin, pods(given()), pod('short'));
      const answer = await remove(`${pods(given())}/short`);
      expect([answer.code, answer.body.kind, at(answer.body, 'metadata', 'name')]).toEqual([
        200,
        'Pod',
        'short',
      ]);
      expect((await given().admin.call(`${pods(given())}/short`)).code).toBe(404);
    });

    test('an eviction is a deletion by another door', async () => {
      const { admin, namespace } = given();
      await create(admin, pods(given()), pod('evicted'));
      const answer = await post(admin, `${pods(given())}/evicted/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: 'evicted', namespace },
      });
      expect([answer.code, answer.body.kind, answer.body.status]).toEqual([201, 'Status', 'Success']);
      expect((await admin.call(`${pods(given())}/evicted`)).code).toBe(404);
    });

    test('many go at once by their label', async () => {
      const { admin } = given();
      for (const name of ['bulk-1', 'bulk-2', 'bulk-3']) {
        const labels = name === 'bulk-3' ? { bulk: 'no' } : { bulk: 'yes' };
        await create(admin, widgets(given()), { ...widget(name), metadata: { name, labels } });
      }
      const answer = await remove(`${widgets(given())}?labelSelector=bulk%3Dyes`);
      expect([answer.code, answer.body.kind, namesOf(answer.body)]).toEqual([
        200,
        'WidgetList',
        ['bulk-1', 'bulk-2'],
      ]);
      const left = await admin.call(`${widgets(given())}?labelSelector=bulk`);
      expect(namesOf(left.body)).toEqual(['bulk-3']);
    });

    test('a custom resource that goes at once says so with its group', async () => {
      await create(given().admin, widgets(given()), widget('short-lived'));
      const { body } = await remove(`${widgets(given())}/short-lived`);
      expect(body).toMatchObject({
        kind: 'Status',
        status: 'Success',
        details: { name: 'short-lived', group: GROUP, kind: 'widgets' },
      });
    });
  });
}
