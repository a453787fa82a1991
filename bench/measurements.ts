import { appendFileSync, readFileSync } from 'node:fs';

/** One measured figure of a benchmark, with the goal it must keep, if one is stated. */
export interface Measurement {
  bench: string;
  /** What was measured, in words, e.g. "checklist complete after a cold start". */
  name: string;
  /** ms, MB, %, … */
  unit: string;
  value: number;
  /** How many samples the value was read from. */
  samples: number;
  /** The value must not exceed this; null where only the figure is wanted. */
  atMost: number | null;
  /** Where the goal is stated, or what the figure depends on. */
  note: string;
}

export function isMissed({ value, atMost }: Measurement): boolean {
  return atMost !== null && !(value <= atMost);
}

/** Called by a benchmark for each figure; `scripts/bench.ts` reads them all at the end. */
export function record(measurement: Measurement): void {
  const file = process.env.BENCH_MEASUREMENTS;
  if (file === undefined) throw new Error('benchmarks run through `npm run bench`');
  appendFileSync(file, `${JSON.stringify(measurement)}\n`);
}

export function readMeasurements(file: string): Measurement[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Measurement);
}

/** Nearest-rank percentile of measured samples: the smallest sample that at least `percent` % do not exceed. */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new Error('a percentile needs samples');
  return value;
}
