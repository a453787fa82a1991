import { describe, expect, it } from 'vitest';
import { toChartTimes } from './load';
import { countWords, type LoadConversation, openingMessages, toConversation } from './load-conversation';
import { pickIndex, seededRandom } from './seeded-random';

function conversation(options: Partial<Parameters<typeof toConversation>[0]> = {}): LoadConversation {
  return toConversation({
    shape: 'synthetic-256',
    random: seededRandom(1),
    name: 'Run 1, user 0, question 1',
    tokensPerWord: null,
    ...options,
  });
}

describe('a synthetic prompt', () => {
  it('begins with its own name, so that no prefix cache helps, and asks for exactly 256 tokens', () => {
    const { system, turns } = conversation();
    expect(system).toBeNull();
    expect(turns).toHaveLength(1);
    expect(turns[0]).toMatchObject({ maxTokens: 256, isFixedLength: true, pauseMs: 0 });
    expect(turns[0]?.content).toMatch(/^Run 1, user 0, question 1: [a-z]+( [a-z]+)+$/);
  });

  it('is as long as the engine’s count of words makes it', () => {
    const words = (tokensPerWord: number) =>
      countWords(conversation({ tokensPerWord }).turns[0]?.content.replace(/^.*: /, '') ?? '');
    expect([words(1), words(2), words(4)]).toEqual([256, 128, 64]);
  });
});

describe('a conversation over documents', () => {
  it('shares three documents among all users, and asks four different questions with pauses', () => {
    const all = Array.from({ length: 60 }, (_, seed) =>
      conversation({ shape: 'documents', random: seededRandom(seed) }),
    );
    expect(new Set(all.map(({ system }) => system)).size).toBe(3);
    for (const each of all) {
      expect(openingMessages(each)).toEqual([{ role: 'system', content: each.system }]);
      expect(new Set(each.turns.map(({ content }) => content)).size).toBe(4);
      for (const { pauseMs } of each.turns) {
        expect(pauseMs).toBeGreaterThanOrEqual(1_000);
        expect(pauseMs).toBeLessThanOrEqual(3_000);
      }
    }
  });

  it('has documents that differ from their first words on', () => {
    const documents = [...'abcdefgh'].map(
      (_, seed) => conversation({ shape: 'documents', random: seededRandom(seed) }).system ?? '',
    );
    for (const document of documents) expect(document.slice(0, 24)).toMatch(/^Edition for berth [ABC]\./);
  });
});

describe('seeded numbers', () => {
  it('are the same for the same seed, spread over the whole range, and others for another', () => {
    const draw = (seed: number) => Array.from({ length: 2_000 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const counts = [0, 0, 0, 0];
    const random = seededRandom(7);
    for (let index = 0; index < 2_000; index += 1) {
      const picked = pickIndex(random, 4);
      counts[picked] = (counts[picked] ?? Number.NaN) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(80);
  });
});

describe('when a load shows in the curves', () => {
  it('is one scrape after its start, and wholly after one rate window more', () => {
    expect(toChartTimes(Date.UTC(2026, 0, 15, 9), 30, 120)).toEqual({
      scrapeIntervalSeconds: 30,
      rateWindowSeconds: 120,
      firstAt: '2026-01-15T09:00:30.000Z',
      whollyAt: '2026-01-15T09:02:30.000Z',
    });
    expect(toChartTimes(0, null, null)).toBeNull();
  });
});
