import type { Clock } from '@/lib/server/clock';

export interface ManualClock extends Clock {
  /** Moves the time and runs what has become due, in order. */
  advance(milliseconds: number): void;
  /** The process stands still: the time moves, and what has become due meanwhile runs late, once each. */
  stall(milliseconds: number): void;
  /** Delays of the timers that are set, soonest first. */
  pending(): number[];
}

/** A clock that stands still until a test moves it. */
export function createManualClock(startUnixMs: number = Date.UTC(2026, 0, 15, 9, 0, 0)): ManualClock {
  let elapsedMs = 0;
  let timers: { dueMs: number; callback: () => void }[] = [];

  const nextDue = (limitMs: number) =>
    timers.filter((timer) => timer.dueMs <= limitMs).sort((a, b) => a.dueMs - b.dueMs)[0];

  return {
    now: () => startUnixMs + elapsedMs,
    monotonic: () => elapsedMs,
    after: (delayMs, callback) => {
      const timer = { dueMs: elapsedMs + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance: (milliseconds) => {
      const target = elapsedMs + milliseconds;
      for (let due = nextDue(target); due !== undefined; due = nextDue(target)) {
        const reached = due;
        timers = timers.filter((timer) => timer !== reached);
        elapsedMs = reached.dueMs;
        reached.callback();
      }
      elapsedMs = target;
    },
    stall: (milliseconds) => {
      elapsedMs += milliseconds;
      const late = timers.filter(({ dueMs }) => dueMs <= elapsedMs).sort((a, b) => a.dueMs - b.dueMs);
      timers = timers.filter((timer) => !late.includes(timer));
      for (const { callback } of late) callback();
    },
    pending: () => timers.map((timer) => timer.dueMs - elapsedMs).sort((a, b) => a - b),
  };
}
