import { expect, test } from 'vitest';
import { compareVersions } from './versions';

test.each([
  ['4.19.9', '4.19.18', -1],
  ['4.19.18', '4.20.0', -1],
  ['4.20.0', '4.20.0', 0],
  ['4.20.0-rc.1', '4.20.0', -1],
  ['v1.2.1', '1.1.1', 1],
  ['3.0', '3.0.0', 0],
  ['latest', '1.0.0', null],
] as const)('%s against %s is %s', (left, right, expected) => {
  expect(compareVersions(left, right)).toBe(expected);
});
