import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoScene, startDemoScene } from './demo-scene.ts';
import { instantQuery } from './query-engine.ts';

const S = 'namespace="private-ai",pod=~"mistral-3-distributed-kserve-[a-z0-9]+-[a-z0-9]{5}"';
const E = 'namespace="private-ai",pod=~"mistral-3-distributed-kserve-router-scheduler-.+"';
const G = 'exported_namespace="private-ai",exported_pod=~"mistral-3-.+"';
const W = '2m';
const ITL = 'vllm:time_per_output_token_seconds';

let scene: DemoScene;
beforeAll(async () => {
  scene = await startDemoScene();
  await scene.load(12);
});
afterAll(() => scene.close());

function values(query: string): number[] {
  const { data } = instantQuery(scene.store, query, scene.clock.nowMs());
  if (data.resultType !== 'vector') throw new Error(`${query} gave a ${data.resultType}`);
  return data.samples.map(({ value }) => value);
}

const quantile = (family: string, phi = 0.95): string =>
  `histogram_quantile(${phi}, sum by (le) (rate(${family}_bucket{${S}}[${W}])))`;

describe('every query of the charts gives numbers under load (metrics §7.1)', () => {
  test.each([
    quantile('vllm:time_to_first_token_seconds', 0.5),
    quantile('vllm:time_to_first_token_seconds', 0.99),
    `sum(rate(vllm:time_to_first_token_seconds_sum{${S}}[${W}])) / sum(rate(vllm:time_to_first_token_seconds_count{${S}}[${W}]))`,
    `sum(rate(vllm:time_to_first_token_seconds_bucket{${S},le=~"1([.]0)?"}[${W}])) / sum(rate(vllm:time_to_first_token_seconds_count{${S}}[${W}]))`,
    `histogram_quantile(0.95, sum by (le) (rate(vllm:inter_token_latency_seconds_bucket{${S}}[${W}])) or sum by (le) (rate(${ITL}_bucket{${S}}[${W}])))`,
    `sum(rate(${ITL}_sum{${S}}[${W}])) / sum(rate(${ITL}_count{${S}}[${W}]))`,
    quantile('vllm:e2e_request_latency_seconds'),
    `sum(vllm:num_requests_waiting{${S}})`,
    quantile('vllm:request_queue_time_seconds'),
    `sum(max by (pod, engine) (vllm:num_requests_running{${S}}))`,
    `max(vllm:kv_cache_usage_perc{${S}})`,
    `avg(vllm:kv_cache_usage_perc{${S}}) or avg(vllm:gpu_cache_usage_perc{${S}})`,
    `sum(rate(vllm:generation_tokens_total{${S}}[${W}]))`,
    `sum(rate(vllm:generation_tokens_total{${S}}[${W}])) or sum(rate(kserve_vllm:generation_tokens_total{${S}}[${W}]))`,
    `sum(rate(vllm:prompt_tokens_total{${S}}[${W}]))`,
    `sum(rate(vllm:request_success_total{${S}}[${W}]))`,
    `sum by (finished_reason) (increase(vllm:request_success_total{${S}}[${W}]))`,
    `sum(increase(vllm:num_preemptions_total{${S}}[${W}]))`,
    `sum(rate(vllm:prefix_cache_hits_total{${S}}[${W}])) / (sum(rate(vllm:prefix_cache_queries_total{${S}}[${W}])) > 0)`,
    `sum by (pod) (rate(vllm:generation_tokens_total{${S}}[${W}])) / scalar(sum(rate(vllm:generation_tokens_total{${S}}[${W}])))`,
    `max by () (rate(vllm:generation_tokens_total{${S}}[${W}])) / avg by () (rate(vllm:generation_tokens_total{${S}}[${W}]))`,
    `sum by (pod) (increase(vllm:time_to_first_token_seconds_count{${S}}[${W}]))`,
    `sum(rate(vllm:prompt_tokens_total{${S}}[${W}])) - sum(rate(vllm:prefix_cache_hits_total{${S}}[${W}]))`,
    `sum(up{${S}})`,
    `count(up{${S}})`,
    `time() - max(timestamp(vllm:num_requests_running{${S}}))`,
    `max by (pod) (process_start_time_seconds{${S}})`,
    `max by (exported_pod, gpu) (DCGM_FI_DEV_GPU_UTIL{${G}})`,
    `sum by (exported_pod) (DCGM_FI_DEV_FB_USED{${G}}) * 1048576`,
    `sum(DCGM_FI_DEV_POWER_USAGE{${G}})`,
    `sum(rate(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{${G}}[5m])) / 1000`,
    `avg(DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{${G}})`,
    `avg(DCGM_FI_PROF_DRAM_ACTIVE{${G}})`,
    `rate(vllm:request_decode_time_seconds_sum{${S}}[${W}]) / (rate(vllm:request_generation_tokens_sum{${S}}[${W}]) - rate(vllm:request_generation_tokens_count{${S}}[${W}]))`,
  ])('%s', (query) => {
    const found = values(query);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((value) => Number.isFinite(value))).toBe(true);
  });
});

describe('and so does every query of the scheduler (metrics §7.2)', () => {
  test.each([
    `histogram_quantile(0.95, sum by (le) (rate(kserve_inference_extension_scheduler_e2e_duration_seconds_bucket{${E}}[1m])))`,
    `sum(rate(kserve_inference_model_request_total{${E}}[1m]))`,
    'kserve_inference_pool_average_queue_size{name="mistral-3-distributed-inference-pool"}',
    'kserve_inference_pool_average_kv_cache_utilization{name="mistral-3-distributed-inference-pool"}',
    'kserve_inference_pool_ready_pods{name="mistral-3-distributed-inference-pool"}',
    'kserve_inference_pool_per_pod_queue_size{name="mistral-3-distributed-inference-pool"}',
    'kserve_inference_extension_prefix_indexer_hit_ratio_sum / kserve_inference_extension_prefix_indexer_hit_ratio_count',
  ])('%s', (query) => {
    const found = values(query);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((value) => Number.isFinite(value) || Number.isNaN(value))).toBe(true);
  });
});

test('both scrape paths count the same pods, and choosing one never doubles', () => {
  const plain = values(`sum(vllm:generation_tokens_total{${S}})`);
  expect(values(`sum(kserve_vllm:generation_tokens_total{${S}})`)).toEqual(plain);
  expect(
    values(`sum(vllm:generation_tokens_total{${S}}) or sum(kserve_vllm:generation_tokens_total{${S}})`),
  ).toEqual(plain);
  expect(plain).toEqual([12 * 100]);
});

test('the discovery query finds name, job, pod and model of every path (metrics §6.3)', () => {
  const query =
    'count by (__name__, job, pod, model_name) ({namespace="private-ai",__name__=~"(kserve_)?(vllm:(num_requests_running|kv_cache_usage_perc|gpu_cache_usage_perc|inter_token_latency_seconds_count|time_per_output_token_seconds_count)|inference_(model|objective)_request_total)|llm_d_epp_request_total"})';
  expect(values(query)).toHaveLength(4 + 2 * 2 * 4 + 1);
});
