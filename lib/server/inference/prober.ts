import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { isOfCluster } from '@/lib/domain/endpoints';
import type { ProbeResult } from '@/lib/domain/probe';
import type { Arm, Mode, SourceState, UnixMs } from '@/lib/domain/vocabulary';
import type { Clock } from '@/lib/server/clock';
import type { AnswerLimits } from './answer-watchdog';
import { createDurationHistogram } from './duration-histogram';
import { endpointSourceState } from './endpoint-source';
import { gatherChanges } from './gather-changes';
import { probeModels, type ServedModel } from './probe-models';
import { readEngineVersion } from './probe-version';
import { createRaceGate } from './race-gate';
import { type ReachableEndpoint, relayChat } from './relay-chat';
import { createUsageMemory } from './usage-memory';

const MODELS_INTERVAL_MS = 15_000;
/** A path that a completion has proved is not asked for a token again before this: one a minute (decision 0227). */
const PROVED_LASTS_MS = 60_000;
/** A refused completion is tried again after this, then after twice that: it decides until another one is answered. */
const FIRST_RETRY_MS = 30_000;
const RETRY_AT_LEAST_EVERY_MS = 60_000;
/** A server's version changes only with its image. */
const VERSION_LASTS_MS = 300_000;
/** Longer than the longest window that is shown. */
const REMEMBER_PROBES_MS = 6.5 * 3_600_000;
const PROBE_LIMITS: AnswerLimits = { firstTokenMs: 30_000, stallMs: 10_000, totalMs: 45_000 };

export interface Prober {
  start(): void;
  stop(): void;
  /** Probes all paths of the arm (or of both) now, completions included. */
  probeNow(arm?: Arm): Promise<void>;
  /** What serves the arm has changed: its paths owe a completion, and its engines their version, at once. */
  noteChange(arm: Arm): void;
  /** A real chat proved, or disproved, a path: no token need be spent on it for a while. */
  noteCompletion(proof: ProbeResult): void;
  /** Newest results of the paths that are resolved now. */
  results(): ProbeResult[];
  /** From the newest /v1/models that listed any: of what the cluster's objects lead to, or of a URL that is configured instead. */
  models(arm: Arm, of: 'cluster' | 'configured'): readonly ServedModel[];
  /** When completion probes were sent that the arm's own pods answered: they are requests like any other in its metrics. */
  probedAt(arm: Arm): readonly UnixMs[];
  source(arm: Arm): EndpointSource;
}

/** A model endpoint as the top bar shows it. */
export interface EndpointSource {
  state: SourceState;
  mode: Mode;
  lastProofAt: UnixMs | null;
  detail: string;
}

export interface ProberOptions {
  /** The paths resolved now; those with an address are probed. */
  endpoints: () => readonly ReachableEndpoint[];
  dispatcherFor: (endpoint: ReachableEndpoint) => Dispatcher;
  apiKeys: Record<Arm, string | null>;
  clock: Clock;
  onChange: () => void;
  /** A bug, not the weather: for the log. */
  onFault: (error: unknown) => void;
}

interface PathRecord {
  models: ProbeResult | null;
  served: readonly ServedModel[];
  completion: ProbeResult | null;
  version: string | null;
  nextVersionAt: UnixMs;
  /** Asked for a completion since what serves the path has changed. */
  owesCompletion: boolean;
  /** Completions refused in a row. */
  refusals: number;
  nextCompletionAt: UnixMs;
}

