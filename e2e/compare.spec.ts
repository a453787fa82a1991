/** Compare, beyond its first look: what is chosen, opened, pinned, taken away, and what it says when there is nothing. */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { compareSchema } from '@/lib/contracts/compare';
import { test as base, expect } from './fixtures';
import { guidellmFile } from './guidellm-file';
import { openStage, type Stage } from './stage';

const test = base.extend<object, { stage: Stage }>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
    async ({}, use) => {
      const stage = await openStage({
        labArguments: ['--users', 'baseline=2,distributed=2', '--prometheus', 'embedded'],
      });
      await use(stage);
      await stage.close();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

function chart(page: Page, metric: string) {
  return page.locator(`[data-metric="${metric}"]`);
}

async function openCompare(page: Page, stage: Stage, search = ''): Promise<void> {
  await page.goto(`${stage.url}/compare${search}`);
  await expect(page.locator('[data-metric] svg path, [data-opened], table').first()).toBeAttached();
}

async function useStageSize(page: Page, stage: Stage): Promise<void> {
  await page.context().addCookies([
    { name: 'density', value: 'stage', url: stage.url },
    { name: 'density-now', value: 'stage', url: stage.url },
  ]);
}

async function expectAccessible(page: Page): Promise<void> {
  await expect(async () => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ') ?? ''}`)).toEqual([]);
  }).toPass({ timeout: 45_000 });
}

test('paused curves stand still, over a step away and a reload, and go on when told', async ({
  page,
  stage,
}) => {
  await openCompare(page, stage);
  await page.keyboard.press('p');
  await expect(page).toHaveURL(/paused=/);
  const address = page.url();
  await expect(page.getByText(/^paused at \d\d:\d\d:\d\d/)).toBeVisible();
  await page.keyboard.press('1');
  await expect(page).toHaveURL(/checklist/);
  await page.keyboard.press('4');
  await expect(page).toHaveURL(address);
  await page.reload();
  await expect(page.getByText(/^paused at/)).toBeVisible();
  const end = new URL(address).searchParams.get('paused') ?? '';
  const answer = compareSchema.parse(
    await (await page.request.get(`${stage.url}/api/compare?end=${encodeURIComponent(end)}`)).json(),
  );
  expect(answer.range).toMatchObject({ to: end, isPinned: true });
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page).not.toHaveURL(/paused=/);
});

test('one crosshair stands on all charts at the same time, by pointer and by key', async ({
  page,
  stage,
}) => {
  await useStageSize(page, stage);
  await openCompare(page, stage, '?window=1m');
  const box = await chart(page, 'ttft').locator('svg.recharts-surface').boundingBox();
  if (box === null) throw new Error('no plot');
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2);
  await expect(page.locator('[data-crosshair]')).toHaveCount(6);
  const places = await page
    .locator('[data-crosshair]')
    .evaluateAll((lines) => lines.map((line) => (line as HTMLElement).style.left));
  expect(new Set(places).size).toBe(1);
  await expect(page.getByText(/^at \d\d:\d\d:\d\d/)).toBeVisible();
  await page.mouse.move(5, 5);
  await expect(page.locator('[data-crosshair]')).toHaveCount(0);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page.locator('[data-crosshair]')).toHaveCount(6);
});

test('charts out of view stand still, and are current when they come into view', async ({ page, stage }) => {
  await openCompare(page, stage, '?window=1m');
  const lineOf = (metric: string) =>
    chart(page, metric).locator('svg.recharts-surface path[stroke-linejoin]').last().getAttribute('d');
  await expect.poll(() => lineOf('picker-requests'), { timeout: 30_000 }).not.toBeNull();
  // The observer has its first word.
  await expect.poll(async () => (await lineOf('running'))?.length ?? 0).toBeGreaterThan(5);
  const hidden = await lineOf('picker-requests');
  for (let update = 0; update < 2; update += 1) {
    const seen = await lineOf('running');
    await expect.poll(() => lineOf('running'), { timeout: 30_000 }).not.toBe(seen);
  }
  expect(await lineOf('picker-requests')).toBe(hidden);
  await chart(page, 'picker-requests').scrollIntoViewIfNeeded();
  await expect.poll(() => lineOf('picker-requests'), { timeout: 30_000 }).not.toBe(hidden);
});

