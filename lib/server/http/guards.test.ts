import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { guardRead, guardWrite, readJsonBody } from './guards';
import { HttpProblem } from './problem';
import { MAX_BODY_BYTES } from './read-body';

const HOST = '127.0.0.1:3000';

function post(headers: Record<string, string>, body: BodyInit = '{}'): Request {
  const request = new Request(`http://${HOST}/api/chat`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit);
  // `Host` and `Sec-Fetch-*` are forbidden names for page code; a server's Request carries them.
  const all = new Headers(request.headers);
  for (const [name, value] of Object.entries({ host: HOST, ...headers })) all.set(name, value);
  Object.defineProperty(request, 'headers', { value: all });
  return request;
}

function refusal(run: () => void): number | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof HttpProblem) return error.status;
    throw error;
  }
}

describe('guardWrite', () => {
  it('takes a post of our own page, and one of a program without Origin', () => {
    expect(refusal(() => guardWrite(post({ origin: `http://${HOST}` }), []))).toBeNull();
    expect(refusal(() => guardWrite(post({}), []))).toBeNull();
  });

  it('takes https origins behind an edge Route', () => {
    const headers = { host: 'demo.example.com', origin: 'https://demo.example.com' };
    expect(refusal(() => guardWrite(post(headers), ['demo.example.com']))).toBeNull();
  });

  it.each([
    ['a foreign origin', { origin: 'http://evil.test' }, 403],
    ['the null origin', { origin: 'null' }, 403],
    ['another port of the same machine', { origin: 'http://127.0.0.1:4000' }, 403],
    ['a browser that hides its origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a same-site browser without origin', { 'sec-fetch-site': 'same-origin' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
    ['a form that pretends', { 'content-type': 'application/jsonx' }, 415],
    ['a rebound name', { host: 'evil.test', origin: 'http://evil.test' }, 421],
  ])('refuses %s', (_, headers, status) => {
    expect(refusal(() => guardWrite(post(headers as Record<string, string>), []))).toBe(status);
  });
});

describe('guardRead', () => {
  it('reads for our own pages and for programs', () => {
    expect(refusal(() => guardRead(post({}), []))).toBeNull();
    expect(refusal(() => guardRead(post({ 'sec-fetch-site': 'same-origin' }), []))).toBeNull();
    expect(refusal(() => guardRead(post({ 'sec-fetch-site': 'none' }), []))).toBeNull();
  });

  it('reads nothing for another site or a rebound name', () => {
    expect(refusal(() => guardRead(post({ 'sec-fetch-site': 'cross-site' }), []))).toBe(403);
    expect(refusal(() => guardRead(post({ 'sec-fetch-site': 'same-site' }), []))).toBe(403);
    expect(refusal(() => guardRead(post({ host: 'evil.test' }), []))).toBe(421);
  });
});

describe('readJsonBody', () => {
  it('parses what it reads', async () => {
    await expect(readJsonBody(post({}, '{"arm":"baseline"}'))).resolves.toEqual({ arm: 'baseline' });
  });

  it('counts bytes while they come, whatever was declared', async () => {
    const chunk = new Uint8Array(64 * 1024).fill(97);
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(chunk);
      },
    });
    await expect(readJsonBody(post({}, endless))).rejects.toMatchObject({ status: 413 });
    expect(pulled).toBeLessThan(MAX_BODY_BYTES / chunk.byteLength + 4);
  });

  it('refuses a declared length past the limit before reading', async () => {
    await expect(readJsonBody(post({ 'content-length': '300000' }))).rejects.toMatchObject({ status: 413 });
  });

  it('refuses compressed bodies and broken JSON', async () => {
    await expect(readJsonBody(post({ 'content-encoding': 'gzip' }))).rejects.toMatchObject({ status: 415 });
    await expect(readJsonBody(post({}, '{"arm":'))).rejects.toMatchObject({ status: 400, code: 'bad-json' });
  });

  it('gives up on a body that stalls', async () => {
    const stalled = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) });
    await expect(readJsonBody(post({}, stalled), 20)).rejects.toMatchObject({ status: 408 });
  });

  it('reads a body of Node’s as one of the Fetch API, with the same limits', async () => {
    const headers = new Headers();
    const whole = Readable.from([Buffer.from('{"arm":'), Buffer.from('"größer"}')]);
    await expect(readJsonBody({ headers, body: whole })).resolves.toEqual({ arm: 'größer' });
    const large = Readable.from(Array.from({ length: 6 }, () => Buffer.alloc(64 * 1024, 97)));
    await expect(readJsonBody({ headers, body: large })).rejects.toMatchObject({ status: 413 });
    // The rest is read and dropped, so that its connection goes on.
    await vi.waitFor(() => expect(large.readableEnded).toBe(true));
    const stalled = new Readable({ read: () => undefined });
    await expect(readJsonBody({ headers, body: stalled }, 20)).rejects.toMatchObject({ status: 408 });
    const broken = new Readable({ read: () => undefined });
    const reading = readJsonBody({ headers, body: broken });
    broken.destroy(new Error('the browser has left'));
    await expect(reading).rejects.toThrow('the browser has left');
  });
});
