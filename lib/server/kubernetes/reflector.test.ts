import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ResourceView } from '@/lib/domain/cluster';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import type { KubernetesClient } from './client';
import { createReflector, type Reflector } from './reflector';
import { REFLECTOR_TIMING } from './reflector-timing';
import type { ResourceDefinition } from './resource-definition';
import { aBookmark, aList, anObject, aStatus, type TestObject } from './testing/api-objects';
import { type ApiCall, type FakeApiServer, startFakeApiServer } from './testing/fake-api-server';
import { plainClient } from './testing/plain-client';

// With random() = 0.5 the durations are these.
const LIST_TIMEOUT_MS = 15_000;
const SHORT_WATCH_MS = 1_000;
const COMPARE_MS = 10_000;
const WATCH_LIMIT_MS = 85_000;
const RECHECK_MS = 12_000;
const FIRST_PAUSE_MS = 375;
const SECOND_PAUSE_MS = 750;

interface Parsed {
  name: string;
  uid: string;
  note: string;
}

let api: FakeApiServer;
let clock: ManualClock;
let client: KubernetesClient;
let reflector: Reflector<Parsed>;
let changes: number;
let faults: unknown[];

/** A row whose objects are the test's own; the table's types know only real kinds. */
const definition = {
  id: 'pods',
  group: '',
  version: 'v1',
  plural: 'pods',
  namespace: 'demo',
  parse(raw: unknown): Parsed {
    const { metadata, spec } = raw as TestObject;
    if (spec.note === 'unreadable') throw new Error('cannot be read');
    return { name: metadata.name, uid: metadata.uid, note: spec.note };
  },
} as unknown as ResourceDefinition<'pods'>;

function create(onChange: () => void = () => undefined): Reflector<Parsed> {
  return createReflector<'pods'>({
    definition,
    client,
    clock,
    random: () => 0.5,
    timing: REFLECTOR_TIMING,
    onChange: () => {
      changes += 1;
      onChange();
    },
    onFault: (error) => faults.push(error),
  }) as unknown as Reflector<Parsed>;
}

beforeEach(async () => {
  api = await startFakeApiServer();
  clock = createManualClock();
  client = plainClient(api.url, clock);
  changes = 0;
  faults = [];
  reflector = create();
});

afterEach(async () => {
  await reflector.stop();
  await client.close();
  await api.close();
});

function names(): string[] {
  return reflector.view().items.map((item) => item.name);
}

function stateOf(view: ResourceView<Parsed> = reflector.view()): [string, string | null] {
  return [view.state, view.problem];
}

async function until(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 5_000, interval: 1 });
}

/** Waits until exactly these timers are set, then lets that much time pass. */
async function advanceWhenPending(delays: number[], milliseconds: number): Promise<void> {
  await until(() => expect(clock.pending()).toEqual(delays));
  clock.advance(milliseconds);
}

/** Starts and answers the first list; the watch is open when this returns. */
async function startWith(resourceVersion: string, ...objects: TestObject[]): Promise<ApiCall> {
  reflector.start();
  (await api.next('list')).answer(aList(resourceVersion, objects));
  return openWatch();
}

async function openWatch(): Promise<ApiCall> {
  const watch = await api.next('watch');
  watch.open();
  await until(() => expect(clock.pending()).toContain(SHORT_WATCH_MS));
  return watch;
}

