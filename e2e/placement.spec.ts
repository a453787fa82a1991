/** Placement: where each pod sits, what becomes of it, and what is under the hood. A stage of its own: pods are deleted here. */
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { addGpuNodes } from './gpu-nodes';
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

interface Sighting {
  uid: string;
  /** `Waiting area`, or the node's name. */
  place: string;
  words: string;
}

/** Notes every place and word the page shows for each pod, from now on. */
async function watchPods(page: Page): Promise<() => Promise<Sighting[]>> {
  await page.evaluate(() => {
    const seen: Sighting[] = [];
    const last = new Map<string, string>();
    const look = (): void => {
      const shown = new Set<string>();
      for (const element of document.querySelectorAll<HTMLElement>('[data-pod]')) {
        const uid = element.dataset.pod ?? '';
        shown.add(uid);
        const node = element.closest<HTMLElement>('[data-node]')?.dataset.node;
        const place = node ?? element.closest('section')?.getAttribute('aria-label') ?? '';
        // Ages count by themselves; a step is a change of words.
        const words = (element.textContent ?? '').replaceAll(/\d+/g, '#');
        const key = `${place} ${/ready|loading|starting|pending|terminating/.exec(words)?.[0] ?? ''}`;
        if (last.get(uid) === key) continue;
        last.set(uid, key);
        seen.push({ uid, place, words });
      }
      for (const uid of last.keys()) {
        if (shown.has(uid)) continue;
        last.delete(uid);
        seen.push({ uid, place: 'gone', words: '' });
      }
    };
    look();
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    (window as unknown as { podsSeen: Sighting[] }).podsSeen = seen;
  });
  return () => page.evaluate(() => (window as unknown as { podsSeen: Sighting[] }).podsSeen);
}

const headline = (page: Page, name: RegExp) => page.getByRole('heading', { level: 1, name });
const READY = /^2 replicas, each the whole model, on 2 different g6\.4xlarge nodes/;

async function open(page: Page, stage: Stage, search = ''): Promise<void> {
  await page.goto(`${stage.url}/placement${search}`);
  await expect(page.getByRole('region', { name: 'Path of a request' })).toBeVisible();
}

async function heal(stage: Stage): Promise<void> {
  stage.lab('scenario', 'healthy');
  await expect.poll(async () => (await stage.placement()).statement.text, { timeout: 90_000 }).toMatch(READY);
}

test('a killed pod leaves, its successor waits, loads and turns ready, and the timeline tells it in one line', async ({
  page,
  stage,
}) => {
  test.setTimeout(150_000);
  await open(page, stage);
  await expect(headline(page, READY)).toBeVisible();
  const victim = (await stage.placement()).pods.find(({ role }) => role === 'both');
  if (victim === undefined) throw new Error('no distributed pod');
  const sightings = await watchPods(page);
  const boxes = () =>
    Promise.all(
      ['Path of a request', 'Waiting area', 'What happened'].map(async (name) => {
        const box = await page.getByRole('region', { name, exact: true }).boundingBox();
        return [name, Math.round(box?.y ?? -1)];
      }),
    );
  const before = await boxes();

  stage.lab('kill-pod', victim.name);
  await expect(headline(page, /; 1 of 2 ready/)).toBeVisible();
  expect(await boxes()).toEqual(before);
  const happened = page.getByRole('region', { name: 'What happened', exact: true });
  const short = victim.name.slice(-5);
  await expect(happened.getByText(new RegExp(`^for ${short}.*loads the model`)).first()).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByText('loading the model', { exact: false }).first()).toBeVisible();
  await expect(headline(page, READY)).toBeVisible({ timeout: 90_000 });
  await expect(
    happened.getByText(new RegExp(`^for ${short}.*ready \\d+\\ss after the loss`)).first(),
  ).toBeVisible();

  const successor = (await stage.placement()).stories.find(({ replaces }) => replaces?.uid === victim.uid);
  const steps = (await sightings()).filter(({ uid }) => uid === successor?.uid || uid === victim.uid);
  const of = (uid: string | undefined) => steps.filter((step) => step.uid === uid);
  expect(of(victim.uid).at(-1)?.place).toBe('gone');
  expect(of(successor?.uid)[0]?.place).toBe('Waiting area');
  expect(of(successor?.uid).at(-1)).toMatchObject({ place: victim.node });
  expect(of(successor?.uid).at(-1)?.words).toContain('ready');
  expect(of(successor?.uid).some(({ words }) => words.includes('loading'))).toBe(true);
});

