import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChatEvent } from '@/lib/domain/chat';
import type { UsedPath } from '@/lib/domain/vocabulary';
import { type ChatServiceOptions, createChatService } from './chat-service';
import { anEndpoint, answering, DONE, delta, FINISH, QUESTION } from './inference/testing/relay-harness';
import { startScriptedServer } from './testing/http-server';
import { createManualClock } from './testing/manual-clock';

const ANSWER = delta('Because.') + FINISH + DONE;

/** A service for one chat at a time whose only endpoint is at the address. */
function aService(url: URL, overrides: Partial<ChatServiceOptions> = {}) {
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const clock = createManualClock();
  const service = createChatService({
    paths: () => [anEndpoint(url)],
    dispatcherFor: () => agent,
    apiKeys: { baseline: null, distributed: null },
    engineVersion: () => null,
    maxConcurrent: 1,
    clock,
    onProof: () => undefined,
    solePod: () => null,
    onSample: () => undefined,
    onServedBy: () => undefined,
    onUnattributed: () => undefined,
    onFault: (error) => expect.fail(String(error)),
    ...overrides,
  });
  return { service, clock };
}

/** What is said about the pod of an answer that came this way. */
async function saidOfPod(path: UsedPath, solePod: string | null): Promise<string[]> {
  const { url } = await answering(ANSWER);
  const said: string[] = [];
  const { service } = aService(url, {
    paths: () => [{ ...anEndpoint(url), path }],
    solePod: () => solePod,
    onServedBy: ({ pod }) => said.push(`served by ${pod}`),
    onUnattributed: ({ arm }) => said.push(`look for it among the pods of ${arm}`),
  });
  const types: string[] = [];
  const chat = service.admit(QUESTION, 'distributed', 'page');
  await chat(({ type }) => types.push(type), new AbortController().signal);
  expect(types.at(-1)).toBe('end');
  return said;
}

describe('a chat service that ends', () => {
  it('lets a running chat end, and stops it when that takes too long', async () => {
    const server = await startScriptedServer();
    const { service, clock } = aService(server.url);
    const told: ChatEvent[] = [];
    const chat = service.admit(
      QUESTION,
      'distributed',
      'page',
    )((event) => told.push(event), new AbortController().signal);
    const { closed } = await server.next();
    const finished = service.finish(5_000);
    clock.advance(5_000);
    await finished;
    // The last event was told before the service says that it has finished: whoever waits for it may end the process.
    expect(told.at(-1)).toMatchObject({
      type: 'error',
      code: 'aborted',
      message: expect.stringContaining('is being ended or restarted'),
    });
    await Promise.all([chat, closed]);
    expect(() => service.admit(QUESTION, 'distributed', 'page')).not.toThrow();
  });
});

it('a chat ends with an error event even when the dashboard itself fails, and the fault is told', async () => {
  const { url } = await answering(ANSWER);
  const faults: unknown[] = [];
  const fault = new Error('out of connections');
  const { service } = aService(url, {
    dispatcherFor: () => {
      throw fault;
    },
    onFault: (error) => faults.push(error),
  });
  const told: ChatEvent[] = [];
  await service.admit(
    QUESTION,
    'distributed',
    'page',
  )((event) => told.push(event), new AbortController().signal);
  expect(told).toEqual([expect.objectContaining({ type: 'error', code: 'internal' })]);
  expect(faults).toEqual([fault]);
  expect(() => service.admit(QUESTION, 'distributed', 'page')).not.toThrow();
});

it('a way that was asked for and is not there is named: the service may have others', async () => {
  const { url } = await answering(ANSWER);
  const told: ChatEvent[] = [];
  const request = { ...QUESTION, path: 'route' as const };
  await aService(url).service.admit(
    request,
    'distributed',
    'page',
  )((event) => told.push(event), new AbortController().signal);
  expect(told).toMatchObject([
    { code: 'no-endpoint', message: 'No way to the distributed service by route is known.' },
  ]);
});

describe('the pod of an answer that no header names', () => {
  it.each<[string, UsedPath, string | null, string[]]>([
    ['is the only one of the service', 'route', 'pod-a', ['served by pod-a']],
    ['is looked for among several', 'gateway', null, ['look for it among the pods of distributed']],
    ['is not looked for in the cluster when the answer came by a configured URL', 'override', null, []],
  ])('%s', async (_case, path, solePod, said) => {
    expect(await saidOfPod(path, solePod)).toEqual(said);
  });
});
