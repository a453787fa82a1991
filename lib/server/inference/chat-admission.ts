import 'server-only';
import type { ChatLimits } from '@/lib/contracts/chat-lanes';
import type { Clock } from '@/lib/server/clock';
import { HttpProblem } from '@/lib/server/http/problem';

const MINUTE_MS = 60_000;
/** Sessions remembered at once; the longest silent are forgotten first. */
const MAX_SESSIONS = 2_000;

/** Answers and tokens of all pages together, per slot and minute: ten short answers, or one long one. */
const QUESTIONS_PER_SLOT = 10;
const TOKENS_PER_SLOT = 5_120;

/** One chat that was let in. */
export interface Admission {
  /** To be called once, however the chat ends. */
  leave(): void;
}

/** Decides before anything is sent upstream whether a chat may start (platform-pitfalls A40, A41). */
export interface ChatAdmission {
  /** Throws an HttpProblem (429, with Retry-After) that says what to do. */
  enter(session: string, maxTokens: number): Admission;
  running(): number;
}

interface Start {
  atMs: number;
  tokens: number;
}

interface Visitor {
  running: number;
  /** Of the last minute, oldest first. */
  starts: Start[];
}

export function createChatAdmission(limits: ChatLimits, clock: Clock): ChatAdmission {
  const visitors = new Map<string, Visitor>();
  let running = 0;
  /** Of all pages, of the last minute, oldest first. */
  const starts: Start[] = [];
  /** The sum of `starts`. */
  let startedTokens = 0;
  const perMinuteInAll = limits.concurrentInAll * QUESTIONS_PER_SLOT;
  const tokensPerMinute = limits.concurrentInAll * TOKENS_PER_SLOT;

  const isOver = (start: Start | undefined, nowMs: number): boolean =>
    start !== undefined && nowMs - start.atMs >= MINUTE_MS;
  function forgetTheOld(list: Start[], nowMs: number): number {
    let tokens = 0;
    while (isOver(list[0], nowMs)) tokens += list.shift()?.tokens ?? 0;
    return tokens;
  }
  /** Whole seconds until the given start is a minute ago. */
  const secondsUntilOver = (start: Start | undefined, nowMs: number) =>
    Math.max(1, Math.ceil(((start?.atMs ?? nowMs) + MINUTE_MS - nowMs) / 1000));

  /** The map is in the order of the last question; whoever still reads an answer stays. */
  function forgetTheSilent(): void {
    for (const [session, visitor] of visitors) {
      if (visitors.size < MAX_SESSIONS) return;
      if (visitor.running === 0) visitors.delete(session);
    }
  }

  return {
    enter(session, maxTokens) {
      const nowMs = clock.monotonic();
      forgetTheSilent();
      startedTokens -= forgetTheOld(starts, nowMs);
      const visitor = visitors.get(session) ?? { running: 0, starts: [] };
      forgetTheOld(visitor.starts, nowMs);

      if (visitor.running >= limits.concurrentPerSession) {
        throw refuse(
          'too-many-chats',
          `This page has ${visitor.running} answers running, which is the most. Stop one, or wait for one to end.`,
          5,
        );
      }
      if (running >= limits.concurrentInAll) {
        throw refuse(
          'too-many-chats',
          `${running} answers run on all pages together, which is the most. Ask again in a moment.`,
          5,
        );
      }
      if (visitor.starts.length >= limits.perMinutePerSession) {
        const seconds = secondsUntilOver(visitor.starts[0], nowMs);
        throw refuse(
          'too-many-questions',
          `This page asked ${visitor.starts.length} questions within a minute, which is the most. Ask again in ${seconds} s.`,
          seconds,
        );
      }
      if (starts.length >= perMinuteInAll || startedTokens + maxTokens > tokensPerMinute) {
        const seconds = secondsUntilOver(starts[0], nowMs);
        throw refuse(
          'too-many-questions',
          `All pages together asked for as much as a minute allows. Ask again in ${seconds} s.`,
          seconds,
        );
      }

      const start = { atMs: nowMs, tokens: maxTokens };
      starts.push(start);
      startedTokens += maxTokens;
      visitor.starts.push(start);
      visitor.running += 1;
      visitors.delete(session);
      visitors.set(session, visitor);
      running += 1;
      let isIn = true;
      return {
        leave() {
          if (!isIn) return;
          isIn = false;
          visitor.running -= 1;
          running -= 1;
        },
      };
    },
    running: () => running,
  };
}

function refuse(code: string, message: string, retryAfterSeconds: number): HttpProblem {
  return new HttpProblem(429, code, message, undefined, retryAfterSeconds);
}
