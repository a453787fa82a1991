import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { ownerReference } from './llm-service/types.ts';

/** A cloud's load balancer gets its name some seconds after its Service. */
const LOAD_BALANCER_MS = 3000;
export const GATEWAY_LABEL = 'gateway.networking.k8s.io/gateway-name';
const PROXY_IMAGE = 'registry.redhat.io/openshift-service-mesh/istio-proxyv2-rhel9:3.1.0';

interface LoadBalancerService extends KubernetesObject {
  status?: { loadBalancer?: { ingress?: { hostname: string }[] } };
}

interface ProxiedGateway extends KubernetesObject {
  spec: { gatewayClassName: string; listeners: { name: string; port: number }[] };
}

/** Envoy and its load balancer; answers the address once there is one. */
export function ensureProxy(
  cluster: ClusterAccess,
  gateway: ProxiedGateway,
  lookAgain: (inMs: number) => void,
): string | null {
  const { name, namespace = '' } = gateway.metadata;
  const proxy = `${name}-${gateway.spec.gatewayClassName}`;
  const labels = {
    [GATEWAY_LABEL]: name,
    'gateway.networking.k8s.io/gateway-class-name': gateway.spec.gatewayClassName,
  };
  const metadata = { name: proxy, namespace, labels, ownerReferences: [ownerReference(gateway)] };
  if (cluster.get('deployments.apps', namespace, proxy) === undefined) {
    cluster.create(
      'deployments.apps',
      { ...metadata, generation: 1 },
      {
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'istio-proxy', image: PROXY_IMAGE }] },
          },
        },
      },
    );
  }
  const service =
    cluster.get<LoadBalancerService>('services', namespace, proxy) ??
    cluster.create<LoadBalancerService>('services', metadata, {
      spec: {
        type: 'LoadBalancer',
        selector: labels,
        ports: gateway.spec.listeners.map((listener) => ({
          name: listener.name,
          port: listener.port,
          targetPort: listener.port,
          protocol: 'TCP',
        })),
      },
      status: { loadBalancer: {} },
    });
  const address = service.status?.loadBalancer?.ingress?.[0]?.hostname;
  if (address !== undefined) return address;
  const dueMs = Date.parse(service.metadata.creationTimestamp ?? '') + LOAD_BALANCER_MS;
  if (cluster.clock.nowMs() < dueMs) {
    lookAgain(dueMs - cluster.clock.nowMs());
    return null;
  }
  const hostname = `${cluster.identifiers.hex(32)}-${Number.parseInt(cluster.identifiers.hex(8), 16)}.us-east-2.elb.amazonaws.com`;
  cluster.update<LoadBalancerService>('services', service, (draft) => {
    draft.status = { loadBalancer: { ingress: [{ hostname }] } };
  });
  return hostname;
}
