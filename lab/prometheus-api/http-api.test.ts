import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import type { EmbeddedPrometheus } from '../parts.ts';
import { createPrometheus } from './prometheus.ts';

const PAGE = [
  '# HELP req_total Requests.',
  '# TYPE req_total counter',
  'req_total{code="200"} 5',
  '# TYPE tiny gauge',
  'tiny 1e-07',
  'not_a_number NaN',
  '',
].join('\n');
const START_MS = Date.UTC(2025, 11, 29, 14, 20, 0);
const START = START_MS / 1000;

let prometheus: EmbeddedPrometheus;
let server: Server;
let url: string;

beforeAll(async () => {
  const clock = virtualClock(START_MS);
  prometheus = createPrometheus({
    clock,
    scrapeIntervalMs: 5000,
    targets: () => [
      {
        labels: { job: 'engines', namespace: 'private-ai' },
        metricNamePrefix: '',
        fetchPage: async () => PAGE,
      },
    ],
  });
  await clock.advance(12_000);
  server = createServer((request, response) => prometheus.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  prometheus.stop();
  return new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
});

async function get(path: string, parameters: Record<string, string> = {}): Promise<[number, unknown]> {
  const response = await fetch(`${url}${path}?${new URLSearchParams(parameters)}`);
  return [response.status, await response.json()];
}

describe('queries', () => {
  test('answer a vector at the time of the clock, values as text', async () => {
    expect(await get('/api/v1/query', { query: 'req_total' })).toEqual([
      200,
      {
        status: 'success',
        data: {
          resultType: 'vector',
          result: [
            {
              metric: { __name__: 'req_total', code: '200', job: 'engines', namespace: 'private-ai' },
              value: [START + 12, '5'],
            },
          ],
        },
      },
    ]);
  });

  test.each([
    ['tiny', '1e-07'],
    ['not_a_number', 'NaN'],
    ['req_total / 0', '+Inf'],
    ['-req_total / 0', '-Inf'],
    ['req_total * 1e21', '5e+21'],
    ['req_total / 3', '1.6666666666666667'],
  ])('%s is written %s', async (query, value) => {
    const [, body] = await get('/api/v1/query', { query });
    expect(body).toMatchObject({ data: { result: [{ value: [START + 12, value] }] } });
  });

  test('answer scalars, strings and ranges', async () => {
    const time = String(START + 12);
    expect((await get('/api/v1/query', { query: '1 + 1', time }))[1]).toMatchObject({
      data: { resultType: 'scalar', result: [START + 12, '2'] },
    });
    expect((await get('/api/v1/query', { query: '"a"', time }))[1]).toMatchObject({
      data: { resultType: 'string', result: [START + 12, 'a'] },
    });
    expect((await get('/api/v1/query', { query: 'req_total[6s]', time }))[1]).toMatchObject({
      data: { resultType: 'matrix', result: [{ values: [[START + 10, '5']] }] },
    });
  });

  test('over a range answer a matrix, with remarks beside it', async () => {
    const [status, body] = await get('/api/v1/query_range', {
      query: 'rate(tiny[20s])',
      start: String(START + 5),
      end: new Date(START_MS + 15_000).toISOString(),
      step: '5s',
    });
    expect([status, body]).toEqual([
      200,
      {
        status: 'success',
        data: {
          resultType: 'matrix',
          result: [
            {
              metric: { job: 'engines', namespace: 'private-ai' },
              values: [
                [START + 5, '0'],
                [START + 10, '0'],
                [START + 15, '0'],
              ],
            },
          ],
        },
        infos: [
          'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "tiny" (1:6)',
        ],
      },
    ]);
  });

  test('may be posted as a form', async () => {
    const response = await fetch(`${url}/api/v1/query_range`, {
      method: 'POST',
      body: new URLSearchParams({
        query: 'sum(up)',
        start: String(START + 10),
        end: String(START + 10),
        step: '15',
      }),
    });
    expect(await response.json()).toEqual({
      status: 'success',
      data: { resultType: 'matrix', result: [{ metric: {}, values: [[START + 10, '1']] }] },
    });
  });
});

describe('refusals', () => {
  const range = { query: 'up', start: String(START), end: String(START + 60), step: '5' };
  test.each([
    [
      'query',
      { query: 'sum(x' },
      400,
      'bad_data',
      'invalid parameter "query": 1:6: parse error: unclosed left parenthesis',
    ],
    [
      'query',
      {},
      400,
      'bad_data',
      'invalid parameter "query": 1:1: parse error: no expression found in input',
    ],
    [
      'query',
      { query: 'up', time: 'soon' },
      400,
      'bad_data',
      'invalid parameter "time": Invalid time value for \'time\': cannot parse "soon" to a valid timestamp',
    ],
    [
      'query_range',
      { ...range, step: '0' },
      400,
      'bad_data',
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    ],
    [
      'query_range',
      { ...range, step: '' },
      400,
      'bad_data',
      'invalid parameter "step": cannot parse "" to a valid duration',
    ],
    [
      'query_range',
      { ...range, end: '1' },
      400,
      'bad_data',
      'invalid parameter "end": end timestamp must not be before start time',
    ],
    [
      'query_range',
      { ...range, step: '0.001' },
      400,
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    ],
    [
      'query_range',
      { ...range, query: 'up[5m]' },
      400,
      'bad_data',
      'invalid parameter "query": invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    ],
    [
      'query',
      { query: '-{__name__=~"tiny|not_a_number"}' },
      422,
      'execution',
      'vector cannot contain metrics with the same labelset',
    ],
    ['series', {}, 400, 'bad_data', 'no match[] parameter provided'],
    [
      'series',
      { 'match[]': '{' },
      400,
      'bad_data',
      'invalid parameter "match[]": 1:2: parse error: unexpected end of input inside braces',
    ],
  ])('of /api/v1/%s %j', async (path, parameters, status, errorType, error) => {
    expect(await get(`/api/v1/${path}`, parameters as Record<string, string>)).toEqual([
      status,
      { status: 'error', errorType, error },
    ]);
  });

  test('an unknown path is plain text', async () => {
    const response = await fetch(`${url}/api/v1/rules2`);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      404,
      'text/plain; charset=utf-8',
      '404 page not found\n',
    ]);
  });
});

