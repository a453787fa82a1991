import 'server-only';
import type { Dispatcher } from 'undici';
import type { ChatRequest } from '@/lib/contracts/chat';
import type { ChatEvent, Measured } from '@/lib/domain/chat';
import { blamesEndpoint } from '@/lib/domain/chat-failure';
import type { EndpointPath } from '@/lib/domain/endpoints';
import type { ProbeResult } from '@/lib/domain/probe';
import { toSpeed } from '@/lib/domain/timing';
import type { Clock } from '@/lib/server/clock';
import { readLimited } from '@/lib/server/http/read-limited';
import { ANSWER_LIMITS, type AnswerLimits, startWatchdog } from './answer-watchdog';
import { toChatBody } from './chat-body';
import type { DurationHistogram } from './duration-histogram';
import { createEventQueue } from './event-queue';
import type { RaceGate, RaceLane } from './race-gate';
import { type AnswerState, NO_ANSWER_YET, readAnswer } from './read-answer';
import { type ChatTarget, headerOf, isEventStream, type SentChat, sendChat } from './send-chat';
import { failure, failureOfAnswer, failureOfConnection, type UpstreamFailure } from './upstream-failure';

/** A refusal's body is only looked at to recognise it. */
const MAX_REFUSAL_BYTES = 64 * 1024;
/** How long a connection may take to end after `[DONE]` before it is closed instead of reused. */
const DRAIN_MS = 2_000;
/** A reader this far behind makes us stop reading, too. */
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

/** Sends one chat upstream and tells what comes back; exactly one `end` or `error` comes last. */
export async function* relayChat(options: RelayOptions): AsyncGenerator<ChatEvent, void, undefined> {
  const queue = createEventQueue<{ event: ChatEvent; bornAtMs: number }>();
  const left = new AbortController();
  const relay = createRelay(
    { ...options, signal: AbortSignal.any([options.signal, left.signal]) },
    (event) => queue.push({ event, bornAtMs: options.clock.monotonic() }),
    queue,
  );
  const running = relay.finally(() => queue.close());
  running.catch(() => undefined);
  try {
    for await (const { event, bornAtMs } of queue) {
      options.overhead.record(options.clock.monotonic() - bornAtMs);
      yield event;
    }
    await running;
  } finally {
    left.abort();
  }
}
