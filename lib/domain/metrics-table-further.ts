import { type AnyRow, ENGINE, type FurtherRow, METRICS } from './metrics-table';

/** Only the distributed service has an endpoint picker. */
const PICKER = { source: 'picker', arms: ['distributed'] } as const;
/** What the engine's HTTP server answered to those who wanted something computed; lists of models and probes are left out. */
const COMPUTED = 'handler=~"/v1/.*",method="POST"';
const HTTP = {
  source: 'server',
  arms: ['baseline', 'distributed'],
  kind: 'counter',
  names: ['http_requests_total'],
  splitBy: ['status', 'handler', 'method'],
} as const;
const GPU = { source: 'gpu', arms: ['baseline', 'distributed'] } as const;

/** What the compare screen shows beyond the nine, one row each. Names and meaning: metrics §2, §3, §4. */
export const FURTHER_METRICS: readonly FurtherRow[] = [
  {
    id: 'prompt-throughput',
    ...ENGINE,
    headline: 'value',
    label: 'Prompt tokens per second',
    unit: 'tokens/s',
    better: 'neither',
    kind: 'counter',
    names: ['prompt_tokens_total'],
    splitBy: [],
    definition:
      'Whole prompts, their cached part included, counted when the prefill completes: it jumps, and is no measure of prefill work.',
  },
  {
    id: 'preemptions',
    ...ENGINE,
    headline: 'value',
    label: 'Preemptions',
    unit: 'events/s',
    better: 'lower',
    kind: 'counter',
    names: ['num_preemptions_total'],
    splitBy: [],
    definition: 'Running requests pushed back into the queue for lack of KV blocks.',
  },
  {
    id: 'outcomes',
    ...ENGINE,
    headline: 'value',
    label: 'Requests finished, by reason',
    unit: 'requests/s',
    better: 'neither',
    kind: 'counter',
    names: ['request_success_total'],
    splitBy: ['finished_reason'],
    definition:
      'How the engine ended its requests. Those cancelled by the client are in none of the reasons, refused ones (4xx) neither.',
  },
  {
    id: 'http-outcomes',
    ...HTTP,
    headline: 'value',
    label: 'Requests answered, by HTTP status',
    unit: 'requests/s',
    better: 'neither',
    only: COMPUTED,
    definition:
      'Answers of the engines’ HTTP servers by status class, counted when they end. A stream that breaks off later was a 2xx; what a router or Gateway refuses never reaches an engine.',
  },
  {
    id: 'failed-requests',
    ...HTTP,
    headline: 'value',
    label: 'Requests refused or failed',
    unit: 'requests/s',
    better: 'lower',
    only: `${COMPUTED},status!="2xx"`,
    outOf: COMPUTED,
    definition:
      'Answers of the engines’ HTTP servers with a 4xx or 5xx status; the only place where refused requests are counted. A series begins with its first refusal, which no rate can see.',
  },
  {
    id: 'queue-time',
    ...ENGINE,
    headline: 'mean',
    label: 'Time in the queue',
    unit: 's',
    better: 'lower',
    kind: 'histogram',
    names: ['request_queue_time_seconds'],
    definition:
      'From arrival in the engine to the first step that works on it; counted when the request ends. The first bucket ends at 0.3 s.',
  },
  {
    id: 'gpu-utilisation',
    ...GPU,
    headline: 'value',
    label: 'GPU utilisation',
    unit: 'ratio',
    better: 'neither',
    kind: 'gauge',
    names: ['DCGM_FI_DEV_GPU_UTIL'],
    acrossPods: 'avg',
    scale: 0.01,
    definition:
      'Share of time in which any kernel ran, averaged over the arm’s GPUs. About 100 % under any decoding: no measure of load.',
  },
  {
    id: 'gpu-power',
    ...GPU,
    headline: 'value',
    label: 'GPU power',
    unit: 'W',
    better: 'lower',
    kind: 'gauge',
    names: ['DCGM_FI_DEV_POWER_USAGE'],
    acrossPods: 'sum',
    scale: 1,
    definition: 'Power drawn by all GPUs of the arm together.',
  },
  {
    id: 'picker-latency',
    ...PICKER,
    headline: 'percentile',
    label: 'Endpoint picker: time to decide',
    unit: 's',
    better: 'lower',
    kind: 'histogram',
    names: ['llm_d_epp_scheduler_e2e_duration_seconds', 'inference_extension_scheduler_e2e_duration_seconds'],
    definition: 'One scheduling decision inside the endpoint picker; gateway and network are not in it.',
  },
  {
    id: 'picker-queue',
    ...PICKER,
    headline: 'value',
    label: 'Endpoint picker: queue per pod',
    unit: 'requests',
    better: 'lower',
    kind: 'gauge',
    names: ['llm_d_epp_average_queue_size', 'inference_pool_average_queue_size'],
    acrossPods: 'max',
    scale: 1,
    definition: 'Waiting requests per pod as the endpoint picker sees them, averaged over the pool.',
  },
  {
    id: 'picker-requests',
    ...PICKER,
    headline: 'value',
    label: 'Endpoint picker: requests routed',
    unit: 'requests/s',
    better: 'neither',
    kind: 'counter',
    names: ['llm_d_epp_request_total', 'inference_objective_request_total', 'inference_model_request_total'],
    splitBy: [],
    definition:
      'Requests that passed the endpoint picker. Traffic of the engines without any here goes around the scheduler.',
  },
  {
    id: 'kv-transfer-time',
    ...ENGINE,
    headline: 'mean',
    label: 'KV transfer: time',
    unit: 's',
    better: 'lower',
    kind: 'histogram',
    names: ['nixl_xfer_time_seconds'],
    definition:
      'One transfer of KV blocks from a prefill to a decode pod. Only with split roles, vLLM 0.11.1 on.',
  },
  {
    id: 'kv-transfer-throughput',
    ...ENGINE,
    headline: 'value',
    label: 'KV transfer: bytes per second',
    unit: 'bytes/s',
    better: 'neither',
    kind: 'counter',
    names: ['nixl_bytes_transferred_sum'],
    splitBy: [],
    definition: 'KV bytes moved from prefill to decode pods. Only with split roles, vLLM 0.11.1 on.',
  },
  {
    id: 'kv-transfer-failures',
    ...ENGINE,
    headline: 'value',
    label: 'KV transfer: failed',
    unit: 'events/s',
    better: 'lower',
    kind: 'counter',
    names: ['nixl_num_failed_transfers_total'],
    splitBy: [],
    definition:
      'Transfers of KV blocks that failed; the decode pod computes such a prompt itself. Only with split roles, vLLM 0.11.1 on.',
  },
];

export const ALL_METRICS: readonly AnyRow[] = [...METRICS, ...FURTHER_METRICS];
