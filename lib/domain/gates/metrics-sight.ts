import type { Evidence } from '../checklist';
import type { GateReason, SourceState } from '../vocabulary';
import { boundExcerpt, isoTime } from './evidence';
import { asStale } from './freshness';
import type { ChecklistInput, GateOutcome } from './gate-row';

/** Two scrapes of 30 s: the longest silence of a source that still lives. */
const METRICS_FRESH_MS = 60_000;

export function metricsEvidence(input: ChecklistInput, request: string, excerpt: unknown): Evidence {
  const { source } = input.metrics;
  return {
    source: 'prometheus',
    request,
    observedAt: isoTime(source.lastProofAt ?? input.now),
    httpStatus: source.httpStatus,
    excerpt: boundExcerpt(excerpt),
  };
}

/** Why a source in that state tells nothing; `null` where it can still be asked what it said. */
export function unseenReason(
  state: SourceState,
): Extract<GateReason, 'forbidden' | 'unreachable' | 'not-configured' | 'syncing'> | null {
  switch (state) {
    case 'live':
    case 'reconnecting':
    case 'stale':
      return null;
    case 'syncing':
    case 'forbidden':
    case 'unreachable':
    case 'not-configured':
      return state;
    case 'unauthenticated':
    case 'not-installed':
      return 'unreachable';
    default:
      return state satisfies never;
  }
}

export function whenFresh(input: ChecklistInput, outcome: GateOutcome): GateOutcome {
  const { lastProofAt } = input.metrics.source;
  if (lastProofAt === null) {
    return {
      ...outcome,
      status: 'unknown',
      reason: 'syncing',
      finding: 'The metrics source has not answered yet.',
      evidence: [],
    };
  }
  return input.now - lastProofAt > METRICS_FRESH_MS ? asStale(outcome, isoTime(lastProofAt)) : outcome;
}
