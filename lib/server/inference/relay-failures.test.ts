import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOutbound } from '@/lib/server/http/outbound';
import { relayChat } from '@/lib/server/inference/relay-chat';
import { createUsageMemory } from '@/lib/server/inference/usage-memory';
import { type ScriptedServer, startHttpServer, startScriptedServer } from '@/lib/server/testing/http-server';
import {
  all,
  anOrder,
  answering,
  CANARY,
  DONE,
  delta,
  FINISH,
  frame,
  lastOf,
  type Relay,
  relay,
  SSE,
  take,
  textOf,
  usage,
  writeAndTake,
} from './testing/relay-harness';

describe('a chat that fails', () => {
  const { responses } = JSON.parse(
    readFileSync(new URL('./testing/error-bodies.json', import.meta.url), 'utf8'),
  ) as {
    responses: {
      source: string;
      when: string;
      status: number;
      headers: Record<string, string>;
      body: unknown;
    }[];
  };

  it('tells every known refusal of every layer apart, in short words of our own', async () => {
    const faces: unknown[] = [];
    for (const { status, headers, body } of responses) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const last = await lastOf(text, headers, status);
      if (last.type !== 'error') throw new Error('expected an error');
      faces.push(`${last.upstreamStatus} ${last.code}: ${last.message}`);
    }
    expect(faces).toMatchInlineSnapshot(`
      [
        "400 context-too-long: Too long for this model: its context holds 8192 tokens; the conversation has 9120.",
        "400 context-too-long: Too long for this model: its context holds 8192 tokens; the conversation has 412, the answer may take 8000 more.",
        "400 context-too-long: Too long for this model: its context holds 8192 tokens; the conversation has 9120.",
        "404 wrong-model: The endpoint does not serve a model named mistral-3-distributed (404).",
        "401 unauthorized: The endpoint wants a credential (401): none was sent, or it is not valid.",
        "404 not-found: Nothing is served at this address (404).",
        "429 rate-limited: Too many requests (429).",
        "503 unavailable: No answer (503): the endpoint picker found no pod that can serve.",
        "503 unavailable: No answer (503): the gateway has no healthy pod to send to.",
        "503 unavailable: No answer (503): the gateway could not connect to a pod.",
        "504 gateway-error: No answer (504): the gateway waited too long for a pod.",
        "401 unauthorized: The endpoint wants a credential (401): none was sent, or it is not valid.",
        "403 forbidden: The credential may not use this model (403).",
        "503 unavailable: No answer (503): the router has no ready endpoint.",
      ]
    `);
  });

  it.each([401, 403, 404, 418, 400, 429, 500, 502, 503, 504])(
    'repeats nothing of what a foreign %i says',
    async (status) => {
      for (const type of ['application/json', 'text/html', 'text/plain']) {
        const body = `{"error":{"message":"<b>${CANARY}</b> does not exist. token=${CANARY}"}}`;
        const server = await startHttpServer((_request, response) => {
          response
            .writeHead(status, { 'content-type': type, 'retry-after': CANARY, 'www-authenticate': CANARY })
            .end(body);
        });
        const { events, proofs } = relay(server.url);
        const told = JSON.stringify([await all(events), proofs]);
        expect(told).not.toContain(CANARY);
        expect(told).toContain(String(status));
      }
    },
  );

  it('does not follow a redirect', async () => {
    const inner = await startScriptedServer();
    const last = await lastOf('', { location: inner.url.href }, 302);
    expect(last).toMatchObject({ type: 'error', code: 'redirect-refused', upstreamStatus: 302 });
    expect(JSON.stringify(last)).not.toContain(inner.url.host);
    expect(inner.seen()).toEqual([]);
  });

  it('says how long a 429 asks to wait', async () => {
    expect(await lastOf('', { 'retry-after': '7' }, 429)).toMatchObject({
      code: 'rate-limited',
      message: 'Too many requests (429). It asks to wait 7 s.',
    });
  });

  it.each([
    ['an HTML page with status 200', '<html>login</html>', { 'content-type': 'text/html' }, 'not-a-stream'],
    ['a whole JSON answer', '{"choices":[]}', { 'content-type': 'application/json' }, 'not-a-stream'],
    ['a compressed stream', gzipSync(delta('x')), { 'content-encoding': 'gzip' }, 'not-a-stream'],
    ['an empty 200', '', {}, 'ended-early'],
    ['text without a finish mark', delta('one') + usage(1) + DONE, {}, 'ended-early'],
    ['the end of the body in mid-answer', delta('one'), {}, 'ended-early'],
    ['a chunk that is no JSON', `${delta('one')}data: {"choices":[{\n\n`, {}, 'malformed'],
    ['a chunk of another shape', frame({ choices: 'none' }), {}, 'malformed'],
    [
      'an error object inside the stream',
      delta('one') + frame({ error: { message: CANARY } }) + DONE,
      {},
      'engine-error',
    ],
    ['a flat error object (older vLLM)', frame({ object: 'error', message: CANARY }), {}, 'engine-error'],
    ['a line without end', `data: ${'x'.repeat(5 * 1024 * 1024)}`, {}, 'too-large'],
    ['a stream without end', delta('y'.repeat(1024 * 1024)).repeat(17), {}, 'too-large'],
  ])('ends with its own face: %s', async (_name, body, headers, code) => {
    const last = await lastOf(body, headers);
    expect(last).toMatchObject({ type: 'error', code });
    expect(JSON.stringify(last)).not.toContain(CANARY);
  });

  it('keeps what came before the engine’s error, and its timing', async () => {
    const sample = readFileSync(new URL('./testing/chat-stream-error.sse', import.meta.url));
    const events = await all(relay((await answering(sample)).url).events);
    expect(textOf(events)).toBe('Each replica keeps its own');
    expect(events.at(-1)).toEqual({
      type: 'error',
      code: 'engine-error',
      message: 'The engine reported an error in mid-answer.',
      upstreamStatus: 200,
      atMs: 0,
      ttftMs: 0,
      meanItlMs: null,
      tokensPerSecond: null,
      e2eMs: null,
      promptTokens: null,
      completionTokens: null,
      cachedPromptTokens: null,
      schedulerSeen: false,
      servedBy: null,
      relay: { chunks: 5, p50Ms: 0, p99Ms: 0, maxMs: 0 },
      attempts: 1,
    });
  });

  it.each([
    ['it broke off after tokens', delta('one'), []],
    ['the engine gave up after tokens', delta('one') + frame({ error: { message: 'x' } }) + DONE, []],
    ['nothing came', '', ['refused']],
    ['the engine gave up before any token', frame({ error: { message: 'x' } }) + DONE, ['refused']],
    ['it was no chat stream', `${delta('one')}data: {"choices":[{\n\n`, ['refused']],
  ])('disproves its path only without tokens: %s', async (_case, body, outcomes) => {
    const { events, proofs } = relay((await answering(body)).url);
    expect((await all(events)).at(-1)?.type).toBe('error');
    expect(proofs.map(({ outcome }) => outcome)).toEqual(outcomes);
  });

  it('says after how many tokens a connection broke, which disproves no path', async () => {
    const server = await startScriptedServer();
    const { events, proofs } = relay(server.url);
    const start = take(events);
    const { response } = await server.next();
    await start;
    response.writeHead(200, SSE);
    const counted = delta('one two', {}).replace(
      '}]}',
      '}],"usage":{"prompt_tokens":46,"completion_tokens":2}}',
    );
    await writeAndTake(response, counted, events);
    response.destroy();
    expect(await take(events)).toMatchObject({
      type: 'error',
      code: 'reset',
      message: 'The connection broke after 2 tokens.',
      promptTokens: 46,
      completionTokens: 2,
    });
    expect(await events.next()).toEqual({ value: undefined, done: true });
    expect(proofs).toEqual([]);
  });

  it('counts an answer as whole when the connection breaks after its finish mark', async () => {
    const server = await startScriptedServer();
    const events = all(relay(server.url).events);
    const { response } = await server.next();
    response.writeHead(200, SSE);
    response.write(delta('one') + FINISH, () => response.destroy());
    expect((await events).at(-1)).toMatchObject({ type: 'end', finishReason: 'stop' });
  });
});

