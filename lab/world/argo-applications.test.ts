import { expect, test } from 'vitest';
import { definitionDeleted } from '../faults/api-faults.ts';
import type { FaultTargets } from '../faults/fault.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { sceneOf } from '../scenarios.ts';
import { createTestWorld, type TestWorld } from './world-fixture.ts';

interface Application extends KubernetesObject {
  status: {
    sync: { status: string };
    health: { status: string };
    resources: { kind: string; status: string }[];
  };
}

function told({ world }: TestWorld): string[] {
  const application = world.cluster.get<Application>(
    'applications.argoproj.io',
    'openshift-gitops',
    'step-08-llm-d',
  );
  const { sync, health, resources } = application?.status ?? {};
  const differing = (resources ?? []).filter(({ status }) => status !== 'Synced').map(({ kind }) => kind);
  return [`${sync?.status} ${health?.status}`, ...differing];
}

function scale({ world }: TestWorld, replicas: number): void {
  const kind = 'llminferenceservices.serving.kserve.io';
  const service = world.cluster.get(kind, 'private-ai', 'mistral-3-distributed');
  if (service === undefined) throw new Error('the scene has this service');
  world.cluster.update(kind, service, (draft) => {
    draft.spec = { ...(draft.spec as object), replicas };
  });
}

test('a change by hand is out of sync until it is taken back', async () => {
  const it = await createTestWorld();
  expect(told(it)).toEqual(['Synced Healthy']);
  scale(it, 1);
  await it.clock.advance(2000);
  expect(told(it)).toEqual(['OutOfSync Healthy', 'LLMInferenceService']);
  scale(it, 2);
  await it.clock.advance(2000);
  expect(told(it)).toEqual(['Synced Healthy']);
  it.world.stop();
});

test('what is gone is missing, and found again', async () => {
  const it = await createTestWorld();
  const end = await definitionDeleted.start({ world: it.world } as FaultTargets, null);
  await it.clock.advance(2000);
  expect(told(it)).toEqual(['OutOfSync Missing', 'LLMInferenceService']);
  await end();
  await it.clock.advance(2000);
  expect(told(it)).toEqual(['Synced Healthy']);
  it.world.stop();
});

test('another scene brings its own Git', async () => {
  const it = await createTestWorld();
  it.world.show(await sceneOf('tensor-parallel'));
  await it.clock.advance(5000);
  expect(told(it)).toEqual(['Synced Healthy']);
  it.world.stop();
});
