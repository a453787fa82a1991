import 'server-only';
import { z } from 'zod';
import type { Condition, ObjectMeta } from '@/lib/domain/objects/meta';
import { fields, flag, integer, list, required, stringMap, text } from './lenient';

/** Annotations the product reads. All others (last-applied, network status, …) are dropped here. */
const KEPT_ANNOTATIONS: ReadonlySet<string> = new Set([
  'security.opendatahub.io/enable-auth',
  'serving.kserve.io/deploymentMode',
  'serving.kserve.io/stop',
  'opendatahub.io/hardware-profile-name',
  'haproxy.router.openshift.io/timeout',
  'leaderworkerset.sigs.k8s.io/size',
  'service.beta.openshift.io/serving-cert-secret-name',
  'serving.kserve.io/autoscalerClass',
]);

export const metaSchema = z
  .object({
    name: required,
    namespace: text,
    uid: z.string().catch(''),
    creationTimestamp: text,
    deletionTimestamp: text,
    generation: integer,
    labels: stringMap,
    annotations: stringMap,
    ownerReferences: list(
      z.object({ kind: z.string(), name: z.string(), uid: z.string(), controller: flag }),
    ),
  })
  .transform(
    (raw): ObjectMeta => ({
      name: raw.name,
      namespace: raw.namespace,
      uid: raw.uid === '' ? `${raw.namespace ?? ''}/${raw.name}` : raw.uid,
      createdAt: raw.creationTimestamp,
      deletedAt: raw.deletionTimestamp,
      generation: raw.generation,
      labels: raw.labels,
      annotations: Object.fromEntries(
        Object.entries(raw.annotations).filter(([key]) => KEPT_ANNOTATIONS.has(key)),
      ),
      owners: raw.ownerReferences,
    }),
  );

const conditionSchema = z
  .object({
    type: required,
    status: z.enum(['True', 'False', 'Unknown']),
    reason: text,
    message: text,
    lastTransitionTime: text,
  })
  .transform(
    (raw): Condition => ({
      type: raw.type,
      status: raw.status,
      reason: raw.reason === '' ? null : raw.reason,
      message: raw.message === '' ? null : raw.message,
      changedAt: raw.lastTransitionTime,
    }),
  );

export const conditionsSchema = list(conditionSchema);

/** `status` of a kind of which only the conditions matter. */
export const conditionedStatus = fields({ conditions: conditionsSchema });
