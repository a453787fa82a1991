import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareLabels, LabelSet } from '../label-set.ts';
import { instantQuery } from '../query-engine.ts';
import { EPOCH_MS, fill } from '../query-fixture.ts';
import { SeriesStore } from '../series-store.ts';
import { BOUNDARIES, type Boundary } from './boundaries.ts';
import type { Answer } from './compare-answers.ts';
import { Pair, REAL_MAJOR, WHY_SKIPPED } from './server-pair.ts';

/** Rules are tried one after the other, farther apart than any of them looks. */
const APART_MS = 1_000_000;

const CASES = BOUNDARIES.map((boundary, index) => ({ ...boundary, startMs: EPOCH_MS + index * APART_MS }));
const store = new SeriesStore(1e12);
for (const { series, startMs } of CASES) fill(store, series, startMs, 10);

const timeOf = (boundary: Boundary & { startMs: number }): number =>
  boundary.startMs + boundary.atSeconds * 1000;

test.each(CASES)('the embedded server: $rule', (boundary) => {
  const { data } = instantQuery(store, boundary.query, timeOf(boundary));
  expect(data.resultType === 'vector' ? data.samples.map(({ value }) => value) : data).toEqual(
    boundary.expected.map(close),
  );
});

describe.skipIf(REAL_MAJOR === null)(`a real server${WHY_SKIPPED}`, () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await Pair.over(store);
  });
  afterAll(() => pair.close());

  test.each(CASES)('$rule', async (boundary) => {
    const { expected, before3 = expected, query } = boundary;
    const [real] = await pair.answers('query', { query, time: (timeOf(boundary) / 1000).toFixed(3) });
    expect(valuesOf(real)).toEqual(((REAL_MAJOR ?? 0) < 3 ? before3 : expected).map(close));
  });
});

function close(value: number): unknown {
  return Number.isFinite(value) ? expect.closeTo(value, 9) : value;
}

function valuesOf(answer: Answer): unknown {
  if (answer.status === 'error' || answer.data.resultType !== 'vector') return answer;
  return answer.data.result
    .toSorted((a, b) => compareLabels(LabelSet.from(a.metric), LabelSet.from(b.metric)))
    .map(({ value: [, text] }) => Number(text.replace('Inf', 'Infinity')));
}
