/** Which pods stand behind a Service right now, and where their ports really are. */
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { RunningEngine } from '../world/engines.ts';
import type { World } from '../world/world.ts';

/** A pod's port, and where on this machine it really is. */
export interface Backend {
  podName: string;
  scheme: 'http' | 'https';
  hostPort: number;
}

/** A backend that an endpoint picker can choose by what its engine does. */
export interface EngineBackend extends Backend {
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

export function engineBackendsOf(world: World, namespace: string, service: string): EngineBackend[] {
  return readyEndpoints(world, namespace, service).flatMap(({ uid, name }) => {
    const engine = world.engines.get(uid);
    if (engine === undefined) return [];
    return [{ podName: name, scheme: engine.plan.scheme, hostPort: engine.hostPort, engine }];
  });
}

/** Engines, or the program of this machine that answers for the Service's pods. */
export function backendsOf(world: World, namespace: string, service: string): Backend[] {
  const hostPort = world.programs.get(`${namespace}/${service}`);
  if (hostPort === undefined) return engineBackendsOf(world, namespace, service);
  return readyEndpoints(world, namespace, service).map(({ name }) => ({
    podName: name,
    scheme: 'http',
    hostPort,
  }));
}

export function hasReadyEndpoint(world: World, namespace: string, service: string): boolean {
  return readyEndpoints(world, namespace, service).length > 0;
}