describe('the first list', () => {
  it('asks for any cached state, and the watch goes on from its version with bookmarks and a limit', async () => {
    reflector.start();
    const list = await api.next('list');
    expect(list.path).toBe('/api/v1/namespaces/demo/pods');
    expect(Object.fromEntries(list.query)).toEqual({ limit: '500', resourceVersion: '0' });
    list.answer(aList('10', [anObject('b', '9'), anObject('a', '8')]));
    const watch = await api.next('watch');
    expect(Object.fromEntries(watch.query)).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: '10',
      timeoutSeconds: '75',
    });
    expect(reflector.view()).toEqual({
      request: 'GET /api/v1/namespaces/demo/pods',
      state: 'live',
      problem: null,
      items: [
        { name: 'a', uid: 'uid-a', note: '' },
        { name: 'b', uid: 'uid-b', note: '' },
      ],
      httpStatus: 200,
      lastProofAt: clock.now(),
    });
  });

  it('is read page by page, the version being the last page’s', async () => {
    reflector.start();
    (await api.next('list')).answer(aList('10', [anObject('a', '1')], { continue: 'token/1' }));
    const second = await api.next('list');
    expect(Object.fromEntries(second.query)).toEqual({ limit: '500', continue: 'token/1' });
    second.answer(aList('10', [anObject('b', '2')]));
    expect((await api.next('watch')).query.get('resourceVersion')).toBe('10');
    expect(names()).toEqual(['a', 'b']);
  });

  it('is read whole when its pages expire on the way', async () => {
    reflector.start();
    (await api.next('list')).answer(aList('10', [anObject('a', '1')], { continue: 'token' }));
    (await api.next('list')).answer(aStatus(410, 'Expired'), 410);
    const whole = await api.next('list');
    expect(Object.fromEntries(whole.query)).toEqual({});
    whole.answer(aList('12', [anObject('a', '1'), anObject('b', '11')]));
    await until(() => expect(names()).toEqual(['a', 'b']));
  });

  it('takes a missing item list for an empty one', async () => {
    reflector.start();
    (await api.next('list')).answer({ kind: 'PodList', metadata: { resourceVersion: '3' }, items: null });
    await api.next('watch');
    expect(stateOf()).toEqual(['live', null]);
  });

  it('publishes "syncing" until it has come, and says so when it is slow', async () => {
    expect(stateOf()).toEqual(['syncing', 'The first answer of the API server has not come yet.']);
    reflector.start();
    await api.next('list');
    clock.advance(3_000);
    expect(stateOf()).toEqual(['syncing', 'The API server is slow to answer.']);
  });

  it('is given up after 15 s and tried again', async () => {
    reflector.start();
    const slow = await api.next('list');
    await advanceWhenPending([LIST_TIMEOUT_MS], LIST_TIMEOUT_MS);
    await advanceWhenPending([FIRST_PAUSE_MS], FIRST_PAUSE_MS);
    const second = await api.next('list');
    await until(() => expect(slow.isGone()).toBe(true));
    second.answer(aList('1', []));
    await until(() => expect(stateOf()).toEqual(['live', null]));
  });
});

