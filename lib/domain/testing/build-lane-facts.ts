import type { LaneFacts } from '../lane-facts';

/** A lane of which nothing is known but what is given. */
export function buildLaneFacts(some: Partial<LaneFacts> = {}): LaneFacts {
  return {
    arm: 'baseline',
    servedModelName: 'mistral-3-int4',
    facts: [],
    configuredFacts: null,
    podsSeenAt: null,
    paths: [],
    usedPath: null,
    sendsKey: false,
    trustsOwnCa: false,
    ...some,
  };
}
