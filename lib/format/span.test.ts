import { expect, it } from 'vitest';
import { formatSpan } from './span';

it.each([
  [0, '0 s'],
  [-5, '0 s'],
  [25_600, '26 s'],
  [59_600, '1 min'],
  [161_000, '2 min 41 s'],
  [3_600_000, '1 h'],
  [3_900_000, '1 h 5 min'],
])('%d ms reads %s', (spanMs, text) => {
  expect(formatSpan(spanMs).replaceAll('\u00a0', ' ')).toBe(text);
});
