import 'server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { ChatRequest } from '@/lib/contracts/chat';
import type { ChatEvent, Measured, RelayCost } from '@/lib/domain/chat';
import { toChatBody, type UsageReports } from '@/lib/domain/chat-body';
import type { EndpointPath } from '@/lib/domain/endpoints';
import type { ProbeResult } from '@/lib/domain/probe';
import { nearestRank, toMicroseconds, toSpeed } from '@/lib/domain/timing';
import type { Clock } from '@/lib/server/clock';
import { ANSWER_LIMITS, type AnswerLimits } from './answer-watchdog';
import {
  type Attempt,
  type AttemptResult,
  type LesserReports,
  startAttempt,
  wordsOfStop,
} from './chat-attempt';
import type { DurationHistogram } from './duration-histogram';
import { toProof } from './proof';
import type { RaceGate, RaceLane } from './race-gate';
import type { UsageMemory } from './usage-memory';

/** A path that has an address. */
export type ReachableEndpoint = EndpointPath & { baseUrl: string };

export interface RelayOptions {
  request: ChatRequest;
  endpoint: ReachableEndpoint;
  dispatcher: Dispatcher;
  apiKey: string | null;
  requestId: string;
  /** Stop, closed tab, shutdown: the upstream connection is closed at once. */
  signal: AbortSignal;
  clock: Clock;
  /** Holds lanes of a race until both are there. */
  raceGate: RaceGate;
  usageMemory: UsageMemory;
  /** What the engine of this path last told of itself. */
  engineVersion?: () => string | null;
  /** Our own cost: from the arrival of the bytes until the event made of them was told. */
  overhead: DurationHistogram;
  /** What this answer proves about the path, for whoever watches it. */
  onProof: (proof: ProbeResult) => void;
  limits?: AnswerLimits;
}

/** Takes an event when it happens; `arrivedAtMs` is when the bytes came that it is made of, `null` for our own events. */
type Emit = (event: ChatEvent, arrivedAtMs?: number) => void;

/**
 * Sends one chat upstream and tells what comes back; exactly one `end` or `error` comes last. A delta is told while its bytes
 * are read, not a turn of the event loop later: with many answers at once each turn is a wait behind all the others.
 */
export async function relayChat(options: RelayOptions, tell: (event: ChatEvent) => void): Promise<void> {
  const { clock, overhead } = options;
  const costsMs: number[] = [];
  const emit: Emit = (event, arrivedAtMs) => {
    tell(event.type === 'end' || event.type === 'error' ? { ...event, relay: toRelayCost(costsMs) } : event);
    if (arrivedAtMs === undefined) return;
    const costMs = clock.monotonic() - arrivedAtMs;
    costsMs.push(costMs);
    overhead.record(costMs);
  };
  await runRelay(options, emit);
}

