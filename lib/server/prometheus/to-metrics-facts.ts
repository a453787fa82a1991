import 'server-only';
import type { ArmMetrics, EngineConfiguration, MetricsFacts } from '@/lib/domain/metrics-facts';
import type { Arm, SourceState, UnixMs } from '@/lib/domain/vocabulary';
import { presenceOfArm, presenceOfProblem } from './presence';
import type { PrometheusProblem } from './problem';
import type { ArmSurvey, FoundSeries, Survey } from './survey';
import { discoveryQuery } from './survey';

/** What the metrics poller knows at one time. */
export interface MetricsKnowledge {
  /** Last good survey; kept, with its age, while Prometheus is away. */
  survey: Survey | null;
  problem: PrometheusProblem | null;
  /** Configuration that the engines publish; `null` until it was asked for. */
  engineConfiguration: Record<Arm, EngineConfiguration> | null;
  state: SourceState;
  version: string | null;
  lastProofAt: UnixMs | null;
  /** The request as made, for the evidence. */
  request: string;
}

export function toMetricsFacts(knowledge: MetricsKnowledge, now: UnixMs): MetricsFacts {
  const { problem, state, version, lastProofAt, request } = knowledge;
  return {
    source: {
      state,
      request,
      httpStatus: problem === null ? (lastProofAt === null ? null : 200) : problem.httpStatus,
      lastProofAt,
      detail: problem?.message ?? sourceDetail(version, lastProofAt),
      version,
    },
    arms: {
      baseline: toArmMetrics('baseline', knowledge, now),
      distributed: toArmMetrics('distributed', knowledge, now),
    },
  };
}

function sourceDetail(version: string | null, lastProofAt: UnixMs | null): string {
  if (lastProofAt === null) return 'Prometheus has not been asked yet.';
  return version === null
    ? 'Prometheus answers; its version is not told at this address.'
    : `Prometheus ${version} answers.`;
}

function toArmMetrics(
  arm: Arm,
  { survey, problem, engineConfiguration }: MetricsKnowledge,
  now: UnixMs,
): ArmMetrics {
  const seen = survey?.arms[arm] ?? null;
  if (seen === null || survey === null) {
    const verdict = problem === null ? null : presenceOfProblem(problem);
    return {
      presence: verdict?.presence ?? 'not-scraped',
      family: null,
      pods: [],
      duplicateJobs: [],
      scrapes: [],
      engineConfiguration: null,
      newestSampleAt: null,
      promql: '',
      finding: verdict?.because ?? 'Prometheus has not been asked yet.',
    };
  }
  const verdict = problem === null ? presenceOfArm(seen, survey.warnings, now) : presenceOfProblem(problem);
  return {
    presence: verdict.presence,
    family: seen.prefix,
    pods: seen.pods,
    duplicateJobs: seen.duplicateJobs,
    scrapes: toScrapes(seen.found),
    engineConfiguration: engineConfiguration?.[arm] ?? null,
    newestSampleAt: seen.newestSampleAt,
    promql: discoveryQuery(seen.selector),
    finding: verdict.because ?? armFinding(seen),
  };
}

/** Which jobs read which pods under which prefix: two for one pod count it double. */
export function toScrapes(found: readonly FoundSeries[]): ArmMetrics['scrapes'] {
  const podsByScrape = new Map<string, { job: string; family: string; pods: Set<string> }>();
  for (const { name, job, pod } of found) {
    // The web server's own series (`http_requests_total`) stand on the engine's page and are no second scrape.
    if (!name.includes(':')) continue;
    const family = name.slice(0, name.indexOf(':') + 1);
    const key = `${job} ${family}`;
    const scrape = podsByScrape.get(key) ?? { job, family, pods: new Set() };
    scrape.pods.add(pod);
    podsByScrape.set(key, scrape);
  }
  return [...podsByScrape.values()]
    .map(({ job, family, pods }) => ({ job, family, pods: [...pods].sort() }))
    .sort((a, b) => a.job.localeCompare(b.job) || a.family.localeCompare(b.family));
}

/** Without ages: these are in `newestSampleAt`, and a text that changes every second would be sent every second. */
function armFinding(seen: ArmSurvey): string {
  const pods = seen.pods.length === 1 ? '1 pod' : `${seen.pods.length} pods`;
  const interval =
    seen.scrapeIntervalSeconds === null ? '' : `, scraped every ${seen.scrapeIntervalSeconds} s`;
  const doubled =
    seen.duplicateJobs.length === 0
      ? ''
      : `; delivered twice, by ${seen.duplicateJobs.join(' and ')}, and counted once`;
  return `${seen.prefix} series of ${pods}${interval}${doubled}.`;
}
