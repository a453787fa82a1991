import { describe, expect, it } from 'vitest';
import type { PodLogEvent } from '@/lib/contracts/pod-log';
import type { Clock } from '../clock';
import { KubernetesError } from './errors';
import { createLineSplitter, followPodLog, LIMIT_BYTES } from './pod-log';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const target = { namespace: 'private-ai', pod: 'engine-a', container: 'main' };

/** Time that passes at once: every wait is over when it begins. */
function hastyClock(delays: number[] = []): Clock {
  return {
    now: () => 0,
    monotonic: () => 0,
    after: (delayMs, callback) => {
      delays.push(delayMs);
      // The time limit of the whole log is not reached in these tests.
      if (delayMs < 60_000) queueMicrotask(callback);
      return () => undefined;
    },
  };
}

async function* chunksOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function read(
  open: () => Promise<AsyncIterable<Uint8Array>>,
  clock = hastyClock(),
): Promise<PodLogEvent[]> {
  const events: PodLogEvent[] = [];
  const signal = new AbortController().signal;
  for await (const event of followPodLog({ target, open, signal, clock })) events.push(event);
  return events;
}

describe('followPodLog', () => {
  it('asks for a bounded tail of the one container and tells the request', async () => {
    expect(await read(async () => chunksOf(bytes('one\ntwo\n')))).toEqual([
      {
        type: 'start',
        pod: 'engine-a',
        container: 'main',
        request:
          'GET /api/v1/namespaces/private-ai/pods/engine-a/log?container=main&follow=true&tailLines=200&limitBytes=524288',
        atMost: { lines: 200, bytes: 524_288 },
      },
      { type: 'lines', lines: ['one', 'two'] },
      { type: 'end', because: 'ended' },
    ]);
  });

  it('waits for a container that has not started, saying so once', async () => {
    const delays: number[] = [];
    let calls = 0;
    const open = async (): Promise<AsyncIterable<Uint8Array>> => {
      calls += 1;
      if (calls < 4) throw new KubernetesError('unexpected', 'waiting to start', { httpStatus: 400 });
      return chunksOf(bytes('up\n'));
    };
    const events = await read(open, hastyClock(delays));
    expect(events.map(({ type }) => type)).toEqual(['start', 'waiting', 'lines', 'end']);
    expect(delays.filter((delay) => delay === 2_000)).toHaveLength(3);
  });

  it('names the missing right', async () => {
    const events = await read(() =>
      Promise.reject(new KubernetesError('forbidden', 'no', { httpStatus: 403 })),
    );
    expect(events.at(-1)).toEqual({
      type: 'error',
      code: 'forbidden',
      message: 'The right to get pods/log in namespace private-ai is missing (component pod-log).',
    });
  });

  it('ends at its limit of bytes, whatever the server sends', async () => {
    const line = `${'x'.repeat(999)}\n`;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) yield bytes(line.repeat(100));
    };
    const events = await read(async () => endless());
    expect(events.at(-1)).toEqual({ type: 'end', because: 'too-much' });
    const lines = events.flatMap((event) => (event.type === 'lines' ? event.lines : []));
    expect(lines.length).toBeLessThanOrEqual(Math.ceil(LIMIT_BYTES / 1_000) + 100);
  });

  it('lets go of the server when the reader leaves', async () => {
    const leaving = new AbortController();
    let upstream: AbortSignal | null = null;
    const open = async (_path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> => {
      upstream = signal;
      return (async function* () {
        yield bytes('one\n');
        signal.throwIfAborted();
        await new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        );
      })();
    };
    const events: PodLogEvent[] = [];
    for await (const event of followPodLog({ target, open, signal: leaving.signal, clock: hastyClock() })) {
      events.push(event);
      if (event.type === 'lines') leaving.abort();
    }
    expect(events.map(({ type }) => type)).toEqual(['start', 'lines']);
    expect((upstream as AbortSignal | null)?.aborted).toBe(true);
  });
});

describe('lines', () => {
  it('are whole, wherever the bytes are cut, also within a character', () => {
    const all = bytes('größer\nzwei\n');
    for (let cut = 0; cut <= all.length; cut += 1) {
      const lines = createLineSplitter();
      expect([...lines.push(all.slice(0, cut)), ...lines.push(all.slice(cut)), ...lines.end()]).toEqual([
        'größer',
        'zwei',
      ]);
    }
  });

  it('show control characters as their pictures: no terminal obeys them', () => {
    const lines = createLineSplitter();
    expect(lines.push(bytes('\u001b[31mred\u001b[0m\u0007\r\n\ttab\n'))).toEqual(['␛[31mred␛[0m␇', '\ttab']);
  });

  it('without an end are cut and do not fill the memory', () => {
    const lines = createLineSplitter();
    for (let index = 0; index < 50; index += 1) lines.push(bytes('y'.repeat(10_000)));
    expect(lines.end()).toEqual([`${'y'.repeat(1_000)}…`]);
  });
});
