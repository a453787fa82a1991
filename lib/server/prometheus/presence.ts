import 'server-only';
import type { AnyRow } from '@/lib/domain/metrics-table';
import type { Presence, UnixMs } from '@/lib/domain/vocabulary';
import type { PrometheusProblem } from './problem';
import type { ResolvedMetric } from './queries';
import { triedNames } from './resolve-metric';
import type { ArmSurvey } from './survey';

export interface PresenceVerdict {
  presence: Presence;
  /** Why there is no latest value, or why it is not the whole truth; `null` when all is well. */
  because: string | null;
}

/** A sample this many scrapes old is no longer the present. */
const STALE_AFTER_SCRAPES = 3;
const ASSUMED_SCRAPE_SECONDS = 30;
const MIN_STALE_SECONDS = 20;

export function presenceOfProblem({ kind, message }: PrometheusProblem): PresenceVerdict {
  switch (kind) {
    case 'not-configured':
      return { presence: 'not-configured', because: message };
    case 'unauthenticated':
    case 'forbidden':
      return { presence: 'forbidden', because: message };
    case 'unreachable':
    case 'refused':
    case 'malformed':
    case 'aborted':
      return { presence: 'unreachable', because: message };
  }
}

/**
 * Whether the arm's engines are seen at all; the first question for every metric (metrics §7.4).
 * `existedBefore`: series of the arm ended earlier in the window.
 */
export function presenceOfArm(
  arm: ArmSurvey,
  warnings: readonly string[],
  now: UnixMs,
  existedBefore = false,
): PresenceVerdict {
  const sampleAgeMs = arm.newestSampleAt === null ? null : now - arm.newestSampleAt;
  // Samples without live series: a failed scrape has ended the series (metrics §0.8).
  if (sampleAgeMs !== null && (arm.prefix === null || sampleAgeMs > staleAfterMs(arm))) {
    return {
      presence: 'stale',
      because: `${targetState(arm)}The last sample is ${inWords(sampleAgeMs)} old.`,
    };
  }
  if (arm.prefix === null && existedBefore) {
    return { presence: 'stale', because: `${targetState(arm)}The last sample is more than 5 min old.` };
  }
  if (arm.prefix === null) {
    return {
      presence: 'not-scraped',
      because: `${targetState(arm)}No vllm: or kserve_vllm: series of pods like ${arm.selector.podPattern} in ${arm.selector.namespace}: not scraped, or under other names.`,
    };
  }
  const [warning] = partialWarnings(warnings);
  if (warning !== undefined)
    return { presence: 'partial', because: `Prometheus gave a partial answer: ${warning}` };
  if (arm.missingPods.length > 0) {
    return {
      presence: 'partial',
      because: `${targetState(arm)}No series of ${arm.missingPods.join(', ')}; ${arm.pods.length} of ${arm.pods.length + arm.missingPods.length} pods are counted.`,
    };
  }
  return { presence: 'ok', because: null };
}

export interface MetricEvidence {
  row: AnyRow;
  /** Pods whose series of this source are seen at all. */
  pods: readonly string[];
  metric: ResolvedMetric | null;
  /** What was counted in the window (requests, tokens), `null` with fewer than two scrapes; absent for gauges. */
  counted?: number | null | undefined;
  latest: number | null;
  windowSeconds: number;
  rateWindowSeconds: number;
}

/** The arm is seen: what about this metric? */
export function presenceOfMetric(arm: PresenceVerdict, evidence: MetricEvidence): PresenceVerdict {
  if (arm.presence !== 'ok' && arm.presence !== 'partial') return arm;
  const { row, metric, counted, latest, windowSeconds, rateWindowSeconds } = evidence;
  if (metric === null) {
    return {
      presence: 'not-scraped',
      because: `None of these series exists: ${triedNames(row).join(', ')}. ${whyAbsent(evidence)}`.trimEnd(),
    };
  }
  if (counted === null) {
    return {
      presence: 'partial',
      because: 'Fewer than two scrapes in the window: nothing can be counted yet.',
    };
  }
  // No preemption is a value like any other; no request, no token is a reason.
  if (counted === 0 && arm.presence === 'ok' && row.unit !== 'events/s') {
    return { presence: 'no-traffic', because: `No traffic in the last ${inWords(windowSeconds * 1000)}.` };
  }
  if (counted === undefined && latest === null && arm.presence === 'ok') {
    return { presence: 'stale', because: 'The series has ended: there is no sample now.' };
  }
  if (latest === null && arm.because === null) {
    return { ...arm, because: `No traffic in the last ${inWords(rateWindowSeconds * 1000)}.` };
  }
  return arm;
}

/** What usually keeps such a series away. */
function whyAbsent({ row, pods }: MetricEvidence): string {
  switch (row.source) {
    case 'server':
      return 'The engines’ HTTP servers have answered nothing yet, or do not count.';
    case 'engine':
      return row.id.startsWith('kv-transfer') ? 'Only engines that split prefill and decode have them.' : '';
    case 'picker':
      return pods.length === 0
        ? 'The endpoint picker is not scraped, or there is none.'
        : 'The endpoint picker is scraped: it has not decided anything yet.';
    case 'gpu':
      return 'The GPU exporter is not scraped, or its series may not be read here (the tenancy port shows none).';
  }
}

/** Remarks about the query are no sign of missing data. */
export function partialWarnings(warnings: readonly string[]): string[] {
  return warnings.filter((warning) => !warning.startsWith('PromQL '));
}

function staleAfterMs(arm: ArmSurvey): number {
  const scrapes = STALE_AFTER_SCRAPES * (arm.scrapeIntervalSeconds ?? ASSUMED_SCRAPE_SECONDS);
  return Math.max(scrapes, MIN_STALE_SECONDS) * 1000;
}

function targetState(arm: ArmSurvey): string {
  if (arm.downPods.length === 0) return '';
  return `Target down: ${arm.downPods.join(', ')}. `;
}

/** `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function inWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
