import { keepAxisTop, type PlacedLabel, spreadLabels, toAxisTop } from '@/components/charts/chart-scale';
import type { PlotLevel, PlotLine, PlotModel } from '@/components/charts/plot-model';
import type { Sheet } from '@/components/ui/provenance-model';
import { toPresenceWord } from '@/lib/domain/compare-figures';
import type { Figure } from '@/lib/domain/figure';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { toArmLine, toMarks, toPlotEvents, toTargetLevels, toThinLines } from './chart-lines';
import { type ChartId, type ChartLook, toChartLook, type WaitUnit } from './chart-looks';
import { toChartSheet, toMetricWords } from './chart-sheet';
import {
  formatChartValue,
  toBecause,
  toBoundsShort,
  toCaveat,
  toDrawnBounds,
  toHeadlineValue,
  toOldSince,
  toSeriesFigure,
  toShownValue,
  toStatistic,
} from './chart-values';
import { type CompareFrame, findChartMetric, findChartSeries } from './compare-frame';
import { type PublishedFigures, toPublishedLevels } from './published-figures';
import { toScreenWords } from './screen-words';

export interface EndLabel {
  arm: Arm;
  figure: Figure;
  /** The value in the unit of the chart, which stands beside its title. */
  digits: string;
  /** `1 to 2.5` in the drawn unit: what the bucket allows. */
  bounds: string | null;
  /** `stale`, `partial`: the value is not the whole truth of now. */
  caveat: string | null;
  /** Since when nothing new came: the age is counted. `null`: it is of now, or was never there. */
  oldSince: string | null;
  /** Instead of a value. */
  word: string;
}

export interface ChartModel {
  id: ChartId;
  /** With the statistic: `First token, p95`. */
  title: string;
  statistic: string;
  unit: string;
  plot: PlotModel;
  /** Times the crosshair can stand at, of both arms, ascending. */
  times: readonly number[];
  stepMs: number;
  labels: PlacedLabel<EndLabel>[];
  /** The exact mean of the last rate window beside a percentile, per arm; empty where there is none. */
  means: { arm: Arm; digits: string }[];
  /** What of the chart is measured by this dashboard itself, in words; `null`: nothing. */
  marksWord: string | null;
  /** What has no words on its line: figures published elsewhere, targets beyond the axis; `null`: nothing. */
  levelsWord: string | null;
  /** Said inside the plot when no arm has any value. */
  emptyBecause: string | null;
  /** The same for the panel of one arm. */
  armEmptyBecause: Record<Arm, string | null>;
  sheet: Sheet;
}

export interface ChartOptions {
  /** Share of the plot's height that two end labels need between their centres. */
  labelGap: number;
  waitUnit: WaitUnit;
  /** Top of this chart's axis so far. */
  topBefore: number | null;
  published: PublishedFigures | null;
  /** Draws mean and single pods as thin lines too: the opened chart. */
  isOpened: boolean;
}

function toLabel(
  frame: CompareFrame,
  id: ChartId,
  arm: Arm,
  look: ChartLook,
): { item: EndLabel; value: number | null } {
  const source = frame.arms[arm];
  const metric = findChartMetric(source.compare, id);
  const series = findChartSeries(frame, id, arm);
  const headline = metric?.headline ?? 'value';
  const statistic = toStatistic(headline, source.compare.percentile) || 'Value';
  const raw = toShownValue(series, headline);
  const isOld = raw !== null && toHeadlineValue(series, headline) === null;
  const figure = toSeriesFigure(
    { source, metric, series, definition: toMetricWords(id).definition },
    raw,
    `${statistic} of ${isOld ? 'the last rate window that is known' : 'the last rate window'} (${source.compare.rateWindowSeconds} s).`,
  );
  const value = figure.state === 'known' ? figure.value * look.factor : null;
  const bounds = headline === 'percentile' && value !== null ? toDrawnBounds(series, look) : null;
  return {
    value,
    item: {
      arm,
      figure,
      digits: value === null ? '' : formatChartValue(value, look.unit),
      bounds: bounds === null ? null : toBoundsShort(bounds),
      caveat: value === null ? null : toCaveat(series),
      oldSince: toOldSince(series),
      word: toPresenceWord(series),
    },
  };
}

function toMeans(frame: CompareFrame, id: ChartId, look: ChartLook): ChartModel['means'] {
  return ARMS.flatMap((arm) => {
    const metric = findChartMetric(frame.arms[arm].compare, id);
    const mean = findChartSeries(frame, id, arm)?.latestMean ?? null;
    if (metric?.headline !== 'percentile' || mean === null) return [];
    return [{ arm, digits: formatChartValue(mean * look.factor, look.unit) }];
  });
}

/** Marks, levels and bands belong to the picture: the axis makes room for them, but one odd request does not rule it. */
function toTop(lines: readonly PlotLine[], levels: readonly PlotLevel[], look: ChartLook): number {
  const values = lines
    .filter(({ weight }) => weight === 'main')
    .flatMap(({ points }) => points.map(({ value }) => value));
  const curves = toAxisTop(values, look.floor);
  // A target within reach is shown; one far above would flatten the curves.
  const reachable = levels.map(({ value }) => value).filter((value) => value <= curves * 2);
  return toAxisTop([...values, ...reachable], look.floor);
}

