import { describe, expect, test } from 'vitest';
import { instantQuery } from './query-engine.ts';
import { EPOCH_MS, filledStore } from './query-fixture.ts';

const counter = (perScrape: number, scrapes: number, start = 0): number[] =>
  Array.from({ length: scrapes }, (_, index) => start + perScrape * index);

describe('instant selectors', () => {
  const { at } = filledStore({
    'x{pod="a"}': [1, 2, 3],
    'x{pod="b"}': [1, 'stale'],
    'x{pod="c"}': [1, null, 5],
  });

  test('see the last sample for five minutes, open on the left', () => {
    expect(at(320 - 0.001, 'x{pod="a"}')).toEqual({ '{__name__="x", pod="a"}': 3 });
    expect(at(320, 'x{pod="a"}')).toEqual({});
  });

  test('lose a series at its staleness marker at once', () => {
    expect(at(9, 'x{pod="b"}')).toEqual({ '{__name__="x", pod="b"}': 1 });
    expect(at(10, 'x{pod="b"}')).toEqual({});
  });

  test('bridge a missed scrape', () => {
    expect(at(15, 'x{pod="c"}')).toEqual({ '{__name__="x", pod="c"}': 1 });
  });

  test('look back by an offset, forward by a negative one, and anywhere by @', () => {
    expect(at(25, 'x{pod="a"} offset 10s')).toEqual({ '{__name__="x", pod="a"}': 2 });
    expect(at(5, 'x{pod="a"} offset -10s')).toEqual({ '{__name__="x", pod="a"}': 2 });
    expect(at(500, `x{pod="a"} @ ${EPOCH_MS / 1000 + 12}`)).toEqual({ '{__name__="x", pod="a"}': 2 });
  });

  test('tell when their sample was taken', () => {
    expect(at(27, 'timestamp(x{pod="a"})')).toEqual({ '{pod="a"}': EPOCH_MS / 1000 + 20 });
    expect(at(27, 'time() - timestamp(x{pod="a"})')).toEqual({ '{pod="a"}': 7 });
  });
});

describe('ranges (Prometheus 3: open on the left)', () => {
  const { at } = filledStore({ x: counter(10, 7) });

  test('a sample exactly at the start is not in the range, one exactly at the end is', () => {
    expect(at(60, 'count_over_time(x[20s])')).toEqual({ '{}': 2 });
    expect(at(59.999, 'count_over_time(x[20s])')).toEqual({ '{}': 2 });
    expect(at(60, 'count_over_time(x[20s001ms])')).toEqual({ '{}': 3 });
  });

  test('a window of one scrape interval never yields a rate, two do', () => {
    expect(at(60, 'rate(x[10s])')).toEqual({});
    expect(at(60, 'rate(x[20s])')).toEqual({ '{}': 1 });
  });

  test('staleness markers are no samples', () => {
    const ended = filledStore({ x: [1, 2, 'stale'] });
    expect(ended.at(25, 'count_over_time(x[30s])')).toEqual({ '{}': 2 });
    expect(ended.at(25, 'last_over_time(x[30s])')).toEqual({ '{__name__="x"}': 2 });
  });

  test('of an instant query come back as samples', () => {
    const { store } = filledStore({ x: [1, 2, 3] });
    const { data } = instantQuery(store, 'x[15s]', EPOCH_MS + 21_000);
    expect(data).toMatchObject({
      resultType: 'matrix',
      series: [{ timesMs: [EPOCH_MS + 10_000, EPOCH_MS + 20_000], values: [2, 3] }],
    });
  });
});

