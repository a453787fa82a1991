/** How soon the engine's connection is closed when nobody reads its answer any more: Stop, a closed tab, a network lost without a word. */
import { type Browser, expect, type Page, test } from '@playwright/test';
import { ask, openChat, stopOf } from '../e2e/chat-page';
import { openQuietNetwork, type QuietNetwork } from '../e2e/quiet-network';
import { type Script, type ScriptedModel, startScriptedModel } from '../e2e/scripted-model';
import { openStage, type Stage } from '../e2e/stage';
import { percentile, record } from './measurements';

const SAMPLES = 20;
const GOAL_MS = 1_000;
/** The dashboard asks a browser for a sign this often; samples begin everywhere in between. */
const PING_EVERY_MS = 200;

const TALKING: Script = { chunks: Array(3_000).fill('on and on '), everyMs: 30 };
const THINKING: Script = { chunks: ['at last'], everyMs: 300_000 };

let model: ScriptedModel;
let stage: Stage;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  model = await startScriptedModel();
  stage = await openStage({ labArguments: [], env: { BASELINE_URL: model.url } });
});
test.afterAll(async () => {
  await stage.close();
  await model.close();
});

/** From `leave` to the moment when the model saw its connection closed. */
async function untilAborted(leave: () => unknown): Promise<number> {
  const before = model.abortedCount();
  const leftAtMs = performance.now();
  await leave();
  await expect.poll(() => model.abortedCount(), { intervals: [20], timeout: 30_000 }).toBe(before + 1);
  return (model.abortedAtMs().at(-1) ?? Number.NaN) - leftAtMs;
}

function recordLatest(name: string, samples: readonly number[], note: string): void {
  const own = [50, 100].map((percent) => percentile(samples, percent).toFixed(0)).join(' / ');
  record({
    bench: 'abort',
    name: `${name} until the engine’s connection is closed, the latest`,
    unit: 'ms',
    value: percentile(samples, 100),
    samples: samples.length,
    atMost: GOAL_MS,
    note: `issue 6; p50 / latest: ${own} ms; ${note}`,
  });
}

async function askAt(page: Page, at: Pick<Stage, 'url'>): Promise<void> {
  const before = model.requests().length;
  await openChat(page, { ...stage, ...at }, '?lanes=baseline&tokens=256');
  await ask(page, 'Talk.');
  await expect.poll(() => model.requests().length).toBe(before + 1);
}

test('Stop reaches the engine', async ({ page }) => {
  model.answer(() => TALKING);
  const samples: number[] = [];
  await openChat(page, stage, '?lanes=baseline&tokens=256');
  while (samples.length < SAMPLES) {
    const before = model.requests().length;
    await ask(page, 'Talk.');
    await expect.poll(() => model.requests().length).toBe(before + 1);
    await expect(stopOf(page)).toBeVisible();
    samples.push(await untilAborted(() => page.keyboard.press('Escape')));
  }
  recordLatest('from Stop (Esc)', samples, 'the way of the key to the browser included');
});

test('a closed tab reaches the engine', async ({ browser }) => {
  model.answer(() => TALKING);
  const samples: number[] = [];
  while (samples.length < SAMPLES) {
    const page = await browser.newPage();
    await askAt(page, stage);
    samples.push(await untilAborted(() => page.close()));
  }
  recordLatest('from closing the tab', samples, 'the time in which the browser closes it included');
});

/** One page behind a network of its own, that falls silent somewhere between two pings. */
async function loseNetwork(browser: Browser, index: number): Promise<number> {
  const network: QuietNetwork = await openQuietNetwork(stage.url);
  const page = await browser.newPage();
  try {
    await askAt(page, network);
    await expect.poll(() => network.answeredPings()).toBeGreaterThan(2);
    await new Promise((resolve) => setTimeout(resolve, (PING_EVERY_MS / SAMPLES) * index));
    return await untilAborted(network.fallSilent);
  } finally {
    await page.close();
    await network.close();
  }
}

for (const [when, script] of [
  ['while tokens come', TALKING],
  ['while the first token is awaited', THINKING],
] as const) {
  test(`a network that falls silent ${when} reaches the engine`, async ({ browser }) => {
    model.answer(() => script);
    const samples: number[] = [];
    while (samples.length < SAMPLES) samples.push(await loseNetwork(browser, samples.length));
    recordLatest(
      `from the network’s silence ${when}`,
      samples,
      'nothing gets through in either direction, and nothing is closed',
    );
  });
}
