import 'server-only';
import type { CompareQuery } from '@/lib/contracts/compare';
import { judgeComparable } from '@/lib/domain/comparable';
import type { Compare, CompareExtras, CompareMetric, Difference, FurtherMetric } from '@/lib/domain/compare';
import { measureDifference } from '@/lib/domain/compare-difference';
import { type AnyRow, METRICS } from '@/lib/domain/metrics-table';
import { FURTHER_METRICS } from '@/lib/domain/metrics-table-further';
import type { DemoSettings } from '@/lib/domain/settings';
import { ARMS, type Arm, type Mode, type UnixMs } from '@/lib/domain/vocabulary';
import { armOfPod, armSelector } from './arm-pods';
import type { PrometheusClient } from './client';
import { type FurtherViews, seeFurtherSources } from './further-sources';
import { armsWithoutTraffic, countsRequests, probesInWindow, withoutTraffic } from './own-probes';
import { type PresenceVerdict, presenceOfArm, presenceOfProblem } from './presence';
import { NOT_CONFIGURED } from './problem';
import type { ArmSelector } from './queries';
import { createQueryBatch, type QueryBatch } from './query-batch';
import { toBlockGrid } from './read-blocks';
import type { PodRoles } from './read-breakdown';
import { type ArmProperties, type ArmView, readConditions } from './read-conditions';
import {
  absentSeries,
  type ReadSeries,
  readSeries,
  type SeriesFrame,
  type SeriesQuestion,
} from './read-series';
import { resolveMetric } from './resolve-metric';
import {
  type ArmSurvey,
  type FoundSeries,
  joined,
  type SurveyResult,
  toFoundSeries,
  windowDiscoveryQuery,
} from './survey';
import { rateWindowSeconds, toGrid, windowSeconds } from './time-grid';
import { toIso } from './to-series';

export type CompareQuestion = CompareQuery;

export interface CompareInput extends CompareQuestion {
  client: PrometheusClient | null;
  settings: DemoSettings;
  survey: SurveyResult;
  properties: Record<Arm, ArmProperties>;
  /** Roles of the engine pods as the cluster has them now. */
  roles: PodRoles;
  /** When this dashboard's own completion probes ran, so that they can be counted out. */
  probedAt: Record<Arm, readonly UnixMs[]>;
  mode: Mode;
  /** End of the window: the present, or the end of the past window that was asked for. */
  now: UnixMs;
  /** The answer before of the same view: what was said stays said until it is refuted. */
  previous: Compare | null;
  signal?: AbortSignal;
}

/** What of GET /api/compare comes from Prometheus. */
export type ReadCompare = Omit<
  Compare,
  Exclude<keyof CompareExtras, 'furtherMetrics' | 'nextScrapeAt' | 'probesExcluded' | 'range'>
>;

