import { expect, test } from 'vitest';
import { kindOf } from '../kubernetes-api/catalogue.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { runWebhooks } from './webhooks.ts';
import { type Deployment, isReady, type Pod, type ReplicaSet } from './workload-types.ts';
import { createTestWorld } from './world-fixture.ts';

const LLM = 'llminferenceservices.serving.kserve.io';

function web(replicas: number): Record<string, unknown> {
  return {
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web:1' }] },
      },
    },
  };
}

test('a new Deployment gets a ReplicaSet and pods, which run on nodes that take them', async () => {
  const { world, clock } = await createTestWorld();
  world.cluster.create('deployments.apps', { name: 'web', namespace: 'default', generation: 1 }, web(2));
  await clock.advance(5000);
  const pods = world.cluster.list<Pod>('pods', 'default');
  expect(pods.map(isReady)).toEqual([true, true]);
  const workers = world.cluster
    .list('nodes')
    .filter(
      ({ metadata }) =>
        metadata.labels?.['node.kubernetes.io/instance-type'] === 'm6i.2xlarge' &&
        'node-role.kubernetes.io/worker' in (metadata.labels ?? {}),
    );
  expect(workers.map(({ metadata }) => metadata.name)).toEqual(
    expect.arrayContaining(pods.map(({ spec }) => spec.nodeName)),
  );
  expect(world.cluster.get<Deployment>('deployments.apps', 'default', 'web')?.status).toMatchObject({
    replicas: 2,
    updatedReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
  });
});

test('a changed template rolls over to a second ReplicaSet', async () => {
  const { world, clock } = await createTestWorld();
  const created = world.cluster.create<Deployment>(
    'deployments.apps',
    { name: 'web', namespace: 'default', generation: 1 },
    web(1),
  );
  await clock.advance(5000);
  world.cluster.update<Deployment>('deployments.apps', created, (draft) => {
    const [container] = draft.spec.template.spec.containers;
    if (container !== undefined) container.image = 'web:2';
    draft.metadata.generation = 2;
  });
  await clock.advance(10_000);
  const sets = world.cluster.list<ReplicaSet>('replicasets.apps', 'default');
  expect(sets.map(({ spec }) => [spec.template.spec.containers[0]?.image, spec.replicas]).toSorted()).toEqual(
    [
      ['web:1', 0],
      ['web:2', 1],
    ],
  );
  const pods = world.cluster.list<Pod>('pods', 'default');
  expect(pods.map(({ spec }) => spec.containers[0]?.image)).toEqual(['web:2']);
});

test('what belongs to a vanished owner vanishes too, down to the pods and their Workloads', async () => {
  const { world, clock } = await createTestWorld();
  const service = world.cluster.get(LLM, 'private-ai', 'mistral-3-distributed');
  if (service === undefined) throw new Error('the scene has this service');
  world.cluster.remove(LLM, service);
  await clock.advance(10_000);
  const left = [
    'pods',
    'deployments.apps',
    'replicasets.apps',
    'services',
    'httproutes.gateway.networking.k8s.io',
    'workloads.kueue.x-k8s.io',
  ]
    .flatMap((kind) => world.cluster.list(kind, 'private-ai'))
    .map(({ metadata }) => metadata.name)
    .filter((name) => name.includes('mistral-3-distributed'));
  expect(left).toEqual([]);
  expect(
    world.cluster.get('clusterqueues.kueue.x-k8s.io', undefined, 'rhoai-main-queue')?.status,
  ).toMatchObject({ admittedWorkloads: 1 });
});

test('a namespace takes its contents with it', async () => {
  const { world, clock } = await createTestWorld();
  const namespace = world.cluster.get('namespaces', undefined, 'openshift-monitoring');
  if (namespace === undefined) throw new Error('the scene has this namespace');
  world.cluster.remove('namespaces', namespace);
  await clock.advance(1000);
  expect(world.cluster.list('configmaps', 'openshift-monitoring')).toEqual([]);
});

test('a node that is cordoned takes nobody, and the scheduler says so', async () => {
  const { world, clock } = await createTestWorld();
  for (const node of world.cluster.list<KubernetesObject & { spec: { unschedulable?: boolean } }>('nodes')) {
    world.cluster.update('nodes', node, (draft) => {
      draft.spec.unschedulable = true;
    });
  }
  world.cluster.create('deployments.apps', { name: 'web', namespace: 'default', generation: 1 }, web(1));
  await clock.advance(2000);
  const [pod] = world.cluster.list<Pod>('pods', 'default');
  expect(pod?.status.conditions?.[0]?.message).toBe(
    '0/9 nodes are available: 9 node(s) were unschedulable. preemption: 0/9 nodes are available: 9 Preemption is not helpful for scheduling.',
  );
});

test('a hardware profile of type Queue writes its queue over the manifest’s', async () => {
  const { world } = await createTestWorld();
  const service = world.cluster.get(LLM, 'private-ai', 'mistral-3-distributed');
  if (service === undefined) throw new Error('the scene has this service');
  const asInGit = {
    ...service,
    metadata: {
      ...service.metadata,
      labels: { ...service.metadata.labels, 'kueue.x-k8s.io/queue-name': 'llmd' },
    },
  };
  expect(
    runWebhooks(world.cluster, kindOf(LLM), asInGit).metadata.labels?.['kueue.x-k8s.io/queue-name'],
  ).toBe('default');
});

test('without a queue label a managed namespace refuses the service', async () => {
  const { world } = await createTestWorld();
  const bare: KubernetesObject = {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'LLMInferenceService',
    metadata: { name: 'bare', namespace: 'private-ai' },
    spec: { model: { uri: 'hf://a/b' } },
  };
  expect(() => runWebhooks(world.cluster, kindOf(LLM), bare)).toThrow(
    'admission webhook "kserve-llmisvc-kueuelabels-validator.opendatahub.io" denied the request: Kueue label validation failed: missing required label "kueue.x-k8s.io/queue-name"',
  );
});
