import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCertificateAuthority, createNamelessCertificate } from '../certificates/certificate.ts';
import { type VirtualClock, virtualClock } from '../clock.ts';
import type { EndpointPicker, EndpointPickerOptions } from '../parts.ts';
import { loopbackListen } from '../world/engines.ts';
import { healthyObjects } from '../world/healthy.ts';
import { createWorld, type World } from '../world/world.ts';
import { type Ingress, startIngress } from './ingress.ts';

const BASELINE = 'mistral-3-int4-private-ai.apps.rhoai-demo.example.com';
const DISTRIBUTED = 'mistral-3-distributed-private-ai.apps.rhoai-demo.example.com';
const GATEWAY = 'a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com';
const PREFIX = '/private-ai/mistral-3-distributed';
const LLVM5B = 'mistral-3-distributed-kserve-ftk8wprfxh-llv5b';
const RV4XR = 'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr';

/** An engine that says who it is and what it was asked, or streams until it is let go. */
interface Streams {
  open: Map<string, ServerResponse>;
  aborted: string[];
}

function handlerOf(podName: string, streams: Streams) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    response.setHeader('server', 'uvicorn');
    response.setHeader('x-lab', '1');
    if (request.url?.startsWith('/stream') === true || request.headers['x-stream'] === 'yes') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      streams.open.set(podName, response);
      response.on('close', () => {
        if (!response.writableFinished) streams.aborted.push(podName);
      });
      return;
    }
    if (request.url === '/stall') return;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          pod: podName,
          path: request.url,
          host: request.headers.host,
          body: Buffer.concat(chunks).toString(),
          usage: { prompt_tokens: 7, completion_tokens: 11 },
        }),
      );
    });
  };
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  certificate: string;
}

interface Picked {
  model: string;
  promptText: string;
  outcome: unknown;
}

let clock: VirtualClock;
let world: World;
let ingress: Ingress;
let streams: Streams;
let picks: Picked[];
const authority = createCertificateAuthority('ingress test');

function createPicker({ endpoints }: EndpointPickerOptions): EndpointPicker {
  return {
    pick: (model, promptText) => {
      const [first] = endpoints().toSorted((a, b) => a.podName.localeCompare(b.podName));
      if (first === undefined) return null;
      const pick: Picked = { model, promptText, outcome: null };
      picks.push(pick);
      return {
        podName: first.podName,
        finished: (outcome) => {
          pick.outcome = outcome;
        },
      };
    },
    metricsText: () => '',
  };
}

beforeEach(async () => {
  clock = virtualClock();
  streams = { open: new Map(), aborted: [] };
  picks = [];
  world = createWorld({
    clock,
    seed: 1,
    objects: healthyObjects(),
    timeFactor: 0.1,
    createEngine: ({ podName }) => ({
      podName,
      handle: handlerOf(podName, streams),
      metricsText: () => '',
      snapshot: () => ({ running: 0, waiting: 0, kvCacheUsageRatio: 0 }),
      kill: () => {},
    }),
    listen: loopbackListen(createNamelessCertificate()),
  });
  await world.engines.settled();
  ingress = await startIngress({
    world,
    clock,
    certificate: authority.issue(['*.apps.rhoai-demo.example.com']),
    createPicker,
  });
});
afterEach(async () => {
  world.stop();
  await ingress.stop();
});

interface CallOptions {
  host: string;
  path: string;
  body?: string;
  headers?: Record<string, string>;
}

function open(scheme: 'http' | 'https', { host, path, body, headers = {} }: CallOptions) {
  const send = scheme === 'https' ? httpsRequest : httpRequest;
  const request = send({
    host: '127.0.0.1',
    port: scheme === 'https' ? ingress.httpsPort : ingress.httpPort,
    servername: host,
    rejectUnauthorized: false,
    agent: false,
    method: body === undefined ? 'GET' : 'POST',
    path,
    headers: {
      Host: host,
      ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }),
      ...headers,
    },
  });
  request.end(body);
  return request;
}

function call(scheme: 'http' | 'https', options: CallOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = open(scheme, options);
    request.on('error', reject);
    request.on('response', (response) => {
      const certificate =
        scheme === 'https' ? (response.socket as TLSSocket).getPeerCertificate().subject : undefined;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
          certificate: String(certificate?.CN ?? certificate?.O ?? ''),
        }),
      );
    });
  });
}

