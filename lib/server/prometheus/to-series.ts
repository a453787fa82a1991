import 'server-only';
import type { TimeGrid } from './client';
import type { WireMatrix, WireQueryData, WireSample } from './wire';

/** A sample's value; NaN and ±Inf are "not known" (metrics §7.4). */
export function toNumber(text: string): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** The one number of an aggregated answer; `null` for an empty vector, NaN or ±Inf. */
export function toScalar(data: WireQueryData): number | null {
  switch (data.resultType) {
    case 'vector': {
      const value = data.result[0]?.value;
      return value === undefined ? null : toNumber(value[1]);
    }
    case 'scalar':
      return toNumber(data.result[1]);
    case 'matrix':
    case 'string':
      return null;
  }
}

/** One number per part of an arm; parts are told apart by the label. */
export function toScalars(data: WireQueryData, label: string): Map<string, number | null> {
  if (data.resultType !== 'vector') return new Map();
  return new Map(
    data.result.map(({ metric, value }) => [
      metric[label] ?? '',
      value === undefined ? null : toNumber(value[1]),
    ]),
  );
}

/** One curve per part of an arm. */
export function toCurves(
  data: WireQueryData,
  label: string,
  grid: TimeGrid,
): Map<string, [string, number | null][]> {
  if (data.resultType !== 'matrix') return new Map();
  return new Map(data.result.map(({ metric, values }) => [metric[label] ?? '', onGrid(values ?? [], grid)]));
}

/** The one curve of an aggregated range answer on its whole grid: what is not there is a gap. */
export function toPoints(data: WireQueryData, grid: TimeGrid): [string, number | null][] {
  return onGrid(data.resultType === 'matrix' ? (data.result[0]?.values ?? []) : [], grid);
}

function onGrid(samples: readonly WireSample[], grid: TimeGrid): [string, number | null][] {
  const values = new Map(samples.map(([seconds, text]) => [stepIndex(seconds, grid), toNumber(text)]));
  const count = Math.round((grid.endSeconds - grid.startSeconds) / grid.stepSeconds) + 1;
  return Array.from({ length: count }, (_, index) => [
    toIso(grid.startSeconds + index * grid.stepSeconds),
    values.get(index) ?? null,
  ]);
}

function stepIndex(seconds: number, grid: TimeGrid): number {
  return Math.round((seconds - grid.startSeconds) / grid.stepSeconds);
}

export function toIso(unixSeconds: number): string {
  return new Date(Math.round(unixSeconds * 1000)).toISOString();
}

/** The usual distance between raw samples, in seconds; `null` with fewer than two gaps to look at. */
export function medianGapSeconds(series: WireMatrix): number | null {
  const gaps = series.flatMap(({ values }) => toGaps(values ?? [])).sort((a, b) => a - b);
  const middle = gaps[Math.floor(gaps.length / 2)];
  return gaps.length < 2 || middle === undefined ? null : Math.round(middle * 10) / 10;
}

function toGaps(samples: readonly WireSample[]): number[] {
  return samples.flatMap(([seconds], index) => {
    const before = samples[index - 1];
    return before === undefined || seconds <= before[0] ? [] : [seconds - before[0]];
  });
}
