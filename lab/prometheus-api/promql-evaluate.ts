import { aggregate } from './aggregations.ts';
import { scalarWithScalar, vectorWithScalar, vectorWithVector } from './binary-operators.ts';
import { METRIC_NAME, NO_LABELS } from './label-set.ts';
import {
  type Aggregation,
  type AtModifier,
  type BinaryExpression,
  type Expression,
  type FunctionCall,
  type MatrixSelector,
  placeOf,
  type Subquery,
} from './promql-syntax.ts';
import { typeOf } from './promql-types.ts';
import {
  Annotations,
  assertDistinct,
  ExecutionError,
  type RangeSeries,
  type VectorSample,
} from './promql-values.ts';
import { reachOf } from './query-reach.ts';
import { COUNTER_FUNCTIONS, RANGE_FUNCTIONS, type RangeFunction } from './range-functions.ts';
import { SelectorCache } from './selector-cache.ts';
import type { SeriesSource } from './series-store.ts';
import { TIME_FUNCTIONS, VALUE_FUNCTIONS, type ValueFunction } from './value-functions.ts';
import { absentLabels, VECTOR_FUNCTIONS } from './vector-functions.ts';

/** Step of a subquery that names none: Prometheus's default evaluation interval. */
const DEFAULT_SUBQUERY_STEP_MS = 60_000;

export interface QueryContext {
  query: string;
  store: SeriesSource;
  startMs: number;
  endMs: number;
}

const RANGE_BY_NAME: ReadonlyMap<string, RangeFunction> = new Map(Object.entries(RANGE_FUNCTIONS));
const VALUE_BY_NAME: ReadonlyMap<string, ValueFunction> = new Map<string, ValueFunction>([
  ...Object.entries(VALUE_FUNCTIONS),
  ...Object.entries(TIME_FUNCTIONS),
]);

/** Evaluates one query at any number of times; rules follow Prometheus 3 (ranges open on the left). */
export class Evaluator {
  readonly annotations = new Annotations();
  private readonly context: QueryContext;
  private readonly selectors: SelectorCache;
  /** Steps of subqueries, which overlap from one evaluation to the next. */
  private readonly subqueryResults = new Map<Subquery, Map<number, VectorSample[]>>();
  /** Which series a range function or negation has given which result labels: two must never become one, at any step. */
  private readonly sources = new Map<Expression, Map<string, string>>();

  constructor(context: QueryContext, expression: Expression) {
    this.context = context;
    const { backMs, aheadMs } = reachOf(expression);
    this.selectors = new SelectorCache(context.store, context.startMs - backMs - 1, context.endMs + aheadMs);
  }

  scalar(expression: Expression, timeMs: number): number {
    switch (expression.kind) {
      case 'number':
        return expression.value;
      case 'parentheses':
        return this.scalar(expression.inner, timeMs);
      case 'negation':
        return -this.scalar(expression.inner, timeMs);
      case 'binary':
        return scalarWithScalar(
          expression,
          this.scalar(expression.left, timeMs),
          this.scalar(expression.right, timeMs),
        );
      case 'call':
        return this.scalarCall(expression, timeMs);
      default:
        throw new ExecutionError(`${expression.kind} has no scalar value`);
    }
  }

  string(expression: Expression): string {
    if (expression.kind === 'string') return expression.value;
    if (expression.kind === 'parentheses') return this.string(expression.inner);
    throw new ExecutionError(`${expression.kind} has no string value`);
  }

  vector(expression: Expression, timeMs: number): VectorSample[] {
    switch (expression.kind) {
      case 'parentheses':
        return this.vector(expression.inner, timeMs);
      case 'negation': {
        const negated = this.vector(expression.inner, timeMs).map(({ labels, value }) => {
          const withoutName = labels.withoutName();
          this.assertOneSource(expression, withoutName.key, labels.key);
          return { labels: withoutName, value: -value };
        });
        assertDistinct(negated);
        return negated;
      }
      case 'vector-selector':
        return this.selectors.instant(expression, this.readingTime(expression, timeMs));
      case 'aggregation':
        return this.aggregation(expression, timeMs);
      case 'binary':
        return this.binary(expression, timeMs);
      case 'call':
        return this.vectorCall(expression, timeMs);
      default:
        throw new ExecutionError(`${expression.kind} is not an instant vector`);
    }
  }

