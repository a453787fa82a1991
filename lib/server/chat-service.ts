import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { type ChatRequest, MAX_MESSAGES, MAX_PROMPT_CHARACTERS, MAX_TOKENS } from '@/lib/contracts/chat';
import type { ChatLimits, RelayHistogram } from '@/lib/contracts/chat-lanes';
import type { ChatEnd, ChatError, ChatEvent } from '@/lib/domain/chat';
import { DEFAULT_MAX_TOKENS } from '@/lib/domain/chat-body';
import type { EndpointPath } from '@/lib/domain/endpoints';
import type { LoadSample } from '@/lib/domain/load';
import type { ProbeResult } from '@/lib/domain/probe';
import type { Arm, UnixMs } from '@/lib/domain/vocabulary';
import { isReachable } from './chat-paths';
import type { Clock } from './clock';
import type { EventFeed } from './http/event-feed';
import { StopReason } from './http/stop-reason';
import { createChatAdmission } from './inference/chat-admission';
import { createDurationHistogram } from './inference/duration-histogram';
import { createRaceGate } from './inference/race-gate';
import { type ReachableEndpoint, relayChat } from './inference/relay-chat';
import { createUsageMemory } from './inference/usage-memory';

export interface ChatServiceOptions {
  /** The ways to an arm, in the order in which they are tried. */
  paths(arm: Arm): readonly EndpointPath[];
  dispatcherFor(endpoint: ReachableEndpoint): Dispatcher;
  apiKeys: Record<Arm, string | null>;
  /** What the engine behind this path last told of itself. */
  engineVersion(endpoint: ReachableEndpoint): string | null;
  /** Answers at the same time, of all pages together. */
  maxConcurrent: number;
  clock: Clock;
  /** What an answer proved about its path. */
  onProof(proof: ProbeResult): void;
  /** The one pod that can have answered on this path; `null` where there are several, or none is known. */
  solePod(endpoint: ReachableEndpoint): string | null;
  /** How an answer was timed, whether it came or failed. */
  onSample(sample: LoadSample): void;
  /** An answer's pod became known, though no header named it. */
  onServedBy(found: { requestId: string; pod: string; method: string }): void;
  /** A bug, not the weather: for the log. */
  onFault(error: unknown): void;
  /** An answer that came by the cluster's own ways ended, and nothing tells its pod yet. */
  onUnattributed(answer: { requestId: string; arm: Arm; sentAt: UnixMs; endedAt: UnixMs }): void;
}

export interface ChatService {
  limits: ChatLimits;
  /** What the relay itself added to every chunk since the start. */
  relayCost(): RelayHistogram;
  /**
   * The events of one chat, to be taken exactly once. Throws an HttpProblem where the session, or all together, ask for
   * too much.
   */
  admit(request: ChatRequest, arm: Arm, session: string): EventFeed<ChatEvent>;
  /** Lets running chats end for up to `graceMs`, then stops them. Each has told its last event when this resolves. */
  finish(graceMs: number): Promise<void>;
}

const WHEN_ENDING =
  'The dashboard itself is being ended or restarted: the answer was not done in the time left.';

/** How the pod is known, in words for the screen. */
const SOLE_POD =
  'being alone: no other pod of this service was ready from the question to the end of the answer';

/** Of one page: two races at once, and a question a second. */
const CONCURRENT_PER_SESSION = 4;
const PER_MINUTE_PER_SESSION = 60;

