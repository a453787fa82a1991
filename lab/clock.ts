/**
 * Time for the lab, handed in so that tests can run a ladder of load in virtual time.
 * All times are milliseconds since the Unix epoch unless a name says otherwise.
 */
export interface Clock {
  /** Wall time, Unix milliseconds. Never goes back. */
  nowMs(): number;
  /** Runs `task` once after `delayMs`; the returned function cancels it. */
  schedule(delayMs: number, task: () => void): () => void;
}

/** The machine's time. Timers do not keep the process alive. */
export function realClock(): Clock {
  const originMs = performance.timeOrigin;
  return {
    nowMs: () => originMs + performance.now(),
    schedule: (delayMs, task) => {
      const timer = setTimeout(task, Math.max(0, delayMs));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

export interface VirtualClock extends Clock {
  /** Moves time forward, running every task that falls due, in order, and the microtasks they cause. */
  advance(byMs: number): Promise<void>;
}

/** Time that moves only when told. */
export function virtualClock(startMs = Date.UTC(2025, 11, 29, 14, 20, 0)): VirtualClock {
  let currentMs = startMs;
  let sequence = 0;
  const tasks: { dueMs: number; sequence: number; task: () => void }[] = [];
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    nowMs: () => currentMs,
    schedule: (delayMs, task) => {
      const entry = { dueMs: currentMs + Math.max(0, delayMs), sequence: sequence++, task };
      tasks.push(entry);
      return () => {
        const index = tasks.indexOf(entry);
        if (index >= 0) tasks.splice(index, 1);
      };
    },
    advance: async (byMs) => {
      const untilMs = currentMs + byMs;
      for (;;) {
        await settle();
        const next = tasks
          .filter((entry) => entry.dueMs <= untilMs)
          .sort((a, b) => a.dueMs - b.dueMs || a.sequence - b.sequence)[0];
        if (next === undefined) break;
        tasks.splice(tasks.indexOf(next), 1);
        currentMs = Math.max(currentMs, next.dueMs);
        next.task();
      }
      currentMs = untilMs;
      await settle();
    },
  };
}
