import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import type { ProxySettings } from '../http/proxy-choice';
import { createKubernetesClient, type KubernetesClient } from './client';
import { createCredentials } from './credentials';
import type { KubernetesError } from './errors';
import { locateKubeConfig } from './locate-kubeconfig';
import { aStatus } from './testing/api-objects';
import { type FakeApiServer, startFakeApiServer } from './testing/fake-api-server';
import { type KubeconfigParts, kubeconfigText } from './testing/kubeconfig-file';
import { createTestAuthority, type TestAuthority } from './testing/test-certificates';

const NO_PROXY: ProxySettings = { httpsProxy: null, noProxy: '' };
/** Longer than the shortest time between two looks at the files. */
const RENEWAL_MS = 1_500;

let folder: string;
let clock: ManualClock;
let authority: TestAuthority;
let api: FakeApiServer;
const endings: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'client-'));
  clock = createManualClock();
  authority = await createTestAuthority('Cluster CA');
  api = await startApi(authority);
});

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true });
});

async function startApi(issuer: TestAuthority, port = 0): Promise<FakeApiServer> {
  const server = await startFakeApiServer(await issuer.issue('localhost', '127.0.0.1', 'api.example'), port);
  endings.push(() => server.close());
  return server;
}

function path(name: string): string {
  return join(folder, name);
}

interface ClientSetUp extends Partial<KubeconfigParts> {
  proxy?: ProxySettings;
}

/** A client as the dashboard makes it, from a kubeconfig on disk with the CA and the token in files of their own. */
function clientFor({ proxy = NO_PROXY, ...parts }: ClientSetUp = {}): KubernetesClient {
  writeFileSync(path('ca.pem'), authority.certificatePem);
  writeFileSync(
    path('config'),
    kubeconfigText({
      name: 'test',
      current: 'test',
      server: api.url,
      cluster: { 'certificate-authority': 'ca.pem' },
      user: { token: 'first' },
      ...parts,
    }),
  );
  const config = { kubeconfigFiles: [path('config')], context: null, homeDirectory: null, inCluster: null };
  const client = createKubernetesClient({
    credentials: createCredentials({ locate: () => locateKubeConfig(config), clock }),
    proxy,
    clock,
  });
  endings.push(() => client.close());
  return client;
}

function get(client: KubernetesClient, target = '/version'): Promise<unknown> {
  const { signal } = new AbortController();
  return client
    .get(target, { signal, timeoutMs: 5_000 })
    .then((answer) => (answer.outcome === 'ok' ? answer.body : answer.outcome));
}

/** The failure of a request, as kind and message. */
async function failureOf(request: Promise<unknown>): Promise<[string, string]> {
  const error = await request.then(
    () => expect.fail('the request succeeded'),
    (reason: KubernetesError) => reason,
  );
  return [error.kind, error.message];
}

/** Answers every request by its token; notes the tokens. */
function acceptOnly(token: string): string[] {
  const seen: string[] = [];
  api.answerWith((call) => {
    seen.push(call.headers.authorization ?? 'none');
    if (call.headers.authorization === `Bearer ${token}`) call.answer({ ok: true });
    else call.answer(aStatus(401, 'Unauthorized'), 401);
    return true;
  });
  return seen;
}

const UNAUTHENTICATED = [
  'unauthenticated',
  'The API server does not accept the credentials; log in again (oc login).',
];

