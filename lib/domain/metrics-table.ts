import type { CompareMetric, FurtherMetricId, FurtherUnit, Headline, MetricUnit } from './compare';
import type { Arm, MetricId } from './vocabulary';

/** Prefixes of the engine's series: as the page has them, and as the KServe controller renames them (metrics §0.3). */
export const METRIC_PREFIXES = ['vllm:', 'kserve_vllm:'] as const;
export type MetricPrefix = (typeof METRIC_PREFIXES)[number];

/** Who exports a metric: the engines, the HTTP server in front of each of them (same page), the endpoint picker, or the GPU exporter. */
export type MetricSource = 'engine' | 'server' | 'picker' | 'gpu';

/** The prefixes of each source, in the order to try them: plain first, so that nothing is counted twice (metrics §6.3). */
export const PREFIXES: Record<MetricSource, readonly string[]> = {
  engine: METRIC_PREFIXES,
  server: ['', 'kserve_'],
  picker: ['', 'kserve_'],
  gpu: [''],
};

interface RowBase<Id, Unit> {
  id: Id;
  label: string;
  unit: Unit;
  better: CompareMetric['better'];
  /** What is measured, where the clock sits. */
  definition: string;
  source: MetricSource;
  /** The arms that have such a thing. */
  arms: readonly Arm[];
  headline: Headline;
}

/**
 * How a metric is read. Names are without prefix and in the order to try them: newest first (metrics §2.4).
 * Histogram names lack `_bucket`, `_sum` and `_count`.
 */
export type HowToRead =
  | { kind: 'histogram'; names: readonly string[] }
  /** `scale`: from the exporter's unit to ours. */
  | { kind: 'gauge'; names: readonly string[]; acrossPods: 'sum' | 'max' | 'avg'; scale: number }
  | ({ kind: 'counter'; names: readonly string[] } & CountedSeries)
  | { kind: 'ratio'; names: readonly RatioNames[] };

/** Which series of a counter are meant, and what they are told apart by. */
export interface CountedSeries {
  /** Labels that tell the series of one pod apart; the first is what the metric is split by on the screen. */
  splitBy: readonly string[];
  /** Matchers besides the arm's, as in PromQL. */
  only?: string;
  /**
   * Matchers of all that could have been counted, where the series meant appear with their first event only: as long as such
   * others are there, none of those is 0 and not unknown (metrics §2.6).
   */
  outOf?: string;
}

export type MetricRow = RowBase<MetricId, MetricUnit> & HowToRead;
export type FurtherRow = RowBase<FurtherMetricId, FurtherUnit> & HowToRead;
export type AnyRow = MetricRow | FurtherRow;

/** Two counters whose rates are divided. */
export interface RatioNames {
  part: string;
  whole: string;
}

export const ENGINE = { source: 'engine', arms: ['baseline', 'distributed'] } as const;

/** The metrics of the compare screen, one row each. Names and meaning: metrics §2.3, §2.5. */
export const METRICS: readonly MetricRow[] = [
  {
    id: 'ttft',
    ...ENGINE,
    headline: 'percentile',
    label: 'Time to first token',
    unit: 's',
    better: 'lower',
    kind: 'histogram',
    names: ['time_to_first_token_seconds'],
    definition:
      'From arrival in the engine’s API server to the first token: tokenising, queue and prefill, without gateway, TLS or network.',
  },
  {
    id: 'itl',
    ...ENGINE,
    headline: 'mean',
    label: 'Inter-token latency (TPOT)',
    unit: 's',
    better: 'lower',
    kind: 'histogram',
    names: ['inter_token_latency_seconds', 'time_per_output_token_seconds'],
    definition:
      'Gap between consecutive outputs of one request in the engine. The wait for the first token is not in it; GuideLLM’s TPOT contains that wait and is never shown here.',
  },
  {
    id: 'e2e',
    ...ENGINE,
    headline: 'percentile',
    label: 'End-to-end latency',
    unit: 's',
    better: 'lower',
    kind: 'histogram',
    names: ['e2e_request_latency_seconds'],
    definition:
      'From arrival in the engine’s API server to the finished answer; counted when the answer ends.',
  },
  {
    id: 'queue-waiting',
    ...ENGINE,
    headline: 'value',
    label: 'Queue depth (waiting)',
    unit: 'requests',
    better: 'lower',
    kind: 'gauge',
    names: ['num_requests_waiting'],
    acrossPods: 'sum',
    scale: 1,
    definition:
      'Requests in the engines’ waiting queues, sampled once per scrape; peaks between scrapes are lost.',
  },
  {
    id: 'running',
    ...ENGINE,
    headline: 'value',
    label: 'Requests running',
    unit: 'requests',
    better: 'neither',
    kind: 'gauge',
    names: ['num_requests_running'],
    acrossPods: 'sum',
    scale: 1,
    definition: 'Requests in the engines’ current batches, sampled once per scrape.',
  },
  {
    id: 'kv-cache',
    ...ENGINE,
    headline: 'value',
    label: 'KV-cache use',
    unit: 'ratio',
    better: 'neither',
    kind: 'gauge',
    names: ['kv_cache_usage_perc', 'gpu_cache_usage_perc'],
    acrossPods: 'max',
    scale: 1,
    definition:
      'Share of KV blocks held by requests, of the fullest pod. Cached blocks that nobody uses count as free.',
  },
  {
    id: 'generation-throughput',
    ...ENGINE,
    headline: 'value',
    label: 'Output tokens per second',
    unit: 'tokens/s',
    better: 'higher',
    kind: 'counter',
    names: ['generation_tokens_total'],
    splitBy: [],
    definition: 'Tokens generated by all pods of the arm, those of cancelled requests included.',
  },
  {
    id: 'request-rate',
    ...ENGINE,
    headline: 'value',
    label: 'Requests finished per second',
    unit: 'requests/s',
    better: 'higher',
    kind: 'counter',
    names: ['request_success_total'],
    splitBy: ['finished_reason'],
    definition:
      'Requests that ended in the engine, whatever the reason. Cancelled and refused ones are not counted.',
  },
  {
    id: 'prefix-cache-hit-rate',
    ...ENGINE,
    headline: 'value',
    label: 'Prefix-cache hit rate',
    unit: 'ratio',
    better: 'higher',
    kind: 'ratio',
    names: [
      { part: 'prefix_cache_hits_total', whole: 'prefix_cache_queries_total' },
      { part: 'gpu_prefix_cache_hits_total', whole: 'gpu_prefix_cache_queries_total' },
    ],
    definition: 'Prompt tokens found in the prefix cache ÷ prompt tokens looked up, weighted by tokens.',
  },
];

/** Series whose presence shows that a candidate can be read: histograms by `_count`, ratios by their part. */
export function presenceName(row: HowToRead, candidate: string | RatioNames): string {
  if (typeof candidate !== 'string') return candidate.part;
  return row.kind === 'histogram' ? `${candidate}_count` : candidate;
}