  range(expression: Expression, timeMs: number): RangeSeries[] {
    switch (expression.kind) {
      case 'parentheses':
        return this.range(expression.inner, timeMs);
      case 'matrix-selector': {
        const endMs = this.readingTime(expression.selector, timeMs);
        return this.selectors.range(expression.selector, endMs - expression.rangeMs, endMs);
      }
      case 'subquery':
        return this.subquery(expression, timeMs);
      default:
        throw new ExecutionError(`${expression.kind} is not a range vector`);
    }
  }

  private scalarCall(call: FunctionCall, timeMs: number): number {
    switch (call.name) {
      case 'time':
        return timeMs / 1000;
      case 'pi':
        return Math.PI;
      default: {
        const samples = this.vector(argument(call, 0), timeMs);
        return samples.length === 1 ? (samples[0]?.value ?? Number.NaN) : Number.NaN;
      }
    }
  }

  private vectorCall(call: FunctionCall, timeMs: number): VectorSample[] {
    const rangeFunction = RANGE_BY_NAME.get(call.name);
    if (rangeFunction !== undefined) return this.rangeCall(call, rangeFunction, timeMs);
    const valueFunction = VALUE_BY_NAME.get(call.name);
    if (valueFunction !== undefined) return this.valueCall(call, valueFunction, timeMs);
    switch (call.name) {
      case 'vector':
        return [{ labels: NO_LABELS, value: this.scalar(argument(call, 0), timeMs) }];
      case 'timestamp':
        return this.timestamps(argument(call, 0), timeMs);
      case 'absent':
        return this.vector(argument(call, 0), timeMs).length > 0
          ? []
          : [{ labels: absentLabels(argument(call, 0)), value: 1 }];
      case 'absent_over_time':
        return this.range(argument(call, 0), timeMs).length > 0
          ? []
          : [{ labels: absentLabels(argument(call, 0)), value: 1 }];
      default: {
        const vectorFunction = VECTOR_FUNCTIONS.get(call.name);
        if (vectorFunction === undefined) throw new ExecutionError(`unknown function ${call.name}`);
        return vectorFunction({
          call,
          query: this.context.query,
          annotations: this.annotations,
          scalar: (index) => this.scalar(argument(call, index), timeMs),
          string: (index) => this.string(argument(call, index)),
          vector: (index) => this.vector(argument(call, index), timeMs),
        });
      }
    }
  }

  private valueCall(call: FunctionCall, compute: ValueFunction, timeMs: number): VectorSample[] {
    const [source, ...parameterExpressions] = call.arguments;
    const parameters = parameterExpressions.map((parameter) => this.scalar(parameter, timeMs));
    const samples =
      source === undefined ? [{ labels: NO_LABELS, value: timeMs / 1000 }] : this.vector(source, timeMs);
    const results = samples.flatMap((sample) => {
      const value = compute(sample.value, parameters);
      return value === null ? [] : [{ labels: sample.labels.withoutName(), value }];
    });
    assertDistinct(results);
    return results;
  }

  private rangeCall(call: FunctionCall, compute: RangeFunction, timeMs: number): VectorSample[] {
    const source = call.arguments.find((candidate) => typeOf(candidate) === 'range vector');
    if (source === undefined) throw new ExecutionError(`${call.name} needs a range vector`);
    const parameters = call.arguments
      .filter((candidate) => candidate !== source)
      .map((parameter) => this.scalar(parameter, timeMs));
    const { startMs, endMs, rangeMs } = this.bounds(source, timeMs);
    const keepsName = call.name === 'last_over_time';
    const results: VectorSample[] = [];
    for (const { labels, timesMs, values } of this.range(source, timeMs)) {
      const window = { timesMs, values, startMs, endMs, rangeMs, evaluatedAtMs: timeMs };
      const value = compute(window, parameters);
      if (COUNTER_FUNCTIONS.has(call.name)) this.hintAtCounter(labels.get(METRIC_NAME), source);
      if (value === null) continue;
      const resultLabels = keepsName ? labels : labels.withoutName();
      this.assertOneSource(call, resultLabels.key, labels.key);
      results.push({ labels: resultLabels, value });
    }
    return results;
  }

  private hintAtCounter(name: string, source: Expression): void {
    if (name === '' || /_(total|sum|count|bucket)$/.test(name)) return;
    this.annotations.inform(
      `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${JSON.stringify(name)} (${placeOf(this.context.query, source.from)})`,
    );
  }

  private assertOneSource(expression: Expression, resultKey: string, sourceKey: string): void {
    const sources = this.sources.get(expression) ?? new Map<string, string>();
    this.sources.set(expression, sources);
    const known = sources.get(resultKey) ?? sourceKey;
    if (known !== sourceKey) throw new ExecutionError('vector cannot contain metrics with the same labelset');
    sources.set(resultKey, sourceKey);
  }

