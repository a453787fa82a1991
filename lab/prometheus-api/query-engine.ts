import { compareLabels, NO_LABELS } from './label-set.ts';
import { Evaluator } from './promql-evaluate.ts';
import { parseQuery } from './promql-parse.ts';
import { typeOf } from './promql-types.ts';
import type { RangeSeries, VectorSample } from './promql-values.ts';
import type { SeriesSource } from './series-store.ts';

export type QueryData =
  | { resultType: 'scalar'; timeMs: number; value: number }
  | { resultType: 'string'; timeMs: number; value: string }
  | { resultType: 'vector'; timeMs: number; samples: VectorSample[] }
  | { resultType: 'matrix'; series: RangeSeries[] };

export interface QueryResult {
  data: QueryData;
  warnings: string[];
  infos: string[];
}

/** A query whose type does not fit the endpoint: HTTP 400. */
export class QueryTypeError extends Error {}

export function instantQuery(store: SeriesSource, query: string, timeMs: number): QueryResult {
  const expression = parseQuery(query);
  const evaluator = new Evaluator({ query, store, startMs: timeMs, endMs: timeMs }, expression);
  const evaluate = (): QueryData => {
    const type = typeOf(expression);
    switch (type) {
      case 'scalar':
        return { resultType: 'scalar', timeMs, value: evaluator.scalar(expression, timeMs) };
      case 'string':
        return { resultType: 'string', timeMs, value: evaluator.string(expression) };
      case 'instant vector':
        return { resultType: 'vector', timeMs, samples: evaluator.vector(expression, timeMs) };
      case 'range vector':
        return { resultType: 'matrix', series: sortedSeries(evaluator.range(expression, timeMs)) };
      default:
        return type satisfies never;
    }
  };
  return withAnnotations(evaluate(), evaluator);
}

export function rangeQuery(
  store: SeriesSource,
  query: string,
  startMs: number,
  endMs: number,
  stepMs: number,
): QueryResult {
  const expression = parseQuery(query);
  const type = typeOf(expression);
  if (type !== 'scalar' && type !== 'instant vector') {
    throw new QueryTypeError(
      `invalid expression type "${type}" for range query, must be Scalar or instant Vector`,
    );
  }
  const evaluator = new Evaluator({ query, store, startMs, endMs }, expression);
  const found = new Map<string, RangeSeries>();
  for (let timeMs = startMs; timeMs <= endMs; timeMs += stepMs) {
    const samples =
      type === 'scalar'
        ? [{ labels: NO_LABELS, value: evaluator.scalar(expression, timeMs) }]
        : evaluator.vector(expression, timeMs);
    for (const { labels, value } of samples) {
      const series = found.get(labels.key) ?? { labels, timesMs: [], values: [] };
      found.set(labels.key, series);
      series.timesMs.push(timeMs);
      series.values.push(value);
    }
  }
  return withAnnotations({ resultType: 'matrix', series: sortedSeries([...found.values()]) }, evaluator);
}

function withAnnotations(data: QueryData, evaluator: Evaluator): QueryResult {
  return { data, warnings: evaluator.annotations.warnings(), infos: evaluator.annotations.infos() };
}

function sortedSeries(series: RangeSeries[]): RangeSeries[] {
  return series.sort((a, b) => compareLabels(a.labels, b.labels));
}
