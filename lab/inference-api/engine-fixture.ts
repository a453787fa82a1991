/** For tests: engines with the options of the demo's two arms, and a real HTTP server in front of one. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type VirtualClock, virtualClock } from '../clock.ts';
import type { Engine, EngineOptions } from '../parts.ts';
import { createEngine } from './engine.ts';

export function engineOptions(overrides: Partial<EngineOptions> = {}): EngineOptions {
  return {
    podName: 'mistral-3-distributed-kserve-ftk8wprfxh-llv5b',
    servedModelName: 'mistral-3-distributed',
    clock: virtualClock(),
    seed: 5,
    version: '0.10.1.1',
    maxModelLen: 32_768,
    numGpuBlocks: 2240,
    cacheDtype: 'auto',
    gpuMemoryUtilization: 0.9,
    reportsCachedTokens: false,
    ...overrides,
  };
}

export interface EngineServer {
  engine: Engine;
  clock: VirtualClock;
  url: string;
  /** Lets virtual time run until the work is done. */
  during<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Several servers may share one clock. */
export async function startEngineServer(
  overrides: Partial<EngineOptions> = {},
  clock: VirtualClock = virtualClock(),
): Promise<EngineServer> {
  const engine = createEngine(engineOptions({ ...overrides, clock }));
  const server = createServer((request, response) => engine.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    engine,
    clock,
    url: `http://127.0.0.1:${port}`,
    during: async (work) => {
      let isDone = false;
      const settled = work.finally(() => {
        isDone = true;
      });
      // A failure is the caller's to see, below; until then it is not unhandled.
      settled.catch(() => {});
      while (!isDone) await clock.advance(10);
      return settled;
    },
    close: () => {
      engine.kill();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
