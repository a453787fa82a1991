import { describe, expect, it, vi } from 'vitest';
import { streamEvents } from './event-stream';

async function text(body: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(body).text();
}

const never = new AbortController().signal;

describe('streamEvents', () => {
  it('writes one JSON object per data line, opens at once and closes with the last', async () => {
    const body = streamEvents(async (tell) => {
      tell({ type: 'start' });
      await Promise.resolve();
      tell({ type: 'end' });
    }, never);
    expect(await text(body)).toBe(': open\n\ndata: {"type":"start"}\n\ndata: {"type":"end"}\n\n');
  });

  it('breaks off when the source fails', async () => {
    const body = streamEvents(() => Promise.reject(new Error('a fault of ours')), never);
    await expect(text(body)).rejects.toThrow('a fault of ours');
  });

  it('pings while nothing comes', async () => {
    const waiting = Promise.withResolvers<void>();
    const body = streamEvents(
      async (tell) => {
        await waiting.promise;
        tell({ type: 'end' });
      },
      never,
      5,
    );
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let seen = '';
    while (!seen.includes(': ping')) seen += decoder.decode((await reader.read()).value);
    waiting.resolve();
    while (!seen.includes('data:')) seen += decoder.decode((await reader.read()).value);
    expect(seen).toContain('data: {"type":"end"}');
  });

  it.each(['the reader cancels', 'the request aborts'])('tells the source when %s', async (way) => {
    const request = new AbortController();
    await new Promise<void>((left) => {
      const body = streamEvents(
        (_tell, signal) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              resolve();
              left();
            });
          }),
        request.signal,
      );
      if (way === 'the reader cancels') void body.cancel();
      else request.abort();
    });
  });

  it('takes from its source ahead of a reader that does not read', async () => {
    let told = 0;
    const body = streamEvents(async (tell) => {
      for (; told < 100; told += 1) tell({ type: 'text-delta' });
    }, never);
    await vi.waitFor(() => expect(told).toBe(100));
    await body.cancel();
  });
});
