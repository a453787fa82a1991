import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { applyPatch, type Operation } from 'rfc6902';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { derivePlacement } from '@/lib/domain/derive-placement';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import type { Status } from '@/lib/domain/status';
import { finish } from '@/lib/domain/steps';
import { buildCluster, NOW } from '@/lib/domain/testing/build-cluster';
import { MAX_UNSENT_BYTES } from './client-stream';
import { createHub, type Hub, type LiveState, MAX_STREAMS } from './hub';

function aState(detail = 'first'): LiveState {
  const status: Status = {
    mode: 'simulated',
    buildId: 'b1',
    sources: [{ id: 'cluster', state: 'live', mode: 'simulated', lastProofAt: null, detail }],
  };
  return {
    status,
    checklist: {
      mode: 'simulated',
      evaluatedAt: '2025-12-29T14:20:00.000Z',
      verdict: 'go',
      gates: [],
      flips: [],
      links: [],
      unauthenticated: [],
    },
    placement: derivePlacement({
      settings: DEFAULT_SETTINGS,
      cluster: buildCluster(),
      probes: [],
      activity: [],
      mode: 'simulated',
      now: NOW,
      previous: null,
      actions: { deletePod: false, needsToken: false },
    }),
  };
}

let hub: Hub;
beforeEach(() => {
  hub = createHub({
    buildId: 'b1',
    processId: 'p',
    initial: aState(),
    nowMs: () => 0,
    heartbeatMs: 3_600_000,
  });
});
afterEach(() => hub.shutdown());

/** Reads a stream to its end as events. */
async function readAll(body: ReadableStream<Uint8Array>): Promise<EventSourceMessage[]> {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  const decoder = new TextDecoder();
  for await (const bytes of body) parser.feed(decoder.decode(bytes, { stream: true }));
  return events;
}

function open(signal: AbortSignal = new AbortController().signal): ReadableStream<Uint8Array> {
  const body = hub.connect(signal);
  if (body === null) throw new Error('refused');
  return body;
}

describe('live hub', () => {
  it('greets, gives the whole state, then only differences', async () => {
    const body = open();
    finish(hub.publish(aState('second')));
    hub.shutdown();
    const events = await readAll(body);
    expect(events.map(({ event }) => event)).toEqual(['hello', 'snapshot', 'patch', 'restarting']);
    expect(JSON.parse(events[0]?.data ?? '')).toEqual({
      buildId: 'b1',
      mode: 'simulated',
      heartbeatMs: 3_600_000,
    });
    const { seq, ...state } = JSON.parse(events[1]?.data ?? '') as { seq: number } & LiveState;
    expect(seq).toBe(0);
    const patch = JSON.parse(events[2]?.data ?? '') as { seq: number; target: 'status'; ops: Operation[] };
    expect(patch).toMatchObject({ seq: 1, target: 'status' });
    applyPatch(state[patch.target], patch.ops);
    expect(state).toEqual(aState('second'));
    expect(events[2]?.id).toBe('p-1');
  });

  it('says nothing when nothing changed', async () => {
    const body = open();
    finish(hub.publish(aState()));
    finish(hub.publish(aState()));
    hub.shutdown();
    expect((await readAll(body)).map(({ event }) => event)).toEqual(['hello', 'snapshot', 'restarting']);
  });

  it('gives a reader that fell behind one fresh snapshot instead of a backlog', async () => {
    const body = open();
    const filler = 'x'.repeat(MAX_UNSENT_BYTES / 4);
    for (let index = 0; index < 50; index += 1) finish(hub.publish(aState(`${index} ${filler}`)));
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let text = '';
    let lastSnapshot = -1;
    while (lastSnapshot < 50) {
      const { value } = await reader.read();
      text += decoder.decode(value, { stream: true });
      for (const match of text.matchAll(/event: snapshot\ndata: \{"seq":(\d+)/g))
        lastSnapshot = Number(match[1]);
    }
    expect(text.length).toBeLessThan(4 * MAX_UNSENT_BYTES);
    expect(text).toContain('"detail":"49 ');
    await reader.cancel();
    expect(hub.streamCount()).toBe(0);
  });

  it('forgets a browser that went away, by abort or by cancel, once', async () => {
    const away = new AbortController();
    open(away.signal);
    const cancelled = open();
    expect(hub.streamCount()).toBe(2);
    away.abort();
    expect(hub.streamCount()).toBe(1);
    await cancelled.cancel();
    expect(hub.streamCount()).toBe(0);
  });

  it('gives one session 20 streams, and the others theirs', () => {
    const openAs = (session: string) => hub.connect(new AbortController().signal, session);
    for (let index = 0; index < 20; index += 1) expect(openAs('page a')).not.toBeNull();
    expect(openAs('page a')).toBeNull();
    expect(openAs('page b')).not.toBeNull();
  });

  it('refuses more streams than it can serve, and all after shutdown', () => {
    for (let index = 0; index < MAX_STREAMS; index += 1) open();
    expect(hub.connect(new AbortController().signal)).toBeNull();
    hub.shutdown();
    expect(hub.streamCount()).toBe(0);
    expect(hub.connect(new AbortController().signal)).toBeNull();
  });

  it('passes news on without changing the state', async () => {
    const body = open();
    hub.tell({ type: 'served-by', requestId: 'r1', pod: 'pod-a', method: 'counter' });
    hub.shutdown();
    const events = await readAll(body);
    expect(events[2]).toMatchObject({
      event: 'served-by',
      data: '{"requestId":"r1","pod":"pod-a","method":"counter"}',
    });
  });
});
