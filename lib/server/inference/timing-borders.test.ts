import { describe, expect, it } from 'vitest';
import { pickIndex, type SeededRandom, seededRandom } from '@/lib/domain/seeded-random';
import { toSpeed } from '@/lib/domain/timing';
import { createAnswerBody } from './answer-body';
import { type AnswerDelta, type AnswerEnd, readAnswer } from './read-answer';
import { DONE, FINISH, frame } from './testing/relay-harness';

/**
 * Whatever the borders of the packets and however many tokens a chunk holds: text, counts and times are the same as what was
 * sent. Times are handed in, so every comparison is exact.
 */
const WORDS = [
  'Each ',
  'replica ',
  'hält ',
  'das ',
  'ganze ',
  '模型',
  '🌍🌎 ',
  '\n',
  '\u202e',
  '"\\',
  '</b>',
  '٣',
];

interface Sent {
  bytes: Buffer;
  /** Where each text delta ends, in bytes. */
  textEnds: { type: 'text' | 'reasoning'; at: number; tokens: number }[];
  text: string;
  reasoning: string;
  tokens: number;
}

function anAnswer(random: SeededRandom): Sent {
  const isContinuous = random() < 0.5;
  const parts: Buffer[] = [];
  const textEnds: Sent['textEnds'] = [];
  let [text, reasoning, tokens, at] = ['', '', 0, 0];
  const push = (piece: string): void => {
    const bytes = Buffer.from(piece);
    parts.push(bytes);
    at += bytes.length;
  };
  const reported = () => (isContinuous ? { usage: { prompt_tokens: 9, completion_tokens: tokens } } : {});
  push(frame({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }], ...reported() }));
  const chunks = 1 + pickIndex(random, 12);
  const thinkingChunks = pickIndex(random, 4);
  for (let chunk = 0; chunk < chunks + thinkingChunks; chunk += 1) {
    if (random() < 0.15) push(': keep-alive\n\n');
    if (random() < 0.15) push(frame({ choices: [{ index: 0, delta: { content: '' } }], ...reported() }));
    const count = 1 + pickIndex(random, 16);
    const words = Array.from({ length: count }, () => WORDS[pickIndex(random, WORDS.length)] ?? '').join('');
    tokens += count;
    const isThinking = chunk < thinkingChunks;
    push(
      frame({
        choices: [{ index: 0, delta: isThinking ? { reasoning_content: words } : { content: words } }],
        ...reported(),
      }),
    );
    if (isThinking) reasoning += words;
    else text += words;
    textEnds.push({ type: isThinking ? 'reasoning' : 'text', at, tokens: isContinuous ? tokens : -1 });
  }
  push(FINISH);
  push(frame({ choices: [], usage: { prompt_tokens: 9, completion_tokens: tokens } }));
  push(DONE);
  return { bytes: Buffer.concat(parts), textEnds, text, reasoning, tokens };
}

/** Packets of 1 byte to 4 KiB, each with the time of its arrival; the first comes after a while. */
function packets(bytes: Buffer, random: SeededRandom): { bytes: Buffer; endsAt: number; atMs: number }[] {
  const largest = 2 ** (1 + pickIndex(random, 12));
  const list = [];
  let [from, atMs] = [0, 100 + pickIndex(random, 900)];
  while (from < bytes.length) {
    const to = Math.min(bytes.length, from + 1 + pickIndex(random, largest));
    list.push({ bytes: bytes.subarray(from, to), endsAt: to, atMs });
    from = to;
    atMs += pickIndex(random, 50);
  }
  return list;
}

async function receive(list: ReturnType<typeof packets>): Promise<{ end: AnswerEnd; deltas: AnswerDelta[] }> {
  let nowMs = 0;
  const deltas: AnswerDelta[] = [];
  const body = createAnswerBody();
  const ended = readAnswer(body, {
    elapsedMs: () => nowMs,
    onDelta: (delta) => deltas.push(delta),
    onFrame: () => undefined,
  });
  for (const { bytes, atMs } of list) {
    nowMs = atMs;
    body.push(bytes);
  }
  body.end();
  return { end: await ended, deltas };
}

describe('packet borders', () => {
  it.each(Array.from({ length: 300 }, (_, seed) => seed + 1))('change nothing (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const sent = anAnswer(random);
    const list = packets(sent.bytes, random);
    const { end, deltas } = await receive(list);

    const arrivalOf = (at: number) => list.find(({ endsAt }) => endsAt >= at)?.atMs ?? Number.NaN;
    const joined = (type: 'text' | 'reasoning') =>
      deltas.flatMap((delta) => (delta.type === type ? [delta.text] : [])).join('');
    const first = arrivalOf(sent.textEnds[0]?.at ?? 0);
    const last = arrivalOf(sent.textEnds.at(-1)?.at ?? 0);

    expect(end.failure).toBeNull();
    expect([joined('text'), joined('reasoning')]).toEqual([sent.text, sent.reasoning]);
    expect(deltas.map(({ type, atMs, completionTokens }) => [type, atMs, completionTokens ?? -1])).toEqual(
      sent.textEnds.map(({ type, at, tokens }) => [type, arrivalOf(at), tokens]),
    );
    expect(end.state.timing).toEqual({ firstDeltaAtMs: first, lastDeltaAtMs: last });
    expect(end.state.usage?.completionTokens).toBe(sent.tokens);
    const meanItlMs = sent.tokens > 1 && last > first ? (last - first) / (sent.tokens - 1) : null;
    expect(toSpeed(end.state.timing, sent.tokens)).toEqual({
      ttftMs: first,
      meanItlMs,
      tokensPerSecond: meanItlMs === null ? null : 1000 / meanItlMs,
    });
  });
});