test('one chart takes the screen by press and by key, with its words, and Esc gives it back', async ({
  page,
  stage,
}) => {
  await openCompare(page, stage);
  await page.getByRole('button', { name: 'Open First token, p95' }).click();
  await expect(page).toHaveURL(/chart=ttft/);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: /First token, p95/ })).toBeVisible();
  const words = page.getByRole('region', { name: 'Distributed', exact: true });
  await expect(words.getByText(/between [\d.]+ and [\d.]+/)).toBeVisible({ timeout: 40_000 });
  await expect(words.getByText(/^mean [\d.]+ m?s over 5m/)).toBeVisible();
  await expect(words.getByRole('row')).toHaveCount(2);
  await expectAccessible(page);
  await page.keyboard.press('ArrowDown');
  await expect(page).toHaveURL(/chart=itl/);
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/chart=/);
  await page.keyboard.press('o');
  await expect(page).toHaveURL(/chart=ttft/);
  await page.keyboard.press('o');
  await expect(page).not.toHaveURL(/chart=/);
});

test('the queries of a chart are copied by its button and by its key, one of each arm', async ({
  page,
  context,
  stage,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openCompare(page, stage, '?chart=running');
  await expect(page.getByRole('button', { name: 'Copy PromQL' })).toBeVisible();
  const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press('c');
  await expect
    .poll(copied)
    .toMatch(/^# INT4 baseline\n.*num_requests_running.*\n# Distributed\n.*num_requests_running/);
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await page.getByRole('button', { name: 'Copy PromQL' }).click();
  await expect.poll(copied).toContain('# Distributed');
});

test('a chart can be taken away as CSV and PNG that say what they are', async ({ page, stage }) => {
  await openCompare(page, stage, '?chart=generation-throughput');
  await expect(page.getByRole('heading', { level: 1, name: /Output/ })).toBeVisible();
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  const text = readFileSync(await csv.path(), 'utf8');
  expect(text).toContain('# SIMULATED');
  expect(text).toMatch(/# INT4 baseline PromQL: .*generation_tokens_total/);
  expect(text).toMatch(/^"time","INT4","llm-d"/m);
  expect(csv.suggestedFilename()).toContain('simulated');
  const [picture] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'PNG' }).click(),
  ]);
  const bytes = readFileSync(await picture.path());
  expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect(bytes.length).toBeGreaterThan(10_000);
});

test('everything the curves show stands in tables too', async ({ page, stage }) => {
  await openCompare(page, stage);
  await page.keyboard.press('t');
  await expect(page).toHaveURL(/view=table/);
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows.filter({ hasText: 'First token' })).toHaveCount(1);
  await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(10);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Open Running' }).click();
  await page.keyboard.press('t');
  const points = page.getByRole('region', { name: /^Values of Running/ }).getByRole('row');
  await expect.poll(() => points.count()).toBeGreaterThan(30);
});

test('side by side both panels have the same axis', async ({ page, stage }) => {
  await useStageSize(page, stage);
  await openCompare(page, stage);
  await page.keyboard.press('s');
  await expect(page).toHaveURL(/sides=1/);
  await expect(chart(page, 'ttft').locator('svg.recharts-surface')).toHaveCount(2);
  const tops = chart(page, 'ttft').locator('[data-axis-top]');
  await expect(tops).toHaveCount(2);
  expect(new Set(await tops.allTextContents()).size).toBe(1);
});

test('on stage the charts come in pages that say which they are', async ({ page, stage }) => {
  await useStageSize(page, stage);
  await openCompare(page, stage);
  await expect(page.getByText(/^charts 1–6 of \d+$/)).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByText(/^charts 7–12 of \d+$/)).toBeVisible();
  await expect(page).toHaveURL(/page=2/);
  await expect(chart(page, 'e2e')).toBeVisible();
});

test('one arm is pinned, the other runs later: both clocks are shown and nothing is claimed', async ({
  page,
  stage,
}) => {
  await openCompare(page, stage, '?window=1m');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Pin INT4 as it is now' }).click();
  await expect(page).toHaveURL(/pin=baseline/);
  await expect(page.getByRole('heading', { level: 1, name: 'No difference is claimed' })).toBeVisible();
  const legend = page.getByRole('list', { name: 'Arms' });
  await expect(legend.getByText(/\d\d:\d\d:\d\d–\d\d:\d\d:\d\d, pinned/)).toBeVisible();
  await page.getByRole('button', { name: 'Start the other arm here' }).click();
  await expect(page).toHaveURL(/run=/);
  await page.reload();
  await expect(legend.getByText(/\d\d:\d\d:\d\d–\d\d:\d\d:\d\d/)).toHaveCount(2);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Unpin INT4' }).click();
  await expect(page).not.toHaveURL(/pin=/);
});

