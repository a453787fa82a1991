/** The six nodes without a GPU: three of the control plane and three ordinary workers. */
import type { KubernetesObject } from '../../kubernetes-api/object.ts';
import { built, INSTALLED_AT } from './built.ts';

interface NodeRow {
  address: string;
  role: 'control-plane' | 'worker';
  zone: string;
}

const ROWS: NodeRow[] = [
  { address: '10.0.4.118', role: 'control-plane', zone: 'us-east-2a' },
  { address: '10.0.18.31', role: 'control-plane', zone: 'us-east-2b' },
  { address: '10.0.39.202', role: 'control-plane', zone: 'us-east-2c' },
  { address: '10.0.9.75', role: 'worker', zone: 'us-east-2a' },
  { address: '10.0.23.160', role: 'worker', zone: 'us-east-2b' },
  { address: '10.0.44.12', role: 'worker', zone: 'us-east-2c' },
];

function nodeOf({ address, role, zone }: NodeRow): KubernetesObject {
  const name = `ip-${address.replaceAll('.', '-')}.us-east-2.compute.internal`;
  const isControlPlane = role === 'control-plane';
  const healthy = (
    type: string,
    reason: string,
    message: string,
    status: string,
  ): Record<string, string> => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: '2025-12-29T14:19:30Z',
    lastTransitionTime: INSTALLED_AT,
  });
  return built(
    'v1',
    'Node',
    {
      name,
      creationTimestamp: INSTALLED_AT,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...(isControlPlane
          ? { 'node-role.kubernetes.io/control-plane': '', 'node-role.kubernetes.io/master': '' }
          : { 'node-role.kubernetes.io/worker': '' }),
        'node.kubernetes.io/instance-type': 'm6i.2xlarge',
        'node.openshift.io/os_id': 'rhel',
        'topology.kubernetes.io/region': 'us-east-2',
        'topology.kubernetes.io/zone': zone,
      },
    },
    {
      spec: {
        providerID: `aws:///${zone}/i-0${name.replace(/\D/g, '').padEnd(16, '0').slice(0, 16)}`,
        ...(isControlPlane
          ? { taints: [{ key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }] }
          : {}),
      },
      status: {
        addresses: [
          { type: 'InternalIP', address },
          { type: 'InternalDNS', address: name },
          { type: 'Hostname', address: name },
        ],
        capacity: { cpu: '8', memory: '32393752Ki', pods: '250', 'ephemeral-storage': '125238252Ki' },
        allocatable: { cpu: '7500m', memory: '31242776Ki', pods: '250', 'ephemeral-storage': '114345831029' },
        conditions: [
          healthy(
            'MemoryPressure',
            'KubeletHasSufficientMemory',
            'kubelet has sufficient memory available',
            'False',
          ),
          healthy('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure', 'False'),
          healthy('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available', 'False'),
          healthy('Ready', 'KubeletReady', 'kubelet is posting ready status', 'True'),
        ],
        nodeInfo: {
          architecture: 'amd64',
          containerRuntimeVersion: 'cri-o://1.33.6-3.rhaos4.20.git9a4f7fb.el9',
          kernelVersion: '5.14.0-570.72.1.el9_6.x86_64',
          kubeProxyVersion: '',
          kubeletVersion: 'v1.33.5',
          machineID: name.replace(/\D/g, '').padEnd(32, 'a'),
          operatingSystem: 'linux',
          osImage: 'Red Hat Enterprise Linux CoreOS 9.6.20251212-1 (Plow)',
        },
      },
    },
  );
}

export function nodesWithoutGpu(): KubernetesObject[] {
  return ROWS.map(nodeOf);
}
