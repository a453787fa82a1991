/**
 * The families of llm-d-router 0.9 and 0.10 in the order of the page: the former names, deprecated, beside `llm_d_epp_*`
 * (metrics §3.2). Each shows a figure that the picker keeps once.
 */
import type { Labels } from './page-writer.ts';
import type { PickerFigure } from './picker-families.ts';

type ToLabels = (labels: Labels) => Labels;

export interface ShownFamily {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  figure: PickerFigure;
  /** Labels on this page, where they differ from those kept. */
  labels?: ToLabels;
}

const PREFIX_PLUGIN = 'approx-prefix-cache-producer';

const priority: ToLabels = (labels) => ({ ...labels, priority: '0' });
/** Nobody sends a fairness id or an objective in the demo. */
const flow: ToLabels = ({ model_name = '', ...labels }) => ({
  fairness_id: 'default-flow',
  model_name,
  priority: '0',
  target_model_name: model_name,
  ...labels,
});
const prefixPlugin: ToLabels = () => ({ plugin_name: PREFIX_PLUGIN, plugin_type: PREFIX_PLUGIN });
/** Endpoints are ranks of a pod since data parallelism is known. */
const rankedPod: ToLabels = ({ model_server_pod = '', ...labels }) => ({
  model_server_pod: `${model_server_pod}-rank-0`,
  ...labels,
});
const rankedEndpoint: ToLabels = ({ model_server_pod = '', ...labels }) => ({
  model_server_endpoint: `${model_server_pod}-rank-0`,
  ...labels,
});
const attemptPod: ToLabels = ({ endpoint_name = '', ...labels }) => ({ pod_name: endpoint_name, ...labels });

