import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { createOutbound } from '@/lib/server/http/outbound';
import { startHttpServer } from '@/lib/server/testing/http-server';
import { modelDispatcher } from './model-dispatcher';
import { createProber } from './prober';
import { all, anEndpoint, anOrder, DONE, delta, FINISH, relay, SSE } from './testing/relay-harness';

const UNREADABLE =
  'The file of trusted certificates (MODEL_CA_FILE) cannot be read, so no connection is made.';

/** An endpoint that was not called before, the CA file that is gone, and what is said about it. */
async function withoutCaFile() {
  const { url } = await startHttpServer((request, response) => {
    if (request.method === 'GET')
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"data":[]}');
    else response.writeHead(200, SSE).end(delta('Yes.') + FINISH + DONE);
  });
  const folder = mkdtempSync(join(tmpdir(), 'model-ca-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const caFile = join(folder, 'ca.pem');
  const outbound = createOutbound({ ingressConnectTo: new Map(), httpsProxy: null, noProxy: '' });
  onTestFinished(() => outbound.close());
  const said: string[] = [];
  const onUnreadable = (error: unknown): void => {
    said.push(error instanceof Error && 'code' in error ? String(error.code) : 'something else');
  };
  const endpoint = { ...anEndpoint(url), path: 'override' as const };
  return {
    url,
    endpoint,
    said,
    dispatcher: () => modelDispatcher(endpoint, { outbound, caFile, onUnreadable }),
    comeBack: () => writeFileSync(caFile, rootCertificates[0] ?? ''),
  };
}

it('a chat whose CA file is gone ends with words, and the next one works once it is back', async () => {
  const { url, said, dispatcher, comeBack } = await withoutCaFile();
  const failed = await all(relay(url, { dispatcher: dispatcher() }).events);
  expect(failed.map(({ type }) => type)).toEqual(['start', 'error']);
  expect(failed.at(-1)).toMatchObject({ code: 'certificate-not-trusted', message: UNREADABLE });
  expect(said).toEqual(['ENOENT']);
  comeBack();
  const answered = await all(relay(url, { dispatcher: dispatcher() }).events);
  expect(answered.at(-1)).toMatchObject({ type: 'end', finishReason: 'stop' });
  expect(said).toEqual(['ENOENT']);
});

it('a probe whose CA file is gone is refused for that reason, for the models and for the completion', async () => {
  const { url, endpoint, dispatcher } = await withoutCaFile();
  const { clock } = anOrder(url);
  const prober = createProber({
    endpoints: () => [endpoint],
    dispatcherFor: dispatcher,
    apiKeys: { baseline: null, distributed: null },
    clock,
    onChange: () => undefined,
    onFault: (error) => expect.fail(String(error)),
  });
  await prober.probeNow();
  expect(prober.results().map(({ kind, outcome, finding }) => [kind, outcome, finding])).toEqual([
    ['models', 'refused', UNREADABLE],
    ['completion', 'refused', UNREADABLE],
  ]);
  expect(prober.source('distributed')).toMatchObject({
    state: 'unreachable',
    detail: expect.stringContaining(UNREADABLE),
  });
});
