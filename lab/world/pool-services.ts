import type { ClusterAccess } from './cluster-access.ts';
import type { InferencePool } from './gateway-routes.ts';
import { ownerReference } from './llm-service/types.ts';

/** Istio's own Service for a pool. */
export function ensureShadowService(cluster: ClusterAccess, pool: InferencePool): void {
  const { namespace = '', name } = pool.metadata;
  const label = 'istio.io/inferencepool-name';
  const isThere = cluster
    .list('services', namespace)
    .some(({ metadata }) => metadata.labels?.[label] === name);
  if (isThere) return;
  const { extensionRef, selector, targetPortNumber } = pool.spec;
  cluster.create(
    'services',
    {
      name: `${name}-ip-${cluster.identifiers.hex(8)}`,
      namespace,
      labels: {
        'gateway.istio.io/managed': 'istio.io-inference-pool-controller',
        'istio.io/inferencepool-extension-failure-mode': extensionRef?.failureMode ?? 'FailOpen',
        'istio.io/inferencepool-extension-port': String(extensionRef?.portNumber ?? 9002),
        'istio.io/inferencepool-extension-service': extensionRef?.name ?? '',
        [label]: name,
      },
      ownerReferences: [ownerReference(pool)],
    },
    {
      spec: {
        clusterIP: 'None',
        clusterIPs: ['None'],
        internalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: [{ name: 'port-54321', port: 54_321, protocol: 'TCP', targetPort: targetPortNumber }],
        selector,
        sessionAffinity: 'None',
        type: 'ClusterIP',
      },
    },
  );
}
