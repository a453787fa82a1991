import type { Arm, GateStatus, Mode, PodRole, SourceState } from './vocabulary';

export type StatementKind = 'replicas' | 'data-parallel' | 'shards' | 'prefill-decode' | 'mixed' | 'none';

export interface PlacementStatement {
  kind: StatementKind;
  text: string;
  verdict: 'pass' | 'warn' | 'fail' | 'unknown';
}

export interface GpuSlot {
  /** Order only (by creation, stable while the pod lives), never a device id. */
  index: number;
  occupant: { uid: string; namespace: string; name: string } | null;
  state: 'free' | 'taken' | 'unknown';
}

export interface PlacementNode {
  name: string;
  instanceType: string | null;
  zone: string | null;
  ready: boolean;
  schedulable: boolean;
  taints: string[];
  gpu: {
    resource: string;
    product: string | null;
    capacity: number | null;
    allocatable: number | null;
    requested: number | null;
  };
  slots: GpuSlot[];
}

export interface PlacementPod {
  name: string;
  namespace: string;
  uid: string;
  arm: Arm | 'other';
  role: PodRole;
  node: string | null;
  gpus: number;
  phase: string;
  ready: boolean;
  terminating: boolean;
  restarts: number;
  waitingReason: string | null;
  group: { set: string; groupIndex: number; workerIndex: number; size: number } | null;
  createdAt: string;
}

export interface PathLink {
  id: string;
  kind: string;
  name: string;
  state: Exclude<GateStatus, 'not-applicable'> | 'absent';
  finding: string;
}

/** What one engine does now, from its metrics; `null` where it is not known. */
export interface EngineActivity {
  pod: string;
  running: number | null;
  waiting: number | null;
  kvCacheUsageRatio: number | null;
  tokensPerSecond: number | null;
  /** Time of the newest sample, ISO 8601. */
  sampledAt: string | null;
  promql: string;
}

/** One thing that happened: a Kubernetes Event, newest first. */
export interface PlacementEvent {
  uid: string;
  at: string;
  type: 'Normal' | 'Warning';
  reason: string;
  object: { kind: string; name: string };
  message: string;
}

/** GET /api/placement. `activity` and `events` are our additions to the contract's fields. */
export interface Placement {
  mode: Mode;
  observedAt: string;
  nodesState: SourceState;
  foldedNodes: number;
  statement: PlacementStatement;
  nodes: PlacementNode[];
  pods: PlacementPod[];
  path: PathLink[];
  schedulerInPath: boolean | null;
  activity: EngineActivity[];
  events: PlacementEvent[];
}
