import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Arm } from '../world/arms.ts';
import type { FaultName } from './faults.ts';
import { eventsOf, type Heard, type Visit, visitLab } from './lab-visit.ts';

let visit: Visit;
beforeAll(async () => {
  visit = await visitLab();
});
afterAll(() => visit.lab.stop());

interface Chunk {
  model: string;
  choices: { delta: { content?: string }; finish_reason: string | null }[];
  usage?: { completion_tokens: number; prompt_tokens_details?: { cached_tokens: number } };
}

function chunksOf(heard: Heard): Chunk[] {
  return eventsOf(heard)
    .filter((event) => event.startsWith('{"id"') && event.endsWith('}'))
    .map((event) => JSON.parse(event));
}

/** How an answer went, in a few words. */
function inShort(heard: Heard): Record<string, unknown> {
  const chunks = chunksOf(heard);
  return {
    status: heard.status,
    isCut: heard.isCut,
    texts: chunks.filter(({ choices }) => (choices[0]?.delta.content ?? '') !== '').length,
    finish: chunks.findLast(({ choices }) => choices.length > 0)?.choices[0]?.finish_reason ?? null,
    isDone: eventsOf(heard).at(-1) === '[DONE]',
    usage: chunks.find(({ usage }) => usage !== undefined)?.usage?.completion_tokens ?? null,
  };
}

const WHOLE = { status: 200, isCut: false, texts: 20, finish: 'length', isDone: true, usage: 20 };
const BROKEN = { status: 200, isCut: false, texts: 12, finish: null, isDone: false, usage: null };
const NOTHING = { ...BROKEN, texts: 0 };

const cases: [FaultName, Record<string, unknown>][] = [
  ['answer-empty', NOTHING],
  ['answer-reset', { ...BROKEN, isCut: true }],
  ['answer-early-end', BROKEN],
  ['answer-malformed', WHOLE],
  ['answer-error', { ...BROKEN, isDone: true }],
  ['answer-merged', { ...WHOLE, texts: 4 }],
  ['answer-without-usage', { ...WHOLE, usage: null }],
  ['answer-400', { ...NOTHING, status: 400 }],
  ['answer-401', { ...NOTHING, status: 401 }],
  ['answer-429', { ...NOTHING, status: 429 }],
  ['answer-503', { ...NOTHING, status: 503 }],
  ['wrong-model', { ...NOTHING, status: 404 }],
];

describe.each([
  ['baseline', 'distributed'],
  ['distributed', 'baseline'],
] as [Arm, Arm][])('aimed at the %s arm', (hit, spared) => {
  test.each(cases)('%s shows itself there only, and heals', async (name, shown) => {
    const { lab, during, chat } = visit;
    await lab.faults.start(name, { arm: hit });
    expect({
      hit: inShort(await during(chat(hit))),
      spared: inShort(await during(chat(spared))),
    }).toEqual({ hit: shown, spared: WHOLE });
    await lab.faults.end(name);
    expect(inShort(await during(chat(hit)))).toEqual(WHOLE);
  });
});

test('without an aim both arms are hit; each can then be healed by itself', async () => {
  const { lab, during, chat } = visit;
  const both = async (): Promise<number[]> => [
    (await during(chat('baseline'))).status,
    (await during(chat('distributed'))).status,
  ];
  await lab.faults.start('answer-429');
  expect(await both()).toEqual([429, 429]);
  await lab.faults.end('answer-429');
  await lab.faults.start('answer-429', { arm: 'baseline' });
  await lab.faults.start('answer-429', { arm: 'distributed' });
  expect(lab.faults.acting()).toEqual([
    { name: 'answer-429', arm: 'baseline' },
    { name: 'answer-429', arm: 'distributed' },
  ]);
  await lab.faults.end('answer-429', 'baseline');
  expect(await both()).toEqual([200, 429]);
  await lab.faults.end('answer-429');
  expect(await both()).toEqual([200, 200]);
});

