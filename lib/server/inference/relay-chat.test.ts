import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChatRequest } from '@/lib/contracts/chat';
import { chatEventSchema } from '@/lib/contracts/chat';
import type { ChatEvent } from '@/lib/domain/chat';
import type { ProbeResult } from '@/lib/domain/probe';
import { type ScriptedServer, startHttpServer, startScriptedServer } from '@/lib/server/testing/http-server';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import { createDurationHistogram } from './duration-histogram';
import { createRaceGate } from './race-gate';
import { type ReachableEndpoint, type RelayOptions, relayChat } from './relay-chat';

const CANARY = 'canary-9d2e';
const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };

const QUESTION: ChatRequest = { arm: 'distributed', messages: [{ role: 'user', content: 'Why split a model?' }] };

function anEndpoint(baseUrl: URL): ReachableEndpoint {
  return {
    arm: 'distributed',
    path: 'gateway',
    baseUrl: baseUrl.href.replace(/\/$/, ''),
    throughScheduler: true,
    verifyTls: true,
    viaIngress: true,
    servedModelName: 'mistral-3-distributed',
    usable: true,
    finding: '',
  };
}

interface Relay {
  events: AsyncGenerator<ChatEvent, void, undefined>;
  clock: ManualClock;
  stop: AbortController;
  proofs: ProbeResult[];
  overhead: RelayOptions['overhead'];
}

function relay(baseUrl: URL, overrides: Partial<RelayOptions> = {}): Relay {
  const clock = createManualClock();
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const stop = new AbortController();
  const proofs: ProbeResult[] = [];
  const overhead = createDurationHistogram();
  const events = relayChat({
    request: QUESTION,
    endpoint: anEndpoint(baseUrl),
    dispatcher: agent,
    apiKey: null,
    requestId: 'request-1',
    signal: stop.signal,
    clock,
    raceGate: createRaceGate(clock),
    overhead,
    onProof: (proof) => proofs.push(proof),
    ...overrides,
  });
  return { events, clock, stop, proofs, overhead };
}

async function all(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const list: ChatEvent[] = [];
  for await (const event of events) list.push(chatEventSchema.parse(event));
  return list;
}

async function take(events: AsyncGenerator<ChatEvent, void, undefined>): Promise<ChatEvent> {
  const { value, done } = await events.next();
  if (done === true) throw new Error('The stream has ended');
  return chatEventSchema.parse(value);
}

const frame = (json: unknown): string => `data: ${JSON.stringify(json)}\n\n`;
const delta = (content: string, more: object = {}): string =>
  frame({ choices: [{ index: 0, delta: { content }, finish_reason: null, ...more }] });
const FINISH = frame({ choices: [{ index: 0, delta: { content: '' }, finish_reason: 'stop' }] });
const usage = (completion: number): string =>
  frame({ choices: [], usage: { prompt_tokens: 46, completion_tokens: completion, total_tokens: 46 + completion } });
const DONE = 'data: [DONE]\n\n';

/** Answers with the whole body at once. */
function answering(body: string | Buffer, headers: Record<string, string> = {}, status = 200): Promise<{ url: URL }> {
  return startHttpServer((_request, response) => {
    response.writeHead(status, { ...SSE, ...headers }).end(body);
  });
}

async function lastOf(body: string | Buffer, headers: Record<string, string> = {}, status = 200): Promise<ChatEvent> {
  const { url } = await answering(body, headers, status);
  const events = await all(relay(url).events);
  const last = events.at(-1);
  if (last === undefined) throw new Error('no event');
  return last;
}

function textOf(events: readonly ChatEvent[]): string {
  return events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
}

/** Waits until what the server wrote has been read and handed on. */
async function writeAndTake(
  response: ServerResponse,
  text: string,
  events: AsyncGenerator<ChatEvent, void, undefined>,
): Promise<ChatEvent> {
  response.write(text);
  return take(events);
}

describe('a chat that goes well', () => {
  it('streams each delta as it arrives and measures by the contract’s formulas', async () => {
    const server = await startScriptedServer();
    const { events, clock, proofs } = relay(server.url);
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
    });
    response.writeHead(200, { ...SSE, 'x-went-into-resp-headers': 'true', 'x-inference-pod': 'pod-a', 'x-lab': '1' });
    response.write(frame({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }));
    clock.advance(250);
    expect(await writeAndTake(response, delta('Each'), events)).toEqual({ type: 'text-delta', text: 'Each', atMs: 250 });
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

  const SAMPLES = new URL('../../../lab/fixtures/', import.meta.url);
  void SAMPLES;

  it('keeps text whole wherever the bytes are cut', async () => {
    const bytes = Buffer.from(delta('Grüße, 世界 🌍') + FINISH + usage(5) + DONE);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const server = await startScriptedServer();
      const { events } = relay(server.url);
      const text = all(events).then(textOf);
      const { response } = await server.next();
      response.writeHead(200, SSE);
      response.write(bytes.subarray(0, cut));
      // A turn of the event loop between the pieces makes them arrive apart.
      await new Promise((resolve) => setImmediate(resolve));
      response.end(bytes.subarray(cut));
      expect(await text).toBe('Grüße, 世界 🌍');
      await server.close();
      cut += 6;
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

  it('ends at the end of the body where no [DONE] comes', async () => {
    expect(await lastOf(delta('one') + FINISH + usage(1))).toMatchObject({ type: 'end', finishReason: 'stop' });
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
    expect(await lastOf(delta('one') + FINISH + DONE)).toMatchObject({ schedulerSeen: false, servedBy: null });
  });

  it('passes no header value on that is no pod name', async () => {
    const last = await lastOf(delta('one') + FINISH + DONE, { 'x-inference-pod': '<b>pod</b>' });
    expect(last).toMatchObject({ servedBy: null });
  });

  it('relays the recorded streams of vLLM', async () => {
    const sample = (name: string) => readFileSync(new URL(`./testing/${name}`, import.meta.url));
    const chat = await all(relay((await answering(sample('chat-stream.sse'))).url).events);
    expect(textOf(chat)).toMatch(/prefix\.$/);
    expect(chat.at(-1)).toMatchObject({ type: 'end', finishReason: 'stop', promptTokens: 46, completionTokens: 26 });

    const reasoning = await all(relay((await answering(sample('chat-stream-reasoning-newer.sse'))).url).events);
    expect(reasoning.flatMap((event) => (event.type === 'reasoning-delta' ? [event.text] : [])).join('')).toBe(
      'The user asks about cache.',
    );
    expect(textOf(reasoning)).toBe('\n\nA warm prefix skips prefill.');
    expect(reasoning.at(-1)).toMatchObject({ completionTokens: 15, cachedPromptTokens: 1792 });
  });
});
