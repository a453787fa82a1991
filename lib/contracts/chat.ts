import type { ChatEvent, ChatMessage } from '@/lib/domain/chat';
import { CHAT_PATHS, type ChatPath } from '@/lib/domain/vocabulary';
import { z } from './zod';

/** Body of POST /api/chat. `arm` is checked against the known arms by the handler (unknown arm: 404). */
export interface ChatRequest {
  arm: string;
  messages: ChatMessage[];
  path?: ChatPath | undefined;
  maxTokens?: number | undefined;
  temperature?: number | undefined;
  seed?: number | undefined;
  raceId?: string | undefined;
}

export const MAX_MESSAGES = 200;
export const MAX_TOKENS = 4096;

export const chatRequestSchema: z.ZodType<ChatRequest> = z.strictObject({
  arm: z.string().min(1).max(63),
  messages: z
    .array(
      z.strictObject({
        role: z.enum(['system', 'user', 'assistant']),
        content: z.string().min(1).max(200_000),
      }),
    )
    .min(1)
    .max(MAX_MESSAGES),
  path: z.enum(CHAT_PATHS).optional(),
  maxTokens: z.int().min(1).max(MAX_TOKENS).optional(),
  temperature: z.number().min(0).max(2).optional(),
  seed: z.int().min(0).max(2_147_483_647).optional(),
  raceId: z
    .string()
    .regex(/^[A-Za-z0-9-]{8,64}$/)
    .optional(),
});

const nullableNumber = z.number().nullable();

const measuredShape = {
  ttftMs: nullableNumber,
  meanItlMs: nullableNumber,
  tokensPerSecond: nullableNumber,
  e2eMs: nullableNumber,
  promptTokens: nullableNumber,
  completionTokens: nullableNumber,
  cachedPromptTokens: nullableNumber,
  schedulerSeen: z.boolean().nullable(),
  servedBy: z.object({ pod: z.string(), method: z.string() }).nullable(),
};

/** What the browser accepts from the stream of POST /api/chat. */
export const chatEventSchema: z.ZodType<ChatEvent> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    arm: z.string(),
    url: z.string(),
    path: z.enum([...CHAT_PATHS, 'override']),
    schedulerInPath: z.boolean().nullable(),
    model: z.string(),
    requestId: z.string(),
    startSkewMs: nullableNumber,
  }),
  z.object({ type: z.literal('retry'), reason: z.string(), atMs: z.number() }),
  z.object({ type: z.literal('text-delta'), text: z.string(), atMs: z.number() }),
  z.object({ type: z.literal('reasoning-delta'), text: z.string(), atMs: z.number() }),
  z.object({ type: z.literal('end'), finishReason: z.string(), ...measuredShape }),
  z.object({
    type: z.literal('error'),
    code: z.string(),
    message: z.string(),
    upstreamStatus: nullableNumber,
    atMs: z.number(),
    ...z.object(measuredShape).partial().shape,
  }),
]) as z.ZodType<ChatEvent>;
