import { describe, expect, it } from 'vitest';
import { aTurn } from '@/lib/domain/testing/build-chat';
import { MAX_BARS, toTurnBars, toTurnChartSheet } from './turn-chart-model';

describe('first token per turn', () => {
  it('draws each turn against the slowest; a turn without a token is a gap', () => {
    const turns = [
      aTurn({ end: { ttftMs: 2_000 } }),
      aTurn({ deltasMs: [], error: { code: 'reset' } }),
      aTurn({ end: { ttftMs: 500 } }),
    ];
    expect(toTurnBars(turns)).toEqual([
      { number: 1, firstTokenMs: 2_000, isWaiting: false, heightRatio: 1, isLatest: false },
      { number: 2, firstTokenMs: null, isWaiting: false, heightRatio: 0, isLatest: false },
      { number: 3, firstTokenMs: 500, isWaiting: false, heightRatio: 0.25, isLatest: true },
    ]);
  });

  it('leaves the place of a turn empty that still waits', () => {
    const waiting = aTurn({ deltasMs: [], end: null });
    expect(toTurnBars([waiting])).toMatchObject([{ firstTokenMs: null, isWaiting: true }]);
  });

  it('shows the latest turns, with their own numbers', () => {
    const bars = toTurnBars(Array.from({ length: 20 }, () => aTurn()));
    expect([bars.length, bars[0]?.number, bars.at(-1)?.number]).toEqual([MAX_BARS, 9, 20]);
    expect(toTurnBars([])).toEqual([]);
  });

  it('tells the numbers on demand', () => {
    const sheet = toTurnChartSheet(
      'Distributed',
      [aTurn({ end: { cachedPromptTokens: 32 } }), aTurn({ deltasMs: [], end: null })],
      'simulated',
    );
    expect(sheet.sections[0]?.rows).toEqual([
      {
        kind: 'text',
        name: 'Turn 1',
        value: '0.31\u00a0s to the first token · 40 prompt tokens · 32 of them cached',
      },
      {
        kind: 'text',
        name: 'Turn 2',
        value: 'no token yet',
      },
    ]);
  });
});
