import type { Clock } from '../clock.ts';

export interface WorkQueue {
  /** Processes the key soon; a key that waits already is not added twice. */
  add(key: string, delayMs?: number): void;
  stop(): void;
}

/** Controllers react a moment after a change, as real ones do: bursts of changes cost one pass. */
export function createWorkQueue(clock: Clock, reactionMs: number, process: (key: string) => void): WorkQueue {
  const waiting = new Map<string, { dueMs: number; cancel: () => void }>();
  let isStopped = false;
  return {
    add: (key, delayMs = reactionMs) => {
      if (isStopped) return;
      const dueMs = clock.nowMs() + delayMs;
      const planned = waiting.get(key);
      if (planned !== undefined && planned.dueMs <= dueMs) return;
      planned?.cancel();
      const cancel = clock.schedule(delayMs, () => {
        waiting.delete(key);
        process(key);
      });
      waiting.set(key, { dueMs, cancel });
    },
    stop: () => {
      isStopped = true;
      for (const { cancel } of waiting.values()) cancel();
      waiting.clear();
    },
  };
}

export function keyOfObject(object: { metadata: { namespace?: string; name: string } }): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

export function splitKey(key: string): [namespace: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
