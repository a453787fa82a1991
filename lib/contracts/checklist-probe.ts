import { z } from './zod';

/** Body of POST /api/checklist/probe: an empty object. */
export const probeRequestSchema = z.strictObject({});

/** Its answer. The results come over the live stream, as everything does. */
export const probeAnswerSchema = z.object({
  /** When the round began: the new one, or one that began a moment ago because somebody else asked. */
  startedAt: z.string(),
  isNew: z.boolean(),
});
export type ProbeAnswer = z.infer<typeof probeAnswerSchema>;
