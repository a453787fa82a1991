import type { GenerationOutput } from './engine-core.ts';

/** What every frame of an answer has in common. */
export interface AnswerHeader {
  id: string;
  createdSeconds: number;
  model: string;
  /** Names under which this release sends reasoning. */
  reasoningFields: readonly string[];
}

export interface Usage {
  prompt_tokens: number;
  total_tokens: number;
  completion_tokens: number;
  prompt_tokens_details?: { cached_tokens: number } | null;
}

export function usageOf(
  promptTokens: number,
  completionTokens: number,
  reportedCachedTokens: number | null,
): Usage {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
    ...(reportedCachedTokens === null
      ? {}
      : { prompt_tokens_details: { cached_tokens: reportedCachedTokens } }),
  };
}

/** How an endpoint shapes its answers: frames of a stream in order, and the single body (metrics §10.1). */
export interface AnswerShape {
  idPrefix: string;
  /** The frame that precedes the text, if the endpoint has one. */
  opening(header: AnswerHeader, usage: Usage | null): unknown;
  chunk(header: AnswerHeader, output: GenerationOutput, usage: Usage | null): unknown;
  /** Thinking that precedes the answer. */
  reasoning(header: AnswerHeader, text: string, usage: Usage | null): unknown;
  usage(header: AnswerHeader, usage: Usage): unknown;
  whole(
    header: AnswerHeader,
    reasoning: string,
    text: string,
    finish: NonNullable<GenerationOutput['finish']>,
    usage: Usage,
  ): object;
}

export const CHAT_SHAPE: AnswerShape = {
  idPrefix: 'chatcmpl-',
  opening: (header, usage) =>
    chatFrame(
      header,
      [{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }],
      usage,
    ),
  chunk: (header, { text, finish }, usage) =>
    chatFrame(
      header,
      [
        {
          index: 0,
          delta: { content: text },
          logprobs: null,
          finish_reason: finish?.reason ?? null,
          ...(finish === null ? {} : { stop_reason: finish.stopReason }),
        },
      ],
      usage,
    ),
  reasoning: (header, text, usage) =>
    chatFrame(
      header,
      [{ index: 0, delta: reasoningOf(header, text), logprobs: null, finish_reason: null }],
      usage,
    ),
  usage: (header, usage) => chatFrame(header, [], usage),
  whole: (header, reasoning, text, finish, usage) => ({
    id: header.id,
    object: 'chat.completion',
    created: header.createdSeconds,
    model: header.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text,
          refusal: null,
          annotations: null,
          audio: null,
          function_call: null,
          tool_calls: [],
          ...reasoningOf(header, reasoning === '' ? null : reasoning),
        },
        logprobs: null,
        finish_reason: finish.reason,
        stop_reason: finish.stopReason,
      },
    ],
    service_tier: null,
    system_fingerprint: null,
    usage: { ...usage, prompt_tokens_details: usage.prompt_tokens_details ?? null },
    prompt_logprobs: null,
    kv_transfer_params: null,
  }),
};

export const TEXT_SHAPE: AnswerShape = {
  idPrefix: 'cmpl-',
  opening: () => null,
  chunk: (header, { text, finish }, usage) =>
    textFrame(
      header,
      [
        {
          index: 0,
          text,
          logprobs: null,
          finish_reason: finish?.reason ?? null,
          stop_reason: finish?.stopReason ?? null,
        },
      ],
      usage,
    ),
  reasoning: (header, text, usage) =>
    textFrame(header, [{ index: 0, text, logprobs: null, finish_reason: null, stop_reason: null }], usage),
  usage: (header, usage) => textFrame(header, [], usage),
  whole: (header, _, text, finish, usage) => ({
    id: header.id,
    object: 'text_completion',
    created: header.createdSeconds,
    model: header.model,
    choices: [
      {
        index: 0,
        text,
        logprobs: null,
        finish_reason: finish.reason,
        stop_reason: finish.stopReason,
        prompt_logprobs: null,
      },
    ],
    service_tier: null,
    system_fingerprint: null,
    usage: { ...usage, prompt_tokens_details: usage.prompt_tokens_details ?? null },
    kv_transfer_params: null,
  }),
};

function reasoningOf({ reasoningFields }: AnswerHeader, text: string | null): Record<string, string | null> {
  return Object.fromEntries(reasoningFields.map((field) => [field, text]));
}

/** Fields that are not set are left out of chat frames … */
function chatFrame(header: AnswerHeader, choices: unknown[], usage: Usage | null): object {
  const { id, createdSeconds: created, model } = header;
  return {
    id,
    object: 'chat.completion.chunk',
    created,
    model,
    choices,
    ...(usage === null ? {} : { usage }),
  };
}

/** … and written as null in those of text completions. */
function textFrame(header: AnswerHeader, choices: unknown[], usage: Usage | null): object {
  const { id, createdSeconds: created, model } = header;
  return { id, object: 'text_completion', created, model, choices, usage };
}
