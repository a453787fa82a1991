import type { Amounts, PodContainer } from './core';

/** Whole GPUs, and MIG slices where they are used (kubernetes-objects §6). */
export const GPU_RESOURCE = 'nvidia.com/gpu';

const GPU_RESOURCES = /^nvidia\.com\/(gpu|gpu\.shared|mig-[a-z0-9.+-]+)$/;

export function isGpuResource(resource: string): boolean {
  return GPU_RESOURCES.test(resource);
}

/** All GPU resources of one set of amounts together. */
export function countGpus(amounts: Amounts): number {
  return Object.entries(amounts).reduce(
    (sum, [resource, amount]) => (isGpuResource(resource) ? sum + amount : sum),
    0,
  );
}

/** The GPU resource a node offers; `nvidia.com/gpu` when it offers none or several. */
export function gpuResourceOf(amounts: Amounts): string {
  const offered = Object.keys(amounts).filter(
    (resource) => isGpuResource(resource) && (amounts[resource] ?? 0) > 0,
  );
  return offered.length === 1 && offered[0] !== undefined ? offered[0] : GPU_RESOURCE;
}

/**
 * GPUs one pod takes: the sum over its containers and restartable init containers, or what one init
 * container needs beside the restartable ones started before it, whichever is more (the scheduler's rule).
 */
export function podGpus(containers: readonly PodContainer[]): number {
  let apps = 0;
  let sidecars = 0;
  let initPeak = 0;
  for (const container of containers) {
    const gpus = countGpus(container.gpus);
    switch (container.kind) {
      case 'app':
        apps += gpus;
        break;
      case 'sidecar':
        sidecars += gpus;
        break;
      case 'init':
        initPeak = Math.max(initPeak, sidecars + gpus);
        break;
      default:
        container.kind satisfies never;
    }
  }
  return Math.max(apps + sidecars, initPeak);
}
