import 'server-only';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ChatRequest } from '@/lib/contracts/chat';
import type { CompareQuery } from '@/lib/contracts/compare';
import { isAllowedHost } from '@/lib/domain/allowed-host';
import type { ChatEvent } from '@/lib/domain/chat';
import type { Compare } from '@/lib/domain/compare';
import { derivePlacement } from '@/lib/domain/derive-placement';
import { type EndpointPath, resolveEndpoints } from '@/lib/domain/endpoints';
import { evaluateChecklist } from '@/lib/domain/evaluate-checklist';
import { enginePods } from '@/lib/domain/objects/arms';
import { isPodReady } from '@/lib/domain/objects/pod-state';
import { combineModes, type Source, type Status } from '@/lib/domain/status';
import { ARMS, type Arm, type Mode } from '@/lib/domain/vocabulary';
import { armProperties } from './arm-properties';
import { BUILD_ID } from './build-id';
import { systemClock } from './clock';
import { type Config, loadConfig } from './config';
import { streamEvents } from './http/event-stream';
import { createOutbound } from './http/outbound';
import { createDurationHistogram } from './inference/duration-histogram';
import { createProber } from './inference/prober';
import { createRaceGate } from './inference/race-gate';
import { type ReachableEndpoint, relayChat } from './inference/relay-chat';
import { createClusterReader } from './kubernetes/cluster-reader';
import { discoveredGroupVersions, explainedKinds, resourceDefinitions } from './kubernetes/resources';
import { createHub, type Hub, type LiveState } from './live/hub';
import { createLog, createTroubleLog, type Log } from './log';
import { once } from './once';
import { createPrometheusClient } from './prometheus/client';
import { createCompareService } from './prometheus/compare-service';
import { createMetricsWatch } from './prometheus/metrics-watch';
import { readCompare } from './prometheus/read-compare';

/** Changes that come within this are judged together: one patch per tick for all browsers. */
const TICK_MS = 150;
/** States also change by the mere passing of time (20 s without proof of life). */
const REJUDGE_MS = 2_000;
/** Ready even if a source has not answered by then: our own pages must come up without the cluster. */
const FIRST_ATTEMPT_MS = 8_000;

/** All of the server core, wired. One per process. */
export interface Runtime {
  config: Config;
  log: Log;
  hub: Hub;
  /** Whether a first snapshot of every source was attempted. */
  isReady(): boolean;
  compare(query: CompareQuery): Promise<Compare>;
  /** The body of POST /api/chat. */
  chat(request: ChatRequest, arm: Arm, signal: AbortSignal): ReadableStream<Uint8Array>;
  shutdown(graceMs: number): Promise<void>;
}

/** The runtime of this process; the first caller (instrumentation) makes it. Throws a ConfigError on wrong settings. */
export function getRuntime(): Runtime {
  return once('runtime', () => createRuntime(loadConfig()));
}

