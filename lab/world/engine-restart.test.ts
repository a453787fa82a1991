import { expect, test } from 'vitest';
import { isReady, type Pod } from './workload-types.ts';
import { createTestWorld, type TestWorld } from './world-fixture.ts';

const POD = 'mistral-3-int4-predictor-dsgkf2dt82-cgsdk';

function engineOf({ world }: TestWorld): Record<string, unknown> {
  const pod = world.cluster.get<Pod>('pods', 'private-ai', POD);
  if (pod === undefined) throw new Error('the pod stays');
  const container = pod.status.containerStatuses?.find(({ name }) => name === 'kserve-container');
  return {
    isReady: isReady(pod),
    restarts: container?.restartCount,
    last: container?.lastState.terminated?.reason,
    runs: world.engines.get(pod.metadata.uid ?? '') !== undefined,
  };
}

test('an engine that fails starts again in its pod, loads its model, and counts from zero', async () => {
  const it = await createTestWorld();
  const { world, clock } = it;
  expect(engineOf(it)).toEqual({ isReady: true, restarts: 0, last: undefined, runs: true });
  expect(world.crashEngine('nobody')).toBe(false);
  expect(world.crashEngine(POD)).toBe(true);
  await clock.advance(2000);
  expect(engineOf(it)).toEqual({ isReady: false, restarts: 1, last: 'Error', runs: false });
  await clock.advance(60_000);
  expect(engineOf(it)).toEqual({ isReady: true, restarts: 1, last: 'Error', runs: true });
  world.stop();
});

test('a pod that was killed, or whose node is silent, restarts nothing', async () => {
  const it = await createTestWorld();
  const { world, clock } = it;
  world.killPod(POD);
  await clock.advance(5000);
  const pods = world.cluster.list<Pod>('pods', 'private-ai');
  expect(pods.some(({ metadata }) => metadata.name === POD)).toBe(false);
  const restarts = pods.flatMap(({ status }) => status.containerStatuses ?? []).map((s) => s.restartCount);
  expect(Math.max(...restarts)).toBe(0);
  world.stop();
});
