import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { toChatBody } from '@/lib/domain/chat-body';
import type { LoadShape } from '@/lib/domain/load';
import {
  countWords,
  type LoadConversation,
  type LoadTurn,
  openingMessages,
  toConversation,
} from '@/lib/domain/load-conversation';
import type { SeededRandom } from '@/lib/domain/seeded-random';
import type { Clock } from '@/lib/server/clock';
import { ANSWER_LIMITS } from '@/lib/server/inference/answer-watchdog';
import { type AttemptResult, startAttempt } from '@/lib/server/inference/chat-attempt';
import type { ReachableEndpoint } from '@/lib/server/inference/relay-chat';
import type { UsageMemory } from '@/lib/server/inference/usage-memory';

/** After failures in a row a user waits so long, doubling, before the next try. */
const FIRST_BACK_OFF_MS = 1_000;
const MOST_BACK_OFF_MS = 15_000;

export interface VirtualUserOptions {
  name: string;
  shape: LoadShape;
  random: SeededRandom;
  endpoint: ReachableEndpoint;
  apiKey: string | null;
  dispatcher: Dispatcher;
  usageMemory: UsageMemory;
  clock: Clock;
  signal: AbortSignal;
  /** Called when a request is sent; the answer to be called with its end. */
  onRequest(): (result: AttemptResult, sentAt: number) => void;
  /** Resolves when the endpoint may be asked (again); at once, unless it asked to wait. */
  untilWelcome(): Promise<void>;
  pause(milliseconds: number): Promise<void>;
}

/** Asks, reads, thinks and asks again until told to stop: one request at a time (closed loop). Never rejects. */
export async function runVirtualUser(options: VirtualUserOptions): Promise<void> {
  let tokensPerWord: number | null = null;
  let failures = 0;
  for (let count = 1; !options.signal.aborted; count += 1) {
    const conversation = toConversation({
      shape: options.shape,
      random: options.random,
      name: `${options.name} ${count}`,
      tokensPerWord,
    });
    const end = await holdConversation(conversation, options);
    tokensPerWord = end.tokensPerWord ?? tokensPerWord;
    failures = end.hasFailed ? failures + 1 : 0;
    if (failures > 0) {
      await options.pause(Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), MOST_BACK_OFF_MS));
    }
  }
}

interface ConversationEnd {
  hasFailed: boolean;
  tokensPerWord: number | null;
}

async function holdConversation(
  conversation: LoadConversation,
  options: VirtualUserOptions,
): Promise<ConversationEnd> {
  const messages = openingMessages(conversation);
  let tokensPerWord: number | null = null;
  for (const turn of conversation.turns) {
    await options.untilWelcome();
    if (options.signal.aborted) break;
    messages.push({ role: 'user', content: turn.content });
    const { result, text } = await ask([...messages], turn, options);
    if (result.takesUsage !== null) options.usageMemory.learn(options.endpoint.baseUrl, result.takesUsage);
    if (result.failure !== null) return { hasFailed: !options.signal.aborted, tokensPerWord };
    messages.push({ role: 'assistant', content: text });
    const promptTokens = result.state.usage?.promptTokens ?? null;
    if (turn.isFixedLength && promptTokens !== null) tokensPerWord = promptTokens / countWords(turn.content);
    await options.pause(turn.pauseMs);
  }
  return { hasFailed: false, tokensPerWord };
}

async function ask(
  messages: Parameters<typeof toChatBody>[0]['messages'],
  { maxTokens, isFixedLength }: LoadTurn,
  options: VirtualUserOptions,
): Promise<{ result: AttemptResult; text: string }> {
  const { endpoint, clock } = options;
  let text = '';
  const request = { arm: endpoint.arm, messages, maxTokens, temperature: 0, ignoreEos: isFixedLength };
  const onEnd = options.onRequest();
  const sentAt = clock.now();
  const attempt = startAttempt(
    {
      url: new URL(`${endpoint.baseUrl}/v1/chat/completions`),
      dispatcher: options.dispatcher,
      apiKey: options.apiKey,
      requestId: `load-${randomUUID()}`,
    },
    JSON.stringify(toChatBody(request, endpoint.servedModelName, options.usageMemory.of(endpoint.baseUrl))),
    {
      clock,
      limits: ANSWER_LIMITS,
      signal: options.signal,
      model: endpoint.servedModelName,
      onDelta: (delta) => {
        if (delta.type === 'text') text += delta.text;
      },
    },
  );
  const result = await attempt.finish();
  onEnd(result, sentAt);
  return { result, text };
}
