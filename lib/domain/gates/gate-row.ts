import type { AccessFacts } from '../access-facts';
import type { Checklist, Evidence, Gate, Lights } from '../checklist';
import type { ClusterSnapshot } from '../cluster';
import type { MetricsFacts } from '../metrics-facts';
import type { ProbeResult } from '../probe';
import type { DemoSettings } from '../settings';
import type { GateLayer, GateReason, GateStatus, Mode, UnixMs } from '../vocabulary';

/** Everything the checklist is judged from. */
export interface ChecklistInput {
  settings: DemoSettings;
  cluster: ClusterSnapshot;
  probes: readonly ProbeResult[];
  metrics: MetricsFacts;
  access: AccessFacts;
  mode: Mode;
  now: UnixMs;
  /** The checklist before this one, for what a gate last was. */
  previous: Checklist | null;
}

/** What looking at the evidence gave, before freshness and earlier gates are taken into account. */
export interface GateOutcome {
  status: GateStatus;
  /** One plain sentence with the values found. */
  finding: string;
  evidence: readonly Evidence[];
  reason?: Exclude<GateReason, 'blocked'>;
  progressing?: boolean;
  lights?: Lights;
  missingRight?: NonNullable<Gate['missingRight']>;
  /** What the gate was when its evidence still lived; only with status unknown. */
  lastKnown?: Gate['lastKnown'];
  /** Of the row's `dependsOn`, the gates whose failure would explain this one; all of them when left out. */
  explainedBy?: readonly GateId[];
}

/** One gate: adding one is one row and its test. */
export interface GateRow {
  id: GateId;
  layer: GateLayer;
  title: string;
  /** Whether the demo needs it, which may depend on what the served objects use. */
  required: boolean | ((input: ChecklistInput) => boolean);
  /** Earlier gates whose failure explains this one's; the table keeps them above it. */
  dependsOn: readonly GateId[];
  why: string;
  remedy: string;
  owner: Gate['owner'];
  document: Gate['document'];
  /** The command that shows the same, with exact resource names. */
  command: (settings: DemoSettings) => string;
  evaluate: (input: ChecklistInput) => GateOutcome;
}

export const GATE_IDS = [
  'cluster-version',
  'rhoai-platform',
  'serving-controllers',
  'cert-manager',
  'gpu-operator',
  'gpu-driver',
  'gpu-nodes',
  'gpu-taints',
  'gpu-capacity',
  'credential-lifetime',
  'llminferenceservice-api',
  'llminferenceservice-schema',
  'optional-shows',
  'serving-presets',
  'inference-apis',
  'leaderworkerset-operator',
  'leaderworkerset-api',
  'service-mesh-2-absent',
  'ingress-operator',
  'gatewayclass',
  'inference-gateway-object',
  'maas-inferencegateway-absent',
  'knative-autoscaler-absent',
  'community-kuadrant-absent',
  'connectivity-link',
  'controllers-newer-than-apis',
  'authorino-tls',
  'gateway-auth-policy',
  'kueue-clusterqueue',
  'kueue-localqueue',
  'kueue-queue-mismatch',
  'baseline-ready',
  'baseline-answers',
  'baseline-serving-mode',
  'distributed-ready',
  'distributed-events',
  'gpu-container',
  'liveness-budget',
  'distributed-pods',
  'distributed-distinct-nodes',
  'distributed-scheduler',
  'distributed-route',
  'distributed-answers',
  'single-endpoint-picker',
  'endpoint-authentication',
  'stream-timeouts',
  'engine-configuration',
  'autoscaling',
  'metrics-source',
  'user-workload-monitoring',
  'metrics-baseline',
  'metrics-distributed',
  'scrape-paths',
  'benchmark-job',
  'argocd-application',
] as const;

/** The ids of the contract, and what was added to them. */
export type GateId = (typeof GATE_IDS)[number];