describe('the watch', () => {
  it('adds, changes and removes objects', async () => {
    const watch = await startWith('10', anObject('a', '1'), anObject('b', '2'));
    watch.send('ADDED', anObject('c', '11'));
    watch.send('MODIFIED', anObject('a', '12', { note: 'new' }));
    watch.send('DELETED', anObject('b', '13'));
    await until(() =>
      expect(reflector.view().items).toEqual([
        { name: 'a', uid: 'uid-a', note: 'new' },
        { name: 'c', uid: 'uid-c', note: '' },
      ]),
    );
  });

  it('shows an object of the same name with another uid as a new object', async () => {
    const watch = await startWith('10', anObject('a', '1'));
    watch.send('ADDED', anObject('a', '12', { uid: 'second' }));
    watch.send('DELETED', anObject('a', '13')); // the first one's, coming late
    watch.send('BOOKMARK', aBookmark('14'));
    await until(() => expect(reflector.view().items).toEqual([{ name: 'a', uid: 'second', note: '' }]));
  });

  it('goes on after its normal end from the last version seen, without a list and without a change', async () => {
    const watch = await startWith('10', anObject('a', '1'));
    watch.send('BOOKMARK', aBookmark('20'));
    await until(() => expect(reflector.view().lastProofAt).toBe(clock.now()));
    const before = reflector.view();
    watch.end();
    const next = await api.next('watch');
    expect(next.query.get('resourceVersion')).toBe('20');
    expect(reflector.view()).toBe(before);
    expect(api.waiting('list')).toBe(0);
  });

  it('goes on at once when the connection breaks', async () => {
    const watch = await startWith('10');
    watch.send('ADDED', anObject('a', '11'));
    await until(() => expect(names()).toEqual(['a']));
    watch.reset();
    expect((await api.next('watch')).query.get('resourceVersion')).toBe('11');
    expect(stateOf()).toEqual(['live', null]);
  });

  it('never outlives the server’s limit by more than 10 s', async () => {
    const stalled = await startWith('10');
    await advanceWhenPending([SHORT_WATCH_MS, COMPARE_MS, WATCH_LIMIT_MS], SHORT_WATCH_MS);
    // The comparing list hangs as well, as on a dead path.
    clock.advance(WATCH_LIMIT_MS - SHORT_WATCH_MS);
    await until(() => expect(stalled.isGone()).toBe(true));
    expect((await api.next('watch')).query.get('resourceVersion')).toBe('10');
  });

  it('counts an end within a second and without an event as a failure, and waits longer each time', async () => {
    const first = await startWith('10');
    first.end();
    await advanceWhenPending([FIRST_PAUSE_MS, COMPARE_MS], FIRST_PAUSE_MS);
    (await api.next('watch')).end();
    await advanceWhenPending([SECOND_PAUSE_MS, COMPARE_MS - FIRST_PAUSE_MS], SECOND_PAUSE_MS);
    (await api.next('watch')).end();
    await until(() => expect(clock.pending()[0]).toBe(1_500));
    expect(stateOf()).toEqual(['live', null]);
    clock.advance(1_500);
    expect(stateOf()).toEqual(['reconnecting', 'The API server ends watches as soon as they begin.']);
    expect(api.waiting('list')).toBe(0);
    (await openWatch()).send('BOOKMARK', aBookmark('11'));
    await until(() => expect(stateOf()).toEqual(['live', null]));
  });

  it('reads events however the bytes are cut', async () => {
    const watch = await startWith('10');
    const lines = ['ä', '→', '😀']
      .map((note, index) =>
        JSON.stringify({ type: 'ADDED', object: anObject(`n${index}`, `${11 + index}`, { note }) }),
      )
      .join('\n');
    const bytes = Buffer.from(`${lines}\r\n`);
    for (let at = 0; at < bytes.length; at += 7) {
      watch.write(bytes.subarray(at, at + 7));
      await setImmediate();
    }
    await until(() => expect(reflector.view().items.map((item) => item.note)).toEqual(['ä', '→', '😀']));
  });

  it('drops half an event and goes on from the last whole one', async () => {
    const watch = await startWith('10');
    watch.send('ADDED', anObject('a', '11'));
    watch.write(JSON.stringify({ type: 'ADDED', object: anObject('b', '12') }).slice(0, 30));
    await until(() => expect(names()).toEqual(['a']));
    watch.reset();
    const next = await openWatch();
    expect(next.query.get('resourceVersion')).toBe('11');
    next.send('ADDED', anObject('b', '12'));
    await until(() => expect(names()).toEqual(['a', 'b']));
  });

  it('counts a malformed line and lists again', async () => {
    const watch = await startWith('10', anObject('a', '1'));
    watch.write('{"type":"ADDED","obj\n');
    await advanceWhenPending([FIRST_PAUSE_MS, COMPARE_MS], FIRST_PAUSE_MS);
    const list = await api.next('list');
    expect(list.query.get('resourceVersion')).toBe('10');
    list.answer(aList('12', [anObject('b', '11')]));
    await until(() => expect(names()).toEqual(['b']));
    expect(reflector.counters().malformedLines).toBe(1);
    expect(stateOf()).toEqual(['live', null]);
  });

  it('takes an event without an object’s metadata for a malformed line', async () => {
    const watch = await startWith('10');
    watch.send('ADDED', { spec: {} });
    await until(() => expect(reflector.counters().malformedLines).toBe(1));
  });
});

