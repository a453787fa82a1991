/** The four screens, live, and the frame around them. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { sourceLight } from './source-light';

const SCREENS = ['/checklist', '/placement', '/chat', '/compare'] as const;

async function openScreen(page: Page, url: string, path: string): Promise<void> {
  await page.goto(`${url}${path}`);
  await expect(sourceLight(page, 'cluster', 'live')).toBeVisible();
}

test('Ready shows the verdict, folds open into a gate with its evidence, and keeps it in the address', async ({
  page,
  stage,
}) => {
  await openScreen(page, stage.url, '/checklist');
  await expect(page.getByRole('heading', { level: 1, name: 'GO', exact: true })).toBeVisible();
  const { gates } = await stage.checklist();
  const passing = gates.filter(({ status }) => status === 'pass').length;
  await expect(page.getByText(`${passing} of ${gates.length} gates pass.`)).toBeVisible();

  await page.getByRole('button', { name: /^GPU nodes/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: /3 of 3 g6\.4xlarge nodes Ready/ })).toBeVisible();
  await expect(page.getByText('oc get nodes -l node.kubernetes.io/instance-type=g6.4xlarge')).toBeVisible();
  await expect(page.getByText('GET /api/v1/nodes', { exact: false }).first()).toBeVisible();
  await expect(page).toHaveURL(/gate=gpu-nodes/);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: /3 of 3 g6\.4xlarge nodes Ready/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(page).toHaveURL(/gate=(?!gpu-nodes)[a-z-]+/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { level: 1, name: 'GO', exact: true })).toBeVisible();
});

test('killing a pod changes Placement and Ready in the open browser without a reload', async ({
  page,
  context,
  stage,
}) => {
  test.setTimeout(150_000);
  const ready = await context.newPage();
  await openScreen(ready, stage.url, '/checklist?gate=distributed-pods');
  await openScreen(page, stage.url, '/placement');
  await expect(
    page.getByRole('heading', { level: 1, name: /^2 replicas, each the whole model/ }),
  ).toBeVisible();
  await page.evaluate(() => {
    (window as unknown as { hasNotReloaded: boolean }).hasNotReloaded = true;
  });

  const victim = (await stage.placement()).pods.find(({ role }) => role === 'both');
  if (victim === undefined) throw new Error('no distributed pod');
  stage.lab('kill-pod', victim.name);

  await expect(
    page.getByRole('heading', { level: 1, name: /^2 replicas, each the whole model/ }),
  ).toBeHidden();
  await expect(ready.getByRole('heading', { level: 1, name: /^1 of 2 pods/ })).toBeVisible();
  await expect(page.getByText(victim.name.slice(-5)).first()).toBeVisible();

  // The model loads again in the lab's shortened time, and everything heals by itself.
  await expect(
    page.getByRole('heading', { level: 1, name: /^2 replicas, each the whole model/ }),
  ).toBeVisible({
    timeout: 90_000,
  });
  await expect(ready.getByRole('heading', { level: 1, name: /^2 of 2 pods are ready/ })).toBeVisible();
  const after = await stage.placement();
  expect(after.pods.map(({ uid }) => uid)).not.toContain(victim.uid);
  expect(after.pods.filter(({ role }) => role === 'both')).toHaveLength(2);
  expect(
    await page.evaluate(() => (window as unknown as { hasNotReloaded?: boolean }).hasNotReloaded === true),
  ).toBe(true);
});

test('Chat races both lanes from one start and says how it measured', async ({ page, stage }) => {
  await openScreen(page, stage.url, '/chat');
  await page.keyboard.press('Shift+1');
  const baseline = page.getByRole('region', { name: 'INT4 baseline', exact: true });
  const distributed = page.getByRole('region', { name: 'Distributed', exact: true });
  for (const lane of [baseline, distributed]) {
    await expect(lane.getByText(/ended by itself|cut at the token limit/)).toBeVisible({ timeout: 40_000 });
    const firstToken = lane.getByRole('button', { name: /first token/i }).first();
    await expect(firstToken).toBeVisible();
    await firstToken.click();
    await expect(page.getByText(/POST https?:\/\/.*\/v1\/chat\/completions/).first()).toBeVisible();
    await page.keyboard.press('Escape');
  }
  await expect(distributed.getByText(/Gateway/).first()).toBeVisible();
  await expect(page.getByText(/ms apart/)).toBeVisible();
});

test('Stop ends the answer at the engine, not only on the screen', async ({ page, stage }) => {
  await openScreen(page, stage.url, '/chat');
  await page.getByRole('button', { name: 'INT4 alone' }).click();
  await page
    .getByRole('textbox', { name: 'Prompt' })
    .fill('Tell me everything about prefix caching, at great length.');
  await page.keyboard.press('Enter');
  const lane = page.getByRole('region', { name: 'INT4 baseline', exact: true });
  await expect(lane.getByRole('region', { name: /Conversation/ })).toContainText(/\w+ \w+ \w+/);
  await page.keyboard.press('Escape');
  await expect(lane.getByText(/stopped/i).first()).toBeVisible();
});

test('Compare draws both arms from Prometheus, with every choice in the address', async ({ page, stage }) => {
  await openScreen(page, stage.url, '/compare?window=1m&percentile=99');
  await expect(page.getByRole('heading', { name: /First token/ }).first()).toBeVisible();
  const answer = await page.request.get(`${stage.url}/api/compare?window=1m&percentile=99`);
  expect(((await answer.json()) as { metrics: unknown[] }).metrics).toHaveLength(9);
  await page.getByRole('button', { name: '15m', exact: true }).click();
  await expect(page).toHaveURL(/window=15m/);
  await page.reload();
  await expect(page.getByRole('button', { name: '15m', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
});

test('keys jump, step and blank; while typing only PageUp, PageDown and Esc are keys', async ({
  page,
  stage,
}) => {
  await openScreen(page, stage.url, '/checklist');
  await page.keyboard.press('2');
  await expect(page).toHaveURL(/\/placement/);
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/\/chat/);
  await page.keyboard.press('PageDown');
  await expect(page).toHaveURL(/\/compare/);
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(/\/chat/);
  await page.getByRole('textbox', { name: 'Prompt' }).fill('');
  await page.getByRole('textbox', { name: 'Prompt' }).pressSequentially('4?b.');
  await expect(page).toHaveURL(/\/chat/);
  await expect(page.getByRole('textbox', { name: 'Prompt' })).toHaveValue('4?b.');
  await page.keyboard.press('PageUp');
  await expect(page).toHaveURL(/\/placement/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('b');
  await expect(page.getByText('The screen is blank. Press b or Esc to return.')).toBeAttached();
  await page.keyboard.press('.');
  await expect(page.getByText('The screen is blank. Press b or Esc to return.')).not.toBeAttached();
});

test('theme and size survive a reload without a flash of the other', async ({ page, stage }) => {
  await openScreen(page, stage.url, '/checklist');
  await page.getByRole('button', { name: 'Switch to the dark theme' }).click();
  await page.getByRole('button', { name: 'Switch to stage size' }).click();
  const html = (await (await page.request.get(`${stage.url}/checklist`)).text()).slice(0, 400);
  expect(html).toContain('data-theme="dark"');
  expect(html).toContain('data-density="stage"');
});

for (const path of SCREENS) {
  for (const theme of ['light', 'dark']) {
    test(`${path} has no accessibility violation in the ${theme} theme`, async ({ page, context, stage }) => {
      await context.addCookies([{ name: 'theme', value: theme, url: stage.url }]);
      await openScreen(page, stage.url, path);
      // Figures change while the rules run, and a name read before meets a text read after; what is wrong stays wrong.
      await expect(async () => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
          ),
        ).toEqual([]);
      }).toPass({ timeout: 45_000 });
    });
  }
}

test('a tour of all screens asks nobody outside and breaks no policy', async ({
  page,
  stage,
  browserTrouble,
}) => {
  for (const path of SCREENS) await openScreen(page, stage.url, path);
  await page.keyboard.press('3');
  await page.keyboard.press('Shift+6');
  await page.waitForLoadState('networkidle').catch(() => undefined);
  expect(browserTrouble).toEqual([]);
  const hosts = stage
    .connections()
    .map((line) => line.replace(/^\w+ /, '').replace(/:\d+$/, ''))
    .filter((host) => host !== '127.0.0.1' && host !== 'localhost' && host !== 'pipe');
  expect([...new Set(hosts)]).toEqual([]);
});

test('several tabs share one live stream, and another takes over when its reader closes', async ({
  context,
  stage,
}) => {
  const readers: Page[] = [];
  const tabs = [await context.newPage(), await context.newPage(), await context.newPage()];
  for (const tab of tabs) {
    tab.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/events') readers.push(tab);
    });
    await openScreen(tab, stage.url, '/placement');
    await expect(tab.getByRole('heading', { level: 1, name: /^2 replicas/ })).toBeVisible();
  }
  expect(new Set(readers).size).toBe(1);

  await readers[0]?.close();
  const others = tabs.filter((tab) => tab !== readers[0]);
  await expect.poll(() => others.some((tab) => readers.includes(tab))).toBe(true);
  for (const tab of others) await expect(sourceLight(tab, 'cluster', 'live')).toBeVisible();
  expect(others.filter((tab) => readers.includes(tab))).toHaveLength(1);
});
