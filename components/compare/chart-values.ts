import type { CompareSeries, Headline } from '@/lib/domain/compare';
import { toBounds, toPresenceWord } from '@/lib/domain/compare-figures';
import { type Figure, type Provenance, toFigure } from '@/lib/domain/figure';
import { formatDecimal, formatSignificant } from '@/lib/format/quantity';
import type { ChartLook } from './chart-looks';
import type { ArmSource, MetricOfChart } from './compare-frame';

/** A value as it stands at the end of its line: as many digits as the unit deserves. */
export function formatChartValue(value: number, unit: string): string {
  switch (unit) {
    case 'ms':
    case '%':
      return formatDecimal(value, value !== 0 && Math.abs(value) < 9.95 ? 1 : 0);
    case 'requests':
      return formatDecimal(value, Number.isInteger(value) ? 0 : 1);
    default:
      return formatSignificant(value);
  }
}

/** Three significant digits without trailing zeros: bucket edges are round numbers. */
export function trimNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Edges of the bucket in the drawn unit; `null` where there are none, or only an open one. */
export function toDrawnBounds(series: CompareSeries | null, look: ChartLook): [number, number] | null {
  const bounds = toBounds(series);
  return bounds === null ? null : [bounds[0] * look.factor, bounds[1] * look.factor];
}

/** `between 1 and 2.5 s` */
export function toBoundsWords([low, high]: readonly [number, number], unit: string): string {
  return `between ${trimNumber(low)} and ${trimNumber(high)}\u00a0${unit}`;
}

/** `1 to 2.5`, in the unit of the chart: where there is no room for the sentence. */
export function toBoundsShort([low, high]: readonly [number, number]): string {
  return `${trimNumber(low)} to ${trimNumber(high)}`;
}

/** Said beside a value that is there but not whole: it is old, or a part is missing. `null`: all is well. */
export function toCaveat(series: CompareSeries | null): string | null {
  if (series === null || series.presence === 'ok' || series.presence === 'no-traffic') return null;
  return toPresenceWord(series);
}

/** Since when a value that is shown is old: its source gives nothing newer. `null`: it is of now, or there is none. */
export function toOldSince(series: CompareSeries | null): string | null {
  switch (series?.presence) {
    case 'stale':
    case 'forbidden':
    case 'unreachable':
      return series.latestAt;
    default:
      return null;
  }
}

/** Why there is no value, or what is wrong with it. */
export function toBecause(series: CompareSeries | null): string {
  return series?.absentBecause ?? toPresenceWord(series);
}

/** The line of the headline: the percentile, the exact mean, or the value. */
export function toHeadlinePoints(
  series: CompareSeries | null,
  headline: Headline,
): readonly [string, number | null][] {
  if (series === null) return [];
  return headline === 'mean' ? (series.meanPoints ?? []) : series.points;
}

/** The value at the end of that line. */
export function toHeadlineValue(series: CompareSeries | null, headline: Headline): number | null {
  if (series === null) return null;
  return headline === 'mean' ? series.latestMean : series.latest;
}

/** The value to show: that at the end of the line or, of a source that gives nothing newer, the last one it gave. */
export function toShownValue(series: CompareSeries | null, headline: Headline): number | null {
  const value = toHeadlineValue(series, headline);
  if (value !== null || toOldSince(series) === null) return value;
  return toHeadlinePoints(series, headline).findLast(([, known]) => known !== null)?.[1] ?? null;
}

const HEADLINE_WORDS: Record<Headline, (percentile: number) => string> = {
  percentile: (percentile) => `p${percentile}`,
  mean: () => 'mean',
  value: () => '',
};

/** `p95`, `mean`, or nothing. */
export function toStatistic(headline: Headline, percentile: number): string {
  return HEADLINE_WORDS[headline](percentile);
}

export interface FigureQuestion {
  source: ArmSource;
  metric: MetricOfChart | null;
  series: CompareSeries | null;
  definition: string;
}

/** A number of one arm with all that is needed to say how we know it. */
export function toSeriesFigure(question: FigureQuestion, value: number | null, what: string): Figure {
  const { source, metric, series, definition } = question;
  const provenance: Provenance = {
    mode: source.compare.mode,
    source: 'prometheus',
    request: series?.promql ?? '',
    observedAt: series?.latestAt ?? null,
    sampleCount: series?.samples ?? null,
    note: `${what} ${definition}`.trim(),
  };
  return toFigure(value, metric?.unit ?? '', provenance, toBecause(series));
}

/** `mistral-3-distributed-kserve-ftk8wprfxh-rv4xr` → `rv4xr`: what tells pods of one arm apart. */
export function toPodTail(name: string): string {
  return name.split('-').at(-1) ?? name;
}