describe('replays and the past', () => {
  it('shows nothing twice when events are repeated', async () => {
    const watch = await startWith('10', anObject('a', '9', { note: 'old' }));
    watch.send('MODIFIED', anObject('a', '11', { note: 'new' }));
    await until(() => expect(reflector.view().items).toEqual([{ name: 'a', uid: 'uid-a', note: 'new' }]));
    const { items } = reflector.view();
    watch.send('MODIFIED', anObject('a', '11', { note: 'new' }));
    watch.send('MODIFIED', anObject('a', '9', { note: 'old' }));
    watch.send('BOOKMARK', aBookmark('12'));
    await until(() => expect(reflector.counters().older).toBe(1));
    expect(reflector.view().items).toBe(items);
  });

  it('does not bring back a deleted object from a replay', async () => {
    const watch = await startWith('10', anObject('a', '9'));
    watch.send('DELETED', anObject('a', '11'));
    watch.send('ADDED', anObject('a', '9'));
    await until(() => expect(reflector.counters().older).toBe(1));
    expect(names()).toEqual([]);
  });

  it('takes back an object that leaves a selector and comes again', async () => {
    const watch = await startWith('10', anObject('a', '9'));
    watch.send('DELETED', anObject('a', '11'));
    watch.send('ADDED', anObject('a', '12'));
    watch.send('BOOKMARK', aBookmark('13'));
    await until(() => expect(names()).toEqual(['a']));
  });

  it('refuses a list from an older cache, keeps the newer state and asks for the most recent one', async () => {
    const watch = await startWith('10', anObject('a', '9', { note: 'old' }));
    watch.send('MODIFIED', anObject('a', '11', { note: 'new' }));
    await until(() => expect(reflector.view().items[0]?.note).toBe('new'));
    watch.send('ERROR', aStatus(410, 'Expired'));
    await advanceWhenPending([FIRST_PAUSE_MS, COMPARE_MS], FIRST_PAUSE_MS);
    const stale = await api.next('list');
    expect(stale.query.get('resourceVersion')).toBe('11');
    expect(stale.query.get('resourceVersionMatch')).toBe('NotOlderThan');
    stale.answer(aList('10', [anObject('a', '9', { note: 'old' })]));
    await advanceWhenPending([FIRST_PAUSE_MS], FIRST_PAUSE_MS);
    expect(reflector.view().items[0]?.note).toBe('new');
    const recent = await api.next('list');
    expect(recent.query.has('resourceVersion')).toBe(false);
    recent.answer(aList('15', [anObject('a', '14', { note: 'newest' })]));
    await until(() => expect(reflector.view().items[0]?.note).toBe('newest'));
    expect(reflector.counters().older).toBe(1);
  });

  it('believes the cluster in the end when it insists, as after a restored backup', async () => {
    const watch = await startWith('10', anObject('a', '9', { note: 'old' }));
    watch.send('MODIFIED', anObject('a', '11', { note: 'new' }));
    await until(() => expect(reflector.view().items[0]?.note).toBe('new'));
    watch.send('ERROR', aStatus(410, 'Expired'));
    await advanceWhenPending([FIRST_PAUSE_MS, COMPARE_MS], FIRST_PAUSE_MS);
    for (const pauseMs of [375, 750, 1_500]) {
      (await api.next('list')).answer(aList('10', [anObject('a', '9', { note: 'old' })]));
      await advanceWhenPending([pauseMs], pauseMs);
    }
    (await api.next('list')).answer(aList('10', [anObject('a', '9', { note: 'old' })]));
    await until(() => expect(reflector.view().items[0]?.note).toBe('old'));
    (await openWatch()).send('MODIFIED', anObject('a', '11', { note: 'again' }));
    await until(() => expect(reflector.view().items[0]?.note).toBe('old'));
  });
});

describe('expired versions', () => {
  it.each([
    ['as the status of the watch', (watch: ApiCall) => watch.answer(aStatus(410, 'Expired'), 410)],
    ['inside a watch that answers 200', (watch: ApiCall) => watch.send('ERROR', aStatus(410, 'Expired'))],
  ])('%s lead to a new list and show nothing', async (_shape, expire) => {
    const watch = await startWith('10', anObject('a', '1'));
    watch.send('BOOKMARK', aBookmark('11'));
    watch.end();
    expire(await api.next('watch'));
    await until(() => expect(clock.pending()[0]).toBe(FIRST_PAUSE_MS));
    clock.advance(FIRST_PAUSE_MS);
    const list = await api.next('list');
    expect(list.query.get('resourceVersion')).toBe('11');
    list.answer(aList('20', [anObject('a', '1')]));
    expect((await api.next('watch')).query.get('resourceVersion')).toBe('20');
    expect(stateOf()).toEqual(['live', null]);
    expect(reflector.counters().expired).toBe(1);
  });

  it('removes objects whose deletion fell into the gap', async () => {
    const watch = await startWith('10', anObject('a', '1'), anObject('ghost', '2'));
    watch.send('ERROR', aStatus(410, 'Expired'));
    await advanceWhenPending([FIRST_PAUSE_MS, COMPARE_MS], FIRST_PAUSE_MS);
    (await api.next('list')).answer(aList('20', [anObject('a', '1')]));
    await until(() => expect(names()).toEqual(['a']));
  });

  it.each([
    ['has expired', aStatus(410, 'Expired'), 410],
    [
      'is newer than the answering server knows',
      aStatus(504, 'Timeout', { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 }),
      504,
    ],
  ])('asks for the most recent list at once when the known version %s', async (_case, status, httpStatus) => {
    const watch = await startWith('10', anObject('a', '1'));
    watch.send('ERROR', aStatus(410, 'Expired'));
    await advanceWhenPending([FIRST_PAUSE_MS, COMPARE_MS], FIRST_PAUSE_MS);
    (await api.next('list')).answer(status, httpStatus);
    const full = await api.next('list');
    expect(Object.fromEntries(full.query)).toEqual({ limit: '500' });
    full.answer(aList('20', [anObject('a', '1')]));
    expect((await api.next('watch')).query.get('resourceVersion')).toBe('20');
    expect(stateOf()).toEqual(['live', null]);
  });
});

