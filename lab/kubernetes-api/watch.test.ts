import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestApi, type TestApi } from './api-fixture.ts';

const MAPS = '/api/v1/namespaces/private-ai/configmaps';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.stop());

const create = (name: string, labels: Record<string, string> = {}) =>
  api.call(MAPS, { method: 'POST', body: { metadata: { name, labels } } });
const label = (name: string, labels: Record<string, string | null>) =>
  api.call(`${MAPS}/${name}`, {
    method: 'PATCH',
    body: { metadata: { labels } },
    headers: { 'Content-Type': 'application/merge-patch+json' },
  });
const summary = (event: Awaited<ReturnType<Awaited<ReturnType<TestApi['watch']>>['next']>>): unknown =>
  event === null ? null : [event.type, event.object.metadata?.name, event.object.metadata?.labels ?? {}];

test('without a version it starts with everything there is', async () => {
  await create('a');
  await create('b');
  const stream = await api.watch(`${MAPS}?watch=true`);
  expect([summary(await stream.next()), summary(await stream.next())]).toEqual([
    ['ADDED', 'a', {}],
    ['ADDED', 'b', {}],
  ]);
  await create('c');
  expect(summary(await stream.next())).toEqual(['ADDED', 'c', {}]);
  stream.close();
});

test('with a version it tells what changed since, deletions with the last state', async () => {
  const from = api.store.revision();
  await create('a', { stage: 'one' });
  await label('a', { stage: 'two' });
  await api.call(`${MAPS}/a`, { method: 'DELETE' });
  const stream = await api.watch(`${MAPS}?watch=true&resourceVersion=${from}`);
  const events = [await stream.next(), await stream.next(), await stream.next()];
  expect(events.map(summary)).toEqual([
    ['ADDED', 'a', { stage: 'one' }],
    ['MODIFIED', 'a', { stage: 'two' }],
    ['DELETED', 'a', { stage: 'two' }],
  ]);
  expect(events.map((event) => Number(event?.object.metadata.resourceVersion))).toEqual([
    from + 1,
    from + 2,
    from + 3,
  ]);
  stream.close();
});

test('an object that stops matching is deleted, one that begins to match is added', async () => {
  await create('a', { arm: 'baseline' });
  const from = api.store.revision();
  const stream = await api.watch(
    `${MAPS}?watch=true&resourceVersion=${from}&labelSelector=arm%3Ddistributed`,
  );
  await label('a', { arm: 'distributed' });
  await label('a', { note: 'still' });
  await label('a', { arm: null });
  expect([summary(await stream.next()), summary(await stream.next()), summary(await stream.next())]).toEqual([
    ['ADDED', 'a', { arm: 'distributed' }],
    ['MODIFIED', 'a', { arm: 'distributed', note: 'still' }],
    ['DELETED', 'a', { arm: 'distributed', note: 'still' }],
  ]);
  stream.close();
});

test('bookmarks come about once a minute and before the end, and only to those who want them', async () => {
  const wanting = await api.watch(
    `${MAPS}?watch=true&allowWatchBookmarks=true&timeoutSeconds=90&resourceVersion=${api.store.revision()}`,
  );
  const plain = await api.watch(
    `${MAPS}?watch=true&timeoutSeconds=90&resourceVersion=${api.store.revision()}`,
  );
  await api.clock.advance(90_000);
  const bookmark = {
    type: 'BOOKMARK',
    object: {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(api.store.revision()), creationTimestamp: null },
    },
  };
  expect([await wanting.next(), await wanting.next(), await wanting.next()]).toEqual([
    bookmark,
    bookmark,
    null,
  ]);
  expect(await plain.next()).toBeNull();
});

test('a version from before the compaction is an error inside the stream, which then ends', async () => {
  const from = api.store.revision();
  await create('a');
  api.store.compact();
  const stream = await api.watch(`${MAPS}?watch=true&resourceVersion=${from}`);
  expect(await stream.next()).toEqual({
    type: 'ERROR',
    object: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `too old resource version: ${from} (${from + 1})`,
      reason: 'Expired',
      code: 410,
    },
  });
  expect(await stream.next()).toBeNull();
});

test('the history keeps its limit', async () => {
  await api.stop();
  api = await startTestApi({ historyLimit: 10 });
  const from = api.store.revision();
  for (let index = 0; index < 20; index += 1) await create(`map-${index}`);
  expect(api.store.compactedRevision()).toBeGreaterThan(from);
  const stream = await api.watch(`${MAPS}?watch=true&resourceVersion=${from}`);
  expect((await stream.next())?.type).toBe('ERROR');
});

test('tables describe their columns once', async () => {
  await create('a');
  await create('b');
  const stream = await api.watch(`${MAPS}?watch=true`, {
    Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  });
  const [first, second] = [await stream.next(), await stream.next()];
  expect([
    first?.object.kind,
    (first?.object.columnDefinitions as [] | undefined)?.length,
    second?.object.columnDefinitions,
  ]).toEqual(['Table', 3, null]);
  stream.close();
});

test('initial events on request belong to a feature that is off', async () => {
  const { body } = await api.call(
    `${MAPS}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
  );
  expect(body).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message:
      'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
    reason: 'Invalid',
    details: {
      group: 'meta.k8s.io',
      kind: 'ListOptions',
      causes: [
        {
          reason: 'FieldValueForbidden',
          message:
            'Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
          field: 'sendInitialEvents',
        },
      ],
    },
    code: 422,
  });
});
