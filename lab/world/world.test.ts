import { expect, test } from 'vitest';
import { jsonPath } from '../kubernetes-api/json-path.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { Change } from '../kubernetes-api/store.ts';
import { conditionOf, type Deployment, isReady, type Pod, type ReplicaSet } from './workload-types.ts';
import { createTestWorld, type TestWorld } from './world-fixture.ts';

const DISTRIBUTED = 'mistral-3-distributed';
const LOST = 'mistral-3-distributed-kserve-ftk8wprfxh-llv5b';
const KEPT = 'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr';

function enginePods({ world }: TestWorld): Pod[] {
  return world.cluster
    .list<Pod>('pods', 'private-ai')
    .filter(({ metadata }) => metadata.name.startsWith('mistral-3-distributed-kserve-ftk8wprfxh-'));
}

function conditions({ world }: TestWorld): Record<string, string> {
  const service = world.cluster.get('llminferenceservices.serving.kserve.io', 'private-ai', DISTRIBUTED);
  const list = jsonPath(service, '.status.conditions[*]') as {
    type: string;
    status: string;
    reason?: string;
  }[];
  return Object.fromEntries(
    list.map(({ type, status, reason }) => [type, reason === undefined ? status : `${status} ${reason}`]),
  );
}

const ALL_TRUE = {
  HTTPRoutesReady: 'True',
  InferencePoolReady: 'True',
  MainWorkloadReady: 'True',
  PresetsCombined: 'True',
  Ready: 'True',
  RouterReady: 'True',
  SchedulerWorkloadReady: 'True',
  WorkloadsReady: 'True',
};

test('a healthy cluster is silent', async () => {
  const { world, clock } = await createTestWorld();
  const changes: Change[] = [];
  world.store.subscribe((change) => changes.push(change));
  await clock.advance(3_600_000);
  expect(changes).toEqual([]);
});

test('touching what controllers own changes nothing else', async () => {
  const { world, clock } = await createTestWorld();
  const changed = new Set<string>();
  world.store.subscribe(({ object }) => changed.add(`${object.kind}/${object.metadata.name}`));
  for (const kind of ['deployments.apps', 'replicasets.apps', 'pods', 'services']) {
    for (const object of world.cluster.list(kind)) {
      world.cluster.update(kind, object, (draft) => {
        draft.metadata.annotations = { ...draft.metadata.annotations, touched: 'yes' };
      });
    }
  }
  for (const kind of ['llminferenceservices.serving.kserve.io', 'inferenceservices.serving.kserve.io']) {
    for (const object of world.cluster.list(kind)) {
      world.cluster.update(kind, object, (draft) => {
        draft.metadata.annotations = { ...draft.metadata.annotations, touched: 'yes' };
      });
    }
  }
  for (const kind of [
    'gatewayclasses.gateway.networking.k8s.io',
    'gateways.gateway.networking.k8s.io',
    'httproutes.gateway.networking.k8s.io',
    'inferencepools.inference.networking.x-k8s.io',
    'authpolicies.kuadrant.io',
  ]) {
    for (const object of world.cluster.list(kind)) {
      world.cluster.update(kind, object, (draft) => {
        draft.metadata.annotations = { ...draft.metadata.annotations, touched: 'yes' };
      });
    }
  }
  const touched = new Set(changed);
  const before = world.store.revision();
  await clock.advance(60_000);
  expect({ revision: world.store.revision(), changed }).toEqual({ revision: before, changed: touched });
});

test('a lost pod comes back under a new name, and every condition follows down and up', async () => {
  const test = await createTestWorld();
  const { world, clock, killed } = test;
  expect(conditions(test)).toEqual(ALL_TRUE);

  expect(world.killPod(LOST)).toBe(true);
  await clock.advance(1000);
  expect(killed).toEqual([LOST]);
  expect(conditions(test)).toEqual({
    ...ALL_TRUE,
    MainWorkloadReady: 'False MinimumReplicasUnavailable',
    Ready: 'False MinimumReplicasUnavailable',
    WorkloadsReady: 'False MinimumReplicasUnavailable',
  });
  const replacement = enginePods(test).find(({ metadata }) => metadata.name !== KEPT);
  expect(replacement?.metadata.name).not.toBe(LOST);
  expect(replacement?.spec.nodeName).toBe('ip-10-0-29-140.us-east-2.compute.internal');

  await clock.advance(26_000);
  expect(conditions(test)).toEqual(ALL_TRUE);
  expect(enginePods(test).map((pod) => [pod.metadata.name === LOST, isReady(pod)])).toEqual([
    [false, true],
    [false, true],
  ]);
  expect(world.engines.get(replacement?.metadata.uid ?? '')?.plan.options).toMatchObject({
    servedModelName: DISTRIBUTED,
    maxModelLen: 32_768,
    numGpuBlocks: 2240,
    cacheDtype: 'auto',
    gpuMemoryUtilization: 0.9,
    reportsCachedTokens: false,
  });
});

