import type { Source, Status } from '@/lib/domain/status';
import { MODES, SOURCE_IDS, SOURCE_STATES } from '@/lib/domain/vocabulary';
import { z } from './zod';

export const sourceSchema: z.ZodType<Source> = z.object({
  id: z.enum(SOURCE_IDS),
  state: z.enum(SOURCE_STATES),
  mode: z.enum(MODES),
  lastProofAt: z.string().nullable(),
  detail: z.string(),
});

export const statusSchema: z.ZodType<Status> = z.object({
  mode: z.enum(MODES),
  buildId: z.string(),
  sources: z.array(sourceSchema),
});
