/**
 * Every PromQL text a dashboard of this demo asks: those of the facts (metrics §6.3, §7.1, §7.2) and those the compare,
 * chat and placement screens build. Copied as texts, so that the lab imports nothing of the dashboard.
 */
export const BASELINE_PODS = 'mistral-3-int4-predictor-.+';
export const DISTRIBUTED_PODS =
  'mistral-3-distributed-kserve-[a-z0-9]+-[a-z0-9]{5}|mistral-3-distributed-kserve-mn-[0-9]+(-[0-9]+)?';
const BOTH_PODS = `${BASELINE_PODS}|${DISTRIBUTED_PODS}`;

const selectorOf = (pods: string): string => `namespace="private-ai",pod=~"${pods}"`;
const S = selectorOf(DISTRIBUTED_PODS);
const B = selectorOf(BASELINE_PODS);
const BOTH = selectorOf(BOTH_PODS);
const E = selectorOf('mistral-3-distributed-kserve-router-scheduler-.+');
const G = 'exported_namespace="private-ai",exported_pod=~"mistral-3-.+"';
const POOL = 'name="mistral-3-distributed-inference-pool"';
const W = '2m';

const quantile = (share: number, family: string, selector = S): string =>
  `histogram_quantile(${share}, sum by (le) (rate(${family}_bucket{${selector}}[${W}])))`;
const mean = (family: string, selector = S): string =>
  `sum(rate(${family}_sum{${selector}}[${W}])) / sum(rate(${family}_count{${selector}}[${W}]))`;

/** Metrics §7.1. */
const CHART_QUERIES: readonly string[] = [
  ...[0.5, 0.95, 0.99].map((share) => quantile(share, 'vllm:time_to_first_token_seconds')),
  mean('vllm:time_to_first_token_seconds'),
  `sum(rate(vllm:time_to_first_token_seconds_bucket{${S},le=~"1([.]0)?"}[${W}])) / sum(rate(vllm:time_to_first_token_seconds_count{${S}}[${W}]))`,
  `histogram_quantile(0.95, sum by (le) (rate(vllm:inter_token_latency_seconds_bucket{${S}}[${W}])) or sum by (le) (rate(vllm:time_per_output_token_seconds_bucket{${S}}[${W}])))`,
  mean('vllm:time_per_output_token_seconds'),
  `1 / (${mean('vllm:time_per_output_token_seconds')})`,
  quantile(0.95, 'vllm:request_time_per_output_token_seconds'),
  quantile(0.95, 'vllm:e2e_request_latency_seconds'),
  `sum(vllm:num_requests_waiting{${S}})`,
  `max by (pod) (vllm:num_requests_waiting{${S}})`,
  quantile(0.95, 'vllm:request_queue_time_seconds'),
  `sum(vllm:num_requests_running{${S}})`,
  `max(vllm:kv_cache_usage_perc{${S}}) or max(vllm:gpu_cache_usage_perc{${S}})`,
  `avg(vllm:kv_cache_usage_perc{${S}})`,
  `sum(rate(vllm:generation_tokens_total{${S}}[${W}])) or sum(rate(kserve_vllm:generation_tokens_total{${S}}[${W}]))`,
  `sum(rate(vllm:prompt_tokens_total{${S}}[${W}]))`,
  `sum(rate(vllm:request_success_total{${S}}[${W}]))`,
  `sum by (finished_reason) (increase(vllm:request_success_total{${S}}[${W}]))`,
  `sum by (status) (rate(http_requests_total{${S},handler=~"/v1/.*",status!="2xx"}[${W}]))`,
  `sum by (status) (rate(http_requests_total{${S},handler=~"/v1/.*"}[${W}]))`,
  `sum(increase(vllm:num_preemptions_total{${S}}[${W}]))`,
  `sum(rate(vllm:prefix_cache_hits_total{${S}}[${W}])) / (sum(rate(vllm:prefix_cache_queries_total{${S}}[${W}])) > 0)`,
  `sum(increase(vllm:prefix_cache_hits_total{${S}}[10m])) / sum(increase(vllm:prefix_cache_queries_total{${S}}[10m]))`,
  `sum by (pod) (rate(vllm:generation_tokens_total{${S}}[${W}]))`,
  `sum by (pod) (rate(vllm:generation_tokens_total{${S}}[${W}])) / scalar(sum(rate(vllm:generation_tokens_total{${S}}[${W}])))`,
  `max by () (rate(vllm:generation_tokens_total{${S}}[${W}])) / avg by () (rate(vllm:generation_tokens_total{${S}}[${W}]))`,
  `sum by (pod) (increase(vllm:time_to_first_token_seconds_count{${S}}[${W}]))`,
  `sum(rate(vllm:prompt_tokens_by_source_total{${S},source="local_compute"}[${W}]))`,
  `sum(rate(vllm:prompt_tokens_total{${S}}[${W}])) - sum(rate(vllm:prefix_cache_hits_total{${S}}[${W}]))`,
  `sum(rate(vllm:request_decode_time_seconds_sum{${S}}[${W}])) / (sum(rate(vllm:request_generation_tokens_sum{${S}}[${W}])) - sum(rate(vllm:request_generation_tokens_count{${S}}[${W}])))`,
  `sum(rate(vllm:nixl_bytes_transferred_sum{${S}}[${W}]))`,
  `max by (exported_pod, gpu) (DCGM_FI_DEV_GPU_UTIL{${G}})`,
  `sum by (exported_pod) (DCGM_FI_DEV_FB_USED{${G}}) * 1048576`,
  `sum(DCGM_FI_DEV_POWER_USAGE{${G}})`,
  `sum(rate(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{${G}}[5m])) / 1000`,
  `avg(DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{${G}})`,
  `avg(DCGM_FI_PROF_DRAM_ACTIVE{${G}})`,
  `sum(up{${S}})`,
  `count(up{${S}})`,
  `time() - max(timestamp(vllm:num_requests_running{${S}}))`,
  `max by (pod) (process_start_time_seconds{${S}})`,
  `max by (pod) (kserve_process_start_time_seconds{${S}})`,
];

