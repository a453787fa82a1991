/** The processes behind engine containers: each listens on its own loopback port while the container serves. */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { KeyAndCertificate } from '../certificates/certificate.ts';
import type { Clock } from '../clock.ts';
import type { Engine, EngineOptions } from '../parts.ts';
import { seedFromText } from '../random.ts';
import { type Arm, armOfLabels } from './arms.ts';
import { vllmVersionOf } from './engine-images.ts';
import type { Pod } from './workload-types.ts';

/** What a pod runs: which container is the engine, how it is reached, and how it was configured. */
export interface EnginePlan {
  container: string;
  port: number;
  scheme: 'http' | 'https';
  /** Label `llm-d.ai/role`: a decode engine may have prompts computed by a prefill engine. */
  role: 'both' | 'prefill' | 'decode';
  options: Omit<EngineOptions, 'podName' | 'clock' | 'seed' | 'prefiller'>;
}

/** A running engine, and where its port really is. */
export interface RunningEngine {
  readonly podUid: string;
  readonly arm: Arm;
  readonly namespace: string;
  readonly plan: EnginePlan;
  readonly engine: Engine;
  /** Where it is inside the cluster, `ip:port`. */
  readonly address: string;
  readonly hostPort: number;
  /** Takes the process away: sockets are destroyed, the port refuses. */
  kill(): void;
}

function argument(text: string, name: string): string | undefined {
  return new RegExp(`--${name}[= ]\\\\?"?([^\\s"\\\\]+)`).exec(text)?.[1];
}

/** KV blocks that remain on an L4 beside the weights (facts: metrics §13.3). */
const BASELINE_BLOCKS = 3502;
const DISTRIBUTED_BLOCKS = 2240;

/** Reads the effective engine arguments of a pod; null where the pod runs no engine. */
export function enginePlanOf(pod: Pod): EnginePlan | null {
  const container = pod.spec.containers.find(({ args = [], command = [] }) =>
    /vllm/.test([...command, ...args].join(' ')),
  );
  // A decode engine is reached through the routing sidecar in front of it.
  const sidecar = pod.spec.initContainers?.find(({ name }) => name === 'llm-d-routing-sidecar');
  const port = (sidecar ?? container)?.ports?.[0]?.containerPort;
  if (container === undefined || port === undefined) return null;
  const additional = container.env?.find(({ name }) => name === 'VLLM_ADDITIONAL_ARGS')?.value ?? '';
  const text = [...(container.args ?? []), additional].join(' ');
  // Workers of a group compute for their leader and serve no HTTP.
  if (/--headless/.test(text)) return null;
  const isFp8 = argument(text, 'kv-cache-dtype') === 'fp8';
  return {
    container: container.name,
    port,
    scheme: /--ssl-certfile/.test(text) ? 'https' : 'http',
    role: roleOf(pod.metadata.labels),
    options: {
      servedModelName:
        argument(text, 'served-model-name') ?? pod.metadata.labels?.['app.kubernetes.io/name'] ?? 'model',
      version: vllmVersionOf(container.image),
      maxModelLen: Number(argument(text, 'max-model-len') ?? 32_768),
      numGpuBlocks: isFp8 ? BASELINE_BLOCKS : DISTRIBUTED_BLOCKS,
      cacheDtype: isFp8 ? 'fp8' : 'auto',
      gpuMemoryUtilization: Number(argument(text, 'gpu-memory-utilization') ?? 0.9),
      reportsCachedTokens: /--enable-prompt-tokens-details/.test(text),
      reasons: /--reasoning-parser/.test(text),
      transfersKv: /--kv-transfer-config/.test(text),
    },
  };
}

function roleOf(labels: Record<string, string> | undefined): EnginePlan['role'] {
  const role = labels?.['llm-d.ai/role'];
  return role === 'prefill' || role === 'decode' ? role : 'both';
}

/** A server on a free loopback port that can be torn away like a killed process. */
export interface Listener {
  port: number;
  destroy(): void;
}

export type Listen = (scheme: 'http' | 'https', handler: RequestListener) => Promise<Listener>;

