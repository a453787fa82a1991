import 'server-only';
import type { DemoSettings } from '@/lib/domain/settings';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { anchored, escapePattern } from './label-matcher';
import type { ArmSelector } from './queries';

/** An engine pod of an arm as the cluster knows it now (never the scheduler's). */
export interface LivePod {
  name: string;
  ready: boolean;
}

/**
 * How the engine pods of an arm are named (metrics §6.2). Patterns, not today's names, so that the history of
 * replaced pods stays in the curves.
 */
function podPatterns(settings: DemoSettings, arm: Arm): string[] {
  switch (arm) {
    case 'baseline':
      return [`${escapePattern(settings.baselineName)}-predictor-.+`];
    case 'distributed': {
      const name = escapePattern(settings.distributedName);
      // Two trailing segments leave out the router-scheduler; `mn` are LeaderWorkerSet pods.
      return [
        `${name}-kserve-(prefill-)?[a-z0-9]+-[a-z0-9]{5}`,
        `${name}-kserve-mn-(prefill-)?[0-9]+(-[0-9]+)?`,
      ];
    }
  }
}

/** The matcher of one arm: its patterns, and by name any live pod that they miss. */
export function armSelector(settings: DemoSettings, arm: Arm, live: readonly LivePod[]): ArmSelector {
  const patterns = podPatterns(settings, arm);
  const known = anchored(patterns.join('|'));
  const missed = live.map((pod) => pod.name).filter((name) => !known.test(name));
  return {
    namespace: settings.namespace,
    podPattern: [...patterns, ...missed.map(escapePattern)].join('|'),
  };
}

/** Which arm a pod's series belong to; `null` for neither. */
export function armOfPod(selectors: Record<Arm, ArmSelector>, pod: string): Arm | null {
  return ARMS.find((arm) => anchored(selectors[arm].podPattern).test(pod)) ?? null;
}
