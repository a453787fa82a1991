import {
  GUIDELLM_SHAPES,
  type GuidellmFiles,
  type GuidellmRun,
  type GuidellmSpread,
} from '@/lib/domain/guidellm';
import { ARMS } from '@/lib/domain/vocabulary';
import { z } from './zod';

const number = z.number().nullable();
const spreadSchema: z.ZodType<GuidellmSpread | null> = z
  .object({ p50: number, p90: number, p95: number, p99: number, mean: number, count: number })
  .nullable();

const runSchema: z.ZodType<GuidellmRun> = z.object({
  file: z.string(),
  shape: z.enum(GUIDELLM_SHAPES),
  version: z.string().nullable(),
  target: z.string().nullable(),
  model: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  arm: z.enum(ARMS).nullable(),
  armBecause: z.string(),
  startedAt: z.string().nullable(),
  tpotHasFirstToken: z.boolean(),
  stages: z.array(
    z.object({
      at: z.string(),
      load: z.string(),
      users: number,
      ratePerSecond: number,
      startedAt: z.string().nullable(),
      durationSeconds: number,
      requests: z.object({ successful: number, incomplete: number, errored: number }),
      ttftMs: spreadSchema,
      itlMs: spreadSchema,
      tpotMs: spreadSchema,
      requestSeconds: spreadSchema,
      outputTokensPerSecond: number,
      totalTokensPerSecond: number,
      requestsPerSecond: number,
      concurrency: number,
    }),
  ),
  warnings: z.array(z.string()),
});

/** GET /api/guidellm: the result files of GUIDELLM_PATH, read and parsed; what could not be read is told with its place. */
export const guidellmFilesSchema: z.ZodType<GuidellmFiles> = z.object({
  path: z.string().nullable(),
  readAt: z.string(),
  runs: z.array(runSchema),
  problems: z.array(z.object({ file: z.string(), at: z.string(), message: z.string() })),
});
