/** Metrics §13.8, "could a vLLM engineer tell?", point by point. */
import { describe, expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { parsePage } from '../prometheus-api/exposition-parser.ts';
import { healthyObjects } from '../world/healthy.ts';
import type { Pod } from '../world/workload-types.ts';
import { createWorld } from '../world/world.ts';
import { closedLoop, OUTPUT_TOKENS, PROMPT_TOKENS } from './closed-loop.ts';
import { createEngine } from './engine.ts';
import { EngineCore } from './engine-core.ts';
import { engineOptions } from './engine-fixture.ts';
import { PythonPage } from './page-writer.ts';

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

const within15Percent = (value: number, published: number): void => {
  expect(value).toBeGreaterThan(published * 0.85);
  expect(value).toBeLessThan(published * 1.15);
};

/** Families in the order of the page, with their type. */
function families(text: string): [name: string, type: string][] {
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]);
}

describe.each(['0.10.1.1', '0.13.0', '0.21.0'])('1. the page of %s', (version) => {
  const text = createEngine(engineOptions({ version })).metricsText();

  test('has python_*, process_*, vllm:* and http_* in this order', () => {
    const groups = families(text).map(([name]) => /^(python|process|vllm|http)/.exec(name)?.[0]);
    expect(groups.filter((group, index) => group !== groups[index - 1])).toEqual([
      'python',
      'process',
      'vllm',
      'http',
    ]);
  });

  test('follows each counter and histogram of vLLM with its _created gauge', () => {
    const all = families(text).filter(([name]) => name.startsWith('vllm:'));
    const cumulative = all.flatMap(([name, type], index) =>
      type === 'counter' || type === 'histogram' ? [[name, type, ...(all[index + 1] ?? [])]] : [],
    );
    expect(cumulative.length).toBeGreaterThan(15);
    for (const [name = '', type, next, nextType] of cumulative) {
      const base = type === 'counter' ? name.replace(/_total$/, '') : name;
      expect([next, nextType]).toEqual([`${base}_created`, 'gauge']);
    }
  });

  test('says HELP before TYPE, sorts labels, and writes numbers as Python does', () => {
    const lines = text.trimEnd().split('\n');
    for (const [index, line] of lines.entries()) {
      if (line.startsWith('# TYPE ')) expect(lines[index - 1]).toMatch(`# HELP ${line.split(' ')[2]} `);
      if (line.startsWith('#')) continue;
      const labels = [...line.matchAll(/([a-z_]+)="/g)].map(([, label]) => label);
      expect(labels).toEqual(labels.toSorted());
      expect(line).toMatch(/ (\d+\.\d+|\d\.\d+e[+-]\d{2,3}|\d+\.\d+e-\d+)$/);
    }
  });
});

describe('2. the books balance', () => {
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

describe('3. and 4. times add up', () => {
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
});

describe('5. and 6. blocks', () => {
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

  test('usage moves in steps of one block of the usable ones', async () => {
    const { core } = await closedLoop(2, 3);
    const blocks = core.snapshot().kvCacheUsageRatio * 2239;
    expect(blocks).toBeGreaterThan(30);
    expect(Math.abs(blocks - Math.round(blocks))).toBeLessThan(1e-9);
  });
});

describe('7. and 8. load', () => {
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

  test('a request waits 0.28 s for every 256-token prompt ahead of it', async () => {
    const { ttftMs } = await closedLoop(6, 4);
    expect(Math.max(...ttftMs)).toBeGreaterThan(6 * 255);
    expect(Math.max(...ttftMs)).toBeLessThan(6 * 285);
  });
});

describe('9. the page fits the flags of its side', () => {
  test.each([
    {
      maxModelLen: 8192,
      cacheDtype: 'fp8',
      numGpuBlocks: 3502,
      gpuMemoryUtilization: 0.85,
      lastEdge: '5000.0',
    },
    {
      maxModelLen: 32_768,
      cacheDtype: 'auto',
      numGpuBlocks: 2240,
      gpuMemoryUtilization: 0.9,
      lastEdge: '20000.0',
    },
  ] as const)('$maxModelLen tokens, $numGpuBlocks blocks of $cacheDtype', ({ lastEdge, ...flags }) => {
    const text = createEngine(engineOptions(flags)).metricsText();
    for (const family of [
      'request_prompt_tokens',
      'request_generation_tokens',
      'request_params_max_tokens',
    ]) {
      const edges = [...text.matchAll(new RegExp(`^vllm:${family}_bucket.*le="([^"]+)"`, 'gm'))];
      expect(edges.slice(-2).map(([, edge]) => edge)).toEqual([lastEdge, '+Inf']);
    }
    const [info = ''] = /^vllm:cache_config_info\{.*$/m.exec(text) ?? [];
    expect(info).toContain(`cache_dtype="${flags.cacheDtype}"`);
    expect(info).toContain(`gpu_memory_utilization="${flags.gpuMemoryUtilization}"`);
    expect(info).toContain(`num_gpu_blocks="${flags.numGpuBlocks}"`);
  });
});

test('10. a pod takes minutes to load: no port until then, and a process older than its figures by that time', async () => {
  const clock = virtualClock();
  let port = 30_000;
  const world = createWorld({
    clock,
    seed: 7,
    objects: healthyObjects(),
    timeFactor: 1,
    createEngine,
    listen: async () => ({ port: ++port, destroy: () => {} }),
  });
  await clock.advance(0);
  const lost = 'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr';
  const enginePods = (): Pod[] =>
    world.cluster
      .list<Pod>('pods')
      .filter(({ metadata }) => /^mistral-3-distributed-kserve-ftk8wprfxh-/.test(metadata.name));
  const before = enginePods().map(({ metadata }) => metadata.uid);
  world.killPod(lost);
  await clock.advance(10_000);
  const successor = enginePods().find(({ metadata }) => !before.includes(metadata.uid));
  const uid = successor?.metadata.uid ?? '';
  let waitedSeconds = 10;
  while (world.engines.get(uid) === undefined && waitedSeconds < 600) {
    await clock.advance(1000);
    waitedSeconds++;
  }
  expect(waitedSeconds).toBeGreaterThanOrEqual(120);
  expect(waitedSeconds).toBeLessThanOrEqual(300);

  const text = world.engines.get(uid)?.engine.metricsText() ?? '';
  const seconds = (name: string): number =>
    Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
  const loadSeconds = seconds('vllm:prompt_tokens_created') - seconds('process_start_time_seconds');
  expect(loadSeconds).toBeGreaterThan(120);
  expect(loadSeconds).toBeLessThanOrEqual(waitedSeconds);
  world.stop();
});