test('the lost pod is announced by the lab, and its successor is loaded in the kubelet’s words', async () => {
  const { world, clock } = await createTestWorld();
  const known = new Set(world.cluster.list('events').map(({ metadata }) => metadata.name));
  world.killPod(LOST);
  await clock.advance(30_000);
  const told = world.cluster
    .list<KubernetesObject & { reason: string; message: string; source: { component: string } }>('events')
    .filter(({ metadata }) => !known.has(metadata.name));
  const from = (component: string): string[] =>
    told.filter(({ source }) => source.component === component).map(({ reason }) => reason);
  expect(from('lab')).toEqual(['PodKilled']);
  expect(from('default-scheduler')).toEqual(['Scheduled']);
  expect(from('replicaset-controller')).toEqual(['SuccessfulCreate']);
  expect(new Set(from('kubelet'))).toEqual(new Set(['Created', 'Killing', 'Pulled', 'Started', 'Unhealthy']));
  expect(told.find(({ reason }) => reason === 'Unhealthy')?.message).toMatch(
    /^Readiness probe failed: Get "https:\/\/10\.128\.6\.\d+:8000\/health": dial tcp 10\.128\.6\.\d+:8000: connect: connection refused$/,
  );
});

test('a deleted pod keeps its GPU and its quota until its containers are gone', async () => {
  const test = await createTestWorld();
  const { world, clock } = test;
  const pod = world.cluster.get<Pod>('pods', 'private-ai', LOST);
  if (pod === undefined) throw new Error('the scene has this pod');
  world.cluster.remove('pods', pod);
  await clock.advance(1000);
  const [waiting] = enginePods(test).filter(({ spec }) => spec.nodeName === undefined);
  expect(world.cluster.get<Pod>('pods', 'private-ai', LOST)?.metadata.deletionGracePeriodSeconds).toBe(30);
  expect(waiting?.spec.schedulingGates).toEqual([
    { name: 'kueue.x-k8s.io/admission' },
    { name: 'kueue.x-k8s.io/topology' },
  ]);
  expect(waiting === undefined ? undefined : conditionOf(waiting, 'PodScheduled')?.reason).toBe(
    'SchedulingGated',
  );
  const queue = world.cluster.get('clusterqueues.kueue.x-k8s.io', undefined, 'rhoai-main-queue');
  expect(queue?.status).toMatchObject({ admittedWorkloads: 4, pendingWorkloads: 1 });

  await clock.advance(2500);
  expect(world.cluster.get('pods', 'private-ai', LOST)).toBeUndefined();
  await clock.advance(500);
  expect(enginePods(test).map(({ spec }) => spec.nodeName)).toEqual(
    expect.arrayContaining([
      'ip-10-0-21-87.us-east-2.compute.internal',
      'ip-10-0-29-140.us-east-2.compute.internal',
    ]),
  );
  expect(
    world.cluster.get('clusterqueues.kueue.x-k8s.io', undefined, 'rhoai-main-queue')?.status,
  ).toMatchObject({
    admittedWorkloads: 4,
    pendingWorkloads: 0,
  });
});

