import { GUIDELLM_STATISTICS } from '@/lib/domain/guidellm';
import type { PriceTable } from '@/lib/domain/prices';
import type { Hypothesis, Targets } from '@/lib/domain/targets';
import { ARMS, METRIC_IDS } from '@/lib/domain/vocabulary';
import { z } from './zod';

const text = z.string().trim().min(1).max(200);
/** YAML reads `2026-01-31` as text where it is quoted and as a date where it is not. */
const date = z
  .union([z.string().trim(), z.date().transform((day) => day.toISOString().slice(0, 10))])
  .pipe(z.iso.date());

/**
 * PRICES_FILE:
 *
 *     currency: USD
 *     date: 2026-01-31          # of the prices
 *     source: AWS on-demand, us-east-2
 *     perGpuHour:
 *       g6.4xlarge: 1.32        # the instance's price ÷ its GPUs
 */
export const pricesFileSchema: z.ZodType<PriceTable> = z
  .strictObject({
    currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters, such as USD'),
    date,
    source: text,
    perGpuHour: z
      .record(text, z.number().positive())
      .refine((prices) => Object.keys(prices).length > 0, 'must name at least one instance type'),
  })
  .transform(({ date: asOf, ...rest }) => ({ asOf, ...rest }));

const id = z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be of lower-case letters, digits and "-"');

const hypothesisSchema: z.ZodType<Hypothesis> = z.union([
  z
    .strictObject({
      id,
      title: text,
      metric: z.enum(METRIC_IDS),
      arm: z.enum(ARMS).optional(),
      threshold: z.number().nonnegative(),
      statistic: z.enum(GUIDELLM_STATISTICS).default('p95'),
      source: text,
    })
    .transform(({ arm, ...rest }) => ({ kind: 'line' as const, arm: arm ?? null, ...rest })),
  z.strictObject({ kind: z.literal('throughput-at-service-level'), id, title: text, source: text }),
]);

/**
 * TARGETS_FILE:
 *
 *     serviceLevel: { ttftSeconds: 1, itlSeconds: 0.075, statistic: p95, source: our SLA }
 *     targets:
 *       - { id: ttft, title: First token within a second, metric: ttft, arm: distributed, threshold: 1, statistic: p95, source: our SLA }
 *       - { kind: throughput-at-service-level, id: capacity, title: More throughput at the same SLA, source: the plan }
 *
 * Thresholds are in the metric's unit (seconds, tokens/s, requests, a ratio from 0 to 1).
 */
export const targetsFileSchema: z.ZodType<Targets> = z
  .strictObject({
    serviceLevel: z.strictObject({
      ttftSeconds: z.number().positive().nullable().default(null),
      itlSeconds: z.number().positive().nullable().default(null),
      statistic: z.enum(GUIDELLM_STATISTICS).default('p95'),
      source: text,
    }),
    targets: z.array(hypothesisSchema).max(20),
  })
  .transform(({ serviceLevel: { ttftSeconds, itlSeconds, ...rest }, targets }) => ({
    serviceLevel: { ttftMs: toMs(ttftSeconds), itlMs: toMs(itlSeconds), ...rest },
    hypotheses: targets,
  }));

function toMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1_000;
}
