import 'server-only';
import type { UnixMs } from '@/lib/domain/vocabulary';
import type { PrometheusAnswer, PrometheusClient, TimeGrid } from './client';
import type { PrometheusProblem } from './problem';
import { toPoints, toScalar } from './to-series';
import type { WireQueryData } from './wire';

/** Asks several questions about one thing; the first problem and all warnings are kept aside. */
export interface SeriesAsker {
  /** `null` when the question failed; see `problem`. */
  instant(promql: string): Promise<WireQueryData | null>;
  /** `null` also for no sample, NaN and ±Inf. */
  scalar(promql: string): Promise<number | null>;
  curve(promql: string): Promise<[string, number | null][]>;
  problem(): PrometheusProblem | null;
  warnings(): string[];
}

export function createSeriesAsker(
  client: PrometheusClient,
  grid: TimeGrid,
  now: UnixMs,
  signal?: AbortSignal,
): SeriesAsker {
  const warnings = new Set<string>();
  let firstProblem: PrometheusProblem | null = null;

  function take(answer: PrometheusAnswer<WireQueryData>): WireQueryData | null {
    if (!answer.ok) {
      firstProblem ??= answer.problem;
      return null;
    }
    for (const warning of answer.warnings) warnings.add(warning);
    return answer.value;
  }

  const instant = async (promql: string): Promise<WireQueryData | null> =>
    take(await client.query(promql, now / 1000, signal));

  return {
    instant,
    scalar: async (promql) => {
      const data = await instant(promql);
      return data === null ? null : toScalar(data);
    },
    curve: async (promql) => {
      const data = take(await client.queryRange(promql, grid, signal));
      return data === null ? [] : toPoints(data, grid);
    },
    problem: () => firstProblem,
    warnings: () => [...warnings],
  };
}
