import 'server-only';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ChatRequest } from '@/lib/contracts/chat';
import type { ChatLanes } from '@/lib/contracts/chat-lanes';
import type { ProbeAnswer } from '@/lib/contracts/checklist-probe';
import type { ReportFormat } from '@/lib/contracts/checklist-report';
import type { CompareQuery } from '@/lib/contracts/compare';
import type { DeletePodRequest } from '@/lib/contracts/delete-pod';
import type { PodLogQuery } from '@/lib/contracts/pod-log';
import type { Prompts } from '@/lib/contracts/prompts';
import type { ChatEvent } from '@/lib/domain/chat';
import { jsonReport, markdownReport } from '@/lib/domain/checklist-report';
import type { ClusterSnapshot } from '@/lib/domain/cluster';
import type { Compare } from '@/lib/domain/compare';
import { derivePlacement } from '@/lib/domain/derive-placement';
import { type EndpointPath, resolveEndpoints, servedModelName } from '@/lib/domain/endpoints';
import { evaluateChecklist } from '@/lib/domain/evaluate-checklist';
import type { GuidellmFiles } from '@/lib/domain/guidellm';
import { toLaneFacts } from '@/lib/domain/lane-facts';
import { enginePods } from '@/lib/domain/objects/arms';
import { isPodReady } from '@/lib/domain/objects/pod-state';
import { solePod } from '@/lib/domain/sole-pod';
import { combineModes, type Source, type Status } from '@/lib/domain/status';
import { ARMS, type Arm, type Mode } from '@/lib/domain/vocabulary';
import { createAccessWatch } from './access-watch';
import { type DeletedPod, findDeletablePod, toActionProblem } from './actions/delete-pod';
import { armProperties, engineRoles } from './arm-properties';
import { BUILD_ID } from './build-id';
import { isReachable } from './chat-paths';
import { createChatService } from './chat-service';
import { systemClock } from './clock';
import { createCompareExtras } from './compare-extras';
import { type Config, isBoundToLoopback, loadConfig } from './config';
import { endpointLight } from './endpoint-light';
import { createResultFiles } from './guidellm/result-files';
import type { EventFeed } from './http/event-feed';
import { createOutbound } from './http/outbound';
import { createProber } from './inference/prober';
import type { ReachableEndpoint } from './inference/relay-chat';
import { createClusterReader } from './kubernetes/cluster-reader';
import { createQueuePositions } from './kubernetes/queue-positions';
import { discoveredGroupVersions, explainedKinds, resourceDefinitions } from './kubernetes/resources';
import { createHub, type Hub, type LiveState } from './live/hub';
import { chartTimesOf } from './load/chart-times';
import { createLoadService, type LoadService } from './load/load-service';
import { startLoadThread } from './load/load-thread';
import { createSampleStore } from './load/sample-store';
import { createLog, createTroubleLog, type Log } from './log';
import { once } from './once';
import { createPodLogService } from './pod-log-service';
import { createProbeTrigger } from './probe-trigger';
import { createPrometheusClient } from './prometheus/client';
import { checkedEnd, createCompareService } from './prometheus/compare-service';
import { createMetricsWatch } from './prometheus/metrics-watch';
import { readCompare } from './prometheus/read-compare';
import { createServedByTracker } from './prometheus/served-by';
import { takeSurvey } from './prometheus/survey';
import { createPromptSource } from './prompt-file';