test('figures published elsewhere are off until asked for, and never without their source', async ({
  page,
  stage,
}) => {
  await openCompare(page, stage, '?chart=ttft');
  await expect(page.getByRole('heading', { level: 1, name: /First token/ })).toBeVisible();
  await expect(page.getByText(/Published/)).toHaveCount(0);
  await openCompare(page, stage, '?chart=ttft&published=reference-demo');
  await expect(page.getByText('vLLM ×4, round robin: p95 0.745 s')).toBeVisible();
  const source = page.getByText(/Red Hat Developer, 13 January 2026.*another model \(Qwen3-0\.6B\)/);
  await expect(source).toBeVisible();
  await openCompare(page, stage, '?published=reference-demo');
  await expect(source).toBeVisible();
});

test('the ladder draws dropped GuideLLM files as RECORDED, and refuses a damaged one with the place', async ({
  page,
  stage,
}) => {
  await openCompare(page, stage);
  await page.keyboard.press('g');
  await expect(page).toHaveURL(/view=ladder/);
  await expect(page.getByText('No recorded ladder', { exact: true })).toBeVisible();
  const input = page.locator('input[type=file]');
  const stages = (factor: number) =>
    [1, 5, 10].map((users) => ({
      users,
      ttftMs: users * factor,
      itlMs: 50 + users,
      outputTokensPerSecond: users * 15,
    }));
  const file = (name: string, text: string) => ({
    name,
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  });
  await input.setInputFiles([
    file('int4.json', guidellmFile('http://mistral-3-int4-predictor', stages(250))),
    file('llm-d.json', guidellmFile('http://mistral-3-distributed', stages(150))),
    file('broken.json', '{"metadata": {"version": 1}, "benchmarks": [{"config": {}}]}'),
  ]);
  await expect(
    page.getByRole('heading', { level: 1, name: 'llm-d kept the service level up to 5 users, INT4 up to 1' }),
  ).toBeVisible();
  await expect(page.getByText('breaks at 5 of 10 users')).toBeVisible();
  await expect(page.getByText('RECORDED', { exact: true })).toHaveCount(2);
  await expect(page.getByRole('alert').filter({ hasText: 'Refused: broken.json' })).toContainText(
    '$.benchmarks[0]',
  );
  await expectAccessible(page);
});

test('with Prometheus away the last curves stay and the charts say so', async ({ page, stage }) => {
  test.setTimeout(120_000);
  await openCompare(page, stage, '?window=5m');
  await expect(
    chart(page, 'running')
      .getByRole('button', { name: /^Running, / })
      .first(),
  ).toBeVisible();
  stage.lab('fault', 'prometheus-down', 'on');
  try {
    await expect(chart(page, 'running').getByText('unreachable').first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('heading', { level: 1, name: 'No difference is claimed' })).toBeVisible();
  } finally {
    stage.lab('fault', 'prometheus-down', 'off');
  }
  await expect(chart(page, 'running').getByText('unreachable')).toHaveCount(0, { timeout: 60_000 });
});

test.describe('in a quiet cluster', () => {
  // A stage of its own: no visitor ever came.
  test.use({ visitsElsewhere: true });

  test('without visitors the charts say that there is no traffic, and when the next scrape is', async ({
    page,
  }) => {
    test.setTimeout(200_000);
    const quiet = await openStage({ labArguments: [] });
    try {
      await page.goto(`${quiet.url}/compare?window=1m`);
      // The dashboard's own probes are no traffic.
      await expect(
        chart(page, 'ttft')
          .getByText(/no traffic/i)
          .first(),
      ).toBeVisible({ timeout: 120_000 });
      await expect(page.getByText(/next scrape in \d+\s?s|scrape due now/).first()).toBeVisible();
      await expect(page.getByRole('heading', { level: 1, name: 'No difference is claimed' })).toBeVisible();
    } finally {
      await quiet.close();
    }
  });
});