describe('credentials', () => {
  it('are sent as the kubeconfig has them', async () => {
    const seen = acceptOnly('first');
    const client = clientFor();
    expect(await get(client)).toEqual({ ok: true });
    expect(seen).toEqual(['Bearer first']);
    expect(client.describe()).toBe('KUBECONFIG, context test');
  });

  it('of a token file are sent without its line break', async () => {
    writeFileSync(path('token'), 'first\n');
    const seen = acceptOnly('first');
    await get(
      clientFor({ user: { 'auth-provider': { name: 'tokenFile', config: { tokenFile: path('token') } } } }),
    );
    expect(seen).toEqual(['Bearer first']);
  });

  it('get one more try after a 401, so that a single one is not noticed', async () => {
    const client = clientFor();
    const answer = get(client);
    (await api.next('list')).answer(aStatus(401, 'Unauthorized'), 401);
    (await api.next('list')).answer({ ok: true });
    expect(await answer).toEqual({ ok: true });
  });

  it('are read again after a 401: a rotated token works at once', async () => {
    writeFileSync(path('token'), 'first');
    const client = clientFor({ user: { 'token-file': path('token') } });
    acceptOnly('first');
    await get(client);
    writeFileSync(path('token'), 'second\n');
    clock.advance(RENEWAL_MS);
    const seen = acceptOnly('second');
    expect(await get(client)).toEqual({ ok: true });
    expect(seen).toEqual(['Bearer first', 'Bearer second']);
  });

  it('that stay refused are reported, without a second try each time, until they change', async () => {
    const seen = acceptOnly('second');
    const client = clientFor();
    expect(await failureOf(get(client))).toEqual(UNAUTHENTICATED);
    clock.advance(RENEWAL_MS);
    expect(await failureOf(get(client))).toEqual(UNAUTHENTICATED);
    expect(seen).toEqual(['Bearer first', 'Bearer first', 'Bearer first']);
    clientFor({ user: { token: 'second' } }); // writes the file, as oc login does
    clock.advance(RENEWAL_MS);
    expect(await get(client)).toEqual({ ok: true });
  });

  it('are read again once a minute', async () => {
    const client = clientFor();
    acceptOnly('first');
    await get(client);
    clientFor({ user: { token: 'second' } });
    clock.advance(59_000);
    expect(await get(client)).toEqual({ ok: true });
    clock.advance(2_000);
    acceptOnly('second');
    expect(await get(client)).toEqual({ ok: true });
  });

  it('of a plugin that fails are reported without what it printed', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', 'console.error("canary"); process.exit(1)'],
    };
    const [kind, message] = await failureOf(get(clientFor({ user: { exec } })));
    expect(kind).toBe('unauthenticated');
    expect(message).not.toContain('canary');
  });

  it('of a plugin are used and not asked for again while they are good', async () => {
    const script = `
      require('node:fs').appendFileSync(${JSON.stringify(path('runs'))}, 'x');
      console.log(JSON.stringify({ kind: 'ExecCredential', status: { token: 'first' } }));`;
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', script],
    };
    const seen = acceptOnly('first');
    const client = clientFor({ user: { exec } });
    await get(client);
    clock.advance(61_000); // the files are read again, the plugin's answer is still good
    await get(client);
    expect(seen).toEqual(['Bearer first', 'Bearer first']);
    expect(readFileSync(path('runs'), 'utf8')).toBe('x');
  });

  it('are never sent over plain http', async () => {
    expect(await failureOf(get(clientFor({ server: 'http://127.0.0.1:1' })))).toEqual([
      'not-configured',
      "The cluster's address is plain http, which is refused (KUBECONFIG, context test).",
    ]);
  });

  it('name a file of the kubeconfig that is missing', async () => {
    const cluster = { 'certificate-authority': path('gone.pem') };
    expect(await failureOf(get(clientFor({ cluster })))).toEqual([
      'not-configured',
      'A file named by the kubeconfig cannot be read.',
    ]);
  });
});

describe('certificates', () => {
  it('that are not trusted end the request before anything is sent', async () => {
    authority = await createTestAuthority('Another CA');
    const client = clientFor();
    expect(await failureOf(get(client))).toEqual([
      'certificate',
      "The API server's certificate is not trusted: it was issued by an authority that is not trusted.",
    ]);
    expect(api.waiting('list')).toBe(0);
  });

  it('for another name are refused', async () => {
    const keys = await authority.issue('elsewhere.example');
    const other = await startFakeApiServer(keys);
    endings.push(() => other.close());
    expect(await failureOf(get(clientFor({ server: other.url })))).toEqual([
      'certificate',
      "The API server's certificate is not trusted: it is for another name.",
    ]);
  });

  it('are checked against tls-server-name where the kubeconfig gives one', async () => {
    acceptOnly('first');
    const cluster = { 'certificate-authority': 'ca.pem', 'tls-server-name': 'api.example' };
    expect(await get(clientFor({ cluster, server: api.url.replace('127.0.0.1', 'localhost') }))).toEqual({
      ok: true,
    });
  });

  it('may be renewed under the same authority without notice', async () => {
    const client = clientFor();
    acceptOnly('first');
    await get(client);
    await restart(authority);
    expect(await get(client)).toEqual({ ok: true });
  });

  it('of a new authority are trusted once its file has changed', async () => {
    const client = clientFor();
    acceptOnly('first');
    await get(client);
    const replacement = await createTestAuthority('New CA');
    await restart(replacement);
    expect((await failureOf(get(client)))[0]).toBe('certificate');
    writeFileSync(path('ca.pem'), replacement.certificatePem);
    clock.advance(RENEWAL_MS);
    expect(await get(client)).toEqual({ ok: true });
  });

  it('go unchecked only where the kubeconfig says so', async () => {
    acceptOnly('first');
    expect(await get(clientFor({ cluster: { 'insecure-skip-tls-verify': true } }))).toEqual({ ok: true });
    expect((await failureOf(get(clientFor({ cluster: {} }))))[0]).toBe('certificate');
  });

  /** The same address with a new certificate. */
  async function restart(issuer: TestAuthority): Promise<void> {
    const port = Number(new URL(api.url).port);
    await api.close();
    api = await startApi(issuer, port);
    acceptOnly('first');
    await setImmediate();
  }
});

