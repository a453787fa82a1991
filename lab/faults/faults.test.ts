import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Condition, KubernetesObject } from '../kubernetes-api/object.ts';
import { type Lab, startLab } from '../lab.ts';
import { isReady, type Pod } from '../world/workload-types.ts';
import { FAULTS, type FaultName } from './faults.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab({ timeFactor: 0.001 });
});
afterEach(() => lab.stop());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

function read(
  make: typeof httpRequest | typeof httpsRequest,
  url: string,
  options: Record<string, unknown>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    make(url, { agent: false, ...options })
      .on('error', reject)
      .on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      })
      .end();
  });
}

function kubernetes(path: string, token = lab.tokens.admin, ca = lab.authorityPem): Promise<Answer> {
  return read(httpsRequest, lab.urls.kubernetes + path, {
    ca,
    headers: { Authorization: `Bearer ${token}` },
  });
}

/** A path of the distributed service through its Gateway. */
function throughGateway(path: string): Promise<Answer> {
  const url = new URL(
    `http://a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com/private-ai/mistral-3-distributed${path}`,
  );
  return read(httpRequest, lab.urls.ingressHttp + url.pathname, { headers: { Host: url.host } });
}

function complete(): Promise<Answer> {
  const body = JSON.stringify({ model: 'mistral-3-distributed', prompt: 'Hello', max_tokens: 1 });
  return new Promise((resolve, reject) => {
    const call = httpRequest(`${lab.urls.ingressHttp}/private-ai/mistral-3-distributed/v1/completions`, {
      agent: false,
      method: 'POST',
      headers: {
        Host: 'a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com',
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
      },
    });
    call.on('error', reject);
    call.on('response', (response) => {
      response.resume();
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: '' }),
      );
    });
    call.end(body);
  });
}

function until(isReached: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (isReached()) {
      resolve();
      return;
    }
    const stop = lab.world.store.subscribe(() => {
      if (!isReached()) return;
      stop();
      resolve();
    });
  });
}

const PODS = '/api/v1/namespaces/private-ai/pods';

test('the API server restarts: gone, then back on its port without its old history', async () => {
  const { resourceVersion } = JSON.parse((await kubernetes(PODS)).text).metadata;
  await lab.faults.start('api-restart');
  await expect(kubernetes(PODS)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  lab.world.announce('Test', 'something happens meanwhile');
  await lab.faults.end('api-restart');
  expect((await kubernetes(PODS)).status).toBe(200);
  const watch = await kubernetes(`${PODS}?watch=true&resourceVersion=${resourceVersion}&timeoutSeconds=1`);
  expect(JSON.parse(watch.text).object).toMatchObject({ code: 410, reason: 'Expired' });
});

test('a stalled API server takes connections and says nothing, not even in TLS, until it goes on', async () => {
  await lab.faults.start('api-stalled');
  const url = new URL(lab.urls.kubernetes);
  let isSecure = false;
  const socket = connect({ host: '127.0.0.1', port: Number(url.port), ca: lab.authorityPem });
  const secured = new Promise<void>((resolve) => {
    socket.once('secureConnect', () => {
      isSecure = true;
      resolve();
    });
  });
  let isClosed = false;
  socket.on('close', () => {
    isClosed = true;
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  // Another server's answers show that time enough has passed for a handshake.
  for (let round = 0; round < 5; round += 1) await throughGateway('/v1/models');
  expect({ isSecure, isClosed }).toEqual({ isSecure: false, isClosed: false });
  await lab.faults.end('api-stalled');
  await secured;
  expect((await kubernetes('/version')).status).toBe(200);
  socket.destroy();
});

test('connections from before a stall stay, and are answered when it is over', async () => {
  const url = new URL(lab.urls.kubernetes);
  const socket = connect({ host: '127.0.0.1', port: Number(url.port), ca: lab.authorityPem });
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  await lab.faults.start('api-stalled');
  let received = '';
  let isClosed = false;
  const first = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
      resolve();
    });
  });
  socket.on('close', () => {
    isClosed = true;
  });
  socket.write('GET /version HTTP/1.1\r\nHost: lab\r\n\r\n');
  // Another server's answers show that time enough has passed for one.
  for (let round = 0; round < 5; round += 1) await throughGateway('/v1/models');
  expect({ received, isClosed }).toEqual({ received: '', isClosed: false });
  await lab.faults.end('api-stalled');
  await first;
  expect(received).toContain('200 OK');
  socket.destroy();
});