const bodyOf = (answer: Answer): Record<string, unknown> => JSON.parse(answer.text);
const chat = JSON.stringify({
  model: 'mistral-3-distributed',
  messages: [{ role: 'user', content: 'Hello' }],
});

describe('Routes', () => {
  test('edge: the router shows its own certificate and speaks plain HTTP to the pod', async () => {
    const answer = await call('https', { host: BASELINE, path: '/v1/models' });
    expect(answer.certificate).toBe('*.apps.rhoai-demo.example.com');
    expect(bodyOf(answer)).toMatchObject({
      pod: 'mistral-3-int4-predictor-dsgkf2dt82-cgsdk',
      path: '/v1/models',
      host: BASELINE,
    });
    expect([answer.headers.server, answer.headers['x-lab'], answer.headers['keep-alive']]).toEqual([
      'uvicorn',
      '1',
      undefined,
    ]);
  });

  test('passthrough: the client meets the pod’s nameless certificate, always the same pod', async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => call('https', { host: DISTRIBUTED, path: '/v1/models' })),
    );
    expect(new Set(answers.map(({ certificate }) => certificate))).toEqual(new Set(['Kserve Self Signed']));
    const pods = new Set(answers.map((answer) => bodyOf(answer).pod));
    expect(pods.size).toBe(1);
  });

  test('a host without a Route gets the router’s page', async () => {
    const answer = await call('https', { host: 'nobody.apps.rhoai-demo.example.com', path: '/' });
    expect([
      answer.status,
      answer.headers['content-type'],
      answer.text.includes('Application is not available'),
    ]).toEqual([503, 'text/html', true]);
  });

  test('plain text is sent to the encrypted address where the Route says so', async () => {
    const answer = await call('http', { host: BASELINE, path: '/v1/models' });
    expect([answer.status, answer.headers.location]).toEqual([302, `https://${BASELINE}/v1/models`]);
  });

  test('a pod that stays silent longer than the Route allows ends in 504', async () => {
    const route = world.cluster.get('routes.route.openshift.io', 'private-ai', 'mistral-3-int4');
    if (route === undefined) throw new Error('the scene has this Route');
    world.cluster.update('routes.route.openshift.io', route, (draft) => {
      draft.metadata.annotations = { 'haproxy.router.openshift.io/timeout': '20ms' };
    });
    const answer = await call('https', { host: BASELINE, path: '/stall' });
    expect([answer.status, answer.text]).toEqual([
      504,
      "<html><body><h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.\n</body></html>\n",
    ]);
  });

  test('without a ready pod: the page at the edge, a closed connection on passthrough', async () => {
    for (const pod of ['mistral-3-int4-predictor-dsgkf2dt82-cgsdk', LLVM5B, RV4XR]) world.killPod(pod);
    await clock.advance(500);
    expect((await call('https', { host: BASELINE, path: '/' })).status).toBe(503);
    await expect(call('https', { host: DISTRIBUTED, path: '/' })).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
  });
});

