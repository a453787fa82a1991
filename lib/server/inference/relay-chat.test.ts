import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '@/lib/contracts/chat';
import type { ChatEvent } from '@/lib/domain/chat';
import { startScriptedServer } from '@/lib/server/testing/http-server';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import { createAnswerBody } from './answer-body';
import { createDurationHistogram } from './duration-histogram';
import { createRaceGate } from './race-gate';
import { readAnswer } from './read-answer';
import { relayChat } from './relay-chat';
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
  QUESTION,
  relay,
  SSE,
  take,
  textOf,
  usage,
  writeAndTake,
} from './testing/relay-harness';

describe('a chat that goes well', () => {
  it('streams each delta as it arrives and measures by the contract’s formulas', async () => {
    const server = await startScriptedServer();
    const { events, clock, proofs } = relay(server.url, { engineVersion: () => 'v0.10.1' });
    const start = take(events);
    const { response } = await server.next();
    expect(await start).toEqual({
      type: 'start',
      arm: 'distributed',
      url: `${server.url.href}v1/chat/completions`,
      path: 'gateway',
      schedulerInPath: true,
      model: 'mistral-3-distributed',
      requestId: 'request-1',
      startSkewMs: null,
      sentAt: '2026-01-15T09:00:00.000Z',
      engineVersion: 'v0.10.1',
      usageReports: 'continuous',
    });
    response.writeHead(200, {
      ...SSE,
      'x-went-into-resp-headers': 'true',
      'x-inference-pod': 'pod-a',
      'x-lab': '1',
    });
    response.write(frame({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }));
    clock.advance(250);
    expect(await writeAndTake(response, delta('Each'), events)).toEqual({
      type: 'text-delta',
      text: 'Each',
      atMs: 250,
    });
    clock.advance(100);
    // Four tokens in one chunk.
    expect(await writeAndTake(response, delta(' replica holds all'), events)).toMatchObject({ atMs: 350 });
    clock.advance(50);
    expect(await writeAndTake(response, delta('.'), events)).toMatchObject({ atMs: 400 });
    clock.advance(100);
    response.end(FINISH + usage(6) + DONE);
    expect(await take(events)).toEqual({
      type: 'end',
      finishReason: 'stop',
      ttftMs: 250,
      meanItlMs: 30,
      tokensPerSecond: 33.333,
      e2eMs: 500,
      promptTokens: 46,
      completionTokens: 6,
      cachedPromptTokens: null,
      schedulerSeen: true,
      servedBy: { pod: 'pod-a', method: 'response header x-inference-pod' },
      relay: { chunks: 3, p50Ms: 0, p99Ms: 0, maxMs: 0 },
      attempts: 1,
    });
    expect(await events.next()).toEqual({ value: undefined, done: true });
    expect(proofs).toEqual([
      {
        arm: 'distributed',
        path: 'gateway',
        kind: 'completion',
        request: `POST ${server.url.href}v1/chat/completions`,
        outcome: 'answered',
        httpStatus: 200,
        observedAt: clock.now(),
        durationMs: 500,
        finding: '6 tokens in 0.50 s.',
        modelIds: null,
        schedulerSeen: true,
        introducedAsLab: true,
      },
    ]);
  });

  it('sends a fixed set of fields and headers, with ceilings, and nothing of the browser', async () => {
    const server = await startScriptedServer();
    const { events } = relay(server.url, {
      apiKey: 'model-key',
      request: {
        ...QUESTION,
        messages: [{ role: 'user', content: 'Hi', cookie: CANARY } as ChatRequest['messages'][number]],
        maxTokens: 1e9,
        temperature: 0,
        seed: 7,
        ...({ n: 64, logprobs: true } as object),
      },
    });
    const start = events.next();
    const { method, url, headers, body, response } = await server.next();
    response.writeHead(200, SSE).end(FINISH + DONE);
    await start;
    await all(events);
    expect({ method, path: url.pathname }).toEqual({ method: 'POST', path: '/v1/chat/completions' });
    expect(JSON.parse(body)).toEqual({
      model: 'mistral-3-distributed',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
      max_tokens: 4096,
      temperature: 0,
      seed: 7,
    });
    expect(headers).toEqual({
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
      authorization: 'Bearer model-key',
      connection: 'keep-alive',
      'content-length': String(Buffer.byteLength(body)),
      'content-type': 'application/json',
      host: server.url.host,
      'x-request-id': 'request-1',
    });
  });

  it('keeps text whole wherever the bytes are cut', async () => {
    const bytes = Buffer.from(delta('Grüße, 世界 🌍') + FINISH + usage(5) + DONE);
    const server = await startScriptedServer();
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const text = all(relay(server.url).events).then(textOf);
      const { response } = await server.next();
      response.writeHead(200, SSE);
      response.write(bytes.subarray(0, cut));
      // A turn of the event loop between the pieces makes them arrive apart.
      await new Promise((resolve) => setImmediate(resolve));
      response.end(bytes.subarray(cut));
      expect(await text).toBe('Grüße, 世界 🌍');
    }
  });

  it.each([
    ['CRLF line ends', (text: string) => text.replaceAll('\n', '\r\n')],
    ['no space after the colon', (text: string) => text.replaceAll('data: ', 'data:')],
    ['comments in between', (text: string) => text.replaceAll('\n\n', '\n\n: keep-alive\n\n')],
    ['several frames in one piece', (text: string) => text],
    ['unknown fields and events', (text: string) => `event: chunk\nid: 3\n${text}`],
  ])('understands %s', async (_name, rewrite) => {
    const { url } = await answering(rewrite(delta('one ') + delta('two') + FINISH + usage(2) + DONE));
    const events = await all(relay(url).events);
    expect(textOf(events)).toBe('one two');
    expect(events.at(-1)).toMatchObject({ type: 'end', completionTokens: 2 });
  });

  it('takes a count of tokens that is none as not reported, and keeps a finish reason to a word', async () => {
    const usageOf = (promptTokens: number, completionTokens: number): string =>
      frame({
        choices: [],
        usage: {
          prompt_tokens: promptTokens,
          completion_tokens: completionTokens,
          prompt_tokens_details: { cached_tokens: -1 },
        },
      });
    const finish = frame({ choices: [{ index: 0, delta: {}, finish_reason: 'x'.repeat(5_000) }] });
    const last = await lastOf(delta('one') + delta('two') + finish + usageOf(-5, 1.5) + DONE);
    expect(last).toMatchObject({
      type: 'end',
      finishReason: 'x'.repeat(64),
      promptTokens: null,
      completionTokens: null,
      cachedPromptTokens: null,
      meanItlMs: null,
      tokensPerSecond: null,
    });
  });

  it('ends at the end of the body where no [DONE] comes', async () => {
    expect(await lastOf(delta('one') + FINISH + usage(1))).toMatchObject({
      type: 'end',
      finishReason: 'stop',
    });
  });

  it('knows no token counts where none are reported', async () => {
    expect(await lastOf(delta('one') + delta('two') + FINISH + DONE)).toMatchObject({
      type: 'end',
      ttftMs: 0,
      meanItlMs: null,
      tokensPerSecond: null,
      promptTokens: null,
      completionTokens: null,
    });
  });

  it('does not call the header’s absence unknown: the picker was not seen', async () => {
    expect(await lastOf(delta('one') + FINISH + DONE)).toMatchObject({
      schedulerSeen: false,
      servedBy: null,
    });
  });

  it('passes no header value on that is no pod name', async () => {
    const last = await lastOf(delta('one') + FINISH + DONE, { 'x-inference-pod': '<b>pod</b>' });
    expect(last).toMatchObject({ servedBy: null });
  });

  it('relays the recorded streams of vLLM', async () => {
    const sample = (name: string) => readFileSync(new URL(`./testing/${name}`, import.meta.url));
    const chat = await all(relay((await answering(sample('chat-stream.sse'))).url).events);
    expect(textOf(chat)).toMatch(/prefix\.$/);
    expect(chat.at(-1)).toMatchObject({
      type: 'end',
      finishReason: 'stop',
      promptTokens: 46,
      completionTokens: 26,
    });

    const reasoning = await all(
      relay((await answering(sample('chat-stream-reasoning-newer.sse'))).url).events,
    );
    expect(
      reasoning.flatMap((event) => (event.type === 'reasoning-delta' ? [event.text] : [])).join(''),
    ).toBe('The user asks about cache.');
    expect(textOf(reasoning)).toBe('\n\nA warm prefix skips prefill.');
    expect(reasoning.at(-1)).toMatchObject({ completionTokens: 15, cachedPromptTokens: 1792 });
  });
});

