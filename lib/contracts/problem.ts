import { z } from './zod';

/** The body of every refusal: `{"error":{"code","message","field"?}}`. */
export interface ProblemBody {
  error: { code: string; message: string; field?: string | undefined };
}

export const problemSchema: z.ZodType<ProblemBody> = z.object({
  error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }),
});
