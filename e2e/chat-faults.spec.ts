/**
 * Faults on the way to a model and ways to leave an answer, from the browser to the engine's connection, and the limits that
 * protect the engine. The faults of the engines' own answers are in chat.spec.ts.
 */
import { connect } from 'node:net';
import type { Page } from '@playwright/test';
import { chatEventSchema } from '@/lib/contracts/chat';
import { ask, baselineOf, distributedOf, openChat, stopOf } from './chat-page';
import { expect } from './fixtures';
import { testWithModel } from './scripted-fixtures';
import type { Script, ScriptedModel } from './scripted-model';
import type { Stage } from './stage';

/** Few places, so that a flood is one soon. */
const MOST_CHATS = 6;

const test = testWithModel({ CHAT_MAX_CONCURRENT: String(MOST_CHATS) });

const LONG: Script = { chunks: Array.from({ length: 2_000 }, () => 'on and on '), everyMs: 20 };
const SILENT: Script = { chunks: ['One word.'], everyMs: 10, ending: 'silence' };

async function openAndAsk(page: Page, stage: Stage, search: string, question: string): Promise<void> {
  await openChat(page, stage, search);
  await ask(page, question);
}

test.describe('faults on the way', () => {
  const ROWS: readonly { fault: string; aim: readonly string[]; search: string; face: RegExp }[] = [
    {
      fault: 'gateway-500',
      aim: [],
      search: '?distributed=gateway',
      face: /gateway could not pass the question on/,
    },
    {
      fault: 'endpoint-503',
      aim: ['--arm', 'distributed'],
      search: '?distributed=route',
      face: /not available \(503\)/,
    },
  ];
  for (const { fault, aim, search, face } of ROWS) {
    test(`${fault}: its lane says so, the other runs on`, async ({ page, stage, model }) => {
      model.answer(() => ({
        chunks: [...'still here '.repeat(30).split(/(?<= )/), 'and done.'],
        everyMs: 40,
      }));
      stage.lab('fault', fault, 'on', ...aim);
      try {
        // Connections that were open before the fault are closed by now.
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        await openAndAsk(page, stage, search, 'Explain prefill and decode.');
        await expect(distributedOf(page).getByRole('alert').getByText(face)).toBeVisible({ timeout: 20_000 });
        await expect(baselineOf(page).getByText('and done.', { exact: false })).toBeVisible({
          timeout: 20_000,
        });
      } finally {
        stage.lab('fault', fault, 'off');
      }
    });
  }

  test('a model that takes the question and says nothing shows a running clock, and Stop reaches it', async ({
    page,
    stage,
  }) => {
    stage.lab('fault', 'answer-silent', 'on', '--arm', 'distributed');
    try {
      await openAndAsk(page, stage, '?lanes=distributed', 'Say something.');
      const stop = stopOf(page);
      await expect(stop).toBeVisible();
      await expect(
        distributedOf(page)
          .getByText(/first token|waiting/i)
          .first(),
      ).toBeVisible();
      await stop.click();
      await expect(stop).toBeHidden();
    } finally {
      stage.lab('fault', 'answer-silent', 'off');
    }
  });

  test('an engine that reports no tokens: times are shown, and counts are said to be missing', async ({
    page,
    stage,
  }) => {
    stage.lab('fault', 'answer-without-usage', 'on', '--arm', 'distributed');
    try {
      await openAndAsk(page, stage, '?lanes=distributed', 'Answer with one word: ready?');
      await expect(stopOf(page)).toBeHidden({ timeout: 40_000 });
      const lane = distributedOf(page);
      await expect(lane.getByRole('button', { name: /the engine did not report/ }).first()).toBeVisible();
      await expect(lane.getByRole('button', { name: /^First token: \d/ })).toBeVisible();
    } finally {
      stage.lab('fault', 'answer-without-usage', 'off');
    }
  });
});

