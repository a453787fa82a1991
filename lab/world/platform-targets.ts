/** What the platform's own Prometheus scrapes: GPU exporters and kube-state-metrics (facts: metrics §4, §5). */

import { parseQuantity } from '../kubernetes-api/quantity.ts';
import type { ScrapeTarget } from '../parts.ts';
import { dcgmPage, type GpuFacts, gpuWatts } from '../prometheus-api/dcgm-page.ts';
import { type KubeStateFacts, kubeStatePage, type PodFacts } from '../prometheus-api/kube-state-page.ts';
import { seedFromText } from '../random.ts';
import { GPU, podRequests } from './pod-resources.ts';
import { type Deployment, isReady, isTerminal, type Node, type Pod } from './workload-types.ts';
import type { World } from './world.ts';

/** The label that the platform's Prometheus puts on everything it stores. */
const PLATFORM = 'openshift-monitoring/k8s';
const GPU_OPERATOR = 'nvidia-gpu-operator';
const MONITORED = 'openshift.io/cluster-monitoring';
/** Some weeks at rest. */
const BOOT_MILLIJOULES = 4e9;
/** What the driver holds beside an engine's share. */
const DRIVER_MIB = 3;
/** Pods beyond these are left out, so that a cluster of thousands costs no more than its engines. */
const MOST_PODS = 400;

const hex = (text: string, digits: number): string =>
  Array.from({ length: Math.ceil(digits / 8) }, (_, part) =>
    (seedFromText(`${text}/${part}`) >>> 0).toString(16).padStart(8, '0'),
  )
    .join('')
    .slice(0, digits);

function gpuCount(quantities: Record<string, string> | undefined): number {
  return parseQuantity(quantities?.[GPU] ?? '0');
}

