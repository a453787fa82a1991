import 'server-only';
import type { PrometheusAnswer, TimeGrid } from './client';
import type { PrometheusProblem } from './problem';
import type { QueryBatch } from './query-batch';
import { toCurves, toPoints, toScalar, toScalars } from './to-series';
import type { WireQueryData } from './wire';

/** Asks several questions about one thing; the first problem and all warnings are kept aside. */
export interface SeriesAsker {
  /** `null` when the question failed; see `problem`. */
  instant(promql: string): Promise<WireQueryData | null>;
  /** `null` also for no sample, NaN and ±Inf. */
  scalar(promql: string): Promise<number | null>;
  curve(promql: string): Promise<[string, number | null][]>;
  /** One value per part, by the label that tells the parts apart. */
  scalarBy(promql: string, label: string): Promise<Map<string, number | null>>;
  curveBy(promql: string, label: string): Promise<Map<string, [string, number | null][]>>;
  /** On a grid of its own, gaps as `null`. */
  values(promql: string, grid: TimeGrid): Promise<(number | null)[]>;
  problem(): PrometheusProblem | null;
  warnings(): string[];
}

export function createSeriesAsker(batch: QueryBatch, grid: TimeGrid): SeriesAsker {
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

  const instant = async (promql: string): Promise<WireQueryData | null> => take(await batch.instant(promql));
  const range = async (promql: string, on: TimeGrid): Promise<WireQueryData | null> =>
    take(await batch.range(promql, on));

  return {
    instant,
    scalar: async (promql) => {
      const data = await instant(promql);
      return data === null ? null : toScalar(data);
    },
    curve: async (promql) => {
      const data = await range(promql, grid);
      return data === null ? [] : toPoints(data, grid);
    },
    scalarBy: async (promql, label) => {
      const data = await instant(promql);
      return data === null ? new Map() : toScalars(data, label);
    },
    curveBy: async (promql, label) => {
      const data = await range(promql, grid);
      return data === null ? new Map() : toCurves(data, label, grid);
    },
    values: async (promql, on) => {
      const data = await range(promql, on);
      return data === null ? [] : toPoints(data, on).map(([, value]) => value);
    },
    problem: () => firstProblem,
    warnings: () => [...warnings],
  };
}
