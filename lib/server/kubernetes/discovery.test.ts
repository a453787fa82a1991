import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import type { KubernetesClient } from './client';
import { createDiscoveryPoller, createGroupVersionsPoller, createVersionPoller } from './discovery';
import type { PollContext, Poller } from './poller';
import { REFLECTOR_TIMING } from './reflector-timing';
import { type FakeApiServer, startFakeApiServer } from './testing/fake-api-server';
import { plainClient } from './testing/plain-client';

const INTERVAL_MS = 9_000;

let api: FakeApiServer;
let clock: ManualClock;
let client: KubernetesClient;
let context: PollContext;
let started: Poller<unknown>[];

beforeEach(async () => {
  api = await startFakeApiServer();
  clock = createManualClock();
  client = plainClient(api.url, clock);
  started = [];
  context = {
    client,
    clock,
    random: () => 0.5,
    timing: REFLECTOR_TIMING,
    intervalMs: INTERVAL_MS,
    onChange: () => undefined,
  };
});

afterEach(async () => {
  await Promise.all(started.map((poller) => poller.stop()));
  await client.close();
  await api.close();
});

function start<T>(poller: Poller<T>): Poller<T> {
  started.push(poller);
  poller.start();
  return poller;
}

async function untilWaiting(delayMs: number): Promise<void> {
  await vi.waitFor(() => expect(clock.pending()).toEqual([delayMs]), { interval: 1 });
}

async function nextRound(delayMs = INTERVAL_MS): Promise<void> {
  await untilWaiting(delayMs);
  clock.advance(delayMs);
}

describe('the version', () => {
  it('is asked for again and again, and each answer is a proof', async () => {
    const poller = start(createVersionPoller(context));
    const first = await api.next('list');
    expect(first.path).toBe('/version');
    first.answer({ major: '1', gitVersion: 'v1.33.5+lab' });
    await nextRound();
    const { items } = poller.view();
    (await api.next('list')).answer({ major: '1', gitVersion: 'v1.33.5+lab' });
    await untilWaiting(INTERVAL_MS);
    expect(poller.view()).toEqual({
      request: 'GET /version',
      state: 'live',
      problem: null,
      items: [{ gitVersion: 'v1.33.5+lab' }],
      httpStatus: 200,
      lastProofAt: clock.now(),
    });
    expect(poller.view().items).toBe(items);
  });

  it('stays known while the server is away', async () => {
    const poller = start(createVersionPoller(context));
    (await api.next('list')).answer({ gitVersion: 'v1.33.5' });
    await nextRound();
    (await api.next('list')).reset();
    await untilWaiting(375);
    clock.advance(370);
    expect(poller.view()).toMatchObject({ state: 'live', items: [{ gitVersion: 'v1.33.5' }] });
  });

  it('is refused from a server that is no Kubernetes API', async () => {
    const poller = start(createVersionPoller(context));
    for (const delayMs of [375, 750, 1_500]) {
      (await api.next('list')).answer({ name: 'something else' });
      await nextRound(delayMs);
    }
    await api.next('list');
    expect(poller.view()).toMatchObject({
      state: 'unreachable',
      problem: 'The answer does not come from a Kubernetes API: its form is unknown.',
    });
  });
});

describe('the group versions', () => {
  it('are those of all groups, in the order of preference', async () => {
    const poller = start(createGroupVersionsPoller(context));
    (await api.next('list')).answer({
      kind: 'APIGroupList',
      groups: [
        { name: 'apps', versions: [{ groupVersion: 'apps/v1', version: 'v1' }] },
        {
          name: 'kueue.x-k8s.io',
          versions: [{ groupVersion: 'kueue.x-k8s.io/v1beta2' }, { groupVersion: 'kueue.x-k8s.io/v1beta1' }],
        },
      ],
    });
    await untilWaiting(INTERVAL_MS);
    expect(poller.view().items).toEqual(['apps/v1', 'kueue.x-k8s.io/v1beta2', 'kueue.x-k8s.io/v1beta1']);
  });

  it('are asked for by their tag, and 304 confirms them', async () => {
    const poller = start(createGroupVersionsPoller(context));
    (await api.next('list')).answer({ groups: [{ versions: [{ groupVersion: 'apps/v1' }] }] }, 200, {
      etag: '"a"',
    });
    await nextRound();
    const second = await api.next('list');
    expect(second.headers['if-none-match']).toBe('"a"');
    second.answer({}, 304);
    await untilWaiting(INTERVAL_MS);
    expect(poller.view()).toMatchObject({ state: 'live', items: ['apps/v1'], lastProofAt: clock.now() });
  });
});

describe('the resources of one group version', () => {
  const path = '/apis/leaderworkerset.x-k8s.io/v1';

  it('are read with nulls where the server leaves something out', async () => {
    const poller = start(createDiscoveryPoller(context, 'leaderworkerset.x-k8s.io/v1'));
    const call = await api.next('list');
    expect(call.path).toBe(path);
    call.answer({
      kind: 'APIResourceList',
      resources: [
        {
          name: 'leaderworkersets',
          singularName: 'leaderworkerset',
          namespaced: true,
          kind: 'LeaderWorkerSet',
          verbs: ['get', 'list'],
          shortNames: ['lws'],
        },
        { name: 'leaderworkersets/status', namespaced: true, kind: 'LeaderWorkerSet', verbs: null },
      ],
    });
    await untilWaiting(INTERVAL_MS);
    expect(poller.view()).toMatchObject({
      request: `GET ${path}`,
      items: [
        {
          name: 'leaderworkersets',
          kind: 'LeaderWorkerSet',
          namespaced: true,
          verbs: ['get', 'list'],
          shortNames: ['lws'],
        },
        {
          name: 'leaderworkersets/status',
          kind: 'LeaderWorkerSet',
          namespaced: true,
          verbs: [],
          shortNames: [],
        },
      ],
    });
  });

  it('are "not installed" after the plain-text 404, with proof, and come when the operator does', async () => {
    const poller = start(createDiscoveryPoller(context, 'leaderworkerset.x-k8s.io/v1'));
    (await api.next('list')).answerText('404 page not found\n', 404);
    await nextRound();
    expect(poller.view()).toMatchObject({ state: 'not-installed', httpStatus: 404, items: [] });
    expect(poller.view().lastProofAt).toBe(clock.now() - INTERVAL_MS);
    (await api.next('list')).answer({ resources: [] });
    await untilWaiting(INTERVAL_MS);
    expect(poller.view()).toMatchObject({ state: 'live', httpStatus: 200, items: [] });
  });

  it('do not turn from "not installed" to an outage at the first lost connection', async () => {
    const poller = start(createDiscoveryPoller(context, 'leaderworkerset.x-k8s.io/v1'));
    for (let round = 0; round < 3; round += 1) {
      (await api.next('list')).answerText('404 page not found\n', 404);
      await nextRound();
    }
    (await api.next('list')).reset();
    await untilWaiting(375);
    expect(poller.view()).toMatchObject({ state: 'not-installed', httpStatus: 404, items: [] });
  });
});
