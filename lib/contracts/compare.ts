import { type Compare, FURTHER_METRIC_IDS } from '@/lib/domain/compare';
import { GUIDELLM_STATISTICS } from '@/lib/domain/guidellm';
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
  /** End of a past window that does not move (pinned); ISO 8601, `null` for the window that ends now. */
  end: string | null;
  /** Whether the curves of single pods, roles and reasons are wanted too (`breakdown=1`). */
  breakdown: boolean;
}

/**
 * Query string of GET /api/compare: `window`, `percentile`, `end` (an ISO 8601 time, refused where it lies in the future or
 * more than a week back), `breakdown` (`1`). Unknown parameters are refused.
 */
export const compareQuerySchema: z.ZodType<CompareQuery, Record<string, string | undefined>> = z.strictObject(
  {
    window: z.enum(COMPARE_WINDOWS).default('5m'),
    percentile: z
      .enum(COMPARE_PERCENTILES.map(String) as [string, ...string[]])
      .default('95')
      .transform((text) => COMPARE_PERCENTILES.find((percentile) => String(percentile) === text) ?? 95),
    end: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text).toISOString())
      .optional()
      .transform((text) => text ?? null),
    breakdown: z
      .enum(['0', '1'])
      .default('0')
      .transform((text) => text === '1'),
  },
);

const pointsSchema = z.array(z.tuple([z.string(), z.number().nullable()]));
const intervalSchema = z.tuple([z.number(), z.number()]);

const seriesSchema = z.object({
  arm: z.enum(ARMS),
  promql: z.string(),
  family: z.string().nullable(),
  pods: z.array(z.string()),
  presence: z.enum(PRESENCES),
  absentBecause: z.string().nullable(),
  samples: z.number().nullable(),
  latest: z.number().nullable(),
  mean: z.number().nullable(),
  bounds: intervalSchema.nullable(),
  latestAt: z.string().nullable(),
  points: pointsSchema,
  meanPoints: pointsSchema.nullable(),
  warnings: z.array(z.string()),
  latestMean: z.number().nullable(),
  edges: z.array(z.number()).nullable(),
  measuredSeconds: z.number().nullable(),
  breakdown: z.array(
    z.object({
      by: z.enum(['pod', 'role', 'reason', 'status']),
      name: z.string(),
      promql: z.string(),
      latest: z.number().nullable(),
      latestMean: z.number().nullable(),
      points: pointsSchema,
    }),
  ),
});

const differenceSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none'), because: z.string() }),
  z.object({
    state: z.literal('measured'),
    verdict: z.enum(['lower', 'higher', 'equal', 'unclear']),
    absolute: z.number(),
    ratio: z.number().nullable(),
    ratioInterval: intervalSchema.nullable(),
    blocks: z.number(),
  }),
]);

const UNITS = ['s', 'tokens/s', 'requests/s', 'requests', 'ratio'] as const;
const ofArms = {
  better: z.enum(['lower', 'higher', 'neither']),
  arms: z.array(seriesSchema),
  headline: z.enum(['percentile', 'mean', 'value']),
  difference: differenceSchema,
};

const scrapeSchema = z.object({ lastAt: z.string().nullable(), nextAt: z.string().nullable() });
const costSchema = z.object({
  gpus: z.number().nullable(),
  instanceTypes: z.array(z.string()),
  pricePerHour: z.number().nullable(),
  because: z.string().nullable(),
});

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
  metrics: z.array(z.object({ id: z.enum(METRIC_IDS), unit: z.enum(UNITS), ...ofArms })),
  furtherMetrics: z.array(
    z.object({
      id: z.enum(FURTHER_METRIC_IDS),
      unit: z.enum([...UNITS, 'W', 'bytes/s', 'events/s']),
      ...ofArms,
    }),
  ),
  annotations: z.array(
    z.object({
      at: z.string(),
      until: z.string().nullable(),
      kind: z.enum(['event', 'lab', 'load', 'benchmark']),
      arm: z.enum(ARMS).nullable(),
      text: z.string(),
      isWarning: z.boolean(),
    }),
  ),
  nextScrapeAt: z.object({ baseline: scrapeSchema, distributed: scrapeSchema }),
  probesExcluded: z.object({ baseline: z.number(), distributed: z.number() }),
  clientSamples: z.array(
    z.object({
      arm: z.enum(ARMS),
      origin: z.enum(['chat', 'load']),
      sentAt: z.string(),
      ttftMs: z.number().nullable(),
      meanItlMs: z.number().nullable(),
      e2eMs: z.number().nullable(),
      completionTokens: z.number().nullable(),
    }),
  ),
  targets: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      line: z
        .object({
          metric: z.enum(METRIC_IDS),
          arm: z.enum(ARMS).nullable(),
          threshold: z.number(),
          statistic: z.enum(GUIDELLM_STATISTICS),
        })
        .nullable(),
      source: z.string(),
      state: z.enum(['not-yet-measured', 'met', 'missed']),
      text: z.string(),
    }),
  ),
  serviceLevel: z.object({
    ttftMs: z.number().nullable(),
    itlMs: z.number().nullable(),
    statistic: z.enum(GUIDELLM_STATISTICS),
    source: z.string(),
  }),
  fileProblems: z.array(z.string()),
  prices: z.object({ currency: z.string(), asOf: z.string(), source: z.string() }).nullable(),
  costs: z.object({ baseline: costSchema, distributed: costSchema }),
  grafana: z.string().nullable(),
  range: z.object({ from: z.string(), to: z.string(), isPinned: z.boolean() }),
});
