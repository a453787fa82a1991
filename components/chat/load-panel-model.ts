import type { LoadArm, LoadState } from '@/lib/contracts/load';
import { type Figure, toFigure } from '@/lib/domain/figure';
import type { LoadEnd, LoadShape } from '@/lib/domain/load';
import type { Arm, Mode, UnixMs } from '@/lib/domain/vocabulary';

export const SHAPE_CHOICES: readonly { value: LoadShape; label: string }[] = [
  { value: 'synthetic-256', label: '256 in, 256 out' },
  { value: 'documents', label: 'Talk on documents' },
];

export const SHAPE_NOTES: Record<LoadShape, string> = {
  'synthetic-256': 'Synthetic, no two prompts alike, one after the other: a prefix cache does not help.',
  documents: 'Four questions each on one of three shared documents, with pauses: a prefix cache helps.',
};

const ARM_WORDS: Record<Arm, string> = { baseline: 'INT4', distributed: 'llm-d' };

export type LoadArmsChoice = 'both' | Arm;

export const ARMS_CHOICES: readonly { value: LoadArmsChoice; label: string }[] = [
  { value: 'both', label: 'Both' },
  { value: 'baseline', label: 'INT4' },
  { value: 'distributed', label: 'llm-d' },
];

export function toPlanArms(choice: LoadArmsChoice): Arm[] {
  return choice === 'both' ? ['baseline', 'distributed'] : [choice];
}

/** The most users each arm can get, when that many arms share the ceiling. */
export function mostUsersPerArm(maxUsers: number, choice: LoadArmsChoice): number {
  return Math.floor(maxUsers / toPlanArms(choice).length);
}

const ENDS: Record<LoadEnd, string> = {
  stopped: 'Stopped.',
  'page-lost': 'Ended by itself: the page that started it was gone.',
  'time-limit': 'Ended by itself after 30 minutes.',
  shutdown: 'Ended with the dashboard.',
  failed: 'Ended by a fault of the dashboard; its log says more.',
};

export type LoadFace =
  | { kind: 'unknown'; words: string }
  | { kind: 'not-allowed'; words: string }
  | { kind: 'off' | 'running' | 'stopping'; words: string };

/** The state of the load in one line. */
export function toFace(state: LoadState | null, isOwner: boolean): LoadFace {
  if (state === null) return { kind: 'unknown', words: 'Asking the dashboard about its load.' };
  switch (state.phase) {
    case 'running':
      return { kind: 'running', words: runningWords(state, isOwner) };
    case 'stopping':
      return { kind: 'stopping', words: 'Load is stopping.' };
    case 'off':
      if (state.maxUsers === null) {
        return { kind: 'not-allowed', words: 'No load from here: LOAD_MAX_USERS is not set.' };
      }
      return {
        kind: 'off',
        words:
          state.endedBecause === null
            ? 'No load from here.'
            : `No load from here. ${ENDS[state.endedBecause]}`,
      };
    default:
      return state.phase satisfies never;
  }
}

function runningWords({ plan }: LoadState, isOwner: boolean): string {
  if (plan === null) return 'Load is on.';
  const users = `${plan.usersPerArm} ${plan.usersPerArm === 1 ? 'user' : 'users'}`;
  const whom =
    plan.arms.length > 1 ? `${users} on each arm` : `${users} on ${ARM_WORDS[plan.arms[0] ?? 'distributed']}`;
  return `Load is on: ${whom}${isOwner ? '' : ', started by another page'}.`;
}

/** When the charts show it: a promise that counts down, then a statement. */
export function toChartWords(state: LoadState | null, now: UnixMs | null): string | null {
  if (state === null || state.phase !== 'running' || now === null) return null;
  const { chartTimes, unchartedArms, plan } = state;
  if (plan !== null && unchartedArms.length === plan.arms.length) {
    return 'No chart will show it: a configured URL may lead elsewhere than to the pods of the cluster.';
  }
  const words = toTimeWords(chartTimes, now);
  const [uncharted] = unchartedArms;
  return uncharted === undefined ? words : `${words} ${ARM_WORDS[uncharted]} not: its URL is configured.`;
}

function toTimeWords(chartTimes: LoadState['chartTimes'], now: UnixMs): string {
  if (chartTimes === null) return 'When the charts will show it is not known: the scrape interval is not.';
  const secondsUntil = (iso: string) => Math.ceil((Date.parse(iso) - now) / 1000);
  const [first, wholly] = [secondsUntil(chartTimes.firstAt), secondsUntil(chartTimes.whollyAt)];
  const why = `scraped every ${chartTimes.scrapeIntervalSeconds} s, rates over ${chartTimes.rateWindowSeconds} s`;
  if (first > 0) return `Charts begin to show it in ${first} s, and fully in ${wholly} s (${why}).`;
  if (wholly > 0) return `Charts begin to show it now, and fully in ${wholly} s (${why}).`;
  return `Charts show it fully (${why}).`;
}

/** A value over the requests of the load itself. */
export function toLoadFigure(
  arm: LoadArm,
  field: 'ttft' | 'meanItl',
  percentile: 'p50Ms' | 'p95Ms',
  context: { mode: Mode; observedAt: string },
): Figure {
  const { count } = arm[field];
  const what = field === 'ttft' ? 'time to first token' : 'mean time between tokens of a request';
  return toFigure(
    arm[field][percentile],
    'ms',
    {
      mode: context.mode,
      source: 'chat',
      request: 'GET /api/load',
      observedAt: context.observedAt,
      sampleCount: count,
      note: `${percentile === 'p50Ms' ? 'Median' : '95th percentile'} (nearest rank) of the ${what}, over the newest requests of this load, timed by this dashboard.`,
    },
    arm.answered === 0
      ? 'No request of the load has been answered yet.'
      : 'The answers so far do not tell: the endpoint reports no token counts, or single tokens only.',
  );
}

/** What stands in the way of an arm's load, or `null`. */
export function toTrouble(arm: LoadArm): string | null {
  if (arm.slowedUntil !== null) return 'The endpoint asked to wait (429): the load waits.';
  if (arm.lastFailure === null) return null;
  return `${arm.failed} failed, last: ${arm.lastFailure.message}`;
}
