/** Bucket edges of the endpoint picker's histograms, GIE 1.0 (metrics §3). */
const powersOfTwo = (from: number, to: number): number[] => {
  const edges: number[] = [];
  for (let edge = from; edge <= to; edge *= 2) edges.push(edge);
  return edges;
};

export const PICKER_EDGES = {
  latency: [
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60, 120,
    180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600,
  ],
  decision: [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
  perOutputToken: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
  hitRatio: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
  hitBytes: [0, ...powersOfTwo(16, 65_536)],
  requestBytes: powersOfTwo(64, 1_073_741_824),
  // 32778 is how the project spells it.
  responseBytes: [1, ...powersOfTwo(8, 16_384), 32_778, 65_536],
  inputTokens: [1, ...powersOfTwo(8, 16_384), 32_778, ...powersOfTwo(65_536, 1_048_576)],
  outputTokens: [1, ...powersOfTwo(8, 8192)],
  streamedToken: [
    0.0005, 0.00205, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.125, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1,
    2,
  ],
  firstToken: [
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60, 120,
  ],
  flowControlWait: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
} as const satisfies Record<string, readonly number[]>;

export interface PickerFamily {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  edges?: keyof typeof PICKER_EDGES;
}

/** Every family of the scheduler itself, in the order of the page. */
export const PICKER_FAMILIES = [
  {
    name: 'inference_extension_info',
    help: '[ALPHA] General information of the current build of Inference Extension.',
    type: 'gauge',
  },
  {
    name: 'inference_extension_plugin_duration_seconds',
    help: '[ALPHA] Plugin processing latency distribution in seconds for each extension point, plugin type and plugin name.',
    type: 'histogram',
    edges: 'decision',
  },
  {
    name: 'inference_extension_prefix_indexer_hit_bytes',
    help: '[ALPHA] Length of the prefix match in number of bytes in the cache lookup.',
    type: 'histogram',
    edges: 'hitBytes',
  },
  {
    name: 'inference_extension_prefix_indexer_hit_ratio',
    help: '[ALPHA] Ratio of prefix length matched to total prefix length in the cache lookup.',
    type: 'histogram',
    edges: 'hitRatio',
  },
  {
    name: 'inference_extension_prefix_indexer_size',
    help: '[ALPHA] Size of the prefix indexer.',
    type: 'gauge',
  },
  {
    name: 'inference_extension_scheduler_e2e_duration_seconds',
    help: '[ALPHA] End-to-end scheduling latency distribution in seconds.',
    type: 'histogram',
    edges: 'decision',
  },
  {
    name: 'inference_model_input_tokens',
    help: '[ALPHA] Inference model input token count distribution for requests in each model.',
    type: 'histogram',
    edges: 'inputTokens',
  },
  {
    name: 'inference_model_normalized_time_per_output_token_seconds',
    help: '[ALPHA] Inference model latency divided by number of output tokens in seconds for each model and target model.',
    type: 'histogram',
    edges: 'perOutputToken',
  },
  {
    name: 'inference_model_output_tokens',
    help: '[ALPHA] Inference model output token count distribution for requests in each model.',
    type: 'histogram',
    edges: 'outputTokens',
  },
  {
    name: 'inference_model_request_duration_seconds',
    help: '[ALPHA] Inference model response latency distribution in seconds for each model and target model.',
    type: 'histogram',
    edges: 'latency',
  },
  {
    name: 'inference_model_request_error_total',
    help: '[ALPHA] Counter of inference model requests errors broken out for each model and target model.',
    type: 'counter',
  },
  {
    name: 'inference_model_request_sizes',
    help: '[ALPHA] Inference model requests size distribution in bytes for each model and target model.',
    type: 'histogram',
    edges: 'requestBytes',
  },
  {
    name: 'inference_model_request_total',
    help: '[ALPHA] Counter of inference model requests broken out for each model and target model.',
    type: 'counter',
  },
  {
    name: 'inference_model_response_sizes',
    help: '[ALPHA] Inference model responses size distribution in bytes for each model and target model.',
    type: 'histogram',
    edges: 'responseBytes',
  },
  {
    name: 'inference_model_running_requests',
    help: '[ALPHA] Inference model number of running requests in each model.',
    type: 'gauge',
  },
  {
    name: 'inference_pool_average_kv_cache_utilization',
    help: '[ALPHA] The average kv cache utilization for an inference server pool.',
    type: 'gauge',
  },
  {
    name: 'inference_pool_average_queue_size',
    help: '[ALPHA] The average number of requests pending in the model server queue.',
    type: 'gauge',
  },
  {
    name: 'inference_pool_per_pod_queue_size',
    help: '[ALPHA] The total number of requests pending in the model server queue for each underlying pod.',
    type: 'gauge',
  },
  {
    name: 'inference_pool_ready_pods',
    help: '[ALPHA] The number of ready pods in the inference server pool.',
    type: 'gauge',
  },
] as const satisfies readonly PickerFamily[];

export type PickerFamilyName = (typeof PICKER_FAMILIES)[number]['name'];

/** Figures that only later releases show, by what they are; with the edges of histograms. */
export const LATER_FIGURES = {
  average_running_requests: null,
  flow_control_pool_saturation: null,
  flow_control_queue_bytes: null,
  flow_control_queue_size: null,
  flow_control_request_queue_duration_seconds: 'flowControlWait',
  request_cached_tokens: 'inputTokens',
  request_streaming_tpot_seconds: 'streamedToken',
  request_ttft_seconds: 'firstToken',
  scheduler_attempts: null,
  std_dev_kv_cache_utilization: null,
  std_dev_queue_size: null,
  std_dev_running_requests: null,
} as const satisfies Record<string, keyof typeof PICKER_EDGES | null>;

/** What the picker keeps, whatever release's page shows it. */
export type PickerFigure = PickerFamilyName | keyof typeof LATER_FIGURES;
