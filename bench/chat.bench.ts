/** What a streamed Markdown answer costs the browser: at 200 tokens/s in both lanes, and when everything comes at once. */
import { expect, type Page, test } from '@playwright/test';
import { type ScriptedModel, startScriptedModel } from '../e2e/scripted-model';
import { openStage, type Stage } from '../e2e/stage';
import { mainThreadTasksMs } from './main-thread-tasks';
import { percentile, record } from './measurements';

const TOKENS_PER_SECOND = 200;
const STREAM_SECONDS = 20;
/** A task longer than this makes a frame late that everyone sees (W3C Long Tasks). */
const LONG_TASK_MS = 50;
/** Platform-pitfalls F59. */
const TYPING_GOAL_MS = 200;

const PART = `## Step: look at the queue

The queue is **long** when \`vllm:num_requests_waiting\` grows; then *more* replicas help, and [this](https://docs.example.com) says how.

1. Read the gauge
2. Compare with the limit
   - and write it down

| sign | means |
| --- | --- |
| waiting > 10 | too little capacity |

\`\`\`bash
# watch it
for pod in $(oc get pods -o name); do echo "$pod"; done
\`\`\`

`;

let model: ScriptedModel;
let stage: Stage;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  model = await startScriptedModel();
  stage = await openStage({
    labArguments: [],
    env: { BASELINE_URL: model.url, DISTRIBUTED_URL: model.url },
  });
});

test.afterAll(async () => {
  await stage.close();
  await model.close();
});

interface Trace {
  longTasksMs: number[];
  framesMs: number[];
}

async function startTrace(page: Page): Promise<void> {
  await page.evaluate(() => {
    const trace: Trace = { longTasksMs: [], framesMs: [] };
    Object.assign(window, { trace });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) trace.longTasksMs.push(duration);
    }).observe({ type: 'longtask' });
    let before = performance.now();
    const onFrame = (now: number): void => {
      trace.framesMs.push(now - before);
      before = now;
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
  });
}

function readTrace(page: Page): Promise<Trace> {
  return page.evaluate(() => (window as unknown as { trace: Trace }).trace);
}

/** As on a laptop, and as on stage. */
const VIEWS = [
  { density: 'desk', width: 1280, height: 720 },
  { density: 'stage', width: 1920, height: 1080 },
] as const;

async function openChat(page: Page, { density, width, height }: (typeof VIEWS)[number]): Promise<void> {
  await page.setViewportSize({ width, height });
  await page
    .context()
    .addCookies(['density', 'density-now'].map((name) => ({ name, value: density, url: stage.url })));
  await page.goto(`${stage.url}/chat?tokens=4096`);
  await expect(page.getByRole('button', { name: /What llm-d adds/ }).first()).toBeVisible();
}

for (const view of VIEWS) {
  test(`no late frame at 200 tokens/s of Markdown in both lanes, ${view.density}`, async ({
    page,
    browser,
  }) => {
    const tokens = TOKENS_PER_SECOND * STREAM_SECONDS;
    // With the line breaks at its end: a part that swallowed them would make all that follows one block of code.
    const pieces = PART.match(/\S{1,6}\s*/g) ?? [];
    const chunks = Array.from({ length: tokens }, (_, index) => pieces[index % pieces.length] ?? '');
    model.answer(() => ({ chunks, everyMs: 1_000 / TOKENS_PER_SECOND }));
    await openChat(page, view);
    const prompt = page.getByRole('textbox', { name: 'Prompt' });
    await prompt.fill('Write it down.');
    await prompt.press('Enter');
    await expect(page.getByText(/First token: (INT4|llm-d|too close)/)).toBeVisible();
    await startTrace(page);
    await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel'] });
    // Little is asked of the page meanwhile: finding a button by its role is a task of its own.
    await page.waitForTimeout(STREAM_SECONDS * 1_000);
    // The ends of both answers are part of it, and what follows them.
    await expect(page.locator('button[type=submit]')).toBeVisible({ timeout: 40_000 });
    await page.waitForTimeout(1_000);
    const { longTasksMs, framesMs } = await readTrace(page);
    const tasksMs = mainThreadTasksMs(await browser.stopTracing());
    const seen = `${view.density} at ${view.width}×${view.height}`;
    record({
      bench: 'chat',
      name: `longest task while two lanes stream ${TOKENS_PER_SECOND} tokens/s of Markdown, CPU time, ${seen}`,
      unit: 'ms',
      value: tasksMs.reduce((longest, task) => Math.max(longest, task), 0),
      samples: tasksMs.length,
      atMost: LONG_TASK_MS,
      note: `CPU time of the main thread per task, in ${STREAM_SECONDS} s, both ends included`,
    });
    record({
      bench: 'chat',
      name: `longest task meanwhile, on the clock, ${seen}`,
      unit: 'ms',
      value: Math.max(0, ...longTasksMs),
      samples: longTasksMs.length,
      atMost: null,
      note: 'tasks over 50 ms; 0 when there was none; as long as it says on an idle machine only',
    });
    record({
      bench: 'chat',
      name: `time between frames meanwhile, p99, ${seen}`,
      unit: 'ms',
      value: percentile(framesMs, 99),
      samples: framesMs.length,
      atMost: null,
      note: 'headless Chromium draws at 60 Hz',
    });
  });
}

test('typing answers while a flood comes in', async ({ page }) => {
  const chunks = Array.from({ length: 50_000 }, (_, index) => (index % 12 === 11 ? '.\n\n' : 'token '));
  model.answer(() => ({ chunks, everyMs: 0 }));
  await openChat(page, VIEWS[0]);
  const prompt = page.getByRole('textbox', { name: 'Prompt' });
  await prompt.fill('Flood.');
  await prompt.press('Enter');
  await page.evaluate(() => {
    const inputMs: number[] = [];
    Object.assign(window, { inputMs });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') inputMs.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  await expect(page.getByText(/token token/).first()).toBeVisible();
  await prompt.pressSequentially('is it still there while all of this comes in at once', { delay: 40 });
  const inputMs = await page.evaluate(() => (window as unknown as { inputMs: number[] }).inputMs);
  record({
    bench: 'chat',
    name: 'slowest key press while 50 000 tokens come in at once, two lanes',
    unit: 'ms',
    value: Math.max(16, ...inputMs),
    samples: inputMs.length,
    atMost: TYPING_GOAL_MS,
    note: 'to the next paint, as the browser measures it (Event Timing); platform-pitfalls F59',
  });
});
