import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EPOCH_MS, fill } from '../query-fixture.ts';
import { SeriesStore } from '../series-store.ts';
import { Pair, REAL_MAJOR, WHY_SKIPPED } from './server-pair.ts';

/** Requests that a server refuses, whatever it has stored. */
const REFUSED: readonly [path: string, parameters: Record<string, string>][] = [
  ['query', { query: '' }],
  ['query', { query: 'sum(' }],
  ['query', { query: 'sum(rate(x_total[5m])' }],
  ['query', { query: 'x{' }],
  ['query', { query: 'x{a=}' }],
  ['query', { query: '{}' }],
  ['query', { query: '{a=""}' }],
  ['query', { query: 'rate(x)' }],
  ['query', { query: 'sum(x[5m])' }],
  ['query', { query: 'rate(x[5m], 2)' }],
  ['query', { query: 'clamp(x)' }],
  ['query', { query: '1 > 2' }],
  ['query', { query: '1 and 2' }],
  ['query', { query: 'x and 2' }],
  ['query', { query: 'x + bool x' }],
  ['query', { query: 'x and on (a) group_left x' }],
  ['query', { query: 'x + on (a) group_left (a) x' }],
  ['query', { query: '"a" + "b"' }],
  ['query', { query: '-"a"' }],
  ['query', { query: 'topk("a", x)' }],
  ['query', { query: 'nothing_like_this(x)' }],
  ['query', { query: 'x', time: 'yesterday' }],
  ['query_range', { query: 'x', start: '60', end: '0', step: '15' }],
  ['query_range', { query: 'x', start: '0', end: '60', step: '0' }],
  ['query_range', { query: 'x', start: '0', end: '60', step: 'often' }],
  ['query_range', { query: 'x', start: '0', end: '60' }],
  ['query_range', { query: 'x', start: '0', end: '1000000', step: '15' }],
  ['query', { query: 'x * on () x', time: String(EPOCH_MS / 1000 + 5) }],
  ['query', { query: 'label_replace(x, "a", "same", "a", ".*")', time: String(EPOCH_MS / 1000 + 5) }],
];

/** Refused alike, in words that changed with 3.0: a dot matches line breaks, and the parameter is named. */
const REWORDED: typeof REFUSED = [
  ['query', { query: 'x{a=~"("}' }],
  ['query_range', { query: 'x[5m]', start: '0', end: '60', step: '15' }],
];

describe.skipIf(REAL_MAJOR === null)(`refusals of a real Prometheus${WHY_SKIPPED}`, () => {
  let pair: Pair;
  beforeAll(async () => {
    const store = new SeriesStore(1e12);
    fill(store, { 'x{a="1"}': [1, 2], 'x{a="2"}': [3, 4] }, EPOCH_MS, 10);
    pair = await Pair.over(store);
  });
  afterAll(() => pair.close());

  test.each(REFUSED)('%s %o are ours', async (path, parameters) => {
    const [real, ours] = await pair.answers(path, parameters);
    expect(real.status).toBe('error');
    expect(ours).toEqual(real);
  });

  test.each(REWORDED)('%s %o are of the same kind', async (path, parameters) => {
    const [real, ours] = await pair.answers(path, parameters);
    expect(real).toMatchObject({ status: 'error', errorType: 'bad_data' });
    expect(ours).toMatchObject({ status: 'error', errorType: 'bad_data' });
  });
});
