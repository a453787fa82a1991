import type { Compare, CompareSeries, Target } from './compare';
import { EQUAL_SHARE } from './compare-difference';
import type { GuidellmStatistic, ServiceLevel } from './guidellm';
import { METRICS } from './metrics-table';
import { ARMS, type Arm, type MetricId } from './vocabulary';

/** A hypothesis that one window can answer: a metric of an arm (or of both) on the right side of a threshold. */
export interface LineHypothesis {
  kind: 'line';
  id: string;
  title: string;
  metric: MetricId;
  /** `null`: both arms must keep it. */
  arm: Arm | null;
  /** In the metric's unit: seconds, tokens/s, … */
  threshold: number;
  statistic: GuidellmStatistic;
  source: string;
}

/** "Higher throughput at the same SLA threshold": only a ladder of loads can answer it. */
export interface LadderHypothesis {
  kind: 'throughput-at-service-level';
  id: string;
  title: string;
  source: string;
}

export type Hypothesis = LineHypothesis | LadderHypothesis;

export interface Targets {
  serviceLevel: ServiceLevel;
  hypotheses: readonly Hypothesis[];
}

/**
 * What is shipped: the plan's one hypothesis, without a user count (plan, "we will not claim fixed numbers"), and the line that
 * the step's own dashboard draws. Its 50 ms for a token are left out: one L4 needs 52 ms for this model, and that
 * figure counts the wait for the first token (demo-environment §11.6 B, §15).
 */
export const SHIPPED_TARGETS: Targets = {
  serviceLevel: {
    ttftMs: 1_000,
    itlMs: null,
    statistic: 'p95',
    source: 'dashboard “Mistral 3 (BF16 vs INT4)” of step 07: TTFT SLA 1000 ms',
  },
  hypotheses: [
    {
      kind: 'throughput-at-service-level',
      id: 'throughput-at-sla',
      title: 'Higher throughput at the same SLA threshold',
      source: 'the demo’s plan',
    },
  ],
};

/** Output tokens per second of the highest stage within the service level, per arm; `null`: no such stage is known. */
export type LadderAnswer = Record<Arm, { tokensPerSecond: number; stage: string; file: string } | null>;

const MIN_SAMPLES = 20;

/** Each hypothesis, and what is measured of it by now. A target is never a result. */
export function evaluateTargets(
  targets: Targets,
  compare: Pick<Compare, 'metrics' | 'percentile' | 'window'>,
  ladder: LadderAnswer | null,
): Target[] {
  return targets.hypotheses.map((hypothesis): Target => {
    const { id, title, source } = hypothesis;
    switch (hypothesis.kind) {
      case 'throughput-at-service-level':
        return { id, title, source, line: null, ...answerLadder(ladder) };
      case 'line': {
        const { metric, arm, threshold, statistic } = hypothesis;
        const line = { metric, arm, threshold, statistic };
        return { id, title, source, line, ...answerLine(hypothesis, compare) };
      }
      default:
        return hypothesis satisfies never;
    }
  });
}

type Answer = Pick<Target, 'state' | 'text'>;

function notYet(because: string): Answer {
  return { state: 'not-yet-measured', text: `not yet measured: ${because}` };
}

function answerLadder(ladder: LadderAnswer | null): Answer {
  if (ladder === null) return notYet('no benchmark of both arms is at hand');
  const { baseline, distributed } = ladder;
  if (baseline === null || distributed === null) {
    const arms = ARMS.filter((arm) => ladder[arm] === null).join(' and ');
    return notYet(`no stage within the service level is known of ${arms}`);
  }
  const found = `${short(distributed.tokensPerSecond)} against ${short(baseline.tokensPerSecond)} tokens/s at the highest stage within the service level (${distributed.stage}, ${distributed.file}; ${baseline.stage}, ${baseline.file})`;
  const ratio = distributed.tokensPerSecond / baseline.tokensPerSecond;
  // One run each: a few percent are chance, and no result in either direction.
  if (ratio > 1 / (1 + EQUAL_SHARE) && ratio < 1 + EQUAL_SHARE) {
    return { state: 'not-yet-measured', text: `not decided: ${found} are within 5 %` };
  }
  return { state: ratio > 1 ? 'met' : 'missed', text: `measured: ${found}` };
}

function answerLine(
  hypothesis: LineHypothesis,
  compare: Pick<Compare, 'metrics' | 'percentile' | 'window'>,
): Answer {
  const row = METRICS.find(({ id }) => id === hypothesis.metric);
  const metric = compare.metrics.find(({ id }) => id === hypothesis.metric);
  if (row === undefined || metric === undefined) return notYet('the metric is not in the answer');
  const { statistic, arm } = hypothesis;
  if (row.kind === 'histogram' && statistic !== 'mean' && statistic !== `p${compare.percentile}`) {
    return notYet(`the charts show p${compare.percentile}, the target is for ${statistic}`);
  }
  const better = row.better === 'higher' ? 'higher' : 'lower';
  const judged = ARMS.filter((one) => arm === null || one === arm).map((one) =>
    judge(
      metric.arms.find((series) => series.arm === one) ?? null,
      hypothesis,
      better,
      row.kind,
      metric.unit,
    ),
  );
  const open = judged.find(({ state }) => state === 'not-yet-measured');
  if (open !== undefined) return open;
  const missed = judged.some(({ state }) => state === 'missed');
  return {
    state: missed ? 'missed' : 'met',
    text: `measured: ${judged.map(({ text }) => text).join('; ')} in ${compare.window}`,
  };
}

function judge(
  series: CompareSeries | null,
  { threshold, statistic }: LineHypothesis,
  better: 'lower' | 'higher',
  kind: (typeof METRICS)[number]['kind'],
  unit: string,
): Answer {
  if (series === null || series.presence !== 'ok') {
    return notYet(`${series?.arm ?? 'the arm'}: ${series?.absentBecause ?? 'no data'}`);
  }
  if (series.samples !== null && series.samples < MIN_SAMPLES) {
    return notYet(`${series.arm}: ${series.samples} requests, ${MIN_SAMPLES} are needed`);
  }
  const isQuantile = kind === 'histogram' && statistic !== 'mean';
  const [low, high] = isQuantile ? (series.bounds ?? [null, null]) : [series.mean, series.mean];
  if (low === null || high === null) return notYet(`${series.arm}: no value in this window`);
  const keeps = (value: number): boolean => (better === 'higher' ? value >= threshold : value <= threshold);
  // A percentile is known to its bucket only: where the threshold lies inside, nothing is decided.
  if (keeps(low) !== keeps(high)) {
    return notYet(`${series.arm}: ${statistic} lies between ${short(low)} and ${short(high)} ${unit}`);
  }
  const value = low === high ? short(low) : `between ${short(low)} and ${short(high)}`;
  return {
    state: keeps(low) ? 'met' : 'missed',
    text: `${series.arm} ${value} ${unit} against ${short(threshold)}`,
  };
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
