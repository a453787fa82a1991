import 'server-only';
import { randomUUID } from 'node:crypto';
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
import type { Compare } from '@/lib/domain/compare';
import type { GuidellmFiles } from '@/lib/domain/guidellm';
import { enginePods } from '@/lib/domain/objects/arms';
import { isPodReady } from '@/lib/domain/objects/pod-state';
import { solePod } from '@/lib/domain/sole-pod';
import { finish } from '@/lib/domain/steps';
import type { Arm } from '@/lib/domain/vocabulary';
import { createAccessWatch } from './access-watch';
import { type DeletedPod, findDeletablePod, toActionProblem } from './actions/delete-pod';
import { needsControlToken } from './actions/guard-action';
import { BUILD_ID } from './build-id';
import { createChatService } from './chat-service';
import { systemClock } from './clock';
import { createCompareExtras } from './compare-extras';
import { createCompareReader } from './compare-reader';
import { type Config, loadConfig } from './config';
import { createResultFiles } from './guidellm/result-files';
import type { EventFeed } from './http/event-feed';
import { createOutbound } from './http/outbound';
import { createPageWatch, type PageWatch } from './http/page-watch';
import { createReaderWatch, type ReaderWatch } from './http/reader-watch';
import { createProber } from './inference/prober';
import { createClusterReader } from './kubernetes/cluster-reader';
import { createQueuePositions } from './kubernetes/queue-positions';
import { discoveredGroupVersions, explainedKinds, resourceDefinitions } from './kubernetes/resources';
import { createHub, type Hub } from './live/hub';
import { createStatePublisher } from './live/state-publisher';
import { chartTimesOf } from './load/chart-times';
import { createLoadService, type LoadService } from './load/load-service';
import { startLoadThread } from './load/load-thread';
import { createSampleStore } from './load/sample-store';
import { createLog, createTroubleLog, type Log } from './log';
import { createModelEndpoints } from './model-endpoints';
import { once } from './once';
import { createPodLogService } from './pod-log-service';
import { createProbeTrigger } from './probe-trigger';
import { checkedEnd, createCompareService } from './prometheus/compare-service';
import { configuredPrometheusClient } from './prometheus/configured-client';
import { createMetricsWatch } from './prometheus/metrics-watch';
import { createServedByTracker } from './prometheus/served-by';
import { createPromptSource } from './prompt-file';
import { readLanes } from './read-lanes';
import { createServingWatch } from './serving-watch';
import { createStateJudge } from './state-judge';

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
  /** Who takes an answer and may be gone without a word. */
  readers: ReaderWatch;
  /** Pages that can be asked whether they are still there. */
  pages: PageWatch;
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
  const { inCluster } = config.kubernetes;
  const outboundOptions = {
    ...config.proxy,
    ingressConnectTo: config.endpoints.ingressConnectTo,
    // Inside a cluster the API has an address of its own; outside it may share one with the ingress.
    neverCalled: inCluster === null ? [] : [inCluster.host],
  };
  const outbound = createOutbound(outboundOptions);

  const reader = createClusterReader({
    config,
    definitions: resourceDefinitions(settings),
    discoveredGroupVersions,
    explainedKinds,
    onFault: (error) => trouble('the cluster reader survived a fault', error),
    onLocated: (whereabouts) => log.info({ whereabouts }, 'the cluster'),
    onNoAccess: (error) => log.warn({ err: error, whereabouts: error.whereabouts }, 'no access to a cluster'),
  });

  const queuePositions = createQueuePositions({
    settings,
    cluster: reader.snapshot,
    read: reader.read,
    clock,
    onChange: () => publisher.schedule(),
    onFault: (error) => trouble('the places in the queue could not be read', error),
  });

  const endpoints = createModelEndpoints({
    config,
    cluster: reader.snapshot,
    probes: () => prober.results(),
    outbound,
    onCaFileUnreadable: (error) => trouble('the file of MODEL_CA_FILE cannot be read', error),
  });
  const prober = createProber({
    endpoints: endpoints.probed,
    dispatcherFor: endpoints.dispatcherFor,
    apiKeys: config.endpoints.apiKeys,
    clock,
    onChange: () => publisher.schedule(),
    onFault: (error) => trouble('a probe failed unexpectedly', error),
  });

  const access = createAccessWatch({
    config,
    clock,
    onFault: (error) => trouble('the credentials could not be looked at', error),
  });

  const client = configuredPrometheusClient(config.prometheus, outbound, clock);
  const metrics = createMetricsWatch({
    client,
    baseUrl: config.prometheus.url,
    settings,
    livePods: () => {
      const pods = reader.snapshot().resources.pods.items;
      const live = (arm: Arm) =>
        enginePods(pods, arm, settings).map((pod) => ({ name: pod.meta.name, ready: isPodReady(pod) }));
      return { baseline: live('baseline'), distributed: live('distributed') };
    },
    clock,
    onChange: () => {
      publisher.schedule();
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
  const readWindow = createCompareReader({
    settings,
    client,
    metrics,
    cluster: reader.snapshot,
    paths: endpoints.paths,
    prober,
    mode: () => states.mode(),
    clock,
  });
  const compare = createCompareService({
    read: async (question, signal, previous) => extras.complete(await readWindow(question, signal, previous)),
    onReady: (at) => hub.tell({ type: 'compare-ready', at }),
    clock,
  });

  const states = createStateJudge({
    settings,
    clock,
    cluster: reader,
    paths: endpoints.paths,
    prober,
    metrics,
    access: access.facts,
    queuePositions: queuePositions.positions,
    actions: {
      deletePod: config.rights.allowedActions.includes('delete-pod'),
      needsToken: needsControlToken(config),
    },
  });
  const hub = createHub({
    buildId: BUILD_ID,
    processId: randomUUID().slice(0, 8),
    initial: finish(states.judge(null)),
    nowMs: clock.now,
  });
  const publisher = createStatePublisher({
    hub,
    judge: states.judge,
    clock,
    onFault: (error) => trouble('the state could not be judged', error),
  });

  const servingChanges = createServingWatch(settings);
  const unsubscribe = reader.subscribe(() => {
    for (const arm of servingChanges(reader.snapshot())) prober.noteChange(arm);
    // An address is probed as soon as it is known, not at the next round.
    if (endpoints.hasNewAddress()) {
      prober.probeNow().catch((error: unknown) => trouble('a probe failed unexpectedly', error));
    }
    publisher.schedule();
  });
  access.start();
  metrics.start();
  prober.start();
  const probeTrigger = createProbeTrigger({
    start: () => {
      Promise.all([prober.probeNow(), metrics.refresh(), access.refresh()])
        .then(publisher.schedule)
        .catch((error: unknown) => trouble('a probe failed unexpectedly', error));
    },
    clock,
  });

  const samples = createSampleStore();
  const chats = createChatService({
    paths: (arm) => endpoints.paths()[arm],
    dispatcherFor: endpoints.dispatcherFor,
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
    onFault: (error) => trouble('a chat failed unexpectedly', error),
  });
  const guidellm = createResultFiles(config.show.guidellmPath, settings, clock.now);
  const extras = createCompareExtras({
    settings,
    pricesFile: config.show.pricesFile,
    targetsFile: config.show.targetsFile,
    cluster: () => reader.snapshot(),
    paths: endpoints.paths,
    samples: () => samples.list(),
    loads: () => load.spans(),
    guidellm: () => guidellm.read(),
  });
  const load = createLoadService({
    maxUsers: config.show.loadMaxUsers,
    needsToken: needsControlToken(config),
    paths: (arm) => endpoints.paths()[arm],
    apiKeys: config.endpoints.apiKeys,
    run: (order, listener) =>
      startLoadThread(
        {
          order,
          outbound: outboundOptions,
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
  const pages = createPageWatch({ clock, silentSeconds: config.show.chatReaderSilentSeconds });
  const startedAtMs = clock.monotonic();
  let isStopping = false;

  return {
    config,
    log,
    hub,
    isReady: () => {
      if (isStopping) return false;
      const isAttempted = states.sources().every(({ state }) => state !== 'syncing');
      return isAttempted || clock.monotonic() - startedAtMs > FIRST_ATTEMPT_MS;
    },
    compare: (query) => compare.get(checkedEnd(query, clock.now())),
    guidellm: () => guidellm.read(),
    chat: chats.admit,
    readers: createReaderWatch(clock),
    pages,
    lanes: () =>
      readLanes({
        config,
        cluster: reader.snapshot(),
        paths: endpoints.paths(),
        prober,
        chats,
        now: clock.now(),
      }),
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
      publisher.stop();
      unsubscribe();
      queuePositions.stop();
      prober.stop();
      access.stop();
      metrics.stop();
      compare.stop();
      await Promise.all([chats.finish(graceMs), load.shutdown()]);
      pages.close();
      await Promise.all([reader.stop(), outbound.close()]);
    },
  };
}
