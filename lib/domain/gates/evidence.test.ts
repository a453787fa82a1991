import { expect, test } from 'vitest';
import { boundExcerpt } from './evidence';

test('a short excerpt is left as it is', () => {
  expect(boundExcerpt({ a: 1 })).toEqual({ a: 1 });
});

test('a long list loses its tail and says how much', () => {
  const bounded = boundExcerpt(Array.from({ length: 1_000 }, (_, index) => ({ name: `node-${index}` })));
  expect(Array.isArray(bounded) && bounded.at(-1)).toMatch(/^… \d+ more$/);
});

test('anything else too long becomes a short text', () => {
  expect(typeof boundExcerpt({ message: 'ü'.repeat(10_000) })).toBe('string');
});