test('a watch gets what happened during a stall once it is over', async () => {
  const { resourceVersion } = JSON.parse((await kubernetes(PODS)).text).metadata;
  let received = '';
  let isArrived = (): void => {};
  const arrived = new Promise<void>((resolve) => {
    isArrived = resolve;
  });
  const call = httpsRequest(
    `${lab.urls.kubernetes}/api/v1/namespaces/private-ai/events?watch=true&resourceVersion=${resourceVersion}`,
    { ca: lab.authorityPem, agent: false, headers: { Authorization: `Bearer ${lab.tokens.admin}` } },
  );
  const started = new Promise<void>((resolve) => {
    call.on('response', (response) => {
      response.on('data', (chunk: Buffer) => {
        received += chunk.toString();
        isArrived();
      });
      resolve();
    });
  });
  call.on('error', () => {});
  call.end();
  await started;
  await lab.faults.start('api-stalled');
  const before = received;
  lab.world.announce('Test', 'something happens meanwhile');
  for (let round = 0; round < 5; round += 1) await throughGateway('/v1/models');
  expect(received).toBe(before);
  await lab.faults.end('api-stalled');
  await arrived;
  while (!received.includes('something happens meanwhile')) await throughGateway('/v1/models');
  call.destroy();
});

test('compaction takes old versions away', async () => {
  const { resourceVersion } = JSON.parse((await kubernetes(PODS)).text).metadata;
  lab.world.announce('Test', 'something happens meanwhile');
  await lab.faults.start('history-compacted');
  const exact = await kubernetes(
    `${PODS}?limit=1&resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`,
  );
  expect(exact.status).toBe(410);
});

test('busy, failing and slow answers last as long as their fault', async () => {
  await lab.faults.start('too-many-requests');
  const busy = await kubernetes(PODS);
  expect([busy.status, busy.headers['retry-after'], busy.text]).toEqual([
    429,
    '1',
    'Too many requests, please try again later.\n',
  ]);
  expect((await kubernetes('/version')).status).toBe(200);
  await lab.faults.end('too-many-requests');

  await lab.faults.start('server-errors');
  const failed = await kubernetes(PODS);
  expect([failed.status, JSON.parse(failed.text).message]).toEqual([500, 'etcdserver: leader changed']);
  await lab.faults.end('server-errors');

  await lab.faults.start('slow-list');
  let isAnswered = false;
  kubernetes(PODS).then(
    () => {
      isAnswered = true;
    },
    () => {},
  );
  expect((await kubernetes(`${PODS}/mistral-3-int4-predictor-dsgkf2dt82-cgsdk`)).status).toBe(200);
  expect(isAnswered).toBe(false);
  const late = await kubernetes(`${PODS}?timeout=10ms`);
  expect([late.status, JSON.parse(late.text).message]).toEqual([
    504,
    'Timeout: request did not complete within the allotted timeout',
  ]);
  const wrong = await kubernetes(`${PODS}?timeout=soon`);
  expect([wrong.status, JSON.parse(wrong.text).message]).toEqual([
    400,
    'invalid timeout specified in the request URL - time: invalid duration "soon"',
  ]);
  await lab.faults.end('slow-list');
  expect((await kubernetes(PODS)).status).toBe(200);
});

test('revoked rights turn the reader away, and nobody else', async () => {
  await lab.faults.start('rights-revoked');
  const refused = await kubernetes(PODS, lab.tokens.reader);
  expect([refused.status, JSON.parse(refused.text).message]).toEqual([
    403,
    'pods is forbidden: User "system:serviceaccount:private-ai:demo-dashboard" cannot list resource "pods" in API group "" in the namespace "private-ai"',
  ]);
  expect((await kubernetes(PODS)).status).toBe(200);
  await lab.faults.end('rights-revoked');
  expect((await kubernetes(PODS, lab.tokens.reader)).status).toBe(200);
});

test('rotated tokens are refused, and new ones are told when it is over', async () => {
  const old = lab.tokens.admin;
  let told = '';
  lab.onCredentialsChanged(() => {
    told = lab.kubeconfig;
  });
  await lab.faults.start('token-rotated');
  expect([(await kubernetes(PODS, old)).status, told]).toEqual([401, '']);
  await lab.faults.end('token-rotated');
  expect(told).toContain(lab.tokens.admin);
  expect([(await kubernetes(PODS, old)).status, (await kubernetes(PODS)).status]).toEqual([401, 200]);
});

