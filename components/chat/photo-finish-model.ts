import type { LaneId } from '@/lib/domain/chat-lanes';
import { type ChatTurn, firstTokenMs, isRunning, toMeasured } from '@/lib/domain/chat-model';
import { formatSeconds } from '@/lib/format/quantity';
import { toFailureFace } from './failure-faces';
import { toAxisEndMs } from './tick-timeline-model';

export interface Runner {
  lane: LaneId;
  /** In a word or three, for sentences. */
  name: string;
  turn: ChatTurn;
}

/** Where a lane stands. Times at the dashboard's server, since the question left; one clock for all lanes. */
export interface Finish {
  lane: LaneId;
  name: string;
  state: 'waiting' | 'answering' | 'finished' | 'out';
  firstMs: number | null;
  /** The last token; while it answers, the latest. */
  lastMs: number | null;
  /** Why it is out. */
  because: string | null;
  outputTokens: number | null;
  /** How far apart the lanes started; `null` where it was not measured. */
  startSkewMs: number | null;
  /** The relay had to ask twice: its times are of the second request. */
  isRetried: boolean;
}

export interface PhotoFinish {
  finishes: readonly Finish[];
  axisEndMs: number;
  /** What the picture says: about the first token, about the last, and about what makes them less comparable. */
  firstWords: string;
  lastWords: string;
  retryWords: string | null;
}

/** Closer than this, network and scheduling of the two requests decide, not the engines. */
const TOO_CLOSE_MS = 5;

function toState(turn: ChatTurn): Finish['state'] {
  if (isRunning(turn)) return turn.timing.firstDeltaAtMs === null ? 'waiting' : 'answering';
  return turn.outcome.state === 'ended' ? 'finished' : 'out';
}

function whyOut(turn: ChatTurn): string | null {
  if (turn.outcome.state === 'stopped') return 'it was stopped';
  const face = toFailureFace(turn);
  return face === null ? null : face.happened.replace(/\.$/, '').replace(/^The /, 'the ');
}

export function toFinish({ lane, name, turn }: Runner): Finish {
  return {
    lane,
    name,
    state: toState(turn),
    firstMs: firstTokenMs(turn),
    lastMs: turn.timing.lastDeltaAtMs,
    because: whyOut(turn),
    outputTokens: toMeasured(turn)?.completionTokens ?? turn.tokensSoFar,
    startSkewMs: turn.start?.startSkewMs ?? null,
    isRetried: turn.retry !== null,
  };
}

function inSeconds(milliseconds: number): string {
  const { digits, unit } = formatSeconds(milliseconds);
  return `${digits}\u00a0${unit}`;
}

/** Who was first and by how much; `null` unless both times are known. */
function compare(one: Finish, other: Finish, key: 'firstMs' | 'lastMs'): string | null {
  const [a, b] = [one[key], other[key]];
  if (a === null || b === null) return null;
  const difference = Math.abs(a - b);
  // Nor is a lead that is less than the lanes' start was apart.
  if (difference < Math.max(TOO_CLOSE_MS, one.startSkewMs ?? 0, other.startSkewMs ?? 0))
    return `too close to call (${inSeconds(a)} and ${inSeconds(b)})`;
  const [first, second] = a < b ? [one, other] : [other, one];
  return `${first.name} ${inSeconds(difference)} before ${second.name}`;
}

function toFirstWords(one: Finish, other: Finish): string {
  const compared = compare(one, other, 'firstMs');
  if (compared !== null) return `First token: ${compared}.`;
  const [ahead, behind] = one.firstMs !== null ? [one, other] : [other, one];
  if (ahead.firstMs === null) {
    if (one.state === 'out' && other.state === 'out') return 'First token: none in either lane.';
    return one.state === 'out' || other.state === 'out'
      ? `First token: only ${one.state === 'out' ? other.name : one.name} can still have one.`
      : 'First token: both lanes wait.';
  }
  return behind.state === 'out'
    ? `First token: ${ahead.name}; none from ${behind.name}.`
    : `First token: ${ahead.name}; ${behind.name} still waits.`;
}

function toRetryWords(...finishes: readonly Finish[]): string | null {
  const retried = finishes.filter(({ isRetried }) => isRetried).map(({ name }) => name);
  return retried.length === 0 ? null : `${retried.join(' and ')} asked twice; times of the second request.`;
}

/** The last token compares the lanes only when both wrote as much. */
function workWords(one: Finish, other: Finish): string {
  const [a, b] = [one.outputTokens, other.outputTokens];
  if (a === null || b === null) return ' Lengths not reported.';
  return a === b ? ` ${a} tokens each.` : ` Not the same work: ${a} against ${b} tokens.`;
}

function toLastWords(one: Finish, other: Finish): string {
  const out = [one, other].filter(({ state }) => state === 'out');
  const [lost] = out;
  if (out.length === 2) {
    return out.map(({ name, because }) => `${name} out: ${because ?? 'no complete answer'}.`).join(' ');
  }
  if (lost !== undefined) {
    const winner = lost === one ? other : one;
    const won = winner.state === 'finished' ? `${winner.name} wins` : `${winner.name} runs on`;
    return `${lost.name} loses: ${lost.because ?? 'no complete answer'}. ${won}.`;
  }
  if (one.state === 'finished' && other.state === 'finished') {
    const compared = compare(one, other, 'lastMs');
    return compared === null
      ? 'Last token: not measured.'
      : `Last token: ${compared}.${workWords(one, other)}`;
  }
  const done = [one, other].find(({ state }) => state === 'finished');
  return done === undefined
    ? 'Last token: still to come.'
    : `Last token: ${done.name} is done, the other runs.`;
}

/** Two lanes that were asked at one instant; `null` when the latest questions are not the same one. */
export function toPhotoFinish(runners: readonly Runner[]): PhotoFinish | null {
  const [a, b] = runners;
  if (a === undefined || b === undefined) return null;
  if (a.turn.asked.questionId !== b.turn.asked.questionId) return null;
  const [one, other] = [toFinish(a), toFinish(b)];
  return {
    finishes: [one, other],
    axisEndMs: toAxisEndMs(Math.max(one.lastMs ?? 0, other.lastMs ?? 0)),
    firstWords: toFirstWords(one, other),
    lastWords: toLastWords(one, other),
    retryWords: toRetryWords(one, other),
  };
}