/** Metrics §7.2: the scheduler's names today, and what a later release would be asked. */
const SCHEDULER_QUERIES: readonly string[] = [
  quantile(0.95, 'kserve_inference_extension_scheduler_e2e_duration_seconds', E),
  quantile(0.95, 'llm_d_epp_scheduler_e2e_duration_seconds', E),
  `sum(rate(kserve_inference_model_request_total{${E}}[${W}])) or sum(rate(llm_d_epp_request_total{${E}}[${W}]))`,
  `sum by (error_code) (increase(kserve_inference_model_request_error_total{${E}}[${W}]))`,
  `kserve_inference_pool_average_queue_size{${POOL}}`,
  `kserve_inference_pool_average_kv_cache_utilization{${POOL}}`,
  `kserve_inference_pool_ready_pods{${POOL}}`,
  `sum by (model_server_pod) (kserve_inference_pool_per_pod_queue_size{${POOL}})`,
  `sum(rate(kserve_inference_extension_prefix_indexer_hit_ratio_sum[${W}])) / sum(rate(kserve_inference_extension_prefix_indexer_hit_ratio_count[${W}]))`,
  `sum by (endpoint_name) (rate(llm_d_epp_scheduler_attempts_total{status="success"}[${W}]))`,
  `sum by (decision_type) (rate(llm_d_inference_scheduler_pd_decision_total[${W}]))`,
  `sum(rate(vllm:time_to_first_token_seconds_count{${S}}[${W}])) - sum(rate(kserve_inference_model_request_total{${E}}[${W}]))`,
];

/** The larger of a pod's series under two monitors, then added (the dashboard's way of asking). */
const once = (growth: string, series: string, selector: string, window: string, keep = ''): string =>
  `max by (pod, engine${keep}) (${growth}(${series}{${selector}}[${window}]))`;

const HISTOGRAMS = [
  'vllm:time_to_first_token_seconds',
  'vllm:time_per_output_token_seconds',
  'vllm:e2e_request_latency_seconds',
  'kserve_vllm:time_to_first_token_seconds',
];

