import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { createEngine } from './engine.ts';
import { type EngineServer, engineOptions, startEngineServer } from './engine-fixture.ts';

const BASELINE = {
  servedModelName: 'mistral-3-int4',
  maxModelLen: 8192,
  numGpuBlocks: 3276,
  cacheDtype: 'fp8',
  gpuMemoryUtilization: 0.85,
} as const;
const SAMPLE = new URL('../../../shared/facts/samples/vllm-metrics.txt', import.meta.url);
const NEWER_SAMPLE = new URL('../../../shared/facts/samples/vllm-metrics-newer.txt', import.meta.url);

let server: EngineServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const namesOnly = (page: string): string[] =>
  page
    .trimEnd()
    .split('\n')
    .map((line) => (line.startsWith('#') ? line : line.replace(/ \S+$/, '')));

describe('the page of an engine', () => {
  test('begins every family as vLLM 0.10.1 does', () => {
    const page = createEngine(engineOptions(BASELINE)).metricsText();
    expect(page).toContain(
      [
        '# HELP vllm:num_requests_running Number of requests in model execution batches.',
        '# TYPE vllm:num_requests_running gauge',
        'vllm:num_requests_running{engine="0",model_name="mistral-3-int4"} 0.0',
      ].join('\n'),
    );
    expect(page).toMatch(
      /# HELP vllm:num_preemptions_created Cumulative number of preemption from the engine\.\n# TYPE vllm:num_preemptions_created gauge\nvllm:num_preemptions_created\{engine="0",model_name="mistral-3-int4"\} 1\.\d+e\+09\n/,
    );
  });

  test('cuts the edges of token counts at the length of the model', () => {
    const edges = (maxModelLen: number): string[] =>
      [
        ...createEngine(engineOptions({ maxModelLen }))
          .metricsText()
          .matchAll(/^vllm:request_prompt_tokens_bucket\{.*le="([^"]+)"/gm),
      ].map(([, edge = '']) => edge);
    expect(edges(8192).slice(-3)).toEqual(['2000.0', '5000.0', '+Inf']);
    expect(edges(32_768).slice(-3)).toEqual(['10000.0', '20000.0', '+Inf']);
  });

  test('describes the flags of its arm', () => {
    expect(createEngine(engineOptions(BASELINE)).metricsText()).toMatch(
      /^vllm:cache_config_info\{block_size="16",cache_dtype="fp8",.*gpu_memory_utilization="0\.85",.*num_gpu_blocks="3276",.*\} 1\.0$/m,
    );
  });

  test('names the families that belong to the release', () => {
    const has = (version: string, family: string): boolean =>
      createEngine(engineOptions({ version })).metricsText().includes(`# TYPE vllm:${family} `);
    const families = ['time_per_output_token_seconds', 'inter_token_latency_seconds', 'gpu_cache_usage_perc'];
    expect(families.map((family) => has('0.10.1.1', family))).toEqual([true, false, true]);
    expect(families.map((family) => has('0.11.0+rhai5', family))).toEqual([true, true, false]);
    expect(families.map((family) => has('0.13.0', family))).toEqual([false, true, false]);
  });

  test('tells when the process began, before the first family was created', () => {
    const clock = virtualClock();
    const page = createEngine({
      ...engineOptions({ clock }),
      processStartedMs: clock.nowMs() - 187_000,
    }).metricsText();
    const seconds = (name: string): number =>
      Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(page)?.[1]);
    expect(seconds('vllm:prompt_tokens_created') - seconds('process_start_time_seconds')).toBeCloseTo(187, 1);
  });

  test('counts HTTP requests by status class, except the probes', async () => {
    server = await startEngineServer(BASELINE);
    for (const path of ['/v1/models', '/health', '/metrics', '/v1/nothing'])
      await fetch(`${server.url}${path}`);
    const lines = server.engine.metricsText().match(/^http_requests_total.*$/gm);
    expect(lines).toEqual([
      'http_requests_total{handler="/v1/models",method="GET",status="2xx"} 1.0',
      'http_requests_total{handler="none",method="GET",status="4xx"} 1.0',
    ]);
  });

  test.skipIf(!existsSync(SAMPLE))(
    'has the lines of the sample in its order, HELP texts and all',
    async () => {
      server = await startEngineServer(BASELINE);
      const chat = async (body: object): Promise<void> => {
        const response = await fetch(`${server?.url}/v1/chat/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        await response.text();
      };
      await server.during(chat({ messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1 }));
      await server.during(chat({ model: 'other', messages: [{ role: 'user', content: 'Hi' }] }));
      await fetch(`${server.url}/v1/models`).then((response) => response.text());
      expect(namesOnly(server.engine.metricsText())).toEqual(namesOnly(readFileSync(SAMPLE, 'utf8')));
    },
  );

  test.skipIf(!existsSync(NEWER_SAMPLE))('of a newer release has the lines of its sample', async () => {
    server = await startEngineServer({ version: '0.21.0' });
    const response = fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1 }),
    });
    await server.during(response.then((answer) => answer.text()));
    await fetch(`${server.url}/v1/models`).then((answer) => answer.text());
    expect(namesOnly(server.engine.metricsText())).toEqual(namesOnly(readFileSync(NEWER_SAMPLE, 'utf8')));
  });

  test('of a newer release tells where prompt tokens came from', async () => {
    server = await startEngineServer({ version: '0.21.0' });
    const chat = (): Promise<string> =>
      fetch(`${server?.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          messages: [{ role: 'user', content: 'One and the same question. '.repeat(20) }],
          max_tokens: 2,
        }),
      }).then((answer) => answer.text());
    await server.during(chat());
    await server.during(chat());
    const page = server.engine.metricsText();
    const value = (series: string): number =>
      Number(new RegExp(`^vllm:${series}.* (\\S+)$`, 'm').exec(page)?.[1]);
    const computed = value('prompt_tokens_by_source_total.*local_compute');
    const cached = value('prompt_tokens_by_source_total.*local_cache_hit');
    expect(cached).toBeGreaterThan(0);
    expect(computed + cached).toBe(value('prompt_tokens_total'));
    expect(cached).toBe(value('prefix_cache_hits_total'));
    expect(cached).toBe(value('prompt_tokens_cached_total'));
    expect(computed).toBe(value('request_prefill_kv_computed_tokens_sum'));
  });
});
