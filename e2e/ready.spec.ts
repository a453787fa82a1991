import type { Page } from '@playwright/test';
import { probeAnswerSchema } from '@/lib/contracts/checklist-probe';
import { expect, test } from './fixtures';
import { rawRequest } from './raw-http';
import { openStage, type Stage } from './stage';

/** The Ready screen of a stage, in the density the test is about. */
async function openReady(page: Page, url: string, density: 'stage' | 'desk', search = ''): Promise<void> {
  await page.context().addCookies([
    { name: 'density', value: density, url },
    { name: 'density-now', value: density, url },
  ]);
  await page.goto(`${url}/checklist${search}`);
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
}

async function untilVerdict(stage: Stage, verdict: string): Promise<void> {
  await expect
    .poll(async () => (await stage.checklist()).verdict, { timeout: 60_000, intervals: [250] })
    .toBe(verdict);
}

test('the verdict, what is open to anyone, and every group fit on the stage without scrolling', async ({
  page,
  stage,
}) => {
  await untilVerdict(stage, 'go');
  for (const size of [
    { width: 1920, height: 1080 },
    { width: 1280, height: 720 },
  ]) {
    await page.setViewportSize(size);
    await openReady(page, stage.url, 'stage');
    await expect(page.getByRole('heading', { level: 1, name: 'GO', exact: true })).toBeVisible();
    await expect(page.getByText('unauthenticated · demo only, not production-aligned')).toBeVisible();
    for (const name of ['Infrastructure', 'Platform', 'Application', 'Governance & observability']) {
      await expect(page.getByRole('region', { name })).toBeInViewport({ ratio: 0.99 });
    }
    const overflow = await page.evaluate(
      () =>
        [...document.querySelectorAll('[data-gates] ul')].filter(
          (list) => list.scrollHeight > list.clientHeight + 2,
        ).length,
    );
    expect(overflow).toBe(0);
  }
});

test('a gate is reached, opened, copied and left by keyboard alone, and its address opens it again', async ({
  page,
  stage,
}) => {
  await untilVerdict(stage, 'go');
  await openReady(page, stage.url, 'desk');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const focused = page.locator(':focus');
  const gate = await focused.getAttribute('data-gate');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`\\?gate=${gate}$`));
  await expect(page.getByRole('region', { name: 'Evidence' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('article')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(page).not.toHaveURL(new RegExp(`\\?gate=${gate}$`));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
});

test('what changed, the report and the platform’s screens are one key away', async ({ page, stage }) => {
  await untilVerdict(stage, 'go');
  await openReady(page, stage.url, 'stage');
  await page.keyboard.press('h');
  await expect(page).toHaveURL(/\?view=more$/);
  await expect(page.getByRole('link', { name: 'OpenShift console' })).toHaveAttribute(
    'href',
    'https://console-openshift-console.apps.rhoai-demo.example.com/k8s/cluster/projects/private-ai',
  );
  for (const name of ['Argo CD', 'Grafana']) await expect(page.getByRole('link', { name })).toBeVisible();
  const download = page.waitForEvent('download');
  await page.keyboard.press('d');
  expect((await download).suggestedFilename()).toBe('checklist.md');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Infrastructure' })).toBeVisible();
});

test('the report is copied as Markdown by key and as JSON by button', async ({ page, stage, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.url });
  await untilVerdict(stage, 'go');
  await openReady(page, stage.url, 'stage', '?view=more');
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press('c');
  await expect.poll(clipboard).toMatch(/^# Ready\? GO/);
  await page.getByRole('button', { name: 'Copy as JSON' }).click();
  await expect.poll(clipboard).toMatch(/^\{\n {2}"report": "checklist"/);
});

test('asking again sends live requests now, and says so', async ({ page, stage }) => {
  await untilVerdict(stage, 'go');
  await openReady(page, stage.url, 'stage');
  const asked = page.waitForResponse((response) => response.url().endsWith('/api/checklist/probe'));
  await page.keyboard.press('r');
  expect((await asked).status()).toBe(200);
  await expect(page.getByText(/^(Asking again …|Asked a moment ago)$/)).toBeVisible();
});

test.describe('in an empty cluster', () => {
  let bare: Stage;

  test.beforeAll(async () => {
    bare = await openStage({ labArguments: ['--scenario', 'bare'] });
  });
  test.afterAll(() => bare.close());
  test.use({ visitsElsewhere: true });

  test('one missing operator reads as one problem, and what waits for it points there', async ({ page }) => {
    await untilVerdict(bare, 'no-go');
    await openReady(page, bare.url, 'stage');
    await expect(page.getByRole('heading', { level: 1, name: 'NO GO' })).toBeVisible();
    const way = page.getByRole('region', { name: 'Verdict' });
    await expect(
      way.getByRole('button', { name: /OpenShift AI with model serving.*gates wait behind it/ }),
    ).toBeVisible();
    await expect(
      page
        .getByRole('region', { name: 'Application' })
        .getByText(/wait for “OpenShift AI with model serving”/),
    ).toBeVisible();
    await openReadyGate(page, bare.url, 'distributed-answers');
    await page.getByRole('button', { name: 'OpenShift AI with model serving', exact: true }).click();
    await expect(page).toHaveURL(/\?gate=rhoai-platform$/);
  });

  test('a gate that comes true is seen to change, with the time', async ({ page }) => {
    await untilVerdict(bare, 'no-go');
    await openReady(page, bare.url, 'stage', '?view=more');
    bare.lab('scenario', 'healthy');
    await untilVerdict(bare, 'go');
    await expect(page.getByRole('heading', { level: 1, name: 'GO', exact: true })).toBeVisible();
    await expect(page.getByRole('region', { name: 'What changed' }).first()).toContainText(
      'OpenShift AI with model serving: fail → pass',
    );
  });
});

async function openReadyGate(page: Page, url: string, gate: string): Promise<void> {
  await page.goto(`${url}/checklist?gate=${gate}`);
  await expect(page.getByRole('article')).toBeVisible();
}

test('asking again costs one round however often it is asked, and only pages of the dashboard may ask', async ({
  stage,
}) => {
  const ask = (headers: Record<string, string> = {}, body = '{}') =>
    rawRequest(stage.url, {
      method: 'POST',
      path: '/api/checklist/probe',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    });
  const answer = async () => probeAnswerSchema.parse(JSON.parse((await ask()).body));
  let first = await answer();
  // Another test may have asked a moment ago.
  await expect
    .poll(
      async () => {
        if (!first.isNew) first = await answer();
        return first.isNew;
      },
      { timeout: 15_000 },
    )
    .toBe(true);
  const second = await answer();
  expect(second).toEqual({ startedAt: first.startedAt, isNew: false });
  expect((await ask({ Origin: 'http://evil.test' })).status).toBe(403);
  expect((await ask({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  expect((await ask({}, '{"arm":"baseline"}')).status).toBe(400);
  expect((await rawRequest(stage.url, { path: '/api/checklist/probe' })).status).toBe(405);
});