function armQueries(selector: string): string[] {
  const windows = ['30s', W, '10m'];
  return [
    ...HISTOGRAMS.flatMap((family) =>
      windows.flatMap((window) => {
        const buckets = `sum by (le) (${once('rate', `${family}_bucket`, selector, window, ', le')})`;
        return [
          buckets,
          ...[0.5, 0.9, 0.95, 0.99].map((share) => `histogram_quantile(${share}, ${buckets})`),
          `sum(${once('rate', `${family}_sum`, selector, window)}) / sum(${once('rate', `${family}_count`, selector, window)})`,
          `sum(${once('increase', `${family}_count`, selector, window)})`,
          `sum(${once('increase', `${family}_sum`, selector, window)})`,
        ];
      }),
    ),
    ...windows.flatMap((window) => [
      `sum(${once('rate', 'vllm:generation_tokens_total', selector, window)})`,
      `sum(${once('rate', 'vllm:request_success_total', selector, window, ', finished_reason')})`,
      `sum(${once('increase', 'vllm:request_success_total', selector, window, ', finished_reason')})`,
      `sum(${once('rate', 'vllm:prefix_cache_hits_total', selector, window)}) / (sum(${once('rate', 'vllm:prefix_cache_queries_total', selector, window)}) > 0)`,
    ]),
    `sum(max by (pod, engine) (vllm:num_requests_waiting{${selector}}))`,
    `sum(max by (pod, engine) (vllm:num_requests_running{${selector}}))`,
    `max(vllm:kv_cache_usage_perc{${selector}})`,
  ];
}

/** Pods of two releases side by side: each under the first name that it has (metrics §2.4). */
function unionQueries(): string[] {
  const names = ['vllm:inter_token_latency_seconds', 'vllm:time_per_output_token_seconds'];
  const any = (of: (name: string) => string): string => names.map(of).join(' or ');
  const grown = (growth: string, suffix: string, keep = ''): string =>
    any((name) => once(growth, `${name}${suffix}`, S, W, keep));
  const buckets = (by: string): string => `sum by (${by}) (${grown('rate', '_bucket', ', le')})`;
  const meanBy = (by: string): string =>
    `sum${by}(${grown('rate', '_sum')}) / sum${by}(${grown('rate', '_count')})`;
  const cache = ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc']
    .map((name) => `max by (pod, engine) (${name}{${S}})`)
    .join(' or ');
  const counted = (kind: string): string =>
    ['vllm:prefix_cache', 'vllm:gpu_prefix_cache']
      .map((family) => once('rate', `${family}_${kind}_total`, S, W))
      .join(' or ');
  const hitRate = (by: string): string =>
    `sum${by}(${counted('hits')}) / (sum${by}(${counted('queries')}) > 0)`;
  const tokens = ['vllm:generation_tokens_total', 'kserve_vllm:generation_tokens_total'];
  const readAt = ['vllm:num_requests_running', 'kserve_vllm:num_requests_running'].map(
    (name) => `max by (pod) (timestamp(${name}{${S}}))`,
  );
  return [
    ...readAt,
    readAt.join(' or '),
    buckets('le'),
    `histogram_quantile(0.95, ${buckets('le')})`,
    `histogram_quantile(0.95, ${buckets('pod, le')})`,
    `count by (le) (${any((name) => `max by (pod, engine, le) (${name}_bucket{${S}})`)})`,
    meanBy(''),
    meanBy(' by (pod) '),
    `sum(${grown('increase', '_count')})`,
    `max(${cache})`,
    `max by (pod) (${cache})`,
    `sum by (pod) (${cache})`,
    hitRate(''),
    hitRate(' by (pod) '),
    `sum(${tokens.map((name) => once('rate', name, S, W)).join(' or ')})`,
  ];
}

/** Answers by status class, and of these the refused ones: their series begin with the first (metrics §2.6). */
function answerQueries(): string[] {
  const all = 'handler=~"/v1/.*",method="POST"';
  const failed = `${all},status!="2xx"`;
  const keep = ', status, handler, method';
  const answers = (growth: string, which: string, name = 'http_requests_total'): string =>
    once(growth, name, `${S},${which}`, W, keep);
  const orNone = (by: string, growth = 'rate'): string =>
    `sum${by}(${answers(growth, failed)}) or sum${by}(${answers(growth, all)}) * 0`;
  const unseen = (name: string): string =>
    `max by (pod, engine${keep}) (min_over_time(${name}{${S},${failed}}[10m]) unless last_over_time(${name}{${S},${failed}}[10m] offset 10m))`;
  return [
    `sum(${answers('rate', all)})`,
    `sum(${answers('rate', all)} or ${answers('rate', all, 'kserve_http_requests_total')})`,
    `sum by (status) (${answers('rate', all)})`,
    `sum by (pod) (${answers('rate', all)})`,
    `sum(${answers('increase', all)})`,
    orNone(''),
    orNone(' by (pod) '),
    orNone('', 'increase'),
    `sum by (status) (${answers('rate', failed)})`,
    `sum(${unseen('http_requests_total')})`,
    `sum(${unseen('http_requests_total')} or ${unseen('kserve_http_requests_total')})`,
  ];
}

