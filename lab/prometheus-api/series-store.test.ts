import { describe, expect, test } from 'vitest';
import { labelMatcher } from './label-matcher.ts';
import { LabelSet } from './label-set.ts';
import { SeriesStore } from './series-store.ts';
import { encodeValues, valueAt } from './value-chunk.ts';

const labels = (name: string, pod: string): LabelSet => LabelSet.from({ __name__: name, pod });

describe('chunks of values', () => {
  test.each([
    ['a constant', [7, 7, 7], 'constant'],
    ['no number at all', [Number.NaN, Number.NaN], 'constant'],
    ['a small counter', [1000, 1001, 1250], 'offsets'],
    ['a counter with a reset', [70_000, 0, 12], 'offsets'],
    ['fractions', [0.1, 0.2, Number.NaN, Number.POSITIVE_INFINITY], 'plain'],
    ['huge steps', [0, 2 ** 40], 'plain'],
    ['negative zero', [0, -0], 'plain'],
  ])('keep %s exactly', (_, values, kind) => {
    const chunk = encodeValues(values);
    expect(chunk.kind).toBe(kind);
    const decoded = values.map((__, index) => valueAt(chunk, index));
    expect(decoded.every((value, index) => Object.is(value, values[index]))).toBe(true);
  });

  test('a counter that grows slowly needs one byte a sample', () => {
    const chunk = encodeValues(Array.from({ length: 120 }, (_, index) => 1_000_000 + index));
    expect(chunk).toMatchObject({ kind: 'offsets', offsets: { byteLength: 120 } });
  });
});

describe('the store', () => {
  test('gives back what was appended, across chunks, open on the left and closed on the right', () => {
    const store = new SeriesStore(1e9);
    const series = store.series(labels('a', 'x'));
    for (let index = 0; index < 300; index++) store.append(series, index * 1000, index / 4);
    const found = series.between(100_000, 104_000);
    expect(found.timesMs).toEqual([101_000, 102_000, 103_000, 104_000]);
    expect(found.values).toEqual([25.25, 25.5, 25.75, 26]);
    expect(series.between(-1, 1e9).values).toHaveLength(300);
  });

  test('remembers staleness markers when their chunk is closed', () => {
    const store = new SeriesStore(1e9);
    const series = store.series(labels('a', 'x'));
    store.append(series, 0, 5);
    store.markStale(series, 1000);
    for (let index = 2; index < 130; index++) store.append(series, index * 1000, 6);
    expect(series.between(-1, 3000)).toEqual({
      timesMs: [0, 1000, 2000, 3000],
      values: [5, Number.NaN, 6, 6],
      isStale: [false, true, false, false],
    });
  });

  test('drops samples that come out of order', () => {
    const store = new SeriesStore(1e9);
    const series = store.series(labels('a', 'x'));
    store.append(series, 2000, 1);
    store.append(series, 1000, 2);
    store.append(series, 2000, 3);
    expect(series.between(0, 1e9).values).toEqual([1]);
  });

  test('selects by all four kinds of matcher, in the order of labels', () => {
    const store = new SeriesStore(1e9);
    for (const pod of ['b', 'a', 'c']) store.series(labels('m', pod));
    store.series(labels('other', 'a'));
    const pods = (...matchers: Parameters<typeof labelMatcher>[]): string[] =>
      store
        .select([labelMatcher('__name__', '=', 'm'), ...matchers.map((matcher) => labelMatcher(...matcher))])
        .map((series) => series.labels.get('pod'));
    expect(pods()).toEqual(['a', 'b', 'c']);
    expect(pods(['pod', '!=', 'a'])).toEqual(['b', 'c']);
    expect(pods(['pod', '=~', 'a|b'])).toEqual(['a', 'b']);
    expect(pods(['pod', '!~', 'a.*'])).toEqual(['b', 'c']);
    expect(pods(['absent', '=', ''])).toEqual(['a', 'b', 'c']);
    expect(pods(['absent', '=~', '.+'])).toEqual([]);
  });

  test('forgets old chunks, and series that have nothing left', () => {
    const store = new SeriesStore(500_000);
    const kept = store.series(labels('a', 'kept'));
    const gone = store.series(labels('a', 'gone'));
    for (let index = 0; index < 600; index++) store.append(kept, index * 1000, index);
    store.append(gone, 0, 1);
    store.expire(700_000);
    expect(store.select([labelMatcher('__name__', '=', 'a')])).toEqual([kept]);
    expect(kept.firstMs()).toBe(120_000);
  });
});
