import { expect, test } from 'vitest';
import { ageOf, humanDuration } from './duration.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, '0s'],
  [119 * SECOND, '119s'],
  [2 * MINUTE, '2m'],
  [2 * MINUTE + 5 * SECOND, '2m5s'],
  [17 * MINUTE + 49 * SECOND, '17m'],
  [179 * MINUTE, '179m'],
  [3 * HOUR, '3h'],
  [5 * HOUR + 12 * MINUTE, '5h12m'],
  [29 * HOUR, '29h'],
  [2 * DAY + 3 * HOUR, '2d3h'],
  [14 * DAY, '14d'],
  [800 * DAY, '2y70d'],
  [3000 * DAY, '8y'],
  [-5 * SECOND, '<invalid>'],
])('%d ms is %s', (durationMs, text) => {
  expect(humanDuration(durationMs)).toBe(text);
});

test('no time has no age', () => {
  expect([ageOf(undefined, 0), ageOf(null, 0)]).toEqual(['<unknown>', '<unknown>']);
});
