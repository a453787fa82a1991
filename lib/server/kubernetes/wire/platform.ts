import 'server-only';
import { z } from 'zod';
import type {
  ArgoApplication,
  Authorino,
  AuthPolicy,
  ClusterOperator,
  ClusterPolicy,
  ClusterQueue,
  ClusterServiceVersion,
  ClusterVersion,
  DataScienceCluster,
  FlavorQuota,
  HardwareProfile,
  Kuadrant,
  LeaderWorkerSetOperator,
  LocalQueue,
  NamedObject,
  Subscription,
} from '@/lib/domain/objects/platform';
import { parseQuantity } from '@/lib/domain/quantity';
import { fields, integer, list, optionalFields, required, stringMap, text } from './lenient';
import { conditionedStatus, conditionsSchema, metaSchema } from './meta';

const clusterVersionSchema = z.object({
  metadata: metaSchema,
  status: fields({
    history: list(z.object({ state: required, version: required })),
    conditions: conditionsSchema,
  }),
});

export function parseClusterVersion(raw: unknown): ClusterVersion {
  const { metadata, status } = clusterVersionSchema.parse(raw);
  return { meta: metadata, ...status };
}

const subscriptionSchema = z.object({
  metadata: metaSchema,
  spec: fields({ name: z.string().catch(''), channel: text, installPlanApproval: text }),
  status: fields({ state: text, installedCSV: text, currentCSV: text, conditions: conditionsSchema }),
});

export function parseSubscription(raw: unknown): Subscription {
  const { metadata, spec, status } = subscriptionSchema.parse(raw);
  return {
    meta: metadata,
    packageName: spec.name,
    channel: spec.channel,
    approval: spec.installPlanApproval,
    state: status.state,
    installedCsv: status.installedCSV,
    currentCsv: status.currentCSV,
    conditions: status.conditions,
  };
}

const clusterServiceVersionSchema = z.object({
  metadata: metaSchema,
  spec: fields({ version: text }),
  status: fields({ phase: text, reason: text, message: text }),
});

export function parseClusterServiceVersion(raw: unknown): ClusterServiceVersion {
  const { metadata, spec, status } = clusterServiceVersionSchema.parse(raw);
  return { meta: metadata, version: spec.version, ...status };
}

const clusterPolicySchema = z.object({
  metadata: metaSchema,
  spec: fields({ driver: fields({ version: text }) }),
  status: fields({ state: text, conditions: conditionsSchema }),
});

export function parseClusterPolicy(raw: unknown): ClusterPolicy {
  const { metadata, spec, status } = clusterPolicySchema.parse(raw);
  return { meta: metadata, driverVersion: spec.driver.version, ...status };
}

const managed = fields({ managementState: text });

const dataScienceClusterSchema = z.object({
  metadata: metaSchema,
  spec: fields({ components: fields({ kserve: managed, kueue: managed }) }),
  status: fields({ phase: text, release: fields({ version: text }), conditions: conditionsSchema }),
});

export function parseDataScienceCluster(raw: unknown): DataScienceCluster {
  const { metadata, spec, status } = dataScienceClusterSchema.parse(raw);
  return {
    meta: metadata,
    phase: status.phase,
    version: status.release.version,
    kserveManagementState: spec.components.kserve.managementState,
    kueueManagementState: spec.components.kueue.managementState,
    conditions: status.conditions,
  };
}

const conditionedSchema = z.object({ metadata: metaSchema, status: conditionedStatus });

export function parseLeaderWorkerSetOperator(raw: unknown): LeaderWorkerSetOperator {
  const { metadata, status } = conditionedSchema.parse(raw);
  return { meta: metadata, conditions: status.conditions };
}

export function parseKuadrant(raw: unknown): Kuadrant {
  const { metadata, status } = conditionedSchema.parse(raw);
  return { meta: metadata, conditions: status.conditions };
}

export function parseClusterOperator(raw: unknown): ClusterOperator {
  const { metadata, status } = conditionedSchema.parse(raw);
  return { meta: metadata, conditions: status.conditions };
}

const namedSchema = z.object({ metadata: metaSchema });

/** Of these objects only name and age are kept; what they hold may be large. */
export function parseNamedObject(raw: unknown): NamedObject {
  return { meta: namedSchema.parse(raw).metadata };
}

const authorinoSchema = z.object({
  metadata: metaSchema,
  spec: fields({
    listener: fields({
      tls: fields({ enabled: z.boolean().nullable().catch(null), certSecretRef: fields({ name: text }) }),
    }),
  }),
  status: conditionedStatus,
});

