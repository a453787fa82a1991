import file05 from './fixtures/guidellm-0.5.json';
import file07 from './fixtures/guidellm-0.7.json';

/** Result files as GuideLLM's own classes write them, trimmed to what is read; the older shapes are made from them. */

/** Schema of 0.5.0: one engine (INT4 baseline), 1, 3 and 8 users, 256/256 tokens. */
export const SAMPLE_0_5 = JSON.stringify(file05);
/** Schema of 0.7.3: the same ladder over two engines behind the Gateway, labelled. */
export const SAMPLE_0_7 = JSON.stringify(file07);

interface Benchmark {
  config: { run_id: string; strategy: unknown; backend: { target: string; model: string } };
  metrics: { request_totals: unknown };
  [name: string]: unknown;
}

interface File {
  metadata?: unknown;
  args: { target: string; model: string };
  benchmarks: Benchmark[];
}

const parsed = (): File => JSON.parse(SAMPLE_0_5) as File;

/** 0.4: `args` at the top, no `metadata` (metrics §12). */
export function sample04(): string {
  const { metadata: _, ...rest } = parsed();
  return JSON.stringify(rest);
}

/** 0.3: only `benchmarks`; strategy below `args`, target below `worker`, counts beside the metrics (metrics §12). */
export function sample03(): string {
  const benchmarks = parsed().benchmarks.map(
    ({ config, scheduler_metrics: _, metrics: { request_totals, ...metrics }, ...rest }) => ({
      ...rest,
      run_id: config.run_id,
      args: { strategy: config.strategy },
      worker: { backend_target: config.backend.target, backend_model: config.backend.model },
      run_stats: {},
      request_totals,
      metrics,
    }),
  );
  return JSON.stringify({ benchmarks });
}
