import type { Compare } from '@/lib/domain/compare';
import {
  ARMS,
  COMPARE_PERCENTILES,
  COMPARE_WINDOWS,
  type ComparePercentile,
  type CompareWindow,
  METRIC_IDS,
  MODES,
  PRESENCES,
} from '@/lib/domain/vocabulary';
import { z } from './zod';

export interface CompareQuery {
  window: CompareWindow;
  percentile: ComparePercentile;
}

/** Query string of GET /api/compare. Unknown parameters are refused. */
export const compareQuerySchema: z.ZodType<CompareQuery, Record<string, string | undefined>> = z.strictObject(
  {
    window: z.enum(COMPARE_WINDOWS).default('5m'),
    percentile: z
      .enum(COMPARE_PERCENTILES.map(String) as [string, ...string[]])
      .default('95')
      .transform((text) => COMPARE_PERCENTILES.find((percentile) => String(percentile) === text) ?? 95),
  },
);

const pointsSchema = z.array(z.tuple([z.string(), z.number().nullable()]));

export const compareSchema: z.ZodType<Compare> = z.object({
  mode: z.enum(MODES),
  window: z.string(),
  percentile: z.number(),
  stepSeconds: z.number(),
  rateWindowSeconds: z.number(),
  scrapeIntervalSeconds: z.number().nullable(),
  observedAt: z.string(),
  comparable: z.object({
    difference: z.boolean(),
    because: z.array(z.string()),
    notEqual: z.array(z.string()),
  }),
  metrics: z.array(
    z.object({
      id: z.enum(METRIC_IDS),
      unit: z.enum(['s', 'tokens/s', 'requests/s', 'requests', 'ratio']),
      better: z.enum(['lower', 'higher', 'neither']),
      arms: z.array(
        z.object({
          arm: z.enum(ARMS),
          promql: z.string(),
          family: z.string().nullable(),
          pods: z.array(z.string()),
          presence: z.enum(PRESENCES),
          absentBecause: z.string().nullable(),
          samples: z.number().nullable(),
          latest: z.number().nullable(),
          mean: z.number().nullable(),
          bounds: z.tuple([z.number(), z.number()]).nullable(),
          latestAt: z.string().nullable(),
          points: pointsSchema,
          meanPoints: pointsSchema.nullable(),
          warnings: z.array(z.string()),
        }),
      ),
    }),
  ),
});
