import { isLongPrompt, MAX_PROMPT_TITLE, MAX_PROMPTS, type Prompt } from '@/lib/domain/prompts';
import { MAX_PROMPT_CHARACTERS, MAX_TOKENS } from './chat';
import { z } from './zod';

/** GET /api/prompts */
export interface Prompts {
  prompts: Prompt[];
  /** `file`: of PROMPTS_FILE. */
  source: 'shipped' | 'file';
  /** Why the file's prompts are not (all) what is shown, in one sentence. */
  problem: string | null;
}

export const promptsSchema: z.ZodType<Prompts> = z.object({
  prompts: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      text: z.string(),
      system: z.string().nullable(),
      maxTokens: z.number().nullable(),
      isLong: z.boolean(),
    }),
  ),
  source: z.enum(['shipped', 'file']),
  problem: z.string().nullable(),
});

const promptEntrySchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case words joined by "-"')
      .max(64)
      .optional(),
    title: z.string().trim().min(1).max(MAX_PROMPT_TITLE),
    text: z.string().trim().min(1).max(MAX_PROMPT_CHARACTERS),
    system: z.string().trim().min(1).max(MAX_PROMPT_CHARACTERS).nullish(),
    maxTokens: z.int().min(1).max(MAX_TOKENS).nullish(),
  })
  .transform(({ id, title, text, system, maxTokens }): Omit<Prompt, 'id'> & { id: string | undefined } => ({
    id,
    title,
    text,
    system: system ?? null,
    maxTokens: maxTokens ?? null,
    isLong: isLongPrompt({ text, system: system ?? null }),
  }));

/** PROMPTS_FILE: a list of prompts, or a mapping with `prompts`. Order is the order of the keys. */
export const promptFileSchema: z.ZodType<Prompt[]> = z
  .preprocess(toList, z.array(promptEntrySchema).min(1).max(MAX_PROMPTS))
  .transform((entries) =>
    entries.map((entry, index) => ({ ...entry, id: entry.id ?? `prompt-${index + 1}` })),
  )
  .refine(
    (prompts) => new Set(prompts.map(({ id }) => id)).size === prompts.length,
    'two prompts have the same id',
  );

function toList(content: unknown): unknown {
  return typeof content === 'object' && content !== null && 'prompts' in content ? content.prompts : content;
}