describe('trying again', () => {
  it.each([502, 503, 504])('tries once more after %i, and says so', async (status) => {
    const server = await startScriptedServer();
    const { events } = relay(server.url);
    const list = all(events);
    (await server.next()).response
      .writeHead(status, { 'content-type': 'text/plain' })
      .end('no healthy upstream');
    (await server.next()).response.writeHead(200, SSE).end(delta('one') + FINISH + usage(1) + DONE);
    expect((await list).map(({ type }) => type)).toEqual(['start', 'retry', 'text-delta', 'end']);
    expect((await list)[1]).toEqual({
      type: 'retry',
      reason: `No answer (${status}): the gateway has no healthy pod to send to.`,
      atMs: 0,
      usageReports: 'continuous',
    });
  });

  it('does not try again, and says where it would have led, when a name of the cluster stands for this machine', async () => {
    const server = await startHttpServer(() => expect.fail('something arrived'));
    const outbound = createOutbound({ ingressConnectTo: new Map(), httpsProxy: null, noProxy: '' });
    onTestFinished(() => outbound.close());
    const url = new URL(`http://localhost:${server.url.port}`);
    const dispatcher = outbound.dispatcherFor({
      url,
      verifyTls: true,
      caFile: null,
      viaIngress: true,
      isDiscovered: true,
    });
    const list = await all(relay(url, { dispatcher, apiKey: CANARY }).events);
    expect(list.map(({ type }) => type)).toEqual(['start', 'error']);
    expect(list.at(-1)).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(
        /^The endpoint’s host stands for (127\.0\.0\.1|::1), a loopback address, where no model can be: nothing is sent there\.$/,
      ),
    });
  });

  it('tries no third time', async () => {
    const server = await startScriptedServer();
    const list = all(relay(server.url).events);
    for (let attempt = 0; attempt < 2; attempt += 1) (await server.next()).response.writeHead(503).end();
    expect((await list).map(({ type }) => type)).toEqual(['start', 'retry', 'error']);
    expect(server.seen()).toHaveLength(2);
  });

  it('tries once more when nobody listens', async () => {
    const server = await startHttpServer(() => undefined);
    await server.close();
    const list = await all(relay(server.url).events);
    expect(list.map(({ type }) => type)).toEqual(['start', 'retry', 'error']);
    expect(list.at(-1)).toMatchObject({
      code: 'unreachable',
      message: 'The endpoint refuses the connection.',
    });
  });

  it.each([
    ['a 500', (response: ServerResponse) => response.writeHead(500).end(), 'gateway-error'],
    ['a 400', (response: ServerResponse) => response.writeHead(400).end(), 'rejected'],
    [
      'a stream that broke',
      (response: ServerResponse) => response.writeHead(200, SSE).end(delta('x')),
      'ended-early',
    ],
  ])('does not try again after %s', async (_name, answer, code) => {
    const server = await startScriptedServer();
    const list = all(relay(server.url).events);
    answer((await server.next()).response);
    expect((await list).at(-1)).toMatchObject({ type: 'error', code });
    expect(server.seen()).toHaveLength(1);
  });

  it('counts all times from the attempt that answers', async () => {
    const server = await startScriptedServer();
    const { events, clock } = relay(server.url);
    const list = all(events);
    const first = await server.next();
    clock.advance(3_000);
    first.response.writeHead(503).end();
    const second = await server.next();
    clock.advance(40);
    second.response.writeHead(200, SSE).end(delta('one') + FINISH + DONE);
    expect(await list).toMatchObject([
      { type: 'start' },
      { type: 'retry', atMs: 3000 },
      { type: 'text-delta', atMs: 40 },
      { type: 'end', ttftMs: 40 },
    ]);
  });

  it('does without continuous usage where a server refuses it', async () => {
    const server = await startScriptedServer();
    const list = all(relay(server.url).events);
    (await server.next()).response
      .writeHead(400, { 'content-type': 'application/json' })
      .end('{"error":{"message":"Unknown field stream_options.continuous_usage_stats"}}');
    const second = await server.next();
    expect(JSON.parse(second.body).stream_options).toEqual({ include_usage: true });
    second.response.writeHead(200, SSE).end(delta('one') + FINISH + usage(1) + DONE);
    expect((await list).map(({ type }) => type)).toEqual(['start', 'retry', 'text-delta', 'end']);
    expect((await list).at(-1)).toMatchObject({ attempts: 2 });
  });

  it('learns what a server refuses, step by step, and does not ask for it again', async () => {
    const server = await startScriptedServer();
    const usageMemory = createUsageMemory();
    const ask = () => all(relay(server.url, { usageMemory }).events);
    const refuse = async (what: string): Promise<unknown> => {
      const { body, response } = await server.next();
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { message: `Unknown field ${what}` } }));
      return JSON.parse(body).stream_options;
    };
    const first = ask();
    expect(await refuse('continuous_usage_stats')).toEqual({
      include_usage: true,
      continuous_usage_stats: true,
    });
    expect(await refuse('stream_options')).toEqual({ include_usage: true });
    // One retry and no more: this chat fails, the next one knows.
    expect((await first).at(-1)).toMatchObject({ type: 'error', code: 'rejected', attempts: 2 });
    const second = ask();
    expect(await refuse('stream_options')).toEqual({ include_usage: true });
    const { body, response } = await server.next();
    expect(JSON.parse(body)).not.toHaveProperty('stream_options');
    response.writeHead(200, SSE).end(delta('one') + FINISH + DONE);
    expect((await second).at(-1)).toMatchObject({ type: 'end', completionTokens: null, attempts: 2 });
    const third = ask();
    const last = await server.next();
    last.response.writeHead(200, SSE).end(delta('one') + FINISH + DONE);
    expect((await third).at(-1)).toMatchObject({ type: 'end', attempts: 1 });
  });
});

