import { describe, expect, it, vi } from 'vitest';
import { streamEvents } from './event-stream';

async function text(body: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(body).text();
}

const never = new AbortController().signal;

describe('streamEvents', () => {
  it('writes one JSON object per data line, opens at once and closes with the last', async () => {
    const onClosed = vi.fn();
    const body = streamEvents(
      async function* () {
        yield { type: 'start' };
        yield { type: 'end' };
      },
      never,
      onClosed,
    );
    expect(await text(body)).toBe(': open\n\ndata: {"type":"start"}\n\ndata: {"type":"end"}\n\n');
    expect(onClosed).toHaveBeenCalledTimes(1);
  });

  it('pings while nothing comes', async () => {
    let release = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    const body = streamEvents(
      async function* () {
        await waiting;
        yield { type: 'end' };
      },
      never,
      () => undefined,
      5,
    );
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let seen = '';
    while (!seen.includes(': ping')) seen += decoder.decode((await reader.read()).value);
    release();
    while (!seen.includes('data:')) seen += decoder.decode((await reader.read()).value);
    expect(seen).toContain('data: {"type":"end"}');
  });

  it.each(['the reader cancels', 'the request aborts'])('ends the producer when %s', async (way) => {
    const request = new AbortController();
    const aborted = new Promise<void>((resolve) => {
      const body = streamEvents(
        async function* (signal) {
          try {
            yield { type: 'start' };
            await new Promise<void>((done) => {
              if (signal.aborted) done();
              else signal.addEventListener('abort', () => done());
            });
          } finally {
            resolve();
          }
        },
        request.signal,
        () => undefined,
      );
      if (way === 'the reader cancels') void body.cancel();
      else request.abort();
    });
    await aborted;
  });

  it('reads its producer ahead of a reader that does not read', async () => {
    let produced = 0;
    const body = streamEvents(
      async function* () {
        for (; produced < 100; produced += 1) yield { type: 'text-delta' };
      },
      never,
      () => undefined,
    );
    await vi.waitFor(() => expect(produced).toBe(100));
    await body.cancel();
  });
});