test('without Kueue in the way, a third replica waits for a GPU in the scheduler’s own words', async () => {
  const test = await createTestWorld();
  const { world, clock } = test;
  const queue = world.cluster.get('clusterqueues.kueue.x-k8s.io', undefined, 'rhoai-main-queue');
  if (queue === undefined) throw new Error('the scene has this queue');
  world.cluster.update('clusterqueues.kueue.x-k8s.io', queue, (draft) => {
    const { resourceGroups } = draft.spec as {
      resourceGroups: { flavors: { resources: { nominalQuota: string }[] }[] }[];
    };
    for (const resource of resourceGroups[0]?.flavors[0]?.resources ?? []) resource.nominalQuota = '1000Gi';
    draft.metadata.generation = 2;
  });
  const service = world.cluster.get('llminferenceservices.serving.kserve.io', 'private-ai', DISTRIBUTED);
  if (service === undefined) throw new Error('the scene has this service');
  world.cluster.update('llminferenceservices.serving.kserve.io', service, (draft) => {
    draft.spec = { ...(draft.spec as object), replicas: 3 };
    draft.metadata.generation = 2;
  });
  await clock.advance(2000);
  const [waiting] = enginePods(test).filter(({ spec }) => spec.nodeName === undefined);
  expect(waiting?.status.conditions).toEqual([
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message:
        "0/9 nodes are available: 3 Insufficient cpu, 3 Insufficient memory, 3 Insufficient nvidia.com/gpu, 3 node(s) didn't match Pod's node affinity/selector, 3 node(s) had untolerated taint {node-role.kubernetes.io/master: }. preemption: 0/9 nodes are available: 3 No preemption victims found for incoming pod, 6 Preemption is not helpful for scheduling.",
      lastProbeTime: null,
      lastTransitionTime: '2025-12-29T14:20:00Z',
    },
  ]);
});

test('the controller puts the number of replicas back', async () => {
  const { world, clock } = await createTestWorld();
  const deployment = world.cluster.get<Deployment>(
    'deployments.apps',
    'private-ai',
    'mistral-3-distributed-kserve',
  );
  if (deployment === undefined) throw new Error('the scene has this Deployment');
  world.cluster.update('deployments.apps', deployment, (draft) => {
    draft.spec.replicas = 1;
    draft.metadata.generation = 2;
  });
  await clock.advance(500);
  const sets = world.cluster
    .list<ReplicaSet>('replicasets.apps', 'private-ai')
    .filter(({ metadata }) => metadata.name.startsWith('mistral-3-distributed-kserve-ftk'));
  expect(sets.map(({ spec }) => spec.replicas)).toEqual([2]);
});

test('the baseline reports Pending while its only pod loads', async () => {
  const { world, clock } = await createTestWorld();
  world.killPod('mistral-3-int4-predictor-dsgkf2dt82-cgsdk');
  await clock.advance(1500);
  const service = world.cluster.get('inferenceservices.serving.kserve.io', 'private-ai', 'mistral-3-int4');
  expect(service?.status).toMatchObject({
    modelStatus: {
      states: { activeModelState: '', targetModelState: 'Pending' },
      transitionStatus: 'InProgress',
    },
  });
  await clock.advance(30_000);
  const [pod] = world.cluster
    .list<Pod>('pods', 'private-ai')
    .filter(({ metadata }) => metadata.labels?.component === 'predictor');
  expect(pod?.spec.containers.map(({ name }) => name)).toEqual(['kserve-container', 'modelcar']);
  expect(world.engines.get(pod?.metadata.uid ?? '')?.plan).toMatchObject({
    scheme: 'http',
    port: 8080,
    options: {
      servedModelName: 'mistral-3-int4',
      maxModelLen: 8192,
      numGpuBlocks: 3502,
      cacheDtype: 'fp8',
      gpuMemoryUtilization: 0.85,
    },
  });
});

test('a deleted Deployment of a service comes back, with new pods', async () => {
  const test = await createTestWorld();
  const { world, clock } = test;
  const deployment = world.cluster.get<Deployment>(
    'deployments.apps',
    'private-ai',
    'mistral-3-distributed-kserve',
  );
  if (deployment === undefined) throw new Error('the scene has this Deployment');
  world.cluster.remove('deployments.apps', deployment);
  await clock.advance(60_000);
  const restored = world.cluster.get<Deployment>(
    'deployments.apps',
    'private-ai',
    'mistral-3-distributed-kserve',
  );
  expect(restored?.metadata.uid).not.toBe(deployment.metadata.uid);
  expect(restored?.status).toMatchObject({ replicas: 2, readyReplicas: 2, availableReplicas: 2 });
  expect(conditions(test)).toEqual(ALL_TRUE);
});

test('the same seed tells the same story', async () => {
  const story = async (): Promise<string[]> => {
    const { world, clock } = await createTestWorld();
    const lines: string[] = [];
    world.store.subscribe(({ type, object }) => lines.push(`${type} ${object.kind} ${object.metadata.name}`));
    world.killPod(LOST);
    await clock.advance(40_000);
    return lines;
  };
  expect(await story()).toEqual(await story());
});
