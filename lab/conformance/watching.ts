import { describe, expect, test } from 'vitest';
import type { WatchEvent } from './api-client.ts';
import {
  at,
  configMap,
  configMaps,
  create,
  type Given,
  patch,
  refusal,
  versionOf,
  widget,
  widgets,
} from './target.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

const shown = (event: WatchEvent | null): unknown[] =>
  event === null ? [] : [event.type, at(event.object, 'metadata', 'name')];

export function describeWatching(given: Given): void {
  describe('watching', () => {
    const path = (query: string): string =>
      `${configMaps(given())}?watch=true&labelSelector=set%3Dwatch${query}`;
    const labelled = (name: string): ReturnType<typeof configMap> => configMap(name, {}, { set: 'watch' });
    const version = async (): Promise<string> =>
      versionOf((await given().admin.call(`${configMaps(given())}?limit=1`)).body);

    test('without a version it begins with what there is, and goes on with what happens', async () => {
      const { admin } = given();
      await create(admin, configMaps(given()), labelled('watch-a'));
      const watch = await admin.watch(path(''));
      expect(watch.code).toBe(200);
      expect(shown(await watch.next())).toEqual(['ADDED', 'watch-a']);
      await create(admin, configMaps(given()), labelled('watch-b'));
      expect(shown(await watch.next())).toEqual(['ADDED', 'watch-b']);
      watch.close();
    });

    test('with a version it tells what changed since; a deletion carries the last state and a new version', async () => {
      const { admin } = given();
      const from = await version();
      const made = await create(admin, configMaps(given()), labelled('watch-c'));
      await patch(admin, `${configMaps(given())}/watch-c`, 'merge', { data: { a: '1' } });
      await admin.call(`${configMaps(given())}/watch-c`, { method: 'DELETE' });
      const watch = await admin.watch(path(`&resourceVersion=${from}`));
      const [added, modified, deleted] = [await watch.next(), await watch.next(), await watch.next()];
      watch.close();
      expect([added, modified, deleted].map(shown)).toEqual([
        ['ADDED', 'watch-c'],
        ['MODIFIED', 'watch-c'],
        ['DELETED', 'watch-c'],
      ]);
      expect(at(deleted?.object, 'data')).toEqual({ a: '1' });
      const versions = [versionOf(made), versionOf(modified?.object), versionOf(deleted?.object)].map(Number);
      expect(versions).toEqual(versions.toSorted((left, right) => left - right));
      expect(new Set(versions).size).toBe(3);
      expect(deleted?.object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
    });

    test('what stops matching is deleted, what begins to match is added', async () => {
      const { admin } = given();
      await create(admin, configMaps(given()), labelled('watch-d'));
      const watch = await admin.watch(path(`&resourceVersion=${await version()}`));
      const one = `${configMaps(given())}/watch-d`;
      await patch(admin, one, 'merge', { metadata: { labels: { set: 'other' } } });
      await patch(admin, one, 'merge', { data: { unseen: '1' } });
      await patch(admin, one, 'merge', { metadata: { labels: { set: 'watch' } } });
      expect([shown(await watch.next()), shown(await watch.next())]).toEqual([
        ['DELETED', 'watch-d'],
        ['ADDED', 'watch-d'],
      ]);
      watch.close();
    });

    test('bookmarks come before the end, and the end is clean', async () => {
      const { admin } = given();
      const from = await version();
      const watch = await admin.watch(
        path(`&resourceVersion=${from}&allowWatchBookmarks=true&timeoutSeconds=4`),
      );
      const unseen = await create(admin, configMaps(given()), configMap('watch-unseen'));
      const events: WatchEvent[] = [];
      for (let event = await watch.next(); event !== null; event = await watch.next()) events.push(event);
      expect(events.length).toBeGreaterThan(0);
      for (const { type, object } of events) {
        expect(type).toBe('BOOKMARK');
        expect(object).toMatchObject({
          kind: 'ConfigMap',
          apiVersion: 'v1',
          metadata: { resourceVersion: expect.stringMatching(/^\d+$/), creationTimestamp: null },
        });
        expect(at(object, 'metadata', 'name')).toBeUndefined();
      }
      expect(Number(versionOf(events.at(-1)?.object))).toBeGreaterThanOrEqual(Number(versionOf(unseen)));
    });

    test('a version from before anything anybody remembers is expired', async () => {
      const watch = await given().admin.watch(path('&resourceVersion=1'));
      const event = await watch.next();
      watch.close();
      expect([watch.code, event?.type]).toEqual([200, 'ERROR']);
      expect(event?.object).toMatchObject({
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason: 'Expired',
        code: 410,
        message: expect.stringMatching(/^too old resource version: 1 \(\d+\)$/),
      });
    });

    test('tables describe their columns once', async () => {
      const { admin } = given();
      const from = await version();
      const watch = await admin.watch(`${widgets(given())}?watch=true&resourceVersion=${from}`, {
        accept: TABLE,
      });
      await create(admin, widgets(given()), widget('watch-t1', { size: 4 }));
      await create(admin, widgets(given()), widget('watch-t2', { size: 5 }));
      const [first, second] = [await watch.next(), await watch.next()];
      watch.close();
      expect(first).toMatchObject({
        type: 'ADDED',
        object: {
          kind: 'Table',
          apiVersion: 'meta.k8s.io/v1',
          columnDefinitions: [{ name: 'Name' }, { name: 'Size' }, { name: 'Color' }, { name: 'Phase' }],
          rows: [{ cells: ['watch-t1', 4, 'green', null] }],
        },
      });
      expect(second).toMatchObject({
        type: 'ADDED',
        object: { columnDefinitions: null, rows: [{ cells: ['watch-t2', 5, 'green', null] }] },
      });
    });

    test('one object can be watched by its name, also through the old path', async () => {
      const { admin, namespace } = given();
      const from = await version();
      const watch = await admin.watch(
        `/api/v1/watch/namespaces/${namespace}/configmaps?fieldSelector=metadata.name%3Dwatch-f&resourceVersion=${from}`,
      );
      await create(admin, configMaps(given()), labelled('watch-e'));
      await create(admin, configMaps(given()), labelled('watch-f'));
      expect(shown(await watch.next())).toEqual(['ADDED', 'watch-f']);
      watch.close();
    });

    test.each<[string, string]>([
      [
        'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
        'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
      ],
      ['resourceVersion=1&resourceVersionMatch=Exact', 'resourceVersionMatch is forbidden for watch'],
    ])('%s is refused for a watch', async (query, problem) => {
      const answer = await given().admin.call(`${configMaps(given())}?watch=true&${query}`);
      expect(refusal(answer)).toMatchObject({
        code: 422,
        reason: 'Invalid',
        message: expect.stringContaining(problem),
      });
    });
  });
}
