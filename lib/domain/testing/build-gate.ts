import type { Gate } from '../checklist';

/** A required gate that passes, with what a test wants different. */
export function buildGate(overrides: Partial<Gate>): Gate {
  return {
    id: 'a-gate',
    layer: 'platform',
    title: 'A gate',
    required: true,
    status: 'pass',
    progressing: false,
    reason: null,
    blockedBy: null,
    lastKnown: null,
    lights: null,
    finding: 'All is well.',
    missingRight: null,
    evidence: [],
    command: 'oc get nodes',
    why: 'Because.',
    remedy: 'Nothing.',
    owner: 'user',
    document: null,
    ...overrides,
  };
}
