import type { ClusterAccess } from './cluster-access.ts';
import type { Node, Pod } from './workload-types.ts';

export interface PodAddresses {
  podIp: string;
  hostIp: string;
  /** What OVN-Kubernetes notes on the pod. */
  annotations: Record<string, string>;
}

const FIRST_HOST = 20;

/** The node's own range, e.g. 10.129.4.0/23; nodes without a note get one from their address. */
function subnetOf(node: Node | undefined): [number, number, number] {
  const match = /"(\d+)\.(\d+)\.(\d+)\.0\/23"/.exec(
    node?.metadata.annotations?.['k8s.ovn.org/node-subnets'] ?? '',
  );
  return match === null ? [10, 132, 0] : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** The next free address of the pod's node. */
export function addressesOf(cluster: ClusterAccess, pod: Pod): PodAddresses {
  const node = cluster.get<Node>('nodes', undefined, pod.spec.nodeName ?? '');
  const hostIp = node?.status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
  const [a, b, c] = subnetOf(node);
  const taken = new Set(cluster.list<Pod>('pods').map(({ status }) => status.podIP));
  let host = FIRST_HOST;
  while (taken.has(`${a}.${b}.${c}.${host}`)) host += 1;
  const podIp = `${a}.${b}.${c}.${host}`;
  const gateway = `${a}.${b}.${c}.1`;
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  const macAddress = ['0a', '58', ...[a, b, c, host].map(hex)].join(':');
  return {
    podIp,
    hostIp,
    annotations: {
      'k8s.ovn.org/pod-networks': JSON.stringify({
        default: {
          ip_addresses: [`${podIp}/23`],
          mac_address: macAddress,
          gateway_ips: [gateway],
          ip_address: `${podIp}/23`,
          gateway_ip: gateway,
          role: 'primary',
        },
      }),
    },
  };
}
