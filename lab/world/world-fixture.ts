/** A world for tests: virtual time, engines that only exist, no sockets. */
import { type VirtualClock, virtualClock } from '../clock.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { Engine, EngineOptions } from '../parts.ts';
import type { Listen } from './engines.ts';
import { healthyObjects } from './healthy.ts';
import { createWorld, type World } from './world.ts';

export interface TestWorld {
  world: World;
  clock: VirtualClock;
  /** Pods whose engine was killed, in order. */
  killed: string[];
}

/** Listens nowhere; ports are counted up. */
function pretendListen(): Listen {
  let port = 30_000;
  return async () => {
    port += 1;
    return { port, destroy: () => {} };
  };
}

function pretendEngine(options: EngineOptions, killed: string[]): Engine {
  return {
    podName: options.podName,
    handle: (_request, response) => response.end(options.podName),
    metricsText: () => `vllm:num_requests_running{engine="0",model_name="${options.servedModelName}"} 0\n`,
    snapshot: () => ({ running: 0, waiting: 0, kvCacheUsageRatio: 0 }),
    kill: () => {
      killed.push(options.podName);
    },
  };
}

export async function createTestWorld({
  objects = healthyObjects(),
  timeFactor = 0.1,
}: {
  objects?: KubernetesObject[];
  timeFactor?: number;
} = {}): Promise<TestWorld> {
  const clock = virtualClock();
  const killed: string[] = [];
  const world = createWorld({
    clock,
    seed: 7,
    objects,
    timeFactor,
    createEngine: (options) => pretendEngine(options, killed),
    listen: pretendListen(),
  });
  await clock.advance(0);
  return { world, clock, killed };
}
