/** A GuideLLM 0.5 result file with the fields that matter, one stage per row (metrics §12). Synthetic. */
export interface Stage {
  users: number;
  ttftMs: number;
  itlMs: number;
  outputTokensPerSecond: number;
}

function spread(value: number): object {
  return {
    successful: { mean: value, count: 50, percentiles: { p50: value, p90: value, p95: value, p99: value } },
  };
}

export function guidellmFile(target: string, stages: readonly Stage[]): string {
  return JSON.stringify({
    metadata: { version: 1, guidellm_version: '0.5.0' },
    args: { target, model: 'mistral' },
    benchmarks: stages.map((stage, index) => ({
      start_time: 1_767_000_000 + index * 70,
      duration: 60,
      config: { strategy: { type_: 'concurrent', streams: stage.users } },
      metrics: {
        request_totals: { successful: 50, incomplete: 0, errored: 0, total: 50 },
        time_to_first_token_ms: spread(stage.ttftMs),
        inter_token_latency_ms: spread(stage.itlMs),
        time_per_output_token_ms: spread(stage.itlMs + 4),
        request_latency: spread(14),
        output_tokens_per_second: spread(stage.outputTokensPerSecond),
        tokens_per_second: spread(stage.outputTokensPerSecond * 2),
        requests_per_second: spread(0.5),
        request_concurrency: spread(stage.users),
      },
    })),
  });
}
