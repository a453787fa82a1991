import { type PlacedLabel, spreadLabels, toAxisTop } from '@/components/charts/chart-scale';
import type { ChartRow } from '@/components/charts/line-chart';
import { MODE_WORDS, type Sheet, type SheetRow, type SheetSection } from '@/components/ui/provenance-model';
import type { Compare, CompareMetric, CompareSeries } from '@/lib/domain/compare';
import { toBounds, toLatestFigure, toMetricRow, toPresenceWord } from '@/lib/domain/compare-figures';
import type { Figure } from '@/lib/domain/figure';
import { ARMS, type Arm, type MetricId } from '@/lib/domain/vocabulary';
import { formatDecimal, formatSignificant } from '@/lib/format/quantity';

interface ChartLook {
  title: string;
  /** Unit of the drawn numbers, and the factor from the wire's unit. */
  unit: string;
  factor: number;
  /** Lowest top of the axis, in the drawn unit. */
  floor: number;
  /** The mean is the headline where buckets hide everything (metrics §8). */
  isMean: boolean;
}

/** How each metric is drawn. Titles are short enough for the back row; the full name is in the sheet. */
const LOOKS: Record<MetricId, ChartLook> = {
  ttft: { title: 'First token', unit: 's', factor: 1, floor: 0.5, isMean: false },
  itl: { title: 'Between tokens, mean', unit: 'ms', factor: 1_000, floor: 100, isMean: true },
  'queue-waiting': { title: 'Waiting', unit: 'requests', factor: 1, floor: 4, isMean: false },
  running: { title: 'Running', unit: 'requests', factor: 1, floor: 4, isMean: false },
  'kv-cache': { title: 'KV cache in use', unit: '%', factor: 100, floor: 100, isMean: false },
  'generation-throughput': { title: 'Output', unit: 'tokens/s', factor: 1, floor: 50, isMean: false },
  e2e: { title: 'Whole answer', unit: 's', factor: 1, floor: 5, isMean: false },
  'request-rate': { title: 'Requests finished', unit: 'requests/s', factor: 1, floor: 0.5, isMean: false },
  'prefix-cache-hit-rate': { title: 'Prefix-cache hits', unit: '%', factor: 100, floor: 100, isMean: false },
};

/** The charts of the two stage pages, in reading order. */
export const CHART_PAGES: Record<1 | 2, readonly MetricId[]> = {
  1: ['ttft', 'itl', 'queue-waiting', 'kv-cache', 'generation-throughput', 'running'],
  2: ['e2e', 'request-rate', 'prefix-cache-hit-rate'],
};

export interface EndLabel {
  arm: Arm;
  figure: Figure;
  /** The value in the unit of the chart, which stands beside its title. */
  digits: string;
  /** `1–2.5` in the drawn unit: what the bucket allows. */
  bounds: string | null;
  /** Instead of a value. */
  word: string;
}

export interface ChartModel {
  id: MetricId;
  title: string;
  unit: string;
  top: number;
  from: number;
  to: number;
  rows: ChartRow[];
  labels: PlacedLabel<EndLabel>[];
  /** Said inside the plot when no arm has any value. */
  emptyBecause: string | null;
  sheet: Sheet;
}

const WINDOW_UNITS_MS: Record<string, number> = { m: 60_000, h: 3_600_000 };

/** `5m` → milliseconds. */
export function toWindowMs(window: string): number {
  const [, count, unit] = /^(\d+)([mh])$/.exec(window) ?? [];
  return Number(count ?? 0) * (WINDOW_UNITS_MS[unit ?? ''] ?? 0);
}

function pointsOf(series: CompareSeries | null, look: ChartLook): readonly [string, number | null][] {
  if (series === null) return [];
  return look.isMean ? (series.meanPoints ?? []) : series.points;
}

/** Both arms on one time axis; a moment only one arm knows is a gap of the other. */
export function toRows(series: readonly (readonly [string, number | null][])[], factor: number): ChartRow[] {
  const rows = new Map<number, (number | null)[]>();
  for (const [index, points] of series.entries()) {
    for (const [time, value] of points) {
      const atMs = Date.parse(time);
      if (Number.isNaN(atMs)) continue;
      const row = rows.get(atMs) ?? series.map(() => null);
      row[index] = value === null || !Number.isFinite(value) ? null : value * factor;
      rows.set(atMs, row);
    }
  }
  return [...rows].sort(([one], [other]) => one - other).map(([atMs, values]) => ({ atMs, values }));
}

function trimNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function toBoundsText(series: CompareSeries | null, look: ChartLook): string | null {
  const bounds = look.isMean ? null : toBounds(series);
  return bounds === null
    ? null
    : `${trimNumber(bounds[0] * look.factor)}–${trimNumber(bounds[1] * look.factor)}`;
}