/** Everything one chart draws and says: same axes for both arms, values at the line ends, gaps in words. */
export function toChartModel(frame: CompareFrame, id: ChartId, options: ChartOptions): ChartModel {
  const look = toChartLook(id, options.waitUnit);
  const headline = findChartMetric(frame.compare, id)?.headline ?? 'value';
  const statistic = toStatistic(headline, frame.compare.percentile);
  const series = ARMS.map((arm) => findChartSeries(frame, id, arm));
  const shown = ARMS.filter((_, index) => series[index] !== null);
  const lines = shown.map((arm) => {
    const { shiftMs } = frame.arms[arm];
    return toArmLine(arm, findChartSeries(frame, id, arm), headline, look, shiftMs);
  });
  const thin = options.isOpened
    ? shown.flatMap((arm) =>
        toThinLines(arm, findChartSeries(frame, id, arm), headline, look, frame.arms[arm].shiftMs),
      )
    : [];
  const levels = [
    ...toTargetLevels(frame, id, statistic, look),
    ...toPublishedLevels(options.published, id, statistic, look.factor),
  ];
  const top = keepAxisTop(options.topBefore, toTop(lines, levels, look));
  const marks = shown.flatMap((arm) => {
    const { compare, shiftMs } = frame.arms[arm];
    return toMarks(compare.clientSamples, arm, id, look.factor, shiftMs);
  });
  const labels = shown.map((arm): PlacedLabel<EndLabel> => {
    const { item, value } = toLabel(frame, id, arm, look);
    return { item, at: value === null ? 1 : 1 - Math.min(1, value / top) };
  });
  const whyEmpty = (arm: Arm): string | null =>
    lines.some(({ key, points }) => key === arm && points.some(({ value }) => value !== null))
      ? null
      : toScreenWords(toBecause(findChartSeries(frame, id, arm)));
  const reasons = shown.map(whyEmpty);
  return {
    id,
    title: statistic === '' ? look.title : `${look.title}, ${statistic}`,
    statistic,
    unit: look.unit,
    plot: {
      from: frame.from,
      to: frame.to,
      top,
      lines: [...thin, ...lines],
      marks,
      levels,
      events: toPlotEvents(frame),
    },
    times: toTimes(lines),
    stepMs: frame.compare.stepSeconds * 1_000,
    labels: spreadLabels(labels, options.labelGap),
    means: toMeans(frame, id, look),
    marksWord: marks.length === 0 ? null : toMarksWord(frame),
    levelsWord: toLevelsWord(levels, top),
    emptyBecause: reasons.every((reason) => reason !== null) ? [...new Set(reasons)].join('; ') : null,
    armEmptyBecause: { baseline: whyEmpty('baseline'), distributed: whyEmpty('distributed') },
    sheet: toChartSheet(frame, id, look),
  };
}

function toLevelsWord(levels: readonly PlotLevel[], top: number): string | null {
  const beyond = levels.filter(({ value }) => value > top).flatMap(({ label }) => label ?? []);
  const published = levels.filter(({ kind }) => kind === 'published');
  const where = published.some(({ value }) => value <= top) ? 'elsewhere' : 'figures lie above';
  const words = [
    ...beyond.map((label) => `${label} lies above`),
    ...(published.length === 0 ? [] : [`··· published ${where}`]),
  ];
  return words.length === 0 ? null : words.join(', ');
}

function toTimes(lines: readonly PlotLine[]): number[] {
  const times = new Set(lines.flatMap(({ points }) => points.map(({ atMs }) => atMs)));
  return [...times].sort((one, other) => one - other);
}

function toMarksWord(frame: CompareFrame): string {
  const origins = new Set(
    ARMS.flatMap((arm) => frame.arms[arm].compare.clientSamples.map(({ origin }) => origin)),
  );
  const named = [...(origins.has('chat') ? ['× chat'] : []), ...(origins.has('load') ? ['+ load'] : [])];
  return `${named.join(', ')}: timed by this dashboard`;
}

/** The arms' own lines before their parts: the order of columns. */
export function inColumnOrder(lines: readonly PlotLine[]): PlotLine[] {
  return [
    ...lines.filter(({ weight }) => weight === 'main'),
    ...lines.filter(({ weight }) => weight === 'thin'),
  ];
}

/** What the opened chart draws besides the arms' lines, in words. */
export function toLineWords({ plot, statistic }: ChartModel): string | null {
  const thin = plot.lines.filter(({ weight }) => weight === 'thin');
  const words = [
    plot.lines.some(({ band }) => band.length > 0) ? `band: the bucket that holds the ${statistic}` : null,
    thin.some(({ dash }) => dash !== undefined) ? 'dotted: mean' : null,
    thin.some(({ dash }) => dash === undefined) ? 'thin: single pods, roles or reasons' : null,
  ].filter((word) => word !== null);
  return words.length === 0 ? null : words.join(' · ');
}

/** The value of a line at a moment of its own grid; `null`: a gap, or no such moment. */
export function valueAt(line: PlotLine, atMs: number): number | null {
  return line.points.find((point) => point.atMs === atMs)?.value ?? null;
}