test('a rotated authority is not trusted until the kubeconfig tells of it', async () => {
  await lab.faults.start('ca-rotated');
  await expect(kubernetes(PODS)).rejects.toThrow(/certificate/);
  await lab.faults.end('ca-rotated');
  const data = JSON.parse(lab.kubeconfig).clusters[0].cluster['certificate-authority-data'];
  const renewed = Buffer.from(data, 'base64').toString();
  expect((await kubernetes(PODS, lab.tokens.admin, renewed)).status).toBe(200);
});

test('a deleted definition takes its kind and its watches, and comes back with the services', async () => {
  const path = '/apis/serving.kserve.io/v1alpha1/llminferenceservices';
  const { resourceVersion } = JSON.parse((await kubernetes(path)).text).metadata;
  const watch = kubernetes(`${path}?watch=true&resourceVersion=${resourceVersion}`);
  await kubernetes('/version');
  await lab.faults.start('crd-deleted');
  expect(JSON.parse((await watch).text.trim()).type).toBe('DELETED');
  const gone = await kubernetes(path);
  expect([gone.status, gone.text]).toEqual([404, '404 page not found\n']);
  await lab.faults.end('crd-deleted');
  expect(JSON.parse((await kubernetes(path)).text).items).toHaveLength(1);
});

test('a lost node is NotReady and loses its engine; it returns, and a new pod serves', async () => {
  const node = 'ip-10-0-29-140.us-east-2.compute.internal';
  const { cluster } = lab.world;
  const condition = (): Condition | undefined => {
    const found = cluster.get<KubernetesObject & { status: { conditions: Condition[] } }>(
      'nodes',
      undefined,
      node,
    );
    return found?.status.conditions.find(({ type }) => type === 'Ready');
  };
  const engines = (): Pod[] =>
    cluster
      .list<Pod>('pods', 'private-ai')
      .filter(({ metadata }) => metadata.labels?.['kserve.io/component'] === 'workload');
  await lab.faults.start('node-lost');
  expect(condition()).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown' });
  expect(engines().map(isReady).toSorted()).toEqual([false, true]);
  await lab.faults.end('node-lost');
  expect(condition()?.status).toBe('True');
  await until(() => engines().length === 2 && engines().every(isReady));
});

test('Gateway, picker and router fail each in its own way', async () => {
  expect((await complete()).headers['x-went-into-resp-headers']).toBe('true');
  await lab.faults.start('picker-down');
  await until(() =>
    lab.world.cluster
      .list<KubernetesObject & { endpoints: { conditions: { ready: boolean } }[] }>(
        'endpointslices.discovery.k8s.io',
        'private-ai',
      )
      .filter(({ metadata }) => metadata.name.includes('epp-service'))
      .every(({ endpoints }) => endpoints.every(({ conditions }) => !conditions.ready)),
  );
  const open = await complete();
  expect([open.status, open.headers['x-went-into-resp-headers']]).toEqual([200, undefined]);
  await lab.faults.end('picker-down');

  await lab.faults.start('gateway-500');
  expect((await throughGateway('/v1/models')).status).toBe(500);
  await lab.faults.end('gateway-500');
  expect((await throughGateway('/v1/models')).status).toBe(200);

  const host = 'mistral-3-distributed-private-ai.apps.rhoai-demo.example.com';
  const byRoute = (): Promise<Answer> =>
    read(httpsRequest, `${lab.urls.ingressHttps}/v1/models`, {
      servername: host,
      rejectUnauthorized: false,
      headers: { Host: host },
    });
  await lab.faults.start('endpoint-503');
  const page = await byRoute();
  expect([
    page.status,
    page.headers['content-type'],
    page.text.includes('Application is not available'),
  ]).toEqual([503, 'text/html', true]);
  await lab.faults.end('endpoint-503');
  expect((await byRoute()).status).toBe(200);
});

test('with a duration a fault ends by itself, and both ends are announced', async () => {
  const reasons = (): string[] =>
    lab.world.cluster
      .list<KubernetesObject & { reason: string; source: { component: string } }>('events')
      .filter(({ source }) => source.component === 'lab')
      .map(({ reason }) => reason);
  const over = until(() => reasons().includes('FaultEnded'));
  await lab.faults.start('slow-list', { durationMs: 20 });
  expect(lab.faults.active()).toEqual(['slow-list']);
  await over;
  expect(reasons().toSorted()).toEqual(['FaultEnded', 'FaultStarted']);
});

test('every fault can be started twice and ended twice', async () => {
  for (const name of Object.keys(FAULTS) as FaultName[]) {
    await lab.faults.start(name);
    await lab.faults.start(name);
    await lab.faults.end(name);
    await lab.faults.end(name);
  }
  expect(lab.faults.active()).toEqual([]);
});
