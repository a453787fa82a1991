import 'server-only';
import { type ChatRequest, MAX_TOKENS } from '@/lib/contracts/chat';

/** Room for an answer when none is asked for. */
const DEFAULT_MAX_TOKENS = 512;

/**
 * The body sent upstream: a fixed set of fields, whatever the browser sent. `continuous_usage_stats` puts token counts
 * on every chunk, so that a cut-off answer still knows how far it came.
 */
export function toChatBody(request: ChatRequest, model: string, withContinuousUsage: boolean): string {
  return JSON.stringify({
    model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: {
      include_usage: true,
      ...(withContinuousUsage ? { continuous_usage_stats: true } : {}),
    },
    max_tokens: Math.min(request.maxTokens ?? DEFAULT_MAX_TOKENS, MAX_TOKENS),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.seed === undefined ? {} : { seed: request.seed }),
  });
}
