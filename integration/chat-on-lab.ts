import { type ChatRequest, chatEventSchema } from '@/lib/contracts/chat';
import type { ChatEnd, ChatError, ChatEvent } from '@/lib/domain/chat';
import type { Arm } from '@/lib/domain/vocabulary';
import type { Runtime } from '@/lib/server/runtime';
import type { Lab } from '../lab/lab';

/** One chat through the whole server core. */
export interface Chat {
  /** Every event, in order, once the stream has ended. */
  all: Promise<ChatEvent[]>;
  last: Promise<ChatEnd | ChatError>;
  /** The first event of the type, or nothing when the stream has ended without one. */
  first(type: ChatEvent['type']): Promise<ChatEvent | undefined>;
  /** As when the browser leaves. */
  leave(): void;
}

export const SHORT: Omit<ChatRequest, 'arm'> = {
  messages: [{ role: 'user', content: 'Why split a model over several GPUs?' }],
  maxTokens: 24,
  ignoreEos: true,
  temperature: 0,
};

export function chatOn(
  runtime: Runtime,
  arm: Arm,
  request: Partial<ChatRequest> = {},
  session = `page ${arm}`,
): Chat {
  const leaving = new AbortController();
  const chat = runtime.chat({ ...SHORT, ...request, arm }, arm, session);
  const events: ChatEvent[] = [];
  let waiting: (() => void)[] = [];
  const tell = (): void => {
    for (const wake of waiting) wake();
    waiting = [];
  };
  let isOver = false;
  const all = (async () => {
    await chat((event) => {
      events.push(chatEventSchema.parse(event));
      tell();
    }, leaving.signal);
    isOver = true;
    tell();
    return events;
  })();
  return {
    all,
    last: all.then((list) => {
      const last = list.at(-1);
      if (last?.type !== 'end' && last?.type !== 'error') throw new Error('the stream had no last word');
      return last;
    }),
    first: async (type) => {
      for (;;) {
        const found = events.find((event) => event.type === type);
        if (found !== undefined || isOver) return found;
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
    },
    leave: () => leaving.abort(),
  };
}

export function textOf(events: readonly ChatEvent[]): string {
  return events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
}

/** Requests that the arm's engines hold now, running or waiting. */
export function heldByEngines(lab: Lab, arm: Arm): number {
  return lab.world.engines
    .list()
    .filter((entry) => entry.arm === arm)
    .reduce((sum, { engine }) => {
      const { running, waiting } = engine.snapshot();
      return sum + running + waiting;
    }, 0);
}
