import { expect, test } from 'vitest';
import type { Condition, KubernetesObject } from '../kubernetes-api/object.ts';
import { sceneOf } from '../scenarios.ts';
import { isReady, type Pod } from './workload-types.ts';
import { createTestWorld, type TestWorld } from './world-fixture.ts';

const NAMESPACE = 'llm-d-multinode';
const SET = 'mistral-3-multinode-kserve-mn';

function groupPods({ world }: TestWorld): Map<string, Pod> {
  return new Map(
    world.cluster
      .list<Pod>('pods', NAMESPACE)
      .filter(({ metadata }) => metadata.name.startsWith(SET))
      .map((pod) => [pod.metadata.name, pod]),
  );
}

function conditions({ world }: TestWorld): string[] {
  const set = world.cluster.get<KubernetesObject & { status?: { conditions: Condition[] } }>(
    'leaderworkersets.leaderworkerset.x-k8s.io',
    NAMESPACE,
    SET,
  );
  return (set?.status?.conditions ?? []).map(({ type, status, reason }) => `${type} ${status} ${reason}`);
}

test('one lost worker takes its group with it, and the other group serves on', async () => {
  const it = await createTestWorld({ objects: await sceneOf('data-parallel') });
  const before = groupPods(it);
  it.world.killPod(`${SET}-0-1`, NAMESPACE);
  await it.clock.advance(5000);
  // The success text stays on the failed condition: that is what the real controller leaves.
  expect(conditions(it)).toEqual(['Progressing True GroupsProgressing', 'Available False AllGroupsReady']);
  expect(isReady(groupPods(it).get(`${SET}-1`) as Pod)).toBe(true);

  await it.clock.advance(120_000);
  const after = groupPods(it);
  const isSame = (name: string): boolean => before.get(name)?.metadata.uid === after.get(name)?.metadata.uid;
  expect([...after].map(([name, pod]) => [name, isSame(name), isReady(pod)])).toEqual([
    [`${SET}-0`, false, true],
    [`${SET}-0-1`, false, true],
    [`${SET}-1`, true, true],
    [`${SET}-1-1`, true, true],
  ]);
  expect(conditions(it)).toEqual(['Progressing False GroupsProgressing', 'Available True AllGroupsReady']);
});

test('a group less is a leader and its worker less', async () => {
  const it = await createTestWorld({ objects: await sceneOf('data-parallel') });
  const { cluster } = it.world;
  const kind = 'llminferenceservices.serving.kserve.io';
  const service = cluster.get(kind, NAMESPACE, 'mistral-3-multinode');
  if (service === undefined) throw new Error('the scene has this service');
  cluster.update(kind, service, (draft) => {
    draft.spec = { ...(draft.spec as object), replicas: 1 };
  });
  await it.clock.advance(60_000);
  expect([...groupPods(it).keys()]).toEqual([`${SET}-0`, `${SET}-0-1`]);
});

test('a changed template is rolled out group by group, the last one first', async () => {
  const it = await createTestWorld({ objects: await sceneOf('data-parallel') });
  const { cluster } = it.world;
  const before = groupPods(it);
  const set = cluster.get<
    KubernetesObject & {
      spec: {
        leaderWorkerTemplate: Record<string, { metadata: { annotations?: Record<string, string> } }>;
      };
    }
  >('leaderworkersets.leaderworkerset.x-k8s.io', NAMESPACE, SET);
  if (set === undefined) throw new Error('the scene has this set');
  const order: string[] = [];
  cluster.onChange(['pods'], ({ type, object }) => {
    if (type === 'DELETED') order.push(object.metadata.name);
  });
  cluster.update('leaderworkersets.leaderworkerset.x-k8s.io', set, (draft) => {
    for (const name of ['leaderTemplate', 'workerTemplate']) {
      const template = draft.spec.leaderWorkerTemplate[name];
      if (template !== undefined) template.metadata.annotations = { rolled: 'yes' };
    }
  });
  await it.clock.advance(8000);
  expect(conditions(it)).toEqual([
    'Progressing True GroupsProgressing',
    'Available False AllGroupsReady',
    'UpdateInProgress True GroupsUpdating',
  ]);
  const middle = groupPods(it);
  const isSame = (pods: Map<string, Pod>, name: string): boolean =>
    before.get(name)?.metadata.uid === pods.get(name)?.metadata.uid;
  expect([isSame(middle, `${SET}-0`), isSame(middle, `${SET}-1`)]).toEqual([true, false]);

  await it.clock.advance(300_000);
  const after = groupPods(it);
  expect([...after].map(([name, pod]) => [name, isSame(after, name), isReady(pod)])).toEqual([
    [`${SET}-0`, false, true],
    [`${SET}-0-1`, false, true],
    [`${SET}-1`, false, true],
    [`${SET}-1-1`, false, true],
  ]);
  expect([...after.values()].every(({ metadata }) => metadata.annotations?.rolled === 'yes')).toBe(true);
  expect(order.indexOf(`${SET}-1`)).toBeLessThan(order.indexOf(`${SET}-0`));
  expect(conditions(it)).toEqual([
    'Progressing False GroupsProgressing',
    'Available True AllGroupsReady',
    'UpdateInProgress False GroupsUpdating',
  ]);
});
