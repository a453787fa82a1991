/** Every `vllm:` family of the page, in the order of the page (metrics §2.2–§2.4; texts as vLLM 0.10.1 and 0.21 write them). */

export const BUCKET_EDGES = {
  timeToFirstToken: [
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160,
    640, 2560,
  ],
  interToken: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80],
  requestLatency: [
    0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
  ],
  tokensPerStep: [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384],
  samples: [1, 2, 5, 10, 20],
  transfer: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 5],
  transferPost: [0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 5],
  transferBytes: Array.from({ length: 12 }, (_, index) => 2 ** (11 + 2 * index)),
  descriptors: [10, 20, 30, 50, 75, 100, 200, 400, 1000, 2000, 4000, 10_000, 20_000, 50_000],
} as const;

/** 1-2-5 steps up to the model's length: the two arms have different edges (metrics §2.2). */
export function tokenCountEdges(maxModelLen: number): number[] {
  const edges: number[] = [];
  for (let decade = 1; decade <= maxModelLen; decade *= 10) {
    edges.push(...[1, 2, 5].map((step) => step * decade).filter((edge) => edge <= maxModelLen));
  }
  return edges;
}

export type BucketKind = keyof typeof BUCKET_EDGES | 'tokenCount';

interface FamilyBase {
  /** Without `_total`, `_bucket` and the like; `vllm:` in front. */
  name: string;
  help: string;
  /** First release that exports it, and first that no longer does. */
  since?: string;
  until?: string;
  /** Exported with `--kv-transfer-config` only. */
  needs?: 'kv-transfer';
}
/** One series per value of a label, all there from the start. */
interface Split {
  label: string;
  /** A value may belong to later releases only. */
  values: readonly (string | { value: string; since: string })[];
}
export type MetricFamily =
  | (FamilyBase & { type: 'gauge'; splitBy?: Split })
  | (FamilyBase & { type: 'counter'; splitBy?: Split })
  | (FamilyBase & { type: 'histogram'; buckets: BucketKind })
  | (FamilyBase & { type: 'info' });

const gpuQueries =
  'GPU prefix cache queries, in terms of number of queriedtokens. DEPRECATED: Use vllm:prefix_cache_queries instead.';
const gpuHits =
  'GPU prefix cache hits, in terms of number of cached tokens. DEPRECATED: Use vllm:prefix_cache_hits instead.';

