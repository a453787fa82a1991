import { describe, expect, it } from 'vitest';
import type { PodLogEvent } from '@/lib/contracts/pod-log';
import { applyPodLogEvent, EMPTY_POD_LOG, MAX_LOG_LINES, openPodLog } from './pod-log';

const START: PodLogEvent = {
  type: 'start',
  pod: 'engine',
  container: 'main',
  request: 'GET /log',
  atMost: { lines: 200, bytes: 1 },
};

async function collect(body: BodyInit | null, init?: ResponseInit): Promise<PodLogEvent[]> {
  const events: PodLogEvent[] = [];
  const answer = async (): Promise<Response> => new Response(body, init);
  for await (const event of openPodLog('u', new AbortController().signal, answer)) events.push(event);
  return events;
}

const data = (event: unknown): string => `data: ${JSON.stringify(event)}\n\n`;

describe('a log', () => {
  it('keeps the newest lines, each with its own number', () => {
    const lines = Array.from({ length: MAX_LOG_LINES }, (_, index) => `line ${index}`);
    const log = [
      START,
      { type: 'lines' as const, lines },
      { type: 'lines' as const, lines: ['last'] },
    ].reduce(applyPodLogEvent, EMPTY_POD_LOG);
    expect(log.lines).toHaveLength(MAX_LOG_LINES);
    expect([log.lines[0], log.lines.at(-1)]).toEqual([
      { number: 2, text: 'line 1' },
      { number: 201, text: 'last' },
    ]);
    expect(log).toMatchObject({ state: 'following', container: 'main', request: 'GET /log' });
  });

  it('keeps its lines when it ends, and says why', () => {
    const log = applyPodLogEvent(applyPodLogEvent(EMPTY_POD_LOG, { type: 'lines', lines: ['x'] }), {
      type: 'end',
      because: 'too-long',
    });
    expect(log).toMatchObject({ state: 'ended', lines: [{ number: 1, text: 'x' }] });
    expect(log.because).toContain('ten minutes');
  });

  it('stays the same thing while it waits', () => {
    const waiting = applyPodLogEvent(EMPTY_POD_LOG, { type: 'waiting' });
    expect(applyPodLogEvent(waiting, { type: 'waiting' })).toBe(waiting);
  });
});

describe('the stream of a log', () => {
  it('ends with its last event', async () => {
    const end = { type: 'end', because: 'ended' };
    expect(await collect(`: open\n\n${data(START)}${data(end)}${data(START)}`)).toEqual([START, end]);
  });

  it('that is cut says so', async () => {
    expect((await collect(data(START))).at(-1)).toMatchObject({ type: 'error', code: 'lost' });
  });

  it('tells a refusal in the words of the dashboard', async () => {
    const body = JSON.stringify({ error: { code: 'unknown-pod', message: 'No pod has that uid.' } });
    expect(await collect(body, { status: 404 })).toEqual([
      { type: 'error', code: 'lost', message: 'No pod has that uid.' },
    ]);
  });

  it('with an event that cannot be read ends', async () => {
    expect((await collect(data({ type: 'other' }))).map(({ type }) => type)).toEqual(['error']);
  });
});
