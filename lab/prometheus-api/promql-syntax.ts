import type { LabelMatcher } from './label-matcher.ts';

/** A place in the query, for messages: offsets of characters. */
export interface Span {
  from: number;
  to: number;
}

/** `@`: a fixed time, or the start or end of the query. */
export type AtModifier = { unixMs: number } | 'start' | 'end' | null;

export interface VectorSelector extends Span {
  kind: 'vector-selector';
  /** Metric name, null when only matchers are given. */
  name: string | null;
  matchers: readonly LabelMatcher[];
  offsetMs: number;
  at: AtModifier;
}

export interface MatrixSelector extends Span {
  kind: 'matrix-selector';
  selector: VectorSelector;
  rangeMs: number;
}

export interface Subquery extends Span {
  kind: 'subquery';
  inner: Expression;
  rangeMs: number;
  /** Null: the default evaluation interval. */
  stepMs: number | null;
  offsetMs: number;
  at: AtModifier;
}

export interface FunctionCall extends Span {
  kind: 'call';
  name: string;
  arguments: readonly Expression[];
}

export const AGGREGATIONS = [
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'count_values',
  'quantile',
] as const;
export type AggregationName = (typeof AGGREGATIONS)[number];

export interface Aggregation extends Span {
  kind: 'aggregation';
  operation: AggregationName;
  parameter: Expression | null;
  inner: Expression;
  grouping: { mode: 'by' | 'without'; labels: readonly string[] };
}

export const ARITHMETIC_OPERATORS = ['+', '-', '*', '/', '%', '^', 'atan2'] as const;
export const COMPARISON_OPERATORS = ['==', '!=', '>', '<', '>=', '<='] as const;
export const SET_OPERATORS = ['and', 'or', 'unless'] as const;
export type ArithmeticOperator = (typeof ARITHMETIC_OPERATORS)[number];
export type ComparisonOperator = (typeof COMPARISON_OPERATORS)[number];
export type SetOperator = (typeof SET_OPERATORS)[number];
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;

export interface VectorMatching {
  mode: 'on' | 'ignoring';
  labels: readonly string[];
  /** Which side may have several series per match, and the labels taken from the other one. */
  many: 'left' | 'right' | null;
  include: readonly string[];
}

export interface BinaryExpression extends Span {
  kind: 'binary';
  operator: BinaryOperator;
  /** Where the operator stands. */
  operatorAt: number;
  left: Expression;
  right: Expression;
  returnsBool: boolean;
  /** Null when the query names none: match on all labels. */
  matching: VectorMatching | null;
}

export type Expression =
  | ({ kind: 'number'; value: number } & Span)
  | ({ kind: 'string'; value: string } & Span)
  | ({ kind: 'parentheses'; inner: Expression } & Span)
  | ({ kind: 'negation'; inner: Expression } & Span)
  | VectorSelector
  | MatrixSelector
  | Subquery
  | FunctionCall
  | Aggregation
  | BinaryExpression;

export type ValueType = 'scalar' | 'string' | 'instant vector' | 'range vector';

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return (COMPARISON_OPERATORS as readonly string[]).includes(operator);
}

export function isSetOperator(operator: BinaryOperator): operator is SetOperator {
  return (SET_OPERATORS as readonly string[]).includes(operator);
}

/** Line and column as Prometheus prints them: `1:21`. */
export function placeOf(query: string, at: number): string {
  const lines = query.slice(0, at).split('\n');
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

/** A query that cannot be read: HTTP 400. */
export class ParseError extends Error {
  constructor(query: string, at: number, problem: string) {
    super(`${placeOf(query, at)}: parse error: ${problem}`);
  }
}