function armSection(compare: Compare, series: CompareSeries, look: ChartLook): SheetSection {
  const bounds = toBoundsText(series, look);
  const rows: SheetRow[] = [
    { kind: 'code', name: 'PromQL', value: series.promql },
    { kind: 'text', name: 'Family', value: series.family ?? 'none found' },
    { kind: 'text', name: 'Pods', value: series.pods.length === 0 ? 'none' : series.pods.join(', ') },
    {
      kind: 'text',
      name: 'Presence',
      value: series.absentBecause === null ? series.presence : `${series.presence}: ${series.absentBecause}`,
    },
    {
      kind: 'text',
      name: 'Samples',
      value: series.samples === null ? 'not known' : String(Math.round(series.samples)),
    },
  ];
  if (series.latestAt !== null) rows.push({ kind: 'time', name: 'Newest sample', value: series.latestAt });
  if (bounds !== null) {
    rows.push({
      kind: 'text',
      name: 'Bucket',
      value: `p${compare.percentile} lies in ${bounds} ${look.unit}; the histogram can say no more`,
    });
  }
  if (series.mean !== null) {
    rows.push({
      kind: 'text',
      name: 'Mean',
      value: `${trimNumber(series.mean * look.factor)} ${look.unit} over ${compare.window}`,
    });
  }
  for (const [index, warning] of series.warnings.entries()) {
    rows.push({ kind: 'text', name: index === 0 ? 'Warnings' : `Warning ${index + 1}`, value: warning });
  }
  return { heading: series.arm === 'baseline' ? 'INT4 baseline' : 'Distributed', rows };
}

function toSheet(compare: Compare, metric: CompareMetric, look: ChartLook): Sheet {
  const row = toMetricRow(metric.id);
  return {
    title: row?.label ?? look.title,
    lead: row?.definition ?? '',
    sections: [
      {
        heading: null,
        rows: [
          { kind: 'text', name: 'Mode', value: MODE_WORDS[compare.mode] },
          {
            kind: 'text',
            name: 'Window',
            value: `${compare.window}, step ${compare.stepSeconds} s, rates over ${compare.rateWindowSeconds} s`,
          },
          {
            kind: 'text',
            name: 'Scrape interval',
            value:
              compare.scrapeIntervalSeconds === null ? 'not known' : `${compare.scrapeIntervalSeconds} s`,
          },
          { kind: 'time', name: 'Asked', value: compare.observedAt },
        ],
      },
      ...metric.arms.map((series) => armSection(compare, series, look)),
    ],
  };
}

function toTitle(compare: Compare, metric: CompareMetric, look: ChartLook): string {
  const isQuantile = toMetricRow(metric.id)?.kind === 'histogram' && !look.isMean;
  return isQuantile ? `${look.title}, p${compare.percentile}` : look.title;
}

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

/**
 * Everything one chart draws and says: same axes for both arms, values at the line ends, gaps in words. `labelGap`: share of
 * the plot's height that two end labels need between their centres.
 */
export function toChartModel(compare: Compare, metric: CompareMetric, labelGap: number): ChartModel {
  const look = LOOKS[metric.id];
  const series = ARMS.map((arm) => metric.arms.find((candidate) => candidate.arm === arm) ?? null);
  const rows = toRows(
    series.map((one) => pointsOf(one, look)),
    look.factor,
  );
  const top = toAxisTop(
    rows.flatMap(({ values }) => values),
    look.floor,
  );
  const to = Date.parse(compare.observedAt);
  const isEmpty = rows.every(({ values }) => values.every((value) => value === null));
  const labels = ARMS.map((arm, index): PlacedLabel<EndLabel> => {
    const one = series[index] ?? null;
    const figure = toLatestFigure(compare, metric, arm, look.isMean);
    const value = figure.state === 'known' ? figure.value * look.factor : null;
    const share = value === null ? 1 : 1 - Math.min(1, value / top);
    return {
      item: {
        arm,
        figure,
        digits: value === null ? '' : formatChartValue(value, look.unit),
        bounds: value === null ? null : toBoundsText(one, look),
        word: toPresenceWord(one),
      },
      at: share,
    };
  });
  return {
    id: metric.id,
    title: toTitle(compare, metric, look),
    unit: look.unit,
    top,
    from: to - toWindowMs(compare.window),
    to,
    rows,
    labels: spreadLabels(labels, labelGap),
    emptyBecause: isEmpty
      ? [...new Set(series.map((one) => one?.absentBecause ?? toPresenceWord(one)))].join('; ')
      : null,
    sheet: toSheet(compare, metric, look),
  };
}
