import { describe, expect, test } from 'vitest';
import { type VirtualClock, virtualClock } from '../clock.ts';
import { closedLoop } from './closed-loop.ts';
import { EngineCore } from './engine-core.ts';
import { engineOptions } from './engine-fixture.ts';

function nearestRank(values: readonly number[], quantile: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(quantile * sorted.length) - 1] ?? Number.NaN;
}

const within15Percent = (value: number, published: number): void => {
  expect(value).toBeGreaterThan(published * 0.85);
  expect(value).toBeLessThan(published * 1.15);
};

describe('the published ladder (demo-environment §15.3; 256/256 tokens, all users start together)', () => {
  test.each([
    { users: 1, ttft: [253, 260], itlP95: 52 },
    { users: 3, ttft: [780, 836], itlP95: 56 },
    { users: 8, ttft: [2191, 2212], itlP95: 63 },
    { users: 15, ttft: [2514, 4170], itlP95: 74 },
  ])(
    '$users users: TTFT P50, P95 and ITL P95 of the first wave lie within 15 %',
    async ({ users, ttft, itlP95 }) => {
      const { ttftMs, itlMs } = await closedLoop(users, 30);
      const wave = ttftMs.slice(0, users);
      within15Percent(nearestRank(wave, 0.5), ttft[0] ?? Number.NaN);
      within15Percent(nearestRank(wave, 0.95), ttft[1] ?? Number.NaN);
      within15Percent(nearestRank(itlMs.slice(0, users), 0.95), itlP95);
    },
  );
});

describe('the baseline (demo-environment §15.1)', () => {
  test.each([
    [3, 874],
    [5, 1489],
    [8, 2185],
    [10, 2822],
    [15, 4277],
  ])('%i users: TTFT P95 of the first wave lies within 15 %', async (users, publishedMs) => {
    const { ttftMs } = await closedLoop(users, 5, {
      cacheDtype: 'fp8',
      numGpuBlocks: 3502,
      maxModelLen: 8192,
    });
    within15Percent(nearestRank(ttftMs.slice(0, users), 0.95), publishedMs);
  });
});

test('under load some chunks carry two tokens, at rest none does (metrics §10.1)', async () => {
  const chunksOf = async (users: number): Promise<{ chunks: number; tokens: number }> => {
    const clock = virtualClock();
    const core = new EngineCore(engineOptions({ clock }));
    const seen = { chunks: 0, tokens: 0 };
    for (let user = 0; user < users; user++) {
      core.submit({
        promptTokens: [user],
        maxTokens: 50,
        minTokens: 0,
        ignoreEos: true,
        stopStrings: [],
        answer: { next: () => ({ id: 7, text: ' token' }) },
        arrivedMs: clock.nowMs(),
        onOutput: ({ text }) => {
          seen.chunks++;
          seen.tokens += text.split(' token').length - 1;
        },
      });
    }
    await clock.advance(20_000);
    return seen;
  };
  expect(await chunksOf(4)).toEqual({ chunks: 200, tokens: 200 });
  const { chunks, tokens } = await chunksOf(24);
  expect(tokens).toBe(1200);
  expect(chunks).toBeGreaterThan(900);
  expect(chunks).toBeLessThan(1150);
});

test('an idle engine has nothing scheduled', async () => {
  let scheduled = 0;
  const inner = virtualClock();
  const clock: VirtualClock = {
    ...inner,
    schedule: (delayMs, task) => {
      scheduled++;
      return inner.schedule(delayMs, task);
    },
  };
  const core = new EngineCore(engineOptions({ clock }));
  core.submit({
    promptTokens: [1, 2, 3],
    maxTokens: 2,
    minTokens: 0,
    ignoreEos: true,
    stopStrings: [],
    answer: { next: () => ({ id: 7, text: 'x' }) },
    arrivedMs: clock.nowMs(),
    onOutput: () => {},
  });
  await clock.advance(1000);
  const afterWork = scheduled;
  await clock.advance(3_600_000);
  expect(scheduled).toBe(afterWork);
});