describe('a reader', () => {
  it('who is slow to take is our own cost, and falsifies no arrival time', async () => {
    const server = await startScriptedServer();
    const clock = createManualClock();
    const overhead = createDurationHistogram();
    const told: ChatEvent[] = [];
    const ended = relayChat(
      {
        ...anOrder(server.url),
        clock,
        overhead,
      },
      (event) => {
        told.push(event);
        if (event.type === 'text-delta') clock.advance(40);
      },
    );
    (await server.next()).response.writeHead(200, SSE).end(delta('one') + delta('two') + FINISH + DONE);
    await ended;
    expect(told).toMatchObject([
      { type: 'start' },
      { type: 'text-delta', atMs: 0 },
      { type: 'text-delta', atMs: 0 },
      { type: 'end', ttftMs: 0, relay: { chunks: 2, p50Ms: 40, p99Ms: 80, maxMs: 80 } },
    ]);
    expect(overhead.snapshot()).toMatchObject({ sumMs: 120, count: 2 });
  });

  it('has an event while its bytes are read, not a turn later', async () => {
    const body = createAnswerBody();
    const told: string[] = [];
    const ended = readAnswer(body, {
      elapsedMs: () => 0,
      onDelta: ({ text }) => told.push(text),
      onFrame: () => undefined,
    });
    body.push(Buffer.from(delta('one') + delta('two')));
    expect(told).toEqual(['one', 'two']);
    body.end();
    await ended;
  });

  it('loses nothing of a flood', async () => {
    const tokens = 50_000;
    const { url } = await answering(delta('x').repeat(tokens) + FINISH + usage(tokens) + DONE);
    const events = await all(relay(url).events);
    expect(textOf(events)).toHaveLength(tokens);
    expect(events.at(-1)).toMatchObject({ type: 'end', completionTokens: tokens });
  });
});