  private timestamps(source: Expression, timeMs: number): VectorSample[] {
    let selector = source;
    while (selector.kind === 'parentheses') selector = selector.inner;
    const results =
      selector.kind === 'vector-selector'
        ? this.selectors
            .instant(selector, this.readingTime(selector, timeMs))
            .map(({ labels, takenMs }) => ({ labels: labels.withoutName(), value: takenMs / 1000 }))
        : this.vector(source, timeMs).map(({ labels }) => ({
            labels: labels.withoutName(),
            value: timeMs / 1000,
          }));
    assertDistinct(results);
    return results;
  }

  private aggregation(aggregation: Aggregation, timeMs: number): VectorSample[] {
    const { parameter } = aggregation;
    const value =
      parameter === null
        ? null
        : aggregation.operation === 'count_values'
          ? this.string(parameter)
          : this.scalar(parameter, timeMs);
    if (aggregation.operation === 'quantile' && typeof value === 'number' && !(value >= 0 && value <= 1)) {
      this.annotations.warn(
        `quantile value should be between 0 and 1, got ${value} (${placeOf(this.context.query, parameter?.from ?? 0)})`,
      );
    }
    return aggregate(aggregation, value, this.vector(aggregation.inner, timeMs));
  }

  private binary(binary: BinaryExpression, timeMs: number): VectorSample[] {
    const leftIsScalar = typeOf(binary.left) === 'scalar';
    const rightIsScalar = typeOf(binary.right) === 'scalar';
    if (leftIsScalar) {
      const scalar = this.scalar(binary.left, timeMs);
      return vectorWithScalar(binary, this.vector(binary.right, timeMs), scalar, true);
    }
    if (rightIsScalar) {
      const scalar = this.scalar(binary.right, timeMs);
      return vectorWithScalar(binary, this.vector(binary.left, timeMs), scalar, false);
    }
    return vectorWithVector(binary, this.vector(binary.left, timeMs), this.vector(binary.right, timeMs));
  }

  private subquery(subquery: Subquery, timeMs: number): RangeSeries[] {
    const { startMs, endMs } = this.bounds(subquery, timeMs);
    const stepMs = subquery.stepMs ?? DEFAULT_SUBQUERY_STEP_MS;
    const results = this.subqueryResults.get(subquery) ?? new Map<number, VectorSample[]>();
    this.subqueryResults.set(subquery, results);
    const found = new Map<string, RangeSeries>();
    // Steps lie on multiples of the step, independently of the time of evaluation.
    for (let stepAtMs = (Math.floor(startMs / stepMs) + 1) * stepMs; stepAtMs <= endMs; stepAtMs += stepMs) {
      const samples = results.get(stepAtMs) ?? this.vector(subquery.inner, stepAtMs);
      results.set(stepAtMs, samples);
      for (const { labels, value } of samples) {
        const series = found.get(labels.key) ?? { labels, timesMs: [], values: [] };
        found.set(labels.key, series);
        series.timesMs.push(stepAtMs);
        series.values.push(value);
      }
    }
    return [...found.values()];
  }

  private bounds(source: Expression, timeMs: number): { startMs: number; endMs: number; rangeMs: number } {
    let range = source;
    while (range.kind === 'parentheses') range = range.inner;
    if (!isRange(range)) throw new ExecutionError(`${range.kind} is not a range vector`);
    const endMs = this.readingTime(range.kind === 'subquery' ? range : range.selector, timeMs);
    return { startMs: endMs - range.rangeMs, endMs, rangeMs: range.rangeMs };
  }

  /** `@` replaces the time of evaluation, `offset` moves it back. */
  private readingTime({ at, offsetMs }: { at: AtModifier; offsetMs: number }, timeMs: number): number {
    if (at === null) return timeMs - offsetMs;
    if (at === 'start') return this.context.startMs - offsetMs;
    if (at === 'end') return this.context.endMs - offsetMs;
    return at.unixMs - offsetMs;
  }
}

function isRange(expression: Expression): expression is MatrixSelector | Subquery {
  return expression.kind === 'matrix-selector' || expression.kind === 'subquery';
}

function argument(call: FunctionCall, index: number): Expression {
  const found = call.arguments[index];
  if (found === undefined) throw new ExecutionError(`${call.name} lacks argument ${index + 1}`);
  return found;
}