/** Which pods lived at a past time is asked of Prometheus, not of the cluster. */
const NO_PODS = { baseline: [], distributed: [] };
/** At most one patch per tick for all browsers, however much changes. */
const TICK_MS = 150;
/** After a quiet time changes that come this close together are judged together; waiting longer is seen on the stage. */
const GATHER_MS = 15;
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
  /** The benchmark results of GUIDELLM_PATH. */
  guidellm(): Promise<GuidellmFiles>;
  /** The events of POST /api/chat; throws an HttpProblem where too much is asked for. */
  chat(request: ChatRequest, arm: Arm, session: string): EventFeed<ChatEvent>;
  /** What the lanes of the chat are, besides the question, and what a chat may cost. */
  lanes(): ChatLanes;
  prompts(): Promise<Prompts>;
  /** The background load: "put load on it while I talk". */
  load: LoadService;
  /** The whole checklist with its evidence and what changed since the start, to take away. */
  report(format: ReportFormat): string;
  /** Asks models, metrics and credentials again now, because a person wants to know. */
  probeNow(): ProbeAnswer;
  /** Deletes an engine pod of the demo; whether that is allowed was decided before. */
  deletePod(request: DeletePodRequest): Promise<DeletedPod>;
  /** The body of GET /api/placement/log: the engine's or the picker's log of one pod of the arms. */
  podLog(query: PodLogQuery, signal: AbortSignal): ReadableStream<Uint8Array>;
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

  const queuePositions = createQueuePositions({
    settings,
    cluster: reader.snapshot,
    read: reader.read,
    clock,
    onChange: () => schedule(),
    onFault: (error) => trouble('the places in the queue could not be read', error),
  });

  const dispatcherFor = (endpoint: ReachableEndpoint) =>
    outbound.dispatcherFor({
      url: new URL(endpoint.baseUrl),
      verifyTls: endpoint.verifyTls,
      caFile: config.endpoints.caFile,
      viaIngress: endpoint.viaIngress,
      // uvicorn, and with it vLLM, closes an idle connection after 5 s; one that is used just then breaks.
      idleConnectionMs: 4_000,
    });
  const endpoints = (): Record<Arm, EndpointPath[]> =>
    resolveEndpoints(settings, reader.snapshot(), prober.results());
  const prober = createProber({
    endpoints: probedEndpoints,
    dispatcherFor,
    apiKeys: config.endpoints.apiKeys,
    clock,
    onChange: () => schedule(),
    onFault: (error) => trouble('a probe failed unexpectedly', error),
  });
  let probed: { cluster: ClusterSnapshot; endpoints: ReachableEndpoint[] } | null = null;
  /**
   * Which paths have an address does not depend on what the probes said. Cluster-internal names resolve only inside:
   * outside, the Service is no path to try every 15 seconds.
   */
  function probedEndpoints(): ReachableEndpoint[] {
    const cluster = reader.snapshot();
    if (probed?.cluster === cluster) return probed.endpoints;
    const paths = resolveEndpoints(settings, cluster, []);
    const isInside = config.kubernetes.inCluster !== null;
    const found = ARMS.flatMap((arm) => paths[arm])
      .filter(isReachable)
      .filter(({ path }) => path !== 'service' || isInside);
    probed = { cluster, endpoints: found };
    return found;
  }

  const access = createAccessWatch({
    config,
    clock,
    onFault: (error) => trouble('the credentials could not be looked at', error),
  });

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
    onChange: () => {
      schedule();
      servedBy?.check().catch((error: unknown) => trouble('an answer could not be attributed', error));
    },
    onFault: (error) => trouble('the metrics watch survived a fault', error),
  });
  const servedBy =
    client === null
      ? null
      : createServedByTracker({
          client,
          survey: () => metrics.survey(),
          clock,
          onFound: (found) => hub.tell({ type: 'served-by', ...found }),
        });
  const compare = createCompareService({
    read: async (question, signal, previous) => {
      if (metrics.facts().source.state === 'syncing') await metrics.refresh();
      const cluster = reader.snapshot();
      const paths = endpoints();
      const properties = (arm: Arm) => armProperties(arm, settings, cluster, paths[arm], prober.models(arm));
      const now = question.end === null ? clock.now() : Date.parse(question.end);
      const read = await readCompare({
        ...question,
        client,
        settings,
        // A past window is seen as it was then.
        survey:
          question.end === null || client === null
            ? metrics.survey()
            : await takeSurvey({ client, settings, livePods: NO_PODS, now, signal }),
        properties: { baseline: properties('baseline'), distributed: properties('distributed') },
        roles: engineRoles(cluster.resources.pods.items, settings),
        probedAt: { baseline: prober.probedAt('baseline'), distributed: prober.probedAt('distributed') },
        mode: mode(),
        now,
        previous,
        signal,
      });
      return extras.complete(read);
    },
    onReady: (at) => hub.tell({ type: 'compare-ready', at }),
    clock,
  });

  function sources(): Source[] {
    const cluster = reader.source();
    const facts = metrics.facts().source;
    const paths = endpoints();
    const told = [
      { id: 'cluster' as const, ...cluster },
      { id: 'metrics' as const, ...facts, mode: metrics.mode() },
      ...ARMS.map((arm) => ({ id: arm, ...endpointLight(paths[arm], prober.source(arm), cluster.state) })),
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
  function mode(told: readonly Source[] = sources()): Mode {
    const now = combineModes(told.map((source) => source.mode));
    if (now !== 'unknown') stickyMode = combineModes([stickyMode, now]);
    return stickyMode;
  }

  function judge(previous: LiveState | null): LiveState {
    const now = clock.now();
    const told = sources();
    const input = { settings, cluster: reader.snapshot(), probes: prober.results(), mode: mode(told), now };
    const status: Status = { mode: input.mode, buildId: BUILD_ID, sources: told };
    return {
      status,
      checklist: evaluateChecklist({
        ...input,
        metrics: metrics.facts(),
        access: access.facts(),
        previous: previous?.checklist ?? null,
      }),
      placement: derivePlacement({
        ...input,
        activity: metrics.activity(),
        previous: previous?.placement ?? null,
        actions: {
          deletePod: config.rights.allowedActions.includes('delete-pod'),
          needsToken: !isBoundToLoopback(config.server.hostname),
        },
        queuePositions: queuePositions.positions(),
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
  let publishedAtMs = Number.NEGATIVE_INFINITY;
  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    const sinceLastMs = clock.monotonic() - publishedAtMs;
    clock.after(Math.max(GATHER_MS, TICK_MS - sinceLastMs), () => {
      isScheduled = false;
      publishedAtMs = clock.monotonic();
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

  const unsubscribe = reader.subscribe(() => {
    probeNewAddresses();
    schedule();
  });
  const rejudge = setInterval(schedule, REJUDGE_MS);
  rejudge.unref();
  access.start();
  metrics.start();
  prober.start();
  const probeTrigger = createProbeTrigger({
    start: () => {
      Promise.all([prober.probeNow(), metrics.refresh(), access.refresh()])
        .then(schedule)
        .catch((error: unknown) => trouble('a probe failed unexpectedly', error));
    },
    clock,
  });
  const knownAddresses = new Set<string>();
  /** An address is probed as soon as it is known, not at the next round. */
  function probeNewAddresses(): void {
    const addresses = probedEndpoints().map(({ arm, path, baseUrl }) => `${arm} ${path} ${baseUrl}`);
    if (addresses.every((address) => knownAddresses.has(address))) return;
    for (const address of addresses) knownAddresses.add(address);
    prober.probeNow().catch((error: unknown) => trouble('a probe failed unexpectedly', error));
  }

  const samples = createSampleStore();
  const chats = createChatService({
    paths: (arm) => endpoints()[arm],
    dispatcherFor,
    apiKeys: config.endpoints.apiKeys,
    engineVersion: ({ arm, path }) =>
      prober
        .results()
        .find((probe) => probe.arm === arm && probe.path === path && probe.engineVersion !== undefined)
        ?.engineVersion ?? null,
    clock,
    onProof: (proof) => prober.noteCompletion(proof),
    onSample: (sample) => samples.add([sample]),
    maxConcurrent: config.show.chatMaxConcurrent,
    solePod: (endpoint) => solePod(endpoint, settings, reader.snapshot().resources.pods, clock.now()),
    onServedBy: (found) => hub.tell({ type: 'served-by', ...found }),
    onUnattributed: (answer) => servedBy?.track(answer),
  });
  const guidellm = createResultFiles(config.show.guidellmPath, settings, clock.now);
  const extras = createCompareExtras({
    settings,
    pricesFile: config.show.pricesFile,
    targetsFile: config.show.targetsFile,
    cluster: () => reader.snapshot(),
    samples: () => samples.list(),
    loads: () => load.spans(),
    guidellm: () => guidellm.read(),
  });
  const load = createLoadService({
    maxUsers: config.show.loadMaxUsers,
    needsToken: !isBoundToLoopback(config.server.hostname),
    paths: (arm) => endpoints()[arm],
    apiKeys: config.endpoints.apiKeys,
    run: (order, listener) =>
      startLoadThread(
        {
          order,
          outbound: { ...config.proxy, ingressConnectTo: config.endpoints.ingressConnectTo },
          caFile: config.endpoints.caFile,
        },
        listener,
      ),
    samples,
    chartTimes: (startedAt) => chartTimesOf(metrics.survey(), startedAt),
    clock,
    onEnded: (because) => log.info({ because }, 'the background load has ended'),
  });
  const prompts = createPromptSource(config.show.promptsFile);
  queuePositions.start();
  const podLogs = createPodLogService({
    settings,
    cluster: reader.snapshot,
    open: reader.openLog,
    clock,
  });
  const startedAtMs = clock.monotonic();
  let isStopping = false;

  return {
    config,
    log,
    hub,
    isReady: () => {
      if (isStopping) return false;
      const isAttempted = sources().every(({ state }) => state !== 'syncing');
      return isAttempted || clock.monotonic() - startedAtMs > FIRST_ATTEMPT_MS;
    },
    compare: (query) => compare.get(checkedEnd(query, clock.now())),
    guidellm: () => guidellm.read(),
    chat: chats.admit,
    lanes: () => {
      const cluster = reader.snapshot();
      const paths = endpoints();
      return {
        observedAt: new Date(clock.now()).toISOString(),
        lanes: ARMS.map((arm) =>
          toLaneFacts({
            arm,
            settings,
            cluster,
            paths: paths[arm],
            probes: prober.results(),
            contextTokens:
              prober.models(arm).find(({ maxModelLength }) => maxModelLength !== null)?.maxModelLength ??
              null,
            servedModelName: servedModelName(arm, settings, cluster),
            sendsKey: config.endpoints.apiKeys[arm] !== null,
          }),
        ),
        limits: chats.limits,
        relay: chats.relayCost(),
      };
    },
    prompts: () => prompts.read(),
    load,
    report: (format) => {
      const { checklist } = hub.current();
      const context = { cluster: reader.source().detail, flips: checklist.flips };
      return format === 'json' ? jsonReport(checklist, context) : markdownReport(checklist, context);
    },
    probeNow: () => {
      const { startedAt, isNew } = probeTrigger.ask();
      return { startedAt: new Date(startedAt).toISOString(), isNew };
    },
    deletePod: async (request) => {
      const pod = findDeletablePod(request, reader.snapshot(), settings);
      try {
        await reader.deletePod(pod);
      } catch (error) {
        log.warn({ err: error, ...pod }, 'deleting a pod was refused');
        throw toActionProblem(error);
      }
      log.info(pod, 'a pod was deleted from the dashboard');
      return pod;
    },
    podLog: (query, signal) => podLogs.stream(query, signal),
    shutdown: async (graceMs) => {
      isStopping = true;
      hub.shutdown();
      clearInterval(rejudge);
      unsubscribe();
      queuePositions.stop();
      prober.stop();
      access.stop();
      metrics.stop();
      compare.stop();
      await Promise.all([chats.finish(graceMs), load.shutdown()]);
      await Promise.all([reader.stop(), outbound.close()]);
    },
  };
}
