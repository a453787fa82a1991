import { expect, test } from 'vitest';
import { kindOf } from '../kubernetes-api/catalogue.ts';
import { requestDeletion } from '../kubernetes-api/deletion.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { World } from './world.ts';
import { createTestWorld } from './world-fixture.ts';

const NAMESPACE = 'default';
const KIND = 'configmaps';

/** An owner and something of its own that a finalizer holds. */
function ownedPair(world: World): { owner: KubernetesObject; dependent: KubernetesObject } {
  const owner = world.cluster.create(KIND, { name: 'owner', namespace: NAMESPACE }, {});
  const { name, uid = '' } = owner.metadata;
  const dependent = world.cluster.create(
    KIND,
    {
      name: 'dependent',
      namespace: NAMESPACE,
      finalizers: ['example.com/hold'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }],
    },
    {},
  );
  return { owner, dependent };
}

function deleteWith(world: World, object: KubernetesObject, finalizer: string, nowMs: number): void {
  const held = { ...object, metadata: { ...object.metadata, finalizers: [finalizer] } };
  requestDeletion(world.store, kindOf(KIND), held, { nowMs, gracePeriodSeconds: null });
}

test('in the foreground the owner stays until its dependents are gone', async () => {
  const { world, clock } = await createTestWorld();
  const { owner, dependent } = ownedPair(world);
  deleteWith(world, owner, 'foregroundDeletion', clock.nowMs());
  await clock.advance(1000);
  expect(world.cluster.get(KIND, NAMESPACE, 'owner')?.metadata.finalizers).toEqual(['foregroundDeletion']);
  expect(world.cluster.get(KIND, NAMESPACE, 'dependent')?.metadata.deletionTimestamp).toBeDefined();
  world.cluster.update(KIND, dependent, (draft) => {
    draft.metadata.finalizers = [];
  });
  await clock.advance(1000);
  expect(world.cluster.list(KIND, NAMESPACE).map(({ metadata }) => metadata.name)).not.toContain('owner');
});

test('orphans stay, and forget their owner', async () => {
  const { world, clock } = await createTestWorld();
  const { owner } = ownedPair(world);
  deleteWith(world, owner, 'orphan', clock.nowMs());
  await clock.advance(1000);
  expect(world.cluster.get(KIND, NAMESPACE, 'owner')).toBeUndefined();
  expect(world.cluster.get(KIND, NAMESPACE, 'dependent')?.metadata).toMatchObject({
    name: 'dependent',
    ownerReferences: [],
  });
});
