import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { answerDirectly, type FetchHandler } from './answer-directly.ts';

const servers: Server[] = [];

async function serve(handler: FetchHandler): Promise<string> {
  const server = createServer((incoming, response) => {
    answerDirectly(handler, incoming, response).catch(() => response.destroy());
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

describe('answerDirectly', () => {
  it('hands the request over whole, and the answer back with status and headers', async () => {
    const url = await serve(async (request) =>
      Response.json(
        {
          method: request.method,
          path: new URL(request.url).pathname,
          page: request.headers.get('x-page-id'),
          body: await request.text(),
        },
        { status: 418, headers: { 'x-own': 'yes' } },
      ),
    );
    const answer = await fetch(`${url}/api/chat`, {
      method: 'POST',
      headers: { 'x-page-id': 'p1' },
      body: 'größer',
    });
    expect([answer.status, answer.headers.get('x-own'), await answer.json()]).toEqual([
      418,
      'yes',
      { method: 'POST', path: '/api/chat', page: 'p1', body: 'größer' },
    ]);
  });

  it('passes each piece on when it is written, not at the end', async () => {
    let write: (text: string) => void = () => undefined;
    const url = await serve(async () => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          write = (text) => {
            if (text === '') controller.close();
            else controller.enqueue(new TextEncoder().encode(text));
          };
          write('first');
        },
      });
      return new Response(body);
    });
    const reader = (await fetch(url, { method: 'POST' })).body
      ?.pipeThrough(new TextDecoderStream())
      .getReader();
    expect(await reader?.read()).toEqual({ done: false, value: 'first' });
    write('second');
    expect(await reader?.read()).toEqual({ done: false, value: 'second' });
    write('');
    expect(await reader?.read()).toEqual({ done: true, value: undefined });
  });

  it('tells the handler and its stream when the reader leaves', async () => {
    const left = Promise.withResolvers<string>();
    const cancelled = Promise.withResolvers<string>();
    const url = await serve(async (request) => {
      request.signal.addEventListener('abort', () => left.resolve('left'));
      return new Response(
        new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(new TextEncoder().encode('first')),
          cancel: () => cancelled.resolve('cancelled'),
        }),
      );
    });
    const leaving = new AbortController();
    const answer = await fetch(url, { method: 'POST', signal: leaving.signal });
    await answer.body?.getReader().read();
    leaving.abort();
    expect(await Promise.all([left.promise, cancelled.promise])).toEqual(['left', 'cancelled']);
  });

  it('answers although the handler gave the body up halfway', async () => {
    const url = await serve(async (request) => {
      const reader = request.body?.getReader();
      await reader?.read();
      await reader?.cancel();
      return new Response('too large', { status: 413 });
    });
    const answer = await fetch(url, { method: 'POST', body: 'x'.repeat(1_000_000) });
    expect([answer.status, await answer.text()]).toEqual([413, 'too large']);
  });
});
