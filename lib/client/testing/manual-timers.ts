/** Timers that fire when the test says so; time stands still in between. */
export interface ManualTimers {
  nowMs(): number;
  setTimer(callback: () => void, delayMs: number): () => void;
  /** Moves time forward and fires what falls due, in order, letting promises settle after each. */
  advance(milliseconds: number): Promise<void>;
}

export function createManualTimers(startMs: number): ManualTimers {
  let nowMs = startMs;
  let pending: { dueMs: number; callback: () => void }[] = [];

  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };

  return {
    nowMs: () => nowMs,
    setTimer(callback, delayMs) {
      const timer = { dueMs: nowMs + delayMs, callback };
      pending.push(timer);
      return () => {
        pending = pending.filter((other) => other !== timer);
      };
    },
    async advance(milliseconds) {
      const untilMs = nowMs + milliseconds;
      await settle();
      for (;;) {
        const due = pending
          .filter((timer) => timer.dueMs <= untilMs)
          .sort((one, other) => one.dueMs - other.dueMs);
        const next = due[0];
        if (next === undefined) break;
        pending = pending.filter((timer) => timer !== next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.callback();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}