describe('discovery', () => {
  const data = async (path: string, parameters: Record<string, string> = {}): Promise<unknown> => {
    const [, body] = await get(path, parameters);
    return (body as { data: unknown }).data;
  };

  test('lists series, labels and values, with matchers and within a time', async () => {
    expect(await data('/api/v1/series', { 'match[]': '{code="200"}' })).toEqual([
      { __name__: 'req_total', code: '200', job: 'engines', namespace: 'private-ai' },
    ]);
    expect(await data('/api/v1/series', { 'match[]': 'up', end: String(START - 60) })).toEqual([]);
    expect(await data('/api/v1/labels')).toEqual(['__name__', 'code', 'job', 'namespace']);
    expect(await data('/api/v1/label/__name__/values', { 'match[]': '{__name__=~"req.*|up"}' })).toEqual([
      'req_total',
      'up',
    ]);
    expect(await data('/api/v1/label/code/values', { 'match[]': 'up' })).toEqual([]);
  });

  test('knows the metadata of a family by its name on the page', async () => {
    expect(await data('/api/v1/metadata', { metric: 'req_total' })).toEqual({
      req_total: [{ type: 'counter', help: 'Requests.', unit: '' }],
    });
    expect(await data('/api/v1/metadata', { metric: 'unknown' })).toEqual({});
  });

  test('introduces itself as a lab', async () => {
    expect(await data('/api/v1/status/buildinfo')).toMatchObject({
      version: expect.stringMatching(/\+lab$/),
    });
  });

  test('shows its targets', async () => {
    expect(await data('/api/v1/targets')).toMatchObject({
      activeTargets: [{ health: 'up', lastError: '', labels: { job: 'engines' } }],
    });
  });

  test.each(['/-/ready', '/-/healthy'])('%s says so in plain text', async (path) => {
    const response = await fetch(`${url}${path}`);
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringContaining('Prometheus Server is'),
    ]);
  });
});
