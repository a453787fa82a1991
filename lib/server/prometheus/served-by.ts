import 'server-only';
import type { Arm, UnixMs } from '@/lib/domain/vocabulary';
import type { Clock } from '@/lib/server/clock';
import type { PrometheusClient } from './client';
import { type ArmSelector, matchers } from './queries';
import type { ArmSurvey, SurveyResult } from './survey';
import { toNumber } from './to-series';

/** A finished answer whose pod no header named. */
export interface UnattributedAnswer {
  requestId: string;
  arm: Arm;
  /** Wall clock. */
  sentAt: UnixMs;
  endedAt: UnixMs;
}

export interface ServedBy {
  requestId: string;
  pod: string;
  method: string;
}

/** How it is known, in words for the screen. */
const METHOD = 'per-pod counter: the only request of this arm that ended between two scrapes';
/** Our clock and Prometheus' may differ a little; the value before must not contain this answer. */
const CLOCK_MARGIN_MS = 2_000;
/** Two scrapes of 30 s and some patience; then it stays unknown. */
const GIVE_UP_MS = 90_000;
const MAX_TRACKED = 50;

/** Finds out afterwards which pod served an answer, where the counters leave no doubt (metrics §0.16). */
export interface ServedByTracker {
  track(answer: UnattributedAnswer): void;
  /** To be called whenever there is a new survey. */
  check(): Promise<void>;
}

export interface ServedByOptions {
  client: PrometheusClient;
  survey: () => SurveyResult;
  clock: Clock;
  onFound: (found: ServedBy) => void;
}

export function createServedByTracker(options: ServedByOptions): ServedByTracker {
  const { client, clock } = options;
  let open: UnattributedAnswer[] = [];

  async function settle(answer: UnattributedAnswer): Promise<'open' | 'closed'> {
    if (clock.now() - answer.endedAt > GIVE_UP_MS) return 'closed';
    const survey = options.survey();
    if (!survey.ok) return 'open';
    const arm = survey.survey.arms[answer.arm];
    if (!isScrapedSince(arm, answer.endedAt)) return 'open';
    const pod = await findPod(client, arm, answer, survey.survey.observedAt);
    if (pod !== null) options.onFound({ requestId: answer.requestId, pod, method: METHOD });
    return 'closed';
  }

  return {
    track(answer) {
      open = [...open, answer].slice(-MAX_TRACKED);
    },
    async check() {
      const checked = open;
      open = [];
      const verdicts = await Promise.all(checked.map(settle));
      open = [...checked.filter((_, index) => verdicts[index] === 'open'), ...open];
    },
  };
}

/** Every pod of the arm has a sample that must contain the answer. */
function isScrapedSince(arm: ArmSurvey, endedAt: UnixMs): boolean {
  const times = arm.pods.map((pod) => arm.newestSampleByPod.get(pod) ?? 0);
  return times.length > 0 && times.every((at) => at > endedAt + CLOCK_MARGIN_MS);
}

/** The one pod that ended one request while no other ended any; `null` where others were served as well. */
async function findPod(
  client: PrometheusClient,
  arm: ArmSurvey,
  answer: UnattributedAnswer,
  now: UnixMs,
): Promise<string | null> {
  // A ready pod that nobody reads may have answered.
  if (arm.missingPods.length > 0) return null;
  const promql = endedRequestsQuery(`${arm.prefix}request_success_total`, arm.selector);
  const [before, after] = await Promise.all([
    countByPod(client, promql, answer.sentAt - CLOCK_MARGIN_MS),
    countByPod(client, promql, now),
  ]);
  if (before === null || after === null) return null;
  // So may one that has gone since, or that counts under another name.
  if (![...before.keys(), ...arm.pods].every((pod) => after.has(pod))) return null;
  const ended = [...after].map(([pod, count]) => ({ pod, count: count - (before.get(pod) ?? Number.NaN) }));
  // A pod that is new (NaN) or restarted (negative) leaves doubt.
  if (!ended.every(({ count }) => count >= 0)) return null;
  if (ended.reduce((sum, { count }) => sum + count, 0) !== 1) return null;
  return ended.find(({ count }) => count === 1)?.pod ?? null;
}

export function endedRequestsQuery(series: string, selector: ArmSelector): string {
  return `sum by (pod) (max by (pod, engine, finished_reason) (${series}{${matchers(selector)}}))`;
}

async function countByPod(
  client: PrometheusClient,
  promql: string,
  at: UnixMs,
): Promise<Map<string, number> | null> {
  const answer = await client.query(promql, at / 1000);
  if (!answer.ok || answer.value.resultType !== 'vector') return null;
  return new Map(
    answer.value.result.flatMap(({ metric, value }) => {
      const count = value === undefined ? null : toNumber(value[1]);
      return metric.pod === undefined || count === null ? [] : [[metric.pod, count] as const];
    }),
  );
}