export const METRIC_FAMILIES = [
  {
    type: 'histogram',
    name: 'nixl_xfer_time_seconds',
    help: 'Histogram of transfer duration for NIXL KV Cache transfers.',
    buckets: 'transfer',
    since: '0.11.1',
    needs: 'kv-transfer',
  },
  {
    type: 'histogram',
    name: 'nixl_post_time_seconds',
    help: 'Histogram of transfer post time for NIXL KV Cache transfers.',
    buckets: 'transferPost',
    since: '0.11.1',
    needs: 'kv-transfer',
  },
  {
    type: 'histogram',
    name: 'nixl_bytes_transferred',
    help: 'Histogram of bytes transferred per NIXL KV Cache transfers.',
    buckets: 'transferBytes',
    since: '0.11.1',
    needs: 'kv-transfer',
  },
  {
    type: 'histogram',
    name: 'nixl_num_descriptors',
    help: 'Histogram of number of descriptors per NIXL KV Cache transfers.',
    buckets: 'descriptors',
    since: '0.11.1',
    needs: 'kv-transfer',
  },
  {
    type: 'counter',
    name: 'nixl_num_failed_transfers',
    help: 'Number of failed NIXL KV Cache transfers.',
    since: '0.11.1',
    needs: 'kv-transfer',
  },
  {
    type: 'counter',
    name: 'nixl_num_failed_notifications',
    help: 'Number of failed NIXL KV Cache notifications.',
    since: '0.11.1',
    needs: 'kv-transfer',
  },
  {
    type: 'counter',
    name: 'nixl_num_kv_expired_reqs',
    help: 'Number of requests that had their KV expire. NOTE: This metric is tracked on the P instance.',
    since: '0.15',
    needs: 'kv-transfer',
  },
  {
    type: 'counter',
    name: 'estimated_flops_per_gpu',
    help: 'Estimated number of floating point operations per GPU (for Model Flops Utilization calculations).',
    since: '0.17',
  },
  {
    type: 'counter',
    name: 'estimated_read_bytes_per_gpu',
    help: 'Estimated number of bytes read from memory per GPU (for Model Flops Utilization calculations).',
    since: '0.17',
  },
  {
    type: 'counter',
    name: 'estimated_write_bytes_per_gpu',
    help: 'Estimated number of bytes written to memory per GPU (for Model Flops Utilization calculations).',
    since: '0.17',
  },
  { type: 'gauge', name: 'num_requests_running', help: 'Number of requests in model execution batches.' },
  { type: 'gauge', name: 'num_requests_waiting', help: 'Number of requests waiting to be processed.' },
  {
    type: 'gauge',
    name: 'num_requests_waiting_by_reason',
    help: "Number of waiting requests by reason. Reason labels: 'capacity' = waiting for scheduling capacity; 'deferred' = deferred by transient constraints (LoRA budget, KV transfer, blocked status). Sum of all reasons equals vllm:num_requests_waiting.",
    since: '0.20',
    splitBy: { label: 'reason', values: ['capacity', 'deferred'] },
  },
  {
    type: 'gauge',
    name: 'engine_sleep_state',
    help: 'Engine sleep state; awake = 0 means engine is sleeping; awake = 1 means engine is awake; weights_offloaded = 1 means sleep level 1; discard_all = 1 means sleep level 2.',
    since: '0.11.1',
    splitBy: { label: 'sleep_state', values: ['awake', 'weights_offloaded', 'discard_all'] },
  },
  {
    type: 'gauge',
    name: 'gpu_cache_usage_perc',
    help: 'GPU KV-cache usage. 1 means 100 percent usage.DEPRECATED: Use vllm:kv_cache_usage_perc instead.',
    until: '0.11',
  },
  { type: 'counter', name: 'gpu_prefix_cache_queries', help: gpuQueries, until: '0.11' },
  { type: 'counter', name: 'gpu_prefix_cache_hits', help: gpuHits, until: '0.11' },
  { type: 'gauge', name: 'kv_cache_usage_perc', help: 'KV-cache usage. 1 means 100 percent usage.' },
  {
    type: 'counter',
    name: 'prefix_cache_queries',
    help: 'Prefix cache queries, in terms of number of queried tokens.',
  },
  {
    type: 'counter',
    name: 'prefix_cache_hits',
    help: 'Prefix cache hits, in terms of number of cached tokens.',
  },
  {
    type: 'counter',
    name: 'external_prefix_cache_queries',
    help: 'External prefix cache queries from KV connector cross-instance cache sharing, in terms of number of queried tokens.',
    since: '0.11.1',
  },
  {
    type: 'counter',
    name: 'external_prefix_cache_hits',
    help: 'External prefix cache hits from KV connector cross-instance cache sharing, in terms of number of cached tokens.',
    since: '0.11.1',
  },
  {
    type: 'counter',
    name: 'mm_cache_queries',
    help: 'Multi-modal cache queries, in terms of number of queried items.',
    since: '0.11.1',
  },
  {
    type: 'counter',
    name: 'mm_cache_hits',
    help: 'Multi-modal cache hits, in terms of number of cached items.',
    since: '0.11.1',
  },
  { type: 'counter', name: 'num_preemptions', help: 'Cumulative number of preemption from the engine.' },
  { type: 'counter', name: 'prompt_tokens', help: 'Number of prefill tokens processed.' },
  {
    type: 'counter',
    name: 'prompt_tokens_by_source',
    help: 'Number of prompt tokens by source.',
    since: '0.16',
    splitBy: { label: 'source', values: ['local_compute', 'local_cache_hit', 'external_kv_transfer'] },
  },
  {
    type: 'counter',
    name: 'prompt_tokens_cached',
    help: 'Number of cached prompt tokens (local + external).',
    since: '0.16',
  },
  { type: 'counter', name: 'generation_tokens', help: 'Number of generation tokens processed.' },
  {
    type: 'counter',
    name: 'request_success',
    help: 'Count of successfully processed requests.',
    splitBy: {
      label: 'finished_reason',
      values: [
        'stop',
        'length',
        'abort',
        { value: 'error', since: '0.13' },
        { value: 'repetition', since: '0.17' },
      ],
    },
  },
  {
    type: 'histogram',
    name: 'request_prompt_tokens',
    help: 'Number of prefill tokens processed.',
    buckets: 'tokenCount',
  },
  {
    type: 'histogram',
    name: 'request_generation_tokens',
    help: 'Number of generation tokens processed.',
    buckets: 'tokenCount',
  },
  {
    type: 'histogram',
    name: 'iteration_tokens_total',
    help: 'Histogram of number of tokens per engine_step.',
    buckets: 'tokensPerStep',
  },
  {
    type: 'histogram',
    name: 'request_max_num_generation_tokens',
    help: 'Histogram of maximum number of requested generation tokens.',
    buckets: 'tokenCount',
  },
  {
    type: 'histogram',
    name: 'request_params_n',
    help: 'Histogram of the n request parameter.',
    buckets: 'samples',
  },
  {
    type: 'histogram',
    name: 'request_params_max_tokens',
    help: 'Histogram of the max_tokens request parameter.',
    buckets: 'tokenCount',
  },
  {
    type: 'histogram',
    name: 'time_to_first_token_seconds',
    help: 'Histogram of time to first token in seconds.',
    buckets: 'timeToFirstToken',
  },
  {
    type: 'histogram',
    name: 'time_per_output_token_seconds',
    help: 'Histogram of time per output token in seconds.',
    buckets: 'interToken',
    until: '0.12',
  },
  {
    type: 'histogram',
    name: 'inter_token_latency_seconds',
    help: 'Histogram of inter-token latency in seconds.',
    buckets: 'interToken',
    since: '0.10.2',
  },
  {
    type: 'histogram',
    name: 'request_time_per_output_token_seconds',
    help: 'Histogram of time_per_output_token_seconds per request.',
    buckets: 'interToken',
    since: '0.11',
  },
  {
    type: 'histogram',
    name: 'e2e_request_latency_seconds',
    help: 'Histogram of e2e request latency in seconds.',
    buckets: 'requestLatency',
  },
  {
    type: 'histogram',
    name: 'request_queue_time_seconds',
    help: 'Histogram of time spent in WAITING phase for request.',
    buckets: 'requestLatency',
  },
  {
    type: 'histogram',
    name: 'request_inference_time_seconds',
    help: 'Histogram of time spent in RUNNING phase for request.',
    buckets: 'requestLatency',
  },
  {
    type: 'histogram',
    name: 'request_prefill_time_seconds',
    help: 'Histogram of time spent in PREFILL phase for request.',
    buckets: 'requestLatency',
  },
  {
    type: 'histogram',
    name: 'request_decode_time_seconds',
    help: 'Histogram of time spent in DECODE phase for request.',
    buckets: 'requestLatency',
  },
  {
    type: 'histogram',
    name: 'request_prefill_kv_computed_tokens',
    help: 'Histogram of new KV tokens computed during prefill (excluding cached tokens).',
    buckets: 'tokenCount',
    since: '0.13',
  },
  { type: 'info', name: 'cache_config_info', help: 'Information of the LLMEngine CacheConfig' },
] as const satisfies readonly MetricFamily[];

type FamilyOf<T extends MetricFamily['type']> = Extract<
  (typeof METRIC_FAMILIES)[number],
  { type: T }
>['name'];
export type GaugeName = FamilyOf<'gauge'>;
export type CounterName = FamilyOf<'counter'>;
export type HistogramName = FamilyOf<'histogram'>;

export function isExportedBy(version: string, family: MetricFamily): boolean {
  return (
    (family.since === undefined || compareVersions(version, family.since) >= 0) &&
    (family.until === undefined || compareVersions(version, family.until) < 0)
  );
}

/** Values of the split label that the release knows; one empty value without a split. */
export function splitValues(version: string, family: MetricFamily): string[] {
  if (!('splitBy' in family) || family.splitBy === undefined) return [''];
  return family.splitBy.values.flatMap((entry) => {
    if (typeof entry === 'string') return entry;
    return compareVersions(version, entry.since) >= 0 ? entry.value : [];
  });
}

/** Compares dotted versions number by number; a suffix such as `+rhai5` does not count. */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string): number[] => (version.split(/[+-]/)[0] ?? '').split('.').map(Number);
  const left = numbers(a);
  const right = numbers(b);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
