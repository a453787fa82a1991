import { KahanSum, sumOf, varianceOf } from './kahan-sum.ts';
import { type LabelSet, METRIC_NAME } from './label-set.ts';
import { formatValue } from './number-format.ts';
import type { Aggregation } from './promql-syntax.ts';
import { ExecutionError, type VectorSample } from './promql-values.ts';
import { quantileOf } from './quantiles.ts';

/** The parameter of `topk` and the like, evaluated. */
export type AggregationParameter = number | string | null;

interface Group {
  labels: LabelSet;
  samples: VectorSample[];
}

export function aggregate(
  aggregation: Pick<Aggregation, 'operation' | 'grouping'>,
  parameter: AggregationParameter,
  samples: readonly VectorSample[],
): VectorSample[] {
  const groups = groupSamples(aggregation.grouping, samples);
  switch (aggregation.operation) {
    case 'topk':
    case 'bottomk':
      return groups.flatMap((group) => extremes(group.samples, parameter, aggregation.operation === 'topk'));
    case 'count_values':
      return countValues(aggregation.grouping, String(parameter), samples);
    default: {
      const { operation } = aggregation;
      return groups.map(({ labels, samples: members }) => ({
        labels,
        value: combine(
          operation,
          Number(parameter),
          members.map(({ value }) => value),
        ),
      }));
    }
  }
}

function combine(
  operation: Exclude<Aggregation['operation'], 'topk' | 'bottomk' | 'count_values'>,
  parameter: number,
  values: readonly number[],
): number {
  switch (operation) {
    case 'sum':
      return sumOf(values);
    case 'avg':
      return mean(values);
    case 'count':
      return values.length;
    case 'group':
      return 1;
    case 'min':
      return extreme(values, (value, best) => value < best);
    case 'max':
      return extreme(values, (value, best) => value > best);
    case 'stdvar':
      return varianceOf(values);
    case 'stddev':
      return Math.sqrt(varianceOf(values));
    case 'quantile':
      return quantileOf(parameter, values);
    default:
      return operation satisfies never;
  }
}

function mean(values: readonly number[]): number {
  const sum = new KahanSum();
  for (const value of values) sum.add(value);
  return sum.total() / values.length;
}

function extreme(values: readonly number[], isBetter: (value: number, best: number) => boolean): number {
  let best = values[0] ?? Number.NaN;
  for (const value of values) if (Number.isNaN(best) || isBetter(value, best)) best = value;
  return best;
}

/** The k largest (or smallest) of a group keep their own labels; NaN comes last. */
function extremes(
  samples: readonly VectorSample[],
  parameter: AggregationParameter,
  isTop: boolean,
): VectorSample[] {
  const k = Number(parameter);
  if (Number.isNaN(k)) throw new ExecutionError('Parameter value is NaN');
  const order = (a: VectorSample, b: VectorSample): number => {
    if (Number.isNaN(a.value)) return Number.isNaN(b.value) ? 0 : 1;
    if (Number.isNaN(b.value)) return -1;
    return isTop ? b.value - a.value : a.value - b.value;
  };
  return [...samples].sort(order).slice(0, Math.max(0, Math.trunc(k)));
}

function countValues(
  grouping: Aggregation['grouping'],
  label: string,
  samples: readonly VectorSample[],
): VectorSample[] {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label))
    throw new ExecutionError(`invalid label name ${JSON.stringify(label)}`);
  const counted = new Map<string, VectorSample>();
  for (const { labels, value } of samples) {
    const target = groupLabels(grouping, labels).with(label, formatValue(value));
    const known = counted.get(target.key);
    if (known === undefined) counted.set(target.key, { labels: target, value: 1 });
    else known.value++;
  }
  return [...counted.values()];
}

function groupSamples(grouping: Aggregation['grouping'], samples: readonly VectorSample[]): Group[] {
  const groups = new Map<string, Group>();
  for (const sample of samples) {
    const labels = groupLabels(grouping, sample.labels);
    const known = groups.get(labels.key);
    if (known === undefined) groups.set(labels.key, { labels, samples: [sample] });
    else known.samples.push(sample);
  }
  return [...groups.values()];
}

function groupLabels(grouping: Aggregation['grouping'], labels: LabelSet): LabelSet {
  return grouping.mode === 'by'
    ? labels.keep(grouping.labels)
    : labels.without([...grouping.labels, METRIC_NAME]);
}
