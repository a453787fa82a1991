import type { ChatRequest } from '@/lib/contracts/chat';
import type { LaneId } from '@/lib/domain/chat-lanes';
import { armOfLane, LANE_IDS } from '@/lib/domain/chat-lanes';
import {
  aNewTurn,
  applyPing,
  type ChatTurn,
  isRunning,
  stopTurn,
  submitTurn,
  toMessages,
} from '@/lib/domain/chat-model';
import type { ChatParameters } from '@/lib/domain/chat-parameters';
import type { ChatPath } from '@/lib/domain/vocabulary';
import { type ChatMemory, createChatMemory, NO_MEMORY } from './chat-memory';
import { type ChatStreamItem, openChatStream } from './chat-stream';
import { onNextFrame } from './next-frame';
import { applyItems, countWithin, type PendingItem } from './pending-items';
import { randomId } from './random';

/** Turns kept per lane; older ones leave the screen and the history sent along. */
const MAX_TURNS = 40;
/** Text taken in per frame: at 60 frames a second far above any engine, and never so much that a frame is late (F59). */
const MAX_CHARACTERS_PER_FRAME = 1_000;

/** A page that is left loses its streams before it goes; what they then look like is not what comes back. */
const LEAVING_MS = 5_000;

/** What an engine is asked before the start when it shall be warm; it has nothing in common with a prompt. */
const WARM_UP_PROMPT = 'Warm-up before a measurement: answer "ok".';
/** A lane that does not warm up in this time starts cold: the other one does not wait for it. */
const WARM_UP_PATIENCE_MS = 10_000;

export interface ChatLane {
  turns: readonly ChatTurn[];
  /** The browser's monotonic clock when the running turn was sent; `null` when none runs. */
  sentAtMs: number | null;
}

export type ChatState = Readonly<Record<LaneId, ChatLane>>;

export interface Question {
  prompt: string;
  /** Stands for the words where they are too long to show. */
  title: string | null;
  system: string | null;
  parameters: ChatParameters;
}

export interface ChatStore {
  getState(): ChatState;
  subscribe(listener: () => void): () => void;
  /**
   * Asks the given lanes at one instant; two lanes make a race. Lanes that still answer are stopped first. `replaces`: the
   * question (and whatever came after it) that this one takes the place of.
   */
  send(
    question: Question,
    lanes: readonly { lane: LaneId; path: ChatPath | null }[],
    replaces?: string | null,
  ): void;
  /** Aborts the running answers, upstream included. Says whether any was running. */
  stop(): boolean;
  /** Forgets the conversations of all lanes. */
  clear(): void;
  /** The page is being left: keeps everything as it is now, for the one that comes after it. */
  saveNow(): void;
}