describe('rate and its kin', () => {
  test('extrapolate to the edges of the window when samples come close to them', () => {
    const { at } = filledStore({ x: counter(10, 10, 1000) });
    // Four samples over 30 s stand for the whole 40 s.
    expect(at(95, 'increase(x[40s])')).toEqual({ '{}': 40 });
    expect(at(95, 'rate(x[40s])')).toEqual({ '{}': 1 });
  });

  test('extrapolate by half a gap only when a series begins inside the window', () => {
    const { at } = filledStore({ x: [null, null, null, null, null, 1000, 1010, 1020] });
    // 20 s are covered, 5 s added before, 2 s at the end.
    expect(at(72, 'increase(x[72s])')['{}']).toBeCloseTo(27, 9);
  });

  test('never extrapolate a counter below zero', () => {
    const { at } = filledStore({ x: [null, null, 2, 12, 22] });
    // The counter was zero two seconds before its first sample.
    expect(at(40, 'increase(x[30s])')['{}']).toBeCloseTo(22, 9);
    expect(at(40, 'delta(x[30s])')['{}']).toBeCloseTo(30, 9);
  });

  test('take a decrease for a restart from zero', () => {
    const { at } = filledStore({ x: [100, 110, 5, 15] });
    expect(at(30, 'resets(x[40s])')).toEqual({ '{}': 1 });
    expect(at(30, 'increase(x[40s])')['{}']).toBeCloseTo(25 * (40 / 30), 9);
    expect(at(20, 'irate(x[40s])')).toEqual({ '{}': 0.5 });
    expect(at(20, 'idelta(x[40s])')).toEqual({ '{}': -105 });
  });

  test('go on for the rest of the window after a target has gone, and then end', () => {
    const { at } = filledStore({ x: [...counter(10, 6), 'stale'] });
    expect(at(70, 'rate(x[40s])')['{}']).toBeGreaterThan(0);
    expect(at(95, 'rate(x[40s])')).toEqual({});
  });

  test('hint at names that are no counters', () => {
    const { store } = filledStore({ gauge: [1, 2, 3] });
    expect(instantQuery(store, 'sum(rate(gauge[30s]))', EPOCH_MS + 20_000).infos).toEqual([
      'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "gauge" (1:10)',
    ]);
  });
});

describe('functions over time', () => {
  const { at } = filledStore({ x: [4, 1, Number.NaN, 3], steady: [2, 2, 2, 2] });

  test.each([
    ['min_over_time(x[40s])', 1],
    ['max_over_time(x[40s])', 4],
    ['sum_over_time(steady[40s])', 8],
    ['avg_over_time(steady[40s])', 2],
    ['stddev_over_time(steady[40s])', 0],
    ['quantile_over_time(0.5, steady[40s])', 2],
    ['present_over_time(x[40s])', 1],
    ['changes(x[40s])', 3],
    ['changes(steady[40s])', 0],
    ['deriv(steady[40s])', 0],
    ['predict_linear(steady[40s], 60)', 2],
  ])('%s is %s', (query, value) => {
    expect(Object.values(at(30, query))).toEqual([value]);
  });
});

describe('subqueries', () => {
  test('step on multiples of the step, open on the left', () => {
    const { at } = filledStore({ x: counter(1, 31) });
    // The epoch is 20 s past a multiple of 60 s; steps of 1m lie at 40, 100, 160, 220, 280.
    expect(at(280, 'count_over_time(x[4m:])')).toEqual({ '{}': 4 });
    expect(at(279, 'max_over_time(x[4m:1m])')).toEqual({ '{}': 22 });
    expect(at(300, 'max_over_time(rate(x[30s])[2m:10s])')['{}']).toBeCloseTo(0.1, 9);
  });
});

describe('histogram_quantile', () => {
  const series = {
    'l_bucket{le="0.1",pod="a"}': counter(1, 10),
    'l_bucket{le="0.5",pod="a"}': counter(6, 10),
    'l_bucket{le="+Inf",pod="a"}': counter(10, 10),
    'l_bucket{le="0.1",pod="b"}': counter(0, 10),
    'l_bucket{le="0.5",pod="b"}': counter(0, 10),
    'l_bucket{le="+Inf",pod="b"}': counter(0, 10),
  };

  test('aggregates pods before it interpolates', () => {
    const { at } = filledStore(series);
    expect(at(90, 'histogram_quantile(0.5, sum by (le) (rate(l_bucket[1m])))')['{}']).toBeCloseTo(0.42, 9);
  });

  test('is NaN without traffic and empty without series: two different answers (metrics fact 6)', () => {
    const { at } = filledStore(series);
    expect(at(90, 'histogram_quantile(0.95, sum by (le) (rate(l_bucket{pod="b"}[1m])))')).toEqual({
      '{}': Number.NaN,
    });
    expect(at(90, 'histogram_quantile(0.95, sum by (le) (rate(nothing_bucket[1m])))')).toEqual({});
  });

  test('falls back to the second name with or (metrics §6.3)', () => {
    const { at } = filledStore(series);
    const query =
      'histogram_quantile(0.5, sum by (le) (rate(new_bucket[1m])) or sum by (le) (rate(l_bucket[1m])))';
    expect(at(90, query)['{}']).toBeCloseTo(0.42, 9);
  });

  test('warns of edges it cannot read', () => {
    const { store } = filledStore({ 'g{pod="a"}': [1] });
    expect(instantQuery(store, 'histogram_quantile(2, g)', EPOCH_MS).warnings).toEqual([
      'PromQL warning: quantile value should be between 0 and 1, got 2 (1:20)',
      'PromQL warning: bucket label "le" is missing or has a malformed value of "" (1:23)',
    ]);
  });
});

