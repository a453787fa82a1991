import 'server-only';
import { METRIC_PREFIXES, type MetricPrefix, presenceName } from '@/lib/domain/metrics-table';
import { ALL_METRICS } from '@/lib/domain/metrics-table-further';
import type { DemoSettings } from '@/lib/domain/settings';
import { ARMS, type Arm, type UnixMs } from '@/lib/domain/vocabulary';
import { armOfPod, armSelector, type LivePod } from './arm-pods';
import type { PrometheusAnswer, PrometheusClient } from './client';
import type { PrometheusProblem } from './problem';
import { type ArmSelector, matchers, promDuration } from './queries';
import { medianGapSeconds, toNumber } from './to-series';
import type { WireLabels, WireMatrix, WireQueryData } from './wire';

/** How far back raw samples are looked at: longer than Prometheus' own 5 minutes would show nothing new. */
const RAW_RANGE = '5m';

/** One series name of one pod, as one scrape job delivers it. */
export interface FoundSeries {
  name: string;
  job: string;
  pod: string;
}

/** What is known of one arm's series at one time; everything later asks is decided from this. */
export interface ArmSurvey {
  selector: ArmSelector;
  /** Live now: with samples that Prometheus still returns. */
  found: readonly FoundSeries[];
  prefix: MetricPrefix | null;
  /** Pods with live series. */
  pods: readonly string[];
  /** Ready in the cluster, but without series. */
  missingPods: readonly string[];
  /** Pods whose every target is down (`up` is 0). */
  downPods: readonly string[];
  /** Jobs that deliver the same series of the same pod. */
  duplicateJobs: readonly string[];
  newestSampleAt: UnixMs | null;
  newestSampleByPod: ReadonlyMap<string, UnixMs>;
  scrapeIntervalSeconds: number | null;
}

export interface Survey {
  observedAt: UnixMs;
  arms: Record<Arm, ArmSurvey>;
  warnings: readonly string[];
  /** The discovery query, as asked. */
  promql: string;
}

/** Names whose presence decides what is asked later (metrics §6.3). */
const SOUGHT_NAMES = [
  ...new Set([
    ...ALL_METRICS.filter(({ source }) => source === 'engine').flatMap((row) =>
      row.names.map((candidate) => presenceName(row, candidate)),
    ),
    'request_prompt_tokens_count',
    'request_generation_tokens_count',
  ]),
].sort();

/** Names on the same pages that are not the engine's own. */
const SERVER_NAMES = [
  ...new Set(
    ALL_METRICS.filter(({ source }) => source === 'server').flatMap((row) =>
      row.names.map((candidate) => presenceName(row, candidate)),
    ),
  ),
].sort();

/** Matches every series whose presence matters. */
function soughtSeries(selector: ArmSelector): string {
  return `{__name__=~"(kserve_)?(vllm:(${SOUGHT_NAMES.join('|')})|${SERVER_NAMES.join('|')})",${matchers(selector)}}`;
}

export function discoveryQuery(selector: ArmSelector): string {
  return `count by (__name__, job, pod) (${soughtSeries(selector)})`;
}

/** What there was at some time in the window: a pod that has gone, or was replaced by a newer release, keeps its line. */
export function windowDiscoveryQuery(selector: ArmSelector, windowSeconds: number): string {
  return `count by (__name__, job, pod) (last_over_time(${soughtSeries(selector)}[${promDuration(windowSeconds)}]))`;
}

export function rawSamplesQuery(selector: ArmSelector): string {
  return `{__name__=~"(kserve_)?vllm:num_requests_running",${matchers(selector)}}[${RAW_RANGE}]`;
}

export interface SurveyInput {
  client: PrometheusClient;
  settings: DemoSettings;
  livePods: Record<Arm, readonly LivePod[]>;
  now: UnixMs;
  signal?: AbortSignal;
}

export type SurveyResult = { ok: true; survey: Survey } | { ok: false; problem: PrometheusProblem };