export function createProber(options: ProberOptions): Prober {
  const { clock } = options;
  const stopped = new AbortController();
  const records = new Map<string, PathRecord>();
  const probeTimes: Record<Arm, UnixMs[]> = { baseline: [], distributed: [] };
  const modes: Record<Arm, Mode> = { baseline: 'unknown', distributed: 'unknown' };
  const lastProofAt: Record<Arm, UnixMs | null> = { baseline: null, distributed: null };
  const underWay = new Map<string, Promise<void>>();
  const changeIn: Record<Arm, () => void> = {
    baseline: gatherChanges(clock, () => followChange('baseline')),
    distributed: gatherChanges(clock, () => followChange('distributed')),
  };
  const raceGate = createRaceGate(clock);
  const overhead = createDurationHistogram();
  const usageMemory = createUsageMemory();

  function recordOf(endpoint: ReachableEndpoint): PathRecord {
    const key = keyOf(endpoint);
    const record = records.get(key) ?? {
      models: null,
      served: [],
      completion: null,
      version: null,
      nextVersionAt: clock.now(),
      owesCompletion: false,
      refusals: 0,
      nextCompletionAt: clock.now(),
    };
    records.set(key, record);
    return record;
  }

  /** One round per path at a time: a slow one is joined, or followed when tokens are asked for on demand. */
  function probe(endpoint: ReachableEndpoint, isOnDemand: boolean): Promise<void> {
    const key = keyOf(endpoint);
    const running = underWay.get(key);
    if (running !== undefined && !isOnDemand) return running;
    const round = (running ?? Promise.resolve())
      .then(() => probePath(endpoint, isOnDemand))
      .finally(() => {
        if (underWay.get(key) === round) underWay.delete(key);
      });
    underWay.set(key, round);
    return round;
  }

  async function probePath(endpoint: ReachableEndpoint, isOnDemand: boolean): Promise<void> {
    const dispatcher = options.dispatcherFor(endpoint);
    const apiKey = options.apiKeys[endpoint.arm];
    const record = recordOf(endpoint);
    const hadFailed = record.models?.outcome === 'refused';
    const asked = await probeModels({ endpoint, dispatcher, apiKey, clock, signal: stopped.signal });
    if (stopped.signal.aborted) return;
    record.models = withVersion(asked.result, record.version);
    if (asked.models.length > 0) record.served = asked.models;
    noteSignOfLife(asked.result);
    options.onChange();
    await askVersion(endpoint, dispatcher, apiKey, record);
    const cameBack = hadFailed && asked.result.outcome === 'answered';
    if (isOnDemand || cameBack || record.owesCompletion || clock.now() >= record.nextCompletionAt) {
      record.owesCompletion = false;
      await probeCompletion(endpoint, dispatcher, apiKey);
    }
  }

  function followChange(arm: Arm): void {
    for (const endpoint of options.endpoints()) if (endpoint.arm === arm) askAfterChange(endpoint);
  }

  function askAfterChange(endpoint: ReachableEndpoint): void {
    if (stopped.signal.aborted) return;
    const record = recordOf(endpoint);
    record.owesCompletion = true;
    record.nextVersionAt = clock.now();
    // A round under way may have asked before the change: then another one follows it.
    probe(endpoint, false)
      .then(() => (record.owesCompletion ? probe(endpoint, false) : undefined))
      .catch(options.onFault);
  }

  async function askVersion(
    endpoint: ReachableEndpoint,
    dispatcher: Dispatcher,
    apiKey: string | null,
    record: PathRecord,
  ): Promise<void> {
    if (record.models?.outcome !== 'answered' || clock.now() < record.nextVersionAt) return;
    record.nextVersionAt = clock.now() + VERSION_LASTS_MS;
    record.version = await readEngineVersion({ endpoint, dispatcher, apiKey, clock, signal: stopped.signal });
    record.models = withVersion(record.models, record.version);
  }

  async function probeCompletion(
    endpoint: ReachableEndpoint,
    dispatcher: Dispatcher,
    apiKey: string | null,
  ): Promise<void> {
    const reachesPods = isOfCluster(
      endpoint,
      options.endpoints().filter(({ arm }) => arm === endpoint.arm),
    );
    const sentAt = reachesPods ? rememberProbe(endpoint.arm) : null;
    let hasProved = false;
    let isAnswered = false;
    // Only the proof is of interest.
    await relayChat(
      {
        request: { arm: endpoint.arm, messages: [{ role: 'user', content: 'Say yes.' }], maxTokens: 1 },
        endpoint,
        dispatcher,
        apiKey,
        requestId: `probe-${randomUUID()}`,
        signal: stopped.signal,
        clock,
        raceGate,
        usageMemory,
        overhead,
        onProof: (proof) => {
          hasProved = true;
          isAnswered = proof.outcome === 'answered';
          noteProof(endpoint, proof);
        },
        limits: PROBE_LIMITS,
      },
      () => undefined,
    );
    if (!isAnswered && sentAt !== null) forgetProbe(endpoint.arm, sentAt);
    // A refusal that proves nothing (429) must not be provoked again every round either.
    if (!hasProved) postpone(recordOf(endpoint));
  }

  function rememberProbe(arm: Arm): UnixMs {
    const now = clock.now();
    probeTimes[arm] = [...probeTimes[arm].filter((at) => now - at < REMEMBER_PROBES_MS), now];
    return now;
  }

  /** One of those sent then: what was refused is in no metric of answers. */
  function forgetProbe(arm: Arm, sentAt: UnixMs): void {
    const index = probeTimes[arm].indexOf(sentAt);
    probeTimes[arm] = probeTimes[arm].filter((_at, position) => position !== index);
  }

  function postpone(record: PathRecord): void {
    record.refusals += 1;
    const wait = Math.min(FIRST_RETRY_MS * 2 ** (record.refusals - 1), RETRY_AT_LEAST_EVERY_MS);
    record.nextCompletionAt = clock.now() + wait;
  }

  function noteProof(endpoint: ReachableEndpoint, proof: ProbeResult): void {
    const record = recordOf(endpoint);
    const before = record.completion;
    record.completion = proof;
    noteSignOfLife(proof);
    if (proof.outcome === 'refused') {
      postpone(record);
    } else {
      record.refusals = 0;
      record.nextCompletionAt = clock.now() + PROVED_LASTS_MS;
    }
    // Many chats a second prove the same: that is no reason to judge everything anew, which would hold up their tokens.
    if (before?.outcome !== proof.outcome || before.httpStatus !== proof.httpStatus) options.onChange();
  }

  /** The mode is sticky, and a lab wins: what it once showed was simulated. */
  function noteSignOfLife({ arm, outcome, observedAt, introducedAsLab }: ProbeResult): void {
    if (introducedAsLab) modes[arm] = 'simulated';
    if (outcome === 'refused') return;
    lastProofAt[arm] = observedAt;
    if (modes[arm] === 'unknown') modes[arm] = 'live';
  }

  function currentRecords(arm?: Arm): PathRecord[] {
    return options
      .endpoints()
      .filter((endpoint) => arm === undefined || endpoint.arm === arm)
      .flatMap((endpoint) => records.get(keyOf(endpoint)) ?? []);
  }

  function forgetOldPaths(): void {
    const current = new Set(options.endpoints().map(keyOf));
    for (const key of records.keys()) if (!current.has(key)) records.delete(key);
  }

  /** Not waited for: a path that takes long must not keep the others from being asked. */
  function keepProbing(): void {
    if (stopped.signal.aborted) return;
    forgetOldPaths();
    for (const endpoint of options.endpoints()) probe(endpoint, false).catch(options.onFault);
    clock.after(MODELS_INTERVAL_MS, keepProbing);
  }

  return {
    start: keepProbing,
    stop: () => stopped.abort(),
    async probeNow(arm) {
      const wanted = options.endpoints().filter((endpoint) => arm === undefined || endpoint.arm === arm);
      await Promise.all(wanted.map((endpoint) => probe(endpoint, true)));
    },
    noteChange: (arm) => changeIn[arm](),
    noteCompletion(proof) {
      const endpoint = options.endpoints().find(({ arm, path }) => arm === proof.arm && path === proof.path);
      if (endpoint !== undefined) noteProof(endpoint, proof);
    },
    results: () => currentRecords().flatMap(({ models, completion }) => [models, completion].filter(isProbe)),
    models(arm, of) {
      const ways = options.endpoints().filter((endpoint) => endpoint.arm === arm);
      return (
        ways
          .filter((endpoint) => isOfCluster(endpoint, ways) === (of === 'cluster'))
          .map((endpoint) => records.get(keyOf(endpoint))?.served ?? [])
          .find((served) => served.length > 0) ?? []
      );
    },
    probedAt: (arm) => probeTimes[arm],
    source: (arm) => ({
      ...endpointSourceState(currentRecords(arm)),
      mode: modes[arm],
      lastProofAt: lastProofAt[arm],
    }),
  };
}

function keyOf({ arm, path, baseUrl }: ReachableEndpoint): string {
  return `${arm} ${path} ${baseUrl}`;
}

function withVersion(result: ProbeResult, version: string | null): ProbeResult {
  return version === null || result.outcome === 'refused' ? result : { ...result, engineVersion: version };
}

function isProbe(result: ProbeResult | null): result is ProbeResult {
  return result !== null;
}
