import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { startHttpServer } from '@/lib/server/testing/http-server';
import { type EventFeed, MAX_BACKLOG_BYTES } from './event-feed';
import { type AskablePage, type WriteEventsOptions, writeEvents } from './event-response';
import type { WatchedAnswer } from './page-watch';

interface Served {
  url: URL;
  /** Settles with the answer to the first request. */
  ended: Promise<void>;
}

async function serve(feed: EventFeed<unknown>, options: WriteEventsOptions = {}): Promise<Served> {
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => undefined);
  const { url } = await startHttpServer((_request, response) => {
    writeEvents(feed, response, options).then(ended.resolve, ended.reject);
  });
  return { url, ended: ended.promise };
}

function readerOf(answer: Response): () => Promise<string | undefined> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  return async () => (await reader?.read())?.value;
}

describe('writeEvents', () => {
  it('writes one JSON object per data line, opens at once and closes with the last', async () => {
    const { url, ended } = await serve(async (tell) => {
      await Promise.resolve();
      tell({ type: 'start', text: 'größer' });
      tell({ type: 'end' });
    });
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    expect(await answer.text()).toBe(
      ': open\n\ndata: {"type":"start","text":"größer"}\n\ndata: {"type":"end"}\n\n',
    );
    await ended;
  });

  it('passes each event on when it happens', async () => {
    let tell: (event: unknown) => void = () => undefined;
    const end = Promise.withResolvers<void>();
    const { url } = await serve((teller) => {
      tell = teller;
      return end.promise;
    });
    const read = readerOf(await fetch(url));
    expect(await read()).toBe(': open\n\n');
    tell('first');
    expect(await read()).toBe('data: "first"\n\n');
    tell('second');
    expect(await read()).toBe('data: "second"\n\n');
    end.resolve();
    expect(await read()).toBeUndefined();
  });

  it('pings while nothing comes', async () => {
    const { url } = await serve((_tell, signal) => whenAborted(signal), { pingMs: 5 });
    const leaving = new AbortController();
    const read = readerOf(await fetch(url, { signal: leaving.signal }));
    let seen = '';
    while (!seen.includes(': ping')) seen += await read();
    leaving.abort();
  });

  it('tells the source when the reader leaves', async () => {
    const left = Promise.withResolvers<void>();
    const { url, ended } = await serve((_tell, signal) => whenAborted(signal).then(left.resolve));
    const leaving = new AbortController();
    await fetch(url, { signal: leaving.signal });
    leaving.abort();
    await Promise.all([left.promise, ended]);
  });

  it('tells the source when the reader is gone without a word', async () => {
    let callOff: () => void = () => undefined;
    let isWatched = false;
    const { url, ended } = await serve((_tell, signal) => whenAborted(signal), {
      watch: {
        watch: (_socket, onGone) => {
          isWatched = true;
          callOff = onGone;
          return () => {
            isWatched = false;
          };
        },
      },
    });
    const answer = await fetch(url);
    expect(isWatched).toBe(true);
    callOff();
    await ended;
    expect(isWatched).toBe(false);
    await expect(answer.text()).rejects.toThrow();
  });

  it('promises beats with the first, and writes one where nothing else was written since the last', async () => {
    let tell: (event: unknown) => void = () => undefined;
    let answer: WatchedAnswer | null = null;
    const end = Promise.withResolvers<void>();
    const page: AskablePage = {
      beat: ': beat 1000\n\n',
      watch: (watched) => {
        answer = watched;
        return () => {
          answer = null;
        };
      },
    };
    const { url, ended } = await serve(
      (teller) => {
        tell = teller;
        return end.promise;
      },
      { page },
    );
    const text = fetch(url).then((response) => response.text());
    await vi.waitFor(() => expect(answer).not.toBeNull());
    const beat = (): void => answer?.onBeat();
    tell('first');
    for (const _ of 'abc') beat();
    tell('second');
    beat();
    beat();
    end.resolve();
    await ended;
    expect(answer).toBeNull();
    const [BEAT, BEATS] = [page.beat, page.beat.repeat(2)];
    expect(await text).toBe(`: open\n\ndata: "first"\n\n${BEAT}${BEATS}data: "second"\n\n${BEAT}`);
  });

  it('tells the source why when a page gives no sign, writes what it says last, and closes', async () => {
    let answer: WatchedAnswer | null = null;
    const page: AskablePage = {
      beat: ': beat 1000\n\n',
      watch: (watched) => {
        answer = watched;
        return () => undefined;
      },
    };
    const { url, ended } = await serve(
      async (tell, signal) => {
        await whenAborted(signal);
        tell({ type: 'error', message: (signal.reason as Error).message });
      },
      { page },
    );
    const response = await fetch(url);
    await vi.waitFor(() => expect(answer).not.toBeNull());
    (answer as WatchedAnswer | null)?.onGone(870);
    await ended;
    expect(await response.text()).toBe(
      ': open\n\ndata: {"type":"error","message":"This browser gave no sign for 0.9 s: no GPU works on for a page that may be gone."}\n\n',
    );
  });

  it('breaks off, and says so, when the source fails', async () => {
    const { url, ended } = await serve(() => Promise.reject(new Error('a fault of ours')));
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow();
    await expect(ended).rejects.toThrow('a fault of ours');
  });

  it('gives up a reader that does not read, before it fills the memory', async () => {
    const event = 'x'.repeat(256 * 1024);
    let told = 0;
    const { url, ended } = await serve(async (tell, signal) => {
      while (!signal.aborted) {
        tell(event);
        told += event.length;
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const socket = connect(Number(url.port), url.hostname);
    socket.pause();
    socket.write(`GET / HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
    await ended;
    // What the kernel's own buffers took comes on top.
    expect(told).toBeGreaterThan(MAX_BACKLOG_BYTES);
    socket.destroy();
  });
});

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}
