import 'server-only';
import { z } from '@/lib/contracts/zod';

/**
 * The OpenAI-compatible chat stream as vLLM sends it, only the fields we use (metrics §10.1):
 * https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
 */

const usageSchema = z.object({
  prompt_tokens: z.number().nullish(),
  completion_tokens: z.number().nullish(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
});
export type WireUsage = z.infer<typeof usageSchema>;

/** Reasoning text: `reasoning_content` up to vLLM 0.11, both until 0.15, `reasoning` from 0.16. */
const choiceSchema = z.object({
  index: z.number().nullish(),
  delta: z
    .object({
      content: z.string().nullish(),
      reasoning: z.string().nullish(),
      reasoning_content: z.string().nullish(),
    })
    .nullish(),
  finish_reason: z.string().nullish(),
});

export const chunkSchema = z.object({
  choices: z.array(choiceSchema).nullish(),
  usage: usageSchema.nullish(),
  /** A failure inside a 200 stream; flat (`object: "error"`) before August 2025. */
  error: z.unknown().optional(),
  object: z.string().nullish(),
});
export type WireChunk = z.infer<typeof chunkSchema>;

/** Body of a refusal: nested since August 2025, flat before; other layers use `detail` or plain text. */
export const refusalSchema = z.object({
  error: z.union([z.object({ message: z.string().nullish() }), z.string()]).nullish(),
  message: z.string().nullish(),
});

export const modelListSchema = z.object({
  data: z.array(z.object({ id: z.string(), max_model_len: z.number().nullish() })),
});
