import type { Flip } from './checklist-flips';
import type { PlatformLink } from './platform-links';
import type { Arm, GateLayer, GateReason, GateStatus, Light, Mode, Verdict } from './vocabulary';

/** One request made and the part of its answer that decided. */
export interface Evidence {
  source: 'kubernetes' | 'openapi' | 'prometheus' | 'probe';
  /** As made, e.g. `GET /apis/serving.kserve.io/v1alpha1` or the PromQL. */
  request: string;
  /** Last proof (event, bookmark, comparing list), not the object's last change. */
  observedAt: string;
  httpStatus: number | null;
  /** ≤ 4 KB, the deciding fields only; never env values, tokens or last-applied. */
  excerpt: unknown;
}

export interface Lights {
  claim: Light;
  pods: Light;
  probe: Light;
}

export interface Gate {
  id: string;
  layer: GateLayer;
  title: string;
  required: boolean;
  status: GateStatus;
  /** Coming up by itself (loading, provisioning, install plan running). */
  progressing: boolean;
  reason: GateReason | null;
  blockedBy: string | null;
  lastKnown: { status: string; at: string } | null;
  lights: Lights | null;
  finding: string;
  missingRight: { verb: string; group: string; resource: string; namespace: string | null } | null;
  evidence: Evidence[];
  command: string;
  why: string;
  remedy: string;
  owner: 'cluster-admin' | 'user';
  document: { title: string; url: string } | null;
}

/** GET /api/checklist */
export interface Checklist {
  mode: Mode;
  evaluatedAt: string;
  verdict: Verdict;
  gates: Gate[];
  /** What changed since the start, newest first; older changes are dropped. */
  flips: readonly Flip[];
  /** Screens of the platform whose Routes exist. */
  links: readonly PlatformLink[];
  /** Arms that answer anyone: a demo, not production. */
  unauthenticated: readonly Arm[];
}
