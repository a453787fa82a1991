import type { Checklist } from '@/lib/domain/checklist';
import type { Arm } from '@/lib/domain/vocabulary';

/** An arm that cannot serve as it should, in the words of the cluster's objects. */
export interface Unreadiness {
  /** `loading` heals by itself. */
  word: 'loading' | 'not ready';
  finding: string;
}

const GATES: Record<Arm, readonly string[]> = {
  baseline: ['baseline-ready'],
  distributed: ['distributed-pods', 'distributed-ready'],
};

/**
 * Why an arm behind a lane is not ready (platform-pitfalls F56): its model loads, its replicas roll. `null` where it is, where
 * nobody can tell, and where something is merely not as the demo expects it.
 */
export function toUnreadiness(checklist: Checklist | null, arm: Arm): Unreadiness | null {
  const gates = GATES[arm].flatMap((id) => checklist?.gates.find((gate) => gate.id === id) ?? []);
  const worst = gates.find(({ progressing }) => progressing) ?? gates.find(({ status }) => status === 'fail');
  if (worst === undefined) return null;
  return { word: worst.progressing ? 'loading' : 'not ready', finding: worst.finding };
}
