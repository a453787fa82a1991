/** The show goes on when the cluster does not. A stage of its own: these tests take the lab away. */
import { test as base, expect } from '@playwright/test';
import { sourceLight } from './source-light';
import { openStage, type Stage } from './stage';

const test = base.extend<object, { stage: Stage }>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
    async ({}, use) => {
      const stage = await openStage({ env: { ALLOW_ACTIONS: 'delete-pod' } });
      await use(stage);
      await stage.close();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

test('with the lab gone the last values stay with their age, and everything heals when it returns', async ({
  page,
  stage,
}) => {
  test.setTimeout(180_000);
  await page.goto(`${stage.url}/placement`);
  const statement = page.getByRole('heading', { level: 1, name: /^2 replicas, each the whole model/ });
  await expect(statement).toBeVisible();
  const before = await stage.placement();

  await stage.stopLab();
  await expect(sourceLight(page, 'cluster', 'reconnecting|unreachable|stale')).toBeVisible({
    timeout: 20_000,
  });
  await expect(sourceLight(page, 'metrics', 'unreachable|reconnecting|stale')).toBeVisible({
    timeout: 30_000,
  });
  await expect(statement).toBeVisible();
  const during = await stage.placement();
  expect(during.pods.map(({ uid }) => uid)).toEqual(before.pods.map(({ uid }) => uid));

  // Verdicts do not outlive their proof: after 20 s every gate is unknown, and says what it was.
  await expect
    .poll(async () => (await stage.checklist()).gates.filter(({ status }) => status === 'pass').length, {
      timeout: 60_000,
    })
    .toBe(0);
  const gates = (await stage.checklist()).gates;
  expect(gates.find(({ id }) => id === 'gpu-nodes')).toMatchObject({
    status: 'unknown',
    lastKnown: { status: 'pass' },
  });
  // An endpoint that refuses connections does not answer: that is seen, not unknown.
  expect(gates.filter(({ status }) => status === 'fail').map(({ id }) => id)).toEqual([
    'baseline-answers',
    'distributed-answers',
  ]);
  expect((await stage.checklist()).verdict).toBe('no-go');
  expect((await stage.status()).mode).toBe('simulated');

  await stage.startLab();
  await expect(sourceLight(page, 'cluster', 'live')).toBeVisible({
    timeout: 60_000,
  });
  await expect(sourceLight(page, 'metrics', 'live')).toBeVisible({
    timeout: 60_000,
  });
  await expect(sourceLight(page, 'llm-d', 'live')).toBeVisible({
    timeout: 60_000,
  });
  await expect.poll(async () => (await stage.checklist()).verdict, { timeout: 60_000 }).toBe('go');
});

test('the API server away for a moment is a mark, not an error', async ({ page, stage }) => {
  await page.goto(`${stage.url}/checklist`);
  await expect(page.getByRole('heading', { level: 1, name: 'GO', exact: true })).toBeVisible({
    timeout: 60_000,
  });
  stage.lab('kubernetes-api', 'down');
  await expect(sourceLight(page, 'cluster', 'reconnecting')).toBeVisible();
  await expect(sourceLight(page, 'metrics', 'live')).toBeVisible();
  stage.lab('kubernetes-api', 'up');
  await expect(sourceLight(page, 'cluster', 'live')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'GO', exact: true })).toBeVisible();
});

test('an allowed action deletes exactly the pod that was meant', async ({ stage }) => {
  test.setTimeout(120_000);
  const post = (body: unknown): Promise<Response> =>
    fetch(`${stage.url}/api/actions/delete-pod`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const pods = (await stage.placement()).pods;
  const victim = pods.find(({ role }) => role === 'both');
  const scheduler = pods.find(({ role }) => role === 'scheduler');
  expect((await post({ namespace: 'private-ai', uid: scheduler?.uid })).status).toBe(404);
  expect((await post({ namespace: 'kube-system', uid: victim?.uid })).status).toBe(404);
  expect((await post({ namespace: '../x', uid: victim?.uid })).status).toBe(400);
  const answer = await post({ namespace: 'private-ai', uid: victim?.uid });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ namespace: 'private-ai', name: victim?.name, uid: victim?.uid });
  await expect
    .poll(async () => (await stage.placement()).pods.some(({ uid }) => uid === victim?.uid), {
      timeout: 60_000,
    })
    .toBe(false);
  expect(stage.log()).toContain('a pod was deleted from the dashboard');
});

test('SIGTERM with open streams ends the dashboard, and the streams hear of it', async ({ stage }) => {
  const events = await fetch(`${stage.url}/api/events`);
  const text = events.text();
  await stage.close();
  expect(await text).toContain('event: restarting');
});
