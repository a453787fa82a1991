import { describe, expect, test } from 'vitest';
import { buildContainer } from '../testing/build-objects';
import { countGpus, gpuResourceOf, podGpus } from './gpus';

const gpus = (amount: number) => ({ gpus: { 'nvidia.com/gpu': amount } });

describe('GPUs of a pod', () => {
  test('are the sum over its containers', () => {
    expect(podGpus([buildContainer(gpus(1)), buildContainer(gpus(2))])).toBe(3);
  });

  test('count an init container only where it needs more', () => {
    expect(podGpus([buildContainer({ kind: 'init', ...gpus(1) }), buildContainer(gpus(2))])).toBe(2);
    expect(podGpus([buildContainer({ kind: 'init', ...gpus(4) }), buildContainer(gpus(2))])).toBe(4);
  });

  test('add restartable init containers, and what an init container needs beside them', () => {
    const sidecar = buildContainer({ kind: 'sidecar', ...gpus(1) });
    expect(podGpus([sidecar, buildContainer(gpus(2))])).toBe(3);
    expect(podGpus([sidecar, buildContainer({ kind: 'init', ...gpus(4) }), buildContainer(gpus(2))])).toBe(5);
  });
});

test('MIG slices count, other resources do not', () => {
  expect(countGpus({ 'nvidia.com/mig-1g.5gb': 2, cpu: 8, 'nvidia.com/gpu.deploy': 1 })).toBe(2);
  expect(gpuResourceOf({ 'nvidia.com/mig-1g.5gb': 2, 'nvidia.com/gpu': 0 })).toBe('nvidia.com/mig-1g.5gb');
  expect(gpuResourceOf({})).toBe('nvidia.com/gpu');
});
