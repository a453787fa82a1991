import { type ApiError, badRequest, type FieldProblem, invalidFields } from './api-errors.ts';
import type { ChatMessage } from './chat-template.ts';

/** What a client asked for, checked; defaults as vLLM's. */
export interface CompletionRequest {
  /** Null: the client named none, which vLLM takes for the served one. */
  model: string | null;
  stream: boolean;
  includeUsage: boolean;
  continuousUsage: boolean;
  /** Null: as many as the context allows (chat), or vLLM's 16 (text). */
  maxTokens: number | null;
  minTokens: number;
  ignoreEos: boolean;
  stopStrings: string[];
  seed: number | null;
}
export interface ChatRequest extends CompletionRequest {
  messages: ChatMessage[];
}
export interface TextRequest extends CompletionRequest {
  prompt: string | number[];
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; error: ApiError };
export type JsonObject = Record<string, unknown>;

export function parseJsonBody(text: string): Parsed<JsonObject> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const problem = { type: 'json_invalid', field: 0, message: 'JSON decode error', input: {} };
    return { ok: false, error: invalidFields([problem]) };
  }
  if (isObject(body)) return { ok: true, value: body };
  const message = 'Input should be a valid dictionary or object to extract fields from';
  return {
    ok: false,
    error: invalidFields([{ type: 'model_attributes_type', field: 0, message, input: body }]),
  };
}

export function parseChatRequest(body: JsonObject): Parsed<ChatRequest> {
  const { messages } = body;
  if (!Array.isArray(messages)) return { ok: false, error: fieldError(body, 'messages', 'list') };
  const parsed: ChatMessage[] = [];
  for (const message of messages) {
    const content = isObject(message) ? messageText(message.content) : null;
    if (!isObject(message) || typeof message.role !== 'string' || content === null) {
      return { ok: false, error: badRequest('Only text messages with a role and a content are supported.') };
    }
    parsed.push({ role: message.role, content });
  }
  const common = parseCommon(body);
  return common.ok ? { ok: true, value: { ...common.value, messages: parsed } } : common;
}

export function parseTextRequest(body: JsonObject): Parsed<TextRequest> {
  const { prompt } = body;
  const common = parseCommon(body);
  if (!common.ok) return common;
  if (typeof prompt === 'string') return { ok: true, value: { ...common.value, prompt } };
  if (Array.isArray(prompt) && prompt.length > 0 && prompt.every((item) => Number.isInteger(item))) {
    return { ok: true, value: { ...common.value, prompt: prompt.map(Number) } };
  }
  if (Array.isArray(prompt) && prompt.length === 1 && typeof prompt[0] === 'string') {
    return { ok: true, value: { ...common.value, prompt: prompt[0] } };
  }
  if (prompt === undefined || prompt === null || (Array.isArray(prompt) && prompt.length === 0)) {
    return { ok: false, error: badRequest('Either prompt or prompt_embeds must be provided and non-empty.') };
  }
  return { ok: false, error: badRequest('Only one prompt per request is supported.') };
}

function parseCommon(body: JsonObject): Parsed<CompletionRequest> {
  const problems: FieldProblem[] = [];
  const read = <T>(field: string, isRight: (value: unknown) => value is T, expected: string): T | null => {
    const value = body[field];
    if (value === undefined || value === null) return null;
    if (isRight(value)) return value;
    problems.push({
      type: `${expected}_type`,
      field,
      message: `Input should be a valid ${expected}`,
      input: value,
    });
    return null;
  };
  const model = read('model', isString, 'string');
  const stream = read('stream', isBoolean, 'boolean') ?? false;
  const maxTokens =
    read('max_completion_tokens', isInteger, 'integer') ?? read('max_tokens', isInteger, 'integer');
  const minTokens = read('min_tokens', isInteger, 'integer') ?? 0;
  const ignoreEos = read('ignore_eos', isBoolean, 'boolean') ?? false;
  const seed = read('seed', isInteger, 'integer');
  const temperature = read('temperature', isNumber, 'number');
  const topP = read('top_p', isNumber, 'number');
  const samples = read('n', isInteger, 'integer') ?? 1;
  const stop = read('stop', isStop, 'list') ?? [];
  const streamOptions = read('stream_options', isObject, 'dictionary');
  if (problems.length > 0) return { ok: false, error: invalidFields(problems) };

  const refusal = refusalOf({ maxTokens, temperature, topP, samples, streamOptions, stream });
  if (refusal !== null) return { ok: false, error: badRequest(refusal) };
  return {
    ok: true,
    value: {
      model,
      stream,
      includeUsage: streamOptions?.include_usage === true,
      continuousUsage: streamOptions?.include_usage === true && streamOptions.continuous_usage_stats === true,
      maxTokens,
      minTokens,
      ignoreEos,
      stopStrings: (typeof stop === 'string' ? [stop] : stop).filter((text) => text !== ''),
      seed,
    },
  };
}

function refusalOf(given: {
  maxTokens: number | null;
  temperature: number | null;
  topP: number | null;
  samples: number;
  streamOptions: JsonObject | null;
  stream: boolean;
}): string | null {
  const { maxTokens, temperature, topP, samples } = given;
  if (given.streamOptions !== null && !given.stream) {
    return 'Stream options can only be defined when `stream=True`.';
  }
  if (maxTokens !== null && maxTokens < 1) return `max_tokens must be at least 1, got ${maxTokens}.`;
  if (temperature !== null && temperature < 0) {
    return `temperature must be non-negative, got ${temperature}.`;
  }
  if (topP !== null && (topP <= 0 || topP > 1)) return `top_p must be in (0, 1], got ${topP}.`;
  if (samples < 1) return `n must be at least 1, got ${samples}.`;
  return samples === 1 ? null : `n must be 1 when using greedy sampling, got ${samples}.`;
}

/** The token ids of a `/detokenize` request. */
export function parseTokens(body: JsonObject): Parsed<number[]> {
  const { tokens } = body;
  return Array.isArray(tokens) && tokens.every(isInteger)
    ? { ok: true, value: tokens }
    : { ok: false, error: fieldError(body, 'tokens', 'list') };
}

function fieldError(body: JsonObject, field: string, expected: string): ApiError {
  const value = body[field];
  return invalidFields([
    value === undefined
      ? { type: 'missing', field, message: 'Field required', input: body }
      : { type: `${expected}_type`, field, message: `Input should be a valid ${expected}`, input: value },
  ]);
}

/** Text of a message; parts of type text are joined, anything else is refused. */
function messageText(content: unknown): string | null {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  if (!Array.isArray(content)) return null;
  const texts = content.map((part) =>
    isObject(part) && part.type === 'text' && typeof part.text === 'string' ? part.text : null,
  );
  return texts.every(isString) ? texts.join('\n') : null;
}

const isString = (value: unknown): value is string => typeof value === 'string';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isInteger = (value: unknown): value is number => Number.isInteger(value);
const isStop = (value: unknown): value is string | string[] =>
  isString(value) || (Array.isArray(value) && value.every(isString));
function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
