import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChatEvent, Measured } from '@/lib/domain/chat';
import { seededRandom } from '@/lib/domain/seeded-random';
import { systemClock } from '@/lib/server/clock';
import {
  roleStep,
  type Script,
  type Step,
  startGroundTruthServer,
  type Truth,
  textStep,
} from './testing/ground-truth-server';
import { all, relay } from './testing/relay-harness';

/**
 * The relay against a server that keeps its own times, over real sockets and in real time: what is shown must be what the
 * engine did. A busy machine may hold up one reading, so a case may be played three times; a wrong formula is wrong each time.
 */
const PLAYS = 3;

const isWithin = (shown: number | null, truth: number | null, tolerance: number): boolean =>
  shown === null || truth === null ? shown === truth : Math.abs(shown - truth) <= tolerance;

/** TTFT and end-to-end within 2 % or 5 ms, whichever is more; the others within 2 %. */
function deviations(shown: Partial<Measured>, truth: Truth): string[] {
  const wide = (value: number | null) => Math.max(5, (value ?? 0) * 0.02);
  const narrow = (value: number | null) => (value ?? 0) * 0.02;
  const wrong: string[] = [];
  const check = (name: keyof Truth, tolerance: number): void => {
    if (!isWithin(shown[name] ?? null, truth[name], tolerance)) {
      wrong.push(`${name}: shown ${shown[name]}, true ${truth[name]}`);
    }
  };
  check('ttftMs', wide(truth.ttftMs));
  check('e2eMs', wide(truth.e2eMs));
  check('meanItlMs', narrow(truth.meanItlMs));
  check('tokensPerSecond', narrow(truth.tokensPerSecond));
  return wrong;
}

async function play(script: Script): Promise<{ last: ChatEvent; truth: Truth }> {
  const server = await startGroundTruthServer(script);
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const events = await all(relay(server.url, { clock: systemClock, dispatcher: agent }).events);
  const last = events.at(-1);
  if (last === undefined) throw new Error('no event');
  return { last, truth: server.truth() };
}

/** What is wrong with every play of a script; nothing once one is right. */
async function deviationsOf(script: Script): Promise<string[]> {
  const isCounted = script.end === 'done' || script.isContinuous === true;
  let wrong: string[] = [];
  for (let attempt = 0; attempt < PLAYS; attempt += 1) {
    const { last, truth } = await play(script);
    expect(last.type).toBe(script.end === 'done' ? 'end' : 'error');
    if (last.type !== 'end' && last.type !== 'error') return ['no last word'];
    expect(last.completionTokens).toBe(isCounted ? script.tokens : null);
    wrong = deviations(last, truth).map((words) => `${script.end}: ${words}`);
    if (wrong.length === 0) break;
  }
  return wrong;
}

/** `chunks` deltas of so many tokens each, at an even pace. */
function steady(options: {
  waitMs: number;
  gapMs: number;
  chunks: number;
  perChunk: number | (() => number);
  field?: 'content' | 'reasoning';
}): Script {
  let tokens = 0;
  const steps: Step[] = [roleStep(options.waitMs)];
  for (let index = 0; index < options.chunks; index += 1) {
    const count = typeof options.perChunk === 'number' ? options.perChunk : options.perChunk();
    tokens += count;
    const field = options.field ?? 'content';
    steps.push(textStep(index === 0 ? 5 : options.gapMs, 'word '.repeat(count), { field }));
  }
  return { steps, tokens, end: 'done' };
}