/** Chooses the way to the arm, relays, and keeps count of what runs. */
export function createChatService(options: ChatServiceOptions): ChatService {
  const { clock } = options;
  const raceGate = createRaceGate(clock);
  const limits: ChatLimits = {
    maxPromptCharacters: MAX_PROMPT_CHARACTERS,
    maxTokens: MAX_TOKENS,
    maxMessages: MAX_MESSAGES,
    concurrentPerSession: CONCURRENT_PER_SESSION,
    concurrentInAll: options.maxConcurrent,
    perMinutePerSession: PER_MINUTE_PER_SESSION,
  };
  const admission = createChatAdmission(limits, clock);
  const usageMemory = createUsageMemory();
  const overhead = createDurationHistogram();
  /** Every chat that was let in and has not ended, with the way to stop it. */
  const running = new Map<Promise<void>, AbortController>();

  async function relay(
    request: ChatRequest,
    arm: Arm,
    signal: AbortSignal,
    tell: (event: ChatEvent) => void,
  ): Promise<void> {
    const paths = options.paths(arm);
    const endpoint =
      request.path === undefined
        ? paths.filter(isReachable).find(({ usable }) => usable)
        : paths.filter(isReachable).find(({ path }) => path === request.path);
    if (endpoint === undefined) {
      const message = whyNoPath(arm, paths, request.path);
      tell({ type: 'error', code: 'no-endpoint', message, upstreamStatus: null, atMs: 0 });
      return;
    }
    const requestId = randomUUID();
    const sentAt = clock.now();
    let podBefore: string | null = null;
    const onLast = (event: ChatEnd | ChatError): void => {
      const sample = toSample(event, arm, endpoint.path, sentAt);
      if (sample !== null) options.onSample(sample);
      if (event.type !== 'end' || event.servedBy !== null) return;
      if (podBefore !== null && podBefore === options.solePod(endpoint)) {
        options.onServedBy({ requestId, pod: podBefore, method: SOLE_POD });
      } else if (endpoint.path !== 'override') {
        // A configured URL may lead anywhere: the counters of the cluster's pods say nothing about it.
        options.onUnattributed({ requestId, arm, sentAt, endedAt: clock.now() });
      }
    };
    const relayed = relayChat(
      {
        request,
        endpoint,
        dispatcher: options.dispatcherFor(endpoint),
        apiKey: options.apiKeys[arm],
        requestId,
        signal,
        clock,
        raceGate,
        usageMemory,
        engineVersion: () => options.engineVersion(endpoint),
        overhead,
        onProof: options.onProof,
      },
      (event) => {
        tell(event);
        if (event.type === 'end' || event.type === 'error') onLast(event);
      },
    );
    // The question is on its way; whatever need not be known before waits until here.
    podBefore = options.solePod(endpoint);
    await relayed;
  }

  /** Whatever goes wrong on our side, the stream has its last event. */
  async function relayToTheEnd(
    request: ChatRequest,
    arm: Arm,
    signal: AbortSignal,
    tell: (event: ChatEvent) => void,
  ): Promise<void> {
    let hasEnded = false;
    try {
      await relay(request, arm, signal, (event) => {
        hasEnded ||= event.type === 'end' || event.type === 'error';
        tell(event);
      });
    } catch (error) {
      options.onFault(error);
      if (hasEnded) return;
      const message = 'The dashboard failed on this question; its log says why.';
      tell({ type: 'error', code: 'internal', message, upstreamStatus: null, atMs: 0 });
    }
  }

  return {
    limits,
    relayCost: overhead.snapshot,
    admit: (request, arm, session) => {
      const admitted = admission.enter(session, request.maxTokens ?? DEFAULT_MAX_TOKENS);
      return (tell, leaving) => {
        const stop = new AbortController();
        leaving.addEventListener('abort', () => stop.abort(leaving.reason), { once: true });
        if (leaving.aborted) stop.abort(leaving.reason);
        const whole = relayToTheEnd(request, arm, stop.signal, tell).finally(() => {
          admitted.leave();
          running.delete(whole);
        });
        running.set(whole, stop);
        return whole;
      };
    },
    finish: async (graceMs) => {
      const patience = new Promise<void>((resolve) => clock.after(graceMs, resolve));
      await Promise.race([Promise.allSettled(running.keys()), patience]);
      const late = [...running.keys()];
      for (const stop of running.values()) stop.abort(new StopReason(WHEN_ENDING));
      await Promise.allSettled(late);
    },
  };
}

/** What the person stopped is no measurement. */
function toSample(
  event: ChatEnd | ChatError,
  arm: Arm,
  path: EndpointPath['path'],
  sentAt: UnixMs,
): LoadSample | null {
  if (event.type === 'error' && event.code === 'aborted') return null;
  return {
    arm,
    origin: 'chat',
    sentAt: new Date(sentAt).toISOString(),
    path,
    outcome: event.type === 'end' ? 'answered' : 'failed',
    code: event.type === 'end' ? null : event.code,
    ttftMs: event.ttftMs ?? null,
    meanItlMs: event.meanItlMs ?? null,
    e2eMs: event.e2eMs ?? null,
    promptTokens: event.promptTokens ?? null,
    completionTokens: event.completionTokens ?? null,
    cachedPromptTokens: event.cachedPromptTokens ?? null,
  };
}

function whyNoPath(arm: Arm, paths: readonly EndpointPath[], wanted: ChatRequest['path']): string {
  const findings = paths
    .filter(({ path }) => wanted === undefined || path === wanted)
    .map(({ finding }) => finding)
    .filter((finding) => finding !== '');
  if (findings.length > 0) return findings.join(' ');
  return `No way to the ${arm} service${wanted === undefined ? '' : ` by ${wanted}`} is known.`;
}