describe('Gateway', () => {
  test('completions go through the endpoint picker, and say so', async () => {
    const answer = await call('http', { host: GATEWAY, path: `${PREFIX}/v1/chat/completions`, body: chat });
    expect(bodyOf(answer)).toMatchObject({ pod: LLVM5B, path: '/v1/chat/completions', body: chat });
    expect([
      answer.headers['x-went-into-resp-headers'],
      answer.headers.server,
      answer.headers['x-lab'],
    ]).toEqual(['true', 'istio-envoy', '1']);
    expect(picks).toEqual([
      {
        model: 'mistral-3-distributed',
        promptText: '<|im_start|>user\nHello<|im_end|>\n',
        outcome: {
          statusCode: 200,
          promptTokens: 7,
          completionTokens: 11,
          cachedTokens: null,
          isStreaming: false,
          ttftSeconds: 0,
        },
      },
    ]);
  });

  test('every other path goes to the Service, past the picker', async () => {
    const answer = await call('http', { host: GATEWAY, path: `${PREFIX}/v1/models?x=1` });
    expect(bodyOf(answer).path).toBe('/v1/models?x=1');
    expect([answer.headers['x-went-into-resp-headers'], picks]).toEqual([undefined, []]);
  });

  test('the Service chooses once per connection', async () => {
    const answers = [];
    for (let index = 0; index < 4; index += 1)
      answers.push(await call('http', { host: GATEWAY, path: `${PREFIX}/health` }));
    expect(new Set(answers.map((answer) => bodyOf(answer).pod))).toEqual(new Set([LLVM5B, RV4XR]));
  });

  test('an unmatched path is an empty 404; a prefix matches whole segments only', async () => {
    for (const path of ['/nope', `${PREFIX}-other/v1/models`]) {
      const answer = await call('http', { host: GATEWAY, path });
      expect([answer.status, answer.text, answer.headers.server]).toEqual([404, '', 'istio-envoy']);
    }
  });

  test('a body that is no JSON, or names no model, stops at the picker', async () => {
    const path = `${PREFIX}/v1/completions`;
    expect((await call('http', { host: GATEWAY, path, body: 'nonsense' })).status).toBe(400);
    expect((await call('http', { host: GATEWAY, path, body: '{}' })).status).toBe(400);
    expect(picks).toEqual([]);
  });

  test('with the picker’s pod gone it fails open: answers come, without the picker’s header', async () => {
    world.killPod('mistral-3-distributed-kserve-router-scheduler-m8qlkwp4r-mr8tr');
    await clock.advance(500);
    const answer = await call('http', { host: GATEWAY, path: `${PREFIX}/v1/chat/completions`, body: chat });
    expect([answer.status, answer.headers['x-went-into-resp-headers'], picks]).toEqual([200, undefined, []]);
  });

  test('with no engine left it says what is missing', async () => {
    world.killPod(LLVM5B);
    world.killPod(RV4XR);
    await clock.advance(500);
    const picked = await call('http', { host: GATEWAY, path: `${PREFIX}/v1/chat/completions`, body: chat });
    expect([picked.status, picked.text]).toEqual([
      503,
      'inference gateway: ServiceUnavailable - failed to find candidate pods for serving the request',
    ]);
    const plain = await call('http', { host: GATEWAY, path: `${PREFIX}/v1/models` });
    expect([plain.status, plain.text]).toEqual([503, 'no healthy upstream']);
  });
});

describe('streams', () => {
  const cases = [
    ['edge', 'https', { host: BASELINE, path: '/stream' }],
    ['passthrough', 'https', { host: DISTRIBUTED, path: '/stream' }],
    ['Service through the Gateway', 'http', { host: GATEWAY, path: `${PREFIX}/stream` }],
    [
      'picker through the Gateway',
      'http',
      { host: GATEWAY, path: `${PREFIX}/v1/chat/completions`, body: chat, headers: { 'x-stream': 'yes' } },
    ],
  ] as const;

  test.each(cases)('%s: a piece arrives before the answer ends', async (_name, scheme, options) => {
    const pieces: string[] = [];
    const request = open(scheme, options);
    const first = await new Promise<string>((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) =>
        response.once('data', (chunk: Buffer) => resolve(chunk.toString())),
      );
    });
    pieces.push(first);
    expect(pieces).toEqual(['data: first\n\n']);
    request.destroy();
  });

  test.each(cases)('%s: a client that leaves is noticed by the engine', async (_name, scheme, options) => {
    const request = open(scheme, options);
    await new Promise<void>((resolve) => {
      request.on('response', (response) => response.once('data', () => resolve()));
      request.on('error', () => {});
    });
    const [[pod, response] = []] = streams.open;
    const closed = new Promise<void>((resolve) => response?.on('close', () => resolve()));
    request.destroy();
    await closed;
    expect(streams.aborted).toEqual([pod]);
  });

  test.each(cases)('%s: a killed pod cuts its streams', async (_name, scheme, options) => {
    const request = open(scheme, options);
    const ended = new Promise<string>((resolve) => {
      request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      request.on('response', (response) => {
        response.once('data', () => {
          const [pod = ''] = [...streams.open.keys()];
          world.killPod(pod);
        });
        response.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
        response.on('end', () => resolve('a clean end'));
      });
    });
    expect(await ended).toBe('ECONNRESET');
  });
});

test('speaking something else to the TLS port ends the connection', async () => {
  const answer = await new Promise<string>((resolve) => {
    const request = httpRequest({ host: '127.0.0.1', port: ingress.httpsPort, path: '/' });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    request.on('response', () => resolve('an answer'));
    request.end();
  });
  expect(answer).toBe('ECONNRESET');
});
