import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { HttpApi } from './http-api.ts';
import { injectMatcher } from './inject-matcher.ts';
import { EPOCH_MS, fill } from './query-fixture.ts';
import { SeriesStore } from './series-store.ts';
import { tenancy } from './tenancy.ts';

let server: Server;
beforeAll(async () => {
  const store = new SeriesStore(1e12);
  fill(
    store,
    {
      'busy{namespace="private-ai",pod="a"}': [1],
      'busy{namespace="other",pod="b"}': [2],
      'DCGM_FI_DEV_GPU_UTIL{namespace="nvidia-gpu-operator",exported_namespace="private-ai"}': [98],
    },
    EPOCH_MS,
    10,
  );
  const api = new HttpApi({
    clock: virtualClock(EPOCH_MS + 5000),
    store,
    metadata: () => new Map(),
    targets: () => [],
  });
  const handle = tenancy((request, response) => api.handle(request, response), {
    canRead: (token, namespace, verb) => {
      if (token === 'editor') return { user: 'erika', isAllowed: namespace === 'private-ai' };
      if (token !== 'viewer') return null;
      const user = 'system:serviceaccount:private-ai:dashboard';
      return { user, isAllowed: namespace === 'private-ai' && verb === 'get' };
    },
  });
  server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

async function ask(
  path: string,
  parameters: Record<string, string>,
  token = 'viewer',
): Promise<[status: number, contentType: string | null, body: string]> {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}?${new URLSearchParams(parameters)}`, {
    headers: token === '' ? {} : { authorization: `Bearer ${token}` },
  });
  return [response.status, response.headers.get('content-type'), await response.text()];
}
const TEXT = 'text/plain; charset=utf-8';

describe('the tenancy port', () => {
  test('shows the series of one namespace only, and no GPU series', async () => {
    const pods = async (query: string): Promise<unknown> =>
      JSON.parse((await ask('/api/v1/query', { namespace: 'private-ai', query }))[2]).data.result.map(
        ({ metric }: { metric: { pod?: string } }) => metric.pod,
      );
    expect(await pods('busy')).toEqual(['a']);
    expect(await pods('sum by (pod) (busy) or max by (pod) (busy{pod="b"})')).toEqual(['a']);
    expect(await pods('DCGM_FI_DEV_GPU_UTIL')).toEqual([]);
  });

  test.each([
    ['/api/v1/label/__name__/values', {}, '["busy"]'],
    ['/api/v1/labels', {}, '["__name__","namespace","pod"]'],
    ['/api/v1/series', { 'match[]': 'busy' }, '[{"__name__":"busy","namespace":"private-ai","pod":"a"}]'],
  ])('and so it is for %s', async (path, parameters, data) => {
    const answer = await ask(path, { namespace: 'private-ai', ...parameters });
    expect(answer).toEqual([200, 'application/json', `{"status":"success","data":${data}}`]);
  });

  test('asks for a namespace', async () => {
    expect(await ask('/api/v1/query', { query: 'busy' })).toEqual([
      400,
      TEXT,
      'Bad Request. The request or configuration is malformed.\n',
    ]);
  });

  test('refuses a query that names another namespace', async () => {
    const query = 'busy{namespace="other"}';
    expect(await ask('/api/v1/query', { namespace: 'private-ai', query })).toEqual([
      400,
      'application/json',
      JSON.stringify({
        status: 'error',
        errorType: 'prom-label-proxy',
        error:
          'label matcher value (namespace="other") conflicts with injected value (namespace="private-ai")',
      }),
    ]);
  });

  test.each(['/api/v1/metadata', '/api/v1/status/buildinfo', '/api/v1/targets', '/-/ready', '/'])(
    'does not know %s',
    async (path) => {
      expect(await ask(path, { namespace: 'private-ai' })).toEqual([404, TEXT, '404 page not found\n']);
    },
  );

  test('asks for a token that somebody has', async () => {
    for (const token of ['', 'expired']) {
      const answer = await ask('/api/v1/query', { namespace: 'private-ai', query: 'busy' }, token);
      expect(answer).toEqual([401, TEXT, 'Unauthorized\n']);
    }
  });

  test('tells who may not', async () => {
    expect(await ask('/api/v1/query', { namespace: 'other', query: 'busy' })).toEqual([
      403,
      TEXT,
      'Forbidden (user=system:serviceaccount:private-ai:dashboard, verb=get, resource=pods, subresource=)\n',
    ]);
  });

  test('takes a POST only from those who may create', async () => {
    const { port } = server.address() as AddressInfo;
    const post = (token: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/api/v1/query?namespace=private-ai`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: new URLSearchParams({ query: 'count(busy)' }),
      });
    expect((await post('viewer')).status).toBe(403);
    expect(JSON.parse(await (await post('editor')).text()).data.result[0].value[1]).toBe('1');
  });
});

test.each([
  ['busy', 'busy{namespace="x"}'],
  ['busy{}', 'busy{namespace="x"}'],
  ['busy{pod="a"} offset 5m', 'busy{pod="a",namespace="x"} offset 5m'],
  ['{pod=~"a|b",}[5m]', '{pod=~"a|b",namespace="x"}[5m]'],
  ['sum(rate(a_total[1m])) / b', 'sum(rate(a_total{namespace="x"}[1m])) / b{namespace="x"}'],
  ['max_over_time((a + b)[5m:1m])', 'max_over_time((a{namespace="x"} + b{namespace="x"})[5m:1m])'],
  ['topk(scalar(k), a)', 'topk(scalar(k{namespace="x"}), a{namespace="x"})'],
  ['a{namespace="x"}', 'a{namespace="x",namespace="x"}'],
  ['a{namespace=~"x|y"}', 'a{namespace=~"x|y",namespace="x"}'],
  ['a{pod="}\\""} @ 5', 'a{pod="}\\"",namespace="x"} @ 5'],
  ['1 + 2', '1 + 2'],
])('%s is asked as %s', (query, rewritten) => {
  expect(injectMatcher(query, 'namespace', 'x')).toBe(rewritten);
});
