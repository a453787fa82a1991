import { LANE_FACT_IDS, type LaneFacts } from '@/lib/domain/lane-facts';
import { ARMS, CHAT_PATHS } from '@/lib/domain/vocabulary';
import { z } from './zod';

/** What the chat may cost at most; what goes beyond is refused before anything is sent upstream. */
export interface ChatLimits {
  maxPromptCharacters: number;
  maxTokens: number;
  maxMessages: number;
  /** Answers at the same time, of one page and of all together. */
  concurrentPerSession: number;
  concurrentInAll: number;
  /** Questions in any minute, of one page. */
  perMinutePerSession: number;
}

/**
 * What the dashboard's own relay added to every chunk since the start, from the arrival of the engine's bytes to our write:
 * cumulative counts by upper edge, as Prometheus has them.
 */
export interface RelayHistogram {
  buckets: { upperEdgeMs: number; count: number }[];
  sumMs: number;
  count: number;
}

/** GET /api/chat/lanes */
export interface ChatLanes {
  observedAt: string;
  lanes: LaneFacts[];
  limits: ChatLimits;
  relay: RelayHistogram;
}

const usedPath = z.enum([...CHAT_PATHS, 'override']);

const laneFacts = z.array(
  z.object({
    id: z.enum(LANE_FACT_IDS),
    value: z.union([z.string(), z.number()]).nullable(),
    source: z.string(),
  }),
);

export const chatLanesSchema: z.ZodType<ChatLanes> = z.object({
  observedAt: z.string(),
  lanes: z.array(
    z.object({
      arm: z.enum(ARMS),
      servedModelName: z.string(),
      facts: laneFacts,
      configuredFacts: laneFacts.nullable(),
      podsSeenAt: z.string().nullable(),
      paths: z.array(
        z.object({
          path: usedPath,
          url: z.string().nullable(),
          usable: z.boolean(),
          schedulerInPath: z.boolean().nullable(),
          verifiesTls: z.boolean(),
          connectsInsteadOfPort: z.number().nullable(),
          finding: z.string(),
        }),
      ),
      usedPath: usedPath.nullable(),
      sendsKey: z.boolean(),
      trustsOwnCa: z.boolean(),
    }),
  ),
  limits: z.object({
    maxPromptCharacters: z.number(),
    maxTokens: z.number(),
    maxMessages: z.number(),
    concurrentPerSession: z.number(),
    concurrentInAll: z.number(),
    perMinutePerSession: z.number(),
  }),
  relay: z.object({
    buckets: z.array(z.object({ upperEdgeMs: z.number(), count: z.number() })),
    sumMs: z.number(),
    count: z.number(),
  }),
});
