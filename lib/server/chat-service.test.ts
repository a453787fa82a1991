import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { UsedPath } from '@/lib/domain/vocabulary';
import { createChatService } from './chat-service';
import { anEndpoint, answering, DONE, delta, FINISH, QUESTION } from './inference/testing/relay-harness';
import { createManualClock } from './testing/manual-clock';

const ANSWER = delta('Because.') + FINISH + DONE;

/** What is said about the pod of an answer that came this way. */
async function saidOfPod(path: UsedPath, solePod: string | null): Promise<string[]> {
  const { url } = await answering(ANSWER);
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const said: string[] = [];
  const service = createChatService({
    paths: () => [{ ...anEndpoint(url), path }],
    dispatcherFor: () => agent,
    apiKeys: { baseline: null, distributed: null },
    engineVersion: () => null,
    maxConcurrent: 1,
    clock: createManualClock(),
    onProof: () => undefined,
    solePod: () => solePod,
    onSample: () => undefined,
    onServedBy: ({ pod }) => said.push(`served by ${pod}`),
    onUnattributed: ({ arm }) => said.push(`look for it among the pods of ${arm}`),
  });
  const body = service.stream(QUESTION, 'distributed', 'page', new AbortController().signal);
  expect(await new Response(body).text()).toContain('"type":"end"');
  return said;
}

describe('the pod of an answer that no header names', () => {
  it.each<[string, UsedPath, string | null, string[]]>([
    ['is the only one of the service', 'route', 'pod-a', ['served by pod-a']],
    ['is looked for among several', 'gateway', null, ['look for it among the pods of distributed']],
    ['is not looked for in the cluster when the answer came by a configured URL', 'override', null, []],
  ])('%s', async (_case, path, solePod, said) => {
    expect(await saidOfPod(path, solePod)).toEqual(said);
  });
});
