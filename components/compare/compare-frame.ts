import type { Compare, CompareSeries, FurtherMetric } from '@/lib/domain/compare';
import { ARMS, type Arm, type UnixMs } from '@/lib/domain/vocabulary';
import type { ChartId } from './chart-looks';
import type { CompareScene } from './compare-scene';

/** Where one arm's curves come from. */
export interface ArmSource {
  compare: Compare;
  /** Added to its times, so that its window begins where the axis begins. */
  shiftMs: number;
}

/** Everything the charts draw from: one answer for both arms, or one for each when an arm is pinned. */
export interface CompareFrame {
  /** The answer that moves: its mode, step and rate window are said beside the charts. */
  compare: Compare;
  arms: Record<Arm, ArmSource>;
  /** Both ends of the time axis. */
  from: UnixMs;
  to: UnixMs;
  /** Two windows of different times, aligned at their start. */
  isAligned: boolean;
}

export type MetricOfChart = Compare['metrics'][number] | FurtherMetric;

export function findChartMetric(compare: Compare, id: ChartId): MetricOfChart | null {
  return (
    compare.metrics.find((metric) => metric.id === id) ??
    compare.furtherMetrics.find((metric) => metric.id === id) ??
    null
  );
}

export function findChartSeries(frame: CompareFrame, id: ChartId, arm: Arm): CompareSeries | null {
  const metric = findChartMetric(frame.arms[arm].compare, id);
  return metric?.arms.find((series) => series.arm === arm) ?? null;
}

const WINDOW_UNITS_MS: Record<string, number> = { m: 60_000, h: 3_600_000 };

/** `5m` → milliseconds. */
export function toWindowMs(window: string): number {
  const [, count, unit] = /^(\d+)([mh])$/.exec(window) ?? [];
  return Number(count ?? 0) * (WINDOW_UNITS_MS[unit ?? ''] ?? 0);
}

/** End of the window to ask for: that of the pause, or of a run that is over; `null`: the window that ends now. */
export function toAskedEnd(scene: CompareScene, nowMs: UnixMs): string | null {
  if (scene.pausedAt !== null) return scene.pausedAt;
  if (scene.runFrom === null) return null;
  const endMs = Date.parse(scene.runFrom) + toWindowMs(scene.window);
  return endMs <= nowMs ? new Date(endMs).toISOString() : null;
}

/** `pinned`: the answer for the pinned arm's window, where one is pinned and its answer is here. */
export function toCompareFrame(
  compare: Compare,
  pinned: Compare | null,
  scene: Pick<CompareScene, 'window' | 'pin' | 'runFrom'>,
): CompareFrame {
  const own: ArmSource = { compare, shiftMs: 0 };
  const ownFrom = Date.parse(compare.range.from);
  const ownTo = Date.parse(compare.range.to);
  if (pinned === null || scene.pin === null) {
    return {
      compare,
      arms: { baseline: own, distributed: own },
      from: ownFrom,
      to: ownTo,
      isAligned: false,
    };
  }
  const from = scene.runFrom === null ? ownFrom : Date.parse(scene.runFrom);
  const past: ArmSource = { compare: pinned, shiftMs: from - Date.parse(pinned.range.from) };
  const arms = { baseline: own, distributed: own, [scene.pin.arm]: past };
  return { compare, arms, from, to: from + toWindowMs(scene.window), isAligned: true };
}

/** First and last moment of an arm's own clock that the axis shows. */
export function toArmRange(frame: CompareFrame, arm: Arm): { from: UnixMs; to: UnixMs } {
  const { shiftMs } = frame.arms[arm];
  return { from: frame.from - shiftMs, to: frame.to - shiftMs };
}

/** The next of a row of choices; after the last comes the first. */
export function nextChoice<T>(chosen: T, choices: readonly T[]): T {
  return choices[(choices.indexOf(chosen) + 1) % choices.length] ?? chosen;
}

/** Charts worth a place: the contract's nine always, the further ones where an arm has, had or could have the series. */
export function toShownCharts(frame: CompareFrame): ChartId[] {
  const further = frame.compare.furtherMetrics.filter(({ id }) =>
    ARMS.some((arm) => {
      const series = findChartSeries(frame, id, arm);
      return series !== null && (series.points.length > 0 || series.presence === 'no-traffic');
    }),
  );
  return [...frame.compare.metrics.map(({ id }) => id), ...further.map(({ id }) => id)];
}

/** What was looked for and not found, each with its reason. */
export function toMissingCharts(frame: CompareFrame): { id: ChartId; because: string }[] {
  const shown = toShownCharts(frame);
  return frame.compare.furtherMetrics
    .filter(({ id }) => !shown.includes(id))
    .map(({ id, arms }) => ({
      id,
      because: arms.find(({ absentBecause }) => absentBecause !== null)?.absentBecause ?? 'not exposed',
    }));
}
