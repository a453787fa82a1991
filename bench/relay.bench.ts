import { expect, test } from '@playwright/test';
import { chatLanesSchema } from '@/lib/contracts/chat-lanes';
import { openStage, type Stage } from '../e2e/stage';
import { type AnswerReader, startAnswerReader, type Way } from './answer-reader';
import { percentile, record } from './measurements';
import { type ModelServer, type Pace, startModelServer, tokenText } from './model-server';
import { cpuSeconds } from './process-usage';

/**
 * What the dashboard adds to calling a model endpoint directly. The same model server, the same clock, the same run: blocks of
 * both ways take turns, and each request is held against what the server itself wrote and when. Model server, dashboard and
 * reader are three processes with one clock, and none of them does anything else.
 */
const STREAMS = 20;
const TURNS = 4;
const BLOCKS = 10;
const PACE: Pace = { firstTokenMs: 60, gapMs: 20, tokens: 30 };
const MANY_STREAMS = 100;
const LONG: Pace = { firstTokenMs: 60, gapMs: 25, tokens: 200 };
/** Blocks that warm up connections and compilers; not counted. */
const WARM_UP = 1;

let model: ModelServer;
let stage: Stage;
let reader: AnswerReader;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  model = await startModelServer();
  stage = await openStage({
    labArguments: [],
    env: { BASELINE_URL: model.url, CHAT_MAX_CONCURRENT: '400' },
  });
  // The cluster is another machine's work; here it would take turns with what is measured. Nor is its loss measured: one
  // resource after the other is found gone, for about half a minute.
  await stage.stopLab();
  await untilNothingChanges();
  reader = await startAnswerReader();
});
test.afterAll(async () => {
  await reader.close();
  await stage.close();
  await model.close();
});

async function untilNothingChanges(): Promise<void> {
  let before = '';
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    const { gates } = await stage.checklist();
    const now = JSON.stringify(gates.map(({ id, status, reason }) => [id, status, reason]));
    if (now === before) return;
    before = now;
  }
}

const addressOf = (way: Way): string =>
  way === 'directly' ? `${model.url}/v1/chat/completions` : `${stage.url}/api/chat`;

/** Twenty streams at any time: each asks again when it has its answer, and they began one after the other. */
async function block(way: Way, index: number): Promise<{ first: number[]; later: number[] }> {
  const answerMs = PACE.firstTokenMs + PACE.gapMs * PACE.tokens;
  const answers = await reader.read({
    url: addressOf(way),
    way,
    pace: PACE,
    streams: Array.from({ length: STREAMS }, (_, stream) =>
      Array.from({ length: TURNS }, (_, turn) => `q-${way.slice(0, 1)}-${index}-${stream}-${turn}`),
    ),
    apartMs: answerMs / STREAMS,
  });
  const journals = await model.journals();
  const overheads: { first: number[]; later: number[] } = { first: [], later: [] };
  for (const { name, sentAtMs, atMs } of answers) {
    const { receivedAtMs = Number.NaN, writtenAtMs = [] } = journals.get(name) ?? {};
    const lateness = atMs.map((arrivedAtMs, token) => arrivedAtMs - (writtenAtMs[token] ?? Number.NaN));
    const [firstLateness = Number.NaN, ...later] = lateness;
    // All that is not the model's own work: the way of the question there, and of the first token back.
    overheads.first.push(receivedAtMs - sentAtMs + firstLateness);
    overheads.later.push(...later);
    expect(lateness).toHaveLength(PACE.tokens);
  }
  expect([...overheads.first, ...overheads.later].some(Number.isNaN)).toBe(false);
  return overheads;
}

test('adds little to the first token, and less to the others', async () => {
  const overheads: Record<Way, { first: number[]; later: number[] }> = {
    directly: { first: [], later: [] },
    'through the dashboard': { first: [], later: [] },
  };
  let dashboardSeconds = 0;
  for (let index = 0; index < BLOCKS + WARM_UP; index += 1) {
    for (const way of ['directly', 'through the dashboard'] as const) {
      const beforeSeconds = cpuSeconds(stage.pid);
      const { first, later } = await block(way, index);
      if (index < WARM_UP) continue;
      if (way === 'through the dashboard') dashboardSeconds += cpuSeconds(stage.pid) - beforeSeconds;
      overheads[way].first.push(...first);
      overheads[way].later.push(...later);
    }
  }
  const added = (kind: 'first' | 'later', percent: number): number =>
    percentile(overheads['through the dashboard'][kind], percent) -
    percentile(overheads.directly[kind], percent);
  const samples = overheads.directly.first.length;
  const own = [50, 99].map((percent) => percentile(overheads.directly.first, percent).toFixed(1)).join(' / ');
  const note = `issue 6; ${STREAMS} streams at any time, same run, ${BLOCKS} blocks each way in turn; directly p50 / p99: ${own} ms`;
  const rows = [
    ['added to the first token, p50', added('first', 50), 2],
    ['added to the first token, p99', added('first', 99), 5],
  ] as const;
  for (const [name, value, atMost] of rows) {
    record({ bench: 'relay', name, unit: 'ms', value, samples, atMost, note });
  }
  record({
    bench: 'relay',
    name: 'added to a later token as its reader sees it, p99',
    unit: 'ms',
    value: added('later', 99),
    samples: overheads.directly.later.length,
    atMost: null,
    note: `${note}; all three processes on the same cores`,
  });
  record({
    bench: 'relay',
    name: `processor time of the dashboard for an answer of ${PACE.tokens} tokens`,
    unit: 'ms',
    value: (dashboardSeconds * 1_000) / overheads['through the dashboard'].first.length,
    samples: overheads['through the dashboard'].first.length,
    atMost: null,
    note: `with all that runs beside at ${STREAMS} streams; moves little on a busy machine, where the times above say nothing`,
  });

  const { relay } = chatLanesSchema.parse(await (await fetch(`${stage.url}/api/chat/lanes`)).json());
  const p99 = relay.buckets.find(({ count }) => count >= 0.99 * relay.count)?.upperEdgeMs ?? Number.NaN;
  record({
    bench: 'relay',
    name: 'relay per token (engine’s byte to our write), p99 at most',
    unit: 'ms',
    value: p99,
    samples: relay.count,
    atMost: 1,
    note: 'issue 6; upper edge of the bucket that holds the percentile, as the server measured it',
  });
});

test(`${MANY_STREAMS} streams at once lose no token`, async () => {
  const names = Array.from({ length: MANY_STREAMS }, (_, index) => `long-${index}-${Date.now()}`);
  const answers = await reader.read({
    url: addressOf('through the dashboard'),
    way: 'through the dashboard',
    pace: LONG,
    streams: names.map((name) => [name]),
    apartMs: 0,
  });
  const whole = Array.from({ length: LONG.tokens }, (_, index) => tokenText(index)).join('');
  const lost = answers.filter(({ text }) => text !== whole).length;
  record({
    bench: 'relay',
    name: `answers with a lost or doubled token, of ${MANY_STREAMS} at once`,
    unit: 'answers',
    value: lost,
    samples: MANY_STREAMS * LONG.tokens,
    atMost: 0,
    note: `issue 6; ${LONG.tokens} tokens each, one every ${LONG.gapMs} ms`,
  });
  for (const { last } of answers) expect(last).toMatchObject({ type: 'end', completionTokens: LONG.tokens });
});
