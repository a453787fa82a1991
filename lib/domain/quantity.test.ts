import { expect, test } from 'vitest';
import { parseQuantity } from './quantity';

test.each([
  ['3', 3],
  [3, 3],
  ['8010m', 8.01],
  ['24286m', 24.286],
  ['98849Mi', 98849 * 1024 ** 2],
  ['63214348Ki', 63214348 * 1024],
  ['60Gi', 60 * 1024 ** 3],
  ['1k', 1000],
  ['1.5', 1.5],
  ['2e3', 2000],
  ['1E', 1e18],
  ['-1', -1],
  ['100n', 1e-7],
])('%s is read as %d', (raw, value) => {
  expect(parseQuantity(raw)).toBeCloseTo(value, 9);
});

test.each(['', 'abc', '1Qi', '1 Gi', '--1', '0x10', Number.NaN, Number.POSITIVE_INFINITY, null, undefined])(
  '%s is no quantity, and not zero',
  (raw) => {
    expect(parseQuantity(raw)).toBeNull();
  },
);
