/** Scenes without the platform's Gateway. */
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { type Scene, without } from './scene.ts';

const GATEWAY = 'openshift-ai-inference';

function isOfGateway({ kind, metadata }: KubernetesObject): boolean {
  if (metadata.namespace !== 'openshift-ingress') return false;
  return (
    (kind === 'Gateway' && metadata.name === GATEWAY) ||
    (kind === 'AuthPolicy' && metadata.name === `${GATEWAY}-authn`) ||
    metadata.labels?.['gateway.networking.k8s.io/gateway-name'] === GATEWAY
  );
}

/** The Gateway with its proxy, load balancer and policy is gone. */
export function withoutGateway(scene: Scene): Scene {
  return without(scene, isOfGateway);
}
