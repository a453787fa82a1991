import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '@/lib/contracts/chat';
import type { ChatEvent } from '@/lib/domain/chat';
import { type ChatStore, createChatStore, EMPTY_CHAT } from './chat-store';
import type { ChatStreamItem } from './chat-stream';
import { createManualTimers, type ManualTimers } from './testing/manual-timers';

const END: ChatEvent = {
  type: 'end',
  finishReason: 'stop',
  ttftMs: 310,
  meanItlMs: 54,
  tokensPerSecond: 18.5,
  e2eMs: 1_400,
  promptTokens: 40,
  completionTokens: 21,
  cachedPromptTokens: 16,
  schedulerSeen: true,
  servedBy: null,
  relay: null,
  attempts: 1,
};

/** A stream the test feeds by hand. */
class FakeStream {
  #items: ChatStreamItem[] = [];
  #wake = (): void => {};
  readonly request: ChatRequest;
  readonly signal: AbortSignal;

  constructor(request: ChatRequest, signal: AbortSignal) {
    this.request = request;
    this.signal = signal;
    signal.addEventListener('abort', () => this.#wake());
  }

  push(event: ChatEvent): void {
    this.#items.push({ type: 'event', event });
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ChatStreamItem> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
        if (item.type === 'event' && (item.event.type === 'end' || item.event.type === 'error')) return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        if (this.signal.aborted) return;
      }
    }
  }
}

interface Scene {
  store: ChatStore;
  timers: ManualTimers;
  streams: FakeStream[];
  stream(index: number): FakeStream;
}

function aScene(): Scene {
  const timers = createManualTimers(1_000);
  const streams: FakeStream[] = [];
  const store = createChatStore({
    openStream: (request, signal) => {
      const stream = new FakeStream(request, signal);
      streams.push(stream);
      return stream;
    },
    nowMs: timers.nowMs,
    isoTime: () => '2025-12-29T12:00:00.000Z',
    setTimer: timers.setTimer,
    makeId: () => 'race-0001',
  });
  const stream = (index: number): FakeStream => {
    const found = streams[index];
    if (found === undefined) throw new Error(`no stream ${index}`);
    return found;
  };
  return { store, timers, streams, stream };
}

const BOTH = [
  { arm: 'baseline', path: null },
  { arm: 'distributed', path: 'gateway' },
] as const;

function delta(text: string, atMs: number): ChatEvent {
  return { type: 'text-delta', text, atMs };
}

describe('chat store', () => {
  it('starts a race at one instant with the same prompt, parameters and race id', () => {
    const { store, streams } = aScene();
    store.send('Why?', BOTH);
    const common = {
      messages: [{ role: 'user', content: 'Why?' }],
      temperature: 0,
      maxTokens: 512,
      raceId: 'race-0001',
    };
    expect(streams.map(({ request }) => request)).toEqual([
      { arm: 'baseline', ...common },
      { arm: 'distributed', ...common, path: 'gateway' },
    ]);
    const { baseline, distributed } = store.getState();
    expect(baseline).toEqual(distributed);
    expect(baseline.sentAtMs).toBe(1_000);
  });

  it('asks one lane alone without a race id', () => {
    const { store, streams } = aScene();
    store.send('Why?', [{ arm: 'distributed', path: null }]);
    expect(streams.map(({ request }) => request.raceId)).toEqual([undefined]);
    expect(store.getState().baseline).toBe(EMPTY_CHAT.baseline);
  });

  it('gathers deltas into one change of the screen, each with its own arrival', async () => {
    const { store, timers, stream } = aScene();
    store.send('Why?', BOTH);
    let changes = 0;
    store.subscribe(() => {
      changes += 1;
    });
    await timers.advance(300);
    stream(0).push(delta('Be', 290));
    await timers.advance(10);
    stream(0).push(delta('cause', 300));
    await timers.advance(40);
    const turn = store.getState().baseline.turns[0];
    expect(changes).toBe(1);
    expect([turn?.text, turn?.browser.firstTokenMs, turn?.browser.lastTokenMs]).toEqual([
      'Because',
      300,
      310,
    ]);
  });

  it('sends the conversation along with the next prompt', async () => {
    const { store, timers, stream } = aScene();
    store.send('Why?', [{ arm: 'baseline', path: null }]);
    stream(0).push(delta('Because', 290));
    stream(0).push(END);
    await timers.advance(100);
    expect(store.getState().baseline.sentAtMs).toBeNull();
    store.send('And?', [{ arm: 'baseline', path: null }]);
    expect(stream(1).request.messages).toEqual([
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'Because' },
      { role: 'user', content: 'And?' },
    ]);
  });

  it('really stops: aborts both requests, keeps what came, and takes nothing more', async () => {
    const { store, timers, stream } = aScene();
    store.send('Why?', BOTH);
    stream(0).push(delta('Be', 290));
    await timers.advance(10);
    expect(store.stop()).toBe(true);
    expect([stream(0).signal.aborted, stream(1).signal.aborted]).toEqual([true, true]);
    const { baseline, distributed } = store.getState();
    expect([baseline.turns[0]?.text, baseline.turns[0]?.outcome, baseline.sentAtMs]).toEqual([
      'Be',
      { state: 'stopped' },
      null,
    ]);
    expect(distributed.turns[0]?.outcome).toEqual({ state: 'stopped' });
    stream(0).push(delta('late', 400));
    await timers.advance(100);
    expect(store.getState().baseline).toBe(baseline);
    expect(store.stop()).toBe(false);
  });

  it('lets one lane run on when the other fails', async () => {
    const { store, timers, stream } = aScene();
    store.send('Why?', BOTH);
    stream(0).push({ type: 'error', code: 'timeout', message: 'x', upstreamStatus: null, atMs: 9 });
    stream(1).push(delta('Because', 300));
    await timers.advance(100);
    const { baseline, distributed } = store.getState();
    expect([baseline.turns[0]?.outcome.state, distributed.turns[0]?.outcome.state]).toEqual([
      'failed',
      'streaming',
    ]);
  });

  it('stops the lane that still answers when it is asked again', () => {
    const { store, stream } = aScene();
    store.send('Why?', BOTH);
    store.send('Or?', [{ arm: 'baseline', path: null }]);
    expect([stream(0).signal.aborted, stream(1).signal.aborted]).toEqual([true, false]);
    expect(store.getState().baseline.turns.map((turn) => turn.outcome.state)).toEqual([
      'stopped',
      'submitted',
    ]);
  });

  it('forgets both conversations', () => {
    const { store, stream } = aScene();
    store.send('Why?', BOTH);
    store.clear();
    expect(stream(0).signal.aborted).toBe(true);
    expect(store.getState()).toBe(EMPTY_CHAT);
  });

  it('keeps the last 40 turns', () => {
    const { store } = aScene();
    for (let turn = 0; turn < 45; turn += 1) store.send(`${turn}`, [{ arm: 'baseline', path: null }]);
    const prompts = store.getState().baseline.turns.map((turn) => turn.prompt);
    expect([prompts.length, prompts[0], prompts.at(-1)]).toEqual([40, '5', '44']);
  });
});
