import type { ServerResponse } from 'node:http';
import { Agent } from 'undici';
import { onTestFinished } from 'vitest';
import { type ChatRequest, chatEventSchema } from '@/lib/contracts/chat';
import type { ChatEvent } from '@/lib/domain/chat';
import type { ProbeResult } from '@/lib/domain/probe';
import { createDurationHistogram } from '@/lib/server/inference/duration-histogram';
import { createRaceGate } from '@/lib/server/inference/race-gate';
import { type ReachableEndpoint, type RelayOptions, relayChat } from '@/lib/server/inference/relay-chat';
import { createUsageMemory } from '@/lib/server/inference/usage-memory';
import { startHttpServer } from '@/lib/server/testing/http-server';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';

export const CANARY = 'canary-9d2e';
export const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };

export const QUESTION: ChatRequest = {
  arm: 'distributed',
  messages: [{ role: 'user', content: 'Why split a model?' }],
};

export function anEndpoint(baseUrl: URL): ReachableEndpoint {
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

export interface Relay {
  events: AsyncGenerator<ChatEvent, void, undefined>;
  clock: ManualClock;
  stop: AbortController;
  proofs: ProbeResult[];
}

/** All that a relay needs, with a clock and memories of its own. */
export function anOrder(baseUrl: URL): Omit<RelayOptions, 'clock'> & { clock: ManualClock } {
  const clock = createManualClock();
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  return {
    request: QUESTION,
    endpoint: anEndpoint(baseUrl),
    dispatcher: agent,
    apiKey: null,
    requestId: 'request-1',
    signal: new AbortController().signal,
    clock,
    raceGate: createRaceGate(clock),
    usageMemory: createUsageMemory(),
    overhead: createDurationHistogram(),
    onProof: () => undefined,
  };
}

export function relay(baseUrl: URL, overrides: Partial<RelayOptions> = {}): Relay {
  const order = anOrder(baseUrl);
  const stop = new AbortController();
  const proofs: ProbeResult[] = [];
  const events = taken((tell) =>
    relayChat({ ...order, signal: stop.signal, onProof: (proof) => proofs.push(proof), ...overrides }, tell),
  );
  return { events, clock: order.clock, stop, proofs };
}

/** What is told, to be taken one by one; begins with the first that is asked for. */
async function* taken(
  run: (tell: (event: ChatEvent) => void) => Promise<void>,
): AsyncGenerator<ChatEvent, void, undefined> {
  const told: ChatEvent[] = [];
  let isOver = false;
  let wake = Promise.withResolvers<void>();
  const ended = run((event) => {
    told.push(event);
    wake.resolve();
  }).finally(() => {
    isOver = true;
    wake.resolve();
  });
  ended.catch(() => undefined);
  for (;;) {
    const next = told.shift();
    if (next !== undefined) {
      yield next;
    } else if (isOver) {
      return ended;
    } else {
      await wake.promise;
      wake = Promise.withResolvers();
    }
  }
}

export async function all(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const list: ChatEvent[] = [];
  for await (const event of events) list.push(chatEventSchema.parse(event));
  return list;
}

export async function take(events: AsyncGenerator<ChatEvent, void, undefined>): Promise<ChatEvent> {
  const { value, done } = await events.next();
  if (done === true) throw new Error('The stream has ended');
  return chatEventSchema.parse(value);
}

export const frame = (json: unknown): string => `data: ${JSON.stringify(json)}\n\n`;
export const delta = (content: string, more: object = {}): string =>
  frame({ choices: [{ index: 0, delta: { content }, finish_reason: null, ...more }] });
export const FINISH = frame({ choices: [{ index: 0, delta: { content: '' }, finish_reason: 'stop' }] });
export const usage = (completion: number): string =>
  frame({
    choices: [],
    usage: { prompt_tokens: 46, completion_tokens: completion, total_tokens: 46 + completion },
  });
export const DONE = 'data: [DONE]\n\n';

/** Answers with the whole body at once. */
export function answering(
  body: string | Buffer,
  headers: Record<string, string> = {},
  status = 200,
): Promise<{ url: URL }> {
  return startHttpServer((_request, response) => {
    response.writeHead(status, { ...SSE, ...headers }).end(body);
  });
}

export async function lastOf(
  body: string | Buffer,
  headers: Record<string, string> = {},
  status = 200,
): Promise<ChatEvent> {
  const { url } = await answering(body, headers, status);
  const events = await all(relay(url).events);
  const last = events.at(-1);
  if (last === undefined) throw new Error('no event');
  return last;
}

export function textOf(events: readonly ChatEvent[]): string {
  return events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
}

/** Waits until what the server wrote has been read and handed on. */
export async function writeAndTake(
  response: ServerResponse,
  text: string,
  events: AsyncGenerator<ChatEvent, void, undefined>,
): Promise<ChatEvent> {
  response.write(text);
  return take(events);
}