export const ROUTER_FAMILIES: readonly ShownFamily[] = [
  {
    name: 'inference_extension_info',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_info] General information of the current build of Inference Extension.',
    type: 'gauge',
    figure: 'inference_extension_info',
  },
  {
    name: 'inference_extension_plugin_duration_seconds',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_plugin_duration_seconds] Plugin processing latency distribution in seconds for each extension point, plugin type and plugin name.',
    type: 'histogram',
    figure: 'inference_extension_plugin_duration_seconds',
  },
  {
    name: 'inference_extension_prefix_indexer_hit_bytes',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_prefix_indexer_hit_bytes] Length of the prefix match in number of bytes in the cache lookup.',
    type: 'histogram',
    figure: 'inference_extension_prefix_indexer_hit_bytes',
  },
  {
    name: 'inference_extension_prefix_indexer_hit_ratio',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_prefix_indexer_hit_ratio] Ratio of prefix length matched to total prefix length in the cache lookup.',
    type: 'histogram',
    figure: 'inference_extension_prefix_indexer_hit_ratio',
  },
  {
    name: 'inference_extension_prefix_indexer_size',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_prefix_indexer_size] Size of the prefix indexer.',
    type: 'gauge',
    figure: 'inference_extension_prefix_indexer_size',
  },
  {
    name: 'inference_extension_scheduler_attempts_total',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_scheduler_attempts_total] Total number of scheduling attempts.',
    type: 'counter',
    figure: 'scheduler_attempts',
    labels: attemptPod,
  },
  {
    name: 'inference_extension_scheduler_e2e_duration_seconds',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_scheduler_e2e_duration_seconds] End-to-end scheduling latency distribution in seconds.',
    type: 'histogram',
    figure: 'inference_extension_scheduler_e2e_duration_seconds',
  },
  {
    name: 'inference_objective_input_tokens',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_request_input_tokens] Inference objective input token count distribution for requests in each model.',
    type: 'histogram',
    figure: 'inference_model_input_tokens',
  },
  {
    name: 'inference_objective_normalized_time_per_output_token_seconds',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_request_ntpot_seconds] Inference objective latency divided by number of output tokens in seconds for each model and target model.',
    type: 'histogram',
    figure: 'inference_model_normalized_time_per_output_token_seconds',
  },
  {
    name: 'inference_objective_output_tokens',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_request_output_tokens] Inference objective output token count distribution for requests in each model.',
    type: 'histogram',
    figure: 'inference_model_output_tokens',
  },
  {
    name: 'inference_objective_request_duration_seconds',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_request_duration_seconds] Inference objective response latency distribution in seconds for each model and target model.',
    type: 'histogram',
    figure: 'inference_model_request_duration_seconds',
  },
  {
    name: 'inference_objective_request_error_total',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_request_error_total] Counter of inference objective requests errors broken out for each model and target model.',
    type: 'counter',
    figure: 'inference_model_request_error_total',
  },
  {
    name: 'inference_objective_request_sizes',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_request_size_bytes] Inference objective requests size distribution in bytes for each model and target model.',
    type: 'histogram',
    figure: 'inference_model_request_sizes',
  },
  {
    name: 'inference_objective_request_total',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_request_total] Counter of inference objective requests broken out for each model and target model.',
    type: 'counter',
    figure: 'inference_model_request_total',
    labels: priority,
  },
  {
    name: 'inference_objective_response_sizes',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_response_size_bytes] Inference objective responses size distribution in bytes for each model and target model.',
    type: 'histogram',
    figure: 'inference_model_response_sizes',
  },
  {
    name: 'inference_objective_running_requests',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_request_running] Inference objective number of running requests in each model.',
    type: 'gauge',
    figure: 'inference_model_running_requests',
  },
  {
    name: 'inference_pool_average_kv_cache_utilization',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_average_kv_cache_utilization] The average kv cache utilization for an inference server pool.',
    type: 'gauge',
    figure: 'inference_pool_average_kv_cache_utilization',
  },
  {
    name: 'inference_pool_average_queue_size',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_average_queue_size] The average number of requests pending in the model server queue.',
    type: 'gauge',
    figure: 'inference_pool_average_queue_size',
  },
  {
    name: 'inference_pool_average_running_requests',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_average_running_requests] The average number of running requests across model servers in the pool.',
    type: 'gauge',
    figure: 'average_running_requests',
  },
  {
    name: 'inference_pool_per_pod_queue_size',
    help: '[ALPHA] The total number of requests pending in the model server queue for each underlying pod.',
    type: 'gauge',
    figure: 'inference_pool_per_pod_queue_size',
    labels: rankedPod,
  },
  {
    name: 'inference_pool_ready_pods',
    help: '[ALPHA] [Deprecated: Use llm_d_epp_ready_endpoints] The number of ready pods in the inference server pool.',
    type: 'gauge',
    figure: 'inference_pool_ready_pods',
  },
  {
    name: 'llm_d_epp_average_kv_cache_utilization',
    help: '[ALPHA] The average kv cache utilization for an inference server pool.',
    type: 'gauge',
    figure: 'inference_pool_average_kv_cache_utilization',
  },
  {
    name: 'llm_d_epp_average_queue_size',
    help: '[ALPHA] The average number of requests pending in the model server queue.',
    type: 'gauge',
    figure: 'inference_pool_average_queue_size',
  },
  {
    name: 'llm_d_epp_average_running_requests',
    help: '[ALPHA] The average number of running requests across model servers in the pool.',
    type: 'gauge',
    figure: 'average_running_requests',
  },
  {
    name: 'llm_d_epp_flow_control_pool_saturation',
    help: '[ALPHA] Pool saturation signal gating Flow Control dispatch. 1.0 is the gating set point; values above 1.0 indicate the magnitude of oversubscription past it. An empty pool reads as 1.0. With the default utilization detector, endpoints with missing or stale metrics score as fully saturated (fail-closed; see flow_control_stale_endpoints).',
    type: 'gauge',
    figure: 'flow_control_pool_saturation',
  },
  {
    name: 'llm_d_epp_flow_control_queue_bytes',
    help: '[ALPHA] Current total size in bytes of requests actively held in the Flow Control queue.',
    type: 'gauge',
    figure: 'flow_control_queue_bytes',
  },
  {
    name: 'llm_d_epp_flow_control_queue_size',
    help: '[ALPHA] Current number of requests actively held in the Flow Control queue.',
    type: 'gauge',
    figure: 'flow_control_queue_size',
  },
  {
    name: 'llm_d_epp_flow_control_request_queue_duration_seconds',
    help: '[ALPHA] Distribution of total time requests spend in the Flow Control layer (from enqueue to final outcome).',
    type: 'histogram',
    figure: 'flow_control_request_queue_duration_seconds',
  },
  {
    name: 'llm_d_epp_info',
    help: '[ALPHA] General information of the current build of Inference Extension.',
    type: 'gauge',
    figure: 'inference_extension_info',
  },
  {
    name: 'llm_d_epp_per_endpoint_queue_size',
    help: '[ALPHA] The total number of requests pending in the model server queue for each underlying endpoint.',
    type: 'gauge',
    figure: 'inference_pool_per_pod_queue_size',
    labels: rankedEndpoint,
  },
  {
    name: 'llm_d_epp_plugin_duration_seconds',
    help: '[ALPHA] Plugin processing latency distribution in seconds for each extension point, plugin type and plugin name.',
    type: 'histogram',
    figure: 'inference_extension_plugin_duration_seconds',
  },
  {
    name: 'llm_d_epp_prefix_indexer_hit_bytes',
    help: '[ALPHA] Length of the prefix match in number of bytes in the cache lookup.',
    type: 'histogram',
    figure: 'inference_extension_prefix_indexer_hit_bytes',
    labels: prefixPlugin,
  },
  {
    name: 'llm_d_epp_prefix_indexer_hit_ratio',
    help: '[ALPHA] Ratio of prefix length matched to total prefix length in the cache lookup.',
    type: 'histogram',
    figure: 'inference_extension_prefix_indexer_hit_ratio',
    labels: prefixPlugin,
  },
  {
    name: 'llm_d_epp_prefix_indexer_size',
    help: '[ALPHA] Size of the prefix indexer.',
    type: 'gauge',
    figure: 'inference_extension_prefix_indexer_size',
    labels: prefixPlugin,
  },
  {
    name: 'llm_d_epp_ready_endpoints',
    help: '[ALPHA] The number of ready endpoints in the inference server pool.',
    type: 'gauge',
    figure: 'inference_pool_ready_pods',
  },
  {
    name: 'llm_d_epp_request_cached_tokens',
    help: '[ALPHA] Distribution of prompt tokens read from cache per request, as reported by the model server in the response.',
    type: 'histogram',
    figure: 'request_cached_tokens',
    labels: flow,
  },
  {
    name: 'llm_d_epp_request_duration_seconds',
    help: '[ALPHA] End-to-end request latency distribution in seconds.',
    type: 'histogram',
    figure: 'inference_model_request_duration_seconds',
    labels: flow,
  },
  {
    name: 'llm_d_epp_request_error_total',
    help: '[ALPHA] Total number of request errors.',
    type: 'counter',
    figure: 'inference_model_request_error_total',
    labels: flow,
  },
  {
    name: 'llm_d_epp_request_input_tokens',
    help: '[ALPHA] Input token count distribution per request.',
    type: 'histogram',
    figure: 'inference_model_input_tokens',
    labels: flow,
  },
  {
    name: 'llm_d_epp_request_ntpot_seconds',
    help: '[ALPHA] Normalized time per output token in seconds (end-to-end latency divided by output token count).',
    type: 'histogram',
    figure: 'inference_model_normalized_time_per_output_token_seconds',
    labels: flow,
  },
  {
    name: 'llm_d_epp_request_output_tokens',
    help: '[ALPHA] Output token count distribution per request.',
    type: 'histogram',
    figure: 'inference_model_output_tokens',
    labels: flow,
  },
  {
    name: 'llm_d_epp_request_running',
    help: '[ALPHA] Current number of active running requests.',
    type: 'gauge',
    figure: 'inference_model_running_requests',
    labels: flow,
  },
  {
    name: 'llm_d_epp_request_size_bytes',
    help: '[ALPHA] Incoming request body size distribution in bytes.',
    type: 'histogram',
    figure: 'inference_model_request_sizes',
    labels: flow,
  },
  {
    name: 'llm_d_epp_request_streaming_tpot_seconds',
    help: '[ALPHA] Average time per output token in seconds for streaming requests, computed as (e2e - TTFT) / (output_tokens - 1).',
    type: 'histogram',
    figure: 'request_streaming_tpot_seconds',
    labels: flow,
  },
  {
    name: 'llm_d_epp_request_total',
    help: '[ALPHA] Total number of processed requests.',
    type: 'counter',
    figure: 'inference_model_request_total',
    labels: flow,
  },
  {
    name: 'llm_d_epp_request_ttft_seconds',
    help: '[ALPHA] Time to first token in seconds, measured from request received to first response byte. For non-streaming requests, this equals total request duration.',
    type: 'histogram',
    figure: 'request_ttft_seconds',
    labels: flow,
  },
  {
    name: 'llm_d_epp_response_size_bytes',
    help: '[ALPHA] Outgoing response body size distribution in bytes.',
    type: 'histogram',
    figure: 'inference_model_response_sizes',
    labels: flow,
  },
  {
    name: 'llm_d_epp_scheduler_attempts_total',
    help: '[ALPHA] Total number of scheduling attempts.',
    type: 'counter',
    figure: 'scheduler_attempts',
  },
  {
    name: 'llm_d_epp_scheduler_e2e_duration_seconds',
    help: '[ALPHA] End-to-end scheduling latency distribution in seconds.',
    type: 'histogram',
    figure: 'inference_extension_scheduler_e2e_duration_seconds',
  },
  {
    name: 'llm_d_epp_std_dev_kv_cache_utilization',
    help: '[ALPHA] The standard deviation kv cache utilization for an inference server pool.',
    type: 'gauge',
    figure: 'std_dev_kv_cache_utilization',
  },
  {
    name: 'llm_d_epp_std_dev_queue_size',
    help: '[ALPHA] The standard deviation number of requests pending in the model server queue.',
    type: 'gauge',
    figure: 'std_dev_queue_size',
  },
  {
    name: 'llm_d_epp_std_dev_running_requests',
    help: '[ALPHA] The standard deviation number of running requests across model servers in the pool.',
    type: 'gauge',
    figure: 'std_dev_running_requests',
  },
];
