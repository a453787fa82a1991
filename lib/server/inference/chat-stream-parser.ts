import 'server-only';
import { createParser } from 'eventsource-parser';
import { isChunk, type WireChunk, type WireUsage } from './wire';

/** A line may be long (a tool may send megabytes at once), but not without end. */
const MAX_BUFFERED_CHARACTERS = 4 * 1024 * 1024;

/** "stop", "length", "tool_calls", …: one word. */
const MAX_REASON_CHARACTERS = 64;

/** What the bytes of a chat stream turned out to be, in order. */
export type StreamPart =
  /** `completionTokens`: output so far, where the engine reports usage with every chunk. */
  | { type: 'text' | 'reasoning'; text: string; completionTokens: number | null }
  | { type: 'finish'; reason: string }
  | { type: 'usage'; usage: StreamUsage }
  | { type: 'done' }
  /** An error object inside a 200 stream. */
  | { type: 'engine-error' }
  | { type: 'malformed'; what: 'not-json' | 'unknown-shape' | 'line-too-long' };

export interface StreamUsage {
  promptTokens: number | null;
  completionTokens: number | null;
  cachedPromptTokens: number | null;
}

export interface ChatStreamParser {
  /** Bytes as they came: borders may lie anywhere, also inside a character. */
  push(bytes: Uint8Array): StreamPart[];
}

export function createChatStreamParser(): ChatStreamParser {
  const decoder = new TextDecoder('utf-8');
  let parts: StreamPart[] = [];
  let isBroken = false;
  const parser = createParser({
    maxBufferSize: MAX_BUFFERED_CHARACTERS,
    onEvent: ({ data }) => {
      parts.push(...toParts(data));
    },
    onError: (error) => {
      if (error.type !== 'max-buffer-size-exceeded') return;
      isBroken = true;
      parts.push({ type: 'malformed', what: 'line-too-long' });
    },
  });

  return {
    push(bytes) {
      if (isBroken) return [];
      parts = [];
      parser.feed(decoder.decode(bytes, { stream: true }));
      return parts;
    },
  };
}

function toParts(data: string): StreamPart[] {
  if (data.trim() === '[DONE]') return [{ type: 'done' }];
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    return [{ type: 'malformed', what: 'not-json' }];
  }
  if (!isChunk(json)) return [{ type: 'malformed', what: 'unknown-shape' }];
  if (isError(json)) return [{ type: 'engine-error' }];
  return [...choiceParts(json), ...usageParts(json.usage ?? null)];
}

function isError({ error, object }: WireChunk): boolean {
  return (error !== undefined && error !== null) || object === 'error';
}

/** One answer was asked for; further choices are not ours. */
function choiceParts({ choices, usage }: WireChunk): StreamPart[] {
  const choice = (choices ?? []).find(({ index }) => (index ?? 0) === 0);
  if (choice === undefined) return [];
  const reasoning = choice.delta?.reasoning ?? choice.delta?.reasoning_content ?? '';
  const text = choice.delta?.content ?? '';
  const completionTokens = toCount(usage?.completion_tokens);
  const parts: StreamPart[] = [];
  if (reasoning !== '') parts.push({ type: 'reasoning', text: reasoning, completionTokens });
  if (text !== '') parts.push({ type: 'text', text, completionTokens });
  if (typeof choice.finish_reason === 'string')
    parts.push({ type: 'finish', reason: choice.finish_reason.slice(0, MAX_REASON_CHARACTERS) });
  return parts;
}

/** What is no count of tokens was not reported. */
function toCount(value: number | null | undefined): number | null {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= 0 ? value : null;
}

function usageParts(usage: WireUsage | null): StreamPart[] {
  if (usage === null) return [];
  return [
    {
      type: 'usage',
      usage: {
        promptTokens: toCount(usage.prompt_tokens),
        completionTokens: toCount(usage.completion_tokens),
        cachedPromptTokens: toCount(usage.prompt_tokens_details?.cached_tokens),
      },
    },
  ];
}