export function parseAuthorino(raw: unknown): Authorino {
  const { metadata, spec, status } = authorinoSchema.parse(raw);
  const { enabled, certSecretRef } = spec.listener.tls;
  return {
    meta: metadata,
    listenerTls: { enabled, certificateSecret: certSecretRef.name },
    conditions: status.conditions,
  };
}

const authPolicySchema = z.object({
  metadata: metaSchema,
  spec: fields({ targetRef: optionalFields({ kind: required, name: required }) }),
  status: fields({ observedGeneration: integer, conditions: conditionsSchema }),
});

export function parseAuthPolicy(raw: unknown): AuthPolicy {
  const { metadata, spec, status } = authPolicySchema.parse(raw);
  return { meta: metadata, target: spec.targetRef, ...status };
}

const hardwareProfileSchema = z.object({
  metadata: metaSchema,
  spec: fields({ scheduling: fields({ type: text, kueue: fields({ localQueueName: text }) }) }),
});

export function parseHardwareProfile(raw: unknown): HardwareProfile {
  const { metadata, spec } = hardwareProfileSchema.parse(raw);
  return {
    meta: metadata,
    localQueue: spec.scheduling.type === 'Queue' ? spec.scheduling.kueue.localQueueName : null,
  };
}

/** Quotas may be strings or numbers: `"8010m"`, `"98849Mi"`, `3` (kubernetes-objects §5.7). */
const quantity = z.union([z.string(), z.number()]).nullable().catch(null);

const clusterQueueSchema = z.object({
  metadata: metaSchema,
  spec: fields({
    stopPolicy: text,
    resourceGroups: list(
      fields({
        flavors: list(
          z.object({
            name: required,
            resources: list(z.object({ name: required, nominalQuota: quantity })),
          }),
        ),
      }),
    ),
  }),
  status: fields({
    pendingWorkloads: integer,
    admittedWorkloads: integer,
    flavorsReservation: list(
      z.object({ name: required, resources: list(z.object({ name: required, total: quantity })) }),
    ),
    conditions: conditionsSchema,
  }),
});

export function parseClusterQueue(raw: unknown): ClusterQueue {
  const { metadata, spec, status } = clusterQueueSchema.parse(raw);
  return {
    meta: metadata,
    stopPolicy: spec.stopPolicy,
    nominal: spec.resourceGroups.flatMap((group) =>
      group.flavors.flatMap((flavor) =>
        flavor.resources.flatMap((item) => quota(flavor.name, item.name, item.nominalQuota)),
      ),
    ),
    reserved: status.flavorsReservation.flatMap((flavor) =>
      flavor.resources.flatMap((item) => quota(flavor.name, item.name, item.total)),
    ),
    pendingWorkloads: status.pendingWorkloads,
    admittedWorkloads: status.admittedWorkloads,
    conditions: status.conditions,
  };
}

function quota(flavor: string, resource: string, raw: string | number | null): FlavorQuota[] {
  const amount = parseQuantity(raw);
  return amount === null ? [] : [{ flavor, resource, amount }];
}

const localQueueSchema = z.object({
  metadata: metaSchema,
  spec: fields({ clusterQueue: text, stopPolicy: text }),
  status: fields({
    pendingWorkloads: integer,
    admittedWorkloads: integer,
    flavors: list(z.object({ name: required, nodeLabels: stringMap })),
    conditions: conditionsSchema,
  }),
});

export function parseLocalQueue(raw: unknown): LocalQueue {
  const { metadata, spec, status } = localQueueSchema.parse(raw);
  return { meta: metadata, ...spec, ...status };
}

const applicationSchema = z.object({
  metadata: metaSchema,
  status: fields({
    sync: fields({ status: text, revision: text }),
    health: fields({ status: text }),
    operationState: optionalFields({ phase: text, message: text, finishedAt: text }),
    resources: list(z.object({ kind: required, name: required, status: text })),
    conditions: list(z.object({ type: required, message: text })),
  }),
});

export function parseApplication(raw: unknown): ArgoApplication {
  const { metadata, status } = applicationSchema.parse(raw);
  return {
    meta: metadata,
    syncStatus: status.sync.status,
    healthStatus: status.health.status,
    revision: status.sync.revision,
    operation: status.operationState,
    outOfSync: status.resources.flatMap((item) =>
      item.status === null || item.status === 'Synced'
        ? []
        : [{ kind: item.kind, name: item.name, status: item.status }],
    ),
    conditions: status.conditions,
  };
}
