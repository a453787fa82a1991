import type { IncomingHttpHeaders, Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFrontDoor } from './front-door.ts';

let server: Server;
let port: number;
let presences: (string | undefined)[];
let handled: { url: string | undefined; headers: IncomingHttpHeaders }[];

beforeEach(async () => {
  handled = [];
  presences = [];
  server = createFrontDoor({
    answerPresence: (request, socket) => {
      presences.push(request.url);
      socket.end('taken over');
    },
    handle: (request, response) => {
      handled.push({ url: request.url, headers: { ...request.headers } });
      response.setHeader('Content-Type', 'text/plain');
      request.resume().on('end', () => response.end('application'));
    },
    isAllowedHost: (host) => host?.startsWith('127.0.0.1') ?? false,
    limits: { headersMs: 150, requestMs: 300, checkMs: 30 },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

/** Sends bytes as they are and collects the answer until the server closes. */
function raw(text: string, keepOpen = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => (keepOpen ? socket.write(text) : socket.end(text)));
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

function get(path: string, headers = ''): Promise<string> {
  return raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${headers}\r\n`);
}

const statusOf = (answer: string): string => answer.split(' ', 2)[1] ?? '';

describe('front door', () => {
  it('hands plain requests to the application, with a policy and a nonce for pages', async () => {
    const answer = await get('/checklist?gate=gpu-nodes');
    expect(statusOf(answer)).toBe('200');
    expect(answer).toContain('X-Frame-Options: DENY');
    expect(answer).toContain('X-Content-Type-Options: nosniff');
    const policy = handled[0]?.headers['content-security-policy'];
    expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{24}'/);
    expect(answer).toContain(`Content-Security-Policy: ${String(policy)}`);
    expect(policy).not.toContain('unsafe-eval');
  });

  it('makes a new nonce for every page view', async () => {
    await get('/a');
    await get('/b');
    expect(handled[0]?.headers['content-security-policy']).not.toBe(
      handled[1]?.headers['content-security-policy'],
    );
  });

  it('answers 421 for a foreign host and never asks the application', async () => {
    const answer = await raw('GET / HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n');
    expect(statusOf(answer)).toBe('421');
    expect(answer).toContain('"code":"wrong-host"');
    expect(handled).toEqual([]);
  });

  it.each([
    ['/..%2fetc/passwd', '400'],
    ['/a/../b', '400'],
    ['/a/%2e%2e/b', '400'],
    ['//evil.test/', '400'],
    ['/a\\b', '400'],
    ['http://169.254.169.254/latest', '400'],
    ['/_next/image?url=http://169.254.169.254/', '404'],
  ])('refuses the target %s', async (target, status) => {
    expect(statusOf(await get(target))).toBe(status);
    expect(handled).toEqual([]);
  });

  it('accepts dots and slashes in the query, where they are data', async () => {
    expect(statusOf(await get('/checklist?prompt=../a//b'))).toBe('200');
  });

  it('refuses server actions and every changing method on pages', async () => {
    const host = `Host: 127.0.0.1:${port}\r\nConnection: close\r\n`;
    for (const request of [
      `POST / HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`,
      `POST /checklist HTTP/1.1\r\n${host}Next-Action: abc\r\nContent-Length: 0\r\n\r\n`,
      `POST /api/chat HTTP/1.1\r\n${host}Next-Action: abc\r\nContent-Length: 0\r\n\r\n`,
      `PUT / HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`,
    ]) {
      expect(statusOf(await raw(request))).toBe('405');
    }
    expect(handled).toEqual([]);
  });

  it('drops headers that only a proxy may set, and keeps the others', async () => {
    await get(
      '/api/status',
      'X-Forwarded-User: admin\r\nX-Forwarded-Host: evil.test\r\nForwarded: host=evil.test\r\nX-Auth-Request-User: admin\r\nX-Middleware-Subrequest: middleware\r\nAccept: application/json\r\n',
    );
    const names = Object.keys(handled[0]?.headers ?? {});
    expect(names).toEqual(['host', 'connection', 'accept']);
  });

  it('answers a request that offers HTTP/2 as if it had not', async () => {
    const answer = await raw(
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe('200');
  });

  it('refuses every upgrade but the one of a page that says it is there', async () => {
    for (const [target, host = `127.0.0.1:${port}`] of [
      ['http://internal/'],
      ['http://internal/api/chat/presence'],
      ['/api/status'],
      ['/api/chat'],
      ['/api/chat/presence/'],
      ['/_next/webpack-hmr'],
      ['/api/chat/presence', 'evil.test'],
    ]) {
      const answer = await raw(
        `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      expect(statusOf(answer), target).toBe('400');
    }
    expect([handled, presences]).toEqual([[], []]);
    const answer = await raw(
      `GET /api/chat/presence?page=p HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    expect(answer).toBe('taken over');
    expect([handled, presences]).toEqual([[], ['/api/chat/presence?page=p']]);
  });

  it('answers 431 when headers are too large', async () => {
    expect(statusOf(await get('/', `X-Large: ${'a'.repeat(20 * 1024)}\r\n`))).toBe('431');
  });

  it('closes a connection whose headers do not arrive', async () => {
    const answer = await raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: `, true);
    expect(statusOf(answer)).toBe('408');
    expect(handled).toEqual([]);
  });

  it('closes a connection whose body never ends', async () => {
    const answer = await raw(
      `POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
      true,
    );
    expect(statusOf(answer)).toBe('408');
  });
});

describe('front door below a base path', () => {
  let below: Server;
  const seen: (string | undefined)[] = [];

  beforeEach(async () => {
    seen.length = 0;
    below = createFrontDoor({
      handle: (request, response) => {
        seen.push(request.url);
        response.end();
      },
      isAllowedHost: () => true,
      basePath: '/llm-d-live',
    });
    await new Promise<void>((resolve) => below.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    below.close();
    below.closeAllConnections();
  });

  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${(below.address() as AddressInfo).port}${path}`, init);

  it('hands on what lies below it, whole, with the rules of its kind', async () => {
    const page = await ask('/llm-d-live/checklist');
    const api = await ask('/llm-d-live/api/status');
    const asset = await ask('/llm-d-live/_next/static/x.js');
    expect(seen).toEqual([
      '/llm-d-live/checklist',
      '/llm-d-live/api/status',
      '/llm-d-live/_next/static/x.js',
    ]);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self' 'nonce-");
    expect(api.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect([page, api, asset].map(({ headers }) => headers.get('cache-control'))).toEqual([
      'no-store',
      'no-store',
      null,
    ]);
  });

  it('leaves what lies beside it to others, and refuses below it what it refuses everywhere', async () => {
    const answers = await Promise.all([
      ask('/api/status'),
      ask('/llm-d-live-too/checklist'),
      ask('/llm-d-live/_next/image?url=x'),
      ask('/llm-d-live/checklist', { method: 'POST' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 405]);
    expect(seen).toEqual([]);
  });
});
