import type { Evidence } from '../checklist';
import { PROOF_OF_LIFE_MS } from '../readable';
import type { GateReason, SourceState } from '../vocabulary';
import { boundExcerpt, isoTime } from './evidence';
import { asStale } from './freshness';
import type { ChecklistInput, GateOutcome } from './gate-row';

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

/**
 * Prometheus is asked every 5 s, so its own answers bear the contract's 20 s. How old the samples in them may be is another question, which
 * goes by the scrape interval.
 */
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
  return input.now - lastProofAt > PROOF_OF_LIFE_MS ? asStale(outcome, isoTime(lastProofAt)) : outcome;
}
