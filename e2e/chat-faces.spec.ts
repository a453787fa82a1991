/** What a lane looks like when its model is away, silent, loading or odd (platform-pitfalls F50–F59), and that the other lane runs on. */
import { CHAT_FAILURE_CODES } from '@/lib/domain/chat-failure';
import { ask, baselineOf, distributedOf, openChat, stopOf } from './chat-page';
import { expect } from './fixtures';
import { testWithModel } from './scripted-fixtures';
import type { Script } from './scripted-model';
import type { Stage } from './stage';

const test = testWithModel();

const GOING_ON: Script = {
  chunks: [...'still here '.repeat(30).split(/(?<= )/), 'and done.'],
  everyMs: 40,
};

/** Runs while a fault of the lab is on, and ends it whatever happens. */
async function underFault(
  stage: Stage,
  fault: string,
  aim: readonly string[],
  run: () => Promise<void>,
): Promise<void> {
  stage.lab('fault', fault, 'on', ...aim);
  try {
    await run();
  } finally {
    stage.lab('fault', fault, 'off');
  }
}

test('F50: a refused connection has its face, and the other lane runs on', async ({ page, stage, model }) => {
  await openChat(page, stage, '?tokens=48');
  await model.goAway();
  try {
    await ask(page, 'Is anybody there?');
    const alert = baselineOf(page).getByRole('alert');
    await expect(alert.getByText('The endpoint cannot be reached.')).toBeVisible();
    await expect(distributedOf(page).getByText(/ended by itself|cut at the token limit/)).toBeVisible({
      timeout: 20_000,
    });
    await expect(page.getByText(/INT4 loses: the endpoint cannot be reached\. llm-d wins\./)).toBeVisible();
  } finally {
    await model.comeBack();
  }
  await ask(page, 'And now?');
  await expect(baselineOf(page).getByText('ended by itself')).toBeVisible({ timeout: 20_000 });
});

test('F50: a 503 with a page of HTML is one short reason, without markup', async ({ page, stage, model }) => {
  const body =
    '<html><head><title>503</title></head><body><h1>Application is not available</h1></body></html>';
  model.answer(() => ({ chunks: [], everyMs: 1, refuse: { status: 503, type: 'text/html', body } }));
  await openChat(page, stage, '?tokens=48');
  await ask(page, 'Are you there?');
  const alert = baselineOf(page).getByRole('alert');
  await expect(alert.getByText('The endpoint is not available (503).')).toBeVisible();
  expect(await alert.textContent()).not.toMatch(/<h1|<html/);
  await expect(distributedOf(page).getByText(/ended by itself|cut at the token limit/)).toBeVisible({
    timeout: 20_000,
  });
});

