import { request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ scenario: 'kueue-gated' });
});
afterAll(() => lab.stop());

function get(path: string, token = lab.tokens.admin): Promise<[number, Record<string, unknown>]> {
  return new Promise((resolve, reject) => {
    request(`${lab.urls.kubernetes}/apis/visibility.kueue.x-k8s.io/v1beta1/${path}`, {
      agent: false,
      ca: lab.authorityPem,
      headers: { Authorization: `Bearer ${token}` },
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

test('an unknown queue is 404, and who has no right is refused', async () => {
  expect((await get('clusterqueues/nobody/pendingworkloads'))[0]).toBe(404);
  expect((await get('clusterqueues/rhoai-main-queue/pendingworkloads', 'guess'))[0]).toBe(401);
});