/** GET /api/compare: all metrics of both arms over one window. */
export async function readCompare(input: CompareInput): Promise<ReadCompare> {
  const { window, percentile, now, survey, client } = input;
  const scrapeIntervalSeconds = survey.ok ? slowestScrape(survey.survey.arms) : null;
  const grid = toGrid(window, now, scrapeIntervalSeconds);
  const seconds = windowSeconds(window);
  const frame: SeriesFrame = {
    grid,
    blockGrid: toBlockGrid(grid, seconds, scrapeIntervalSeconds),
    windowSeconds: seconds,
    rateWindowSeconds: rateWindowSeconds(scrapeIntervalSeconds, grid.stepSeconds),
    scrapeIntervalSeconds,
    percentile,
    breakdown: input.breakdown,
    now,
  };
  const batch = client === null ? null : createQueryBatch(client, now / 1000, input.signal);
  const selectors = engineSelectors(input);
  const [past, further] =
    batch === null
      ? [[], null]
      : await Promise.all([
          // The first points look back beyond the window.
          seriesOfWindow(batch, selectors, seconds + frame.rateWindowSeconds),
          seeFurtherSources(batch, input.settings, selectors, seconds),
        ]);
  const arms = {
    baseline: seeArm(input, selectors, 'baseline', past),
    distributed: seeArm(input, selectors, 'distributed', past),
  };
  const probes = probesInWindow(input.probedAt, frame);
  const scene: Scene = { input, arms, further, frame, batch, probes };
  const [measured, measuredFurther] = await Promise.all([
    Promise.all(METRICS.map((row) => readRow(scene, row))),
    Promise.all(FURTHER_METRICS.map((row) => readRow(scene, row))),
  ]);
  const firstTokens = measured.find(({ row }) => row.id === 'ttft')?.arms ?? [];
  const quiet = armsWithoutTraffic(firstTokens, input.probedAt, frame, scrapeIntervalSeconds);
  const readMetrics = measured.map((read) => withQuietArms(read, quiet, frame));
  const readFurther = measuredFurther.map((read) => withQuietArms(read, quiet, frame));
  const metrics = readMetrics.map(({ row, arms: read }) => toMetric(row, read));
  const conditions = await readConditions({
    batch,
    views: arms,
    metrics,
    properties: input.properties,
    probes,
    frame,
  });
  const comparable = judgeComparable(conditions);
  return {
    mode: input.mode,
    window,
    percentile,
    stepSeconds: grid.stepSeconds,
    rateWindowSeconds: frame.rateWindowSeconds,
    scrapeIntervalSeconds,
    observedAt: toIso(now / 1000),
    comparable,
    metrics: readMetrics.map(
      ({ row, arms: read }): CompareMetric => ({
        ...toMetric(row, read),
        difference: differ(
          read,
          comparable,
          input.previous?.metrics.find(({ id }) => id === row.id),
        ),
      }),
    ),
    furtherMetrics: readFurther.map(
      ({ row, arms: read }): FurtherMetric => ({
        id: row.id,
        unit: row.unit,
        better: row.better,
        headline: row.headline,
        arms: read.map(({ series }) => series),
        difference: differ(
          read,
          comparable,
          input.previous?.furtherMetrics.find(({ id }) => id === row.id),
        ),
      }),
    ),
    nextScrapeAt: {
      baseline: scrapeTimes(arms.baseline, survey, 'baseline', now),
      distributed: scrapeTimes(arms.distributed, survey, 'distributed', now),
    },
    probesExcluded: probes,
    range: { from: toIso(now / 1000 - seconds), to: toIso(now / 1000), isPinned: input.end !== null },
  };
}

interface Scene {
  input: CompareInput;
  arms: Record<Arm, ArmView>;
  further: FurtherViews | null;
  frame: SeriesFrame;
  batch: QueryBatch | null;
  probes: Record<Arm, number>;
}

/** As the survey found them; where there is none, as the names of the settings make them. */
function engineSelectors({ survey, settings }: CompareInput): Record<Arm, ArmSelector> {
  const selector = (arm: Arm): ArmSelector =>
    survey.ok ? survey.survey.arms[arm].selector : armSelector(settings, arm, []);
  return { baseline: selector('baseline'), distributed: selector('distributed') };
}

function seeArm(
  { client, survey, now }: CompareInput,
  selectors: Record<Arm, ArmSelector>,
  arm: Arm,
  past: readonly FoundSeries[],
): ArmView {
  const selector = selectors[arm];
  if (client === null || !survey.ok) {
    const presence = presenceOfProblem(survey.ok ? NOT_CONFIGURED : survey.problem);
    return { selector, found: [], ended: [], pods: [], newestSampleAt: null, presence };
  }
  const seen = survey.survey.arms[arm];
  const live = new Set(seen.found.map(({ name, pod }) => `${name} ${pod}`));
  // What has gone keeps its line.
  const ended = past.filter(
    ({ name, pod }) => armOfPod(selectors, pod) === arm && !live.has(`${name} ${pod}`),
  );
  return {
    selector,
    found: seen.found,
    ended,
    pods: seen.pods,
    newestSampleAt: seen.newestSampleAt,
    presence: presenceOfArm(seen, survey.survey.warnings, now, ended.length > 0),
  };
}

async function seriesOfWindow(
  batch: QueryBatch,
  selectors: Record<Arm, ArmSelector>,
  seconds: number,
): Promise<FoundSeries[]> {
  const answer = await batch.instant(windowDiscoveryQuery(joined(selectors), seconds));
  return answer.ok ? toFoundSeries(answer.value) : [];
}

interface ReadRow<Row extends AnyRow> {
  row: Row;
  arms: ReadSeries[];
}

async function readRow<Row extends AnyRow>(scene: Scene, row: Row): Promise<ReadRow<Row>> {
  const arms = await Promise.all(row.arms.map((arm) => readRowOfArm(scene, row, arm)));
  return { row, arms };
}

