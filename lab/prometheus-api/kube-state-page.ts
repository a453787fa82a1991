/** Series of kube-state-metrics 2.16 as OpenShift keeps them (metrics §5). */
import type { Labels } from '../inference-api/page-writer.ts';
import { type GoFamily, goPage } from './go-page.ts';

const PHASES = ['Pending', 'Succeeded', 'Failed', 'Unknown', 'Running'] as const;
const GPU_RESOURCE = 'nvidia_com_gpu';

export interface PodFacts {
  namespace: string;
  name: string;
  uid: string;
  /** Null while it is not scheduled. */
  node: string | null;
  hostIp: string;
  podIp: string;
  /** Controller, as `ReplicaSet` and its name. */
  owner: { kind: string; name: string } | null;
  phase: (typeof PHASES)[number];
  isReady: boolean;
  labels: Readonly<Record<string, string>>;
  containers: readonly {
    name: string;
    restarts: number;
    /** `ImagePullBackOff` and the like; null when it does not wait. */
    waitingReason: string | null;
    gpuRequest: number;
  }[];
}

export interface NodeFacts {
  name: string;
  allocatableGpus: number;
}

export interface DeploymentFacts {
  namespace: string;
  name: string;
  wantedReplicas: number;
  availableReplicas: number;
}

export interface KubeStateFacts {
  pods: readonly PodFacts[];
  nodes: readonly NodeFacts[];
  deployments: readonly DeploymentFacts[];
}

type Samples = [Labels, number][];

export function kubeStatePage({ pods, nodes, deployments }: KubeStateFacts): string {
  const perPod = (of: (pod: PodFacts) => Samples): Samples => pods.flatMap(of);
  const perContainer = (of: (pod: PodFacts, container: PodFacts['containers'][number]) => Samples): Samples =>
    pods.flatMap((pod) => pod.containers.flatMap((container) => of(pod, container)));
  return goPage([
    {
      ...gauge('kube_deployment_spec_replicas', '[STABLE] Number of desired pods for a deployment.'),
      samples: deployments.map(({ namespace, name, wantedReplicas }) => [
        { namespace, deployment: name },
        wantedReplicas,
      ]),
    },
    {
      ...gauge(
        'kube_deployment_status_replicas_available',
        '[STABLE] The number of available replicas per deployment.',
      ),
      samples: deployments.map(({ namespace, name, availableReplicas }) => [
        { namespace, deployment: name },
        availableReplicas,
      ]),
    },
    {
      ...gauge(
        'kube_node_status_allocatable',
        '[STABLE] The allocatable for different resources of a node that are available for scheduling.',
      ),
      samples: nodes
        .filter(({ allocatableGpus }) => allocatableGpus > 0)
        .map(({ name, allocatableGpus }) => [
          { node: name, resource: GPU_RESOURCE, unit: 'integer' },
          allocatableGpus,
        ]),
    },
    {
      ...gauge(
        'kube_pod_container_resource_requests',
        '[STABLE] The number of requested request resource by a container.',
      ),
      samples: perContainer((pod, { name, gpuRequest }) =>
        gpuRequest === 0
          ? []
          : [
              [
                {
                  ...identity(pod),
                  container: name,
                  node: pod.node ?? '',
                  resource: GPU_RESOURCE,
                  unit: 'integer',
                },
                gpuRequest,
              ],
            ],
      ),
    },
    {
      name: 'kube_pod_container_status_restarts_total',
      help: '[STABLE] The number of container restarts per container.',
      type: 'counter',
      samples: perContainer((pod, { name, restarts }) => [[{ ...identity(pod), container: name }, restarts]]),
    },
    {
      ...gauge(
        'kube_pod_container_status_waiting_reason',
        '[STABLE] Describes the reason the container is currently in waiting state.',
      ),
      samples: perContainer((pod, { name, waitingReason }) =>
        waitingReason === null ? [] : [[{ ...identity(pod), container: name, reason: waitingReason }, 1]],
      ),
    },
    {
      ...gauge('kube_pod_info', '[STABLE] Information about pod.'),
      samples: perPod((pod) => [
        [
          {
            ...identity(pod),
            host_ip: pod.hostIp,
            pod_ip: pod.podIp,
            node: pod.node ?? '',
            created_by_kind: pod.owner?.kind ?? '',
            created_by_name: pod.owner?.name ?? '',
          },
          1,
        ],
      ]),
    },
    {
      ...gauge('kube_pod_labels', '[STABLE] Kubernetes labels converted to Prometheus labels.'),
      samples: perPod((pod) => [[{ ...identity(pod), ...labelsOf(pod.labels) }, 1]]),
    },
    {
      ...gauge('kube_pod_status_phase', '[STABLE] The pods current phase.'),
      samples: perPod((pod) =>
        PHASES.map((phase): Samples[number] => [{ ...identity(pod), phase }, Number(phase === pod.phase)]),
      ),
    },
    {
      ...gauge('kube_pod_status_ready', '[STABLE] Describes whether the pod is ready to serve requests.'),
      samples: perPod((pod) => [
        [{ ...identity(pod), condition: 'true' }, Number(pod.isReady)],
        [{ ...identity(pod), condition: 'false' }, Number(!pod.isReady)],
        [{ ...identity(pod), condition: 'unknown' }, 0],
      ]),
    },
  ]);
}

function gauge(name: string, help: string): GoFamily {
  return { name, help, type: 'gauge' };
}

function identity({ namespace, name, uid }: PodFacts): Labels {
  return { namespace, pod: name, uid };
}

/** `serving.kserve.io/inferenceservice` becomes `label_serving_kserve_io_inferenceservice`. */
function labelsOf(labels: Readonly<Record<string, string>>): Labels {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [`label_${name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`, value]),
  );
}
