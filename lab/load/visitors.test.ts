import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestWorld, type TestWorld } from '../world/world-fixture.ts';
import { CONVERSATIONS, systemPrompt } from './prompts.ts';
import { deltaOf, startVisitors, type Visitors } from './visitors.ts';

interface Asked {
  host: string;
  path: string;
  messages: { role: string; content: string }[];
  maxTokens: number;
}

let setting: TestWorld;
let server: Server;
let asked: Asked[];
let visitors: Visitors | null;
let answer: (response: ServerResponse) => void;
let onAsked: () => void;

const stream = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(
    'data: {"choices":[{"delta":{"content":"An "}}]}\n\ndata: {"choices":[{"delta":{"content":"answer."}}]}\n\ndata: [DONE]\n\n',
  );
};

beforeEach(async () => {
  setting = await createTestWorld();
  asked = [];
  visitors = null;
  answer = stream;
  onAsked = () => {};
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { messages, max_tokens: maxTokens } = JSON.parse(Buffer.concat(chunks).toString());
      asked.push({ host: request.headers.host ?? '', path: request.url ?? '', messages, maxTokens });
      onAsked();
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  visitors?.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function start(distributed: number, seed = 5): Visitors {
  const { port } = server.address() as AddressInfo;
  visitors = startVisitors({
    clock: setting.clock,
    seed,
    world: setting.world,
    httpPort: port,
    httpsPort: port,
    counts: { baseline: 0, distributed },
  });
  return visitors;
}

/** Lets virtual time pass until so many questions have arrived. */
async function untilAsked(count: number): Promise<void> {
  while (asked.length < count) {
    const arrived = new Promise<void>((resolve) => {
      onAsked = resolve;
    });
    for (let step = 0; step < 400 && asked.length < count; step += 1) await setting.clock.advance(100);
    if (asked.length < count) await arrived;
  }
}

test('a visitor talks through the Gateway’s own address, turn by turn, about the demo', async () => {
  start(1);
  await untilAsked(3);
  const [first, second, third] = asked;
  expect([first?.host, first?.path]).toEqual([
    'a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com',
    '/private-ai/mistral-3-distributed/v1/chat/completions',
  ]);
  const subject = CONVERSATIONS.findIndex(([question]) => question === first?.messages[1]?.content);
  const conversation = CONVERSATIONS[subject];
  expect(conversation).toBeDefined();
  expect(third?.messages).toEqual([
    { role: 'system', content: systemPrompt(0, subject) },
    { role: 'user', content: conversation?.[0] },
    { role: 'assistant', content: 'An answer.' },
    { role: 'user', content: conversation?.[1] },
    { role: 'assistant', content: 'An answer.' },
    { role: 'user', content: conversation?.[2] },
  ]);
  expect(second?.messages.slice(0, 2)).toEqual(first?.messages);
});

test('no two visitors, and no two subjects, share the first block that the picker hashes', () => {
  const blocks = [0, 1, 2, 12].flatMap((visitor) =>
    [0, 1, 7].map((subject) => systemPrompt(visitor, subject).slice(0, 40)),
  );
  expect(new Set(blocks).size).toBe(blocks.length);
});

test('the same seed asks the same questions', async () => {
  const round = async (): Promise<unknown[]> => {
    start(1, 11);
    await untilAsked(4);
    visitors?.stop();
    return asked.splice(0).slice(0, 4);
  };
  const first = await round();
  setting = await createTestWorld();
  expect(await round()).toEqual(first);
});

test('a refused visitor waits, and begins anew', async () => {
  answer = (response) => {
    response.writeHead(503);
    response.end();
  };
  start(1);
  await untilAsked(2);
  expect(asked.map(({ messages }) => messages.length)).toEqual([2, 2]);
});

test('those who leave take their answer with them', async () => {
  let left: Promise<void> = Promise.resolve();
  answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"choices":[{"delta":{"content":"An"}}]}\n\n');
    left = new Promise((resolve) => response.on('close', () => resolve()));
  };
  const present = start(1);
  await untilAsked(1);
  expect(present.counts()).toEqual({ baseline: 0, distributed: 1 });
  present.set('distributed', 0);
  await left;
  expect(present.counts()).toEqual({ baseline: 0, distributed: 0 });
});

test('a damaged or cut line of an answer says nothing, and ends no lab', () => {
  expect(
    [
      'data: {"choices":[{"delta":{"content":"An "}}]}',
      'data: {"choices":[{"delta":{"content":"ans',
      'data: {"error":{"message":"out of memory"}}',
      ': ping',
      'data: [DONE]',
    ].map(deltaOf),
  ).toEqual(['An ', '', '', '', '']);
});