function withQuietArms<Row extends AnyRow>(
  read: ReadRow<Row>,
  quiet: ReadonlySet<Arm>,
  frame: SeriesFrame,
): ReadRow<Row> {
  if (!countsRequests(read.row)) return read;
  return {
    ...read,
    arms: read.arms.map((one) => (quiet.has(one.series.arm) ? withoutTraffic(one, frame) : one)),
  };
}

async function readRowOfArm(scene: Scene, row: AnyRow, arm: Arm): Promise<ReadSeries> {
  const { input, frame, batch, probes } = scene;
  const view = viewOf(scene, row, arm);
  const metric = resolveMetric(row, view.found, view.ended);
  const question: SeriesQuestion = { ...view, row, arm, metric, roles: input.roles, frame };
  if (batch === null || isUnaskable(view.armPresence)) {
    return { series: absentSeries(question, view.armPresence), blocks: null };
  }
  const read = await readSeries(batch, question);
  // The dashboard's own probes are requests like any other; the chart says how many they are.
  const { presence, points } = read.series;
  const hasCounted = points.length > 0 && presence !== 'no-traffic';
  if (probes[arm] === 0 || !countsRequests(row) || !hasCounted) return read;
  const noun = probes[arm] === 1 ? 'probe' : 'probes';
  const warnings = [...read.series.warnings, `Includes ${probes[arm]} ${noun} of this dashboard.`];
  return { ...read, series: { ...read.series, warnings } };
}

type SourceView = Pick<
  SeriesQuestion,
  'selector' | 'pods' | 'found' | 'ended' | 'armPresence' | 'newestSampleAt'
>;

function viewOf({ arms, further }: Scene, row: AnyRow, arm: Arm): SourceView {
  const engines = arms[arm];
  const source =
    row.source === 'engine' || row.source === 'server' ? null : (further?.[row.source][arm] ?? null);
  if (source === null) {
    const { selector, pods, found, ended, newestSampleAt, presence } = engines;
    return { selector, pods, found, ended, newestSampleAt, armPresence: presence };
  }
  return {
    ...source,
    // Found in the whole window at once.
    ended: [],
    newestSampleAt: null,
    // Another exporter: what is wrong with the engines' scrape says nothing of it.
    armPresence: isUnaskable(engines.presence) ? engines.presence : { presence: 'ok', because: null },
  };
}

function isUnaskable({ presence }: PresenceVerdict): boolean {
  return presence === 'unreachable' || presence === 'forbidden' || presence === 'not-configured';
}

function toMetric(row: (typeof METRICS)[number], arms: readonly ReadSeries[]): CompareMetric {
  return {
    id: row.id,
    unit: row.unit,
    better: row.better,
    headline: row.headline,
    arms: arms.map(({ series }) => series),
    difference: { state: 'none', because: 'not judged' },
  };
}

/** Under the contract's rule only; the word said before counts (compare-difference). */
function differ(
  arms: readonly ReadSeries[],
  comparable: Compare['comparable'],
  before: { difference: Difference } | undefined,
): Difference {
  const [baseline, distributed] = ARMS.map(
    (arm) => arms.find(({ series }) => series.arm === arm)?.blocks ?? null,
  );
  if (!comparable.difference) return { state: 'none', because: comparable.because.join('; ') };
  if (baseline === null || baseline === undefined || distributed === null || distributed === undefined) {
    return { state: 'none', because: 'the value is not known in both arms' };
  }
  const said = before?.difference.state === 'measured' ? before.difference.verdict : null;
  return measureDifference(baseline, distributed, said);
}

function scrapeTimes(
  view: ArmView,
  survey: SurveyResult,
  arm: Arm,
  now: UnixMs,
): CompareExtras['nextScrapeAt'][Arm] {
  const interval = survey.ok ? survey.survey.arms[arm].scrapeIntervalSeconds : null;
  const last = view.newestSampleAt;
  const isRegular = last !== null && interval !== null && interval > 0 && view.presence.presence !== 'stale';
  // The survey may be a few scrapes old; they keep their rhythm.
  const scrapes = isRegular ? Math.max(1, Math.ceil((now - last) / (interval * 1000))) : 0;
  return {
    lastAt: last === null ? null : toIso(last / 1000),
    nextAt: isRegular ? toIso((last + scrapes * interval * 1000) / 1000) : null,
  };
}

/** Both arms need four scrapes, so the slower one decides. */
function slowestScrape(arms: Record<Arm, ArmSurvey>): number | null {
  const intervals = ARMS.flatMap((arm) => arms[arm].scrapeIntervalSeconds ?? []);
  return intervals.length === 0 ? null : Math.max(...intervals);
}
