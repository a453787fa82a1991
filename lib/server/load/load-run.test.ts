import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  DEAD_MAN_MS,
  type LoadEnd,
  type LoadPlan,
  type LoadProgress,
  type LoadSample,
} from '@/lib/domain/load';
import { anEndpoint, DONE, delta, FINISH, SSE, usage } from '@/lib/server/inference/testing/relay-harness';
import { startHttpServer, startScriptedServer } from '@/lib/server/testing/http-server';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import type { RunningLoad } from './load-order';
import { startLoadRun } from './load-run';

const PLAN: LoadPlan = { usersPerArm: 3, arms: ['distributed'], path: null, shape: 'synthetic-256' };

interface Observed {
  load: RunningLoad;
  clock: ManualClock;
  samples: LoadSample[];
  progress(): LoadProgress | undefined;
  ended: Promise<LoadEnd>;
}

function aLoad(url: URL, plan: Partial<LoadPlan> = {}): Observed {
  const clock = createManualClock();
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const samples: LoadSample[] = [];
  let progress: LoadProgress | undefined;
  let settle: (because: LoadEnd) => void = () => undefined;
  const ended = new Promise<LoadEnd>((resolve) => {
    settle = resolve;
  });
  const load = startLoadRun({
    order: {
      plan: { ...PLAN, ...plan },
      seed: 7,
      targets: [{ endpoint: anEndpoint(url), apiKey: 'model-key' }],
    },
    clock,
    dispatcherFor: () => agent,
    listener: {
      onReport: (report) => {
        samples.push(...report.samples);
        progress = report.progress[0];
      },
      onEnded: settle,
    },
  });
  onTestFinished(() => load.stop('stopped'));
  return { load, clock, samples, progress: () => progress, ended };
}

function answer(response: ServerResponse, tokens = 256): void {
  response.writeHead(200, SSE).end(delta('one ') + delta('two') + FINISH + usage(tokens) + DONE);
}

