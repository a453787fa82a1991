/** Lets the controllers draw the consequences of a change in virtual time, before anybody looks. */
import { virtualClock } from '../clock.ts';
import { keyOf } from '../kubernetes-api/kinds.ts';
import { isEqualJson, type KubernetesObject } from '../kubernetes-api/object.ts';
import type { Engine } from '../parts.ts';
import type { Listen } from '../world/engines.ts';
import { shiftTimes } from '../world/shift-times.ts';
import { createWorld, type World } from '../world/world.ts';
import { identityOf, type Scene } from './scene.ts';

const SEED = 20_251_229;
const noListen: Listen = async () => ({ port: 1, destroy: () => {} });

function idleEngine(podName: string): Engine {
  return {
    podName,
    handle: (_request, response) => response.end(),
    metricsText: () => '',
    snapshot: () => ({ running: 0, waiting: 0, kvCacheUsageRatio: 0 }),
    kill: () => {},
  };
}

function objectsOf({ registry, store }: World): KubernetesObject[] {
  return registry
    .kinds()
    .filter(({ storedAs }) => storedAs === undefined)
    .flatMap((kind) => store.list(keyOf(kind)));
}

/**
 * From one scene to what becomes of another after some time; the result's last moment is the scene's own,
 * and what nothing touched keeps its times.
 */
export async function settle(from: Scene, to: Scene, settledMs: number): Promise<KubernetesObject[]> {
  const clock = virtualClock();
  const world = createWorld({
    clock,
    seed: SEED,
    objects: [...from],
    timeFactor: 1,
    createEngine: ({ podName }) => idleEngine(podName),
    listen: noListen,
  });
  world.show([...to]);
  await clock.advance(settledMs);
  const objects = objectsOf(world);
  world.stop();
  const untouched = new Map(from.map((object) => [identityOf(object), object]));
  return objects.map((object) =>
    isEqualJson(untouched.get(identityOf(object)), object)
      ? object
      : shiftTimes(object, -Math.round(settledMs / 1000)),
  );
}
