import { describe, expect, it } from 'vitest';
import { countOf, joinWords } from './words';

describe('words', () => {
  it('counts in the singular only for one', () => {
    expect([0, 1, 2].map((count) => countOf(count, 'gate'))).toEqual(['0 gates', '1 gate', '2 gates']);
    expect(countOf(2, 'query', 'queries')).toBe('2 queries');
  });

  it('joins a list as one says it', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((list) => joinWords(list))).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});
