import 'server-only';
import type { ArmConditions } from '@/lib/domain/comparable';
import type { CompareMetric, CompareSeries } from '@/lib/domain/compare';
import { METRIC_PREFIXES } from '@/lib/domain/metrics-table';
import type { Arm, MetricId, UnixMs } from '@/lib/domain/vocabulary';
import { armOfPod } from './arm-pods';
import { engineConfigQuery, toEngineProperties } from './engine-config';
import type { PresenceVerdict } from './presence';
import { type ArmSelector, increaseQuery, type SeriesNames, suffixed } from './queries';
import type { QueryBatch } from './query-batch';
import type { SeriesFrame } from './read-series';
import { fewestNames } from './resolve-metric';
import { createSeriesAsker, type SeriesAsker } from './series-asker';
import { type FoundSeries, joined } from './survey';

/** What the cluster's objects say about an arm, for the question whether the arms can be compared. */
export interface ArmProperties {
  /** Shared identity of the weights' origin, whatever the precision; `null` when not known. */
  baseModel: string | null;
  /** By name in words: "GPUs", "Path", "Context length", … */
  properties: Readonly<Record<string, string | null>>;
}

/** How one arm's series are asked for, and whether it is seen at all. */
export interface ArmView {
  selector: ArmSelector;
  found: readonly FoundSeries[];
  /** Series of the window that are no more. */
  ended: readonly FoundSeries[];
  pods: readonly string[];
  newestSampleAt: UnixMs | null;
  presence: PresenceVerdict;
}

export interface ConditionsInput {
  batch: QueryBatch | null;
  views: Record<Arm, ArmView>;
  /** The series of this very answer: what they show is not asked for again. */
  metrics: readonly CompareMetric[];
  properties: Record<Arm, ArmProperties>;
  /** Own probes in the window: they are no traffic of the arm. */
  probes: Record<Arm, number>;
  frame: SeriesFrame;
}

/** What each arm did in the window, and on what: the input of the question whether they can be compared. */
export async function readConditions(input: ConditionsInput): Promise<Record<Arm, ArmConditions>> {
  const { batch, views, frame } = input;
  const ask = batch === null ? null : createSeriesAsker(batch, frame.grid);
  const selectors = { baseline: views.baseline.selector, distributed: views.distributed.selector };

  async function conditions(arm: Arm): Promise<ArmConditions> {
    const ttft = seriesOf(input.metrics, 'ttft', arm);
    const [config, meanPromptTokens, meanOutputTokens] = await Promise.all([
      ask === null ? null : ask.instant(engineConfigQuery(joined(selectors))),
      tokensPerRequest(ask, views[arm], 'prompt', frame),
      tokensPerRequest(ask, views[arm], 'generation', frame),
    ]);
    const { baseModel, properties } = input.properties[arm];
    return {
      presence: ttft?.presence ?? 'not-scraped',
      absentBecause: ttft?.absentBecause ?? null,
      samples: withoutProbes(ttft?.samples ?? null, input.probes[arm]),
      meanInFlight: meanInFlight(input.metrics, arm),
      meanPromptTokens,
      meanOutputTokens,
      baseModel,
      properties: {
        ...properties,
        ...(config === null ? {} : toEngineProperties(config, (pod) => armOfPod(selectors, pod) === arm)),
      },
    };
  }

  const [baseline, distributed] = await Promise.all([conditions('baseline'), conditions('distributed')]);
  return { baseline, distributed };
}

function withoutProbes(samples: number | null, probes: number): number | null {
  return samples === null ? null : Math.max(0, samples - probes);
}

function seriesOf(metrics: readonly CompareMetric[], id: MetricId, arm: Arm): CompareSeries | undefined {
  return metrics.find((metric) => metric.id === id)?.arms.find((series) => series.arm === arm);
}

/** Waiting requests are in flight too; time averages over the window. */
function meanInFlight(metrics: readonly CompareMetric[], arm: Arm): number | null {
  const running = seriesOf(metrics, 'running', arm)?.mean ?? null;
  const waiting = seriesOf(metrics, 'queue-waiting', arm)?.mean ?? null;
  return running === null || waiting === null ? null : running + waiting;
}

/** Σsum ÷ Σcount of the requests that ended in the window. */
async function tokensPerRequest(
  ask: SeriesAsker | null,
  { found, ended, selector }: ArmView,
  side: 'prompt' | 'generation',
  frame: SeriesFrame,
): Promise<number | null> {
  const candidates = METRIC_PREFIXES.map((prefix) => {
    const name = `${prefix}request_${side}_tokens`;
    return { name, presence: `${name}_count` };
  });
  const [first, ...others] = fewestNames(candidates, found, ended).map(({ name }) => name);
  if (ask === null || first === undefined) return null;
  const series: SeriesNames = [first, ...others];
  const counted = (suffix: '_sum' | '_count'): Promise<number | null> =>
    ask.scalar(increaseQuery({ series: suffixed(series, suffix) }, selector, frame.windowSeconds));
  const [sum, count] = await Promise.all([counted('_sum'), counted('_count')]);
  return sum === null || count === null || count === 0 ? null : sum / count;
}
