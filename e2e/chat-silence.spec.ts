/** A network that is lost without a word: the engine stops, the lane says what it is, and nobody else is disturbed. */
import type { Page } from '@playwright/test';
import { ask, baselineOf, stopOf } from './chat-page';
import { expect } from './fixtures';
import { openQuietNetwork, type QuietNetwork } from './quiet-network';
import { testWithModel } from './scripted-fixtures';
import type { Script, ScriptedModel } from './scripted-model';
import { sourceLight } from './source-light';

const test = testWithModel().extend<{ network: QuietNetwork }>({
  // Its pages come by an address of their own.
  visitsElsewhere: true,
  network: async ({ stage }, use) => {
    const network = await openQuietNetwork(stage.url);
    await use(network);
    await network.close();
  },
});

const LONG: Script = { chunks: Array(1_500).fill('on and on '), everyMs: 40 };
const THINKING: Script = { chunks: ['At last.'], everyMs: 60_000 };
const SHORT: Script = { chunks: [...Array(60).fill('word '), 'and done.'], everyMs: 40 };

async function openAndAsk(page: Page, url: string, question: string): Promise<void> {
  await page.goto(`${url}/chat?lanes=baseline&tokens=4096`);
  await expect(sourceLight(page, 'cluster', 'live')).toBeVisible();
  await ask(page, question);
}

/** Asks, and waits until the dashboard has seen this page: from then on it would miss it. */
async function askSeen(page: Page, network: QuietNetwork, question: string): Promise<void> {
  await openAndAsk(page, network.url, question);
  await expect.poll(() => network.answeredPings()).toBeGreaterThan(2);
}

const silenceOf = (page: Page) => baselineOf(page).getByText(/connection silent: nothing from the dashboard/);

async function expectStopped(model: ScriptedModel, before: number): Promise<void> {
  await expect.poll(() => model.abortedCount(), { intervals: [50] }).toBe(before + 1);
}

test('a network that falls silent ends its answer at the engine, shows in words, and leaves others alone', async ({
  browser,
  page,
  stage,
  model,
  network,
}) => {
  model.answer(() => LONG);
  const other = await browser.newPage();
  await openAndAsk(other, stage.url, 'Somebody else asks.');
  await askSeen(page, network, 'Talk.');
  await expect(silenceOf(page)).toBeHidden();
  const before = model.abortedCount();
  network.fallSilent();
  await expectStopped(model, before);
  await expect(silenceOf(page)).toBeVisible();

  const said = await baselineOf(other).textContent();
  await expect(async () => expect(await baselineOf(other).textContent()).not.toBe(said)).toPass();
  await expect(silenceOf(other)).toBeHidden();
  expect(model.abortedCount()).toBe(before + 1);

  network.recover();
  const alert = baselineOf(page).getByRole('alert');
  await expect(alert.getByText(/This browser gave no sign for \d\.\d s/)).toBeVisible();
  await other.close();
});

test('while the first token is awaited it is the same, and a network that stays silent is said to be', async ({
  page,
  model,
  network,
}) => {
  test.setTimeout(60_000);
  model.answer(() => THINKING);
  await askSeen(page, network, 'Think.');
  const waiting = baselineOf(page).getByText('waiting for the first token');
  await expect(waiting).toBeVisible();
  const before = model.abortedCount();
  network.fallSilent();
  await expectStopped(model, before);
  await expect(silenceOf(page)).toBeVisible();
  await expect(waiting).toBeHidden();
  const alert = baselineOf(page).getByRole('alert');
  await expect(alert.getByText('Nothing comes from the dashboard any more.')).toBeVisible({
    timeout: 30_000,
  });
});

test('a short silence changes nothing: the answer ends whole', async ({ page, model, network }) => {
  model.answer(() => SHORT);
  const before = model.abortedCount();
  await askSeen(page, network, 'Be brief.');
  network.fallSilent();
  await expect.poll(() => network.heldBack(), { intervals: [20] }).toBeGreaterThan(6);
  network.recover();
  await expect(baselineOf(page).getByText(/and done\./)).toBeVisible({ timeout: 20_000 });
  await expect(baselineOf(page).getByText('ended by itself')).toBeVisible();
  expect(model.abortedCount()).toBe(before);
});

test('a page that has taken every connection and is busy with itself loses nothing: its browser answers for it', async ({
  page,
  model,
  network,
}) => {
  model.answer(() => LONG);
  await askSeen(page, network, 'Talk on.');
  const before = model.abortedCount();
  await page.evaluate(() => {
    // A browser opens six to a host; these never end.
    for (let streams = 0; streams < 8; streams += 1) new EventSource('/api/events?page=one-of-many-streams');
    const until = performance.now() + 3_000;
    while (performance.now() < until);
  });
  const answered = network.answeredPings();
  await expect.poll(() => network.answeredPings()).toBeGreaterThan(answered + 10);
  expect(model.abortedCount()).toBe(before);
  await stopOf(page).click();
  await expectStopped(model, before);
});