const random = seededRandom(20_251_229);
const CASES: [string, Script][] = [
  ...[1, 2, 3, 4, 8, 16].map((perChunk): [string, Script] => [
    `${perChunk} tokens a chunk`,
    steady({ waitMs: 60, gapMs: 25, chunks: 24, perChunk }),
  ]),
  ['fast: a chunk every 4 ms', steady({ waitMs: 20, gapMs: 4, chunks: 140, perChunk: 1 })],
  ['slow: a chunk every 120 ms', steady({ waitMs: 400, gapMs: 120, chunks: 6, perChunk: 1 })],
  [
    'speculative decoding: 1 to 5 tokens a chunk',
    steady({ waitMs: 40, gapMs: 30, chunks: 20, perChunk: () => 1 + Math.floor(random() * 5) }),
  ],
  ['a first token that takes a second', steady({ waitMs: 1_000, gapMs: 25, chunks: 24, perChunk: 2 })],
  [
    'reasoning before the answer',
    {
      steps: [
        ...steady({ waitMs: 50, gapMs: 25, chunks: 10, perChunk: 1, field: 'reasoning' }).steps,
        ...steady({ waitMs: 0, gapMs: 25, chunks: 12, perChunk: 1 }).steps.slice(1),
      ],
      tokens: 22,
      end: 'done',
    },
  ],
  [
    'empty deltas between, before and after the text',
    {
      steps: [
        roleStep(30),
        textStep(40, ''),
        ...steady({ waitMs: 0, gapMs: 40, chunks: 12, perChunk: 1 }).steps.slice(1),
        textStep(40, ''),
        ...Array.from({ length: 8 }, () => textStep(30, 'x')),
        textStep(120, ''),
      ],
      tokens: 20,
      end: 'done',
    },
  ],
  [
    'characters cut into packets',
    {
      steps: [
        roleStep(30),
        ...Array.from({ length: 16 }, () => textStep(30, 'Grüße 世界 🌍', { cuts: [46, 51, 55, 61] })),
      ],
      tokens: 96,
      end: 'done',
    },
  ],
  ['a single token', { steps: [roleStep(80), textStep(5, 'Yes')], tokens: 1, end: 'done' }],
  ['all tokens in one chunk', { steps: [roleStep(80), textStep(5, 'All at once')], tokens: 16, end: 'done' }],
  ['no usage report', { ...steady({ waitMs: 50, gapMs: 20, chunks: 12, perChunk: 2 }), tokens: null }],
  ['a broken connection', { ...steady({ waitMs: 50, gapMs: 20, chunks: 12, perChunk: 1 }), end: 'reset' }],
  ['a finish without any text', { steps: [roleStep(60)], tokens: 0, end: 'done' }],
];

describe('what the relay measures is what the engine did', () => {
  it.each(CASES)('%s', { timeout: 30_000 }, async (_name, script) => {
    expect(await deviationsOf(script)).toEqual([]);
  });
});

/** Long enough that a late timer of this machine is small against the whole. */
const SPAN_MS = 400;
const CHUNKINGS: readonly [string, () => number][] = [
  ['1 token', () => 1],
  ['4 tokens', () => 4],
  ['16 tokens', () => 16],
  ['1 to 8 tokens', () => 1 + Math.floor(random() * 8)],
];
const GAPS_MS = [4, 30, 90];
const ENDINGS: readonly [end: Script['end'], isContinuous: boolean][] = [
  ['done', false],
  ['done', true],
  ['reset', false],
  ['reset', true],
  ['cut', true],
  ['error', true],
];
const STAGGER_MS = 20;
const COMBINATIONS = CHUNKINGS.flatMap(([words, perChunk]) =>
  GAPS_MS.map((gapMs): [string, Script[]] => [
    `${words} a chunk, a chunk every ${gapMs} ms`,
    ENDINGS.map(([end, isContinuous]) => {
      let tokens = 0;
      const steps = Array.from({ length: Math.max(6, Math.ceil(SPAN_MS / gapMs)) }, () => {
        const count = perChunk();
        tokens += count;
        return textStep(gapMs, 'word '.repeat(count), isContinuous ? { tokensSoFar: tokens } : {});
      });
      return { steps: [roleStep(20), ...steps], tokens, isContinuous, end };
    }),
  ]),
);

describe('the same in every combination of chunks, speeds and endings', () => {
  it.each(COMBINATIONS)('%s', { timeout: 30_000 }, async (_name, scripts) => {
    const wrong = await Promise.all(
      scripts.map(async (script, index) => {
        // One after the other: opening all connections at one instant would be part of every first token.
        await sleep(index * STAGGER_MS);
        return deviationsOf(script);
      }),
    );
    expect(wrong.flat()).toEqual([]);
  });
});