describe('a race', () => {
  it('starts both lanes together and tells how far apart they were', async () => {
    const server = await startScriptedServer();
    const clock = createManualClock();
    const raceGate = createRaceGate(clock);
    const lane = () =>
      all(relay(server.url, { clock, raceGate, request: { ...QUESTION, raceId: 'race-0001' } }).events);
    const left = lane();
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.seen()).toEqual([]);
    const right = lane();
    for (let index = 0; index < 2; index += 1) {
      (await server.next()).response.writeHead(200, SSE).end(delta('one') + FINISH + DONE);
    }
    expect((await left)[0]).toMatchObject({ type: 'start', startSkewMs: 0 });
    expect((await right)[0]).toMatchObject({ type: 'start', startSkewMs: 0 });
  });

  it('lets a lane run alone when the other does not come within 500 ms', async () => {
    const server = await startScriptedServer();
    const clock = createManualClock();
    const { events } = relay(server.url, {
      clock,
      raceGate: createRaceGate(clock),
      request: { ...QUESTION, raceId: 'race-0002' },
    });
    const list = all(events);
    clock.advance(500);
    (await server.next()).response.writeHead(200, SSE).end(delta('one') + FINISH + DONE);
    expect((await list)[0]).toMatchObject({ type: 'start', startSkewMs: null });
  });
});
