import 'server-only';
import type { CompareQuery } from '@/lib/contracts/compare';
import { judgeComparable } from '@/lib/domain/comparable';
import type { Compare, CompareMetric, CompareSeries } from '@/lib/domain/compare';
import { METRICS, type MetricRow } from '@/lib/domain/metrics-table';
import type { DemoSettings } from '@/lib/domain/settings';
import { ARMS, type Arm, type Mode, type UnixMs } from '@/lib/domain/vocabulary';
import { armSelector } from './arm-pods';
import type { PrometheusClient } from './client';
import { presenceOfArm, presenceOfProblem } from './presence';
import { NOT_CONFIGURED } from './problem';
import { type ArmProperties, type ArmView, readConditions } from './read-conditions';
import { absentSeries, readSeries, type SeriesFrame } from './read-series';
import { resolveMetric } from './resolve-metric';
import { type ArmSurvey, choosePrefix, fromLabels, type SurveyResult, soughtSeries } from './survey';
import { rateWindowSeconds, toGrid, windowSeconds } from './time-grid';
import { toIso } from './to-series';

export type CompareQuestion = CompareQuery;

export interface CompareInput extends CompareQuestion {
  client: PrometheusClient | null;
  settings: DemoSettings;
  survey: SurveyResult;
  properties: Record<Arm, ArmProperties>;
  /** When this dashboard's own completion probes ran, so that they can be counted out. */
  probedAt: Record<Arm, readonly UnixMs[]>;
  mode: Mode;
  now: UnixMs;
  signal?: AbortSignal;
}

/** GET /api/compare: all metrics of both arms over one window. */
export async function readCompare(input: CompareInput): Promise<Compare> {
  const { window, percentile, now, survey } = input;
  const scrapeIntervalSeconds = survey.ok ? slowestScrape(survey.survey.arms) : null;
  const grid = toGrid(window, now, scrapeIntervalSeconds);
  const frame: SeriesFrame = {
    grid,
    windowSeconds: windowSeconds(window),
    rateWindowSeconds: rateWindowSeconds(scrapeIntervalSeconds, grid.stepSeconds),
    percentile,
    now,
  };
  const arms = {
    baseline: await seeArm(input, 'baseline', frame),
    distributed: await seeArm(input, 'distributed', frame),
  };
  const metrics = await Promise.all(METRICS.map((row) => readMetricOfBoth(input, row, arms, frame)));
  return {
    mode: input.mode,
    window,
    percentile,
    stepSeconds: grid.stepSeconds,
    rateWindowSeconds: frame.rateWindowSeconds,
    scrapeIntervalSeconds,
    observedAt: toIso(now / 1000),
    comparable: judgeComparable(await readConditions({ ...input, views: arms, metrics, frame })),
    metrics,
    furtherMetrics: [],
    annotations: [],
    nextScrapeAt: { baseline: NO_SCRAPES, distributed: NO_SCRAPES },
    probesExcluded: { baseline: 0, distributed: 0 },
    clientSamples: [],
    targets: [],
    prices: null,
    costs: { baseline: NO_COST, distributed: NO_COST },
    grafana: null,
    range: {
      from: toIso(now / 1000 - windowSeconds(window)),
      to: toIso(now / 1000),
      isPinned: input.end !== null,
    },
  };
}

const NO_SCRAPES = { lastAt: null, nextAt: null };
const NO_COST = { gpus: null, instanceTypes: [], pricePerHour: null, because: 'not asked' };

async function seeArm(input: CompareInput, arm: Arm, frame: SeriesFrame): Promise<ArmView> {
  const { client, settings, survey, now, signal } = input;
  if (client === null || !survey.ok) {
    return {
      selector: armSelector(settings, arm, []),
      survey: { found: [], prefix: null },
      pods: [],
      newestSampleAt: null,
      presence: presenceOfProblem(survey.ok ? NOT_CONFIGURED : survey.problem),
    };
  }
  const seen = survey.survey.arms[arm];
  const { selector, newestSampleAt } = seen;
  // An arm that has gone keeps its line: its names are those of the window, not of now.
  const past = seen.prefix === null ? await seriesOfWindow(client, selector, frame, signal) : seen.found;
  return {
    selector,
    survey: { found: past, prefix: seen.prefix ?? choosePrefix(past) },
    pods: seen.pods,
    newestSampleAt,
    presence: presenceOfArm(seen, survey.survey.warnings, now, past.length > 0),
  };
}

async function seriesOfWindow(
  client: PrometheusClient,
  selector: ArmView['selector'],
  frame: SeriesFrame,
  signal: AbortSignal | undefined,
): Promise<ArmSurvey['found']> {
  const answer = await client.series(soughtSeries(selector), frame.grid, signal);
  return answer.ok ? fromLabels(answer.value) : [];
}

async function readMetricOfBoth(
  input: CompareInput,
  row: MetricRow,
  views: Record<Arm, ArmView>,
  frame: SeriesFrame,
): Promise<CompareMetric> {
  const { client } = input;
  const arms = await Promise.all(
    ARMS.map(async (arm) => {
      const view = views[arm];
      const metric = resolveMetric(row, view.survey.prefix, view.survey.found);
      const question = { ...view, row, arm, metric, armPresence: view.presence, frame };
      const series =
        client === null
          ? absentSeries(question, view.presence)
          : await readSeries(client, question, input.signal);
      return withProbes(series, row, input.probedAt[arm], frame);
    }),
  );
  return {
    id: row.id,
    unit: row.unit,
    better: row.better,
    arms,
    headline: row.kind !== 'histogram' ? 'value' : row.id === 'itl' ? 'mean' : 'percentile',
    difference: { state: 'none', because: 'not asked' },
  };
}

/** The dashboard's own probes are requests like any other; the chart says how many they are. */
function withProbes(
  series: CompareSeries,
  row: MetricRow,
  probedAt: readonly UnixMs[],
  frame: SeriesFrame,
): CompareSeries {
  const since = frame.now - frame.windowSeconds * 1000;
  const probes = probedAt.filter((at) => at >= since).length;
  const countsRequests = row.kind !== 'gauge' && series.points.length > 0;
  if (probes === 0 || !countsRequests) return series;
  const noun = probes === 1 ? 'probe' : 'probes';
  return { ...series, warnings: [...series.warnings, `Includes ${probes} ${noun} of this dashboard.`] };
}

/** Both arms need four scrapes, so the slower one decides. */
function slowestScrape(arms: Record<Arm, ArmSurvey>): number | null {
  const intervals = ARMS.flatMap((arm) => arms[arm].scrapeIntervalSeconds ?? []);
  return intervals.length === 0 ? null : Math.max(...intervals);
}
