import { z } from './zod';

/** Query of GET /api/placement/log: the pod by uid, since a recreated pod of the same name is another pod. */
export interface PodLogQuery {
  uid: string;
}

export const podLogQuerySchema: z.ZodType<PodLogQuery> = z.strictObject({
  uid: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be an object uid'),
});

/** GET /api/placement/log: one JSON object per data line; exactly one `end` or `error` last. */
export type PodLogEvent =
  | {
      type: 'start';
      pod: string;
      container: string;
      request: string;
      atMost: { lines: number; bytes: number };
    }
  /** Its container has not started; asked again by itself. */
  | { type: 'waiting' }
  /** In order, control characters made visible, long lines cut. */
  | { type: 'lines'; lines: string[] }
  | { type: 'end'; because: 'ended' | 'too-long' | 'too-much' }
  | { type: 'error'; code: string; message: string };

export const podLogEventSchema: z.ZodType<PodLogEvent> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    pod: z.string(),
    container: z.string(),
    request: z.string(),
    atMost: z.object({ lines: z.number(), bytes: z.number() }),
  }),
  z.object({ type: z.literal('waiting') }),
  z.object({ type: z.literal('lines'), lines: z.array(z.string()) }),
  z.object({ type: z.literal('end'), because: z.enum(['ended', 'too-long', 'too-much']) }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
]);
