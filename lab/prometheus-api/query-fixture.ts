/** For tests: a store filled by hand, and queries against it. Times are seconds after a round hour. */
import { LabelSet } from './label-set.ts';
import { instantQuery, type QueryData, rangeQuery } from './query-engine.ts';
import { SeriesStore } from './series-store.ts';

export const EPOCH_MS = 1_700_000_000_000;

/** Value at each scrape; `null` is a missed scrape, `'stale'` the end of the series. */
export type Values = readonly (number | null | 'stale')[];

export interface FilledStore {
  store: SeriesStore;
  /** Result of an instant query: labels as text, value. */
  at(seconds: number, query: string): Record<string, number>;
  scalarAt(seconds: number, query: string): number;
  over(
    startSeconds: number,
    endSeconds: number,
    stepSeconds: number,
    query: string,
  ): Record<string, (number | null)[]>;
}

/** Series by selector text such as `x{pod="a"}`, scraped every ten seconds from second 0. */
export function filledStore(series: Record<string, Values>, intervalSeconds = 10): FilledStore {
  const store = new SeriesStore(1e12);
  fill(store, series, EPOCH_MS, intervalSeconds);
  const data = (seconds: number, query: string): QueryData =>
    instantQuery(store, query, EPOCH_MS + seconds * 1000).data;
  return {
    store,
    at: (seconds, query) => {
      const result = data(seconds, query);
      if (result.resultType !== 'vector') throw new Error(`${query} gave a ${result.resultType}`);
      return Object.fromEntries(result.samples.map(({ labels, value }) => [String(labels), value]));
    },
    scalarAt: (seconds, query) => {
      const result = data(seconds, query);
      if (result.resultType !== 'scalar') throw new Error(`${query} gave a ${result.resultType}`);
      return result.value;
    },
    over: (startSeconds, endSeconds, stepSeconds, query) => {
      const [startMs, endMs] = [EPOCH_MS + startSeconds * 1000, EPOCH_MS + endSeconds * 1000];
      const result = rangeQuery(store, query, startMs, endMs, stepSeconds * 1000).data;
      if (result.resultType !== 'matrix') throw new Error(`${query} gave a ${result.resultType}`);
      return Object.fromEntries(
        result.series.map(({ labels, timesMs, values }) => {
          const points: (number | null)[] = [];
          for (let timeMs = startMs; timeMs <= endMs; timeMs += stepSeconds * 1000) {
            points.push(values[timesMs.indexOf(timeMs)] ?? null);
          }
          return [String(labels), points];
        }),
      );
    },
  };
}

export function fill(
  store: SeriesStore,
  series: Record<string, Values>,
  startMs: number,
  intervalSeconds: number,
): void {
  for (const [text, values] of Object.entries(series)) {
    const stored = store.series(labelsOf(text));
    for (const [index, value] of values.entries()) {
      const timeMs = startMs + index * intervalSeconds * 1000;
      if (value === 'stale') store.markStale(stored, timeMs);
      else if (value !== null) store.append(stored, timeMs, value);
    }
  }
}

function labelsOf(text: string): LabelSet {
  const [, name = '', list = ''] = /^([^{]*)(?:\{(.*)\})?$/s.exec(text) ?? [];
  const labels = [...list.matchAll(/(\w+)="([^"]*)"/g)].map(
    ([, label = '', value = '']): [string, string] => [label, value],
  );
  return LabelSet.of([...labels, ['__name__', name]]);
}