export function loopbackListen(certificate: KeyAndCertificate): Listen {
  return async (scheme, handler) => {
    const server =
      scheme === 'https'
        ? createHttpsServer({ key: certificate.keyPem, cert: certificate.certificatePem }, handler)
        : createHttpServer(handler);
    // uvicorn keeps idle connections for five seconds.
    server.keepAliveTimeout = 5000;
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return {
      port: (server.address() as AddressInfo).port,
      destroy: () => {
        server.close();
        for (const socket of sockets) socket.destroy();
      },
    };
  };
}

/** `processStartedMs` is when the container began to load the model. */
export type CreateEngine = (options: EngineOptions & { processStartedMs: number }) => Engine;

export interface EngineHost {
  /** Starts the engine of a pod's container; resolves once its port is open. */
  start(pod: Pod, plan: EnginePlan, processStartedMs: number): Promise<RunningEngine>;
  get(podUid: string): RunningEngine | undefined;
  /** Engines that run now, by pod name. */
  list(): RunningEngine[];
  /** Told of each engine that starts, before it serves anybody; the returned function ends it. */
  onStarted(listener: (entry: RunningEngine) => void): () => void;
  /** Told of each engine whose process is gone, however it went; the returned function ends it. */
  onEnded(listener: (entry: RunningEngine) => void): () => void;
  /** Resolves once no start is under way. */
  settled(): Promise<void>;
  stop(): void;
}

/** The one with the fewest requests; of equal ones the first by name. */
export function leastBusy(entries: readonly RunningEngine[]): RunningEngine | undefined {
  const load = ({ engine }: RunningEngine): number => {
    const { running, waiting } = engine.snapshot();
    return running + waiting;
  };
  return [...entries].sort(
    (a, b) => load(a) - load(b) || a.engine.podName.localeCompare(b.engine.podName),
  )[0];
}

export interface EngineHostOptions {
  clock: Clock;
  seed: number;
  createEngine: CreateEngine;
  listen: Listen;
}

export function createEngineHost({ clock, seed, createEngine, listen }: EngineHostOptions): EngineHost {
  const running = new Map<string, RunningEngine>();
  const starting = new Set<Promise<unknown>>();
  const startListeners = new Set<(entry: RunningEngine) => void>();
  const endListeners = new Set<(entry: RunningEngine) => void>();

  const findPrefiller = (namespace: string, address: string | null): Engine | undefined => {
    const prefillers = [...running.values()].filter(
      (entry) => entry.namespace === namespace && entry.plan.role === 'prefill',
    );
    return address === null
      ? leastBusy(prefillers)?.engine
      : prefillers.find((entry) => entry.address === address)?.engine;
  };

  const start: EngineHost['start'] = async (pod, plan, processStartedMs) => {
    const podUid = pod.metadata.uid ?? '';
    const namespace = pod.metadata.namespace ?? '';
    const engine = createEngine({
      ...plan.options,
      ...(plan.role === 'decode' ? { prefiller: (address) => findPrefiller(namespace, address) } : {}),
      podName: pod.metadata.name,
      clock,
      seed: seed ^ seedFromText(pod.metadata.name),
      processStartedMs,
    });
    const listener = await listen(plan.scheme, (request, response) => engine.handle(request, response));
    const entry: RunningEngine = {
      podUid,
      arm: armOfLabels(pod.metadata.labels),
      namespace,
      plan,
      engine,
      address: `${pod.status.podIP ?? ''}:${plan.port}`,
      hostPort: listener.port,
      kill: () => {
        const wasRunning = running.get(podUid) === entry;
        if (wasRunning) running.delete(podUid);
        engine.kill();
        listener.destroy();
        if (wasRunning) for (const tell of endListeners) tell(entry);
      },
    };
    running.set(podUid, entry);
    for (const listener of startListeners) listener(entry);
    return entry;
  };

  return {
    start: (...how) => {
      const started = start(...how);
      starting.add(started);
      return started.finally(() => starting.delete(started));
    },
    get: (podUid) => running.get(podUid),
    list: () => [...running.values()].sort((a, b) => a.engine.podName.localeCompare(b.engine.podName)),
    onStarted: (listener) => {
      startListeners.add(listener);
      return () => startListeners.delete(listener);
    },
    onEnded: (listener) => {
      endListeners.add(listener);
      return () => endListeners.delete(listener);
    },
    settled: async () => {
      await Promise.allSettled(starting);
    },
    stop: () => {
      for (const entry of [...running.values()]) entry.kill();
    },
  };
}
