import type { ObjectMeta } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';

export const QUEUE_LABEL = 'kueue.x-k8s.io/queue-name';
export const MANAGED_FINALIZER = 'kueue.x-k8s.io/managed';

/**
 * The LocalQueue that a pod waits in: its label's, or `default` where the namespace has such a queue. Undefined outside
 * namespaces that Kueue manages (facts: kubernetes-objects §1 points 14 and 15).
 */
export function queueOf(cluster: ClusterAccess, metadata: ObjectMeta): string | undefined {
  const { namespace } = metadata;
  if (namespace === undefined) return undefined;
  const labels = cluster.get('namespaces', undefined, namespace)?.metadata.labels;
  if (labels?.['kueue.openshift.io/managed'] !== 'true') return undefined;
  const labelled = metadata.labels?.[QUEUE_LABEL];
  if (labelled !== undefined) return labelled;
  return cluster.get('localqueues.kueue.x-k8s.io', namespace, 'default') === undefined
    ? undefined
    : 'default';
}
