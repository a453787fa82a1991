import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { type ChatRequest, MAX_MESSAGES, MAX_PROMPT_CHARACTERS, MAX_TOKENS } from '@/lib/contracts/chat';
import type { ChatLimits } from '@/lib/contracts/chat-lanes';
import type { ChatEvent } from '@/lib/domain/chat';
import type { EndpointPath } from '@/lib/domain/endpoints';
import type { ProbeResult } from '@/lib/domain/probe';
import type { Arm, UnixMs } from '@/lib/domain/vocabulary';
import type { Clock } from './clock';
import { streamEvents } from './http/event-stream';
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
  clock: Clock;
  /** What an answer proved about its path. */
  onProof(proof: ProbeResult): void;
  /** An answer ended and no header named its pod. */
  onUnattributed(answer: { requestId: string; arm: Arm; sentAt: UnixMs; endedAt: UnixMs }): void;
}

export interface ChatService {
  limits: ChatLimits;
  /** The body of POST /api/chat. */
  stream(request: ChatRequest, arm: Arm, signal: AbortSignal): ReadableStream<Uint8Array>;
  /** Lets running chats end for up to `graceMs`, then stops them. */
  finish(graceMs: number): Promise<void>;
}

const LIMITS: ChatLimits = {
  maxPromptCharacters: MAX_PROMPT_CHARACTERS,
  maxTokens: MAX_TOKENS,
  maxMessages: MAX_MESSAGES,
  concurrentPerSession: 4,
  concurrentInAll: 32,
  perMinutePerSession: 60,
};

/** Chooses the way to the arm, relays, and keeps count of what runs. */
export function createChatService(options: ChatServiceOptions): ChatService {
  const { clock } = options;
  const raceGate = createRaceGate(clock);
  const usageMemory = createUsageMemory();
  const overhead = createDurationHistogram();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();

  async function* events(request: ChatRequest, arm: Arm, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const paths = options.paths(arm);
    const endpoint =
      request.path === undefined
        ? paths.filter(isReachable).find(({ usable }) => usable)
        : paths.filter(isReachable).find(({ path }) => path === request.path);
    if (endpoint === undefined) {
      yield {
        type: 'error',
        code: 'no-endpoint',
        message: whyNoPath(arm, paths, request.path),
        upstreamStatus: null,
        atMs: 0,
      };
      return;
    }
    const requestId = randomUUID();
    const sentAt = clock.now();
    const answer = relayChat({
      request,
      endpoint,
      dispatcher: options.dispatcherFor(endpoint),
      apiKey: options.apiKeys[arm],
      requestId,
      signal,
      clock,
      raceGate,
      usageMemory,
      engineVersion: options.engineVersion(endpoint),
      overhead,
      onProof: options.onProof,
    });
    for await (const event of answer) {
      yield event;
      if (event.type === 'end' && event.servedBy === null) {
        options.onUnattributed({ requestId, arm, sentAt, endedAt: clock.now() });
      }
    }
  }

  return {
    limits: LIMITS,
    stream: (request, arm, signal) => {
      let done = (): void => undefined;
      const whole = new Promise<void>((resolve) => {
        done = resolve;
      });
      running.add(whole);
      return streamEvents(
        (leaving) => events(request, arm, AbortSignal.any([leaving, stopping.signal])),
        signal,
        () => {
          running.delete(whole);
          done();
        },
      );
    },
    finish: async (graceMs) => {
      const patience = new Promise<void>((resolve) => clock.after(graceMs, resolve));
      await Promise.race([Promise.all(running), patience]);
      stopping.abort();
    },
  };
}

/** Whether the objects give the path an address. */
export function isReachable(path: EndpointPath): path is ReachableEndpoint {
  return path.baseUrl !== null;
}

function whyNoPath(arm: Arm, paths: readonly EndpointPath[], wanted: ChatRequest['path']): string {
  const findings = paths
    .filter(({ path }) => wanted === undefined || path === wanted)
    .map(({ finding }) => finding)
    .filter((finding) => finding !== '');
  return findings.length === 0 ? `No way to the ${arm} service is known.` : findings.join(' ');
}
