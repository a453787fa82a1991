import type { ChatRequest } from '@/lib/contracts/chat';
import {
  aNewTurn,
  applyChatEvent,
  applyPing,
  type ChatTurn,
  isRunning,
  loseTurn,
  stopTurn,
  toMessages,
} from '@/lib/domain/chat-model';
import { ARMS, type Arm, type ChatPath } from '@/lib/domain/vocabulary';
import { type ChatStreamItem, openChatStream } from './chat-stream';
import { randomId } from './random';

/** Deltas are gathered this long before the screen draws: at 200 tokens/s two lanes still cost 25 renders a second. */
const FLUSH_MS = 40;
/** Turns kept per lane; older ones leave the screen and the history sent along. */
const MAX_TURNS = 40;

/** The same for every lane and every prompt, so that a race is one. */
export const CHAT_PARAMETERS = { temperature: 0, maxTokens: 512 } as const;

export interface ChatLane {
  turns: readonly ChatTurn[];
  /** The browser's monotonic clock when the running turn was sent; `null` when none runs. */
  sentAtMs: number | null;
}

export type ChatState = Readonly<Record<Arm, ChatLane>>;

export interface ChatStore {
  getState(): ChatState;
  subscribe(listener: () => void): () => void;
  /** Asks the given lanes at one instant; two lanes make a race. Lanes that still answer are stopped first. */
  send(prompt: string, paths: readonly { arm: Arm; path: ChatPath | null }[]): void;
  /** Aborts the running answers, upstream included. Says whether any was running. */
  stop(): boolean;
  /** Forgets the conversation of both lanes. */
  clear(): void;
}

export interface ChatStoreOptions {
  openStream(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatStreamItem>;
  /** Monotonic, for durations. */
  nowMs(): number;
  /** The time of day, ISO 8601. */
  isoTime(): string;
  setTimer(callback: () => void, delayMs: number): () => void;
  makeId(): string;
}

const EMPTY_LANE: ChatLane = { turns: [], sentAtMs: null };
export const EMPTY_CHAT: ChatState = { baseline: EMPTY_LANE, distributed: EMPTY_LANE };

function changeLast(turns: readonly ChatTurn[], change: (turn: ChatTurn) => ChatTurn): readonly ChatTurn[] {
  const last = turns.at(-1);
  return last === undefined ? turns : [...turns.slice(0, -1), change(last)];
}

function applyItem(turn: ChatTurn, item: ChatStreamItem, elapsedMs: number): ChatTurn {
  switch (item.type) {
    case 'event':
      return applyChatEvent(turn, item.event, elapsedMs);
    case 'ping':
      return applyPing(turn, elapsedMs);
    case 'lost':
      return loseTurn(turn, item.problem);
    default:
      return item satisfies never;
  }
}

/** Conversations of both lanes. They live outside the screens: an answer runs on while the presenter looks elsewhere. */
export function createChatStore(options: ChatStoreOptions): ChatStore {
  const listeners = new Set<() => void>();
  const running = new Map<Arm, AbortController>();
  let state = EMPTY_CHAT;
  let pending: { arm: Arm; item: ChatStreamItem; elapsedMs: number }[] = [];
  let cancelFlush: (() => void) | null = null;

  const publish = (next: ChatState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const changeLane = (from: ChatState, arm: Arm, turns: readonly ChatTurn[]): ChatState => {
    const last = turns.at(-1);
    const sentAtMs = last !== undefined && isRunning(last) ? from[arm].sentAtMs : null;
    return { ...from, [arm]: { turns, sentAtMs } };
  };

  const flush = (): void => {
    cancelFlush?.();
    cancelFlush = null;
    const items = pending;
    pending = [];
    if (items.length === 0) return;
    publish(
      items.reduce(
        (next, { arm, item, elapsedMs }) =>
          changeLane(
            next,
            arm,
            changeLast(next[arm].turns, (turn) => applyItem(turn, item, elapsedMs)),
          ),
        state,
      ),
    );
  };

  const follow = async (
    arm: Arm,
    request: ChatRequest,
    aborting: AbortController,
    sentAtMs: number,
  ): Promise<void> => {
    for await (const item of options.openStream(request, aborting.signal)) {
      if (aborting.signal.aborted) break;
      pending.push({ arm, item, elapsedMs: options.nowMs() - sentAtMs });
      cancelFlush ??= options.setTimer(flush, FLUSH_MS);
    }
    if (running.get(arm) === aborting) running.delete(arm);
  };

  const stopLanes = (arms: readonly Arm[]): boolean => {
    const stopped = arms.filter((arm) => running.has(arm));
    flush();
    for (const arm of stopped) {
      running.get(arm)?.abort();
      running.delete(arm);
    }
    if (stopped.length > 0) {
      publish(
        stopped.reduce((next, arm) => changeLane(next, arm, changeLast(next[arm].turns, stopTurn)), state),
      );
    }
    return stopped.length > 0;
  };

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send(prompt, paths) {
      stopLanes(paths.map(({ arm }) => arm));
      const sentAtMs = options.nowMs();
      const askedAt = options.isoTime();
      const race = paths.length > 1 ? { raceId: options.makeId() } : {};
      const requests = paths.map(({ arm, path }): ChatRequest => {
        const messages = toMessages(state[arm].turns, prompt);
        return { arm, messages, ...CHAT_PARAMETERS, ...race, ...(path === null ? {} : { path }) };
      });
      const next: Record<Arm, ChatLane> = { ...state };
      for (const { arm } of paths) {
        next[arm] = { turns: [...state[arm].turns, aNewTurn(prompt, askedAt)].slice(-MAX_TURNS), sentAtMs };
      }
      publish(next);
      for (const [index, { arm }] of paths.entries()) {
        const request = requests[index];
        if (request === undefined) continue;
        const aborting = new AbortController();
        running.set(arm, aborting);
        void follow(arm, request, aborting, sentAtMs);
      }
    },
    stop: () => stopLanes(ARMS),
    clear() {
      stopLanes(ARMS);
      publish(EMPTY_CHAT);
    },
  };
}

/** The page's one chat store. */
export const chatStore: ChatStore = createChatStore({
  openStream: openChatStream,
  nowMs: () => performance.now(),
  isoTime: () => new Date().toISOString(),
  setTimer: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  makeId: randomId,
});
