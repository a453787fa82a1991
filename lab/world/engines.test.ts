import { expect, test } from 'vitest';
import { enginePlanOf } from './engines.ts';
import type { Pod } from './workload-types.ts';
import { createTestWorld } from './world-fixture.ts';

async function podCalled(name: string): Promise<Pod> {
  const { world } = await createTestWorld();
  const pod = world.cluster.get<Pod>('pods', 'private-ai', name);
  world.stop();
  if (pod === undefined) throw new Error(`no pod ${name}`);
  return pod;
}

test('an engine is what its container’s arguments say', async () => {
  const pod = await podCalled('mistral-3-int4-predictor-dsgkf2dt82-cgsdk');
  expect(enginePlanOf(pod)?.options).toEqual({
    servedModelName: 'mistral-3-int4',
    version: '0.10.1.1',
    maxModelLen: 8192,
    numGpuBlocks: 3502,
    cacheDtype: 'fp8',
    gpuMemoryUtilization: 0.85,
    reportsCachedTokens: false,
    reasons: false,
    transfersKv: false,
  });
});

test('flags that the demo does not set can be set', async () => {
  const pod = structuredClone(await podCalled('mistral-3-distributed-kserve-ftk8wprfxh-llv5b'));
  const [engine] = pod.spec.containers;
  const flags = '--enable-prompt-tokens-details --reasoning-parser mistral';
  const others = engine?.env?.filter(({ name }) => name !== 'VLLM_ADDITIONAL_ARGS') ?? [];
  if (engine !== undefined) engine.env = [...others, { name: 'VLLM_ADDITIONAL_ARGS', value: flags }];
  expect(enginePlanOf(pod)?.options).toMatchObject({ reportsCachedTokens: true, reasons: true });
});

test('a pod without an engine has no plan', async () => {
  const pod = await podCalled('mistral-3-distributed-kserve-router-scheduler-m8qlkwp4r-mr8tr');
  expect(enginePlanOf(pod)).toBeNull();
});