describe('refusals that pass', () => {
  it('waits as long as Retry-After asks and does not list again for a 429', async () => {
    const watch = await startWith('10');
    watch.send('BOOKMARK', aBookmark('11'));
    watch.end();
    (await api.next('watch')).answer(aStatus(429, 'TooManyRequests'), 429, { 'retry-after': '5' });
    await advanceWhenPending([5_000, COMPARE_MS], 4_999);
    expect(stateOf()).toEqual(['reconnecting', 'The API server is limiting requests; next try in 5 s.']);
    expect(api.waiting('watch')).toBe(0);
    clock.advance(1);
    const next = await openWatch();
    expect(next.query.get('resourceVersion')).toBe('11');
    expect(api.waiting('list')).toBe(0);
    clock.advance(SHORT_WATCH_MS);
    expect(stateOf()).toEqual(['live', null]);
  });

  it('goes on from where it was when the server refuses connections for a while', async () => {
    const port = Number(new URL(api.url).port);
    await startWith('10', anObject('a', '1'));
    await until(() => expect(clock.pending()).toEqual([SHORT_WATCH_MS, COMPARE_MS, WATCH_LIMIT_MS]));
    await api.close();
    await advanceWhenPending([FIRST_PAUSE_MS, COMPARE_MS], FIRST_PAUSE_MS);
    await advanceWhenPending([SECOND_PAUSE_MS, COMPARE_MS - FIRST_PAUSE_MS], SECOND_PAUSE_MS);
    await until(() => expect(clock.pending()[0]).toBe(1_500));
    api = await startFakeApiServer(null, port);
    clock.advance(1_500);
    expect((await openWatch()).query.get('resourceVersion')).toBe('10');
    expect(names()).toEqual(['a']);
    expect(reflector.counters().lists).toBe(1);
  });

  it('shows an outage as reconnecting first, keeps the data, then calls it unreachable', async () => {
    await startWith('10', anObject('a', '1'));
    await until(() => expect(clock.pending()).toEqual([SHORT_WATCH_MS, COMPARE_MS, WATCH_LIMIT_MS]));
    await api.close();
    await advanceWhenPending([FIRST_PAUSE_MS, COMPARE_MS], FIRST_PAUSE_MS);
    expect(reflector.view().state).toBe('live');
    await until(() => expect(clock.pending()[0]).toBe(SECOND_PAUSE_MS));
    clock.advance(1_200);
    expect(reflector.view()).toMatchObject({
      state: 'reconnecting',
      problem: 'The API server refuses the connection.',
      items: [{ name: 'a' }],
    });
    for (let step = 0; step < 60; step += 1) {
      await setImmediate();
      clock.advance(500);
    }
    await until(() => expect(reflector.view().state).toBe('unreachable'));
    expect(names()).toEqual(['a']);
    api = await startFakeApiServer();
  });

  it('retries the watch after a 5xx on opening and after a 5xx inside the stream', async () => {
    const watch = await startWith('10');
    watch.send('BOOKMARK', aBookmark('11'));
    watch.end();
    (await api.next('watch')).answer(aStatus(500, 'InternalError'), 500);
    await until(() => expect(clock.pending()[0]).toBe(FIRST_PAUSE_MS));
    clock.advance(FIRST_PAUSE_MS);
    (await openWatch()).send('ERROR', aStatus(500, 'InternalError'));
    await until(() => expect(clock.pending()[0]).toBe(SECOND_PAUSE_MS));
    clock.advance(SECOND_PAUSE_MS);
    expect((await api.next('watch')).query.get('resourceVersion')).toBe('11');
    expect(reflector.counters().lists).toBe(1);
  });

  it('publishes "unreachable" when the first list never succeeds', async () => {
    reflector.start();
    (await api.next('list')).answer(aStatus(503, 'ServiceUnavailable'), 503);
    await advanceWhenPending([FIRST_PAUSE_MS], FIRST_PAUSE_MS);
    (await api.next('list')).answer(aStatus(503, 'ServiceUnavailable'), 503);
    await advanceWhenPending([SECOND_PAUSE_MS], SECOND_PAUSE_MS);
    (await api.next('list')).answer(aStatus(503, 'ServiceUnavailable'), 503);
    await until(() => expect(clock.pending()).toEqual([1_500]));
    clock.advance(1_000);
    expect(reflector.view()).toEqual({
      request: 'GET /api/v1/namespaces/demo/pods',
      state: 'unreachable',
      problem: 'The API server answers 503.',
      items: [],
      httpStatus: 503,
      lastProofAt: null,
    });
  });

  it('does not follow a redirect', async () => {
    reflector.start();
    (await api.next('list')).answer({}, 302, { location: `${api.url}/login` });
    await until(() => expect(clock.pending()).toEqual([FIRST_PAUSE_MS]));
    clock.advance(300);
    expect(reflector.counters().lists).toBe(1);
    expect(reflector.view().httpStatus).toBe(302);
  });
});

