/** A small store with everything that makes series awkward: resets, gaps, ends, NaN, infinities, odd rhythms. */
import { type Random, seededRandom } from '../../random.ts';
import { LabelSet } from '../label-set.ts';
import { SeriesStore } from '../series-store.ts';

/** Off every round second, so that no range, subquery step or lookback of a generated query ends on a sample. */
export const FIRST_SAMPLE_MS = 1_700_000_001_337;
export const INTERVAL_MS = 10_000;
export const SAMPLES = 90;
export const METRICS = {
  gauges: ['load', 'temperature'],
  counters: ['requests_total', 'bytes_total'],
  buckets: 'latency_seconds_bucket',
  labels: ['pod', 'zone', 'job'],
} as const;
const EDGES = ['0.1', '0.5', '1.0', '2.5', '+Inf'];

export function generatedSeries(seed: number): SeriesStore {
  const random = seededRandom(seed);
  const store = new SeriesStore(1e12);
  const pods = ['a', 'b', 'c', 'd'].map((pod, index) => ({
    pod,
    zone: index % 2 === 0 ? 'east' : 'west',
    job: index === 3 ? 'other' : 'main',
  }));
  for (const [podIndex, labels] of pods.entries()) {
    for (const name of METRICS.gauges) {
      let value = 20 * random();
      fill(store, { __name__: name, ...labels }, random, (index) => {
        value += random() - 0.45;
        if (name === 'temperature' && podIndex === 2 && index % 23 === 5) return Number.NaN;
        if (name === 'temperature' && podIndex === 3 && index === 40) return Number.POSITIVE_INFINITY;
        return value;
      });
    }
    for (const name of METRICS.counters) {
      let value = 1000 + Math.floor(500 * random());
      fill(store, { __name__: name, ...labels }, random, (index) => {
        // Not down to zero: a range that begins there is extended differently by 2.x (see the boundaries).
        value = podIndex === 1 && index === 47 ? 400 : value + Math.floor(30 * random());
        return value;
      });
    }
    const counts = EDGES.map(() => 500);
    for (let index = 0; index < SAMPLES; index++) {
      let observations = Math.floor(8 * random());
      for (; observations > 0; observations--) {
        const first = Math.floor(EDGES.length * random());
        for (let edge = first; edge < EDGES.length; edge++) counts[edge] = (counts[edge] ?? 0) + 1;
      }
      for (const [edge, le] of EDGES.entries()) {
        const series = store.series(LabelSet.from({ __name__: METRICS.buckets, ...labels, le }));
        store.append(series, FIRST_SAMPLE_MS + index * INTERVAL_MS, counts[edge] ?? 0);
      }
    }
  }
  return store;
}

function fill(
  store: SeriesStore,
  labels: Record<string, string>,
  random: Random,
  valueAt: (index: number) => number,
): void {
  const series = store.series(LabelSet.from(labels));
  const endsAt = labels.pod === 'd' ? 70 : SAMPLES;
  for (let index = 0; index < SAMPLES; index++) {
    const timeMs = FIRST_SAMPLE_MS + index * INTERVAL_MS;
    const value = valueAt(index);
    if (index > endsAt) continue;
    if (index === endsAt) store.markStale(series, timeMs);
    // Missed scrapes: now and then one, and once a whole minute of one pod.
    else if (random() >= 0.04 && !(labels.pod === 'c' && index >= 30 && index < 36)) {
      store.append(series, timeMs, value);
    }
  }
}
