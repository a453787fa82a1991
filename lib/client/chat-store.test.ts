import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '@/lib/contracts/chat';
import type { ChatEvent } from '@/lib/domain/chat';
import { DEFAULT_PARAMETERS } from '@/lib/domain/chat-parameters';
import { CHAT_END as END } from '@/lib/domain/testing/build-chat';
import { createChatMemory } from './chat-memory';
import { type ChatStore, createChatStore, EMPTY_CHAT, type Question } from './chat-store';
import type { ChatStreamItem } from './chat-stream';
import { createManualTimers, type ManualTimers } from './testing/manual-timers';
import { aTabStorage } from './testing/tab-storage';

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

  lose(): void {
    this.#items.push({ type: 'lost', problem: { code: 'stream-cut', message: '', httpStatus: null } });
    this.#wake();
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

function aScene(storage = aTabStorage()): Scene {
  const timers = createManualTimers(1_000);
  let ids = 0;
  const streams: FakeStream[] = [];
  const store = createChatStore({
    openStream: (request, signal) => {
      const stream = new FakeStream(request, signal);
      streams.push(stream);
      return stream;
    },
    nowMs: timers.nowMs,
    isoTime: () => '2025-12-29T12:00:00.000Z',
    onNextFrame: (callback) => timers.setTimer(callback, FRAME_MS),
    after: (milliseconds, callback) => timers.setTimer(callback, milliseconds),
    makeId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    memory: createChatMemory(storage),
  });
  const stream = (index: number): FakeStream => {
    const found = streams[index];
    if (found === undefined) throw new Error(`no stream ${index}`);
    return found;
  };
  return { store, timers, streams, stream };
}

const FRAME_MS = 16;
const BOTH = [
  { lane: 'baseline', path: null },
  { lane: 'distributed', path: 'gateway' },
] as const;
const ALONE = [{ lane: 'baseline', path: null }] as const;

function ask(prompt: string, more: Partial<Question> = {}): Question {
  return { prompt, title: null, system: null, parameters: DEFAULT_PARAMETERS, ...more };
}

function delta(text: string, atMs: number): ChatEvent {
  return { type: 'text-delta', text, atMs };
}

describe('chat store', () => {
  it('starts a race at one instant with the same prompt, parameters and race id', () => {
    const { store, streams } = aScene();
    store.send(ask('Why?'), BOTH);
    const common = {
      messages: [{ role: 'user', content: 'Why?' }],
      temperature: 0,
      maxTokens: 512,
      raceId: 'id-2',
    };
    expect(streams.map(({ request }) => request)).toEqual([
      { arm: 'baseline', ...common },
      { arm: 'distributed', ...common, path: 'gateway' },
    ]);
    const { baseline, distributed } = store.getState();
    expect(baseline.turns[0]?.asked.questionId).toBe(distributed.turns[0]?.asked.questionId);
    expect([baseline.sentAtMs, distributed.sentAtMs]).toEqual([1_000, 1_000]);
  });

  it('asks one lane alone without a race id', () => {
    const { store, streams } = aScene();
    store.send(ask('Why?'), [{ lane: 'distributed', path: null }]);
    expect(streams.map(({ request }) => request.raceId)).toEqual([undefined]);
    expect(store.getState().baseline).toBe(EMPTY_CHAT.baseline);
  });

  it('gathers deltas into one change of the screen, each with its own arrival', async () => {
    const { store, timers, stream } = aScene();
    store.send(ask('Why?'), BOTH);
    let changes = 0;
    store.subscribe(() => {
      changes += 1;
    });
    await timers.advance(300);
    stream(0).push(delta('Be', 290));
    await timers.advance(10);
    stream(0).push(delta('cause', 300));
    await timers.advance(FRAME_MS);
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
    store.send(ask('Why?'), ALONE);
    stream(0).push(delta('Because', 290));
    stream(0).push(END);
    await timers.advance(100);
    expect(store.getState().baseline.sentAtMs).toBeNull();
    store.send(ask('And?'), ALONE);
    expect(stream(1).request.messages).toEqual([
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'Because' },
      { role: 'user', content: 'And?' },
    ]);
  });

  it('really stops: aborts both requests, keeps what came, and takes nothing more', async () => {
    const { store, timers, stream } = aScene();
    store.send(ask('Why?'), BOTH);
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
    store.send(ask('Why?'), BOTH);
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
    store.send(ask('Why?'), BOTH);
    store.send(ask('Or?'), ALONE);
    expect([stream(0).signal.aborted, stream(1).signal.aborted]).toEqual([true, false]);
    expect(store.getState().baseline.turns.map((turn) => turn.outcome.state)).toEqual([
      'stopped',
      'submitted',
    ]);
  });

  it('forgets both conversations', () => {
    const { store, stream } = aScene();
    store.send(ask('Why?'), BOTH);
    store.clear();
    expect(stream(0).signal.aborted).toBe(true);
    expect(store.getState()).toBe(EMPTY_CHAT);
  });

  it('sends system prompt, seed and fixed length where they are set, and keeps them with the turn', () => {
    const { store, stream } = aScene();
    const parameters = { ...DEFAULT_PARAMETERS, seed: 7, maxTokens: 64, isFixedLength: true };
    store.send(ask('Why?', { system: 'Be brief.', parameters }), ALONE);
    expect(stream(0).request).toEqual({
      arm: 'baseline',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Why?' },
      ],
      temperature: 0,
      maxTokens: 64,
      seed: 7,
      ignoreEos: true,
    });
    expect(store.getState().baseline.turns[0]?.asked).toEqual({
      questionId: 'id-1',
      title: null,
      system: 'Be brief.',
      coldLine: null,
      parameters,
      path: null,
      isWarm: null,
      messageCount: 2,
    });
  });

  it('starts each lane of a cold race with a line of its own, so that none warms the other', () => {
    const { store, streams } = aScene();
    store.send(ask('Why?', { parameters: { ...DEFAULT_PARAMETERS, isCold: true } }), [
      { lane: 'distributed', path: 'gateway' },
      { lane: 'distributed-2', path: 'route' },
    ]);
    expect(streams.map(({ request }) => [request.arm, request.path, request.messages[0]?.content])).toEqual([
      ['distributed', 'gateway', '[id-3]\nWhy?'],
      ['distributed', 'route', '[id-4]\nWhy?'],
    ]);
  });

  it('warms both lanes up before either question leaves, and counts from there', async () => {
    const { store, timers, streams, stream } = aScene();
    store.send(ask('Why?', { parameters: { ...DEFAULT_PARAMETERS, warmsUp: true } }), BOTH);
    expect(streams.map(({ request }) => [request.maxTokens, request.raceId])).toEqual([
      [1, undefined],
      [1, undefined],
    ]);
    expect(store.getState().baseline.turns[0]?.outcome).toEqual({ state: 'warming-up' });
    stream(0).push(END);
    await timers.advance(500);
    expect(streams).toHaveLength(2);
    stream(1).push({ type: 'error', code: 'reset', message: '', upstreamStatus: null, atMs: 9 });
    await timers.advance(100);
    expect(streams.slice(2).map(({ request }) => request.raceId)).toEqual(['id-2', 'id-2']);
    const { baseline, distributed } = store.getState();
    expect([baseline.sentAtMs, distributed.sentAtMs]).toEqual([1_500, 1_500]);
    expect(baseline.turns[0]).toMatchObject({ outcome: { state: 'submitted' }, text: '' });
    expect([baseline, distributed].map(({ turns }) => turns[0]?.asked.isWarm)).toEqual([true, false]);
  });

  it('starts without a lane’s warm-up when none comes: a stuck engine does not hold the other lane', async () => {
    const { store, timers, streams, stream } = aScene();
    store.send(ask('Why?', { parameters: { ...DEFAULT_PARAMETERS, warmsUp: true } }), BOTH);
    stream(0).push(END);
    await timers.advance(9_999);
    expect(streams).toHaveLength(2);
    await timers.advance(1);
    expect(stream(1).signal.aborted).toBe(true);
    expect(streams.slice(2).map(({ request }) => request.arm)).toEqual(['baseline', 'distributed']);
    expect(streams.slice(2).map(({ signal }) => signal.aborted)).toEqual([false, false]);
  });

  it('does not start what was stopped while it warmed up', async () => {
    const { store, timers, streams } = aScene();
    store.send(ask('Why?', { parameters: { ...DEFAULT_PARAMETERS, warmsUp: true } }), BOTH);
    expect(store.stop()).toBe(true);
    await timers.advance(100);
    expect(streams).toHaveLength(2);
    expect(store.getState().baseline.turns[0]?.outcome).toEqual({ state: 'stopped' });
  });

  it('puts an edited question in the place of the old one and of what followed', async () => {
    const { store, timers, stream } = aScene();
    store.send(ask('First?'), ALONE);
    stream(0).push(delta('One', 290));
    stream(0).push(END);
    await timers.advance(100);
    store.send(ask('Second?'), ALONE);
    store.send(ask('Third?'), ALONE);
    const second = store.getState().baseline.turns[1]?.asked.questionId ?? '';
    store.send(ask('Second, better?'), BOTH, second);
    const { baseline, distributed } = store.getState();
    expect(baseline.turns.map(({ prompt }) => prompt)).toEqual(['First?', 'Second, better?']);
    // The other lane never had it: there it is a question like any other.
    expect(distributed.turns.map(({ prompt }) => prompt)).toEqual(['Second, better?']);
    expect(stream(3).request.messages.map(({ content }) => content)).toEqual([
      'First?',
      'One',
      'Second, better?',
    ]);
  });

  it('takes a flood in over several frames, and all of it', async () => {
    const { store, timers, stream } = aScene();
    store.send(ask('Why?'), ALONE);
    for (let index = 0; index < 100; index += 1) stream(0).push(delta('x'.repeat(1_000), 290));
    stream(0).push(END);
    await timers.advance(FRAME_MS);
    expect(store.getState().baseline.turns[0]?.text).toHaveLength(1_000);
    await timers.advance(FRAME_MS * 120);
    const turn = store.getState().baseline.turns[0];
    expect([turn?.text.length, turn?.outcome.state, turn?.arrivalsMs.length]).toEqual([
      100_000,
      'ended',
      100,
    ]);
  });

  it('has heard what still waits for a frame: text that comes faster than it is drawn is no silence', async () => {
    const { store, timers, stream } = aScene();
    store.send(ask('Why?'), ALONE);
    stream(0).push(delta('x'.repeat(2_000), 290));
    await timers.advance(FRAME_MS - 1);
    stream(0).push(delta('x'.repeat(2_000), 300));
    await timers.advance(1);
    const turn = store.getState().baseline.turns[0];
    expect([turn?.text.length, turn?.browser.lastHeardMs]).toEqual([2_000, FRAME_MS - 1]);
  });

  it('comes back after a reload of the page, with what still ran as broken off', async () => {
    const storage = aTabStorage();
    const { store, timers, stream } = aScene(storage);
    store.send(ask('Why?'), BOTH);
    stream(0).push(delta('Because', 290));
    stream(0).push(END);
    stream(1).push(delta('Be', 300));
    await timers.advance(100);
    store.saveNow();
    // The browser cuts the stream of a page that goes, before it goes.
    stream(1).lose();
    await timers.advance(100);
    const { baseline, distributed } = aScene(storage).store.getState();
    expect(baseline).toEqual(store.getState().baseline);
    expect(distributed.turns[0]).toMatchObject({
      text: 'Be',
      outcome: { state: 'lost', problem: { code: 'page-left' } },
    });
    expect(distributed.sentAtMs).toBeNull();
  });

  it.each([
    ['nothing', null],
    ['no JSON', '{'],
    ['another shape', '{"baseline":[{"prompt":1}]}'],
    ['a trap', '{"__proto__":{"turns":[]},"baseline":"x"}'],
  ])('starts empty where the tab remembers %s', (_, text) => {
    const storage = aTabStorage();
    if (text !== null) storage.setItem('chat-1', text);
    expect(aScene(storage).store.getState()).toEqual(EMPTY_CHAT);
  });

  it('forgets what a full storage cannot keep, rather than bring half of it back', () => {
    const storage = aTabStorage();
    const full = {
      ...storage,
      setItem: () => {
        throw new Error('QuotaExceededError');
      },
    };
    storage.setItem('chat-1', 'old');
    const { store } = aScene(full);
    store.send(ask('Why?'), ALONE);
    store.stop();
    expect(storage.getItem('chat-1')).toBeNull();
  });

  it('keeps the last 40 turns', () => {
    const { store } = aScene();
    for (let turn = 0; turn < 45; turn += 1) store.send(ask(`${turn}`), ALONE);
    const prompts = store.getState().baseline.turns.map((turn) => turn.prompt);
    expect([prompts.length, prompts[0], prompts.at(-1)]).toEqual([40, '5', '44']);
  });
});