test('one press on a pod opens its facts and its live log, and deleting it takes two', async ({
  page,
  stage,
}) => {
  test.setTimeout(150_000);
  await open(page, stage);
  await expect(headline(page, READY)).toBeVisible();
  const victim = (await stage.placement()).pods.find(({ role }) => role === 'both');
  if (victim === undefined) throw new Error('no distributed pod');
  const short = victim.name.slice(-5);
  await page.locator(`[data-pod="${victim.uid}"]`).getByRole('button', { name: short, exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Pod' });
  await expect(sheet.getByText('Application startup complete.')).toBeVisible();
  await expect(
    sheet.getByText(/GET \/api\/v1\/namespaces\/private-ai\/pods\/.*\/log\?container=main/),
  ).toBeVisible();

  await sheet.getByRole('button', { name: 'Delete this pod' }).click();
  await sheet.getByRole('button', { name: 'No', exact: true }).click();
  expect((await stage.placement()).pods.map(({ uid }) => uid)).toContain(victim.uid);
  await sheet.getByRole('button', { name: 'Delete this pod' }).click();
  await sheet.getByRole('button', { name: `Yes, delete ${short}` }).click();
  await expect(sheet.getByRole('status').filter({ hasText: 'is being deleted' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator(`[data-pod="${victim.uid}"]`)).toBeHidden({ timeout: 60_000 });
  await expect(headline(page, READY)).toBeVisible({ timeout: 90_000 });
  expect(stage.log()).toContain('a pod was deleted from the dashboard');
});

test('a log is read of the arms’ pods only, and its query is checked', async ({ stage }) => {
  const ask = async (query: string) => {
    const response = await fetch(`${stage.url}/api/placement/log?${query}`);
    return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
  };
  expect(await ask('uid=none-such')).toEqual([404, 'unknown-pod']);
  expect(await ask('uid=..%2Fsecrets')).toEqual([400, 'bad-input']);
  expect(await ask('uid=a&follow=true')).toEqual([400, 'bad-input']);
});

test('under the hood every object hangs from its owner, and Esc leads back', async ({ page, stage }) => {
  await open(page, stage);
  await page.getByRole('button', { name: 'Under the hood' }).click();
  await expect(page).toHaveURL(/view=hood/);
  await page.reload();
  const tree = page.getByRole('region', { name: 'Objects of Distributed', exact: true });
  for (const kind of [
    'LLMInferenceService',
    'Deployment',
    'ReplicaSet',
    'Pod',
    'HTTPRoute',
    'InferencePool',
    'Service',
  ]) {
    await expect(tree.getByText(kind, { exact: true }).first()).toBeVisible();
  }
  await expect(tree.getByText('2 of 2 pods ready').first()).toBeVisible();
  const baseline = page.getByRole('region', { name: 'Objects of INT4 baseline', exact: true });
  await expect(baseline.getByText('InferenceService', { exact: true })).toBeVisible();
  await tree
    .getByRole('button', { name: /^Pod .*kserve-(?!router)/ })
    .first()
    .click();
  await expect(page.getByRole('dialog').getByText('Application startup complete.')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Waiting area' })).toBeVisible();
  await expect(page).not.toHaveURL(/view=hood/);
});

test('the brackets say whose part is whose, and evidence names the request to the cluster', async ({
  page,
  stage,
}) => {
  await open(page, stage);
  await expect(
    page.getByText('Both endpoints: unauthenticated · demo only, not production-aligned'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'llm-d: platform' }).click();
  await expect(page.getByRole('dialog', { name: 'llm-d: platform' })).toContainText('never computes a token');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'vLLM: engine' }).click();
  await expect(page.getByRole('dialog', { name: 'vLLM: engine' })).toContainText('on the GPU');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^HTTPRoute ?: pass/ }).click();
  await expect(page.getByRole('dialog')).toContainText(
    'GET /apis/gateway.networking.k8s.io/v1/namespaces/private-ai/httproutes',
  );
});

/** One short chat by the Gateway, to its end. */
async function askThroughGateway(stage: Stage): Promise<void> {
  const response = await fetch(`${stage.url}/api/chat`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      arm: 'distributed',
      path: 'gateway',
      messages: [{ role: 'user', content: 'Hello' }],
      maxTokens: 4,
    }),
  });
  await response.text();
}

test('a Gateway that fails is dim although its object says Programmed, and the bypass says why', async ({
  page,
  stage,
}) => {
  test.setTimeout(120_000);
  await open(page, stage);
  await expect(page.getByText('The chat passes the scheduler.')).toBeVisible();
  stage.lab('fault', 'gateway-500', 'on');
  try {
    // A chat is the request that finds out.
    await askThroughGateway(stage);
    await expect(page.getByRole('button', { name: /^Gateway ?: fail/ })).toBeVisible({ timeout: 30_000 });
    await expect(
      page.getByText('Scheduler bypassed: the Gateway failed, the chat takes the Route.'),
    ).toBeVisible({ timeout: 30_000 });
  } finally {
    stage.lab('fault', 'gateway-500', 'off');
  }
  await askThroughGateway(stage);
  await expect(page.getByText('The chat passes the scheduler.')).toBeVisible({ timeout: 30_000 });
});

