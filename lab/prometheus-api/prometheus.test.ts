import { expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { createPrometheus } from './prometheus.ts';

test('scrapes at once and then at every interval, until it is stopped', async () => {
  const clock = virtualClock(0);
  const scrapedAtMs: number[] = [];
  const prometheus = createPrometheus({
    clock,
    scrapeIntervalMs: 5000,
    targets: () => {
      scrapedAtMs.push(clock.nowMs());
      return [];
    },
  });
  await clock.advance(12_000);
  expect(scrapedAtMs).toEqual([0, 5000, 10_000]);
  prometheus.stop();
  await clock.advance(60_000);
  expect(scrapedAtMs).toHaveLength(3);
});

test('keeps its rhythm when a timer fires late, and skips the rounds that were missed', () => {
  let nowMs = 0;
  let due: { delayMs: number; task: () => void } | null = null;
  const delays: number[] = [];
  const prometheus = createPrometheus({
    clock: {
      nowMs: () => nowMs,
      schedule: (delayMs, task) => {
        due = { delayMs, task };
        delays.push(delayMs);
        return () => {};
      },
    },
    scrapeIntervalMs: 5000,
    targets: () => [],
  });
  const fireAt = (timeMs: number): void => {
    nowMs = timeMs;
    due?.task();
  };
  fireAt(0);
  fireAt(5300);
  fireAt(17_000);
  prometheus.stop();
  expect(delays).toEqual([0, 5000, 4700, 3000]);
});