export interface ChatStoreOptions {
  openStream(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatStreamItem>;
  /** Monotonic, for durations. */
  nowMs(): number;
  /** The time of day, ISO 8601. */
  isoTime(): string;
  onNextFrame(callback: () => void): () => void;
  /** Calls back after a time. Returns the way to cancel it. */
  after(milliseconds: number, callback: () => void): () => void;
  makeId(): string;
  memory: ChatMemory;
}

const EMPTY_LANE: ChatLane = { turns: [], sentAtMs: null };
export const EMPTY_CHAT: ChatState = {
  baseline: EMPTY_LANE,
  distributed: EMPTY_LANE,
  'distributed-2': EMPTY_LANE,
};

interface Entrant {
  lane: LaneId;
  path: ChatPath | null;
  request: ChatRequest;
  aborting: AbortController;
}

function changeLast(turns: readonly ChatTurn[], change: (turn: ChatTurn) => ChatTurn): readonly ChatTurn[] {
  const last = turns.at(-1);
  return last === undefined ? turns : [...turns.slice(0, -1), change(last)];
}

/** Conversations of all lanes. They live outside the screens: an answer runs on while the presenter looks elsewhere. */
export function createChatStore(options: ChatStoreOptions): ChatStore {
  const listeners = new Set<() => void>();
  const running = new Map<LaneId, AbortController>();
  let state: ChatState = { ...EMPTY_CHAT, ...restoredLanes(options.memory) };
  let pending: PendingItem[] = [];
  let cancelFlush: (() => void) | null = null;
  let leavingUntilMs = Number.NEGATIVE_INFINITY;

  const publish = (next: ChatState): void => {
    const wasRunning = LANE_IDS.some((lane) => state[lane].sentAtMs !== null);
    state = next;
    for (const listener of listeners) listener();
    const isQuiet = LANE_IDS.every((lane) => state[lane].sentAtMs === null);
    if (wasRunning && isQuiet) remember();
  };
  const remember = (): void => {
    if (options.nowMs() < leavingUntilMs) return;
    options.memory.write(Object.fromEntries(LANE_IDS.map((lane) => [lane, state[lane].turns])));
  };
  const changeLane = (
    from: ChatState,
    lane: LaneId,
    change: (turn: ChatTurn) => ChatTurn,
    sentAtMs = from[lane].sentAtMs,
  ): ChatState => {
    const turns = changeLast(from[lane].turns, change);
    const last = turns.at(-1);
    return { ...from, [lane]: { turns, sentAtMs: last !== undefined && isRunning(last) ? sentAtMs : null } };
  };

  const flush = (characters: number): void => {
    cancelFlush?.();
    cancelFlush = null;
    const count = countWithin(pending, characters);
    const items = pending.slice(0, count);
    pending = pending.slice(count);
    if (items.length === 0) return;
    if (pending.length > 0) cancelFlush = options.onNextFrame(flushFrame);
    publish(
      LANE_IDS.reduce((next, lane) => {
        const own = items.filter((item) => item.lane === lane);
        // What waits for the next frame was heard already.
        const heard = pending.findLast((item) => item.lane === lane)?.elapsedMs ?? null;
        if (own.length === 0 && heard === null) return next;
        return changeLane(next, lane, (turn) => {
          const taken = applyItems(turn, own);
          return heard === null ? taken : applyPing(taken, heard);
        });
      }, state),
    );
  };
  const flushFrame = (): void => flush(MAX_CHARACTERS_PER_FRAME);

  const follow = async ({ lane, request, aborting }: Entrant, sentAtMs: number): Promise<void> => {
    for await (const item of options.openStream(request, aborting.signal)) {
      if (aborting.signal.aborted) break;
      pending.push({ lane, item, elapsedMs: options.nowMs() - sentAtMs });
      cancelFlush ??= options.onNextFrame(flushFrame);
    }
    if (running.get(lane) === aborting) running.delete(lane);
  };

  /** One token of each lane, unmeasured; says which lanes answered. A failure here is none: the question itself will show it. */
  const warmUp = async (entrants: readonly Entrant[]): Promise<ReadonlySet<LaneId>> => {
    const warm = new Set<LaneId>();
    await Promise.all(
      entrants.map(async ({ lane, request, aborting }) => {
        const messages = [{ role: 'user' as const, content: WARM_UP_PROMPT }];
        const { arm, path } = request;
        const small = {
          arm,
          messages,
          maxTokens: 1,
          temperature: 0,
          ...(path === undefined ? {} : { path }),
        };
        const ending = new AbortController();
        const end = (): void => ending.abort();
        const cancel = options.after(WARM_UP_PATIENCE_MS, end);
        aborting.signal.addEventListener('abort', end, { once: true });
        for await (const item of options.openStream(small, ending.signal)) {
          if (ending.signal.aborted) break;
          if (item.type === 'event' && item.event.type === 'end') warm.add(lane);
        }
        cancel();
        aborting.signal.removeEventListener('abort', end);
      }),
    );
    return warm;
  };

  const start = (entrants: readonly Entrant[], warm: ReadonlySet<LaneId>): void => {
    const starting = entrants.filter(({ aborting }) => !aborting.signal.aborted);
    const sentAtMs = options.nowMs();
    const submit = (from: ChatState, { lane }: Entrant): ChatState =>
      changeLane(from, lane, (turn) => submitTurn(turn, warm.has(lane)), sentAtMs);
    publish(starting.reduce(submit, state));
    for (const entrant of starting) void follow(entrant, sentAtMs);
  };

  const stopLanes = (lanes: readonly LaneId[]): boolean => {
    const stopped = lanes.filter((lane) => running.has(lane));
    flush(Number.POSITIVE_INFINITY);
    for (const lane of stopped) {
      running.get(lane)?.abort();
      running.delete(lane);
    }
    if (stopped.length > 0) publish(stopped.reduce((next, lane) => changeLane(next, lane, stopTurn), state));
    return stopped.length > 0;
  };

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send({ prompt, title, system, parameters }, lanes, replaces = null) {
      stopLanes(lanes.map(({ lane }) => lane));
      const askedAt = options.isoTime();
      const nowMs = options.nowMs();
      const questionId = options.makeId();
      const race = lanes.length > 1 ? { raceId: options.makeId() } : {};
      const next: Record<LaneId, ChatLane> = { ...state };
      const entrants = lanes.map(({ lane, path }): Entrant => {
        const index = state[lane].turns.findIndex((turn) => turn.asked.questionId === replaces);
        const before = index === -1 ? state[lane].turns : state[lane].turns.slice(0, index);
        // Each lane its own line: two lanes may reach the same pods, and must not warm each other.
        const coldLine = parameters.isCold ? `[${options.makeId()}]` : null;
        const asked = { questionId, title, system, coldLine, parameters, path };
        const messages = toMessages(before, prompt, asked);
        const turn = aNewTurn(prompt, askedAt, { ...asked, messageCount: messages.length });
        next[lane] = { turns: [...before, turn].slice(-MAX_TURNS), sentAtMs: nowMs };
        const request: ChatRequest = {
          arm: armOfLane(lane),
          messages,
          temperature: parameters.temperature,
          maxTokens: parameters.maxTokens,
          ...(parameters.seed === null ? {} : { seed: parameters.seed }),
          ...(parameters.isFixedLength ? { ignoreEos: true } : {}),
          ...race,
          ...(path === null ? {} : { path }),
        };
        const aborting = new AbortController();
        running.set(lane, aborting);
        return { lane, path, request, aborting };
      });
      publish(next);
      if (parameters.warmsUp) void warmUp(entrants).then((warm) => start(entrants, warm));
      else for (const entrant of entrants) void follow(entrant, nowMs);
    },
    stop: () => stopLanes(LANE_IDS),
    clear() {
      stopLanes(LANE_IDS);
      publish(EMPTY_CHAT);
      remember();
    },
    saveNow() {
      flush(Number.POSITIVE_INFINITY);
      remember();
      leavingUntilMs = options.nowMs() + LEAVING_MS;
    },
  };
}

function restoredLanes(memory: ChatMemory): Partial<Record<LaneId, ChatLane>> {
  const lanes = memory.read();
  return Object.fromEntries(
    LANE_IDS.flatMap((lane) => {
      const turns = lanes[lane];
      return turns === undefined ? [] : [[lane, { turns, sentAtMs: null }]];
    }),
  );
}

/** The page's one chat store. */
export const chatStore: ChatStore = createChatStore({
  openStream: openChatStream,
  nowMs: () => performance.now(),
  isoTime: () => new Date().toISOString(),
  onNextFrame,
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
  makeId: randomId,
  memory: typeof sessionStorage === 'undefined' ? NO_MEMORY : createChatMemory(sessionStorage),
});

if (typeof window !== 'undefined') {
  for (const leaving of ['beforeunload', 'pagehide'])
    window.addEventListener(leaving, () => chatStore.saveNow());
}
