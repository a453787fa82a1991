import { describe, expect, test } from 'vitest';
import type { Condition, KubernetesObject } from './kubernetes-api/object.ts';
import { SCENARIOS, type ScenarioName, sceneOf } from './scenarios.ts';
import { healthyObjects } from './world/healthy.ts';
import type { Pod } from './world/workload-types.ts';
import { conditionOf, isReady } from './world/workload-types.ts';
import { createTestWorld } from './world/world-fixture.ts';

const SERVICE = 'mistral-3-distributed';

interface WithConditions extends KubernetesObject {
  status?: { conditions?: Condition[] };
}

function find(scene: KubernetesObject[], kind: string, name: string): WithConditions | undefined {
  return scene.find((object) => object.kind === kind && object.metadata.name === name);
}

function conditions(scene: KubernetesObject[]): Record<string, string> {
  const service = find(scene, 'LLMInferenceService', SERVICE);
  return Object.fromEntries(
    (service?.status?.conditions ?? []).map(({ type, status, reason }) => [
      type,
      reason === undefined ? status : `${status} ${reason}`,
    ]),
  );
}

function enginePods(scene: KubernetesObject[]): string[] {
  return scene
    .filter((object): object is Pod => object.kind === 'Pod')
    .filter(
      ({ metadata }) =>
        metadata.labels?.['kserve.io/component'] === 'workload' &&
        metadata.labels['app.kubernetes.io/name'] === SERVICE,
    )
    .map((pod) => {
      const node = pod.spec.nodeName?.split('.')[0] ?? '-';
      const state = isReady(pod) ? 'ready' : (conditionOf(pod, 'PodScheduled')?.reason ?? pod.status.phase);
      return `${pod.metadata.labels?.['llm-d.ai/role']} ${node} ${state}`;
    })
    .toSorted();
}

const READY = {
  HTTPRoutesReady: 'True',
  InferencePoolReady: 'True',
  MainWorkloadReady: 'True',
  PresetsCombined: 'True',
  Ready: 'True',
  RouterReady: 'True',
  SchedulerWorkloadReady: 'True',
  WorkloadsReady: 'True',
};
const UNAVAILABLE = {
  ...READY,
  MainWorkloadReady: 'False MinimumReplicasUnavailable',
  Ready: 'False MinimumReplicasUnavailable',
  WorkloadsReady: 'False MinimumReplicasUnavailable',
};
const REFUSED = 'False RefsInvalid';
const BOTH = ['both ip-10-0-21-87 ready', 'both ip-10-0-29-140 ready'];

describe('what the service says, and where its engines are', () => {
  const cases: Record<Exclude<ScenarioName, 'bare' | 'deploying'>, [Record<string, string>, string[]]> = {
    healthy: [READY, BOTH],
    forbidden: [READY, BOTH],
    'as-shipped': [
      {
        HTTPRoutesReady: REFUSED,
        MainWorkloadReady: 'True',
        PresetsCombined: 'True',
        Ready: REFUSED,
        RouterReady: REFUSED,
        WorkloadsReady: 'True',
      },
      BOTH,
    ],
    'gateway-removed': [{ ...READY, HTTPRoutesReady: REFUSED, Ready: REFUSED, RouterReady: REFUSED }, BOTH],
    'no-capacity': [UNAVAILABLE, ['both - Unschedulable', 'both ip-10-0-21-87 ready']],
    'kueue-gated': [UNAVAILABLE, ['both - SchedulingGated', 'both ip-10-0-21-87 ready']],
    'data-parallel': [READY, []],
    'prefill-decode': [
      { ...READY, PrefillWorkloadReady: 'True' },
      ['decode ip-10-0-29-140 ready', 'prefill ip-10-0-21-87 ready'],
    ],
    newer: [READY, BOTH],
    'tensor-parallel': [READY, ['both ip-10-0-29-140 ready']],
  };
  test.each(Object.entries(cases))('%s', async (name, [status, pods]) => {
    const scene = await sceneOf(name as ScenarioName);
    expect({ conditions: conditions(scene), pods: enginePods(scene) }).toEqual({ conditions: status, pods });
  });
});

test('as shipped, nothing of the router exists', async () => {
  const scene = await sceneOf('as-shipped');
  const children = scene
    .filter(
      ({ kind, metadata }) =>
        metadata.labels?.['app.kubernetes.io/part-of'] === 'llminferenceservice' &&
        !['Pod', 'ReplicaSet', 'EndpointSlice'].includes(kind),
    )
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  expect(children.toSorted()).toEqual([
    `Deployment/${SERVICE}-kserve`,
    `Secret/${SERVICE}-kserve-self-signed-certs`,
    `Service/${SERVICE}-kserve-workload-svc`,
  ]);
  expect(
    find(scene, 'CustomResourceDefinition', 'leaderworkersets.leaderworkerset.x-k8s.io'),
  ).toBeUndefined();
  expect(
    find(scene, 'CustomResourceDefinition', 'leaderworkersetoperators.operator.openshift.io'),
  ).toBeDefined();
  expect(find(scene, 'Route', SERVICE)).toBeDefined();
});

