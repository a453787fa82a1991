import { type LabelSet, METRIC_NAME } from './label-set.ts';
import {
  type ArithmeticOperator,
  type BinaryExpression,
  type ComparisonOperator,
  isComparison,
  isSetOperator,
  type SetOperator,
  type VectorMatching,
} from './promql-syntax.ts';
import { assertDistinct, ExecutionError, type VectorSample } from './promql-values.ts';

type Operation = Pick<BinaryExpression, 'operator' | 'returnsBool' | 'matching'>;

export function scalarWithScalar({ operator }: Operation, left: number, right: number): number {
  if (isSetOperator(operator))
    throw new ExecutionError(`operator "${operator}" not allowed for Scalar operations`);
  return isComparison(operator) ? Number(compares(operator, left, right)) : arithmetic(operator, left, right);
}

/** `isSwapped`: the scalar stands on the left; a comparison still filters the vector's own values. */
export function vectorWithScalar(
  operation: Operation,
  samples: readonly VectorSample[],
  scalar: number,
  isSwapped: boolean,
): VectorSample[] {
  const { operator, returnsBool } = operation;
  const results: VectorSample[] = [];
  for (const { labels, value } of samples) {
    const [left, right] = isSwapped ? [scalar, value] : [value, scalar];
    if (isComparison(operator) && !returnsBool) {
      if (compares(operator, left, right)) results.push({ labels, value });
    } else {
      results.push({ labels: labels.withoutName(), value: scalarWithScalar(operation, left, right) });
    }
  }
  assertDistinct(results);
  return results;
}

export function vectorWithVector(
  operation: Operation,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
): VectorSample[] {
  const matching = operation.matching ?? { mode: 'ignoring', labels: [], many: null, include: [] };
  if (isSetOperator(operation.operator)) return setOperation(operation.operator, matching, left, right);
  return matched(operation, matching, left, right);
}

function setOperation(
  operator: SetOperator,
  matching: VectorMatching,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
): VectorSample[] {
  const inRight = new Set(right.map(({ labels }) => signature(matching, labels)));
  switch (operator) {
    case 'and':
      return left.filter(({ labels }) => inRight.has(signature(matching, labels)));
    case 'unless':
      return left.filter(({ labels }) => !inRight.has(signature(matching, labels)));
    case 'or': {
      const inLeft = new Set(left.map(({ labels }) => signature(matching, labels)));
      return [...left, ...right.filter(({ labels }) => !inLeft.has(signature(matching, labels)))];
    }
    default:
      return operator satisfies never;
  }
}

function matched(
  operation: Operation,
  matching: VectorMatching,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
): VectorSample[] {
  if (left.length === 0 || right.length === 0) return [];
  const isManyRight = matching.many === 'right';
  const many = isManyRight ? right : left;
  const one = isManyRight ? left : right;
  const ones = uniqueBySignature(matching, one, isManyRight ? 'left' : 'right');
  const resultsBySignature = new Map<string, Set<string>>();
  const results: VectorSample[] = [];
  for (const sample of many) {
    const key = signature(matching, sample.labels);
    const partner = ones.get(key);
    if (partner === undefined) continue;
    const [leftValue, rightValue] = isManyRight
      ? [partner.value, sample.value]
      : [sample.value, partner.value];
    const value = combined(operation, leftValue, rightValue);
    if (value === null) continue;
    const labels = resultLabels(operation, matching, sample.labels, partner.labels);
    const earlier = resultsBySignature.get(key) ?? new Set<string>();
    if (matching.many === null && earlier.size > 0) {
      throw new ExecutionError(
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
      );
    }
    if (earlier.has(labels.key)) {
      throw new ExecutionError('multiple matches for labels: grouping labels must ensure unique matches');
    }
    resultsBySignature.set(key, earlier.add(labels.key));
    results.push({ labels, value });
  }
  assertDistinct(results);
  return results;
}

function uniqueBySignature(
  matching: VectorMatching,
  samples: readonly VectorSample[],
  side: 'left' | 'right',
): Map<string, VectorSample> {
  const found = new Map<string, VectorSample>();
  for (const sample of samples) {
    const key = signature(matching, sample.labels);
    const known = found.get(key);
    if (known !== undefined) {
      const group = matchedLabels(matching, sample.labels);
      throw new ExecutionError(
        `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: [${sample.labels}, ${known.labels}];many-to-many matching not allowed: matching labels must be unique on one side`,
      );
    }
    found.set(key, sample);
  }
  return found;
}

/** The result, or null where a comparison filters the pair out. */
function combined({ operator, returnsBool }: Operation, left: number, right: number): number | null {
  if (isSetOperator(operator)) return null;
  if (!isComparison(operator)) return arithmetic(operator, left, right);
  const holds = compares(operator, left, right);
  if (returnsBool) return Number(holds);
  return holds ? left : null;
}

function resultLabels(
  { operator, returnsBool }: Operation,
  matching: VectorMatching,
  many: LabelSet,
  one: LabelSet,
): LabelSet {
  let labels = isComparison(operator) && !returnsBool ? many : many.withoutName();
  if (matching.many === null) {
    return matching.mode === 'on' ? labels.keep(matching.labels) : labels.without(matching.labels);
  }
  for (const name of matching.include) labels = labels.with(name, one.get(name));
  return labels;
}

function signature(matching: VectorMatching, labels: LabelSet): string {
  return matchedLabels(matching, labels).key;
}

function matchedLabels(matching: VectorMatching, labels: LabelSet): LabelSet {
  return matching.mode === 'on'
    ? labels.keep(matching.labels)
    : labels.without([...matching.labels, METRIC_NAME]);
}

function arithmetic(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      // Go's power of one is one, whatever the exponent; JavaScript gives NaN for 1^NaN and 1^Inf.
      return left === 1
        ? 1
        : left === -1 && !Number.isFinite(right) && !Number.isNaN(right)
          ? 1
          : left ** right;
    case 'atan2':
      return Math.atan2(left, right);
    default:
      return operator satisfies never;
  }
}

function compares(operator: ComparisonOperator, left: number, right: number): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '>':
      return left > right;
    case '<':
      return left < right;
    case '>=':
      return left >= right;
    case '<=':
      return left <= right;
    default:
      return operator satisfies never;
  }
}
