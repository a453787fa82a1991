import { describe, expect, test } from 'vitest';
import { type VirtualClock, virtualClock } from '../clock.ts';
import type { EngineOptions } from '../parts.ts';
import { parsePage } from '../prometheus-api/exposition-parser.ts';
import { EngineCore } from './engine-core.ts';
import { engineOptions } from './engine-fixture.ts';
import { PythonPage } from './page-writer.ts';

interface Run {
  clock: VirtualClock;
  core: EngineCore;
  ttftMs: number[];
  /** Mean per request, as GuideLLM defines inter-token latency. */
  itlMs: number[];
}

const PROMPT_TOKENS = 263;
const OUTPUT_TOKENS = 256;

/** A closed loop: each user sends the next request when the last is answered. Prompts share nothing. */
async function closedLoop(
  users: number,
  seconds: number,
  overrides: Partial<EngineOptions> = {},
): Promise<Run> {
  const clock = virtualClock();
  const core = new EngineCore(engineOptions({ clock, ...overrides }));
  const run: Run = { clock, core, ttftMs: [], itlMs: [] };
  const endMs = clock.nowMs() + seconds * 1000;
  let requests = 0;
  const send = (): void => {
    const sentMs = clock.nowMs();
    if (sentMs >= endMs) return;
    const seed = requests++;
    let firstMs: number | null = null;
    core.submit({
      promptTokens: Array.from({ length: PROMPT_TOKENS }, (_, index) => seed * 1000 + index),
      maxTokens: OUTPUT_TOKENS,
      minTokens: 0,
      ignoreEos: true,
      stopStrings: [],
      answer: { next: () => ({ id: 7, text: ' token' }) },
      arrivedMs: sentMs,
      onOutput: ({ finish }) => {
        if (firstMs === null) {
          firstMs = clock.nowMs();
          run.ttftMs.push(firstMs - sentMs);
        }
        if (finish === null) return;
        run.itlMs.push((clock.nowMs() - firstMs) / (OUTPUT_TOKENS - 1));
        send();
      },
    });
  };
  for (let user = 0; user < users; user++) send();
  await clock.advance(seconds * 1000);
  return run;
}

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

describe('saturation (metrics §13.8 point 7)', () => {
  test.each([
    [1, 19],
    [8, 120],
    [15, 180],
    [30, 260],
  ])('%i users get about %i output tokens a second from one engine', async (users, tokensPerSecond) => {
    const { core } = await closedLoop(users, 60, { cacheDtype: 'fp8' });
    within15Percent(core.metrics.counter('generation_tokens') / 60, tokensPerSecond);
  });

  test('the exact mean gap between tokens follows the simulation of metrics §8', async () => {
    for (const [users, meanMs] of [
      [1, 51.6],
      [5, 59.4],
      [15, 75.1],
    ] as const) {
      const { core } = await closedLoop(users, 60);
      const gaps = core.metrics.histogram('time_per_output_token_seconds');
      if (gaps === undefined) throw new Error('no gaps observed');
      const mean = (gaps.sum / gaps.count) * 1000;
      expect(Math.abs(mean - meanMs) / meanMs).toBeLessThan(0.03);
    }
  });
});

