/** Which pods stand behind a Service right now, and where their ports really are. */
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { RunningEngine } from '../world/engines.ts';
import type { World } from '../world/world.ts';

export interface Backend {
  podName: string;
  engine: RunningEngine;
}

interface EndpointSlice extends KubernetesObject {
  endpoints: { conditions: { ready: boolean }; targetRef: { uid: string; name: string } }[];
}

const SLICES = 'endpointslices.discovery.k8s.io';

/** Ready endpoints as the EndpointSlices of the Service list them. */
function readyEndpoints(world: World, namespace: string, service: string): { uid: string; name: string }[] {
  return world.cluster
    .list<EndpointSlice>(SLICES, namespace)
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service)
    .flatMap(({ endpoints }) =>
      endpoints.filter(({ conditions }) => conditions.ready).map(({ targetRef }) => targetRef),
    );
}

export function backendsOf(world: World, namespace: string, service: string): Backend[] {
  return readyEndpoints(world, namespace, service).flatMap(({ uid, name }) => {
    const engine = world.engines.get(uid);
    return engine === undefined ? [] : [{ podName: name, engine }];
  });
}

export function hasReadyEndpoint(world: World, namespace: string, service: string): boolean {
  return readyEndpoints(world, namespace, service).length > 0;
}
