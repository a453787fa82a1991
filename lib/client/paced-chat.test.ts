import { describe, expect, it } from 'vitest';
import { aNewTurn, applyChatEvent, type ChatTurn } from '@/lib/domain/chat-model';
import { CHAT_END, CHAT_START, NOON } from '@/lib/domain/testing/build-chat';
import { type ChatState, EMPTY_CHAT } from './chat-store';
import { type PacedChat, paceChat } from './paced-chat';
import { createManualTimers, type ManualTimers } from './testing/manual-timers';

interface Scene {
  paced: PacedChat;
  timers: ManualTimers;
  /** What the listeners of the paced state were told: the text of the baseline's latest turn and its state. */
  told: string[];
  put(turn: ChatTurn): void;
}

function aScene(): Scene {
  const timers = createManualTimers(1_000);
  const listeners = new Set<() => void>();
  let state: ChatState = EMPTY_CHAT;
  const store: PacedChat = {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const paced = paceChat(store, timers);
  const told: string[] = [];
  paced.subscribe(() => {
    const turn = paced.getState().baseline.turns.at(-1);
    told.push(`${turn?.text} ${turn?.outcome.state}`);
  });
  return {
    paced,
    timers,
    told,
    put: (turn) => {
      state = { ...state, baseline: { turns: [turn], sentAtMs: 0 } };
      for (const listener of listeners) listener();
    },
  };
}

const ASKED = aNewTurn('Why?', NOON);
const STARTED = applyChatEvent(ASKED, CHAT_START, 30);

function grown(turn: ChatTurn, text: string): ChatTurn {
  return applyChatEvent(turn, { type: 'text-delta', text, atMs: 300 }, 310);
}

describe('paced chat', () => {
  it('tells at once of a question, its start, its first token and its end', async () => {
    const { told, put, timers } = aScene();
    put(ASKED);
    put(STARTED);
    put(grown(STARTED, 'a'));
    put(applyChatEvent(grown(STARTED, 'ab'), CHAT_END, 400));
    expect(told).toEqual([' submitted', ' submitted', 'a streaming', 'ab ended']);
    await timers.advance(1_000);
    expect(told).toHaveLength(4);
  });

  it('passes growth on ten times a second', async () => {
    const { told, put, timers } = aScene();
    put(grown(STARTED, 'a'));
    for (let frame = 1; frame <= 20; frame += 1) {
      await timers.advance(16);
      put(grown(STARTED, 'a'.repeat(frame + 1)));
    }
    expect(told).toEqual(['a streaming', `${'a'.repeat(8)} streaming`, `${'a'.repeat(15)} streaming`]);
  });

  it('lets no growth be lost when nothing follows it', async () => {
    const { paced, told, put, timers } = aScene();
    put(grown(STARTED, 'a'));
    await timers.advance(16);
    put(grown(STARTED, 'ab'));
    expect(paced.getState().baseline.turns[0]?.text).toBe('a');
    await timers.advance(100);
    expect(paced.getState().baseline.turns[0]?.text).toBe('ab');
    expect(told).toEqual(['a streaming', 'ab streaming']);
  });
});
