import type { Scene } from './scene.ts';

/** What a gate of a dashboard's checklist should say, and the researched fact that says so. */
export interface GateExpectation {
  /** Stable id of the gate. */
  gate: string;
  status: 'pass' | 'warn' | 'fail' | 'unknown' | 'not-applicable';
  /** Why, where the status alone does not tell. */
  reason?: 'forbidden' | 'unreachable' | 'blocked' | 'not-installed' | 'not-created';
  /** Row of the facts it follows, e.g. `kubernetes-objects §7.1 A5`. */
  fact: string;
}

/** A named state of the cluster. */
export interface Scenario {
  description: string;
  /** What differs from the healthy scene; the cluster's controllers draw the consequences. */
  change(healthy: Scene): Scene;
  /** How long ago it happened, in the scene's time; 0 shows the cluster at that very moment. */
  settledMs: number;
  /** Gates that read differently than in the healthy scene; of the healthy one itself, those that do not pass. */
  expectations: readonly GateExpectation[];
}
