/** Helpers for the objects that the lab builds because the fixtures lack them. Everything is a function of names. */
import { createHash } from 'node:crypto';
import type { Condition, KubernetesObject, ObjectMeta } from '../../kubernetes-api/object.ts';

/** When the cluster of the scene was installed, and its platform after it. */
export const INSTALLED_AT = '2025-12-15T08:20:01Z';
export const PLATFORM_AT = '2025-12-15T10:40:19Z';

/** The same name has the same uid in every run. */
export function uidOf(...names: string[]): string {
  const hex = createHash('sha1').update(names.join('/')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function built(
  apiVersion: string,
  kind: string,
  metadata: Partial<ObjectMeta> & { name: string },
  fields: Record<string, unknown> = {},
): KubernetesObject {
  return {
    apiVersion,
    kind,
    metadata: {
      creationTimestamp: PLATFORM_AT,
      uid: uidOf(kind, metadata.namespace ?? '', metadata.name),
      ...metadata,
    },
    ...fields,
  };
}

export function condition(
  type: string,
  status: Condition['status'],
  reason: string,
  message = '',
  at = PLATFORM_AT,
): Condition {
  return { type, status, reason, message, lastTransitionTime: at };
}
