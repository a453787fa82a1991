import { expect, test } from 'vitest';
import { nodeLost } from '../faults/cluster-faults.ts';
import type { FaultTargets } from '../faults/fault.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { toleratedSeconds } from './tolerations.ts';
import { conditionOf, isReady, isTerminating, type Pod } from './workload-types.ts';
import { createTestWorld, type TestWorld } from './world-fixture.ts';

const LOST = 'mistral-3-distributed-kserve-ftk8wprfxh-llv5b';

function engines({ world }: TestWorld): string[] {
  return world.cluster
    .list<Pod>('pods', 'private-ai')
    .filter(({ metadata }) => metadata.labels?.['kserve.io/component'] === 'workload')
    .map((pod) => {
      const node = pod.spec.nodeName?.split('.')[0] ?? '-';
      const state = isTerminating(pod)
        ? 'terminating'
        : isReady(pod)
          ? 'ready'
          : (conditionOf(pod, 'PodScheduled')?.reason ?? 'not ready');
      return `${node} ${state}`;
    })
    .toSorted();
}

function evictions({ world }: TestWorld): string[] {
  return world.cluster
    .list<KubernetesObject & { reason: string; message: string }>('events')
    .filter(({ reason }) => reason === 'TaintManagerEviction')
    .map(({ message }) => message);
}

test('after 300 seconds the pods of a silent node are marked, stay, and are replaced where there is room', async () => {
  const test = await createTestWorld();
  const { world, clock } = test;
  const end = await nodeLost.start({ world } as FaultTargets, null);
  await clock.advance(299_000);
  expect(engines(test)).toEqual(['ip-10-0-21-87 ready', 'ip-10-0-29-140 not ready']);
  await clock.advance(5_000);
  // Its quota is held until the old pod is gone.
  expect(engines(test)).toEqual(['- SchedulingGated', 'ip-10-0-21-87 ready', 'ip-10-0-29-140 terminating']);
  expect(evictions(test)).toContain(`Marking for deletion Pod private-ai/${LOST}`);
  await end();
  await clock.advance(60_000);
  expect(engines(test)).toEqual(['ip-10-0-21-87 ready', 'ip-10-0-29-140 ready']);
  world.stop();
});

test('a node that returns in time keeps nobody waiting for an eviction', async () => {
  const test = await createTestWorld();
  const { world, clock } = test;
  const end = await nodeLost.start({ world } as FaultTargets, null);
  await clock.advance(100_000);
  await end();
  await clock.advance(400_000);
  expect(evictions(test).filter((message) => message.startsWith('Marking'))).toEqual([]);
  expect(engines(test)).toEqual(['ip-10-0-21-87 ready', 'ip-10-0-29-140 ready']);
  world.stop();
});

test('what is not tolerated goes at once, what is tolerated without a limit stays', () => {
  const taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };
  expect([
    toleratedSeconds([], [taint]),
    toleratedSeconds([{ operator: 'Exists' }], [taint]),
    toleratedSeconds([{ key: taint.key, operator: 'Exists', tolerationSeconds: 300 }], [taint]),
    toleratedSeconds([], [{ ...taint, effect: 'NoSchedule' }]),
  ]).toEqual([0, null, 300, null]);
});
