import { chatEventSchema } from '@/lib/contracts/chat';
import { z } from '@/lib/contracts/zod';
import type { ChatEnd, ChatError, ChatStart } from '@/lib/domain/chat';
import { USAGE_REPORTS } from '@/lib/domain/chat-body';
import { LANE_IDS, type LaneId } from '@/lib/domain/chat-lanes';
import {
  type ChatTurn,
  isRunning,
  loseTurn,
  MAX_ANSWER_CHARACTERS,
  MAX_ARRIVALS,
} from '@/lib/domain/chat-model';
import { CHAT_PATHS } from '@/lib/domain/vocabulary';

export type RememberedLanes = Partial<Record<LaneId, readonly ChatTurn[]>>;

/** Keeps the conversations over a reload of this tab. What was asked and answered, and nothing that is a secret. */
export interface ChatMemory {
  read(): RememberedLanes;
  write(lanes: RememberedLanes): void;
}

export const NO_MEMORY: ChatMemory = { read: () => ({}), write: () => {} };

const KEY = 'chat-1';
/** A tab may hold some 5 MB in all; a conversation beyond this loses its oldest turns. */
const MAX_CHARACTERS = 2_000_000;

const milliseconds = z.number().nullable();

function eventOf<T extends ChatStart | ChatEnd | ChatError>(type: T['type']): z.ZodType<T> {
  return chatEventSchema.refine((event) => event.type === type) as unknown as z.ZodType<T>;
}

const turnSchema: z.ZodType<ChatTurn> = z.object({
  prompt: z.string(),
  asked: z.object({
    questionId: z.string(),
    title: z.string().nullable(),
    system: z.string().nullable(),
    coldLine: z.string().nullable(),
    parameters: z.object({
      temperature: z.number(),
      seed: z.number().nullable(),
      maxTokens: z.number(),
      isFixedLength: z.boolean(),
      isCold: z.boolean(),
      warmsUp: z.boolean(),
    }),
    path: z.enum(CHAT_PATHS).nullable(),
    isWarm: z.boolean().nullable().default(null),
    messageCount: z.number().nullable().default(null),
  }),
  askedAt: z.string(),
  outcome: z.discriminatedUnion('state', [
    z.object({ state: z.literal('warming-up') }),
    z.object({ state: z.literal('submitted') }),
    z.object({ state: z.literal('streaming') }),
    z.object({ state: z.literal('stopped') }),
    z.object({ state: z.literal('ended'), end: eventOf<ChatEnd>('end') }),
    z.object({ state: z.literal('failed'), error: eventOf<ChatError>('error') }),
    z.object({
      state: z.literal('lost'),
      problem: z.object({
        code: z.enum([
          'refused',
          'unreachable',
          'stream-cut',
          'went-silent',
          'unreadable-event',
          'page-left',
        ]),
        message: z.string(),
        httpStatus: z.number().nullable(),
      }),
    }),
  ]),
  start: eventOf<ChatStart>('start').nullable(),
  retry: z.object({ reason: z.string(), atMs: z.number(), usageReports: z.enum(USAGE_REPORTS) }).nullable(),
  text: z.string().max(MAX_ANSWER_CHARACTERS),
  reasoning: z.string().max(MAX_ANSWER_CHARACTERS),
  isCut: z.boolean(),
  arrivalsMs: z.array(z.number()).max(MAX_ARRIVALS),
  timing: z.object({ firstDeltaAtMs: milliseconds, lastDeltaAtMs: milliseconds }),
  tokensSoFar: z.number().nullable(),
  browser: z.object({
    firstTokenMs: milliseconds,
    lastTokenMs: milliseconds,
    lastHeardMs: milliseconds,
    hasBeat: z.boolean().default(false),
  }),
});

const memorySchema: z.ZodType<RememberedLanes> = z.object(
  Object.fromEntries(LANE_IDS.map((lane) => [lane, z.array(turnSchema).optional()])),
) as unknown as z.ZodType<RememberedLanes>;

/** An answer that ran when the page went was ended with it. */
function toEnded(turn: ChatTurn): ChatTurn {
  return isRunning(turn) ? loseTurn(turn, { code: 'page-left', message: '', httpStatus: null }) : turn;
}

function parse(text: string | null): RememberedLanes {
  if (text === null) return {};
  try {
    const parsed = memorySchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

function lengthOf(lanes: readonly { texts: readonly string[] }[]): number {
  return lanes.flatMap(({ texts }) => texts).reduce((length, text) => length + text.length, 0);
}

export function createChatMemory(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): ChatMemory {
  /** Turns do not change: each is written out once, however long the conversation. */
  const written = new WeakMap<ChatTurn, string>();
  const write = (turn: ChatTurn): string => {
    const text = written.get(turn) ?? JSON.stringify(turn);
    written.set(turn, text);
    return text;
  };
  return {
    read() {
      const lanes = parse(storage.getItem(KEY));
      return Object.fromEntries(
        LANE_IDS.flatMap((lane) => {
          const turns = lanes[lane];
          return turns === undefined ? [] : [[lane, turns.map(toEnded)]];
        }),
      );
    },
    write(lanes) {
      let kept = Object.entries(lanes).map(([lane, turns]) => ({ lane, texts: turns.map(write) }));
      while (lengthOf(kept) > MAX_CHARACTERS && kept.some(({ texts }) => texts.length > 1)) {
        kept = kept.map(({ lane, texts }) => ({ lane, texts: texts.slice(1) }));
      }
      try {
        storage.setItem(KEY, `{${kept.map(({ lane, texts }) => `"${lane}":[${texts.join()}]`).join()}}`);
      } catch {
        // Full or forbidden: the conversation lives on in the page, and half an old one must not come back.
        storage.removeItem(KEY);
      }
    },
  };
}