async function runRelay(options: RelayOptions, emit: Emit): Promise<void> {
  const { endpoint, clock, signal } = options;
  const url = new URL(`${endpoint.baseUrl}/v1/chat/completions`);

  const send = (usage: UsageReports): Attempt => {
    const attempt = startAttempt(
      { ...options, url },
      JSON.stringify(toChatBody(options.request, endpoint.servedModelName, usage)),
      {
        clock,
        signal,
        model: endpoint.servedModelName,
        limits: options.limits ?? ANSWER_LIMITS,
        onDelta: ({ type, text, atMs, completionTokens }) => {
          const counted = completionTokens === null ? {} : { completionTokens };
          emit(
            { type: `${type}-delta`, text, atMs: toMicroseconds(atMs), ...counted },
            attempt.sentAtMs + atMs,
          );
        },
      },
    );
    return attempt;
  };

  // Without a race nothing is waited for: the question leaves in this turn.
  const { raceId } = options.request;
  const lane: RaceLane | null = raceId === undefined ? null : await options.raceGate.enter(raceId);
  if (signal.aborted) {
    lane?.leave();
    emit({ type: 'error', code: 'aborted', message: wordsOfStop(signal), upstreamStatus: null, atMs: 0 });
    return;
  }
  const sentAt = new Date(clock.now()).toISOString();
  const usage = options.usageMemory.of(endpoint.baseUrl);
  const first = send(usage);
  // undici looks at an idle connection once more before it uses it; until then nothing of ours takes its turn.
  await nextTurn();
  const startSkewMs = lane === null ? null : await lane.sent(first.sentAtMs);
  emit({
    type: 'start',
    arm: endpoint.arm,
    url: url.href,
    path: endpoint.path,
    schedulerInPath: endpoint.throughScheduler,
    model: endpoint.servedModelName,
    requestId: options.requestId,
    startSkewMs: startSkewMs === null ? null : toMicroseconds(startSkewMs),
    sentAt,
    engineVersion: options.engineVersion?.() ?? null,
    usageReports: usage,
  });
  let result = await first.finish();
  const chance = secondChance(result, usage);
  if (chance !== null) {
    options.usageMemory.learn(endpoint.baseUrl, chance.usage);
    emit({
      type: 'retry',
      reason: chance.reason,
      atMs: toMicroseconds(result.endedAtMs),
      usageReports: chance.usage,
    });
    result = await send(chance.usage).finish();
  }
  const proof = toProof(result, endpoint, url, clock.now());
  if (proof !== null) options.onProof(proof);
  emit(toLastEvent(result, chance === null ? 1 : 2));
}

/** At most one, and only while no byte of an answer has come (platform-pitfalls §5). */
function secondChance(
  { failure, takesUsage }: AttemptResult,
  usage: UsageReports,
): { reason: string; usage: UsageReports } | null {
  if (takesUsage !== null && takesUsage !== usage) {
    return { reason: NO_SUCH_REPORT[takesUsage], usage: takesUsage };
  }
  return failure?.isRetryable === true ? { reason: failure.message, usage } : null;
}

const NO_SUCH_REPORT: Record<LesserReports, string> = {
  'at-end': 'The endpoint does not know continuous usage reports.',
  none: 'The endpoint does not report token counts.',
};

function toLastEvent(result: AttemptResult, attempts: number): ChatEvent {
  const { failure, state, headers, endedAtMs } = result;
  const measured = { ...toMeasured(result), attempts };
  if (failure === null) return { type: 'end', finishReason: state.finishReason ?? 'unknown', ...measured };
  return {
    type: 'error',
    code: failure.code,
    message: failure.message,
    upstreamStatus: failure.upstreamStatus ?? headers?.status ?? null,
    atMs: toMicroseconds(endedAtMs),
    ...measured,
  };
}

function toMeasured({ state, headers, endedAtMs, failure }: AttemptResult): Omit<Measured, 'attempts'> {
  const speed = toSpeed(state.timing, state.usage?.completionTokens ?? null);
  return {
    ttftMs: toMicroseconds(speed.ttftMs),
    meanItlMs: toMicroseconds(speed.meanItlMs),
    tokensPerSecond: toMicroseconds(speed.tokensPerSecond),
    e2eMs: failure === null ? toMicroseconds(endedAtMs) : null,
    promptTokens: state.usage?.promptTokens ?? null,
    completionTokens: state.usage?.completionTokens ?? null,
    cachedPromptTokens: state.usage?.cachedPromptTokens ?? null,
    schedulerSeen: headers?.schedulerSeen ?? null,
    servedBy: headers?.servedBy ?? null,
    relay: null,
  };
}

function toRelayCost(costsMs: readonly number[]): RelayCost | null {
  const [p50Ms, p99Ms, maxMs] = [50, 99, 100].map((percent) => nearestRank(costsMs, percent));
  if (p50Ms == null || p99Ms == null || maxMs == null) return null;
  return {
    chunks: costsMs.length,
    p50Ms: toMicroseconds(p50Ms),
    p99Ms: toMicroseconds(p99Ms),
    maxMs: toMicroseconds(maxMs),
  };
}
