import { expect, test } from 'vitest';
import { createTestWorld } from './world-fixture.ts';

test('a new namespace gets its service accounts and the authorities to trust', async () => {
  const { world, clock } = await createTestWorld();
  world.cluster.create('namespaces', { name: 'stage' }, { status: { phase: 'Active' } });
  await clock.advance(1000);
  const names = (kind: string): string[] =>
    world.cluster.list(kind, 'stage').map(({ metadata }) => metadata.name);
  expect({ accounts: names('serviceaccounts'), configMaps: names('configmaps') }).toEqual({
    accounts: ['builder', 'default', 'deployer'],
    configMaps: ['kube-root-ca.crt', 'openshift-service-ca.crt'],
  });
});
