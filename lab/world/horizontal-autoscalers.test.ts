import { expect, test } from 'vitest';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { Deployment } from './workload-types.ts';
import { createTestWorld, type TestWorld } from './world-fixture.ts';

const NAME = 'mistral-3-int4-predictor';

function deploymentOf({ world }: TestWorld): Deployment {
  const deployment = world.cluster.get<Deployment>('deployments.apps', 'private-ai', NAME);
  if (deployment === undefined) throw new Error('the scene has this Deployment');
  return deployment;
}

function scale(it: TestWorld, replicas: number): void {
  it.world.cluster.update<Deployment>('deployments.apps', deploymentOf(it), (draft) => {
    draft.spec.replicas = replicas;
    draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
  });
}

test('who scales beyond the bounds is put back within fifteen seconds, and told', async () => {
  const it = await createTestWorld();
  scale(it, 3);
  await it.clock.advance(10_000);
  expect(deploymentOf(it).spec.replicas).toBe(3);
  await it.clock.advance(10_000);
  expect(deploymentOf(it).spec.replicas).toBe(1);
  const told = it.world.cluster
    .list<KubernetesObject & { reason: string; message: string }>('events', 'private-ai')
    .filter(({ reason }) => reason === 'SuccessfulRescale');
  expect(told.map(({ message }) => message)).toEqual([
    'New size: 1; reason: Current number of replicas above Spec.MaxReplicas',
  ]);
  await it.clock.advance(60_000);
  const autoscaler = it.world.cluster.get<KubernetesObject & { status: Record<string, unknown> }>(
    'horizontalpodautoscalers.autoscaling',
    'private-ai',
    NAME,
  );
  expect(autoscaler?.status).toMatchObject({ currentReplicas: 1, desiredReplicas: 1 });
  it.world.stop();
});

test('a target at zero is left alone', async () => {
  const it = await createTestWorld();
  scale(it, 0);
  await it.clock.advance(60_000);
  expect(deploymentOf(it).spec.replicas).toBe(0);
  it.world.stop();
});
