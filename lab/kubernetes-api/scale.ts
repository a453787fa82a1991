/** The `/scale` subresource: a small view on how many an object wants and has. */
import type { ApiContext } from './context.ts';
import type { Kind } from './kinds.ts';
import { isRecord, type KubernetesObject, valueAt } from './object.ts';
import { patchObject } from './patch.ts';
import { badRequest } from './status.ts';
import type { WriteTarget } from './write.ts';

/** `.spec.replicas` as the steps of a path. */
const steps = (path: string): string[] => path.split('.').filter((step) => step !== '');

function pathsOf(kind: Kind): { wanted: string[]; actual: string[]; selector: string[] } {
  const declared = kind.definition?.scale;
  return {
    wanted: steps(declared?.specReplicasPath ?? '.spec.replicas'),
    actual: steps(declared?.statusReplicasPath ?? '.status.replicas'),
    selector: steps(declared?.labelSelectorPath ?? '.status.hpaPodSelector'),
  };
}

export function readScale(kind: Kind, object: KubernetesObject): Record<string, unknown> {
  const paths = pathsOf(kind);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = valueAt(object, 'spec', 'selector', 'matchLabels');
  const selector = isRecord(labels)
    ? Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(',')
    : valueAt(object, ...paths.selector);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: valueAt(object, ...paths.wanted) ?? (kind.definition === undefined ? 1 : 0) },
    status: {
      replicas: valueAt(object, ...paths.actual) ?? 0,
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
    ...(pathsOf(target.kind).wanted.reduceRight<unknown>(
      (inner, step) => ({ [step]: inner }),
      replicas,
    ) as object),
  };
  const patched = patchObject(
    context,
    { ...target, subresource: undefined },
    object.metadata.name,
    'merge',
    patch,
    false,
  );
  return readScale(target.kind, patched.object);
}
