/** What every namespace gets as soon as it is made: OpenShift's service accounts, and the authorities to trust. */
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { createWorkQueue } from './work-queue.ts';

const REACTION_MS = 20;

const CHILDREN: readonly { kind: string; name: string }[] = [
  { kind: 'serviceaccounts', name: 'default' },
  { kind: 'serviceaccounts', name: 'builder' },
  { kind: 'serviceaccounts', name: 'deployer' },
  { kind: 'configmaps', name: 'kube-root-ca.crt' },
  { kind: 'configmaps', name: 'openshift-service-ca.crt' },
];

export function startNamespaceController(cluster: ClusterAccess): () => void {
  const queue = createWorkQueue(cluster.clock, REACTION_MS, (name) => {
    const namespace = cluster.get<KubernetesObject>('namespaces', undefined, name);
    if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return;
    for (const child of CHILDREN) {
      if (cluster.get(child.kind, name, child.name) !== undefined) continue;
      const fields = child.kind === 'configmaps' ? { data: {} } : {};
      cluster.create(child.kind, { name: child.name, namespace: name }, fields);
    }
  });
  const stopListening = cluster.store.subscribe(({ type, kind, object }) => {
    if (type === 'ADDED' && kind === 'namespaces') queue.add(object.metadata.name);
  });
  return () => {
    stopListening();
    queue.stop();
  };
}
