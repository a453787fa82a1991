import { describe, expect, it } from 'vitest';
import type { ChatRequest } from './chat';
import { toChatBody } from './chat-body';

const ASKED: ChatRequest = { arm: 'baseline', messages: [{ role: 'user', content: 'Hi' }] };

describe('what is sent to an engine', () => {
  it('is little where little is asked for', () => {
    expect(toChatBody(ASKED, 'mistral', 'continuous')).toEqual({
      model: 'mistral',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
      max_tokens: 512,
    });
  });

  it('has every parameter in the engine’s own name', () => {
    const request = {
      ...ASKED,
      maxTokens: 256,
      temperature: 0,
      topP: 0.9,
      seed: 7,
      stop: ['END'],
      ignoreEos: true,
    };
    expect(toChatBody(request, 'mistral', 'at-end')).toEqual({
      model: 'mistral',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 256,
      temperature: 0,
      top_p: 0.9,
      seed: 7,
      stop: ['END'],
      ignore_eos: true,
    });
  });

  it('asks an engine without usage reports for none, and nobody for more than the ceiling', () => {
    expect(toChatBody({ ...ASKED, maxTokens: 1e9, ignoreEos: false }, 'mistral', 'none')).toEqual({
      model: 'mistral',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      max_tokens: 4096,
    });
  });
});