/** By pod, by reason, of the endpoint picker and of the GPUs (the dashboard's rows beside the arm's own). */
function partQueries(): string[] {
  const buckets = (by: string) =>
    `sum by (${by}) (${once('rate', 'kserve_vllm:time_to_first_token_seconds_bucket', S, W, ', le')})`;
  const perPod = (series: string, keep = '') =>
    `sum by (pod) (${once('rate', `kserve_vllm:${series}`, S, W, keep)})`;
  const picker = 'kserve_inference_extension_scheduler_e2e_duration_seconds';
  const ofPicker = 'pod, name, model_name, target_model_name, fairness_id, priority';
  const pickerOnce = (growth: string, series: string, keep = '') =>
    `max by (${ofPicker}${keep}) (${growth}(${series}{${E}}[${W}]))`;
  const pickerBuckets = `sum by (le) (${pickerOnce('rate', `${picker}_bucket`, ', le')})`;
  const gpuOnce = (series: string) => `max by (exported_pod, gpu, UUID) (${series}{${G}})`;
  return [
    `histogram_quantile(0.95, ${buckets('pod, le')})`,
    `count by (le) (max by (pod, engine, le) (kserve_vllm:time_to_first_token_seconds_bucket{${S}}))`,
    `${perPod('time_to_first_token_seconds_sum')} / ${perPod('time_to_first_token_seconds_count')}`,
    perPod('generation_tokens_total'),
    perPod('request_success_total', ', finished_reason'),
    `sum by (finished_reason) (${once('rate', 'kserve_vllm:request_success_total', S, W, ', finished_reason')})`,
    `${perPod('prefix_cache_hits_total')} / (${perPod('prefix_cache_queries_total')} > 0)`,
    `sum by (pod) (max by (pod, engine) (kserve_vllm:num_requests_running{${S}}))`,
    `max by (pod) (kserve_vllm:kv_cache_usage_perc{${S}})`,
    pickerBuckets,
    `histogram_quantile(0.95, ${pickerBuckets})`,
    `count by (le) (max by (${ofPicker}, le) (${picker}_bucket{${E}}))`,
    `sum(${pickerOnce('rate', `${picker}_sum`)}) / sum(${pickerOnce('rate', `${picker}_count`)})`,
    `sum(${pickerOnce('rate', 'kserve_inference_model_request_total')})`,
    `sum(${pickerOnce('increase', 'kserve_inference_model_request_total')})`,
    `max(kserve_inference_pool_average_queue_size{${E}})`,
    `avg(${gpuOnce('DCGM_FI_DEV_GPU_UTIL')}) * 0.01`,
    `avg by (exported_pod) (${gpuOnce('DCGM_FI_DEV_GPU_UTIL')}) * 0.01`,
    `sum(${gpuOnce('DCGM_FI_DEV_POWER_USAGE')})`,
    `sum by (exported_pod) (${gpuOnce('DCGM_FI_DEV_POWER_USAGE')})`,
    // What the dashboard asks together it joins like this.
    `label_replace(${perPod('generation_tokens_total')}, "asked", "0", "asked", ".*") or label_replace(max(kserve_vllm:kv_cache_usage_perc{${S}}), "asked", "1", "asked", ".*")`,
  ];
}

const SOUGHT =
  'vllm:(e2e_request_latency_seconds_count|generation_tokens_total|gpu_cache_usage_perc|gpu_prefix_cache_hits_total|inter_token_latency_seconds_count|kv_cache_usage_perc|num_requests_running|num_requests_waiting|prefix_cache_hits_total|request_generation_tokens_count|request_prompt_tokens_count|request_success_total|time_per_output_token_seconds_count|time_to_first_token_seconds_count)|http_requests_total';

