import type {
  PlotBand,
  PlotEvent,
  PlotLevel,
  PlotLine,
  PlotMark,
  PlotPoint,
} from '@/components/charts/plot-model';
import { ARM_LOOKS } from '@/components/ui/arm-mark';
import type { ClientSample, CompareSeries, Headline } from '@/lib/domain/compare';
import { toBandPoints } from '@/lib/domain/compare-figures';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import type { ChartId, ChartLook } from './chart-looks';
import { toHeadlinePoints, toPodTail, trimNumber } from './chart-values';
import type { CompareFrame } from './compare-frame';
import { toTargetWords } from './target-words';

function toPoints(points: readonly [string, number | null][], factor: number, shiftMs: number): PlotPoint[] {
  return points.flatMap(([time, value]) => {
    const atMs = Date.parse(time) + shiftMs;
    if (Number.isNaN(atMs)) return [];
    return [{ atMs, value: value === null || !Number.isFinite(value) ? null : value * factor }];
  });
}

/** The bucket around each value of a percentile: its edges are the only thing the histogram knows. */
function toBand(series: CompareSeries | null, factor: number, shiftMs: number): PlotBand[] {
  if (series === null) return [];
  return toBandPoints(series).flatMap(([time, bucket]) =>
    bucket === null
      ? []
      : [{ atMs: Date.parse(time) + shiftMs, low: bucket[0] * factor, high: bucket[1] * factor }],
  );
}

export function toArmLine(
  arm: Arm,
  series: CompareSeries | null,
  headline: Headline,
  look: ChartLook,
  shiftMs: number,
): PlotLine {
  const points = toPoints(toHeadlinePoints(series, headline), look.factor, shiftMs);
  return {
    key: arm,
    name: ARM_LOOKS[arm].short,
    colour: ARM_LOOKS[arm].stroke,
    dash: ARM_LOOKS[arm].dash,
    weight: 'main',
    points,
    band: headline === 'percentile' ? toBand(series, look.factor, shiftMs) : [],
  };
}

/** Mean beside a percentile, and the single pods, roles or reasons. */
export function toThinLines(
  arm: Arm,
  series: CompareSeries | null,
  headline: Headline,
  look: ChartLook,
  shiftMs: number,
): PlotLine[] {
  if (series === null) return [];
  const thin = (
    key: string,
    name: string,
    points: readonly [string, number | null][],
    dash?: string,
  ): PlotLine => ({
    key: `${arm} ${key}`,
    name: `${ARM_LOOKS[arm].short} ${name}`,
    colour: ARM_LOOKS[arm].stroke,
    dash,
    weight: 'thin',
    points: toPoints(points, look.factor, shiftMs),
    band: [],
  });
  const mean =
    headline === 'percentile' && series.meanPoints !== null
      ? [thin('mean', 'mean', series.meanPoints, '2 3')]
      : [];
  const parts = series.breakdown
    .filter(({ points }) => points.length > 0)
    .map((part) =>
      thin(`${part.by} ${part.name}`, part.by === 'pod' ? toPodTail(part.name) : part.name, part.points),
    );
  // One pod is the arm itself, and the curves of parts are percentiles: beside a mean they would say something else.
  return [...mean, ...(parts.length > 1 && headline !== 'mean' ? parts : [])];
}

const SAMPLE_FIELDS: Partial<Record<ChartId, 'ttftMs' | 'meanItlMs' | 'e2eMs'>> = {
  ttft: 'ttftMs',
  itl: 'meanItlMs',
  e2e: 'e2eMs',
};

export function toMarks(
  samples: readonly ClientSample[],
  arm: Arm,
  id: ChartId,
  factor: number,
  shiftMs: number,
): PlotMark[] {
  const field = SAMPLE_FIELDS[id];
  if (field === undefined) return [];
  return samples.flatMap((sample): PlotMark[] => {
    const value = sample[field];
    if (sample.arm !== arm || value === null) return [];
    return [
      {
        atMs: Date.parse(sample.sentAt) + shiftMs,
        value: (value / 1_000) * factor,
        colour: ARM_LOOKS[arm].stroke,
        shape: sample.origin === 'chat' ? 'cross' : 'plus',
      },
    ];
  });
}

export function toTargetLevels(
  frame: CompareFrame,
  id: ChartId,
  statistic: string,
  look: ChartLook,
): PlotLevel[] {
  return frame.compare.targets.flatMap((target): PlotLevel[] => {
    const { line, title } = target;
    if (line === null || line.metric !== id || (statistic !== '' && line.statistic !== statistic)) return [];
    const value = line.threshold * look.factor;
    const whose = line.arm === null ? '' : ` ${ARM_LOOKS[line.arm].short}`;
    return [
      {
        value,
        word: `${title}: ${toTargetWords(target)}`,
        label: `TARGET${whose} ${trimNumber(value)}`,
        of: line.arm,
        kind: 'target',
      },
    ];
  });
}

/** Events of both arms, at the places of their own time axes. */
export function toPlotEvents(frame: CompareFrame): PlotEvent[] {
  const toEvent = (arm: Arm | null) => {
    const source = arm === null ? { compare: frame.compare, shiftMs: 0 } : frame.arms[arm];
    return source.compare.annotations
      .filter((annotation) => annotation.arm === arm)
      .map(
        ({ at, until, text, kind, isWarning }): PlotEvent => ({
          atMs: Date.parse(at) + source.shiftMs,
          untilMs: until === null ? null : Date.parse(until) + source.shiftMs,
          isRunning: until === null && (kind === 'load' || kind === 'benchmark'),
          colour: arm === null ? 'var(--line)' : ARM_LOOKS[arm].stroke,
          isWarning,
          text,
        }),
      );
  };
  return [toEvent(null), ...ARMS.map(toEvent)]
    .flat()
    .filter(
      ({ atMs, untilMs }) => atMs <= frame.to && (atMs >= frame.from || (untilMs ?? atMs) >= frame.from),
    )
    .sort((one, other) => one.atMs - other.atMs);
}
