import 'server-only';
import { z } from '@/lib/contracts/zod';

/**
 * The OpenAI-compatible chat stream as vLLM sends it, only the fields we use (metrics §10.1):
 * https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
 */

export interface WireUsage {
  prompt_tokens?: number | null;
  completion_tokens?: number | null;
  prompt_tokens_details?: { cached_tokens?: number | null } | null;
}

/** Reasoning text: `reasoning_content` up to vLLM 0.11, both until 0.15, `reasoning` from 0.16. */
interface WireChoice {
  index?: number | null;
  delta?: { content?: string | null; reasoning?: string | null; reasoning_content?: string | null } | null;
  finish_reason?: string | null;
}

export interface WireChunk {
  choices?: WireChoice[] | null;
  usage?: WireUsage | null;
  /** A failure inside a 200 stream; flat (`object: "error"`) before August 2025. */
  error?: unknown;
  object?: string | null;
}

/** By hand: a schema takes longer for one chunk than all else that is done with it, and there is a chunk per token. */
export function isChunk(json: unknown): json is WireChunk {
  return (
    isRecord(json) &&
    (isAbsent(json.choices) || (Array.isArray(json.choices) && json.choices.every(isChoice))) &&
    (isAbsent(json.usage) || isUsage(json.usage)) &&
    isTextOrAbsent(json.object)
  );
}

function isChoice(json: unknown): boolean {
  return (
    isRecord(json) &&
    isNumberOrAbsent(json.index) &&
    (isAbsent(json.delta) || isDelta(json.delta)) &&
    isTextOrAbsent(json.finish_reason)
  );
}

function isDelta(json: unknown): boolean {
  return (
    isRecord(json) &&
    isTextOrAbsent(json.content) &&
    isTextOrAbsent(json.reasoning) &&
    isTextOrAbsent(json.reasoning_content)
  );
}

function isUsage(json: unknown): boolean {
  if (!isRecord(json)) return false;
  const details = json.prompt_tokens_details;
  return (
    isNumberOrAbsent(json.prompt_tokens) &&
    isNumberOrAbsent(json.completion_tokens) &&
    (isAbsent(details) || (isRecord(details) && isNumberOrAbsent(details.cached_tokens)))
  );
}

function isRecord(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isAbsent(json: unknown): json is null | undefined {
  return json === null || json === undefined;
}

function isTextOrAbsent(json: unknown): boolean {
  return isAbsent(json) || typeof json === 'string';
}

function isNumberOrAbsent(json: unknown): boolean {
  return isAbsent(json) || Number.isFinite(json);
}

/** Body of a refusal: nested since August 2025, flat before; other layers use `detail` or plain text. */
export const refusalSchema = z.object({
  error: z.union([z.object({ message: z.string().nullish() }), z.string()]).nullish(),
  message: z.string().nullish(),
});

export const modelListSchema = z.object({
  data: z.array(z.object({ id: z.string(), max_model_len: z.number().nullish() })),
});
