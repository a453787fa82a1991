import 'server-only';
import { randomInt } from 'node:crypto';
import type { ApiResource, ClusterSnapshot, KindSchema, ResourceView } from '@/lib/domain/cluster';
import type { ResourceId } from '@/lib/domain/objects';
import { type Clock, systemClock } from '../clock';
import type { Config } from '../config';
import { createKubernetesClient } from './client';
import { type ClusterSource, summarizeSource } from './cluster-source';
import { createCredentials } from './credentials';
import { createDiscoveryPoller, createGroupVersionsPoller, createVersionPoller } from './discovery';
import type { KubernetesError } from './errors';
import { locateKubeConfig } from './locate-kubeconfig';
import { createSchemaPoller } from './openapi';
import { POLL_INTERVAL_MS, type PollContext } from './poller';
import { createReflector, type Reflector } from './reflector';
import { REFLECTOR_TIMING, type ReflectorTiming } from './reflector-timing';
import type { ReflectorCounters } from './replica';
import type { AnyResourceDefinition, ExplainedKind } from './resource-definition';
import { createVersionedReflector } from './versioned-reflector';
import { isSameContent } from './view-keeper';

/** `proof`: nothing but times of proof has moved. */
export type ClusterChange = 'content' | 'proof';

/** The cluster, followed for as long as the process lives. Works, and says so, where none is configured. */
export interface ClusterReader {
  /** The state now; the same object as long as nothing has changed. */
  snapshot(): ClusterSnapshot;
  /** Tells of changes, several at once where they come close together; returns how to unsubscribe. */
  subscribe(listener: (change: ClusterChange) => void): () => void;
  source(): ClusterSource;
  /** Deletes this very pod. Throws a KubernetesError. */
  deletePod(pod: { namespace: string; name: string; uid: string }): Promise<void>;
  /** One GET of what cannot be watched. Throws a KubernetesError. */
  read(path: string, signal: AbortSignal): Promise<unknown>;
  /** Opens the log of a container, as bytes. Throws a KubernetesError. */
  openLog(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** What happened below the surface, by resource. */
  counters(): Readonly<Partial<Record<ResourceId, Readonly<ReflectorCounters>>>>;
  stop(): Promise<void>;
}

export interface ClusterReaderOptions {
  config: Pick<Config, 'kubernetes' | 'proxy'>;
  definitions: readonly AnyResourceDefinition[];
  discoveredGroupVersions: readonly string[];
  explainedKinds: readonly ExplainedKind[];
  clock?: Clock;
  /** Uniform in [0, 1). */
  random?: () => number;
  timing?: ReflectorTiming;
  pollIntervalMs?: number;
  /** Sees `host:port` of every connection attempt. */
  onConnect?: (address: string) => void;
  /** The cluster's address and the files that gave it; why there is no access. For the log: no viewer is told. */
  onLocated?: (whereabouts: string) => void;
  onNoAccess?: (error: KubernetesError) => void;
  /** Exceptions of our own code, and of listeners; all are survived. */
  onFault?: (error: unknown) => void;
}

/** Changes that come within this are told as one. */
const COALESCE_MS = 50;
const DELETE_TIMEOUT_MS = 10_000;
const READ_TIMEOUT_MS = 5_000;
const LOG_OPEN_TIMEOUT_MS = 10_000;
/** How often states are looked at that change by the mere passing of time. */
const TICK_MS = 500;
/** Proofs come all the time; they are told at most this often. */
const PROOF_INTERVAL_MS = 1_000;

export function createClusterReader(options: ClusterReaderOptions): ClusterReader {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const timing = options.timing ?? REFLECTOR_TIMING;
  const client = createKubernetesClient({
    credentials: createCredentials({
      locate: () => locateKubeConfig(options.config.kubernetes),
      clock,
      onLocated: options.onLocated,
      onProblem: options.onNoAccess,
    }),
    proxy: options.config.proxy,
    clock,
    onConnect: options.onConnect,
  });
  const context: PollContext = {
    client,
    clock,
    random,
    timing,
    intervalMs: options.pollIntervalMs ?? POLL_INTERVAL_MS,
    onChange: scheduleFlush,
    onFault: options.onFault,
  };
  const version = createVersionPoller(context);
  const groupVersions = createGroupVersionsPoller(context);
  const discovery = options.discoveredGroupVersions.map(
    (groupVersion) => [groupVersion, createDiscoveryPoller(context, groupVersion)] as const,
  );
  const schemas = createSchemaPoller(context, options.explainedKinds);
  const reflectors = options.definitions.map(
    (definition) => [definition.id, createReflectorOf(definition)] as const,
  );
  const loops = [
    version,
    groupVersions,
    ...discovery.map(([, poller]) => poller),
    schemas,
    ...reflectors.map(([, reflector]) => reflector),
  ];
  const listeners = new Set<(change: ClusterChange) => void>();
  let current = assemble();
  /** When `current` was last known to be all there is; `null` after any sign of a change. */
  let freshAtMs: number | null = null;
  let told: { snapshot: ClusterSnapshot; at: number } = { snapshot: current, at: clock.monotonic() };
  let cancelFlush: (() => void) | null = null;
  let cancelTick = clock.after(TICK_MS, tick);
  const stopped = new AbortController();

  function createReflectorOf(definition: AnyResourceDefinition): Reflector<unknown> {
    return createVersionedReflector({
      versions: [definition.version, ...(definition.otherVersions ?? [])],
      onChange: context.onChange,
      // The row keeps its id and parser together; which of the ids it is makes no difference here.
      create: (version, onChange) =>
        createReflector({
          ...context,
          onChange,
          definition: { ...definition, version } as Parameters<
            typeof createReflector<ResourceId>
          >[0]['definition'],
        }),
    });
  }

  function assemble(): ClusterSnapshot {
    return {
      version: version.view(),
      groupVersions: groupVersions.view(),
      discovery: Object.fromEntries(
        discovery.map(([groupVersion, poller]): [string, ResourceView<ApiResource>] => [
          groupVersion,
          poller.view(),
        ]),
      ),
      schemas: schemas.views() satisfies Readonly<Record<string, ResourceView<KindSchema>>>,
      // One reflector per row, each with the parser of its own id.
      resources: Object.fromEntries(
        reflectors.map(([id, reflector]) => [id, reflector.view()]),
      ) as unknown as ClusterSnapshot['resources'],
    };
  }

  /** Views change when something came, and by the mere passing of time, which is looked at once per tick. */
  function snapshot(): ClusterSnapshot {
    const nowMs = clock.monotonic();
    if (freshAtMs !== null && nowMs - freshAtMs < TICK_MS) return current;
    const next = assemble();
    const before = viewsOf(current);
    if (viewsOf(next).some((view, index) => view !== before[index])) current = next;
    freshAtMs = nowMs;
    return current;
  }

  function scheduleFlush(): void {
    freshAtMs = null;
    if (stopped.signal.aborted) return;
    cancelFlush ??= clock.after(COALESCE_MS, flush);
  }

  function tick(): void {
    freshAtMs = null;
    cancelTick = clock.after(TICK_MS, tick);
    flush();
  }

  function flush(): void {
    cancelFlush?.();
    cancelFlush = null;
    const next = snapshot();
    if (next === told.snapshot) return;
    const before = viewsOf(told.snapshot);
    const hasContent = viewsOf(next).some((view, index) => {
      const known = before[index];
      return known === undefined || !isSameContent(view, known);
    });
    if (!hasContent && clock.monotonic() - told.at < PROOF_INTERVAL_MS) return;
    told = { snapshot: next, at: clock.monotonic() };
    for (const listener of listeners) tell(listener, hasContent ? 'content' : 'proof');
  }

  function tell(listener: (change: ClusterChange) => void, change: ClusterChange): void {
    try {
      listener(change);
    } catch (error) {
      options.onFault?.(error);
    }
  }

  for (const loop of loops) loop.start();

  return {
    snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    source() {
      const now = snapshot();
      return summarizeSource({
        version: now.version,
        views: viewsOf(now).slice(1),
        origin: client.describe(),
      });
    },
    deletePod: ({ namespace, name, uid }) =>
      client.delete(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`, {
        uid,
        timeoutMs: DELETE_TIMEOUT_MS,
        signal: stopped.signal,
      }),
    async read(path, signal) {
      const answer = await client.get(path, { signal, timeoutMs: READ_TIMEOUT_MS });
      return answer.outcome === 'ok' ? answer.body : null;
    },
    openLog: (path, signal) => client.watch(path, { signal, openTimeoutMs: LOG_OPEN_TIMEOUT_MS }),
    counters: () =>
      Object.fromEntries(reflectors.map(([id, reflector]) => [id, reflector.counters()])) as Partial<
        Record<ResourceId, ReflectorCounters>
      >,
    async stop() {
      stopped.abort();
      cancelTick();
      cancelFlush?.();
      listeners.clear();
      await Promise.all(loops.map((loop) => loop.stop()));
      await client.close();
    },
  };
}

/** Every view of a snapshot, the version first, always in the same order. */
function viewsOf(snapshot: ClusterSnapshot): ResourceView<unknown>[] {
  return [
    snapshot.version,
    snapshot.groupVersions,
    ...Object.values(snapshot.discovery),
    ...Object.values(snapshot.schemas),
    ...Object.values<ResourceView<unknown>>(snapshot.resources),
  ];
}

function systemRandom(): number {
  const steps = 2 ** 32;
  return randomInt(steps) / steps;
}
