import { describe, expect, it } from 'vitest';
import { type ChatTurn, stopTurn } from '@/lib/domain/chat-model';
import { aTurn } from '@/lib/domain/testing/build-chat';
import { toMissingWord, toTurnFigures } from './turn-figures';

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
        observedAt: '2025-12-29T12:00:00.000Z',
      },
    });
    expect(firstTokenInBrowser).toMatchObject({ value: 345, provenance: { source: 'browser' } });
    expect(interToken).toMatchObject({ value: 54, provenance: { sampleCount: 20 } });
    expect(cachedTokens).toMatchObject({ state: 'unknown', because: 'the engine did not report it' });
  });

  it('know the first token while the rest is still to come', () => {
    const { firstToken, tokensPerSecond } = toTurnFigures(aTurn({ end: null }), 'live');
    expect(firstToken).toMatchObject({ state: 'known', value: 312 });
    expect(tokensPerSecond).toMatchObject({
      state: 'unknown',
      because: 'the engine reports its tokens when the answer has ended',
    });
  });

  it('tell the speed so far where the engine reports tokens on the way, and keep it after Stop', () => {
    const running = aTurn({ deltasMs: [300, 1_300], tokens: 21, end: null });
    expect(toTurnFigures(running, 'live').interToken).toMatchObject({
      value: 50,
      provenance: { sampleCount: 20, note: expect.stringContaining('So far') },
    });
    const stopped = toTurnFigures(stopTurn(running), 'live');
    expect([stopped.tokensPerSecond, stopped.completionTokens]).toMatchObject([
      { value: 20, provenance: { note: expect.stringContaining('when it was stopped') } },
      { value: 21 },
    ]);
  });

  it('say why there is no speed: nothing reported, a single token, or all at one instant', () => {
    const because = (turn: ChatTurn) => toTurnFigures(turn, 'live').interToken;
    const unmeasured = { meanItlMs: null, tokensPerSecond: null };
    expect([
      because(aTurn({ end: { ...unmeasured, completionTokens: null } })),
      because(aTurn({ end: { ...unmeasured, completionTokens: 1 } })),
      because(aTurn({ deltasMs: [300], end: { ...unmeasured, completionTokens: 16 } })),
    ]).toMatchObject([
      { because: 'the engine did not report how many tokens it wrote' },
      { because: 'a single token has no other to measure to' },
      { because: 'all tokens came at one instant' },
    ]);
  });

  it('are called "not reported" only of an answer heard to its end: else the engine had no time to', () => {
    const turns = [
      aTurn({ end: null }),
      aTurn(),
      stopTurn(aTurn({ end: null })),
      aTurn({ error: {} }),
      aTurn({ deltasMs: [], error: {} }),
    ];
    expect(turns.map(toMissingWord)).toEqual(['–', 'not reported', '–', '–', '–']);
    const over = 'the answer was over before the engine’s report';
    expect(turns.map((turn) => toTurnFigures(turn, 'live').cachedTokens)).toMatchObject([
      { because: 'reported when the answer has ended' },
      { because: 'the engine did not report it' },
      { because: over },
      { because: over },
      { because: over },
    ]);
  });

  it('never count chunks as tokens', () => {
    const { interToken, completionTokens } = toTurnFigures(
      stopTurn(aTurn({ deltasMs: [300, 350, 400], end: null })),
      'live',
    );
    expect([interToken, completionTokens]).toMatchObject([
      { state: 'unknown', because: 'the engine had not reported its tokens yet' },
      { state: 'unknown' },
    ]);
  });
});
