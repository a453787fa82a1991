/** The `/scale` subresource: a small view on `spec.replicas`. */
import type { ApiContext } from './context.ts';
import { isRecord, type KubernetesObject, valueAt } from './object.ts';
import { patchObject } from './patch.ts';
import { badRequest } from './status.ts';
import type { WriteTarget } from './write.ts';

export function readScale(object: KubernetesObject): Record<string, unknown> {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = valueAt(object, 'spec', 'selector', 'matchLabels');
  const selector = isRecord(labels)
    ? Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(',')
    : valueAt(object, 'status', 'hpaPodSelector');
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: valueAt(object, 'spec', 'replicas') ?? 1 },
    status: {
      replicas: valueAt(object, 'status', 'replicas') ?? 0,
      ...(selector === undefined ? {} : { selector }),
    },
  };
}

/** Takes a whole Scale or a merge patch of one. */
export function writeScale(
  context: ApiContext,
  target: WriteTarget,
  object: KubernetesObject,
  body: unknown,
): Record<string, unknown> {
  const replicas = valueAt(body, 'spec', 'replicas');
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0) {
    throw badRequest('spec.replicas must be a non-negative integer');
  }
  const resourceVersion = valueAt(body, 'metadata', 'resourceVersion');
  const patch = {
    ...(typeof resourceVersion === 'string' ? { metadata: { resourceVersion } } : {}),
    spec: { replicas },
  };
  const patched = patchObject(
    context,
    { ...target, subresource: undefined },
    object.metadata.name,
    'merge',
    patch,
    false,
  );
  return readScale(patched.object);
}
