import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import type { KubernetesConfig } from '../config';
import { type ClusterChange, type ClusterReader, createClusterReader } from './cluster-reader';
import type { AnyResourceDefinition } from './resource-definition';
import { aList, anObject, type TestObject } from './testing/api-objects';
import { type ApiCall, type FakeApiServer, startFakeApiServer } from './testing/fake-api-server';
import { kubeconfigText } from './testing/kubeconfig-file';
import { createTestAuthority } from './testing/test-certificates';

const NOWHERE: KubernetesConfig = {
  kubeconfigFiles: [],
  context: null,
  homeDirectory: null,
  inCluster: null,
};

let folder: string;
let api: FakeApiServer;
let clock: ManualClock;
let reader: ClusterReader | null = null;
let changes: ClusterChange[];
let faults: unknown[];
let gitVersion: string;
let podsWatch: ApiCall | null;

/** Rows with the test's own objects; the table's types know only real kinds. */
function aDefinition(id: string, group: string): AnyResourceDefinition {
  return {
    id,
    group,
    version: 'v1',
    plural: id,
    namespace: group === '' ? 'demo' : null,
    parse: (raw: unknown) => (raw as TestObject).metadata.name,
  } as unknown as AnyResourceDefinition;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reader-'));
  const authority = await createTestAuthority('Cluster CA');
  api = await startFakeApiServer(await authority.issue('127.0.0.1'));
  writeFileSync(join(folder, 'ca.pem'), authority.certificatePem);
  writeFileSync(
    join(folder, 'config'),
    kubeconfigText({
      name: 'test',
      current: 'test',
      server: api.url,
      cluster: { 'certificate-authority': 'ca.pem' },
      user: { token: 'canary' },
    }),
  );
  clock = createManualClock();
  changes = [];
  faults = [];
  gitVersion = 'v1.33.5+lab';
  podsWatch = null;
  api.answerWith(answer);
});

afterEach(async () => {
  await reader?.stop();
  reader = null;
  await api.close();
  rmSync(folder, { recursive: true });
});

/** A small healthy cluster, in which nodes may not be read and gadgets are not installed. */
function answer(call: ApiCall): boolean {
  switch (call.path) {
    case '/version':
      call.answer({ gitVersion });
      return true;
    case '/apis':
      call.answer({ groups: [{ versions: [{ groupVersion: 'apps/v1' }] }] });
      return true;
    case '/apis/apps/v1':
      call.answer({ resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true }] });
      return true;
    case '/openapi/v3':
      call.answer({ paths: {} });
      return true;
    case '/api/v1/namespaces/demo/pods':
      if (call.kind === 'watch') {
        podsWatch = call;
        call.open();
      } else {
        call.answer(aList('10', [anObject('a', '1')]));
      }
      return true;
    default:
      call.answerText('404 page not found\n', 404);
      return true;
  }
}

function start(kubernetes: KubernetesConfig): ClusterReader {
  const started = createClusterReader({
    config: { kubernetes, proxy: { httpsProxy: null, noProxy: '' } },
    definitions: [aDefinition('pods', ''), aDefinition('gadgets', 'example.io')],
    discoveredGroupVersions: ['apps/v1'],
    explainedKinds: [{ groupVersion: 'example.io/v1', kind: 'Gadget' }],
    clock,
    random: () => 0.5,
    onFault: (error) => faults.push(error),
  });
  started.subscribe((change) => changes.push(change));
  reader = started;
  return started;
}

function startWithCluster(): ClusterReader {
  return start({ ...NOWHERE, kubeconfigFiles: [join(folder, 'config')] });
}

async function until(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 5_000, interval: 1 });
}

function statesOf({ snapshot }: ClusterReader): Record<string, string> {
  const { version, groupVersions, discovery, schemas, resources } = snapshot();
  return Object.fromEntries(
    Object.entries({ version, groupVersions, ...discovery, ...schemas, ...resources }).map(([name, view]) => [
      name,
      view.state,
    ]),
  );
}

const HEALTHY = {
  version: 'live',
  groupVersions: 'live',
  'apps/v1': 'live',
  'example.io/v1': 'not-installed',
  pods: 'live',
  gadgets: 'not-installed',
};

