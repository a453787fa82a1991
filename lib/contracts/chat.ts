import type { ChatEvent, ChatRequest } from '@/lib/domain/chat';
import { MAX_TOKENS, USAGE_REPORTS } from '@/lib/domain/chat-body';
import { CHAT_PATHS } from '@/lib/domain/vocabulary';
import { z } from './zod';

export type { ChatRequest } from '@/lib/domain/chat';

export { MAX_TOKENS };
export const MAX_MESSAGES = 200;
export const MAX_STOP_SEQUENCES = 4;
/** All messages of one chat together; above the context of the demo's models, below what a tokeniser takes seconds for. */
export const MAX_PROMPT_CHARACTERS = 120_000;

const TOO_LONG = `at most ${MAX_PROMPT_CHARACTERS} characters; start a new conversation or shorten the question`;

/** `arm` is checked against the known arms by the handler (unknown arm: 404). */
export const chatRequestSchema: z.ZodType<ChatRequest> = z.strictObject({
  arm: z.string().min(1).max(63),
  messages: z
    .array(
      z.strictObject({
        role: z.enum(['system', 'user', 'assistant']),
        content: z.string().min(1).max(MAX_PROMPT_CHARACTERS, TOO_LONG),
      }),
    )
    .min(1)
    .max(MAX_MESSAGES)
    .refine(
      (messages) => messages.reduce((sum, { content }) => sum + content.length, 0) <= MAX_PROMPT_CHARACTERS,
      `together ${TOO_LONG}`,
    ),
  path: z.enum(CHAT_PATHS).optional(),
  maxTokens: z.int().min(1).max(MAX_TOKENS).optional(),
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().gt(0).max(1).optional(),
  seed: z.int().min(0).max(2_147_483_647).optional(),
  stop: z.array(z.string().min(1).max(64)).min(1).max(MAX_STOP_SEQUENCES).optional(),
  ignoreEos: z.boolean().optional(),
  raceId: z
    .string()
    .regex(/^[A-Za-z0-9-]{8,64}$/)
    .optional(),
});

const nullableNumber = z.number().nullable();

const relayCostSchema = z.object({
  chunks: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
});

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
  relay: relayCostSchema.nullable(),
  attempts: z.number(),
};

const deltaShape = { text: z.string(), atMs: z.number(), completionTokens: z.number().optional() };

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
    sentAt: z.string(),
    engineVersion: z.string().nullable(),
    usageReports: z.enum(USAGE_REPORTS),
  }),
  z.object({
    type: z.literal('retry'),
    reason: z.string(),
    atMs: z.number(),
    usageReports: z.enum(USAGE_REPORTS),
  }),
  z.object({ type: z.literal('text-delta'), ...deltaShape }),
  z.object({ type: z.literal('reasoning-delta'), ...deltaShape }),
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
