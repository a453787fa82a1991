import { expect, test } from 'vitest';
import { virtualClock } from './clock.ts';
import { keyOf } from './kubernetes-api/kinds.ts';
import type { KubernetesObject } from './kubernetes-api/object.ts';
import { startLab } from './lab.ts';

/** Everything the cluster holds after ten minutes in which a pod was killed, a node lost and a service scaled. */
async function tenMinutes(seed: number): Promise<KubernetesObject[]> {
  const clock = virtualClock();
  // Metrics are not looked at here, and their pages cost more than all the rest.
  const lab = await startLab({ clock, seed, scrapeIntervalMs: 60_000 });
  await clock.advance(1000);
  await lab.faults.start('pod-killed');
  await lab.faults.end('pod-killed');
  await clock.advance(120_000);
  await lab.faults.start('node-lost', { durationMs: 360_000 });
  await clock.advance(240_000);
  const kind = 'llminferenceservices.serving.kserve.io';
  const service = lab.world.cluster.get(kind, 'private-ai', 'mistral-3-distributed');
  if (service === undefined) throw new Error('the scene has this service');
  lab.world.cluster.update(kind, service, (draft) => {
    draft.spec = { ...(draft.spec as object), replicas: 1 };
    draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
  });
  await clock.advance(240_000);
  const { registry, store } = lab.world;
  const objects = registry
    .kinds()
    .filter(({ storedAs }) => storedAs === undefined)
    .flatMap((candidate) => store.list(keyOf(candidate)));
  await lab.stop();
  return objects;
}

test('the same seed and the same deeds at the same times leave the same cluster, to the last field', async () => {
  const first = await tenMinutes(4);
  expect(await tenMinutes(4)).toEqual(first);
  expect(await tenMinutes(5)).not.toEqual(first);
}, 120_000);
