/** Random queries over the supported grammar, the same for the same seed. */
import { type Random, seededRandom } from '../../random.ts';
import { METRICS } from './generated-series.ts';

/** Over counters only: on a gauge that falls they mean nothing. */
const COUNTER_FUNCTIONS = ['rate', 'increase', 'irate', 'resets'];
const RANGE_FUNCTIONS = [
  'delta',
  'idelta',
  'deriv',
  'changes',
  'resets',
  'sum_over_time',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'count_over_time',
  'last_over_time',
  'present_over_time',
  'stddev_over_time',
  'stdvar_over_time',
];
const VALUE_FUNCTIONS = [
  'abs',
  'ceil',
  'floor',
  'ln',
  'log2',
  'log10',
  'sqrt',
  'sgn',
  'round',
  'timestamp',
  'sin',
  'cos',
  'atan',
  'tanh',
  'asinh',
  'acos',
  'asin',
  'acosh',
  'atanh',
  'deg',
  'rad',
  'minute',
  'hour',
  'day_of_week',
  'day_of_month',
  'day_of_year',
  'days_in_month',
  'month',
  'year',
  'sort',
  'sort_desc',
  'absent',
];
/** Only alone: what is computed from them would magnify the last digit. */
const STEEP_FUNCTIONS = ['exp', 'sinh', 'cosh', 'tan'];
const AGGREGATIONS = ['sum', 'avg', 'count', 'min', 'max', 'group', 'stddev', 'stdvar'];
const ARITHMETIC = ['+', '-', '*', '/', '%', '^', 'atan2'];
const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='];
const SETS = ['and', 'or', 'unless'];
const RANGES = ['25s', '1m', '2m', '5m', '90s', '1m30s'];
const OFFSETS = ['', '', '', ' offset 1m', ' offset 35s', ' offset -20s'];
/** Not on subqueries nor in predict_linear: in a range query the program moves their window all the same. */
const MODIFIERS = [...OFFSETS, ' @ 1700000402.5', ' @ start()', ' @ end() offset 35s'];

export function generatedQueries(seed: number, count: number): string[] {
  const writer = new QueryWriter(seededRandom(seed));
  return Array.from({ length: count }, () => writer.query());
}

class QueryWriter {
  private readonly random: Random;
  /** The steps of a subquery in a subquery would end on the steps of the outer one. */
  private isInSubquery = false;

  constructor(random: Random) {
    this.random = random;
  }

  query(): string {
    return this.random() < 0.03 ? `${this.pick(STEEP_FUNCTIONS)}(${this.selector()})` : this.vector(3);
  }

  private vector(depth: number): string {
    if (depth <= 0) return this.selector();
    const inner = depth - 1;
    return this.oneOf([
      () => this.selector(),
      () => `${this.pick(COUNTER_FUNCTIONS)}(${this.counterRange()})`,
      () => `${this.pick(RANGE_FUNCTIONS)}(${this.range(inner)})`,
      () => `quantile_over_time(${this.share()}, ${this.range(inner)})`,
      () => `predict_linear(${this.range(inner, OFFSETS)}, ${this.integer(600)})`,
      () => `absent_over_time(${this.range(0)})`,
      () => `${this.pick(VALUE_FUNCTIONS)}(${this.vector(inner)})`,
      () => `clamp(${this.vector(inner)}, ${this.integer(10)}, ${this.integer(40)})`,
      () => `${this.pick(['clamp_min', 'clamp_max', 'round'])}(${this.vector(inner)}, ${this.scalar(inner)})`,
      () => this.aggregation(inner),
      () => this.aggregation(inner),
      () => this.labels(inner),
      () => `histogram_quantile(${this.share()}, ${this.buckets()})`,
      () => `${this.wrapped(inner)} ${this.pick(ARITHMETIC)} ${this.scalar(inner)}`,
      () => `${this.scalar(inner)} ${this.pick(ARITHMETIC)} ${this.wrapped(inner)}`,
      () => `${this.wrapped(inner)} ${this.comparison()} ${this.scalar(inner)}`,
      () => this.pair(inner),
      () => this.pair(inner),
      () => `-${this.wrapped(inner)}`,
      () => `vector(${this.scalar(inner)})`,
    ]);
  }

  private selector(): string {
    const name = this.pick([...METRICS.gauges, ...METRICS.counters]);
    return `${name}${this.matchers()}${this.pick(MODIFIERS)}`;
  }

  private matchers(): string {
    return this.pick([
      '',
      '',
      '',
      '{pod="a"}',
      '{pod!="b"}',
      '{pod=~"a|b"}',
      '{pod!~"c.*"}',
      '{zone="east"}',
      '{zone="west",job=~".+"}',
      '{pod=~"[a-c]",zone!=""}',
      '{missing=""}',
      '{pod="none"}',
    ]);
  }

  private range(depth: number, modifiers = MODIFIERS): string {
    if (depth > 0 && !this.isInSubquery && this.random() < 0.25) {
      this.isInSubquery = true;
      const inner = this.vector(depth - 1);
      this.isInSubquery = false;
      return `(${inner})${this.steps()}`;
    }
    return `${this.pick([...METRICS.gauges, ...METRICS.counters])}${this.matchers()}${this.window(modifiers)}`;
  }