test('with the picker down the pool falls open, in words', async ({ page, stage }) => {
  test.setTimeout(120_000);
  await open(page, stage);
  stage.lab('fault', 'picker-down', 'on');
  try {
    await expect(
      page.getByText('Scheduler bypassed: the picker is down and the pool falls open.'),
    ).toBeVisible({
      timeout: 30_000,
    });
    await expect(page.getByRole('button', { name: /^InferencePool ?: warn/ })).toBeVisible();
  } finally {
    stage.lab('fault', 'picker-down', 'off');
  }
});

test('with the API down pods claim nothing after 20 s: they were ready, and the picture has an age', async ({
  page,
  stage,
}) => {
  test.setTimeout(120_000);
  await open(page, stage);
  await expect(page.getByText(/^ready · prefill \+ decode/).first()).toBeVisible();
  stage.lab('kubernetes-api', 'down');
  try {
    await expect(page.getByText(/^was ready · prefill \+ decode/).first()).toBeVisible({ timeout: 45_000 });
    await expect(page.getByText(/^last seen/)).toBeVisible();
    await expect(headline(page, /^Last seen: .*unknown$/)).toBeVisible();
  } finally {
    stage.lab('kubernetes-api', 'up');
  }
  await expect(page.getByText(/^ready · prefill \+ decode/).first()).toBeVisible({ timeout: 45_000 });
});

test('resyncs and reconnects move nothing', async ({ page, stage }) => {
  test.setTimeout(120_000);
  await page.addInitScript(() => {
    const counter = window as unknown as { moved: number };
    counter.moved = 0;
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (...rest) {
      counter.moved += 1;
      return animate.apply(this, rest);
    };
  });
  await open(page, stage);
  await expect(headline(page, READY)).toBeVisible();
  stage.lab('fault', 'history-compacted', 'on');
  stage.lab('fault', 'api-restart', 'on', '2');
  await expect
    .poll(async () => (await stage.status()).sources[0]?.state, { timeout: 30_000 })
    .not.toBe('live');
  await expect.poll(async () => (await stage.status()).sources[0]?.state, { timeout: 60_000 }).toBe('live');
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await expect(headline(page, READY)).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { moved: number }).moved)).toBe(0);
});

test.describe('scenarios of the lab', () => {
  test.afterAll(async ({ stage }) => {
    await heal(stage);
  });

  const SCENES: [string, string, RegExp, (page: Page) => Promise<void>][] = [
    [
      'kueue-gated',
      'a replica held by Kueue waits for quota',
      /; 1 of 2 ready/,
      async (page) => {
        const waiting = page.getByRole('region', { name: 'Waiting area' });
        await expect(
          waiting.getByText(
            'Waiting for quota: held by Kueue in queue default, 2 of 2 GPUs in use, next in line',
          ),
        ).toBeVisible();
        await expect(waiting.getByRole('button', { name: 'quota 2 of 2 GPUs' })).toBeVisible();
      },
    ],
    [
      'no-capacity',
      'a replica without a node says what each node lacks',
      /; 1 of 2 ready/,
      async (page) => {
        const waiting = page.getByRole('region', { name: 'Waiting area' });
        await expect(waiting.getByText(/No node fits: none of \d+ nodes: /)).toBeVisible();
      },
    ],
    [
      'tensor-parallel',
      'one pod over four GPUs is sharded, and fills four slots of one node',
      /the model sharded over 4 GPUs/,
      async (page) => {
        await expect(page.locator('[data-arm="distributed"]')).toHaveCount(1);
      },
    ],
    [
      'prefill-decode',
      'prefill and decode pods stand in their roles',
      /1 prefill and 1 decode, each the whole model/,
      async (page) => {
        await expect(page.getByText(/^ready · prefill$/)).toBeVisible();
        await expect(page.getByText(/^ready · decode$/)).toBeVisible();
      },
    ],
    [
      'deploying',
      'a service that was just created comes up by itself',
      READY,
      async (page) => {
        await expect(page.getByText('2 of 2 ready')).toBeVisible();
      },
    ],
  ];
  for (const [name, promise, statement, more] of SCENES) {
    test(`${name}: ${promise}`, async ({ page, stage }) => {
      test.setTimeout(180_000);
      stage.lab('scenario', name);
      await open(page, stage);
      await expect(headline(page, statement)).toBeVisible({ timeout: 120_000 });
      await more(page);
    });
  }
});