describe('definite answers', () => {
  it('names the missing right after a 403 and looks again within 35 s', async () => {
    reflector.start();
    (await api.next('list')).answer(aStatus(403, 'Forbidden'), 403);
    await until(() =>
      expect(reflector.view()).toEqual({
        request: 'GET /api/v1/namespaces/demo/pods',
        state: 'forbidden',
        problem: 'The right to list pods in namespace demo is missing.',
        items: [],
        httpStatus: 403,
        lastProofAt: clock.now(),
      }),
    );
    await advanceWhenPending([RECHECK_MS], RECHECK_MS);
    (await api.next('list')).answer(aList('10', [anObject('a', '1')]));
    await until(() => expect(stateOf()).toEqual(['live', null]));
  });

  it('keeps the last objects when the right is taken away', async () => {
    await startWith('10', anObject('a', '1'));
    await advanceWhenPending([SHORT_WATCH_MS, COMPARE_MS, WATCH_LIMIT_MS], COMPARE_MS);
    (await api.next('list')).answer(aStatus(403, 'Forbidden'), 403);
    (await api.next('list')).answer(aStatus(403, 'Forbidden'), 403);
    const provenAt = clock.now() - COMPARE_MS;
    await until(() =>
      expect(reflector.view()).toMatchObject({
        state: 'forbidden',
        items: [{ name: 'a' }],
        lastProofAt: provenAt,
      }),
    );
  });

  it('goes on by listing when only the right to watch is missing', async () => {
    reflector.start();
    (await api.next('list')).answer(aList('10', [anObject('a', '1')]));
    (await api.next('watch')).answer(aStatus(403, 'Forbidden'), 403);
    await advanceWhenPending([COMPARE_MS, RECHECK_MS], COMPARE_MS);
    expect(stateOf()).toEqual(['reconnecting', 'The right to watch pods in namespace demo is missing.']);
    (await api.next('list')).answer(aList('12', [anObject('b', '11')]));
    (await api.next('list')).answer(aList('12', [anObject('b', '11')]));
    await until(() => expect(names()).toEqual(['b']));
    expect(reflector.counters().drifted).toBe(0);
  });

  it('publishes "not installed" for the plain-text 404, with its proof, and notices the installation', async () => {
    reflector.start();
    (await api.next('list')).answerText('404 page not found\n', 404);
    await until(() =>
      expect(reflector.view()).toEqual({
        request: 'GET /api/v1/namespaces/demo/pods',
        state: 'not-installed',
        problem: 'The API server does not serve this kind.',
        items: [],
        httpStatus: 404,
        lastProofAt: clock.now(),
      }),
    );
    await advanceWhenPending([RECHECK_MS], RECHECK_MS);
    (await api.next('list')).answer(aList('10', [anObject('a', '1')]));
    await until(() => expect(stateOf()).toEqual(['live', null]));
  });

  it('empties the view when the kind is removed while it is watched', async () => {
    const watch = await startWith('10', anObject('a', '1'));
    clock.advance(SHORT_WATCH_MS);
    watch.end();
    (await api.next('watch')).answerText('404 page not found\n', 404);
    await until(() => expect(clock.pending()[0]).toBe(FIRST_PAUSE_MS));
    clock.advance(FIRST_PAUSE_MS);
    (await api.next('list')).answerText('404 page not found\n', 404);
    await until(() => expect(reflector.view()).toMatchObject({ state: 'not-installed', items: [] }));
    await until(() => expect(clock.pending()).toEqual([RECHECK_MS]));
  });

  it('does not take another web server’s 404 for a missing kind', async () => {
    reflector.start();
    (await api.next('list')).answer('<html>', 404, { 'content-type': 'text/html' });
    await until(() => expect(clock.pending()).toEqual([FIRST_PAUSE_MS]));
    expect(stateOf()[0]).not.toBe('not-installed');
  });
});