test('bare has no platform, no demo, no GPU nodes, and no object of a kind that is not served', async () => {
  const scene = await sceneOf('bare');
  expect(scene.filter(({ kind }) => kind === 'Node')).toHaveLength(6);
  expect(new Set(scene.map(({ metadata }) => metadata.namespace))).toEqual(
    new Set([undefined, 'openshift-ingress', 'openshift-monitoring']),
  );
  const groups = scene
    .filter(({ kind }) => kind === 'CustomResourceDefinition')
    .map(({ metadata }) => metadata.name.replace(/^[^.]+\./, ''));
  expect(groups.filter((group) => /kserve|kueue|kuadrant|nvidia|opendatahub/.test(group))).toEqual([]);
});

test('data parallel, pods stand in groups of a leader and a worker on four nodes, as in the sample', async () => {
  const scene = await sceneOf('data-parallel');
  const pods = scene
    .filter((object): object is Pod => object.kind === 'Pod')
    .filter(({ metadata }) => metadata.namespace === 'llm-d-multinode' && !metadata.name.includes('router'));
  const label = (pod: Pod, name: string): string =>
    pod.metadata.labels?.[`leaderworkerset.sigs.k8s.io/${name}`] ?? '';
  expect(
    pods.map((pod) => [
      pod.metadata.name,
      label(pod, 'group-index'),
      label(pod, 'worker-index'),
      label(pod, 'group-key'),
      isReady(pod),
    ]),
  ).toEqual([
    ['mistral-3-multinode-kserve-mn-0', '0', '0', '7158c60241e549bffb28567336b9b35862459852', true],
    ['mistral-3-multinode-kserve-mn-0-1', '0', '1', '7158c60241e549bffb28567336b9b35862459852', true],
    ['mistral-3-multinode-kserve-mn-1', '1', '0', '4255722a77b72327fc8e2972e582da318d16a579', true],
    ['mistral-3-multinode-kserve-mn-1-1', '1', '1', '4255722a77b72327fc8e2972e582da318d16a579', true],
  ]);
  expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(4);
  const set = find(scene, 'LeaderWorkerSet', 'mistral-3-multinode-kserve-mn');
  expect(set?.status?.conditions?.map(({ type, status }) => `${type} ${status}`)).toEqual([
    'Progressing False',
    'Available True',
  ]);
  const service = find(scene, 'LLMInferenceService', 'mistral-3-multinode');
  expect(service?.status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
});

test('deploying starts with the bare service', async () => {
  const scene = await sceneOf('deploying');
  expect(find(scene, 'LLMInferenceService', SERVICE)?.status).toBeUndefined();
  expect(enginePods(scene)).toEqual([]);
});

test('every scenario is a quiet state, but for what goes on by nature', async () => {
  for (const name of ['gateway-removed', 'bare', 'no-capacity', 'kueue-gated', 'prefill-decode'] as const) {
    const { world, clock } = await createTestWorld({ objects: await sceneOf(name) });
    const changed = new Set<string>();
    world.store.subscribe(({ object }) => changed.add(`${object.kind}/${object.metadata.name}`));
    await clock.advance(600_000);
    expect([name, ...changed]).toEqual([name]);
    world.stop();
  }
});

test('a running cluster turns into any scenario and back, and what did not differ was not touched', async () => {
  const healthy = healthyObjects();
  const { world, clock } = await createTestWorld({ objects: healthy });
  const pods = (): string[] => world.cluster.list('pods').map(({ metadata }) => metadata.uid ?? '');
  const before = pods();
  for (const name of Object.keys(SCENARIOS) as ScenarioName[]) {
    world.show(await sceneOf(name));
    await clock.advance(1000);
    const changed = new Set<string>();
    const stop = world.store.subscribe(({ object }) => changed.add(object.kind));
    world.show(healthy);
    stop();
    await clock.advance(5000);
    expect([name, pods()]).toEqual([name, before]);
    if (name === 'kueue-gated') expect(changed).not.toContain('CustomResourceDefinition');
  }
});

test('every expectation names its fact', () => {
  const all = Object.values(SCENARIOS).flatMap(({ expectations }) => expectations);
  expect(
    all.filter(
      ({ fact }) => !/^(kubernetes-objects|demo-environment|metrics|platform-pitfalls) §/.test(fact),
    ),
  ).toEqual([]);
});