describe('requests', () => {
  it('share one connection', async () => {
    const client = clientFor();
    acceptOnly('first');
    for (let count = 0; count < 5; count += 1) {
      await get(client);
      await setImmediate();
    }
    expect(api.connectionCount()).toBe(1);
  });

  it('keep the path the server lives under', async () => {
    const client = clientFor({ server: `${api.url}/k8s/clusters/local` });
    void get(client, '/apis').catch(() => undefined);
    expect((await api.next('list')).path).toBe('/k8s/clusters/local/apis');
  });

  it('do not follow a redirect, which could carry the token elsewhere', async () => {
    const other = await startApi(authority);
    const failure = failureOf(get(clientFor()));
    (await api.next('list')).answer({}, 302, { location: `${other.url}/login` });
    expect(await failure).toEqual([
      'redirect',
      "The API server's address answers with a redirect (302), which is not followed.",
    ]);
    expect(other.connectionCount()).toBe(0);
  });

  it('are answered with 304 where the tag still fits', async () => {
    const client = clientFor();
    const { signal } = new AbortController();
    const answer = client.get('/apis', { signal, timeoutMs: 5_000, ifNoneMatch: '"tag"' });
    const call = await api.next('list');
    expect(call.headers['if-none-match']).toBe('"tag"');
    call.answer({}, 304);
    expect(await answer).toEqual({ outcome: 'not-modified', httpStatus: 304 });
  });

  it('end at their deadline', async () => {
    const failure = failureOf(get(clientFor()));
    await api.next('list');
    clock.advance(5_000);
    expect(await failure).toEqual(['timeout', 'The API server has not answered within 5 s.']);
    expect(clock.pending()).toEqual([]);
  });

  it('end when the caller leaves', async () => {
    const caller = new AbortController();
    const request = clientFor().get('/version', { signal: caller.signal, timeoutMs: 5_000 });
    const call = await api.next('list');
    caller.abort(new Error('left'));
    await expect(request).rejects.toThrow();
    await vi.waitFor(() => expect(call.isGone()).toBe(true));
  });

  it('refuse an answer that is no JSON, without quoting it', async () => {
    const failure = failureOf(get(clientFor()));
    (await api.next('list')).answerText('<html>canary', 200);
    expect(await failure).toEqual([
      'unreadable',
      'The answer does not come from a Kubernetes API: it is not JSON.',
    ]);
  });

  it('say when the name of the server is not found', async () => {
    const [kind, message] = await failureOf(
      get(clientFor({ server: 'https://api.does-not-exist.invalid:6443' })),
    );
    expect(kind).toBe('name-not-found');
    expect(message).toBe("The API server's name is not found.");
  });

  it('go through HTTPS_PROXY unless NO_PROXY names the server', async () => {
    const asked: string[] = [];
    const target = Number(new URL(api.url).port);
    const proxy = createHttpServer().on('connect', (request, client) => {
      asked.push(request.url ?? '');
      const upstream = connectTcp(target, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      client.on('error', () => upstream.destroy());
      upstream.on('error', () => client.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    endings.push(() => new Promise((resolve) => proxy.close(resolve)));
    const httpsProxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    acceptOnly('first');
    const server = 'https://api.example:6443';
    expect(await get(clientFor({ server, proxy: { httpsProxy, noProxy: '' } }))).toEqual({ ok: true });
    expect(asked).toEqual(['api.example:6443']);
    await expect(get(clientFor({ server, proxy: { httpsProxy, noProxy: '.example' } }))).rejects.toThrow();
    expect(asked).toEqual(['api.example:6443']);
  });
});