describe('the comparing list', () => {
  it('asks for names and versions only, not older than what is known, and proves life', async () => {
    await startWith('10', anObject('a', '1'));
    await advanceWhenPending([SHORT_WATCH_MS, COMPARE_MS, WATCH_LIMIT_MS], COMPARE_MS);
    const sentAt = clock.now();
    const list = await api.next('list');
    expect(list.headers.accept).toContain('as=PartialObjectMetadataList');
    expect(Object.fromEntries(list.query)).toEqual({
      limit: '500',
      resourceVersion: '10',
      resourceVersionMatch: 'NotOlderThan',
    });
    const before = reflector.view();
    list.answer(aList('15', [anObject('a', '1')]));
    await until(() => expect(reflector.view().lastProofAt).toBe(sentAt));
    expect(reflector.view()).toEqual({ ...before, lastProofAt: sentAt });
    expect(reflector.view().items).toBe(before.items);
  });

  it('repairs what a silent watch has missed, counts it, and replaces the watch', async () => {
    const deaf = await startWith('10', anObject('a', '1'), anObject('gone', '2'));
    await advanceWhenPending([SHORT_WATCH_MS, COMPARE_MS, WATCH_LIMIT_MS], COMPARE_MS);
    const current = aList('20', [anObject('a', '15', { note: 'new' }), anObject('b', '16')]);
    (await api.next('list')).answer(current);
    await until(() => expect(clock.pending()).toContain(1_000));
    clock.advance(1_000);
    (await api.next('list')).answer(current);
    await until(() =>
      expect(reflector.view().items).toEqual([
        { name: 'a', uid: 'uid-a', note: 'new' },
        { name: 'b', uid: 'uid-b', note: '' },
      ]),
    );
    expect(reflector.counters().drifted).toBe(3);
    expect((await api.next('watch')).query.get('resourceVersion')).toBe('20');
    await until(() => expect(deaf.isGone()).toBe(true));
  });

  it('gives a watch that is merely a moment behind the time to deliver', async () => {
    const watch = await startWith('10', anObject('a', '1'));
    await advanceWhenPending([SHORT_WATCH_MS, COMPARE_MS, WATCH_LIMIT_MS], COMPARE_MS);
    (await api.next('list')).answer(aList('20', [anObject('a', '15', { note: 'new' })]));
    await until(() => expect(clock.pending()).toContain(1_000));
    watch.send('MODIFIED', anObject('a', '15', { note: 'new' }));
    await until(() => expect(reflector.view().items[0]?.note).toBe('new'));
    clock.advance(1_000);
    await until(() => expect(clock.pending()[0]).toBe(COMPARE_MS));
    expect(reflector.counters()).toMatchObject({ drifted: 0, lists: 2, watches: 1 });
  });

  it('is not disturbed by events that come while it is under way', async () => {
    const watch = await startWith('10', anObject('a', '1'));
    await advanceWhenPending([SHORT_WATCH_MS, COMPARE_MS, WATCH_LIMIT_MS], COMPARE_MS);
    const list = await api.next('list');
    watch.send('ADDED', anObject('b', '11'));
    await until(() => expect(names()).toEqual(['a', 'b']));
    list.answer(aList('10', [anObject('a', '1')]));
    await until(() => expect(clock.pending()[0]).toBe(COMPARE_MS));
    expect(names()).toEqual(['a', 'b']);
    expect(reflector.counters()).toMatchObject({ drifted: 0, older: 0 });
  });

  it.each([
    ['a watch that is open and silent', true, 8_000, 0],
    // The first list speaks for the time when it was sent, which is long ago when the second is answered.
    ['a watch that is open and silent, to the limit of a list', true, 14_000, 30_000],
    ['no right to watch', false, 8_000, 0],
  ])(
    'keeps the proof younger than 20 s while lists are slow, with %s',
    async (_name, canWatch, listMs, fromMs) => {
      const list = aList('10', [anObject('a', '1')]);
      api.answerWith((call) => {
        if (call.kind === 'list') clock.after(listMs, () => call.answer(list));
        else if (canWatch) call.open();
        else call.answer(aStatus(403, 'Forbidden'), 403);
        return true;
      });
      reflector.start();
      const oldest: number[] = [];
      const states = new Set<string>();
      const STEP_MS = 500;
      for (let elapsedMs = 0; elapsedMs < 200_000; elapsedMs += STEP_MS) {
        clock.advance(STEP_MS);
        for (let turn = 0; turn < 30; turn += 1) await setImmediate();
        const { state, lastProofAt } = reflector.view();
        if (lastProofAt === null || elapsedMs < fromMs) continue;
        oldest.push(clock.now() - lastProofAt);
        states.add(state);
      }
      expect(oldest.length).toBeGreaterThan(300);
      expect(Math.max(...oldest)).toBeLessThanOrEqual(20_000);
      expect([...states].sort()).toEqual(['live', 'reconnecting']);
    },
  );

  it('shows a path that stalls as slow, then as stale, and heals', async () => {
    await startWith('10', anObject('a', '1'));
    await advanceWhenPending([SHORT_WATCH_MS, COMPARE_MS, WATCH_LIMIT_MS], COMPARE_MS);
    await api.next('list');
    clock.advance(3_000);
    expect(stateOf()).toEqual(['reconnecting', 'The API server is slow to answer.']);
    clock.advance(7_001);
    expect(stateOf()).toEqual(['stale', 'The API server is slow to answer.']);
    clock.advance(5_000);
    await until(() => expect(clock.pending()[0]).toBe(FIRST_PAUSE_MS));
    clock.advance(FIRST_PAUSE_MS);
    (await api.next('list')).answer(aList('10', [anObject('a', '1')]));
    await until(() => expect(stateOf()).toEqual(['live', null]));
  });
});