describe('an answer that does not come, stops, or is stopped', () => {
  async function midAnswer(server: ScriptedServer, running: Relay) {
    const start = take(running.events);
    const request = await server.next();
    await start;
    request.response.writeHead(200, SSE);
    await writeAndTake(request.response, delta('one'), running.events);
    return request;
  }

  it('ends after 120 s without a first token, and closes the connection', async () => {
    const server = await startScriptedServer();
    const { events, clock } = relay(server.url);
    const list = all(events);
    const { closed } = await server.next();
    clock.advance(120_000);
    expect((await list).at(-1)).toMatchObject({
      code: 'no-first-token',
      message: 'No first token within 120 s.',
      atMs: 120_000,
      ttftMs: null,
    });
    await closed;
  });

  it('ends after 60 s without a further token, and closes the connection', async () => {
    const server = await startScriptedServer();
    const running = relay(server.url);
    const { closed, response } = await midAnswer(server, running);
    running.clock.advance(59_000);
    await writeAndTake(response, delta('two'), running.events);
    running.clock.advance(59_000);
    const next = take(running.events);
    running.clock.advance(1_000);
    expect(await next).toMatchObject({
      code: 'stalled',
      message: 'The answer stalled: nothing came for 60 s.',
      ttftMs: 0,
    });
    await closed;
  });

  it('ends an answer that never stops', async () => {
    const server = await startScriptedServer();
    const limits = { firstTokenMs: 1e6, stallMs: 1e6, totalMs: 5_000 };
    const running = relay(server.url, { limits });
    const { closed } = await midAnswer(server, running);
    running.clock.advance(5_000);
    expect(await take(running.events)).toMatchObject({ code: 'time-limit' });
    expect(running.proofs).toEqual([]);
    await closed;
  });

  it('closes the upstream connection when Stop is pressed in mid-answer', async () => {
    const server = await startScriptedServer();
    const running = relay(server.url);
    const { closed } = await midAnswer(server, running);
    running.stop.abort();
    await closed;
    expect(await take(running.events)).toMatchObject({ type: 'error', code: 'aborted', ttftMs: 0 });
    expect(running.proofs).toEqual([]);
    expect(running.clock.pending()).toEqual([]);
  });

  it('closes it while the first token is awaited, even if nobody takes events', async () => {
    const server = await startScriptedServer();
    const { events, stop } = relay(server.url);
    const start = take(events);
    const { closed } = await server.next();
    await start;
    stop.abort();
    await closed;
  });

  it('closes it when whoever takes the events fails, and says what failed', async () => {
    const server = await startScriptedServer();
    const order = anOrder(server.url);
    const ended = relayChat(order, ({ type }) => {
      if (type === 'text-delta') throw new Error('a fault of ours');
    });
    const { closed, response } = await server.next();
    response.writeHead(200, SSE);
    response.write(delta('one'));
    await expect(ended).rejects.toThrow('a fault of ours');
    await closed;
    expect(order.clock.pending()).toEqual([]);
  });

  it('sends nothing once it was stopped before the start', async () => {
    const server = await startScriptedServer();
    const { events, stop } = relay(server.url);
    stop.abort();
    expect(await all(events)).toEqual([
      { type: 'error', code: 'aborted', message: 'Stopped.', upstreamStatus: null, atMs: 0, relay: null },
    ]);
    expect(server.seen()).toEqual([]);
  });

  it('leaves no timer behind a whole answer, and keeps the connection for the next', async () => {
    const sockets = new Set<unknown>();
    const server = await startHttpServer((request, response) => {
      sockets.add(request.socket);
      response.writeHead(200, SSE).end(delta('one') + FINISH + DONE);
    });
    const agent = new Agent();
    onTestFinished(() => agent.destroy());
    for (let turn = 0; turn < 3; turn += 1) {
      const { events, clock } = relay(server.url, { dispatcher: agent });
      await all(events);
      await new Promise((resolve) => setImmediate(resolve));
      expect(clock.pending()).toEqual([]);
    }
    expect(sockets.size).toBe(1);
  });
});
