import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import type { KubernetesClient } from './client';
import { createSchemaPoller, type SchemaPoller } from './openapi';
import { REFLECTOR_TIMING } from './reflector-timing';
import { aStatus } from './testing/api-objects';
import { type FakeApiServer, startFakeApiServer } from './testing/fake-api-server';
import { plainClient } from './testing/plain-client';

const INTERVAL_MS = 9_000;
const KSERVE = 'serving.kserve.io/v1alpha1';
const LWS = 'leaderworkerset.x-k8s.io/v1';

let api: FakeApiServer;
let clock: ManualClock;
let client: KubernetesClient;
let poller: SchemaPoller;

beforeEach(async () => {
  api = await startFakeApiServer();
  clock = createManualClock();
  client = plainClient(api.url, clock);
  poller = createSchemaPoller(
    {
      client,
      clock,
      random: () => 0.5,
      timing: REFLECTOR_TIMING,
      intervalMs: INTERVAL_MS,
      onChange: () => undefined,
    },
    [
      { groupVersion: KSERVE, kind: 'LLMInferenceService' },
      { groupVersion: LWS, kind: 'LeaderWorkerSet' },
    ],
  );
  poller.start();
});

afterEach(async () => {
  await poller.stop();
  await client.close();
  await api.close();
});

function addressOf(groupVersion: string, hash: string): string {
  return `/openapi/v3/apis/${groupVersion}?hash=${hash}`;
}

function anIndex(hashes: Record<string, string>): unknown {
  return {
    paths: Object.fromEntries(
      Object.entries(hashes).map(([groupVersion, hash]) => [
        `apis/${groupVersion}`,
        { serverRelativeURL: addressOf(groupVersion, hash) },
      ]),
    ),
  };
}

function aDocument(groupVersion: string, kind: string, ...fields: string[]): unknown {
  const [group, version] = groupVersion.split('/');
  return {
    components: {
      schemas: {
        Kind: {
          'x-kubernetes-group-version-kind': [{ group, version, kind }],
          properties: { spec: { properties: Object.fromEntries(fields.map((field) => [field, {}])) } },
        },
      },
    },
  };
}

async function untilWaiting(delayMs: number): Promise<void> {
  await vi.waitFor(() => expect(clock.pending()).toEqual([delayMs]), { interval: 1 });
}

function pathsOf(groupVersion: string): string[] | undefined {
  const [schema] = poller.views()[groupVersion]?.items ?? [];
  return schema === undefined ? undefined : [...schema.fieldPaths];
}

/** Answers index and documents of the first round: kserve is served, LWS is not. */
async function firstRound(): Promise<void> {
  (await api.next('list')).answer(anIndex({ [KSERVE]: 'one' }), 200, { etag: '"1"' });
  const document = await api.next('list');
  expect(`${document.path}?${document.query}`).toBe(addressOf(KSERVE, 'one'));
  document.answer(aDocument(KSERVE, 'LLMInferenceService', 'router'));
  await untilWaiting(INTERVAL_MS);
}

describe('the schemas', () => {
  it('are read from the document of their group version', async () => {
    await firstRound();
    expect(poller.views()).toEqual({
      [KSERVE]: {
        request: `GET /openapi/v3/apis/${KSERVE}`,
        state: 'live',
        problem: null,
        items: [{ kind: 'LLMInferenceService', fieldPaths: new Set(['spec', 'spec.router']) }],
        httpStatus: 200,
        lastProofAt: clock.now(),
      },
      [LWS]: {
        request: `GET /openapi/v3/apis/${LWS}`,
        state: 'not-installed',
        problem: 'The API server does not serve this group version.',
        items: [],
        httpStatus: null,
        lastProofAt: clock.now(),
      },
    });
  });

  it('are proven by an index that has not changed, without reading them again', async () => {
    await firstRound();
    const before = poller.views()[KSERVE];
    clock.advance(INTERVAL_MS);
    const index = await api.next('list');
    expect(index.headers['if-none-match']).toBe('"1"');
    index.answer({}, 304);
    await untilWaiting(INTERVAL_MS);
    expect(poller.views()[KSERVE]).toEqual({ ...before, lastProofAt: clock.now() });
    expect(poller.views()[KSERVE]?.items).toBe(before?.items);
    expect(api.waiting('list')).toBe(0);
  });

  it('are read again when the hash in their address changes', async () => {
    await firstRound();
    clock.advance(INTERVAL_MS);
    (await api.next('list')).answer(anIndex({ [KSERVE]: 'two', [LWS]: 'one' }));
    (await api.next('list')).answer(aDocument(KSERVE, 'LLMInferenceService', 'router', 'scaling'));
    (await api.next('list')).answer(aDocument(LWS, 'LeaderWorkerSet', 'replicas'));
    await untilWaiting(INTERVAL_MS);
    expect(pathsOf(KSERVE)).toEqual(['spec', 'spec.router', 'spec.scaling']);
    expect(pathsOf(LWS)).toEqual(['spec', 'spec.replicas']);
  });

  it('are gone with their group version', async () => {
    await firstRound();
    clock.advance(INTERVAL_MS);
    (await api.next('list')).answer(anIndex({}));
    await untilWaiting(INTERVAL_MS);
    expect(poller.views()[KSERVE]).toMatchObject({ state: 'not-installed', items: [] });
  });

  it('of one group version do not suffer from the failure of another', async () => {
    (await api.next('list')).answer(anIndex({ [KSERVE]: 'one', [LWS]: 'one' }), 200, { etag: '"1"' });
    (await api.next('list')).answer(aStatus(503, 'ServiceUnavailable'), 503);
    (await api.next('list')).answer(aDocument(LWS, 'LeaderWorkerSet', 'replicas'));
    await untilWaiting(375);
    expect(poller.views()[LWS]).toMatchObject({ state: 'live' });
    expect(poller.views()[KSERVE]).toMatchObject({ state: 'syncing', httpStatus: 503 });
    clock.advance(375);
    const index = await api.next('list');
    expect(index.headers['if-none-match']).toBeUndefined();
    index.answer(anIndex({ [KSERVE]: 'one', [LWS]: 'one' }));
    (await api.next('list')).answer(aDocument(KSERVE, 'LLMInferenceService', 'router'));
    await untilWaiting(INTERVAL_MS);
    expect(pathsOf(KSERVE)).toEqual(['spec', 'spec.router']);
  });

  it('are not "not installed" where only the index is missing', async () => {
    (await api.next('list')).answerText('404 page not found', 404);
    await untilWaiting(375);
    expect(poller.views()[KSERVE]?.state).not.toBe('not-installed');
  });

  it('are not read from an address that leads elsewhere', async () => {
    for (const delayMs of [375, 750, 1_500]) {
      (await api.next('list')).answer({
        paths: { [`apis/${KSERVE}`]: { serverRelativeURL: '//elsewhere.example/openapi/v3/x' } },
      });
      await untilWaiting(delayMs);
      clock.advance(delayMs);
    }
    await api.next('list');
    expect(poller.views()[KSERVE]).toMatchObject({
      state: 'unreachable',
      problem: 'The address of an OpenAPI document leads elsewhere.',
      items: [],
    });
  });
});