test('F51: the clock runs while no token comes; after 30 s the way out is said', async ({
  page,
  stage,
  model,
}) => {
  model.answer(() => ({ chunks: [], everyMs: 1, ending: 'silence' }));
  await page.clock.install();
  await openChat(page, stage, '?lanes=baseline');
  await ask(page, 'Say something.');
  const lane = baselineOf(page);
  await expect(lane.getByRole('timer', { name: 'Waiting for the first token' })).toBeVisible();
  await expect(lane.getByText('waiting for the first token', { exact: true })).toBeVisible();
  await page.clock.fastForward(31_000);
  // The next ping says that the dashboard is there, and that it is the model which is silent.
  await expect(lane.getByText('still waiting for the first token · Esc stops')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(stopOf(page)).toBeHidden();
});

test('F52: a broken answer keeps its text and says after how many tokens', async ({ page, stage, model }) => {
  model.answer(() => GOING_ON);
  await underFault(stage, 'answer-reset', ['--arm', 'distributed'], async () => {
    await openChat(page, stage, '?distributed=route');
    await ask(page, 'Explain prefill and decode.');
    const lane = distributedOf(page);
    await expect(lane.getByText('The connection broke after 12 tokens.')).toBeVisible({ timeout: 20_000 });
    await expect(lane.getByRole('button', { name: /^Output tokens: 12/ })).toBeVisible();
    expect(await lane.getByRole('region', { name: /Conversation/ }).textContent()).toMatch(/You: .*\w+ \w+/);
    await expect(baselineOf(page).getByText('and done.', { exact: false })).toBeVisible({ timeout: 20_000 });
  });
});

test('F53: a stalled lane says so after ten seconds, while the other runs on to its end', async ({
  page,
  stage,
  model,
}) => {
  model.answer(() => GOING_ON);
  await underFault(stage, 'answer-stall', ['--arm', 'distributed'], async () => {
    await openChat(page, stage, '?distributed=route');
    await ask(page, 'Explain prefill and decode.');
    await expect(baselineOf(page).getByText('and done.', { exact: false })).toBeVisible({ timeout: 20_000 });
    await expect(distributedOf(page).getByText(/stalled: no token for \d+ s, ended at 60 s/)).toBeVisible({
      timeout: 20_000,
    });
    await stopOf(page).click();
  });
});

test('F56: a lane whose replicas load says so from the cluster’s objects, and no more once they serve', async ({
  page,
  stage,
}) => {
  test.setTimeout(150_000);
  await openChat(page, stage, '');
  const loading = distributedOf(page).getByRole('status').getByText('loading:', { exact: false });
  await expect(loading).toBeHidden();
  const victim = (await stage.placement()).pods.find(
    ({ arm, role }) => arm === 'distributed' && role === 'both',
  );
  if (victim === undefined) throw new Error('no distributed pod');
  stage.lab('kill-pod', victim.name);
  await expect(loading).toBeVisible({ timeout: 5_000 });
  await expect(loading).toBeHidden({ timeout: 90_000 });
  await ask(page, 'Answer with one word: ready?');
  await expect(distributedOf(page).getByText(/ended by itself|cut at the token limit/)).toBeVisible({
    timeout: 20_000,
  });
});

test('F57: a limit on the way says how long to wait', async ({ page, stage, model }) => {
  model.answer(() => GOING_ON);
  await underFault(stage, 'answer-429', ['--arm', 'distributed'], async () => {
    await openChat(page, stage, '?distributed=route');
    await ask(page, 'Explain prefill and decode.');
    await expect(distributedOf(page).getByText(/It asks to wait \d+ s\./)).toBeVisible({ timeout: 20_000 });
    await expect(baselineOf(page).getByText('and done.', { exact: false })).toBeVisible({ timeout: 20_000 });
  });
});

test('an answer that passed no picker, though its path leads through one, says so', async ({
  page,
  stage,
}) => {
  await underFault(stage, 'picker-down', [], async () => {
    await openChat(page, stage, '?lanes=distributed&distributed=gateway&tokens=48');
    await ask(page, 'Who chose the pod?');
    await expect(stopOf(page)).toBeHidden({ timeout: 40_000 });
    await expect(
      distributedOf(page)
        .getByText(/picker not seen|could not pass the question on|not available \(503\)/)
        .first(),
    ).toBeVisible();
  });
});

test('tokens that share a chunk are counted as the engine counts them', async ({ page, stage }) => {
  const lane = distributedOf(page);
  await underFault(stage, 'answer-merged', ['--arm', 'distributed'], async () => {
    await openChat(page, stage, '?lanes=distributed&tokens=48&length=fixed');
    await ask(page, 'Explain prefill and decode.');
    await expect(lane.getByText('cut at the token limit')).toBeVisible({ timeout: 20_000 });
    await expect(lane.getByRole('button', { name: /^Output tokens: 48/ })).toBeVisible();
    await expect(lane.getByRole('img', { name: /^[1-9] arrivals in/ })).toBeVisible();
  });
});

test('cached prompt tokens are shown as the engine reports them, and said to be missing where it does not', async ({
  page,
  stage,
}) => {
  // The Route keeps a client on one pod, so that the second turn finds what the first one left there.
  const lane = distributedOf(page);
  await openChat(page, stage, '?lanes=distributed&distributed=route&tokens=48&length=fixed');
  await ask(page, 'Explain prefill and decode.');
  await expect(lane.getByText('cut at the token limit')).toBeVisible({ timeout: 20_000 });
  await expect(lane.getByText('not reported')).toBeVisible();
  await underFault(stage, 'answer-cached-tokens', ['--arm', 'distributed'], async () => {
    await ask(page, 'Go on.');
    await expect(lane.getByRole('button', { name: /^Cached prompt tokens: \d+/ })).toBeVisible({
      timeout: 20_000,
    });
  });
});

test('F50–F59: each reason the relay can give has a face of its own, with what it means and what to do', async ({
  page,
  stage,
}) => {
  const start = {
    type: 'start',
    arm: 'baseline',
    url: 'http://model/v1/chat/completions',
    path: 'route',
    schedulerInPath: null,
    model: 'mistral-3-int4',
    requestId: 'r1',
    startSkewMs: null,
    sentAt: '2025-12-29T12:00:00.000Z',
    engineVersion: null,
    usageReports: 'continuous',
  };
  let code = '';
  await page.route('**/api/chat', (route) => {
    const error = { type: 'error', code, message: `because of ${code}`, upstreamStatus: null, atMs: 5 };
    const body = [start, error].map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    return route.fulfill({ contentType: 'text/event-stream', body });
  });
  await openChat(page, stage, '?lanes=baseline');
  const faces = new Set<string>();
  for (code of CHAT_FAILURE_CODES) {
    await ask(page, code);
    const alert = baselineOf(page).getByRole('alert').last();
    await expect(alert.getByText(`because of ${code}`)).toBeVisible();
    const lines = await alert.locator('p').allTextContents();
    expect(lines).toHaveLength(4);
    faces.add(lines[0] ?? '');
  }
  expect(faces.size).toBe(CHAT_FAILURE_CODES.length);
});
