import { describe, expect, it } from 'vitest';
import { startHttpServer } from '@/lib/server/testing/http-server';
import type { IncomingCall } from './guards';
import { sendWhole, toCall } from './incoming-call';
import { readBody } from './read-body';

/** A server whose answer is made from what `toCall` says of the request. */
async function serve(answer: (call: IncomingCall) => Promise<Response>): Promise<URL> {
  const { url } = await startHttpServer((incoming, response) => {
    answer(toCall(incoming)).then((whole) => sendWhole(whole, response));
  });
  return url;
}

describe('toCall', () => {
  it('says of a request what a Request would, and its body whole', async () => {
    const url = await serve(async (call) =>
      Response.json(
        {
          url: call.url,
          page: call.headers.get('x-page-id'),
          hasOrigin: call.headers.has('origin'),
          address: call.headers.get('x-forwarded-for'),
          body: call.body === null ? null : await readBody(call.body, 1_000),
        },
        { status: 418, headers: { 'x-own': 'yes' } },
      ),
    );
    const answer = await fetch(new URL('/api/chat?page=p2', url), {
      method: 'POST',
      headers: { 'x-page-id': 'p1', 'x-forwarded-for': '10.0.0.1' },
      body: 'größer',
    });
    expect([answer.status, answer.headers.get('x-own'), await answer.json()]).toEqual([
      418,
      'yes',
      {
        url: `${url.origin}/api/chat?page=p2`,
        page: 'p1',
        hasOrigin: false,
        address: '127.0.0.1',
        body: 'größer',
      },
    ]);
  });

  it.each([
    ['was not read', async () => undefined],
    [
      'was too large',
      async ({ body }: IncomingCall) => {
        if (body !== null) await expect(readBody(body, 1_000)).rejects.toMatchObject({ status: 413 });
      },
    ],
  ])('is answered although its body %s', async (_name, read) => {
    const url = await serve(async (call) => {
      await read(call);
      return new Response('too large', { status: 413 });
    });
    const answer = await fetch(url, { method: 'POST', body: 'x'.repeat(1_000_000) });
    expect([answer.status, await answer.text()]).toEqual([413, 'too large']);
  });
});