/** The average of a gauge over a window, of its value at every scrape. */
function averageQueries(): string[] {
  const onePer = (series: string): string => `max by (pod, engine) (${series}{${S}})`;
  const gpus = (series: string): string => `max by (exported_pod, gpu, UUID) (${series}{${G}})`;
  const either = (name: string): string => `${onePer(`vllm:${name}`)} or ${onePer(`kserve_vllm:${name}`)}`;
  return [
    `sum(${onePer('vllm:num_requests_running')})`,
    `sum(${either('num_requests_running')})`,
    `max(vllm:kv_cache_usage_perc{${S}})`,
    `max(${either('kv_cache_usage_perc')})`,
    `max(kserve_inference_pool_average_queue_size{${E}})`,
    `avg(${gpus('DCGM_FI_DEV_GPU_UTIL')}) * 0.01`,
    `sum(${gpus('DCGM_FI_DEV_POWER_USAGE')})`,
  ].flatMap((gauge) => ['1m:5s', '5m:5s', '15m:30s'].map((range) => `avg_over_time((${gauge})[${range}])`));
}

/** Asked at one time only: discovery, freshness, state of the engines, which pod ended a request. */
export const INSTANT_QUERIES: readonly string[] = [
  ...averageQueries(),
  `count by (__name__, job, pod) ({__name__=~"(kserve_)?(${SOUGHT})",${BOTH}})`,
  `count by (__name__, job, pod) (last_over_time({__name__=~"(kserve_)?(${SOUGHT})",${BOTH}}[10m]))`,
  `count by (__name__, job, exported_pod) (last_over_time({__name__=~"(DCGM_FI_DEV_GPU_UTIL|DCGM_FI_DEV_POWER_USAGE)",${G}}[5m]))`,
  `{__name__=~"(kserve_)?vllm:num_requests_running",${BOTH}}[5m]`,
  `max by (pod) (up{${BOTH}})`,
  [
    `max by (__name__, exported_pod, gpu, UUID, GPU_I_ID) ({__name__=~"DCGM_FI_DEV_(GPU_UTIL|FB_USED|FB_FREE|FB_RESERVED)",${G}})`,
    `max by (exported_pod) (timestamp(DCGM_FI_DEV_GPU_UTIL{${G}}))`,
    `max by (__name__, pod, gpu, UUID, GPU_I_ID) ({__name__=~"DCGM_FI_DEV_(GPU_UTIL|FB_USED|FB_FREE|FB_RESERVED)",${BOTH}})`,
    `max by (pod) (timestamp(DCGM_FI_DEV_GPU_UTIL{${BOTH}}))`,
  ].join(' or '),
  `{__name__=~"(kserve_)?vllm:cache_config_info",${S}}`,
  `max by (__name__, pod, engine) ({__name__=~"(kserve_)?vllm:(num_requests_running|num_requests_waiting|kv_cache_usage_perc|gpu_cache_usage_perc)",${BOTH}})`,
  `sum by (pod) (max by (pod, engine) (rate(vllm:generation_tokens_total{${BOTH}}[20s]))) or sum by (pod) (max by (pod, engine) (rate(kserve_vllm:generation_tokens_total{${BOTH}}[20s])))`,
  `sum by (pod) (max by (pod, engine, finished_reason) (vllm:request_success_total{${S}}))`,
  'count by (__name__, job, pod, model_name) ({namespace="private-ai",__name__=~"(kserve_)?(vllm:(num_requests_running|kv_cache_usage_perc|gpu_cache_usage_perc|inter_token_latency_seconds_count|time_per_output_token_seconds_count)|inference_(model|objective)_request_total)|llm_d_epp_request_total"})',
];

/** Asked at one time and over a range. */
export const CURVE_QUERIES: readonly string[] = [
  ...CHART_QUERIES,
  ...CHART_QUERIES.map((query) => query.replaceAll(S, B)),
  ...SCHEDULER_QUERIES,
  ...armQueries(S),
  ...armQueries(B),
  ...partQueries(),
  ...unionQueries(),
  ...answerQueries(),
];
