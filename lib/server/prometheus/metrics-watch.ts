import 'server-only';
import type { MetricsFacts } from '@/lib/domain/metrics-facts';
import type { EngineActivity } from '@/lib/domain/placement';
import type { DemoSettings } from '@/lib/domain/settings';
import type { Arm, Mode, SourceState, UnixMs } from '@/lib/domain/vocabulary';
import type { Clock } from '@/lib/server/clock';
import { armOfPod, type LivePod } from './arm-pods';
import type { PrometheusClient } from './client';
import { readEngineActivity } from './engine-activity';
import { engineConfigQuery, toEngineProperties } from './engine-config';
import { NOT_CONFIGURED, type PrometheusProblem } from './problem';
import { joined, type SurveyResult, takeSurvey } from './survey';
import { type MetricsKnowledge, toMetricsFacts } from './to-metrics-facts';

/** Two polls show that Prometheus is gone: within 12 s (platform-pitfalls F40). */
const POLL_INTERVAL_MS = 5_000;
/** The version is asked for again after this, since a Prometheus may be replaced. */
const VERSION_LASTS_MS = 60_000;
/** Engine configuration changes only with the pods. */
const CONFIGURATION_LASTS_MS = 60_000;

/** The one poller of the metrics source, for all viewers. */
export interface MetricsWatch {
  start(): void;
  stop(): void;
  /** One round now; joins the round under way. */
  refresh(): Promise<void>;
  facts(): MetricsFacts;
  activity(): EngineActivity[];
  /** The latest survey or why there is none: the compare screen asks by it. */
  survey(): SurveyResult;
  /** `unknown` where no version is told (Thanos); once told it stays. */
  mode(): Mode;
}

export interface MetricsWatchOptions {
  /** `null` when no Prometheus is configured. */
  client: PrometheusClient | null;
  /** Of the Prometheus, for the evidence. */
  baseUrl: URL | null;
  settings: DemoSettings;
  /** Engine pods of each arm as the cluster has them now; empty while the cluster is not known. */
  livePods: () => Record<Arm, readonly LivePod[]>;
  clock: Clock;
  onChange: () => void;
  /** A bug, not the weather: for the log. */
  onFault: (error: unknown) => void;
}

export function createMetricsWatch(options: MetricsWatchOptions): MetricsWatch {
  const { client, clock } = options;
  const stopped = new AbortController();
  let round: Promise<void> | null = null;
  let activity: EngineActivity[] = [];
  let mode: Mode = 'unknown';
  let versionAskedAt: UnixMs | null = null;
  let configurationAskedFor: { pods: string; at: UnixMs } | null = null;
  let knowledge: MetricsKnowledge = {
    survey: null,
    problem: client === null ? NOT_CONFIGURED : null,
    state: client === null ? 'not-configured' : 'syncing',
    version: null,
    engineConfiguration: null,
    lastProofAt: null,
    request: options.baseUrl === null ? 'none' : `GET ${options.baseUrl.origin}/api/v1/query`,
  };

  async function poll(prometheus: PrometheusClient): Promise<void> {
    await askVersion(prometheus);
    const problem = await look(prometheus);
    if (problem === null) await askConfiguration(prometheus);
    if (stopped.signal.aborted) return;
    if (problem !== null) noteProblem(problem);
    options.onChange();
  }

  /** Everything is taken over together, so that the parts belong to one time. */
  async function look(prometheus: PrometheusClient): Promise<PrometheusProblem | null> {
    const now = clock.now();
    const { signal } = stopped;
    const seen = await takeSurvey({
      client: prometheus,
      settings: options.settings,
      livePods: options.livePods(),
      now,
      signal,
    });
    if (!seen.ok) return seen.problem;
    const doing = await readEngineActivity(prometheus, seen.survey, now, signal);
    if (!doing.ok) return doing.problem;
    activity = doing.activity;
    knowledge = { ...knowledge, survey: seen.survey, problem: null, state: 'live', lastProofAt: clock.now() };
    return null;
  }

  async function askVersion(prometheus: PrometheusClient): Promise<void> {
    if (versionAskedAt !== null && clock.now() - versionAskedAt < VERSION_LASTS_MS) return;
    const answer = await prometheus.buildInfo(stopped.signal);
    // Refused: not served at this address (the tenancy port), which need not be asked every time.
    if (answer.ok || answer.problem.kind === 'refused') versionAskedAt = clock.now();
    if (!answer.ok) return;
    knowledge = { ...knowledge, version: answer.value.version };
    mode = modeOfVersion(answer.value.version);
  }

  async function askConfiguration(prometheus: PrometheusClient): Promise<void> {
    if (knowledge.survey === null) return;
    const { baseline, distributed } = knowledge.survey.arms;
    const pods = [...baseline.pods, ...distributed.pods].join(' ');
    const now = clock.now();
    const known = configurationAskedFor;
    if (known !== null && known.pods === pods && now - known.at < CONFIGURATION_LASTS_MS) return;
    const selectors = { baseline: baseline.selector, distributed: distributed.selector };
    const promql = engineConfigQuery(joined(selectors));
    const answer = await prometheus.query(promql, now / 1000, stopped.signal);
    if (!answer.ok) return;
    configurationAskedFor = { pods, at: now };
    const configurationOf = (arm: Arm) => ({
      promql,
      properties: toEngineProperties(answer.value, (pod) => armOfPod(selectors, pod) === arm),
    });
    knowledge = {
      ...knowledge,
      engineConfiguration: {
        baseline: configurationOf('baseline'),
        distributed: configurationOf('distributed'),
      },
    };
  }

  function noteProblem(problem: PrometheusProblem): void {
    knowledge = { ...knowledge, problem, state: stateAfter(knowledge.state, problem) };
    // Whatever answers next may be another Prometheus.
    versionAskedAt = null;
  }

  function refresh(): Promise<void> {
    if (client === null) return Promise.resolve();
    round ??= poll(client).finally(() => {
      round = null;
    });
    return round;
  }

  function keepPolling(): void {
    refresh()
      .catch(options.onFault)
      .finally(() => {
        if (!stopped.signal.aborted) clock.after(POLL_INTERVAL_MS, keepPolling);
      });
  }

  return {
    start: () => {
      if (client !== null) keepPolling();
    },
    stop: () => stopped.abort(),
    refresh,
    facts: () => toMetricsFacts(knowledge, clock.now()),
    activity: () => activity,
    survey: () => {
      if (knowledge.problem !== null) return { ok: false, problem: knowledge.problem };
      if (knowledge.survey !== null) return { ok: true, survey: knowledge.survey };
      return {
        ok: false,
        problem: { kind: 'unreachable', message: 'Prometheus has not been asked yet.', httpStatus: null },
      };
    },
    mode: () => mode,
  };
}

/** Contract, "The lab introduces itself". */
export function modeOfVersion(version: string): Mode {
  if (version.endsWith('+lab')) return 'simulated';
  return version.endsWith('+replay') ? 'recorded' : 'live';
}

/** One lost answer after a good one is a hiccup; the second says that Prometheus is away. */
function stateAfter(before: SourceState, problem: PrometheusProblem): SourceState {
  switch (problem.kind) {
    case 'not-configured':
      return 'not-configured';
    case 'unauthenticated':
      return 'unauthenticated';
    case 'forbidden':
      return 'forbidden';
    case 'unreachable':
    case 'refused':
    case 'malformed':
    case 'aborted':
      return before === 'live' ? 'reconnecting' : 'unreachable';
  }
}
