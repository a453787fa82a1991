import { gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpServer, startScriptedServer } from '@/lib/server/testing/http-server';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import { createPrometheusClient, type PrometheusClient, type PrometheusClientOptions } from './client';

const EMPTY = JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } });
const JSON_TYPE = { 'content-type': 'application/json' };

function aClient(baseUrl: URL, overrides: Partial<PrometheusClientOptions> = {}): PrometheusClient {
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  return createPrometheusClient({
    baseUrl,
    dispatcher: () => agent,
    readToken: async () => null,
    tenancyNamespace: null,
    clock: createManualClock(),
    ...overrides,
  });
}

describe('asking Prometheus', () => {
  it('sends a GET with the query, its time and the token read anew for each request', async () => {
    const server = await startScriptedServer();
    let token = 'first';
    const client = aClient(new URL('/prom/', server.url), {
      readToken: async () => token,
      tenancyNamespace: 'private-ai',
    });
    for (const expected of ['first', 'second']) {
      token = expected;
      const answer = client.query('up{job="a b"}', 1_700_000_000.5);
      const { method, url, headers, response } = await server.next();
      response.writeHead(200, JSON_TYPE).end(EMPTY);
      expect(method).toBe('GET');
      expect(url.pathname).toBe('/prom/api/v1/query');
      expect(Object.fromEntries(url.searchParams)).toEqual({
        query: 'up{job="a b"}',
        time: '1700000000.5',
        timeout: '5000ms',
        namespace: 'private-ai',
      });
      expect(headers.authorization).toBe(`Bearer ${expected}`);
      expect(await answer).toEqual({
        ok: true,
        value: { resultType: 'vector', result: [] },
        warnings: [],
        httpStatus: 200,
      });
    }
  });

  it('asks a range with its grid', async () => {
    const server = await startScriptedServer();
    const answer = aClient(server.url).queryRange('up', {
      startSeconds: 60,
      endSeconds: 120,
      stepSeconds: 15,
    });
    const { url, response } = await server.next();
    response
      .writeHead(200, JSON_TYPE)
      .end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [] } }));
    expect(url.pathname).toBe('/api/v1/query_range');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ start: '60', end: '120', step: '15' });
    expect(await answer).toMatchObject({ ok: true, value: { resultType: 'matrix', result: [] } });
  });

  it('passes warnings on, one clean line each', async () => {
    const server = await startHttpServer((_request, response) => {
      response
        .writeHead(200, JSON_TYPE)
        .end(JSON.stringify({ ...JSON.parse(EMPTY), warnings: ['store \u001b[31mdown\n', 'x'.repeat(500)] }));
    });
    expect(await aClient(server.url).query('up', 0)).toMatchObject({
      warnings: ['store [31mdown', `${'x'.repeat(200)}…`],
    });
  });
});

const CANARY = 'canary-5f1c';

