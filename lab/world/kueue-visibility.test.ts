import { request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ scenario: 'kueue-gated' });
});
afterAll(() => lab.stop());

interface Asked {
  token?: string;
  of?: Lab;
  accept?: string;
}

const GROUP = '/apis/visibility.kueue.x-k8s.io';

function ask(
  path: string,
  { of = lab, token = of.tokens.admin, accept = 'application/json' }: Asked = {},
): Promise<[number, Record<string, unknown>]> {
  return new Promise((resolve, reject) => {
    request(`${of.urls.kubernetes}${path}`, {
      agent: false,
      ca: of.authorityPem,
      headers: { Authorization: `Bearer ${token}`, Accept: accept },
    })
      .on('error', reject)
      .on('response', (response) => {
        let text = '';
        response.on('data', (piece: Buffer) => {
          text += piece.toString();
        });
        response.on('end', () => resolve([response.statusCode ?? 0, JSON.parse(text)]));
      })
      .end();
  });
}

const get = (path: string, asked?: Asked): Promise<[number, Record<string, unknown>]> =>
  ask(`${GROUP}/v1beta1/${path}`, asked);

test('who waits is told with its place in both queues', async () => {
  const [status, body] = await get('clusterqueues/rhoai-main-queue/pendingworkloads');
  const [waiting] = lab.world.cluster
    .list('workloads.kueue.x-k8s.io', 'private-ai')
    .filter(({ metadata }) => metadata.name.startsWith('pod-mistral-3-distributed-kserve-'))
    .toSorted((a, b) =>
      (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''),
    );
  expect([status, body]).toEqual([
    200,
    {
      kind: 'PendingWorkloadsSummary',
      apiVersion: 'visibility.kueue.x-k8s.io/v1beta1',
      metadata: {},
      items: [
        {
          metadata: {
            name: waiting?.metadata.name,
            namespace: 'private-ai',
            creationTimestamp: waiting?.metadata.creationTimestamp,
            ownerReferences: waiting?.metadata.ownerReferences,
          },
          priority: 0,
          localQueueName: 'default',
          positionInClusterQueue: 0,
          positionInLocalQueue: 0,
        },
      ],
    },
  ]);
  expect(await get('namespaces/private-ai/localqueues/default/pendingworkloads')).toEqual([200, body]);
});

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

async function groupNames(of: Lab): Promise<string[]> {
  const [, plain] = await ask('/apis', { of });
  const [, { items }] = await ask('/apis', { of, accept: AGGREGATED });
  const names = (plain.groups as { name: string }[]).map(({ name }) => name);
  expect((items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)).toEqual(names);
  return names.filter((name) => name.endsWith('kueue.x-k8s.io'));
}

test('discovery lists it in both forms while Kueue is installed, with the reading of its summaries', async () => {
  expect(await groupNames(lab)).toEqual(['kueue.x-k8s.io', 'visibility.kueue.x-k8s.io']);
  const row = { kind: 'PendingWorkloadsSummary', singularName: '', verbs: ['get'] };
  const parent = { ...row, verbs: [] };
  expect(await ask(`${GROUP}/v1beta1`)).toEqual([
    200,
    {
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: 'visibility.kueue.x-k8s.io/v1beta1',
      resources: [
        { ...parent, name: 'clusterqueues', singularName: 'clusterqueue', namespaced: false },
        { ...row, name: 'clusterqueues/pendingworkloads', namespaced: false },
        { ...parent, name: 'localqueues', singularName: 'localqueue', namespaced: true },
        { ...row, name: 'localqueues/pendingworkloads', namespaced: true },
      ],
    },
  ]);
  const bare = await startLab({ scenario: 'bare' });
  const names = await groupNames(bare);
  await bare.stop();
  expect(names).toEqual([]);
});

test('an unknown queue is 404, and who has no right is refused', async () => {
  expect((await get('clusterqueues/nobody/pendingworkloads'))[0]).toBe(404);
  expect((await get('clusterqueues/rhoai-main-queue/pendingworkloads', { token: 'guess' }))[0]).toBe(401);
});
