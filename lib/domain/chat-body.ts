import type { ChatRequest } from './chat';

/** Room for an answer when none is asked for, and the most that may be asked for. */
export const DEFAULT_MAX_TOKENS = 512;
export const MAX_TOKENS = 4096;

/** How an endpoint is asked to report tokens: with every chunk, once at the end, or not at all. */
export const USAGE_REPORTS = ['continuous', 'at-end', 'none'] as const;
export type UsageReports = (typeof USAGE_REPORTS)[number];

/**
 * The request as the engine gets it: a fixed set of fields, whatever the browser sent, in the names of the OpenAI API and of
 * vLLM (`ignore_eos`). `continuous_usage_stats` puts token counts on every chunk, so that a cut-off answer still knows how
 * far it came.
 */
export function toChatBody(
  request: ChatRequest,
  model: string,
  usage: UsageReports,
): Record<string, unknown> {
  return {
    model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    ...streamOptions(usage),
    max_tokens: Math.min(request.maxTokens ?? DEFAULT_MAX_TOKENS, MAX_TOKENS),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.topP === undefined ? {} : { top_p: request.topP }),
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    ...(request.stop === undefined ? {} : { stop: request.stop }),
    ...(request.ignoreEos === true ? { ignore_eos: true } : {}),
  };
}

function streamOptions(usage: UsageReports): { stream_options?: Record<string, true> } {
  switch (usage) {
    case 'continuous':
      return { stream_options: { include_usage: true, continuous_usage_stats: true } };
    case 'at-end':
      return { stream_options: { include_usage: true } };
    case 'none':
      return {};
    default:
      return usage satisfies never;
  }
}
