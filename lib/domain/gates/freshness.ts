import type { GateOutcome } from './gate-row';

export interface StaleOutcome extends GateOutcome {
  status: 'unknown';
  lastKnown: { status: string; at: string } | null;
}

/** The same finding as a memory: the status is unknown, and this is what it was. */
export function asStale(outcome: GateOutcome, at: string): StaleOutcome {
  if (outcome.status === 'unknown') {
    return { ...outcome, status: 'unknown', lastKnown: outcome.lastKnown ?? null };
  }
  const { lights: _lights, missingRight: _missingRight, explainedBy: _explainedBy, ...rest } = outcome;
  return {
    ...rest,
    status: 'unknown',
    reason: 'unreachable',
    progressing: false,
    lastKnown: { status: outcome.status, at },
    finding: `No sign of life since ${at.slice(11, 19)} UTC. It last was: ${outcome.finding}`,
  };
}
