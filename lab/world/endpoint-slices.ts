/** EndpointSlices follow the pods that their Service selects. */
import { controllerOf, isEqualJson, type KubernetesObject } from '../kubernetes-api/object.ts';
import { matchesLabels } from '../kubernetes-api/selectors.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { createWorkQueue, keyOfObject, splitKey } from './work-queue.ts';
import { isReady, isTerminal, isTerminating, type Node, type Pod, type Service } from './workload-types.ts';

const REACTION_MS = 30;

interface Endpoint {
  addresses: string[];
  conditions: { ready: boolean; serving: boolean; terminating: boolean };
  nodeName?: string;
  targetRef: { kind: 'Pod'; name: string; namespace: string; uid: string };
  zone?: string;
}

interface EndpointSlice extends KubernetesObject {
  endpoints: Endpoint[];
}

const SLICES = 'endpointslices.discovery.k8s.io';

function portsOf(service: Service, pods: Pod[]): unknown[] {
  return (service.spec.ports ?? []).map(({ name, port, targetPort, protocol = 'TCP', appProtocol }) => {
    const named = pods
      .flatMap(({ spec }) => spec.containers.flatMap(({ ports = [] }) => ports))
      .find((candidate) => candidate.name === targetPort)?.containerPort;
    return {
      ...(appProtocol === undefined ? {} : { appProtocol }),
      name: name ?? '',
      port: typeof targetPort === 'number' ? targetPort : (named ?? port),
      protocol,
    };
  });
}

export function startEndpointSliceController(cluster: ClusterAccess): () => void {
  const endpointOf = (pod: Pod): Endpoint => {
    const zone = cluster.get<Node>('nodes', undefined, pod.spec.nodeName ?? '')?.metadata.labels?.[
      'topology.kubernetes.io/zone'
    ];
    const serving = isReady(pod);
    const terminating = isTerminating(pod);
    return {
      addresses: [pod.status.podIP ?? ''],
      conditions: { ready: serving && !terminating, serving, terminating },
      ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
      targetRef: {
        kind: 'Pod',
        name: pod.metadata.name,
        namespace: pod.metadata.namespace ?? '',
        uid: pod.metadata.uid ?? '',
      },
      ...(zone === undefined ? {} : { zone }),
    };
  };

  const selectedPods = (service: Service): Pod[] => {
    const { selector } = service.spec;
    if (selector === undefined || Object.keys(selector).length === 0) return [];
    return cluster
      .list<Pod>('pods', service.metadata.namespace)
      .filter(
        (pod) =>
          matchesLabels(pod.metadata.labels, selector) && pod.status.podIP !== undefined && !isTerminal(pod),
      );
  };

  const reconcile = (key: string): void => {
    const [namespace, name] = splitKey(key);
    const service = cluster.get<Service>('services', namespace, name);
    if (service === undefined || service.spec.selector === undefined) return;
    const pods = selectedPods(service);
    const slice = cluster
      .list<EndpointSlice>(SLICES, namespace)
      .find((candidate) => controllerOf(candidate)?.uid === service.metadata.uid);
    // Endpoints that stay keep their place; new ones are added behind them.
    const order = (pod: Pod): number => {
      const index = slice?.endpoints.findIndex(({ targetRef }) => targetRef.uid === pod.metadata.uid) ?? -1;
      return index < 0 ? Number.MAX_SAFE_INTEGER : index;
    };
    const endpoints = pods.toSorted((a, b) => order(a) - order(b)).map(endpointOf);
    if (slice === undefined) {
      const generateName = `${name}-`;
      cluster.create(
        SLICES,
        {
          name: generateName + cluster.identifiers.suffix(),
          generateName,
          namespace,
          generation: 1,
          labels: {
            ...service.metadata.labels,
            'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
            'kubernetes.io/service-name': name,
          },
          ownerReferences: [
            {
              apiVersion: 'v1',
              blockOwnerDeletion: true,
              controller: true,
              kind: 'Service',
              name,
              uid: service.metadata.uid ?? '',
            },
          ],
        },
        { addressType: 'IPv4', endpoints, ports: portsOf(service, pods) },
      );
      return;
    }
    if (isEqualJson(slice.endpoints, endpoints)) return;
    cluster.update(SLICES, slice, (draft) => {
      draft.endpoints = endpoints;
      draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
      draft.metadata.annotations = {
        ...draft.metadata.annotations,
        'endpoints.kubernetes.io/last-change-trigger-time': cluster.now(),
      };
    });
  };
  const queue = createWorkQueue(cluster.clock, REACTION_MS, reconcile);

  const addServicesOf = (pod: KubernetesObject): void => {
    for (const service of cluster.list<Service>('services', pod.metadata.namespace)) {
      if (matchesLabels(pod.metadata.labels, service.spec.selector)) queue.add(keyOfObject(service));
    }
  };
  cluster.onChange(['services'], ({ object }) => queue.add(keyOfObject(object)));
  cluster.onChange(['pods'], ({ object }) => addServicesOf(object));
  for (const service of cluster.list<Service>('services')) reconcile(keyOfObject(service));
  return queue.stop;
}
