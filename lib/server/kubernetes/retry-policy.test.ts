import { expect, test } from 'vitest';
import { waitWithinProof } from './retry-policy';

test.each([
  ['nothing was proved yet', null, 8_000, 12_000],
  ['there is time enough', 99_000, 2_000, 12_000],
  ['the answer takes long', 99_000, 8_000, 10_000],
  ['the answer comes too late anyway', 90_000, 12_000, 1_000],
  ['the proof is lost already', 79_999, 2_000, 12_000],
] as const)('the next question waits as the last proof allows: %s', (_name, at, costMs, waitMs) => {
  expect(waitWithinProof(12_000, { at, now: 100_000, costMs, lastsMs: 20_000 })).toBe(waitMs);
});