  private counterRange(): string {
    const counter = `${this.pick(METRICS.counters)}${this.matchers()}`;
    return !this.isInSubquery && this.random() < 0.25
      ? `(${counter})${this.steps()}`
      : `${counter}${this.window(MODIFIERS)}`;
  }

  private window(modifiers: readonly string[]): string {
    return `[${this.pick(RANGES)}]${this.pick(modifiers)}`;
  }

  private steps(): string {
    return `[${this.pick(RANGES)}:${this.pick(['10s', '20s', '30s', ''])}]${this.pick(OFFSETS)}`;
  }

  private scalar(depth: number): string {
    return this.oneOf([
      () => String(this.integer(50)),
      () => String(Math.round(this.random() * 1e4) / 1e3),
      () => `scalar(${this.aggregated('sum', this.vector(Math.min(depth - 1, 1)))})`,
      () => `(${this.integer(9)} ${this.pick(ARITHMETIC)} ${this.integer(9) + 1})`,
      () => `(${this.integer(9)} ${this.pick(COMPARISONS)} bool ${this.integer(9)})`,
      () => 'pi()',
      () => '-1.5',
      () => 'time()',
    ]);
  }

  private aggregation(depth: number): string {
    const inner = this.vector(depth);
    return this.oneOf([
      () => this.aggregated(this.pick(AGGREGATIONS), inner),
      () => this.aggregated(this.pick(AGGREGATIONS), inner),
      () => `quantile${this.grouping()} (${this.share()}, ${inner})`,
      () =>
        `${this.pick(['topk', 'bottomk'])}${this.grouping()} (${this.integer(3) + 1}, ${this.selector()})`,
      () =>
        `count_values${this.grouping()} ("value", ${this.pick(['round', 'ceil', 'sgn'])}(${this.selector()}))`,
    ]);
  }

  private aggregated(operation: string, inner: string): string {
    const grouping = this.grouping();
    return this.random() < 0.5 ? `${operation}${grouping} (${inner})` : `${operation}(${inner})${grouping}`;
  }

  private grouping(): string {
    return this.pick([
      '',
      ' by (zone)',
      ' by (pod, zone)',
      ' by (job)',
      ' without (pod)',
      ' without (zone, job)',
      ' by (nothing)',
    ]);
  }

  private labels(depth: number): string {
    const inner = this.vector(depth);
    return this.oneOf([
      () => `label_replace(${inner}, "area", "$1-$2", "zone", "(.)(.*)")`,
      () => `label_replace(${inner}, "zone", "", "pod", "a")`,
      () => `label_replace(${inner}, "pod", "x-$1", "pod", "([ab])")`,
      () => `label_join(${inner}, "where", "/", "zone", "pod", "nothing")`,
    ]);
  }

  private buckets(): string {
    const rates = `${this.pick(['rate', 'increase'])}(${METRICS.buckets}[${this.pick(RANGES.slice(1))}])`;
    return this.pick([
      `sum by (le) (${rates})`,
      `sum by (le, zone) (${rates})`,
      rates,
      METRICS.buckets,
      `max without (pod) (${rates})`,
    ]);
  }

  /** Two vectors that have a chance to match. */
  private pair(depth: number): string {
    const [left, right] = [this.wrapped(depth), this.wrapped(depth)];
    const [first, second] = [this.selector(), this.selector()];
    const by = this.pick([' by (zone)', ' by (pod)', ' by (zone, job)', '']);
    const grouped = (inner: string): string => `${this.pick(AGGREGATIONS)}${by} (${inner})`;
    const operator = this.random() < 0.6 ? this.pick(ARITHMETIC) : this.comparison();
    return this.oneOf([
      () => `${grouped(left)} ${operator} ${grouped(right)}`,
      () => `${grouped(left)} ${this.pick(SETS)} ${grouped(right)}`,
      () => `${first} ${operator} ${second}`,
      () => `${first} ${operator} on (pod) ${second}`,
      () => `${first} ${operator} ignoring (zone, job) ${second}`,
      () => `${first} ${this.pick(SETS)} on (${this.pick(METRICS.labels)}) ${second}`,
      () => `${first} ${this.pick(SETS)} ignoring (pod) ${second}`,
      () => `${first} ${this.pick(ARITHMETIC)} on (zone) group_left sum by (zone) (${second})`,
      () => `sum by (zone, job) (${first}) ${operator} on (zone, job) group_right ${second}`,
      () =>
        `${first} ${this.pick(ARITHMETIC)} on (pod) group_left (area) label_replace(${second}, "area", "$1", "zone", "(.).*")`,
    ]);
  }

  private comparison(): string {
    return `${this.pick(COMPARISONS)}${this.random() < 0.4 ? ' bool' : ''}`;
  }

  private wrapped(depth: number): string {
    return `(${this.vector(depth)})`;
  }

  private share(): string {
    return this.pick(['0', '0.1', '0.5', '0.9', '0.95', '1']);
  }

  private integer(below: number): number {
    return Math.floor(this.random() * below);
  }

  private oneOf(choices: readonly (() => string)[]): string {
    return choices[this.integer(choices.length)]?.() ?? '';
  }

  private pick(choices: readonly string[]): string {
    return choices[this.integer(choices.length)] ?? '';
  }
}
