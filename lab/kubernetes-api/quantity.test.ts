import { expect, test } from 'vitest';
import { formatCpu, formatMemory, parseQuantity } from './quantity.ts';

test.each([
  ['8010m', 8.01],
  ['98849Mi', 98_849 * 2 ** 20],
  ['63214348Ki', 63_214_348 * 1024],
  ['1e3', 1000],
  ['0.5', 0.5],
  [3, 3],
  ['', 0],
  ['many', 0],
  [undefined, 0],
])('%s is %d', (quantity, expected) => {
  expect(parseQuantity(quantity)).toBeCloseTo(expected, 9);
});

test('amounts are written as the controllers write them', () => {
  expect([
    formatCpu(24.286),
    formatCpu(3),
    formatMemory(98_849 * 2 ** 20),
    formatMemory(0),
    formatMemory(2 ** 31),
  ]).toEqual(['24286m', '3', '98849Mi', '0', '2Gi']);
});