describe('createClusterReader', () => {
  it('publishes every resource, the discovery and the schemas of the cluster', async () => {
    const started = startWithCluster();
    expect(new Set(Object.values(statesOf(started)))).toEqual(new Set(['syncing']));
    await until(() => expect(statesOf(started)).toEqual(HEALTHY));
    expect(started.snapshot().resources.pods).toMatchObject({
      request: 'GET /api/v1/namespaces/demo/pods',
      items: ['a'],
    });
    expect(started.source()).toEqual({
      state: 'live',
      lastProofAt: clock.now(),
      mode: 'simulated',
      detail: 'v1.33.5+lab (KUBECONFIG, context test)',
    });
  });

  it('says that no cluster is configured where none is, and finds it when it comes', async () => {
    const homeDirectory = join(folder, 'home');
    const started = start({ ...NOWHERE, kubeconfigFiles: [join(folder, 'later')], homeDirectory });
    await until(() => expect(new Set(Object.values(statesOf(started)))).toEqual(new Set(['not-configured'])));
    expect(started.source()).toEqual({
      state: 'not-configured',
      lastProofAt: null,
      mode: 'unknown',
      detail: 'No cluster is configured: KUBECONFIG names no file that exists.',
    });
    expect(api.connectionCount()).toBe(0);
    writeFileSync(
      join(folder, 'later'),
      kubeconfigText({
        name: 'test',
        current: 'test',
        server: api.url,
        cluster: { 'certificate-authority': 'ca.pem' },
      }),
    );
    clock.advance(5_000);
    await until(() => expect(statesOf(started)).toEqual(HEALTHY));
  });

  it('tells several changes that come together as one', async () => {
    const started = startWithCluster();
    await until(() => expect(statesOf(started)).toEqual(HEALTHY));
    expect(changes).toEqual([]);
    clock.advance(50);
    expect(changes).toEqual(['content']);
    podsWatch?.send('ADDED', anObject('b', '11'));
    podsWatch?.send('ADDED', anObject('c', '12'));
    await until(() => expect(started.snapshot().resources.pods.items).toEqual(['a', 'b', 'c']));
    clock.advance(50);
    expect(changes).toEqual(['content', 'content']);
  });

  it('hands out the same snapshot until something changes', async () => {
    const started = startWithCluster();
    await until(() => expect(statesOf(started)).toEqual(HEALTHY));
    const before = started.snapshot();
    expect(started.snapshot()).toBe(before);
    podsWatch?.send('ADDED', anObject('b', '11'));
    await until(() => expect(started.snapshot()).not.toBe(before));
    expect(started.snapshot().version).toBe(before.version);
  });

  it('tells mere proofs of life apart, and not more than once a second', async () => {
    const started = startWithCluster();
    await until(() => expect(statesOf(started)).toEqual(HEALTHY));
    clock.advance(50);
    const bookmark = async (resourceVersion: string): Promise<void> => {
      const before = started.snapshot().resources.pods;
      clock.advance(1);
      podsWatch?.send('BOOKMARK', { metadata: { resourceVersion } });
      await until(() => expect(started.snapshot().resources.pods).not.toBe(before));
      clock.advance(50);
    };
    await bookmark('11');
    await bookmark('12');
    expect(changes).toEqual(['content']);
    // The second is over before the first look after it.
    clock.advance(1_500);
    expect(changes).toEqual(['content', 'proof']);
  });

  it('tells when data becomes stale, though nothing arrives', async () => {
    const started = startWithCluster();
    await until(() => expect(statesOf(started)).toEqual(HEALTHY));
    clock.advance(50);
    api.answerWith(() => true); // accepts everything, answers nothing
    podsWatch?.reset();
    changes.length = 0;
    clock.advance(20_500);
    expect(statesOf(started).pods).toBe('stale');
    expect(changes).toContain('content');
    expect(started.source()).toMatchObject({ state: 'stale', mode: 'simulated' });
    expect(started.snapshot().resources.pods.items).toEqual(['a']);
  });

  it('survives a listener that throws, and the others still hear', async () => {
    const started = startWithCluster();
    started.subscribe(() => {
      throw new Error('listener');
    });
    const after: ClusterChange[] = [];
    const unsubscribe = started.subscribe((change) => after.push(change));
    await until(() => expect(statesOf(started)).toEqual(HEALTHY));
    clock.advance(50);
    expect(after).toEqual(['content']);
    expect(faults).toEqual([new Error('listener')]);
    unsubscribe();
    podsWatch?.send('ADDED', anObject('b', '11'));
    await until(() => expect(started.snapshot().resources.pods.items).toEqual(['a', 'b']));
    clock.advance(50);
    expect(after).toEqual(['content']);
  });

  it('never puts a credential into what it publishes', async () => {
    const started = startWithCluster();
    await until(() => expect(statesOf(started)).toEqual(HEALTHY));
    expect(JSON.stringify([started.snapshot(), started.source(), started.counters()])).not.toContain(
      'canary',
    );
  });

  it('leaves nothing behind when it stops', async () => {
    const started = startWithCluster();
    await until(() => expect(statesOf(started)).toEqual(HEALTHY));
    await started.stop();
    expect(clock.pending()).toEqual([]);
    await until(() => expect(podsWatch?.isGone()).toBe(true));
  });
});
