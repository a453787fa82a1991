import type { ChatDelta, ChatEnd, ChatError, ChatEvent, ChatMessage, ChatStart, Measured } from './chat';
import type { UsageReports } from './chat-body';
import { type ChatParameters, DEFAULT_PARAMETERS } from './chat-parameters';
import { type AnswerTiming, addDelta, NO_DELTA_YET, type Speed, toSpeed } from './timing';
import type { ChatPath } from './vocabulary';

/** Bounds of what one answer may hold in the browser; beyond them the text is cut and said to be cut. */
export const MAX_ANSWER_CHARACTERS = 400_000;
export const MAX_ARRIVALS = 8_192;

/** Why a stream stopped without the server's own last word; made by the browser. */
export interface LostStream {
  code: 'refused' | 'unreachable' | 'stream-cut' | 'went-silent' | 'unreadable-event' | 'page-left';
  message: string;
  httpStatus: number | null;
}

export type TurnOutcome =
  /** A first, unmeasured token is asked for; the question itself has not left. */
  | { state: 'warming-up' }
  | { state: 'submitted' }
  | { state: 'streaming' }
  | { state: 'ended'; end: ChatEnd }
  /** Stopped by the person; the upstream request was aborted. */
  | { state: 'stopped' }
  | { state: 'failed'; error: ChatError }
  | { state: 'lost'; problem: LostStream };

/** How a question was asked, beside its words. */
export interface AskedWith {
  /** The same in all lanes that were asked at one instant. */
  questionId: string;
  /** Stands for the words where they are too long to show. */
  title: string | null;
  system: string | null;
  /** First line of the conversation as it was sent, unique in this lane: nothing before it can be in a cache. */
  coldLine: string | null;
  parameters: ChatParameters;
  /** The path asked for; `null` left it to the server. */
  path: ChatPath | null;
  /** Whether the warm-up was answered; `null` where none was asked for, or it is not over. */
  isWarm: boolean | null;
  /** How many messages were sent, earlier turns included; `null` where nobody counted. */
  messageCount: number | null;
}

const ASKED_PLAINLY: AskedWith = {
  questionId: '',
  title: null,
  system: null,
  coldLine: null,
  parameters: DEFAULT_PARAMETERS,
  path: null,
  isWarm: null,
  messageCount: null,
};

/** One question and its answer in one lane. Times in milliseconds; `…AtMs` of events are the server's, see `Measured`. */
export interface ChatTurn {
  prompt: string;
  asked: AskedWith;
  /** When it was asked, ISO 8601, on the browser's clock. */
  askedAt: string;
  outcome: TurnOutcome;
  start: ChatStart | null;
  retry: { reason: string; atMs: number; usageReports: UsageReports } | null;
  text: string;
  reasoning: string;
  isCut: boolean;
  /** Arrival of each delta at the server, for the tick timeline; bounded, unlike `timing`. */
  arrivalsMs: readonly number[];
  /** First and latest arrival at the server. */
  timing: AnswerTiming;
  /** Output tokens up to the latest delta, where the engine reports them on the way; never counted from chunks. */
  tokensSoFar: number | null;
  /** The browser's own view, since its request was sent: network and this page included. */
  browser: {
    firstTokenMs: number | null;
    lastTokenMs: number | null;
    /** Last sign of life of the relay, pings included. */
    lastHeardMs: number | null;
    /** The relay has promised a sign of life five times a second. */
    hasBeat: boolean;
  };
}

export function aNewTurn(prompt: string, askedAt: string, asked: Partial<AskedWith> = {}): ChatTurn {
  const askedWith = { ...ASKED_PLAINLY, ...asked };
  return {
    prompt,
    asked: askedWith,
    askedAt,
    outcome: { state: askedWith.parameters.warmsUp ? 'warming-up' : 'submitted' },
    start: null,
    retry: null,
    text: '',
    reasoning: '',
    isCut: false,
    arrivalsMs: [],
    timing: NO_DELTA_YET,
    tokensSoFar: null,
    browser: { firstTokenMs: null, lastTokenMs: null, lastHeardMs: null, hasBeat: false },
  };
}

export function isRunning(turn: ChatTurn): boolean {
  const { state } = turn.outcome;
  return state === 'warming-up' || state === 'submitted' || state === 'streaming';
}

/** The warm-up is over, however it went: now the question leaves. */
export function submitTurn(turn: ChatTurn, isWarm: boolean): ChatTurn {
  return turn.outcome.state === 'warming-up'
    ? { ...turn, asked: { ...turn.asked, isWarm }, outcome: { state: 'submitted' } }
    : turn;
}

function appendBounded(text: string, addition: string): string {
  return (text + addition).slice(0, MAX_ANSWER_CHARACTERS);
}

/** A delta with the browser's monotonic clock at its arrival, since the request was sent. */
export interface ArrivedDelta {
  delta: ChatDelta;
  elapsedMs: number;
}

