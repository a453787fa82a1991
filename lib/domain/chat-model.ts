import type { ChatEnd, ChatError, ChatEvent, ChatMessage, ChatStart, Measured } from './chat';

/** Bounds of what one answer may hold in the browser; beyond them the text is cut and said to be cut. */
export const MAX_ANSWER_CHARACTERS = 400_000;
export const MAX_ARRIVALS = 8_192;

/** Why a stream stopped without the server's own last word; made by the browser. */
export interface LostStream {
  code: 'refused' | 'unreachable' | 'stream-cut' | 'unreadable-event';
  message: string;
  httpStatus: number | null;
}

export type TurnOutcome =
  | { state: 'submitted' }
  | { state: 'streaming' }
  | { state: 'ended'; end: ChatEnd }
  /** Stopped by the person; the upstream request was aborted. */
  | { state: 'stopped' }
  | { state: 'failed'; error: ChatError }
  | { state: 'lost'; problem: LostStream };

/** One question and its answer in one lane. Times in milliseconds; `…AtMs` of events are the server's, see `Measured`. */
export interface ChatTurn {
  prompt: string;
  /** When it was asked, ISO 8601, on the browser's clock. */
  askedAt: string;
  outcome: TurnOutcome;
  start: ChatStart | null;
  retry: { reason: string; atMs: number } | null;
  text: string;
  reasoning: string;
  isCut: boolean;
  /** Arrival of each delta at the server, for the tick timeline. */
  arrivalsMs: readonly number[];
  /** The browser's own view, since its request was sent: network and this page included. */
  browser: {
    firstTokenMs: number | null;
    lastTokenMs: number | null;
    /** Last sign of life of the relay, pings included. */
    lastHeardMs: number | null;
  };
}

export function aNewTurn(prompt: string, askedAt: string): ChatTurn {
  return {
    prompt,
    askedAt,
    outcome: { state: 'submitted' },
    start: null,
    retry: null,
    text: '',
    reasoning: '',
    isCut: false,
    arrivalsMs: [],
    browser: { firstTokenMs: null, lastTokenMs: null, lastHeardMs: null },
  };
}

export function isRunning(turn: ChatTurn): boolean {
  return turn.outcome.state === 'submitted' || turn.outcome.state === 'streaming';
}

function appendBounded(text: string, addition: string): string {
  return (text + addition).slice(0, MAX_ANSWER_CHARACTERS);
}

function applyDelta(
  turn: ChatTurn,
  kind: 'text' | 'reasoning',
  text: string,
  atMs: number,
  elapsedMs: number,
): ChatTurn {
  const isFull = turn[kind].length + text.length > MAX_ANSWER_CHARACTERS;
  const hasContent = text !== '';
  return {
    ...turn,
    outcome: { state: 'streaming' },
    [kind]: appendBounded(turn[kind], text),
    isCut: turn.isCut || isFull,
    arrivalsMs: turn.arrivalsMs.length < MAX_ARRIVALS ? [...turn.arrivalsMs, atMs] : turn.arrivalsMs,
    browser: {
      firstTokenMs: turn.browser.firstTokenMs ?? (hasContent ? elapsedMs : null),
      lastTokenMs: hasContent ? elapsedMs : turn.browser.lastTokenMs,
      lastHeardMs: elapsedMs,
    },
  };
}

/**
 * The turn after one event of its stream. `elapsedMs`: the browser's monotonic clock since the request was sent. Events
 * after the end (a late chunk of a stopped answer) change nothing.
 */
export function applyChatEvent(turn: ChatTurn, event: ChatEvent, elapsedMs: number): ChatTurn {
  if (!isRunning(turn)) return turn;
  const heard: ChatTurn = { ...turn, browser: { ...turn.browser, lastHeardMs: elapsedMs } };
  switch (event.type) {
    case 'start':
      return { ...heard, start: event };
    case 'retry':
      return { ...heard, retry: { reason: event.reason, atMs: event.atMs } };
    case 'text-delta':
      return applyDelta(turn, 'text', event.text, event.atMs, elapsedMs);
    case 'reasoning-delta':
      return applyDelta(turn, 'reasoning', event.text, event.atMs, elapsedMs);
    case 'end':
      return { ...heard, outcome: { state: 'ended', end: event } };
    case 'error':
      return { ...heard, outcome: { state: 'failed', error: event } };
    default:
      return event satisfies never;
  }
}

/** A ping of the relay: nothing new from the model, but the way to it stands. */
export function applyPing(turn: ChatTurn, elapsedMs: number): ChatTurn {
  return isRunning(turn) ? { ...turn, browser: { ...turn.browser, lastHeardMs: elapsedMs } } : turn;
}

export function stopTurn(turn: ChatTurn): ChatTurn {
  return isRunning(turn) ? { ...turn, outcome: { state: 'stopped' } } : turn;
}

export function loseTurn(turn: ChatTurn, problem: LostStream): ChatTurn {
  return isRunning(turn) ? { ...turn, outcome: { state: 'lost', problem } } : turn;
}

/** The conversation so far as messages: questions without any answer are left out, stopped answers count as far as they came. */
export function toMessages(turns: readonly ChatTurn[], prompt: string): ChatMessage[] {
  const history = turns
    .filter((turn) => turn.text !== '' && !isRunning(turn))
    .flatMap((turn): ChatMessage[] => [
      { role: 'user', content: turn.prompt },
      { role: 'assistant', content: turn.text },
    ]);
  return [...history, { role: 'user', content: prompt }];
}

/** What the server measured, whether the answer ended or broke off; `null` while it runs and when nothing was measured. */
export function toMeasured(turn: ChatTurn): Partial<Measured> | null {
  switch (turn.outcome.state) {
    case 'ended':
      return turn.outcome.end;
    case 'failed':
      return turn.outcome.error;
    case 'submitted':
    case 'streaming':
    case 'stopped':
    case 'lost':
      return null;
    default:
      return turn.outcome satisfies never;
  }
}

/** Server-side time of the first token: measured at the end, and before that the first arrival. */
export function firstTokenMs(turn: ChatTurn): number | null {
  return toMeasured(turn)?.ttftMs ?? turn.arrivalsMs[0] ?? null;
}

/** No token for this long while the answer runs: the lane says so. */
const STALL_MS = 10_000;

/** How a running answer waits: on its first token, between tokens, stalled, or without any sign of the relay. */
export function toWait(
  turn: ChatTurn,
  elapsedMs: number,
): 'first-token' | 'flowing' | 'stalled' | 'silent' | null {
  if (!isRunning(turn)) return null;
  // The relay pings every 5 s (contract); 12 s without anything is the stream's own patience.
  if (elapsedMs - (turn.browser.lastHeardMs ?? 0) > 12_000) return 'silent';
  if (turn.browser.lastTokenMs === null) return 'first-token';
  return elapsedMs - turn.browser.lastTokenMs > STALL_MS ? 'stalled' : 'flowing';
}
