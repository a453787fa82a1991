/**
 * The attack list (platform-pitfalls §8) against the built dashboard. Rows about upstream servers (A02, A03, A04, A11, A12)
 * are unit tests beside the relay, the endpoint resolver and the Prometheus client.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from './fixtures';
import { rawRequest } from './raw-http';
import { openStage } from './stage';

test.use({ asksForControlToken: true });

const CHAT = { arm: 'baseline', messages: [{ role: 'user', content: 'hello' }] };

const WEB_SOCKET = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

const START_LOAD = {
  action: 'start',
  plan: { usersPerArm: 1, arms: ['baseline'], path: null, shape: 'synthetic-256' },
};

const API_PATHS = [
  '/api/status',
  '/api/checklist',
  '/api/placement',
  '/api/compare',
  '/api/guidellm',
  '/api/chat/lanes',
  '/api/prompts',
  '/api/load',
  '/api/health',
  '/api/ready',
];
const PAGES = ['/checklist', '/placement', '/chat', '/compare'];

function postJson(
  body: unknown,
  headers: Record<string, string> = {},
): {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
} {
  return {
    method: 'POST',
    path: '/api/chat',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

test.describe('requests that reach further than they should', () => {
  test('A01: a client cannot name an address, only an arm', async ({ stage }) => {
    for (const extra of [
      { url: 'http://169.254.169.254/' },
      { baseUrl: 'http://localhost:1' },
      { endpoint: 'file:///etc/passwd' },
    ]) {
      const answer = await rawRequest(stage.url, postJson({ ...CHAT, ...extra }));
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toMatchObject({
        error: { code: 'bad-input', field: Object.keys(extra)[0] },
      });
    }
    expect((await rawRequest(stage.url, postJson({ ...CHAT, arm: 'http://169.254.169.254/' }))).status).toBe(
      404,
    );
    expect(
      (await rawRequest(stage.url, { path: '/api/compare?prometheus=http://169.254.169.254/' })).status,
    ).toBe(400);
    expect(stage.connections().filter((line) => line.includes('169.254.169.254'))).toEqual([]);
  });

  test('A05, A06: path tricks and names that are none are refused', async ({ stage }) => {
    for (const path of [
      '/api/../.env',
      '/api/%2e%2e/status',
      '//evil.test/api/status',
      '/api\\status',
      '/api/status%00',
    ]) {
      expect((await rawRequest(stage.url, { path })).status, path).toBe(400);
    }
    const answer = await rawRequest(stage.url, postJson({ ...CHAT, raceId: 'x/../../secrets' }));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { field: 'raceId' } });
  });

  test('A07: no PromQL comes from a client', async ({ stage }) => {
    for (const query of [
      'percentile=95"}%20or%20vector(1)',
      'window=5m]%20or%20vector(1)',
      'query=up',
      'window=2m',
      'percentile=42',
      'end=tomorrow',
      'end=2999-01-01T00:00:00Z',
      'end=1999-01-01T00:00:00Z',
      'breakdown=yes',
    ]) {
      const answer = await rawRequest(stage.url, { path: `/api/compare?${query}` });
      expect(answer.status, query).toBe(400);
    }
  });

  test('A08, A09: image fetcher, upgrades, internal headers, server actions and uploads do not exist', async ({
    stage,
  }) => {
    expect(
      (await rawRequest(stage.url, { path: '/_next/image?url=http://169.254.169.254/&w=64&q=1' })).status,
    ).toBe(404);
    const { host } = new URL(stage.url);
    for (const path of [
      '/api/status',
      '/api/chat',
      '/',
      `http://${host}/api/chat/presence?page=page-of-mine`,
    ]) {
      expect((await rawRequest(stage.url, { path, headers: WEB_SOCKET })).status, path).toBe(400);
    }
    for (const path of PAGES) {
      const action = {
        method: 'POST',
        path,
        headers: { 'Next-Action': '00', 'Content-Type': 'text/plain' },
        body: '[]',
      };
      expect((await rawRequest(stage.url, action)).status).toBe(405);
    }
    const bypass = { 'X-Middleware-Subrequest': 'middleware:middleware:middleware', Host: 'evil.test' };
    expect((await rawRequest(stage.url, { path: '/checklist', headers: bypass })).status).toBe(421);
    for (const path of ['/api/kubeconfig', '/api/config', '/kubeconfig']) {
      const upload = { method: 'POST', path, headers: { 'Content-Type': 'application/json' }, body: '{}' };
      expect([404, 405]).toContain((await rawRequest(stage.url, upload)).status);
    }
    expect((await rawRequest(stage.url, { path: '/api/health' })).status).toBe(200);
  });
});

test.describe('secrets and identity', () => {
  test('A10, A16, A17: no answer, page, script or stream holds a secret, a path or a stack trace', async ({
    stage,
  }) => {
    const kubernetes = new URL(
      /https:\/\/127\.0\.0\.1:\d+/.exec(readFileSync(join(stage.labFolder, 'kubeconfig'), 'utf8'))?.[0] ?? '',
    );
    const places = [process.cwd(), stage.labFolder, 'node_modules', kubernetes.host];
    const forbidden = [...stage.canaries, ...places, '    at '];
    const texts = new Map<string, string>();
    const reports = ['json', 'markdown'].map((format) => `/api/checklist/report?format=${format}`);
    for (const path of [...API_PATHS, ...reports, ...PAGES, '/nope', '/api/nope', '/.env', '/.git/config']) {
      texts.set(path, (await rawRequest(stage.url, { path })).body);
    }
    const scripts = new Set(
      [...texts.values()].flatMap((text) => text.match(/\/_next\/static\/[^"'\\ ]+/g) ?? []),
    );
    expect(scripts.size).toBeGreaterThan(3);
    for (const path of scripts) {
      texts.set(path, (await rawRequest(stage.url, { path })).body);
      expect((await rawRequest(stage.url, { path: `${path}.map` })).status).toBe(404);
    }
    texts.set('events', await stage.readEvents(2));
    texts.set('chat', (await rawRequest(stage.url, postJson({ ...CHAT, maxTokens: 2 }))).body);
    for (const [path, text] of texts) {
      for (const secret of forbidden) {
        // Bundled libraries name their own folders; only our answers must not.
        if (path.startsWith('/_next/') && (secret === 'node_modules' || secret === '    at ')) continue;
        expect(text.includes(secret), `${path} holds ${secret.slice(0, 12)}…`).toBe(false);
      }
    }
    expect((await rawRequest(stage.url, { path: '/checklist' })).headers['referrer-policy']).toBe(
      'same-origin',
    );
  });

  test('A13: identity headers from outside change nothing', async ({ stage }) => {
    const headers = {
      'X-Forwarded-User': 'admin',
      'X-Auth-Request-User': 'admin',
      Forwarded: 'host=evil.test;proto=https',
      'X-Forwarded-Host': 'evil.test',
      'X-Forwarded-Proto': 'https',
    };
    const page = await rawRequest(stage.url, { path: '/', headers });
    expect(page.headers.location ?? page.body).not.toContain('evil.test');
    const action = {
      ...postJson({ namespace: 'private-ai', uid: '00000000-0000-4000-8000-000000000000' }, headers),
      path: '/api/actions/delete-pod',
    };
    expect((await rawRequest(stage.url, action)).status).toBe(403);
  });

  test('A14, A15: a viewer changes nothing, and there is no run of another to ask for', async ({ stage }) => {
    const uid = stage.placement().then(({ pods }) => pods.find(({ arm }) => arm === 'distributed')?.uid);
    const action = {
      ...postJson({ namespace: 'private-ai', uid: await uid }),
      path: '/api/actions/delete-pod',
    };
    expect((await rawRequest(stage.url, action)).status).toBe(403);
    const load = { ...postJson(START_LOAD), path: '/api/load' };
    expect((await rawRequest(stage.url, load)).status).toBe(403);
    for (const path of ['/api/chat', '/api/chat/1', '/api/runs/1']) {
      expect([404, 405]).toContain((await rawRequest(stage.url, { path })).status);
    }
  });

  test('A14: behind a proxy in the same pod a viewer changes nothing either', async () => {
    test.setTimeout(150_000);
    const stage = await openStage({
      asksForControlToken: true,
      // As the overlay oauth-proxy sets it: only the proxy beside it reaches the server.
      env: {
        HOSTNAME: '127.0.0.1',
        PUBLIC_HOSTS: 'demo.example.com',
        ALLOW_ACTIONS: 'delete-pod',
        LOAD_MAX_USERS: '4',
      },
    });
    try {
      const uid = '00000000-0000-4000-8000-000000000000';
      const attempts = [
        {
          ...postJson({ namespace: 'private-ai', uid }, { Host: 'demo.example.com' }),
          path: '/api/actions/delete-pod',
        },
        { ...postJson(START_LOAD, { Host: 'demo.example.com' }), path: '/api/load' },
      ];
      for (const attempt of attempts) {
        const refused = await rawRequest(stage.url, attempt);
        expect([refused.status, JSON.parse(refused.body)]).toMatchObject([
          403,
          { error: { code: 'wrong-control-token' } },
        ]);
      }
      const [, controlToken = ''] = stage.canaries;
      for (const attempt of attempts) {
        const headers = { ...attempt.headers, Authorization: `Bearer ${controlToken}` };
        expect((await rawRequest(stage.url, { ...attempt, headers })).status).not.toBe(403);
      }
    } finally {
      await stage.close();
    }
  });
});

test.describe('browser-side trust', () => {
  test.use({ visitsElsewhere: true });

  test('A30: posts that another site could cause are refused', async ({ stage }) => {
    const foreign: Record<string, string>[] = [
      { Origin: 'http://evil.test' },
      { Origin: 'null' },
      { Origin: 'http://127.0.0.1:1' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ];
    for (const headers of foreign) {
      expect((await rawRequest(stage.url, postJson(CHAT, headers))).status, JSON.stringify(headers)).toBe(
        403,
      );
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const own = { Origin: stage.url, 'Content-Type': type };
      expect((await rawRequest(stage.url, postJson(CHAT, own))).status, type).toBe(415);
    }
  });

  test('A31: no answer allows another origin', async ({ stage }) => {
    for (const path of [...API_PATHS, ...PAGES]) {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await rawRequest(stage.url, {
          method,
          path,
          headers: { Origin: 'http://evil.test' },
        });
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      }
    }
  });

  test('A32, A37: every page forbids framing, foreign and inline code', async ({ stage }) => {
    for (const path of PAGES) {
      const { headers } = await rawRequest(stage.url, { path });
      expect(headers['x-frame-options']).toBe('DENY');
      const policy = headers['content-security-policy'] ?? '';
      for (const part of [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ]) {
        expect(policy).toContain(part);
      }
      expect(policy).toMatch(/script-src 'self' 'nonce-[^']+';/);
      expect(policy).not.toContain('unsafe-eval');
    }
  });

  test('A33: no parameter sends a browser elsewhere', async ({ stage }) => {
    for (const target of ['//evil.test', '/\\evil.test', 'https:evil.test']) {
      for (const name of ['next', 'redirect', 'url', 'returnTo']) {
        const { headers } = await rawRequest(stage.url, { path: `/?${name}=${encodeURIComponent(target)}` });
        expect(new URL(headers.location ?? '/', stage.url).host).toBe(new URL(stage.url).host);
      }
    }
  });

  test('A34: nothing but hashed files may be kept by a cache', async ({ stage }) => {
    for (const path of API_PATHS) {
      const { headers, status } = await rawRequest(stage.url, {
        path,
        headers: { 'X-Forwarded-Host': 'evil.test' },
      });
      expect(status).toBe(200);
      expect(headers['cache-control']).toBe('no-store');
      expect((await rawRequest(stage.url, { path: `${path}.css` })).status).toBe(404);
      expect((await rawRequest(stage.url, { path: `${path}/x.css` })).status).toBe(404);
    }
    for (const path of PAGES) {
      for (const headers of [{}, { RSC: '1' }, { 'Next-Router-Prefetch': '1', RSC: '1' }]) {
        expect((await rawRequest(stage.url, { path, headers })).headers['cache-control']).toContain(
          'no-store',
        );
      }
    }
    const page = (await rawRequest(stage.url, { path: '/checklist' })).body;
    const script = /\/_next\/static\/[^"]+\.js/.exec(page)?.[0] ?? '';
    expect((await rawRequest(stage.url, { path: script })).headers['cache-control']).toContain('immutable');
  });

  test('A30, A35: the one WebSocket opens for pages of the dashboard alone, and takes no message', async ({
    stage,
  }) => {
    const path = '/api/chat/presence?page=page-of-mine';
    const { host } = new URL(stage.url);
    const own = { ...WEB_SOCKET, Origin: `http://${host}` };
    const refused: [string, Record<string, string>, number][] = [
      [path, { ...own, Origin: 'http://evil.test' }, 403],
      [path, { ...own, Origin: 'null' }, 403],
      [path, { ...own, Origin: 'http://127.0.0.1:1' }, 403],
      [path, { ...WEB_SOCKET, 'Sec-Fetch-Site': 'cross-site' }, 403],
      [path, { ...own, Host: 'evil.test', Origin: 'http://evil.test' }, 400],
      [path, { ...own, 'Sec-WebSocket-Version': '7' }, 400],
      ['/api/chat/presence', own, 400],
      ['/api/chat/presence?page=x', own, 400],
      ['/api/chat/presence/../presence?page=page-of-mine', own, 400],
    ];
    for (const [target, headers, status] of refused) {
      const answer = await rawRequest(stage.url, { path: target, headers });
      expect(answer.status, `${target} ${JSON.stringify(headers)}`).toBe(status);
    }
    for (const method of ['GET', 'POST']) {
      const plain = await rawRequest(stage.url, { method, path });
      expect([404, 405]).toContain(plain.status);
    }
    const socket = new WebSocket(`ws://${host}${path}`);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    });
    const heard: unknown[] = [];
    socket.addEventListener('message', ({ data }) => heard.push(data));
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
    socket.send('x'.repeat(300_000));
    await closed;
    expect(heard).toEqual([]);
    expect((await rawRequest(stage.url, { path: '/api/health' })).status).toBe(200);
  });

  test('A35: a rebound name reads nothing, not even a script', async ({ stage }) => {
    const page = (await rawRequest(stage.url, { path: '/checklist' })).body;
    const script = /\/_next\/static\/[^"]+\.js/.exec(page)?.[0] ?? '';
    for (const path of [...API_PATHS, ...PAGES, '/api/events', script]) {
      const answer = await rawRequest(stage.url, { path, headers: { Host: 'evil.test' } });
      expect(answer.status, path).toBe(421);
    }
    expect(
      (await rawRequest(stage.url, postJson(CHAT, { Host: 'evil.test', Origin: 'http://evil.test' }))).status,
    ).toBe(421);
  });

  test('A36: a page of another origin gets no data in a real browser', async ({ stage, page }) => {
    const evil = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>evil</title>');
    });
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    try {
      await page.goto(`http://localhost:${(evil.address() as AddressInfo).port}/`);
      const outcome = await page.evaluate(async (url) => {
        const events = await new Promise<string>((resolve) => {
          const source = new EventSource(`${url}/api/events`);
          source.onmessage = () => resolve('read');
          source.addEventListener('snapshot', () => resolve('read'));
          source.onerror = () => resolve('refused');
        });
        const status = await fetch(`${url}/api/status`).then(
          (response) => (response.ok ? 'read' : 'refused'),
          () => 'refused',
        );
        const chat = await fetch(`${url}/api/chat`, {
          method: 'POST',
          body: '{"arm":"baseline","messages":[{"role":"user","content":"x"}]}',
          mode: 'no-cors',
        }).then(
          (response) => response.type,
          () => 'refused',
        );
        const presence = await new Promise<string>((resolve) => {
          const socket = new WebSocket(`${url.replace('http', 'ws')}/api/chat/presence?page=page-of-mine`);
          socket.onopen = () => resolve('read');
          socket.onerror = () => resolve('refused');
        });
        return { events, status, chat, presence };
      }, stage.url);
      expect(outcome).toEqual({ events: 'refused', status: 'refused', chat: 'refused', presence: 'refused' });
    } finally {
      evil.close();
      evil.closeAllConnections();
    }
  });
});

test.describe('exhaustion', () => {
  test('A44, A45: too much is refused while it arrives', async ({ stage }) => {
    expect((await rawRequest(stage.url, { path: '/', headers: { Cookie: 'a'.repeat(20_000) } })).status).toBe(
      431,
    );
    const large = JSON.stringify({ ...CHAT, messages: [{ role: 'user', content: 'x'.repeat(300_000) }] });
    expect((await rawRequest(stage.url, postJson(large))).status).toBe(413);
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect((await rawRequest(stage.url, postJson(deep))).status).toBe(400);
    expect((await rawRequest(stage.url, postJson('{"arm":'))).status).toBe(400);
    const zipped = postJson('{}', { 'Content-Encoding': 'gzip' });
    expect((await rawRequest(stage.url, zipped)).status).toBe(415);
    const polluting =
      '{"arm":"baseline","messages":[{"role":"user","content":"x"}],"__proto__":{"admin":true}}';
    expect([200, 400]).toContain((await rawRequest(stage.url, postJson(polluting))).status);
    expect((await rawRequest(stage.url, { path: '/api/health' })).status).toBe(200);
  });

  test('A46: unknown paths are 404 and leave no trace', async ({ stage }) => {
    for (let index = 0; index < 50; index += 1) {
      expect((await rawRequest(stage.url, { path: `/api/unknown-${index}` })).status).toBe(404);
    }
  });
});