describe('when Prometheus does not answer as it should', () => {
  it.each([
    [401, 'text/plain', `no token ${CANARY}`, 'unauthenticated'],
    [403, 'text/html', `<h1>${CANARY}</h1>`, 'forbidden'],
    [400, 'application/json', `{"status":"error","errorType":"bad_data","error":"${CANARY}"}`, 'refused'],
    [422, 'application/json', `{"status":"error","errorType":"${CANARY}","error":"x"}`, 'refused'],
    [404, 'text/plain', '404 page not found', 'refused'],
    [500, 'application/json', `{"status":"error","errorType":"internal","error":"${CANARY}"}`, 'unreachable'],
    [503, 'text/html', `<html>${CANARY}</html>`, 'unreachable'],
    [302, 'text/html', `<a href="http://${CANARY}/">`, 'unreachable'],
    [200, 'text/html', `<html>${CANARY}</html>`, 'malformed'],
    [200, 'application/json', `{"status":"success","data":{"resultType":"${CANARY}"}}`, 'malformed'],
    [200, 'application/json', `{"status":`, 'malformed'],
  ])('turns %i %s into a state and repeats nothing of its body', async (status, type, body, kind) => {
    const server = await startHttpServer((_request, response) => {
      response.writeHead(status, { 'content-type': type, 'x-secret': CANARY }).end(body);
    });
    const answer = await aClient(server.url).query('up', 0);
    expect(answer).toMatchObject({ ok: false, problem: { kind, httpStatus: status } });
    expect(JSON.stringify(answer)).not.toContain(CANARY);
  });

  it('does not follow a redirect', async () => {
    const inner = await startScriptedServer();
    const server = await startHttpServer((_request, response) => {
      response.writeHead(302, { location: inner.url.href }).end();
    });
    expect(await aClient(server.url).query('up', 0)).toMatchObject({ ok: false });
    expect(inner.seen()).toEqual([]);
  });

  it('does not unpack a compressed answer', async () => {
    const server = await startHttpServer((_request, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(gzipSync(EMPTY));
    });
    expect(await aClient(server.url).query('up', 0)).toMatchObject({ problem: { kind: 'malformed' } });
  });

  it('stops reading an answer that never ends', async () => {
    let connectionClosed: Promise<void> | null = null;
    const server = await startHttpServer((_request, response) => {
      connectionClosed = new Promise((resolve) => response.on('close', resolve));
      response.writeHead(200, JSON_TYPE);
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(1024 * 1024)));
      };
      response.on('drain', pour);
      pour();
    });
    expect(await aClient(server.url).query('up', 0)).toMatchObject({ problem: { kind: 'malformed' } });
    await connectionClosed;
  });

  it.each([
    ['an instant', 5_000, (client: PrometheusClient) => client.query('up', 0)],
    [
      'a range',
      10_000,
      (client: PrometheusClient) =>
        client.queryRange('up', { startSeconds: 0, endSeconds: 10, stepSeconds: 1 }),
    ],
  ])('gives up on %s after its deadline and closes the connection', async (_name, limitMs, ask) => {
    const server = await startScriptedServer();
    const clock = createManualClock();
    const answer = ask(aClient(server.url, { clock }));
    const request = await server.next();
    clock.advance(limitMs);
    expect(await answer).toEqual({
      ok: false,
      problem: {
        kind: 'unreachable',
        message: `Prometheus did not answer within ${limitMs / 1000} s.`,
        httpStatus: null,
      },
    });
    await request.closed;
  });

  it('closes the connection when the caller leaves', async () => {
    const server = await startScriptedServer();
    const caller = new AbortController();
    const answer = aClient(server.url).query('up', 0, caller.signal);
    const request = await server.next();
    caller.abort();
    expect(await answer).toMatchObject({ ok: false, problem: { kind: 'aborted' } });
    await request.closed;
  });

  it('says that nobody listens, and that files cannot be read', async () => {
    const server = await startHttpServer(() => undefined);
    await server.close();
    const missing = (): never => {
      throw Object.assign(new Error(`ENOENT ${CANARY}`), { code: 'ENOENT' });
    };
    expect(await aClient(server.url).query('up', 0)).toMatchObject({
      problem: { kind: 'unreachable', message: 'Prometheus refuses the connection.' },
    });
    expect(await aClient(server.url, { readToken: async () => missing() }).query('up', 0)).toMatchObject({
      problem: {
        kind: 'unauthenticated',
        message: 'The token file cannot be read (PROMETHEUS_TOKEN_FILE).',
      },
    });
    expect(await aClient(server.url, { dispatcher: missing }).query('up', 0)).toMatchObject({
      problem: { kind: 'unreachable', message: 'The CA file cannot be read (PROMETHEUS_CA_FILE).' },
    });
  });

  it('leaves no timer behind', async () => {
    const clock: ManualClock = createManualClock();
    const server = await startHttpServer((_request, response) => {
      response.writeHead(200, JSON_TYPE).end(EMPTY);
    });
    await aClient(server.url, { clock }).query('up', 0);
    expect(clock.pending()).toEqual([]);
  });
});

describe('asking politely', () => {
  it('has at most six questions in flight', async () => {
    const server = await startScriptedServer();
    const client = aClient(server.url);
    const answers = Array.from({ length: 8 }, (_, index) => client.query(`up + ${index}`, 0));
    const first = [];
    for (let index = 0; index < 6; index += 1) first.push(await server.next());
    expect(server.seen()).toHaveLength(6);
    first[0]?.response.writeHead(200, JSON_TYPE).end(EMPTY);
    const seventh = await server.next();
    expect(server.seen()).toHaveLength(7);
    for (const { response } of [...first.slice(1), seventh]) response.writeHead(200, JSON_TYPE).end(EMPTY);
    (await server.next()).response.writeHead(200, JSON_TYPE).end(EMPTY);
    expect((await Promise.all(answers)).every(({ ok }) => ok)).toBe(true);
  });
});
