import { parseValue } from './exposition-parser.ts';
import { LabelSet, METRIC_NAME, NO_LABELS } from './label-set.ts';
import { type Expression, type FunctionCall, placeOf } from './promql-syntax.ts';
import { type Annotations, assertDistinct, ExecutionError, type VectorSample } from './promql-values.ts';
import { type Bucket, bucketQuantile } from './quantiles.ts';
import { anchoredRegex } from './regex.ts';

/** A call with its arguments, evaluated when asked for. */
export interface VectorCall {
  call: FunctionCall;
  query: string;
  annotations: Annotations;
  scalar(index: number): number;
  string(index: number): string;
  vector(index: number): VectorSample[];
}

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function histogramQuantile(call: VectorCall): VectorSample[] {
  const quantile = call.scalar(0);
  const [quantileArgument, vectorArgument] = call.call.arguments;
  if (!(quantile >= 0 && quantile <= 1)) {
    call.annotations.warn(
      `quantile value should be between 0 and 1, got ${quantile} (${placeOf(call.query, quantileArgument?.from ?? 0)})`,
    );
  }
  const groups = new Map<string, { labels: LabelSet; name: string; buckets: Bucket[] }>();
  for (const { labels, value } of call.vector(1)) {
    const edge = labels.get('le');
    const upperBound = parseValue(edge);
    if (upperBound === null) {
      call.annotations.warn(
        `bucket label "le" is missing or has a malformed value of ${JSON.stringify(edge)} (${placeOf(call.query, vectorArgument?.from ?? 0)})`,
      );
      continue;
    }
    const groupLabels = labels.without(['le', METRIC_NAME]);
    const known = groups.get(groupLabels.key) ?? {
      labels: groupLabels,
      name: labels.get(METRIC_NAME),
      buckets: [],
    };
    groups.set(groupLabels.key, known);
    known.buckets.push({ upperBound, count: value });
  }
  return [...groups.values()].map(({ labels, name, buckets }) => {
    const { value, wasForcedMonotonic } = bucketQuantile(quantile, buckets);
    if (wasForcedMonotonic) {
      call.annotations.inform(
        `input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile) for metric name ${JSON.stringify(name)} (${placeOf(call.query, vectorArgument?.from ?? 0)})`,
      );
    }
    return { labels, value };
  });
}

function labelReplace(call: VectorCall): VectorSample[] {
  const [target, replacement, source, pattern] = [1, 2, 3, 4].map((index) => call.string(index));
  if (target === undefined || replacement === undefined || source === undefined || pattern === undefined) {
    throw new ExecutionError('label_replace() lacks an argument');
  }
  let regex: RegExp;
  try {
    regex = anchoredRegex(pattern);
  } catch {
    throw new ExecutionError(`invalid regular expression in label_replace(): ${pattern}`);
  }
  if (!LABEL_NAME.test(target)) {
    throw new ExecutionError(`invalid destination label name in label_replace(): ${target}`);
  }
  const results = call.vector(0).map(({ labels, value }) => {
    const match = regex.exec(labels.get(source));
    return { labels: match === null ? labels : labels.with(target, expand(replacement, match)), value };
  });
  assertDistinct(results);
  return results;
}

/** `$1`, `${1}`, `${name}` and `$$`, as Go's regexp expands them; a group that does not exist is empty. */
function expand(template: string, match: RegExpExecArray): string {
  return template.replaceAll(/\$(\$|\w+|\{\w+\})/g, (_, reference: string) => {
    if (reference === '$') return '$';
    const name = reference.replaceAll(/[{}]/g, '');
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? '';
  });
}

function labelJoin(call: VectorCall): VectorSample[] {
  const target = call.string(1);
  const separator = call.string(2);
  const sources = call.call.arguments.slice(3).map((_, index) => call.string(index + 3));
  for (const [name, role] of [[target, 'destination'], ...sources.map((source) => [source, 'source'])]) {
    if (!LABEL_NAME.test(name ?? '')) {
      throw new ExecutionError(`invalid ${role} label name in label_join(): ${name}`);
    }
  }
  const results = call.vector(0).map(({ labels, value }) => ({
    labels: labels.with(target, sources.map((source) => labels.get(source)).join(separator)),
    value,
  }));
  assertDistinct(results);
  return results;
}

/** NaN goes last in both directions. */
function sorted(samples: readonly VectorSample[], direction: 1 | -1): VectorSample[] {
  return [...samples].sort((a, b) => {
    if (Number.isNaN(a.value)) return Number.isNaN(b.value) ? 0 : 1;
    if (Number.isNaN(b.value)) return -1;
    return direction * (a.value - b.value);
  });
}

export const VECTOR_FUNCTIONS: ReadonlyMap<string, (call: VectorCall) => VectorSample[]> = new Map([
  ['histogram_quantile', histogramQuantile],
  ['label_replace', labelReplace],
  ['label_join', labelJoin],
  ['sort', (call: VectorCall) => sorted(call.vector(0), 1)],
  ['sort_desc', (call: VectorCall) => sorted(call.vector(0), -1)],
]);

/** Labels of `absent(x{a="b"})`: those that one equality matcher fixes. */
export function absentLabels(expression: Expression): LabelSet {
  const selector = expression.kind === 'matrix-selector' ? expression.selector : expression;
  if (selector.kind !== 'vector-selector') return NO_LABELS;
  const candidates = selector.matchers.filter(({ name }) => name !== METRIC_NAME);
  const isFixed = ({ name, operator }: (typeof candidates)[number]): boolean =>
    operator === '=' && candidates.filter((other) => other.name === name).length === 1;
  return LabelSet.of(candidates.filter(isFixed).map(({ name, value }): [string, string] => [name, value]));
}