describe('what a vLLM engineer would check (metrics §13.8)', () => {
  const page = (core: EngineCore): Map<string, number> => {
    const writer = new PythonPage();
    core.metrics.writeTo(writer);
    return new Map(
      parsePage(writer.text()).samples.map(({ seriesText, value }) => [
        seriesText.replace(/(engine="0",?|,?model_name="[^"]*")/g, '').replace('{}', ''),
        value,
      ]),
    );
  };
  const figure = (values: Map<string, number>, name: string): number => {
    const value = values.get(`vllm:${name}`);
    if (value === undefined) throw new Error(`no vllm:${name}`);
    return value;
  };

  test('the sums agree after a load has come to rest', async () => {
    const { clock, core } = await closedLoop(6, 40);
    await clock.advance(60_000);
    const values = page(core);
    const finished = figure(values, 'request_success_total{finished_reason="length"}');
    for (const name of [
      'time_to_first_token_seconds',
      'e2e_request_latency_seconds',
      'iteration_tokens_total',
    ]) {
      expect(figure(values, `${name}_bucket{le="+Inf"}`)).toBe(figure(values, `${name}_count`));
    }
    expect(figure(values, 'time_per_output_token_seconds_count')).toBe(
      figure(values, 'generation_tokens_total') - figure(values, 'time_to_first_token_seconds_count'),
    );
    expect(figure(values, 'e2e_request_latency_seconds_count')).toBe(finished);
    expect(figure(values, 'iteration_tokens_total_sum')).toBe(
      figure(values, 'prompt_tokens_total') + figure(values, 'generation_tokens_total'),
    );
    expect(figure(values, 'prefix_cache_queries_total')).toBe(finished * PROMPT_TOKENS);
    expect(figure(values, 'prompt_tokens_total')).toBe(finished * PROMPT_TOKENS);
    expect(figure(values, 'num_requests_running')).toBe(0);
    expect(figure(values, 'kv_cache_usage_perc')).toBe(0);
  });

  test('queue, prefill and decode add up to the whole, but for the few milliseconds of the API server', async () => {
    const { clock, core } = await closedLoop(4, 20);
    await clock.advance(30_000);
    const values = page(core);
    const sum = (name: string): number => figure(values, `request_${name}_time_seconds_sum`);
    const requests = figure(values, 'e2e_request_latency_seconds_count');
    const rest =
      figure(values, 'e2e_request_latency_seconds_sum') - sum('queue') - sum('prefill') - sum('decode');
    expect((rest / requests) * 1000).toBeGreaterThan(2);
    expect((rest / requests) * 1000).toBeLessThan(6);
    expect(sum('inference')).toBeCloseTo(sum('prefill') + sum('decode'), 9);
  });

  test("Little's law: mean running requests are the rate times the time in the engine", async () => {
    const { clock, core } = await closedLoop(5, 1);
    let runningSeconds = 0;
    for (let second = 0; second < 30; second += 0.1) {
      await clock.advance(100);
      runningSeconds += core.snapshot().running * 0.1;
    }
    const values = page(core);
    const inference = figure(values, 'request_inference_time_seconds_sum');
    expect(Math.abs(runningSeconds - inference) / inference).toBeLessThan(0.08);
  });

  test('a request waits 0.28 s for every 256-token prompt ahead of it', async () => {
    const { ttftMs } = await closedLoop(6, 4);
    expect(Math.max(...ttftMs)).toBeGreaterThan(6 * 255);
    expect(Math.max(...ttftMs)).toBeLessThan(6 * 285);
  });

  test('usage moves in steps of one block of the usable ones', async () => {
    const { core } = await closedLoop(2, 3);
    const blocks = core.snapshot().kvCacheUsageRatio * 2239;
    expect(blocks).toBeGreaterThan(30);
    expect(Math.abs(blocks - Math.round(blocks))).toBeLessThan(1e-9);
  });

  test('a repeated prompt hits in whole blocks and its first token comes after one short step', async () => {
    const clock = virtualClock();
    const core = new EngineCore(engineOptions({ clock }));
    const ask = async (): Promise<number> => {
      const sentMs = clock.nowMs();
      let firstMs = 0;
      core.submit({
        promptTokens: Array.from({ length: 4000 }, (_, index) => index),
        maxTokens: 1,
        minTokens: 0,
        ignoreEos: true,
        stopStrings: [],
        answer: { next: () => ({ id: 7, text: 'x' }) },
        arrivedMs: sentMs,
        onOutput: () => {
          firstMs = clock.nowMs();
        },
      });
      await clock.advance(10_000);
      return firstMs - sentMs;
    };
    expect(await ask()).toBeGreaterThan(3900);
    expect(await ask()).toBeLessThan(80);
    // The last block holds the last token of the prompt, which is always computed.
    expect(core.metrics.counter('prefix_cache_hits')).toBe(3984);
    expect(core.metrics.counter('prefix_cache_queries')).toBe(8000);
  });

  test('under memory pressure requests are preempted, and all of them still finish', async () => {
    const { clock, core } = await closedLoop(6, 20, { numGpuBlocks: 120 });
    await clock.advance(120_000);
    const values = page(core);
    expect(figure(values, 'num_preemptions_total')).toBeGreaterThan(0);
    expect(figure(values, 'num_requests_waiting')).toBe(0);
    expect(figure(values, 'generation_tokens_total')).toBe(
      figure(values, 'request_success_total{finished_reason="length"}') * OUTPUT_TOKENS,
    );
    expect(figure(values, 'kv_cache_usage_perc')).toBe(0);
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
