import type { PodStateKind } from './objects/pod-state';
import type { Arm, GateStatus, Mode, PodRole, SourceState } from './vocabulary';

export type StatementKind = 'replicas' | 'data-parallel' | 'shards' | 'prefill-decode' | 'mixed' | 'none';

export interface PlacementStatement {
  kind: StatementKind;
  text: string;
  verdict: 'pass' | 'warn' | 'fail' | 'unknown';
  /** What the missing ones wait for; beside the sentence, so that it keeps its length. */
  note: string | null;
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
  /** The state behind phase and conditions, as people name it. */
  doing: PodStateKind;
  /** It gets ready by itself if nothing goes wrong. */
  progressing: boolean;
  /** Since when it does that, ISO 8601; `null` where its object does not tell. */
  since: string | null;
}

export interface PathLink {
  id: string;
  kind: string;
  name: string;
  state: Exclude<GateStatus, 'not-applicable'> | 'absent';
  finding: string;
  /** The finding in two or three words, for where there is no room for more. */
  summary: string;
  /** The list request whose watch the finding follows, or the live request that decided it. */
  request: string;
  /** The last proof of it, ISO 8601. */
  observedAt: string | null;
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
  /** The GPUs of the pod, from the DCGM exporter; `null` where it has no series for the pod. */
  gpu: GpuActivity | null;
}

/** Utilisation is the share of time in which any kernel ran, of the busiest GPU (metrics §4). */
export interface GpuActivity {
  utilizationRatio: number | null;
  memoryUsedBytes: number | null;
  memoryTotalBytes: number | null;
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

/** What became of one pod of the arms: one line of the timeline. Times ISO 8601, `null` where it has not come to that. */
export interface PodStory {
  uid: string;
  name: string;
  namespace: string;
  arm: Arm;
  role: PodRole;
  node: string | null;
  /** What of the workload it fills: a seat of a group, else its controller. Successors have the same. */
  place: string;
  createdAt: string;
  scheduledAt: string | null;
  startedAt: string | null;
  readyAt: string | null;
  /** When it was first seen on its way out. */
  deletedAt: string | null;
  /** When it was first missing from the list. */
  goneAt: string | null;
  restarts: number;
  /** Start of the engine's container after its last restart. */
  restartedAt: string | null;
  /** The pod whose place it takes: of the same owner, deleted before this one was created. */
  replaces: { uid: string; name: string; node: string | null; deletedAt: string } | null;
}

/** One object under a service, by owner reference; the service itself has no parent. */
export interface ServiceObject {
  uid: string;
  parent: string | null;
  arm: Arm;
  kind: string;
  name: string;
  state: PathLink['state'];
  /** Its condition in words. */
  finding: string;
  request: string;
}

/** Where the pods of one arm stand on their way from declared to ready. */
export interface ArmScaling {
  arm: Arm;
  /** Engine pods declared by the service, or wanted by its autoscaler. */
  desired: number | null;
  created: number;
  gated: number;
  unscheduled: number;
  loading: number;
  ready: number;
  terminating: number;
  autoscaler: {
    kind: 'HPA' | 'KEDA';
    name: string;
    min: number | null;
    max: number | null;
    current: number | null;
    desired: number | null;
    /** Target and present value in the autoscaler's own words. */
    metrics: { name: string; target: string | null; current: string | null }[];
    request: string;
  } | null;
}

/** GPUs of the queue both arms go through. */
export interface QueueQuota {
  localQueue: string;
  clusterQueue: string;
  used: number | null;
  total: number | null;
  pendingWorkloads: number | null;
  request: string;
}

/** GET /api/placement. Everything after `schedulerInPath` is our addition to the contract's fields. */
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
  /** Why the scheduler is in the chat's path or not, in one short sentence. */
  schedulerFinding: string;
  activity: EngineActivity[];
  events: PlacementEvent[];
  podsState: SourceState;
  /** No proof of life of the pods for 20 s: what is shown is what was last seen. */
  isOutdated: boolean;
  /** Whether pods of all namespaces are seen; if not, GPUs are known for this demo only. */
  allPodsSeen: boolean;
  stories: PodStory[];
  services: ServiceObject[];
  scaling: ArmScaling[];
  quota: QueueQuota | null;
  /** What this dashboard may do to a pod, by its configuration. */
  actions: { deletePod: boolean; needsToken: boolean };
  /** The list requests behind the picture, as the cluster was asked. */
  requests: { nodes: string; pods: string; events: string };
}
