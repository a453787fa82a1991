import type { Condition, ObjectMeta } from './meta';

export interface ClusterVersion {
  meta: ObjectMeta;
  /** Newest first. */
  history: readonly { state: string; version: string }[];
  conditions: readonly Condition[];
}

export interface Subscription {
  meta: ObjectMeta;
  packageName: string;
  channel: string | null;
  approval: string | null;
  state: string | null;
  installedCsv: string | null;
  currentCsv: string | null;
  /** Bad when True. */
  conditions: readonly Condition[];
}

export interface ClusterServiceVersion {
  meta: ObjectMeta;
  version: string | null;
  phase: string | null;
  reason: string | null;
  message: string | null;
}

export interface ClusterPolicy {
  meta: ObjectMeta;
  driverVersion: string | null;
  state: string | null;
  conditions: readonly Condition[];
}

export interface DataScienceCluster {
  meta: ObjectMeta;
  phase: string | null;
  version: string | null;
  kserveManagementState: string | null;
  kueueManagementState: string | null;
  conditions: readonly Condition[];
}

export interface LeaderWorkerSetOperator {
  meta: ObjectMeta;
  conditions: readonly Condition[];
}

export interface Kuadrant {
  meta: ObjectMeta;
  conditions: readonly Condition[];
}

/** Quota of one resource in one flavor. */
export interface FlavorQuota {
  flavor: string;
  resource: string;
  amount: number;
}

export interface ClusterQueue {
  meta: ObjectMeta;
  stopPolicy: string | null;
  nominal: readonly FlavorQuota[];
  /** `status.flavorsReservation`: what is reserved of it. */
  reserved: readonly FlavorQuota[];
  pendingWorkloads: number | null;
  admittedWorkloads: number | null;
  conditions: readonly Condition[];
}

export interface LocalQueue {
  meta: ObjectMeta;
  clusterQueue: string | null;
  /** `status.flavors`: which nodes each flavor stands for. */
  flavors: readonly { name: string; nodeLabels: Readonly<Record<string, string>> }[];
  stopPolicy: string | null;
  pendingWorkloads: number | null;
  admittedWorkloads: number | null;
  conditions: readonly Condition[];
}

/** argoproj.io/v1alpha1 Application. */
export interface ArgoApplication {
  meta: ObjectMeta;
  syncStatus: string | null;
  healthStatus: string | null;
  revision: string | null;
  operation: { phase: string | null; message: string | null; finishedAt: string | null } | null;
  outOfSync: readonly { kind: string; name: string; status: string }[];
  conditions: readonly { type: string; message: string | null }[];
}

/** config.openshift.io/v1 ClusterOperator. */
export interface ClusterOperator {
  meta: ObjectMeta;
  conditions: readonly Condition[];
}

/** operator.authorino.kuadrant.io/v1beta1 Authorino. */
export interface Authorino {
  meta: ObjectMeta;
  /** `spec.listener.tls`: how the gateway's filter reaches it. */
  listenerTls: { enabled: boolean | null; certificateSecret: string | null };
  conditions: readonly Condition[];
}

/** kuadrant.io/v1 AuthPolicy. */
export interface AuthPolicy {
  meta: ObjectMeta;
  target: { kind: string; name: string } | null;
  observedGeneration: number | null;
  conditions: readonly Condition[];
}

/** infrastructure.opendatahub.io/v1 HardwareProfile. */
export interface HardwareProfile {
  meta: ObjectMeta;
  /** `spec.scheduling.kueue.localQueueName`, which is written over the label of whatever uses the profile. */
  localQueue: string | null;
}

/** An object of which only its being there, its name and its age matter. */
export interface NamedObject {
  meta: ObjectMeta;
}
