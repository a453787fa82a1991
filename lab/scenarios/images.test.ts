import { expect, test } from 'vitest';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { SCENARIOS, type ScenarioName, sceneOf } from '../scenarios.ts';
import { createTestWorld } from '../world/world-fixture.ts';

type Event = KubernetesObject & { reason: string; message: string };

test.each(Object.keys(SCENARIOS) as ScenarioName[])(
  'in %s every node has the images of its pods, also of a successor',
  async (name) => {
    const objects = await sceneOf(name);
    // The fixtures tell of one pull, before the scene begins.
    const early = new Set((await sceneOf('healthy')).map(({ metadata }) => metadata.uid));
    const { world, clock } = await createTestWorld({ objects });
    const pods = world.cluster.list('pods', 'private-ai').map(({ metadata }) => metadata.name);
    for (const pod of pods) world.killPod(pod);
    await clock.advance(60_000);
    const pulls = world.cluster
      .list<Event>('events')
      .filter(({ reason, metadata }) => reason === 'Pulling' && !early.has(metadata.uid));
    world.stop();
    expect(pulls.map(({ message }) => message)).toEqual([]);
  },
);
