import { request } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ scenario: 'newer' });
});
afterAll(() => lab.stop());

function models(token: string | null): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${lab.urls.ingressHttp}/private-ai/mistral-3-distributed/v1/models`, {
      agent: false,
      headers: {
        Host: 'a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com',
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      },
    })
      .on('error', reject)
      .on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .end();
  });
}

test('the Gateway asks for a token whose bearer may read the service', async () => {
  expect([await models(null), await models('guess'), await models(lab.tokens.reader)]).toEqual([
    401, 401, 200,
  ]);
  await lab.faults.start('rights-revoked');
  expect(await models(lab.tokens.reader)).toBe(403);
});

test('both versions of the service are served, the newer one first', async () => {
  const body = await new Promise<string>((resolve, reject) => {
    httpsRequest(`${lab.urls.kubernetes}/apis/serving.kserve.io/v1alpha2/llminferenceservices`, {
      agent: false,
      ca: lab.authorityPem,
      headers: { Authorization: `Bearer ${lab.tokens.admin}` },
    })
      .on('error', reject)
      .on('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('end', () => resolve(text));
      })
      .end();
  });
  expect(JSON.parse(body)).toMatchObject({
    apiVersion: 'serving.kserve.io/v1alpha2',
    items: [{ apiVersion: 'serving.kserve.io/v1alpha2', metadata: { name: 'mistral-3-distributed' } }],
  });
});

test('engines of the newer release export its metric names', async () => {
  const engines = lab.world.cluster
    .list('pods', 'private-ai')
    .flatMap(({ metadata }) => lab.world.engines.get(metadata.uid ?? '') ?? []);
  const versions = engines.map(({ plan }) => plan.options.version);
  expect(versions.toSorted()).toEqual(['0.10.1.1', '0.21.0', '0.21.0']);
});

test('each engine is scraped twice, under both names, and the picker shows llm-d-router’s page', async () => {
  await lab.prometheus?.scrapeOnce();
  const query = async (text: string): Promise<[Record<string, string>, string][]> => {
    const response = await fetch(`${lab.urls.prometheus}/api/v1/query?query=${encodeURIComponent(text)}`);
    const { data } = (await response.json()) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return data.result.map(({ metric, value: [, value] }) => [metric, value]);
  };
  const engines = 'count by (job) ({__name__=~"(kserve_)?vllm:num_requests_running",job=~".*engine.*"})';
  expect((await query(engines)).toSorted(([a], [b]) => (a.job ?? '').localeCompare(b.job ?? ''))).toEqual([
    [{ job: 'private-ai/kserve-llm-isvc-vllm-engine' }, '2'],
    [{ job: 'private-ai/kserve-llm-isvc-vllm-engine-default' }, '2'],
  ]);
  expect(await query('sum(llm_d_epp_ready_endpoints)')).toEqual([[{}, '2']]);
});

test('the picker counts how a streamed answer came: first token, tokens, whether it streamed', async () => {
  const body = JSON.stringify({
    model: 'mistral-3-distributed',
    messages: [{ role: 'user', content: 'Hello' }],
    max_tokens: 3,
    stream: true,
    stream_options: { include_usage: true },
  });
  await new Promise<void>((resolve, reject) => {
    request(`${lab.urls.ingressHttp}/private-ai/mistral-3-distributed/v1/chat/completions`, {
      agent: false,
      method: 'POST',
      headers: {
        Host: 'a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com',
        Authorization: `Bearer ${lab.tokens.admin}`,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
      },
    })
      .on('error', reject)
      .on('response', (response) => {
        response.resume();
        response.on('end', resolve);
      })
      .end(body);
  });
  await lab.prometheus?.scrapeOnce();
  const value = async (text: string): Promise<string | undefined> => {
    const response = await fetch(`${lab.urls.prometheus}/api/v1/query?query=${encodeURIComponent(text)}`);
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    return data.result[0]?.value[1];
  };
  expect({
    first: await value('sum(llm_d_epp_request_ttft_seconds_count{streaming="true"})'),
    tokens: await value('sum(llm_d_epp_request_output_tokens_sum)'),
  }).toEqual({ first: '1', tokens: '3' });
});