describe('aggregations', () => {
  const { at } = filledStore({
    'x{pod="a",job="1"}': [1],
    'x{pod="a",job="2"}': [3],
    'x{pod="b",job="1"}': [8],
  });

  test.each([
    ['sum(x)', { '{}': 12 }],
    ['sum by (pod) (x)', { '{pod="a"}': 4, '{pod="b"}': 8 }],
    ['avg without (job) (x)', { '{pod="a"}': 2, '{pod="b"}': 8 }],
    ['count(x)', { '{}': 3 }],
    ['min(x)', { '{}': 1 }],
    ['max by (job) (x)', { '{job="1"}': 8, '{job="2"}': 3 }],
    ['group by (pod) (x)', { '{pod="a"}': 1, '{pod="b"}': 1 }],
    ['stddev by (pod) (x)', { '{pod="a"}': 1, '{pod="b"}': 0 }],
    ['stdvar by (pod) (x)', { '{pod="a"}': 1, '{pod="b"}': 0 }],
    ['quantile(0.5, x)', { '{}': 3 }],
    ['topk(1, x)', { '{__name__="x", job="1", pod="b"}': 8 }],
    ['bottomk by (pod) (1, x{pod="a"})', { '{__name__="x", job="1", pod="a"}': 1 }],
    ['count_values("value", x)', { '{value="1"}': 1, '{value="3"}': 1, '{value="8"}': 1 }],
    ['sum(max by (pod) (x))', { '{}': 11 }],
  ])('%s', (query, result) => {
    expect(at(0, query)).toEqual(result);
  });
});

describe('binary operators', () => {
  const { at, scalarAt } = filledStore({
    'use{pod="a",job="1"}': [6],
    'use{pod="b",job="1"}': [4],
    'limit{pod="a",job="1"}': [3],
    'info{pod="a",node="n1"}': [1],
    'info{pod="b",node="n2"}': [1],
  });

  test.each([
    ['use / limit', { '{job="1", pod="a"}': 2 }],
    ['use / on (pod) limit', { '{pod="a"}': 2 }],
    ['use / ignoring (job) limit', { '{pod="a"}': 2 }],
    [
      'use * on (pod) group_left (node) info',
      { '{job="1", node="n1", pod="a"}': 6, '{job="1", node="n2", pod="b"}': 4 },
    ],
    [
      'info * on (pod) group_right (node) use',
      { '{job="1", node="n1", pod="a"}': 6, '{job="1", node="n2", pod="b"}': 4 },
    ],
    ['use > 5', { '{__name__="use", job="1", pod="a"}': 6 }],
    ['use > bool 5', { '{job="1", pod="a"}': 1, '{job="1", pod="b"}': 0 }],
    ['5 < use', { '{__name__="use", job="1", pod="a"}': 6 }],
    ['use > limit', { '{__name__="use", job="1", pod="a"}': 6 }],
    ['use and on (pod) limit', { '{__name__="use", job="1", pod="a"}': 6 }],
    ['use unless on (pod) limit', { '{__name__="use", job="1", pod="b"}': 4 }],
    [
      'limit or on (pod) use',
      { '{__name__="limit", job="1", pod="a"}': 3, '{__name__="use", job="1", pod="b"}': 4 },
    ],
    ['sum(nothing) or vector(0)', { '{}': 0 }],
    ['-use{pod="a"} ^ 2', { '{job="1", pod="a"}': -36 }],
  ])('%s', (query, result) => {
    expect(at(0, query)).toEqual(result);
  });

  test('scalars', () => {
    expect(scalarAt(0, '1 + 2 * 3 ^ 2 - 10 % 4')).toBe(17);
    expect(scalarAt(0, 'scalar(limit) * 2')).toBe(6);
    expect(scalarAt(0, 'scalar(use)')).toBeNaN();
  });

  test.each([
    [
      'limit * on (job) use',
      'found duplicate series for the match group {job="1"} on the right hand-side of the operation: [{__name__="use", job="1", pod="b"}, {__name__="use", job="1", pod="a"}];many-to-many matching not allowed: matching labels must be unique on one side',
    ],
    [
      'use * on (job) limit',
      'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
    ],
    ['rate({__name__=~"use|limit"}[5m]) or vector(1)', null],
    ['-{__name__=~"use|limit"}', 'vector cannot contain metrics with the same labelset'],
    ['label_replace(use, "pod", "x", "pod", ".*")', 'vector cannot contain metrics with the same labelset'],
  ])('%s is refused rather than guessed', (query, message) => {
    if (message === null) expect(at(0, query)).toEqual({ '{}': 1 });
    else expect(() => at(0, query)).toThrow(message);
  });

  test('a bound that is NaN does not hold against the infinity beyond it, as in Go', () => {
    const { at } = filledStore({ x: [Number.POSITIVE_INFINITY], y: [Number.NEGATIVE_INFINITY], z: [5] });
    expect(at(5, 'clamp_min(x, NaN)')).toEqual({ '{}': Number.POSITIVE_INFINITY });
    expect(at(5, 'clamp_max(y, NaN)')).toEqual({ '{}': Number.NEGATIVE_INFINITY });
    expect(at(5, 'clamp_min(z, NaN)')).toEqual({ '{}': Number.NaN });
    expect(at(5, 'clamp(z, 6, 9)')).toEqual({ '{}': 6 });
  });

  test('two names that lose their difference by negation are refused, even at different steps', () => {
    const { over } = filledStore({ a: [1, 'stale'], b: [null, null, 2] });
    expect(() => over(5, 25, 10, '-{__name__=~"a|b"}')).toThrow(
      'vector cannot contain metrics with the same labelset',
    );
  });

  test('two names that lose their difference in a range function are refused', () => {
    const both = filledStore({ 'a_total{pod="x"}': counter(1, 5), 'b_total{pod="x"}': counter(1, 5) });
    expect(() => both.at(40, 'rate({__name__=~".*_total"}[30s])')).toThrow(
      'vector cannot contain metrics with the same labelset',
    );
  });
});