/** The turn after deltas that came one after the other; many at once cost little more than one. Empty ones mark nothing. */
export function applyDeltas(turn: ChatTurn, arrived: readonly ArrivedDelta[]): ChatTurn {
  const filled = arrived.filter(({ delta }) => delta.text !== '');
  const latest = arrived.at(-1);
  if (!isRunning(turn) || latest === undefined) return turn;
  const joined = (type: ChatDelta['type']): string =>
    filled.flatMap(({ delta }) => (delta.type === type ? [delta.text] : [])).join('');
  const text = joined('text-delta');
  const reasoning = joined('reasoning-delta');
  const isFull =
    turn.text.length + text.length > MAX_ANSWER_CHARACTERS ||
    turn.reasoning.length + reasoning.length > MAX_ANSWER_CHARACTERS;
  const room = Math.max(0, MAX_ARRIVALS - turn.arrivalsMs.length);
  return {
    ...turn,
    outcome: { state: 'streaming' },
    text: appendBounded(turn.text, text),
    reasoning: appendBounded(turn.reasoning, reasoning),
    isCut: turn.isCut || isFull,
    arrivalsMs: [...turn.arrivalsMs, ...filled.slice(0, room).map(({ delta }) => delta.atMs)],
    timing: filled.reduce((timing, { delta }) => addDelta(timing, delta.text, delta.atMs), turn.timing),
    tokensSoFar:
      arrived.findLast(({ delta }) => delta.completionTokens !== undefined)?.delta.completionTokens ??
      turn.tokensSoFar,
    browser: {
      firstTokenMs: turn.browser.firstTokenMs ?? filled[0]?.elapsedMs ?? null,
      lastTokenMs: filled.at(-1)?.elapsedMs ?? turn.browser.lastTokenMs,
      lastHeardMs: latest.elapsedMs,
      hasBeat: turn.browser.hasBeat,
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
      return {
        ...heard,
        retry: { reason: event.reason, atMs: event.atMs, usageReports: event.usageReports },
      };
    case 'text-delta':
    case 'reasoning-delta':
      return applyDeltas(turn, [{ delta: event, elapsedMs }]);
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

/** A beat is a ping that promises the next one soon. */
export function applyBeat(turn: ChatTurn, elapsedMs: number): ChatTurn {
  const heard = applyPing(turn, elapsedMs);
  return heard === turn || turn.browser.hasBeat
    ? heard
    : { ...heard, browser: { ...heard.browser, hasBeat: true } };
}

export function stopTurn(turn: ChatTurn): ChatTurn {
  return isRunning(turn) ? { ...turn, outcome: { state: 'stopped' } } : turn;
}

export function loseTurn(turn: ChatTurn, problem: LostStream): ChatTurn {
  return isRunning(turn) ? { ...turn, outcome: { state: 'lost', problem } } : turn;
}

/**
 * The conversation as it is sent: questions without any answer are left out, stopped answers count as far as they came.
 * A cold line goes before everything, because a cache compares from the start.
 */
export function toMessages(
  turns: readonly ChatTurn[],
  prompt: string,
  { system, coldLine }: Pick<AskedWith, 'system' | 'coldLine'> = ASKED_PLAINLY,
): ChatMessage[] {
  const history = turns
    .filter((turn) => turn.text !== '' && !isRunning(turn))
    .flatMap((turn): ChatMessage[] => [
      { role: 'user', content: turn.prompt },
      { role: 'assistant', content: turn.text },
    ]);
  const [first, ...rest]: ChatMessage[] = [
    ...(system === null ? [] : [{ role: 'system' as const, content: system }]),
    ...history,
    { role: 'user', content: prompt },
  ];
  if (first === undefined) return [];
  return [coldLine === null ? first : { ...first, content: `${coldLine}\n${first.content}` }, ...rest];
}

/** What the server measured, whether the answer ended or broke off; `null` while it runs and when nothing was measured. */
export function toMeasured(turn: ChatTurn): Partial<Measured> | null {
  switch (turn.outcome.state) {
    case 'ended':
      return turn.outcome.end;
    case 'failed':
      return turn.outcome.error;
    case 'warming-up':
    case 'submitted':
    case 'streaming':
    case 'stopped':
    case 'lost':
      return null;
    default:
      return turn.outcome satisfies never;
  }
}

/** What can be said from what has arrived, by the same formulas: while it runs, and after Stop. */
export function toReceived(turn: ChatTurn): Speed {
  return toSpeed(turn.timing, turn.tokensSoFar);
}

/** Server-side time of the first token: measured at the end, and before that the first arrival. */
export function firstTokenMs(turn: ChatTurn): number | null {
  return toMeasured(turn)?.ttftMs ?? turn.timing.firstDeltaAtMs;
}

/** No token for this long while the answer runs: the lane says so. */
const STALL_MS = 10_000;

/** Patience of the relay: a running answer without a token for this long is ended (its own limit, F53). */
export const STALL_END_MS = 60_000;

/** The relay pings every 5 s (contract), or beats every 0.2 s; without anything for this long the way to it is silent. */
const PINGING_PATIENCE_MS = 12_000;
const BEATING_PATIENCE_MS = 1_000;

/** How a running answer waits: on its warm-up, on its first token, between tokens, stalled, or without any sign of the relay. */
export type Wait = 'warming-up' | 'first-token' | 'flowing' | 'stalled' | 'silent';

export function toWait(turn: ChatTurn, elapsedMs: number): Wait | null {
  if (!isRunning(turn)) return null;
  if (turn.outcome.state === 'warming-up') return 'warming-up';
  const patienceMs = turn.browser.hasBeat ? BEATING_PATIENCE_MS : PINGING_PATIENCE_MS;
  if (elapsedMs - (turn.browser.lastHeardMs ?? 0) > patienceMs) return 'silent';
  if (turn.browser.lastTokenMs === null) return 'first-token';
  return elapsedMs - turn.browser.lastTokenMs > STALL_MS ? 'stalled' : 'flowing';
}