/** Lets everything that is under way on real sockets happen, without any time passing for the load. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
}

describe('a background load', () => {
  it('never has more requests under way than users, who begin one after the other', async () => {
    const server = await startScriptedServer();
    const { clock, progress } = aLoad(server.url);
    await server.next();
    await settled();
    expect(server.seen()).toHaveLength(1);
    clock.advance(1_000);
    await server.next();
    await server.next();
    await settled();
    expect(server.seen()).toHaveLength(3);
    clock.advance(250);
    expect(progress()).toMatchObject({ inFlight: 3, answered: 0, failed: 0 });
  });

  it('asks with 256 words’ worth of tokens, no two alike, for exactly 256 more, with the model’s own key', async () => {
    const server = await startScriptedServer();
    const { clock } = aLoad(server.url, { usersPerArm: 1 });
    const first = await server.next();
    answer(first.response);
    const second = await server.next();
    clock.advance(1);
    const [one, two] = [JSON.parse(first.body), JSON.parse(second.body)];
    expect(one).toMatchObject({
      model: 'mistral-3-distributed',
      stream: true,
      max_tokens: 256,
      ignore_eos: true,
      temperature: 0,
    });
    expect(one.messages[0].content).toMatch(/^Run 7, user 0, question 1: \w+( \w+)+$/);
    expect(two.messages[0].content).toMatch(/^Run 7, user 0, question 2: /);
    expect(first.headers.authorization).toBe('Bearer model-key');
  });

  it('learns from the engine’s own count how long a prompt of 256 tokens is', async () => {
    const server = await startScriptedServer();
    aLoad(server.url, { usersPerArm: 1 });
    const first = await server.next();
    const firstWords = JSON.parse(first.body).messages[0].content.split(' ').length;
    // The harness' usage says 46 prompt tokens: far too few.
    answer(first.response);
    const second = await server.next();
    const secondWords = JSON.parse(second.body).messages[0].content.split(' ').length;
    expect((secondWords / firstWords) * 46).toBeGreaterThan(245);
    expect((secondWords / firstWords) * 46).toBeLessThan(267);
  });

  it('talks over shared documents in turns, each with all that was said before', async () => {
    const server = await startScriptedServer();
    const { clock } = aLoad(server.url, { usersPerArm: 1, shape: 'documents' });
    const first = JSON.parse((await serve(server)).body);
    await settled();
    expect(server.seen()).toHaveLength(1);
    clock.advance(3_000);
    const second = JSON.parse((await server.next()).body);
    expect(first.messages.map(({ role }: { role: string }) => role)).toEqual(['system', 'user']);
    expect(second.messages.map(({ role }: { role: string }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
    ]);
    expect(second.messages.slice(0, 2)).toEqual(first.messages);
    expect(second.messages[2].content).toBe('one two');

    async function serve(scripted: typeof server) {
      const request = await scripted.next();
      answer(request.response);
      return request;
    }
  });

  it('times each request by the contract’s formulas', async () => {
    const server = await startScriptedServer();
    const { clock, samples } = aLoad(server.url, { usersPerArm: 1 });
    const { response } = await server.next();
    clock.advance(200);
    response.writeHead(200, SSE);
    response.write(delta('one '));
    await settled();
    clock.advance(500);
    response.end(delta('two') + FINISH + usage(11) + DONE);
    await server.next();
    clock.advance(250);
    expect(samples).toEqual([
      {
        arm: 'distributed',
        origin: 'load',
        sentAt: '2026-01-15T09:00:00.000Z',
        path: 'gateway',
        outcome: 'answered',
        code: null,
        ttftMs: 200,
        meanItlMs: 50,
        e2eMs: 700,
        promptTokens: 46,
        completionTokens: 11,
        cachedPromptTokens: null,
      },
    ]);
  });

  it('slows down for all users when the endpoint asks to wait', async () => {
    const server = await startScriptedServer();
    const { load, clock, progress } = aLoad(server.url, { usersPerArm: 2 });
    (await server.next()).response.writeHead(429, { 'retry-after': '20' }).end();
    await settled();
    for (let second = 0; second < 19; second += 1) {
      clock.advance(1_000);
      load.keep();
      await settled();
    }
    expect(server.seen()).toHaveLength(1);
    expect(progress()).toMatchObject({
      failed: 1,
      lastFailure: { code: 'rate-limited' },
      slowedUntil: '2026-01-15T09:00:20.000Z',
    });
    clock.advance(1_500);
    await server.next();
    await server.next();
  });

  it('waits longer and longer for an endpoint that fails', async () => {
    let asked = 0;
    const { url } = await startHttpServer((_request, response) => {
      asked += 1;
      response.writeHead(500).end();
    });
    const { load, clock } = aLoad(url, { usersPerArm: 1 });
    for (let second = 0; second < 60; second += 1) {
      await settled();
      clock.advance(1_000);
      load.keep();
    }
    // 0, 1, 3, 7, 15, 30, 45 s
    expect(asked).toBeGreaterThanOrEqual(6);
    expect(asked).toBeLessThanOrEqual(8);
  });

  it('asks for no usage report that was refused, and counts no failure for it', async () => {
    const bodies: Record<string, unknown>[] = [];
    const { url } = await startHttpServer(async (request, response) => {
      const body = await readBody(request);
      bodies.push(body);
      if (JSON.stringify(body).includes('continuous')) {
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end('{"error":{"message":"unknown field continuous_usage_stats"}}');
      } else if (bodies.length < 4) answer(response);
    });
    const { clock, progress } = aLoad(url, { usersPerArm: 1 });
    await settled();
    clock.advance(1_000);
    await settled();
    clock.advance(250);
    expect(bodies[1]?.stream_options).toEqual({ include_usage: true });
    expect(progress()).toMatchObject({ failed: 0 });
  });
});

describe('the end of a background load', () => {
  it('comes within five seconds of the page’s last word, and closes what is under way', async () => {
    const server = await startScriptedServer();
    const { load, clock, ended } = aLoad(server.url, { usersPerArm: 1 });
    const { closed } = await server.next();
    clock.advance(3_000);
    load.keep();
    clock.advance(DEAD_MAN_MS - 1);
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    await settled();
    expect(isOver).toBe(false);
    clock.advance(251);
    expect(await ended).toBe('page-lost');
    await closed;
    expect(DEAD_MAN_MS + 250).toBeLessThan(5_000);
  });

  it('comes at once when it is stopped, also for users who wait or read', async () => {
    const server = await startScriptedServer();
    const { load, clock, samples, ended } = aLoad(server.url, { usersPerArm: 3 });
    const { closed } = await server.next();
    load.stop('stopped');
    expect(await ended).toBe('stopped');
    await closed;
    // A request that we cut off is no measurement, and nothing is left to happen.
    expect(samples).toEqual([]);
    clock.advance(60_000);
    await settled();
    expect(server.seen()).toHaveLength(1);
  });

  it('comes by itself after half an hour', async () => {
    const server = await startScriptedServer();
    const { load, clock, ended } = aLoad(server.url, { usersPerArm: 1 });
    await server.next();
    for (let minute = 0; minute < 40 * 60; minute += 3) {
      clock.advance(3_000);
      load.keep();
    }
    expect(await ended).toBe('time-limit');
  });
});
