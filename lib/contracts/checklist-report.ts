import { z } from './zod';

export const REPORT_FORMATS = ['markdown', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Query string of GET /api/checklist/report. Unknown parameters are refused. */
export const reportQuerySchema: z.ZodType<
  { format: ReportFormat },
  Record<string, string | undefined>
> = z.strictObject({ format: z.enum(REPORT_FORMATS).default('markdown') });
