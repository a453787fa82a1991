import 'server-only';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { ChatRequest } from '@/lib/contracts/chat';
import type { ChatEvent, Measured } from '@/lib/domain/chat';
import type { EndpointPath } from '@/lib/domain/endpoints';
import type { ProbeResult } from '@/lib/domain/probe';
import { toSpeed } from '@/lib/domain/timing';
import type { Clock } from '@/lib/server/clock';
import { ANSWER_LIMITS, type AnswerLimits } from './answer-watchdog';
import { type Attempt, type AttemptResult, startAttempt } from './chat-attempt';
import { toChatBody } from './chat-body';
import type { DurationHistogram } from './duration-histogram';
import { createEventQueue, type EventQueue } from './event-queue';
import { toProof } from './proof';
import type { RaceGate, RaceLane } from './race-gate';

/** A reader this far behind makes us stop reading, too; the engine then notices. */
const MAX_WAITING_EVENTS = 2_000;

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
  /** Our own cost: from the arrival of the bytes to the event being handed on. */
  overhead: DurationHistogram;
  /** What this answer proves about the path, for whoever watches it. */
  onProof: (proof: ProbeResult) => void;
  limits?: AnswerLimits;
}

interface RelayedEvent {
  event: ChatEvent;
  /** When the bytes came that it is made of; `null` for our own events. */
  arrivedAtMs: number | null;
}

/** Sends one chat upstream and tells what comes back; exactly one `end` or `error` comes last. */
export async function* relayChat(options: RelayOptions): AsyncGenerator<ChatEvent, void, undefined> {
  const { clock, overhead } = options;
  const queue = createEventQueue<RelayedEvent>();
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  const running = runRelay({ ...options, signal }, queue).finally(() => queue.close());
  // A fault is thrown below; a reader that left does not come that far.
  running.catch(() => undefined);
  try {
    for await (const { event, arrivedAtMs } of queue) {
      if (arrivedAtMs !== null) overhead.record(clock.monotonic() - arrivedAtMs);
      yield event;
    }
    await running;
  } finally {
    left.abort();
  }
}

async function runRelay(options: RelayOptions, queue: EventQueue<RelayedEvent>): Promise<void> {
  const { endpoint, clock, signal } = options;
  const url = new URL(`${endpoint.baseUrl}/v1/chat/completions`);
  const emit = (event: ChatEvent, arrivedAtMs: number | null = null) => queue.push({ event, arrivedAtMs });

  const send = (withContinuousUsage: boolean): Attempt => {
    const attempt = startAttempt(
      { ...options, url },
      toChatBody(options.request, endpoint.servedModelName, withContinuousUsage),
      {
        clock,
        signal,
        model: endpoint.servedModelName,
        limits: options.limits ?? ANSWER_LIMITS,
        onDelta: ({ type, text, atMs }, body) => {
          emit({ type: `${type}-delta`, text, atMs: rounded(atMs) }, attempt.sentAtMs + atMs);
          holdBack(queue, body);
        },
      },
    );
    return attempt;
  };

  const lane = await enterRace(options);
  if (signal.aborted) {
    lane?.leave();
    emit({ type: 'error', code: 'aborted', message: 'Stopped.', upstreamStatus: null, atMs: 0 });
    return;
  }
  const first = send(true);
  const startSkewMs = lane === null ? null : await lane.sent(first.sentAtMs);
  emit({
    type: 'start',
    arm: endpoint.arm,
    url: url.href,
    path: endpoint.path,
    schedulerInPath: endpoint.throughScheduler,
    model: endpoint.servedModelName,
    requestId: options.requestId,
    startSkewMs: startSkewMs === null ? null : rounded(startSkewMs),
  });
  let result = await first.finish();
  const chance = secondChance(result);
  if (chance !== null) {
    emit({ type: 'retry', reason: chance.reason, atMs: rounded(result.endedAtMs) });
    result = await send(chance.withContinuousUsage).finish();
  }
  const proof = toProof(result, endpoint, url, clock.now());
  if (proof !== null) options.onProof(proof);
  emit(toLastEvent(result));
}

async function enterRace({ request, raceGate }: RelayOptions): Promise<RaceLane | null> {
  return request.raceId === undefined ? null : raceGate.enter(request.raceId);
}

/** At most one, and only while no byte of an answer has come (platform-pitfalls §5). */
function secondChance(result: AttemptResult): { reason: string; withContinuousUsage: boolean } | null {
  if (result.refusesContinuousUsage) {
    return { reason: 'The endpoint does not know continuous usage reports.', withContinuousUsage: false };
  }
  return result.failure?.isRetryable === true
    ? { reason: result.failure.message, withContinuousUsage: true }
    : null;
}

function holdBack(queue: EventQueue<RelayedEvent>, body: Readable): void {
  if (queue.size() <= MAX_WAITING_EVENTS || body.isPaused()) return;
  body.pause();
  queue.onTaken(() => {
    if (body.isPaused() && queue.size() < MAX_WAITING_EVENTS / 2) body.resume();
  });
}

function toLastEvent(result: AttemptResult): ChatEvent {
  const { failure, state, headers, endedAtMs } = result;
  const measured = toMeasured(result);
  if (failure === null) return { type: 'end', finishReason: state.finishReason ?? 'unknown', ...measured };
  return {
    type: 'error',
    code: failure.code,
    message: failure.message,
    upstreamStatus: failure.upstreamStatus ?? headers?.status ?? null,
    atMs: rounded(endedAtMs),
    ...measured,
  };
}

function toMeasured({ state, headers, endedAtMs, failure }: AttemptResult): Measured {
  const speed = toSpeed(state.timing, state.usage?.completionTokens ?? null);
  return {
    ttftMs: roundedOrNull(speed.ttftMs),
    meanItlMs: roundedOrNull(speed.meanItlMs),
    tokensPerSecond: roundedOrNull(speed.tokensPerSecond),
    e2eMs: failure === null ? rounded(endedAtMs) : null,
    promptTokens: state.usage?.promptTokens ?? null,
    completionTokens: state.usage?.completionTokens ?? null,
    cachedPromptTokens: state.usage?.cachedPromptTokens ?? null,
    schedulerSeen: headers?.schedulerSeen ?? null,
    servedBy: headers?.servedBy ?? null,
  };
}

/** Microseconds are below what the clock can be trusted with. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function roundedOrNull(value: number | null): number | null {
  return value === null ? null : rounded(value);
}
