import type {
  ChartTimes,
  LoadEnd,
  LoadPlan,
  LoadProgress,
  LoadQuantiles,
  LoadSample,
} from '@/lib/domain/load';
import { LOAD_ENDS, LOAD_SHAPES } from '@/lib/domain/load';
import { ARMS, type Arm, CHAT_PATHS } from '@/lib/domain/vocabulary';
import { z } from './zod';

/** What an arm answered under the load, from the newest samples. */
export interface LoadArm extends LoadProgress {
  ttft: LoadQuantiles;
  meanItl: LoadQuantiles;
}

/** GET /api/load */
export interface LoadState {
  observedAt: string;
  phase: 'off' | 'running' | 'stopping';
  /** Virtual users of all arms together; `null`: LOAD_MAX_USERS is not set, and no load can be started. */
  maxUsers: number | null;
  /** Starting and stopping need the control token. */
  needsToken: boolean;
  /** Of the load that runs, or of the last one. */
  plan: LoadPlan | null;
  startedAt: string | null;
  endedAt: string | null;
  endedBecause: LoadEnd | null;
  /** `null` where no load runs, or the scrape interval is not known. */
  chartTimes: ChartTimes | null;
  /** Arms of the plan whose load goes to a configured URL that no object of the cluster gives: no chart of pods can show it. */
  unchartedArms: Arm[];
  arms: LoadArm[];
  /** Newest last, of the chat too; empty with `?samples=no`. */
  samples: LoadSample[];
}

/** Answer of POST /api/load {action: 'start'}: the id proves to be the page that started it. */
export interface LoadStarted {
  runId: string;
  state: LoadState;
}

export type LoadCommand =
  | { action: 'start'; plan: LoadPlan }
  /** The page that started the load is still there. */
  | { action: 'keep'; runId: string }
  /** With the id of the run, the page that started it needs no token to stop it. */
  | { action: 'stop'; runId?: string | undefined };

/** Far above any ceiling that makes sense; the configured one is checked with its own message. */
const MAX_USERS = 10_000;

const runIdSchema = z.string().regex(/^[0-9a-f-]{36}$/);

export const loadCommandSchema: z.ZodType<LoadCommand> = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('start'),
    plan: z.strictObject({
      usersPerArm: z.int().min(1).max(MAX_USERS),
      arms: z
        .array(z.enum(ARMS))
        .min(1)
        .max(ARMS.length)
        .refine((arms) => new Set(arms).size === arms.length, 'each arm at most once'),
      path: z.enum(CHAT_PATHS).nullable(),
      shape: z.enum(LOAD_SHAPES),
    }),
  }),
  z.strictObject({ action: z.literal('keep'), runId: runIdSchema }),
  z.strictObject({ action: z.literal('stop'), runId: runIdSchema.optional() }),
]);

/** Query string of GET /api/load. */
export const loadQuerySchema: z.ZodType<
  { samples: 'yes' | 'no' },
  Record<string, string | undefined>
> = z.strictObject({ samples: z.enum(['yes', 'no']).default('yes') });

const nullableNumber = z.number().nullable();
const usedPath = z.enum([...CHAT_PATHS, 'override']);
const quantiles = z.object({ count: z.number(), p50Ms: nullableNumber, p95Ms: nullableNumber });

export const loadStateSchema: z.ZodType<LoadState> = z.object({
  observedAt: z.string(),
  phase: z.enum(['off', 'running', 'stopping']),
  maxUsers: nullableNumber,
  needsToken: z.boolean(),
  plan: z
    .object({
      usersPerArm: z.number(),
      arms: z.array(z.enum(ARMS)),
      path: z.enum(CHAT_PATHS).nullable(),
      shape: z.enum(LOAD_SHAPES),
    })
    .nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  endedBecause: z.enum(LOAD_ENDS).nullable(),
  chartTimes: z
    .object({
      scrapeIntervalSeconds: z.number(),
      rateWindowSeconds: z.number(),
      firstAt: z.string(),
      whollyAt: z.string(),
    })
    .nullable(),
  unchartedArms: z.array(z.enum(ARMS)),
  arms: z.array(
    z.object({
      arm: z.enum(ARMS),
      path: usedPath,
      inFlight: z.number(),
      answered: z.number(),
      failed: z.number(),
      lastFailure: z.object({ at: z.string(), code: z.string(), message: z.string() }).nullable(),
      slowedUntil: z.string().nullable(),
      ttft: quantiles,
      meanItl: quantiles,
    }),
  ),
  samples: z.array(
    z.object({
      arm: z.enum(ARMS),
      origin: z.enum(['chat', 'load']),
      sentAt: z.string(),
      path: usedPath,
      outcome: z.enum(['answered', 'failed']),
      code: z.string().nullable(),
      ttftMs: nullableNumber,
      meanItlMs: nullableNumber,
      e2eMs: nullableNumber,
      promptTokens: nullableNumber,
      completionTokens: nullableNumber,
      cachedPromptTokens: nullableNumber,
    }),
  ),
});

export const loadStartedSchema: z.ZodType<LoadStarted> = z.object({
  runId: z.string(),
  state: loadStateSchema,
});
