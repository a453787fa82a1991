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