test('data-parallel: groups of ranks, each the whole model, by the names the settings give', async ({
  page,
}) => {
  test.setTimeout(150_000);
  const stage = await openStage({
    labArguments: ['--scenario', 'data-parallel', '--users', 'baseline=0,distributed=0'],
    env: { DEMO_NAMESPACE: 'llm-d-multinode', DISTRIBUTED_NAME: 'mistral-3-multinode' },
  });
  try {
    await open(page, stage);
    await expect(
      headline(page, /^2 groups with 4 data-parallel ranks, each the whole model, on 4 different/),
    ).toBeVisible({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Under the hood' }).click();
    const tree = page.getByRole('region', { name: 'Objects of Distributed', exact: true });
    await expect(tree.getByText('LeaderWorkerSet', { exact: true })).toBeVisible();
    await expect(tree.getByText('2 of 2 groups ready')).toBeVisible();
    await expect(tree.getByText('StatefulSet', { exact: true }).first()).toBeVisible();
  } finally {
    await stage.close();
  }
});

test('reached from elsewhere, deleting a pod takes the control token: a wrong one is refused in words, the right one deletes', async ({
  page,
}) => {
  test.setTimeout(150_000);
  const stage = await openStage({
    labArguments: ['--users', 'baseline=0,distributed=0'],
    asksForControlToken: true,
    // Bound beyond loopback, as in a cluster; that name is what the stage asks while it waits.
    env: { ALLOW_ACTIONS: 'delete-pod', HOSTNAME: '0.0.0.0', PUBLIC_HOSTS: '0.0.0.0' },
  });
  try {
    await page.goto(`http://127.0.0.1:${new URL(stage.url).port}/placement`);
    await expect(headline(page, READY)).toBeVisible();
    const victim = (await stage.placement()).pods.find(({ role }) => role === 'both');
    if (victim === undefined) throw new Error('no distributed pod');
    const short = victim.name.slice(-5);
    await page
      .locator(`[data-pod="${victim.uid}"]`)
      .getByRole('button', { name: short, exact: true })
      .click();
    const sheet = page.getByRole('dialog', { name: 'Pod' });
    await sheet.getByRole('button', { name: 'Delete this pod' }).click();
    const [, controlToken = ''] = stage.canaries;
    const confirm = sheet.getByRole('button', { name: `Yes, delete ${short}` });
    await confirm.click();
    // Without a token the browser itself keeps the form; nothing is sent.
    await expect(sheet.getByRole('alert')).toBeHidden();
    await sheet.getByLabel('Control token').fill('not the token');
    await confirm.click();
    await expect(sheet.getByRole('alert')).toHaveText('Not deleted: The control token is missing or wrong.');
    expect((await stage.placement()).pods.map(({ uid }) => uid)).toContain(victim.uid);
    await expect(sheet.getByLabel('Control token')).toHaveValue('');
    await sheet.getByLabel('Control token').fill(controlToken);
    await confirm.click();
    await expect(sheet.getByRole('status').filter({ hasText: 'is being deleted' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.locator(`[data-pod="${victim.uid}"]`)).toBeHidden({ timeout: 60_000 });
    expect(stage.log()).not.toContain(controlToken);
  } finally {
    await stage.close();
  }
});

test('a thousand more GPU nodes leave the demo’s nodes where they are, and every one can be reached', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const stage = await openStage({ labArguments: ['--users', 'baseline=1,distributed=1'] });
  try {
    await open(page, stage);
    await expect(headline(page, READY)).toBeVisible();
    const cards = page.getByRole('list', { name: 'GPU nodes' }).getByRole('listitem');
    await expect(cards.filter({ has: page.getByRole('heading', { level: 3 }) })).toHaveCount(3);
    const before = await page.locator('[data-node]').first().boundingBox();
    await addGpuNodes(join(stage.labFolder, 'kubeconfig'), 1_000);
    const more = page.getByRole('button', { name: '1000 more GPU nodes, 1000 GPUs free' });
    await expect(more).toBeVisible({ timeout: 60_000 });
    await expect(headline(page, READY)).toBeVisible();
    await expect(page.locator('[data-node]')).toHaveCount(3);
    expect(await page.locator('[data-node]').first().boundingBox()).toEqual(before);
    // A viewer still sees a change at once.
    const victim = (await stage.placement()).pods.find(({ role }) => role === 'both');
    stage.lab('kill-pod', victim?.name ?? '');
    await expect(headline(page, /; 1 of 2 ready/)).toBeVisible();
    await more.click();
    await expect(page).toHaveURL(/view=all/);
    await expect(page.locator('[data-node]')).toHaveCount(1_003);
    const last = page.locator('[data-node]').last();
    await last.scrollIntoViewIfNeeded();
    await expect(last.getByText('free', { exact: true })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.locator('[data-node]')).toHaveCount(3);
  } finally {
    await stage.close();
  }
});
