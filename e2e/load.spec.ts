import { type LoadCommand, type LoadState, loadStartedSchema, loadStateSchema } from '@/lib/contracts/load';
import type { LoadPlan } from '@/lib/domain/load';
import { test as base, expect } from './fixtures';
import { sourceLight } from './source-light';
import { openStage, type Stage } from './stage';

/** A stage on which a load of four users is allowed, and where nobody else asks anything. */
const test = base.extend<object, { stage: Stage }>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
    async ({}, use) => {
      const stage = await openStage({ labArguments: [], env: { LOAD_MAX_USERS: '4' } });
      await use(stage);
      await stage.close();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

const PLAN: LoadPlan = { usersPerArm: 2, arms: ['baseline', 'distributed'], path: null, shape: 'documents' };

function post(stage: Stage, command: LoadCommand, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${stage.url}/api/load`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(command),
  });
}

async function read(stage: Stage): Promise<LoadState> {
  return loadStateSchema.parse(await (await fetch(`${stage.url}/api/load`)).json());
}

async function start(
  stage: Stage,
  plan: Partial<LoadPlan> = {},
): Promise<{ runId: string; stopKeeping: () => void }> {
  const response = await post(stage, { action: 'start', plan: { ...PLAN, ...plan } });
  expect(response.status).toBe(200);
  const { runId } = loadStartedSchema.parse(await response.json());
  const keeping = setInterval(
    () => void post(stage, { action: 'keep', runId }).catch(() => undefined),
    1_000,
  );
  return { runId, stopKeeping: () => clearInterval(keeping) };
}

async function untilOff(stage: Stage, timeout = 10_000): Promise<LoadState> {
  await expect.poll(async () => (await read(stage)).phase, { timeout, intervals: [100] }).toBe('off');
  return read(stage);
}

test.describe('load while I talk', () => {
  test('runs in the built server, times its requests per arm, and ends when told', async ({ stage }) => {
    const { runId, stopKeeping } = await start(stage);
    await expect
      .poll(async () => (await read(stage)).arms.map(({ answered }) => answered >= 2), { timeout: 40_000 })
      .toEqual([true, true]);
    const state = await read(stage);
    expect(state).toMatchObject({ phase: 'running', maxUsers: 4, plan: PLAN });
    for (const arm of state.arms) {
      expect(arm.inFlight).toBeLessThanOrEqual(2);
      expect(arm.failed).toBe(0);
      expect(arm.ttft.count).toBeGreaterThanOrEqual(2);
    }
    expect(state.chartTimes).toMatchObject({ scrapeIntervalSeconds: 5, rateWindowSeconds: 20 });
    const samples = state.samples.filter(({ origin }) => origin === 'load');
    for (const sample of samples) {
      expect(sample.ttftMs).toBeGreaterThan(0);
      expect(sample.meanItlMs).toBeGreaterThan(1);
      expect(sample.e2eMs).toBeGreaterThan(sample.ttftMs ?? Number.NaN);
      // The handbook alone is well above a thousand tokens.
      expect(sample.promptTokens).toBeGreaterThan(1_000);
    }
    stopKeeping();
    expect((await post(stage, { action: 'stop', runId })).status).toBe(200);
    expect((await untilOff(stage)).endedBecause).toBe('stopped');
  });

  test('ends within five seconds of losing the page', async ({ stage }) => {
    const { stopKeeping } = await start(stage);
    await expect.poll(async () => (await read(stage)).arms.map(({ inFlight }) => inFlight)).toEqual([2, 2]);
    stopKeeping();
    const lostAt = performance.now();
    const state = await untilOff(stage);
    expect(performance.now() - lostAt).toBeLessThan(5_000);
    expect(state.endedBecause).toBe('page-lost');
    expect(state.arms.map(({ inFlight }) => inFlight)).toEqual([0, 0]);
  });

  test('is started and seen on Chat, is said under the race, and ends with the page that started it', async ({
    page,
    context,
    stage,
  }) => {
    const talk = await context.newPage();
    await talk.goto(`${stage.url}/chat?tokens=32`);
    await expect(sourceLight(talk, 'cluster', 'live')).toBeVisible();
    await talk.keyboard.press('u');
    const panel = talk.getByRole('dialog', { name: 'Load while I talk' });
    await panel.getByRole('button', { name: 'Fewer users' }).click();
    await panel.getByRole('button', { name: 'Start load' }).click();
    await expect(panel.getByText('Load is on: 1 user on each arm.')).toBeVisible();
    await expect(panel.getByText(/Charts (begin to )?show it/)).toBeVisible();
    await expect(
      panel.getByRole('button', { name: /^Load on INT4: median time to first token: \d/ }),
    ).toBeVisible({
      timeout: 40_000,
    });
    await talk.keyboard.press('Escape');
    await talk.keyboard.press('Shift+6');
    await expect(talk.getByRole('main').getByText('Load is on: 1 user on each arm.')).toBeVisible();

    // Another page sees it, and whose it is.
    await page.goto(`${stage.url}/chat`);
    await expect(page.getByText('Load is on: 1 user on each arm, started by another page.')).toBeVisible();
    await talk.close();
    expect((await untilOff(stage, 5_000)).endedBecause).toBe('page-lost');
    await expect(page.getByText('started by another page', { exact: false })).toBeHidden({ timeout: 10_000 });
  });

  test('A42: is one, has a ceiling, and answers to this dashboard’s own pages only', async ({ stage }) => {
    const refusals: [LoadCommand, Record<string, string>, number, string][] = [
      [{ action: 'start', plan: { ...PLAN, usersPerArm: 3 } }, {}, 400, 'bad-input'],
      [{ action: 'start', plan: { ...PLAN, usersPerArm: 1e9 } }, {}, 400, 'bad-input'],
      [{ action: 'start', plan: PLAN }, { Origin: 'http://evil.test' }, 403, 'foreign-origin'],
      [{ action: 'stop' }, { Origin: 'null' }, 403, 'foreign-origin'],
      [{ action: 'keep', runId: '00000000-0000-4000-8000-000000000000' }, {}, 404, 'no-such-load'],
    ];
    for (const [command, headers, status, code] of refusals) {
      const response = await post(stage, command, headers);
      expect([response.status, (await response.json()).error.code]).toEqual([status, code]);
    }
    expect((await read(stage)).phase).toBe('off');
    const { stopKeeping } = await start(stage, { usersPerArm: 1 });
    const second = await post(stage, { action: 'start', plan: PLAN });
    expect([second.status, (await second.json()).error.code]).toEqual([409, 'load-running']);
    // Anybody at this machine may stop what somebody else started.
    expect((await post(stage, { action: 'stop' })).status).toBe(200);
    stopKeeping();
    await untilOff(stage);
  });

  test('leaves nothing of its keys or addresses in what it tells', async ({ stage }) => {
    const text = await (await fetch(`${stage.url}/api/load`)).text();
    for (const canary of stage.canaries) expect(text).not.toContain(canary);
    expect((await fetch(`${stage.url}/api/load?samples=all`)).status).toBe(400);
  });
});