/** As the driver names it: stable for a GPU of a node. */
function uuidOf(node: string, index: number): string {
  const text = hex(`${node}/gpu/${index}`, 32);
  return `GPU-${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}

function wordsOf(product: string | undefined): string {
  return (product ?? 'NVIDIA-L4').replaceAll('-', ' ').replace(' SHARED', '');
}

export function createPlatformTargets(world: World): () => ScrapeTarget[] {
  const { cluster } = world;
  const energy = new Map<string, { atMs: number; millijoules: number; watts: number }>();

  /** Integrated from look to look. */
  const energyOf = (uuid: string, watts: number): number => {
    const atMs = cluster.clock.nowMs();
    const known = energy.get(uuid) ?? { atMs, millijoules: BOOT_MILLIJOULES, watts };
    const millijoules = known.millijoules + known.watts * (atMs - known.atMs);
    energy.set(uuid, { atMs, millijoules, watts });
    return millijoules;
  };

  const gpusOf = (node: Node, pods: readonly Pod[]): GpuFacts[] => {
    const { name, labels = {} } = node.metadata;
    const memoryTotalMiB = Number(labels['nvidia.com/gpu.memory'] ?? 23_034);
    const holders = pods.flatMap((pod) => Array.from({ length: podRequests(pod.spec)[GPU] ?? 0 }, () => pod));
    return Array.from({ length: gpuCount(node.status.allocatable) }, (_, index) => {
      const pod = holders[index];
      const running = world.engines.get(pod?.metadata.uid ?? '');
      const { running: decodingRequests = 0, waiting = 0 } = running?.engine.snapshot() ?? {};
      // Prompts wait while one is read.
      const load = { decodingRequests, isPrefilling: waiting > 0 };
      const uuid = uuidOf(name, index);
      const share = running?.plan.options.gpuMemoryUtilization;
      return {
        index,
        uuid,
        modelName: wordsOf(labels['nvidia.com/gpu.product']),
        pciBusId: `00000000:${(0x31 + index).toString(16).padStart(2, '0').toUpperCase()}:00.0`,
        memoryTotalMiB,
        holder:
          pod === undefined
            ? null
            : {
                namespace: pod.metadata.namespace ?? '',
                pod: pod.metadata.name,
                container: pod.spec.containers[0]?.name ?? '',
              },
        memoryUsedMiB: share === undefined ? DRIVER_MIB : DRIVER_MIB + Math.round(memoryTotalMiB * share),
        energyMillijoules: energyOf(uuid, gpuWatts(load)),
        ...load,
      };
    });
  };

  const gpuTargets = (nodes: readonly Node[]): ScrapeTarget[] => {
    const namespace = cluster.get('namespaces', undefined, GPU_OPERATOR);
    if (namespace?.metadata.labels?.[MONITORED] !== 'true') return [];
    const onGpus = Map.groupBy(
      cluster.list<Pod>('pods').filter((pod) => !isTerminal(pod) && (podRequests(pod.spec)[GPU] ?? 0) > 0),
      ({ spec }) => spec.nodeName ?? '',
    );
    return nodes.map((node) => {
      const { name, labels = {} } = node.metadata;
      const address = node.status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? name;
      return {
        labels: {
          namespace: GPU_OPERATOR,
          job: 'nvidia-dcgm-exporter',
          service: 'nvidia-dcgm-exporter',
          endpoint: 'gpu-metrics',
          container: 'nvidia-dcgm-exporter',
          pod: `nvidia-dcgm-exporter-${hex(name, 5)}`,
          instance: `${address}:9400`,
          prometheus: PLATFORM,
        },
        metricNamePrefix: '',
        fetchPage: async () =>
          dcgmPage({
            node: name,
            driverVersion: labels['nvidia.com/cuda.driver-version.full'] ?? '',
            gpus: gpusOf(node, onGpus.get(name) ?? []),
          }),
      };
    });
  };

  const kubeState = (nodes: readonly Node[]): KubeStateFacts => {
    const namespaces = new Set(world.engines.list().map(({ namespace }) => namespace));
    const isMeant = ({ metadata }: { metadata: { namespace?: string } }): boolean =>
      namespaces.has(metadata.namespace ?? '');
    return {
      nodes: nodes.map((node) => ({
        name: node.metadata.name,
        allocatableGpus: gpuCount(node.status.allocatable),
      })),
      deployments: cluster
        .list<Deployment>('deployments.apps')
        .filter(isMeant)
        .map(({ metadata, spec, status }) => ({
          namespace: metadata.namespace ?? '',
          name: metadata.name,
          wantedReplicas: spec.replicas ?? 1,
          availableReplicas: status?.availableReplicas ?? 0,
        })),
      pods: [...namespaces]
        .flatMap((namespace) => cluster.list<Pod>('pods', namespace))
        .slice(0, MOST_PODS)
        .map(podFacts),
    };
  };

  return () => {
    const nodes = cluster.list<Node>('nodes').filter(({ status }) => gpuCount(status.allocatable) > 0);
    if (world.engines.list().length === 0 && nodes.length === 0) return [];
    return [
      ...gpuTargets(nodes),
      {
        labels: {
          namespace: 'openshift-monitoring',
          job: 'kube-state-metrics',
          service: 'kube-state-metrics',
          endpoint: 'https-main',
          container: 'kube-rbac-proxy-main',
          pod: 'kube-state-metrics-6b7f9d5c8b-x2v7k',
          instance: '10.128.0.14:8443',
          prometheus: PLATFORM,
        },
        metricNamePrefix: '',
        honorsLabels: true,
        fetchPage: async () => kubeStatePage(kubeState(nodes)),
      },
    ];
  };
}

function podFacts(pod: Pod): PodFacts {
  const { metadata, spec, status } = pod;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    node: spec.nodeName ?? null,
    hostIp: status.hostIP ?? '',
    podIp: status.podIP ?? '',
    owner: owner === undefined ? null : { kind: owner.kind, name: owner.name },
    phase: status.phase,
    isReady: isReady(pod),
    labels: metadata.labels ?? {},
    containers: spec.containers.map((container) => {
      const known = status.containerStatuses?.find(({ name }) => name === container.name);
      return {
        name: container.name,
        restarts: known?.restartCount ?? 0,
        waitingReason: known?.state.waiting?.reason ?? null,
        gpuRequest: gpuCount(container.resources?.requests ?? container.resources?.limits),
      };
    }),
  };
}