describe('labels and absence', () => {
  const { at } = filledStore({ 'x{pod="engine-a"}': [2] });

  test.each([
    ['label_replace(x, "arm", "$1", "pod", "engine-(.)")', { '{__name__="x", arm="a", pod="engine-a"}': 2 }],
    ['label_replace(x, "arm", "$1", "pod", "other-(.)")', { '{__name__="x", pod="engine-a"}': 2 }],
    [
      'label_join(x, "both", "/", "pod", "__name__")',
      { '{__name__="x", both="engine-a/x", pod="engine-a"}': 2 },
    ],
    ['absent(y{pod="a",job=~"b"})', { '{pod="a"}': 1 }],
    ['absent(x)', {}],
    ['absent_over_time(y[5m])', { '{}': 1 }],
    ['clamp(x, 3, 5)', { '{pod="engine-a"}': 3 }],
    ['clamp(x, 5, 3)', {}],
    ['clamp_max(x, 1)', { '{pod="engine-a"}': 1 }],
    ['round(x * 1.26, 0.5)', { '{pod="engine-a"}': 2.5 }],
    ['sqrt(x * 8)', { '{pod="engine-a"}': 4 }],
    ['vector(time() - 1700000000)', { '{}': 0 }],
    ['hour(vector(3600))', { '{}': 1 }],
  ])('%s', (query, result) => {
    expect(at(0, query)).toEqual(result);
  });

  test('sorting puts NaN last', () => {
    const { store } = filledStore({ 'x{pod="a"}': [Number.NaN], 'x{pod="b"}': [1], 'x{pod="c"}': [2] });
    const order = (query: string): unknown => {
      const { data } = instantQuery(store, query, EPOCH_MS);
      return data.resultType === 'vector' && data.samples.map(({ labels }) => labels.get('pod')).join('');
    };
    expect(order('sort(x)')).toBe('bca');
    expect(order('sort_desc(x)')).toBe('cba');
  });
});

describe('range queries', () => {
  test('leave a gap where there is nothing', () => {
    const { over } = filledStore({ x: [1, 2, 'stale', null, 5] });
    expect(over(0, 50, 10, 'x')).toEqual({ '{__name__="x"}': [1, 2, null, null, 5, 5] });
  });

  test('evaluate scalars at every step', () => {
    const { over } = filledStore({});
    expect(over(0, 20, 10, 'time() - 1700000000')).toEqual({ '{}': [0, 10, 20] });
  });

  test('@ start() and end() are those of the query', () => {
    const { over } = filledStore({ x: [1, 2, 3] });
    expect(over(0, 20, 10, 'x @ end()')).toEqual({ '{__name__="x"}': [3, 3, 3] });
  });

  test('refuse range vectors', () => {
    const { over } = filledStore({});
    expect(() => over(0, 20, 10, 'x[5m]')).toThrow(
      'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    );
  });
});
