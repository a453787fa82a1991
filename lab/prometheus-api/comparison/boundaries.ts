/** Evaluation times that coincide with samples: the documented rules of 3.x, and what releases before it say where they differ. */
import type { Values } from '../query-fixture.ts';

export interface Boundary {
  rule: string;
  /** By selector text, a sample every ten seconds from second 0. */
  series: Record<string, Values>;
  query: string;
  atSeconds: number;
  /** Values of the result, in the order of labels. */
  expected: readonly number[];
  /** What 2.x says, where it differs. */
  before3?: readonly number[];
}

const EVERY_TEN = { x_total: [0, 10, 20, 30, 40, 50, 60] };

/** Prometheus documentation: querying basics (time durations, staleness), functions, migration guide to 3.0. */
export const BOUNDARIES: readonly Boundary[] = [
  {
    rule: 'a range is open on the left: the sample at its very start does not count',
    series: EVERY_TEN,
    query: 'count_over_time(x_total[30s])',
    atSeconds: 60,
    expected: [3],
    before3: [4],
  },
  {
    rule: 'a range as long as the scrape interval holds one sample, so there is no rate',
    series: EVERY_TEN,
    query: 'rate(x_total[10s])',
    atSeconds: 60,
    expected: [],
    before3: [1],
  },
  {
    rule: 'a range of two intervals gives a rate',
    series: EVERY_TEN,
    query: 'rate(x_total[20s])',
    atSeconds: 60,
    expected: [1],
  },
  {
    rule: 'the end of a range belongs to it',
    series: EVERY_TEN,
    query: 'last_over_time(x_total[5s])',
    atSeconds: 60,
    expected: [60],
  },
  {
    rule: 'a subquery is open on the left as well',
    series: EVERY_TEN,
    query: 'count_over_time(x_total[30s:10s])',
    atSeconds: 60,
    expected: [3],
    before3: [4],
  },
  {
    rule: 'steps of a subquery are multiples of its step, whenever it is asked',
    series: EVERY_TEN,
    query: 'sum_over_time(x_total[25s:10s])',
    atSeconds: 57,
    expected: [50 + 40],
  },
  {
    rule: 'a sample is found for less than five minutes',
    series: { x: [7] },
    query: 'x',
    atSeconds: 299.999,
    expected: [7],
  },
  {
    rule: 'and no longer at exactly five minutes',
    series: { x: [7] },
    query: 'x',
    atSeconds: 300,
    expected: [],
    before3: [7],
  },
  {
    rule: 'an offset moves the open end',
    series: EVERY_TEN,
    query: 'count_over_time(x_total[20s] offset 10s)',
    atSeconds: 60,
    expected: [2],
    before3: [3],
  },
  {
    rule: 'a series that ended is gone at the moment of its end',
    series: { x: [7, 'stale'] },
    query: 'x',
    atSeconds: 10,
    expected: [],
  },
  {
    rule: 'and still there one millisecond before',
    series: { x: [7, 'stale'] },
    query: 'x',
    atSeconds: 9.999,
    expected: [7],
  },
  {
    rule: 'staleness markers are no samples of a range',
    series: { x: [7, 8, 'stale'] },
    query: 'count_over_time(x[1m])',
    atSeconds: 25,
    expected: [2],
  },
  {
    rule: 'a rate reaches the edges when samples are near, and goes half an interval further when they are not',
    series: { x_total: [null, null, 100, 110, 120, null, null] },
    query: 'increase(x_total[1m])',
    atSeconds: 61,
    expected: [30],
  },
  {
    rule: 'a counter is not extended below zero',
    series: { x_total: [null, null, 1, 11, 21, 31, 41] },
    query: 'increase(x_total[1m])',
    atSeconds: 61,
    expected: [40 * ((40 + 1 + 1) / 40)],
  },
  {
    rule: 'nor further than half an interval, even where zero would be farther away',
    series: { x_total: [null, null, 8, 18, 28, 38, 48] },
    query: 'increase(x_total[1m])',
    atSeconds: 61,
    expected: [40 * ((40 + 5 + 1) / 40)],
    before3: [40 * ((40 + 8 + 1) / 40)],
  },
  {
    rule: 'a counter that falls has started again from zero',
    series: { x_total: [100, 110, 3, 13] },
    query: 'x_total + increase(x_total[31s])',
    atSeconds: 30,
    expected: [13 + ((13 - 100 + 110) * 31) / 30],
  },
  {
    rule: 'a dot in a pattern matches a line break too',
    series: { 'x{a="1\n2"}': [1] },
    query: 'x{a=~"1.2"}',
    atSeconds: 5,
    expected: [1],
    before3: [],
  },
  {
    rule: 'the deviation of a single NaN is NaN',
    series: { x: [Number.NaN] },
    query: 'stddev(x)',
    atSeconds: 5,
    expected: [Number.NaN],
    before3: [0],
  },
  {
    rule: 'a sum with an infinity is that infinity',
    series: { 'x{a="1"}': [Number.POSITIVE_INFINITY], 'x{a="2"}': [1] },
    query: 'sum(x)',
    atSeconds: 5,
    expected: [Number.POSITIVE_INFINITY],
  },
  {
    rule: 'a quantile over no observations is NaN, over no series it is nothing',
    series: { 'x_bucket{le="1.0"}': [0], 'x_bucket{le="+Inf"}': [0] },
    query: 'histogram_quantile(0.9, x_bucket) or vector(-1)',
    atSeconds: 5,
    expected: [Number.NaN],
  },
  {
    rule: 'a quantile in the last bucket is the largest finite edge',
    series: { 'x_bucket{le="1.0"}': [1], 'x_bucket{le="+Inf"}': [100] },
    query: 'histogram_quantile(0.9, x_bucket)',
    atSeconds: 5,
    expected: [1],
  },
];