test.describe('leaving an answer', () => {
  const closesWithinASecond = (model: ScriptedModel, before: number): Promise<void> =>
    expect.poll(() => model.abortedCount(), { timeout: 1_000, intervals: [50] }).toBeGreaterThan(before);

  test('when its tab is closed, the engine’s connection is closed within a second', async ({
    browser,
    stage,
    model,
  }) => {
    model.answer(() => LONG);
    const page = await browser.newPage();
    await openAndAsk(page, stage, '?lanes=baseline', 'Talk.');
    await expect(
      baselineOf(page)
        .getByText(/on and on/)
        .first(),
    ).toBeVisible();
    const before = model.abortedCount();
    await page.close();
    await closesWithinASecond(model, before);
  });

  test('when the browser’s connection breaks, the engine’s is closed within a second', async ({
    stage,
    model,
  }) => {
    model.answer(() => LONG);
    const { host, port, hostname } = new URL(stage.url);
    const body = JSON.stringify({ arm: 'baseline', messages: [{ role: 'user', content: 'Talk.' }] });
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /api/chat HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    let heard = '';
    await new Promise<void>((resolve) => {
      socket.on('data', (bytes) => {
        heard += String(bytes);
        if (heard.includes('on and on')) resolve();
      });
    });
    const before = model.abortedCount();
    socket.resetAndDestroy();
    await closesWithinASecond(model, before);
  });
});

test.describe('limits', () => {
  const post = (stage: Stage, body: object, pageId?: string): Promise<Response> =>
    fetch(`${stage.url}/api/chat`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(pageId === undefined ? {} : { 'x-page-id': pageId }),
      },
      body: JSON.stringify({ arm: 'baseline', messages: [{ role: 'user', content: 'flood' }], ...body }),
    });

  test('A40: of 200 chats from 50 pages and of 200 from one, never more than configured reach the engine', async ({
    stage,
    model,
  }) => {
    model.answer(() => SILENT);
    for (const pages of [50, 1]) {
      const before = model.requests().length;
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, index) => post(stage, {}, `flood-${pages}-${index % pages}`)),
      );
      const places = pages === 1 ? 4 : MOST_CHATS;
      const taken = answers.filter(({ status }) => status === 200);
      const refused = answers.filter(({ status }) => status === 429);
      expect([taken.length, refused.length]).toEqual([places, 200 - places]);
      // Each that was let in reaches the engine, and none besides.
      await expect.poll(() => model.requests().length - before).toBe(places);
      for (const response of refused) {
        expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
        expect((await response.json()).error.message).toMatch(/which is the most/);
      }
      expect(model.requests().length - before).toBe(places);
      for (const response of taken) await response.body?.cancel();
      // The places are free again.
      await expect
        .poll(async () => {
          const response = await post(stage, { maxTokens: 1 }, `after-${pages}`);
          await response.body?.cancel();
          return response.status;
        })
        .toBe(200);
    }
  });

  test('A41: what would cost too much is refused before any byte goes upstream', async ({ stage, model }) => {
    const before = model.requests().length;
    const bodies: [object, string | undefined][] = [
      [{ messages: [{ role: 'user', content: 'x'.repeat(150_000) }] }, 'messages.0.content'],
      [{ messages: Array(20).fill({ role: 'user', content: 'x'.repeat(10_000) }) }, 'messages'],
      [{ maxTokens: 1e9 }, 'maxTokens'],
      [{ n: 64 }, 'n'],
      [{ logprobs: true }, 'logprobs'],
      [{ stop: Array(5).fill('x') }, 'stop'],
      [{ topP: 2 }, 'topP'],
    ];
    for (const [body, field] of bodies) {
      const response = await post(stage, body);
      expect([response.status, (await response.json()).error.field]).toEqual([400, field]);
    }
    expect(model.requests().length).toBe(before);
  });

  test('an answer tells its cost here, its attempts and its engine', async ({ stage, model }) => {
    model.answer(() => ({ chunks: ['one ', 'two ', 'three'], everyMs: 30 }));
    const text = await (await post(stage, { maxTokens: 8 }, 'reads-the-wire')).text();
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) =>
      chatEventSchema.parse(JSON.parse(json)),
    );
    expect(events[0]).toMatchObject({ type: 'start', path: 'override', engineVersion: '0.10.1.1' });
    expect(events.at(-1)).toMatchObject({
      type: 'end',
      completionTokens: 3,
      attempts: 1,
      relay: { chunks: 3, p50Ms: expect.any(Number) },
    });
  });
});
