import { describe, expect, it } from 'vitest';
import { z } from '@/lib/contracts/zod';
import { isChunk } from './wire';

/** What a chunk may be, as a schema; the stream's own check is by hand, for speed. */
const usageSchema = z.object({
  prompt_tokens: z.number().nullish(),
  completion_tokens: z.number().nullish(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
});
const choiceSchema = z.object({
  index: z.number().nullish(),
  delta: z
    .object({
      content: z.string().nullish(),
      reasoning: z.string().nullish(),
      reasoning_content: z.string().nullish(),
    })
    .nullish(),
  finish_reason: z.string().nullish(),
});
const chunkSchema = z.object({
  choices: z.array(choiceSchema).nullish(),
  usage: usageSchema.nullish(),
  error: z.unknown().optional(),
  object: z.string().nullish(),
});

/** Every kind of JSON value, and a number that JSON can write but not mean. */
const VALUES: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -1.5,
  JSON.parse('1e999'),
  '',
  'text',
  [],
  [1],
  {},
  { a: 1 },
];

/** A whole chunk in which the value at one place is replaced. */
function withValue(path: readonly (string | number)[], value: unknown): unknown {
  const chunk: unknown = {
    id: 'chat-1',
    object: 'chat.completion.chunk',
    choices: [
      {
        index: 0,
        delta: { role: 'assistant', content: 'a', reasoning: 'b', reasoning_content: 'c' },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1 } },
    error: null,
  };
  if (path.length === 0) return value;
  let place = chunk as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  place[path.at(-1) ?? ''] = value;
  return chunk;
}

const PLACES: readonly (readonly (string | number)[])[] = [
  [],
  ['object'],
  ['error'],
  ['unknown'],
  ['choices'],
  ['choices', 0],
  ['choices', 1],
  ['choices', 0, 'index'],
  ['choices', 0, 'delta'],
  ['choices', 0, 'finish_reason'],
  ['choices', 0, 'delta', 'content'],
  ['choices', 0, 'delta', 'reasoning'],
  ['choices', 0, 'delta', 'reasoning_content'],
  ['choices', 0, 'delta', 'tool_calls'],
  ['usage'],
  ['usage', 'prompt_tokens'],
  ['usage', 'completion_tokens'],
  ['usage', 'prompt_tokens_details'],
  ['usage', 'prompt_tokens_details', 'cached_tokens'],
];

describe('a chunk of the stream', () => {
  it.each(PLACES)('is taken or refused as the schema would, whatever stands at %s %s %s %s', (...place) => {
    const path = place.filter((key) => key !== undefined);
    expect(VALUES.map((value) => isChunk(withValue(path, value)))).toEqual(
      VALUES.map((value) => chunkSchema.safeParse(withValue(path, value)).success),
    );
  });
});