test('the words of the refusals are those of the servers they come from', async () => {
  const { lab, during, chat, get } = visit;
  const under = async (name: FaultName): Promise<Heard> => {
    await lab.faults.start(name);
    const heard = await during(chat('distributed'));
    await lab.faults.end(name);
    return heard;
  };
  expect(JSON.parse((await under('answer-400')).text).error.message).toMatch(
    /^This model's maximum context length is 32768 tokens\. However, your request has \d+ input tokens\./,
  );
  expect(JSON.parse((await under('answer-401')).text)).toEqual({ error: 'Unauthorized' });
  expect((await under('answer-429')).headers['retry-after']).toBe('5');
  const page = await under('answer-503');
  expect([page.headers['content-type'], page.text.includes('Application is not available')]).toEqual([
    'text/html',
    true,
  ]);
  expect(JSON.parse((await under('wrong-model')).text).error.message).toBe(
    'The model `mistral-3-distributed` does not exist.',
  );
  await lab.faults.start('wrong-model', { arm: 'baseline' });
  expect(JSON.parse((await get('baseline', '/v1/models')).text).data[0].id).toBe('mistral-3-int4-v2');
  await lab.faults.end('wrong-model');
});

test.each([
  ['answer-silent', 0],
  ['answer-stall', 1 + 12],
] as [FaultName, number][])('%s: the connection stays and nothing more comes', async (name, events) => {
  const { lab, clock, chat } = visit;
  await lab.faults.start(name, { arm: 'distributed' });
  let isOver = false;
  const running = chat('distributed');
  void running.finally(() => {
    isOver = true;
  });
  await clock.advance(120_000);
  expect(isOver).toBe(false);
  // The engine goes with its pod, and what had come until then is told.
  await lab.faults.end(name);
  for (const { engine, arm } of lab.world.engines.list())
    if (arm === 'distributed') lab.killPod(engine.podName);
  const heard = await running;
  expect([heard.status, heard.isCut, eventsOf(heard).length]).toEqual([200, true, events]);
  await clock.advance(60_000);
});

test('a fault outlives the engine: one that starts later has it too', async () => {
  const { lab, clock, during, chat } = visit;
  await lab.faults.start('answer-empty', { arm: 'baseline' });
  const [engine] = lab.world.engines.list().filter(({ arm }) => arm === 'baseline');
  lab.killPod(engine?.engine.podName ?? '');
  await clock.advance(60_000);
  expect(inShort(await during(chat('baseline')))).toEqual(NOTHING);
  await lab.faults.end('answer-empty');
});

test('cached tokens are reported once a prompt comes again', async () => {
  const { lab, during, chat } = visit;
  const cached = async (): Promise<number | null> => {
    const content = 'Tell me about the GPUs of this cluster. '.repeat(8);
    const chunks = chunksOf(await during(chat('baseline', { messages: [{ role: 'user', content }] })));
    return chunks.at(-1)?.usage?.prompt_tokens_details?.cached_tokens ?? null;
  };
  expect([await cached(), await cached()]).toEqual([null, null]);
  await lab.faults.start('answer-cached-tokens');
  const again = await cached();
  expect(again).toBeGreaterThan(0);
  expect((again ?? 0) % 16).toBe(0);
  await lab.faults.end('answer-cached-tokens');
});

test('engines, or one of two, may be slow', async () => {
  const { lab, clock, during, chat } = visit;
  const durationMs = async (arm: Arm): Promise<number> => {
    const startedMs = clock.nowMs();
    await during(chat(arm));
    return clock.nowMs() - startedMs;
  };
  const usual = await durationMs('baseline');
  await lab.faults.start('slow-engines', { arm: 'baseline' });
  expect((await durationMs('baseline')) / usual).toBeGreaterThan(4);
  await lab.faults.end('slow-engines');
  await lab.faults.start('slow-replica');
  const slowdowns = lab.world.engines
    .list()
    .map(({ arm, engine }) => [arm, engine.faults?.current().slowdown]);
  expect(slowdowns.toSorted()).toEqual([
    ['baseline', 1],
    ['distributed', 1],
    ['distributed', 5],
  ]);
  await lab.faults.end('slow-replica');
});

test('a killed pod is replaced by itself', async () => {
  const { lab, clock } = visit;
  const pods = (): string[] =>
    lab.world.engines
      .list()
      .filter(({ arm }) => arm === 'distributed')
      .map(({ engine }) => engine.podName);
  const before = pods();
  await lab.faults.start('pod-killed');
  expect(pods()).toEqual(before.slice(1));
  await lab.faults.end('pod-killed');
  await clock.advance(60_000);
  expect(pods()).toHaveLength(2);
  expect(pods()).not.toContain(before[0]);
});