/** Finds out, for both arms at once, which names, pods and jobs there are, how fresh, and how often scraped. */
export async function takeSurvey(input: SurveyInput): Promise<SurveyResult> {
  const { client, settings, livePods, now, signal } = input;
  const selectors: Record<Arm, ArmSelector> = {
    baseline: armSelector(settings, 'baseline', livePods.baseline),
    distributed: armSelector(settings, 'distributed', livePods.distributed),
  };
  const both = joined(selectors);
  const ask = (promql: string): Promise<PrometheusAnswer<WireQueryData>> =>
    client.query(promql, now / 1000, signal);
  const promql = discoveryQuery(both);
  const [found, raw, up] = await Promise.all([
    ask(promql),
    ask(rawSamplesQuery(both)),
    ask(`max by (pod) (up{${matchers(both)}})`),
  ]);
  if (!found.ok) return found;
  if (!raw.ok) return raw;
  if (!up.ok) return up;

  const series = toFoundSeries(found.value);
  const samples = raw.value.resultType === 'matrix' ? raw.value.result : [];
  const survey = (arm: Arm): ArmSurvey => {
    const belongs = (pod: string | undefined): boolean =>
      pod !== undefined && armOfPod(selectors, pod) === arm;
    return toArmSurvey({
      selector: selectors[arm],
      found: series.filter(({ pod }) => belongs(pod)),
      samples: samples.filter(({ metric }) => belongs(metric.pod)),
      downPods: podsWithValue(up.value, 0).filter(belongs),
      livePods: livePods[arm],
    });
  };
  return {
    ok: true,
    survey: {
      observedAt: now,
      arms: { baseline: survey('baseline'), distributed: survey('distributed') },
      warnings: [...new Set([...found.warnings, ...raw.warnings, ...up.warnings])],
      promql,
    },
  };
}

/** One matcher for both arms; the answers are told apart by pod name. */
export function joined(selectors: Record<Arm, ArmSelector>): ArmSelector {
  return {
    namespace: selectors.baseline.namespace,
    podPattern: ARMS.map((arm) => selectors[arm].podPattern).join('|'),
  };
}

function toArmSurvey(arm: {
  selector: ArmSelector;
  found: readonly FoundSeries[];
  samples: WireMatrix;
  downPods: readonly string[];
  livePods: readonly LivePod[];
}): ArmSurvey {
  const pods = [...new Set(arm.found.map(({ pod }) => pod))].sort();
  const newestSampleByPod = newestSamples(arm.samples);
  const newest = [...newestSampleByPod.values()];
  return {
    selector: arm.selector,
    found: arm.found,
    prefix: choosePrefix(arm.found),
    pods,
    missingPods: arm.livePods
      .filter((pod) => pod.ready && !pods.includes(pod.name))
      .map((pod) => pod.name)
      .sort(),
    downPods: [...arm.downPods].sort(),
    duplicateJobs: duplicateJobs(arm.found),
    newestSampleAt: newest.length === 0 ? null : Math.max(...newest),
    newestSampleByPod,
    scrapeIntervalSeconds: medianGapSeconds(arm.samples),
  };
}

/** The prefix that covers most pods; the plain one where both do (metrics §6.3). */
function choosePrefix(found: readonly FoundSeries[]): MetricPrefix | null {
  const coverage = METRIC_PREFIXES.map((prefix) => ({
    prefix,
    pods: new Set(found.filter(({ name }) => name.startsWith(prefix)).map(({ pod }) => pod)).size,
  }));
  const widest = coverage.reduce((best, next) => (next.pods > best.pods ? next : best));
  return widest.pods === 0 ? null : widest.prefix;
}

function duplicateJobs(found: readonly FoundSeries[]): string[] {
  const jobsBySeries = new Map<string, Set<string>>();
  for (const { name, pod, job } of found) {
    const key = `${name} ${pod}`;
    jobsBySeries.set(key, (jobsBySeries.get(key) ?? new Set()).add(job));
  }
  const doubled = [...jobsBySeries.values()].filter((jobs) => jobs.size > 1);
  return [...new Set(doubled.flatMap((jobs) => [...jobs]))].sort();
}

function newestSamples(samples: WireMatrix): Map<string, UnixMs> {
  const newest = new Map<string, UnixMs>();
  for (const { metric, values } of samples) {
    const last = values?.at(-1);
    if (last === undefined || metric.pod === undefined) continue;
    const at = Math.round(last[0] * 1000);
    newest.set(metric.pod, Math.max(at, newest.get(metric.pod) ?? at));
  }
  return newest;
}

export function toFoundSeries(data: WireQueryData): FoundSeries[] {
  return data.resultType === 'vector' ? fromLabels(data.result.map(({ metric }) => metric)) : [];
}

function fromLabels(labelSets: readonly WireLabels[]): FoundSeries[] {
  return labelSets.flatMap((metric) =>
    metric.__name__ === undefined || metric.pod === undefined
      ? []
      : [{ name: metric.__name__, job: metric.job ?? '', pod: metric.pod }],
  );
}

function podsWithValue(data: WireQueryData, wanted: number): string[] {
  if (data.resultType !== 'vector') return [];
  return data.result.flatMap(({ metric, value }) =>
    metric.pod !== undefined && value !== undefined && toNumber(value[1]) === wanted ? [metric.pod] : [],
  );
}
