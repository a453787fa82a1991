import { describe, expect, it } from 'vitest';
import type { ChatEnd, ChatStart } from '@/lib/domain/chat';
import { aNewTurn, applyChatEvent, type ChatTurn } from '@/lib/domain/chat-model';
import { toServedBy } from './served-by';
import { isSchedulerBypassed, toPathWords, toTurnFigures } from './turn-figures';

const NOON = '2025-12-29T12:00:00.000Z';
const START: ChatStart = {
  type: 'start',
  arm: 'distributed',
  url: 'https://gw/v1/chat/completions',
  path: 'gateway',
  schedulerInPath: true,
  model: 'mistral-3-distributed',
  requestId: 'r1',
  startSkewMs: null,
  sentAt: NOON,
  engineVersion: null,
};
const END: ChatEnd = {
  type: 'end',
  finishReason: 'stop',
  ttftMs: 310,
  meanItlMs: 54,
  tokensPerSecond: 18.5,
  e2eMs: 1_400,
  promptTokens: 40,
  completionTokens: 21,
  cachedPromptTokens: null,
  schedulerSeen: true,
  servedBy: null,
  relay: null,
  attempts: 1,
};

function aTurn(start: Partial<ChatStart> = {}, end: Partial<ChatEnd> | null = {}): ChatTurn {
  const started = applyChatEvent(aNewTurn('Why?', NOON), { ...START, ...start }, 30);
  const answered = applyChatEvent(started, { type: 'text-delta', text: 'Because', atMs: 312 }, 345);
  return end === null ? answered : applyChatEvent(answered, { ...END, ...end }, 1_440);
}

describe('turn figures', () => {
  it('carry request, time, samples and definition', () => {
    const { firstToken, interToken, cachedTokens, firstTokenInBrowser } = toTurnFigures(aTurn(), 'simulated');
    expect(firstToken).toMatchObject({
      state: 'known',
      value: 310,
      provenance: {
        mode: 'simulated',
        source: 'chat',
        request: 'POST https://gw/v1/chat/completions (model mistral-3-distributed)',
        observedAt: NOON,
      },
    });
    expect(firstTokenInBrowser).toMatchObject({ value: 345, provenance: { source: 'browser' } });
    expect(interToken).toMatchObject({ value: 54, provenance: { sampleCount: 20 } });
    expect(cachedTokens).toMatchObject({ state: 'unknown', because: 'the engine did not report it' });
  });

  it('know the first token while the rest is still to come', () => {
    const { firstToken, tokensPerSecond } = toTurnFigures(aTurn({}, null), 'live');
    expect(firstToken).toMatchObject({ state: 'known', value: 312 });
    expect(tokensPerSecond).toMatchObject({
      state: 'unknown',
      because: 'measured when the answer has ended',
    });
  });
});

describe('path in words', () => {
  it.each<[Partial<ChatStart>, Partial<ChatEnd> | null, string, boolean]>([
    [{}, {}, 'Gateway → picker', false],
    [{}, null, 'Gateway → picker', false],
    [{ path: 'route', schedulerInPath: false }, { schedulerSeen: null }, 'Route', true],
    // What was seen in the answer counts more than what was expected of the path.
    [{ schedulerInPath: true }, { schedulerSeen: false }, 'Gateway', true],
    [{ arm: 'baseline', path: 'route', schedulerInPath: false }, { schedulerSeen: null }, 'Route', false],
    [{ path: 'override', schedulerInPath: null }, { schedulerSeen: null }, 'configured URL', false],
  ])('%o and %o read "%s"', (start, end, words, isBypassed) => {
    const turn = aTurn(start, end);
    expect(toPathWords(turn, null)).toBe(words);
    expect(isSchedulerBypassed(turn)).toBe(isBypassed);
  });

  it('ends with the pod that served, when it is known', () => {
    const pod = 'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr';
    const byHeader = aTurn({}, { servedBy: { pod, method: 'header' } });
    expect(toPathWords(byHeader, toServedBy(byHeader, []))).toBe('Gateway → picker → rv4xr');
    expect(toServedBy(aTurn(), [{ requestId: 'r1', pod, method: 'counter' }])).toEqual({
      pod,
      method: 'counter',
    });
    expect(toServedBy(aTurn(), [{ requestId: 'r2', pod, method: 'counter' }])).toBeNull();
  });
});
