import { describe, expect, it } from 'vitest';
import { type AnswerTiming, addDelta, NO_DELTA_YET, toSpeed } from './timing';

/** Deltas at a steady pace: the first at `firstMs`, then one every `gapMs`. */
function steady(firstMs: number, gapMs: number, deltas: number): AnswerTiming {
  let timing = NO_DELTA_YET;
  for (let index = 0; index < deltas; index += 1) timing = addDelta(timing, 'x', firstMs + index * gapMs);
  return timing;
}

describe('timing of an answer', () => {
  it.each([1, 2, 3, 5, 8, 16])('divides by tokens, not by chunks, with %i tokens per chunk', (perChunk) => {
    const chunks = 11;
    const tokens = chunks * perChunk;
    expect(toSpeed(steady(200, 50, chunks), tokens)).toEqual({
      ttftMs: 200,
      meanItlMs: 500 / (tokens - 1),
      tokensPerSecond: 1000 / (500 / (tokens - 1)),
    });
  });

  it('starts at the first delta with text, not at the role chunk', () => {
    const timing = addDelta(addDelta(NO_DELTA_YET, '', 120), 'Hello', 130);
    expect(timing).toEqual({ firstDeltaAtMs: 130, lastDeltaAtMs: 130 });
  });

  it('is not stretched by empty deltas after the last text', () => {
    const timing = addDelta(steady(100, 40, 3), '', 900);
    expect(toSpeed(timing, 3)).toEqual({ ttftMs: 100, meanItlMs: 40, tokensPerSecond: 25 });
  });

  it.each([
    ['a single token', steady(100, 0, 1), 1],
    ['no usage report', steady(100, 40, 3), null],
    ['all tokens in one delta', steady(100, 0, 1), 16],
    ['all deltas at the same instant', steady(100, 0, 4), 4],
    ['a usage report of zero tokens', steady(100, 40, 2), 0],
  ])('knows the first token but no speed for %s', (_case, timing, tokens) => {
    expect(toSpeed(timing, tokens)).toEqual({ ttftMs: 100, meanItlMs: null, tokensPerSecond: null });
  });

  it('knows nothing before the first delta', () => {
    expect(toSpeed(NO_DELTA_YET, 4)).toEqual({ ttftMs: null, meanItlMs: null, tokensPerSecond: null });
  });
});
