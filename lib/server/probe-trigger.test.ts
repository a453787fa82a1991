import { expect, test } from 'vitest';
import { createProbeTrigger, PROBE_AT_MOST_EVERY_MS } from './probe-trigger';

test('whoever asks soon after another gets the same round, and the models are asked once', () => {
  let elapsedMs = 0;
  let rounds = 0;
  const trigger = createProbeTrigger({
    start: () => {
      rounds += 1;
    },
    clock: { now: () => 1_000_000 + elapsedMs, monotonic: () => elapsedMs },
  });
  expect(trigger.ask()).toEqual({ startedAt: 1_000_000, isNew: true });
  elapsedMs = PROBE_AT_MOST_EVERY_MS - 1;
  expect(trigger.ask()).toEqual({ startedAt: 1_000_000, isNew: false });
  elapsedMs = PROBE_AT_MOST_EVERY_MS;
  expect(trigger.ask()).toEqual({ startedAt: 1_000_000 + PROBE_AT_MOST_EVERY_MS, isNew: true });
  expect(rounds).toBe(2);
});
