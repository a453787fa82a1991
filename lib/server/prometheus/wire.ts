import 'server-only';
import { z } from '@/lib/contracts/zod';

/**
 * The Prometheus HTTP API as documented, only the fields we use:
 * https://prometheus.io/docs/prometheus/latest/querying/api/
 */

/** `[unix seconds, "value"]`; values may be "NaN", "+Inf", "-Inf" or in exponent form. */
const sampleSchema = z.tuple([z.number(), z.string()]);
export type WireSample = z.infer<typeof sampleSchema>;

const labelsSchema = z.record(z.string(), z.string());
export type WireLabels = z.infer<typeof labelsSchema>;

const vectorSchema = z.array(z.object({ metric: labelsSchema, value: sampleSchema.optional() }));
const matrixSchema = z.array(z.object({ metric: labelsSchema, values: z.array(sampleSchema).optional() }));

export const queryDataSchema = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('vector'), result: vectorSchema }),
  z.object({ resultType: z.literal('matrix'), result: matrixSchema }),
  z.object({ resultType: z.literal('scalar'), result: sampleSchema }),
  z.object({ resultType: z.literal('string'), result: sampleSchema }),
]);
export type WireQueryData = z.infer<typeof queryDataSchema>;
export type WireMatrix = z.infer<typeof matrixSchema>;

export const buildInfoSchema = z.object({ version: z.string() });

/** `warnings` mark a partial answer; `infos` (Prometheus 3) are hints about the query and not read. */
export const envelopeSchema = z.object({
  status: z.enum(['success', 'error']),
  data: z.unknown().optional(),
  errorType: z.string().optional(),
  warnings: z.array(z.string()).nullish(),
});