export function createRuntime(config: Config): Runtime {
  const { settings } = config;
  const clock = systemClock;
  const log = createLog(config.server.logLevel);
  const trouble = createTroubleLog(log, clock.now);
  const outbound = createOutbound({ ...config.proxy, ingressConnectTo: config.endpoints.ingressConnectTo });

  const reader = createClusterReader({
    config,
    definitions: resourceDefinitions(settings),
    discoveredGroupVersions,
    explainedKinds,
    onFault: (error) => trouble('the cluster reader survived a fault', error),
  });

  const dispatcherFor = (endpoint: ReachableEndpoint) =>
    outbound.dispatcherFor({
      url: new URL(endpoint.baseUrl),
      verifyTls: endpoint.verifyTls,
      caFile: config.endpoints.caFile,
      viaIngress: endpoint.viaIngress,
    });
  const endpoints = (): Record<Arm, EndpointPath[]> =>
    resolveEndpoints(settings, reader.snapshot(), prober.results());
  const prober = createProber({
    // Which paths have an address does not depend on what the probes said.
    endpoints: () => {
      const paths = resolveEndpoints(settings, reader.snapshot(), []);
      return ARMS.flatMap((arm) => paths[arm])
        .filter(isReachable)
        .filter(isWorthProbing);
    },
    dispatcherFor,
    apiKeys: config.endpoints.apiKeys,
    clock,
    onChange: () => schedule(),
    onFault: (error) => trouble('a probe failed unexpectedly', error),
  });
  /** Cluster-internal names resolve only inside: outside, the Service is no path to try every 15 seconds. */
  function isWorthProbing(endpoint: ReachableEndpoint): boolean {
    return endpoint.path !== 'service' || config.kubernetes.inCluster !== null;
  }

  const { prometheus } = config;
  const baseUrl = prometheus.url;
  const client =
    baseUrl === null
      ? null
      : createPrometheusClient({
          baseUrl,
          dispatcher: () =>
            outbound.dispatcherFor({
              url: baseUrl,
              verifyTls: true,
              caFile: prometheus.caFile,
              viaIngress: false,
            }),
          readToken: async () =>
            prometheus.tokenFile === null ? null : (await readFile(prometheus.tokenFile, 'utf8')).trim(),
          tenancyNamespace: prometheus.namespace,
          clock,
        });
  const metrics = createMetricsWatch({
    client,
    baseUrl,
    settings,
    livePods: () => {
      const pods = reader.snapshot().resources.pods.items;
      const live = (arm: Arm) =>
        enginePods(pods, arm, settings).map((pod) => ({ name: pod.meta.name, ready: isPodReady(pod) }));
      return { baseline: live('baseline'), distributed: live('distributed') };
    },
    clock,
    onChange: () => schedule(),
    onFault: (error) => trouble('the metrics watch survived a fault', error),
  });
  const compare = createCompareService({
    read: (question, signal) => {
      const cluster = reader.snapshot();
      const paths = endpoints();
      const properties = (arm: Arm) => armProperties(arm, settings, cluster, paths[arm], prober.models(arm));
      return readCompare({
        ...question,
        client,
        settings,
        survey: metrics.survey(),
        properties: { baseline: properties('baseline'), distributed: properties('distributed') },
        probedAt: { baseline: prober.probedAt('baseline'), distributed: prober.probedAt('distributed') },
        mode: mode(),
        now: clock.now(),
        signal,
      });
    },
    onReady: (at) => hub.tell({ type: 'compare-ready', at }),
    clock,
  });

  function sources(): Source[] {
    const cluster = reader.source();
    const facts = metrics.facts().source;
    const told = [
      { id: 'cluster' as const, ...cluster },
      { id: 'metrics' as const, ...facts, mode: metrics.mode() },
      ...ARMS.map((arm) => ({ id: arm, ...prober.source(arm) })),
    ];
    return told.map(({ id, state, mode: sourceMode, lastProofAt, detail }) => ({
      id,
      state,
      mode: sourceMode,
      lastProofAt: lastProofAt === null ? null : new Date(lastProofAt).toISOString(),
      detail,
    }));
  }

  let stickyMode: Mode = 'unknown';
  function mode(): Mode {
    const now = combineModes(sources().map((source) => source.mode));
    if (now !== 'unknown') stickyMode = combineModes([stickyMode, now]);
    return stickyMode;
  }

  function judge(previous: LiveState | null): LiveState {
    const now = clock.now();
    const input = { settings, cluster: reader.snapshot(), probes: prober.results(), mode: mode(), now };
    const status: Status = { mode: input.mode, buildId: BUILD_ID, sources: sources() };
    return {
      status,
      checklist: evaluateChecklist({
        ...input,
        metrics: metrics.facts(),
        previous: previous?.checklist ?? null,
      }),
      placement: derivePlacement({
        ...input,
        activity: metrics.activity(),
        previous: previous?.placement ?? null,
      }),
    };
  }

  const hub = createHub({
    buildId: BUILD_ID,
    processId: randomUUID().slice(0, 8),
    initial: judge(null),
    nowMs: clock.now,
  });

  let isScheduled = false;
  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    clock.after(TICK_MS, () => {
      isScheduled = false;
      publish();
    });
  }
  function publish(): void {
    try {
      hub.publish(judge(hub.current()));
    } catch (error) {
      trouble('the state could not be judged', error);
    }
  }

  const unsubscribe = reader.subscribe(schedule);
  const rejudge = setInterval(schedule, REJUDGE_MS);
  rejudge.unref();
  metrics.start();
  prober.start();
  let stopProbingOnce: (() => void) | null = reader.subscribe(() => probeWhenFirstSeen());
  /** The first addresses are probed as soon as they are known, not at the next round. */
  function probeWhenFirstSeen(): void {
    const { state } = reader.source();
    if (state === 'syncing' || stopProbingOnce === null) return;
    stopProbingOnce();
    stopProbingOnce = null;
    prober.probeNow().catch((error: unknown) => trouble('a probe failed unexpectedly', error));
  }

  const startedAtMs = clock.monotonic();
  const raceGate = createRaceGate(clock);
  const overhead = createDurationHistogram();
  const chats = new Set<Promise<void>>();
  const stopping = new AbortController();
  let isStopping = false;

  async function* chatEvents(request: ChatRequest, arm: Arm, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const paths = endpoints()[arm];
    const wanted =
      request.path === undefined
        ? paths.find((path) => path.usable && isReachable(path))
        : paths.find((path) => path.path === request.path);
    if (wanted === undefined || !isReachable(wanted)) {
      yield {
        type: 'error',
        code: 'no-endpoint',
        message: wanted?.finding ?? noPathSentence(arm, paths),
        upstreamStatus: null,
        atMs: 0,
      };
      return;
    }
    yield* relayChat({
      request,
      endpoint: wanted,
      dispatcher: dispatcherFor(wanted),
      apiKey: config.endpoints.apiKeys[arm],
      requestId: randomUUID(),
      signal,
      clock,
      raceGate,
      overhead,
      onProof: (proof) => prober.noteCompletion(proof),
    });
  }

  return {
    config,
    log,
    hub,
    isReady: () => {
      if (isStopping) return false;
      const isAttempted = reader.source().state !== 'syncing' && metrics.facts().source.state !== 'syncing';
      return isAttempted || clock.monotonic() - startedAtMs > FIRST_ATTEMPT_MS;
    },
    compare: (query) => compare.get(query),
    chat: (request, arm, signal) => {
      let done = (): void => undefined;
      const running = new Promise<void>((resolve) => {
        done = resolve;
      });
      chats.add(running);
      return streamEvents(
        (leaving) => chatEvents(request, arm, AbortSignal.any([leaving, stopping.signal])),
        signal,
        () => {
          chats.delete(running);
          done();
        },
      );
    },
    shutdown: async (graceMs) => {
      isStopping = true;
      hub.shutdown();
      clearInterval(rejudge);
      unsubscribe();
      stopProbingOnce?.();
      prober.stop();
      metrics.stop();
      compare.stop();
      await Promise.race([
        Promise.all(chats),
        new Promise<void>((resolve) => void setTimeout(resolve, graceMs).unref()),
      ]);
      stopping.abort();
      await Promise.all([reader.stop(), outbound.close()]);
    },
  };
}

function isReachable(path: EndpointPath): path is ReachableEndpoint {
  return path.baseUrl !== null;
}

function noPathSentence(arm: Arm, paths: readonly EndpointPath[]): string {
  const findings = paths.map(({ finding }) => finding).filter((finding) => finding !== '');
  return findings.length === 0 ? `No way to the ${arm} service is known yet.` : findings.join(' ');
}

export function frontDoorBridge(runtime: Runtime): {
  isAllowedHost(hostHeader: string | undefined): boolean;
  shutdown(graceMs: number): Promise<void>;
} {
  return {
    isAllowedHost: (hostHeader) => isAllowedHost(hostHeader, runtime.config.rights.publicHosts),
    shutdown: (graceMs) => runtime.shutdown(graceMs),
  };
}