describe('faults of our own', () => {
  it('go on when the subscriber throws, and report it', async () => {
    await reflector.stop();
    reflector = create(() => {
      throw new Error('subscriber');
    });
    const watch = await startWith('10');
    watch.send('ADDED', anObject('a', '11'));
    await until(() => expect(names()).toEqual(['a']));
    expect(reflector.counters().faults).toBeGreaterThan(0);
    expect(faults[0]).toEqual(new Error('subscriber'));
  });

  it('leave out the one object that cannot be read', async () => {
    const watch = await startWith('10', anObject('a', '1', { note: 'unreadable' }), anObject('b', '2'));
    expect(names()).toEqual(['b']);
    expect(reflector.counters().unreadable).toBe(1);
    watch.send('MODIFIED', anObject('a', '11'));
    await until(() => expect(names()).toEqual(['a', 'b']));
    expect(reflector.counters().unreadable).toBe(0);
  });
});

describe('stop', () => {
  it('before the start asks nothing', async () => {
    await reflector.stop();
    reflector.start();
    await setImmediate();
    expect(api.waiting('list')).toBe(0);
  });

  it.each([
    ['while the first list is under way', async () => void (await api.next('list'))],
    [
      'while the watch is open',
      async () => {
        (await api.next('list')).answer(aList('1', []));
        await openWatch();
      },
    ],
    [
      'during a pause',
      async () => {
        (await api.next('list')).answer(aStatus(500, 'InternalError'), 500);
        await until(() => expect(clock.pending()).toEqual([FIRST_PAUSE_MS]));
      },
    ],
  ])('%s ends everything and leaves no timer', async (_moment, reach) => {
    reflector.start();
    await reach();
    await reflector.stop();
    expect(clock.pending()).toEqual([]);
    expect(reflector.counters().watches).toBeLessThanOrEqual(1);
  });
});

describe('what is published', () => {
  it('is the same object until something changes, also over a new list of the same content', async () => {
    const watch = await startWith('10', anObject('a', '1'));
    const before = reflector.view();
    watch.send('ERROR', aStatus(410, 'Expired'));
    await advanceWhenPending([FIRST_PAUSE_MS, COMPARE_MS], FIRST_PAUSE_MS);
    (await api.next('list')).answer(aList('20', [anObject('a', '1')]));
    await api.next('watch');
    expect(reflector.view()).toEqual({ ...before, lastProofAt: clock.now() });
    expect(reflector.view().items).toBe(before.items);
    expect(changes).toBeGreaterThan(0);
  });

  it('does not change for an update that touches nothing we read', async () => {
    const watch = await startWith('10', anObject('a', '1'));
    const { items } = reflector.view();
    watch.send('MODIFIED', anObject('a', '11'));
    watch.end();
    expect((await api.next('watch')).query.get('resourceVersion')).toBe('11');
    expect(reflector.view().items).toBe(items);
  });
});
