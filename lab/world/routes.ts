/** OpenShift's router admits Routes; hosts that nobody chose follow from the names (facts: kubernetes-objects §5.15). */
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { createWorkQueue, keyOfObject, splitKey } from './work-queue.ts';

const REACTION_MS = 50;
const ROUTES = 'routes.route.openshift.io';
const APPS_DOMAIN = 'apps.rhoai-demo.example.com';

export interface Route extends KubernetesObject {
  spec: { host?: string };
  status?: { ingress?: { host: string; conditions: { type: string; status: string; reason?: string }[] }[] };
}

export function startRouteController(cluster: ClusterAccess): () => void {
  const queue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const route = cluster.get<Route>(ROUTES, ...splitKey(key));
    if (route === undefined) return;
    const { name, namespace = '', creationTimestamp } = route.metadata;
    const host = route.spec.host ?? `${name}-${namespace}.${APPS_DOMAIN}`;
    if (route.status?.ingress?.some((ingress) => ingress.host === host) === true) return;
    const isClaimed = cluster
      .list<Route>(ROUTES)
      .some(
        ({ metadata, spec }) =>
          spec.host === host &&
          metadata.uid !== route.metadata.uid &&
          (metadata.creationTimestamp ?? '') <= (creationTimestamp ?? ''),
      );
    const admitted = isClaimed
      ? { type: 'Admitted', status: 'False', reason: 'HostAlreadyClaimed' }
      : { type: 'Admitted', status: 'True' };
    cluster.update<Route>(ROUTES, route, (draft) => {
      if (draft.spec.host === undefined) {
        draft.spec.host = host;
        draft.metadata.annotations = {
          ...draft.metadata.annotations,
          'openshift.io/host.generated': 'true',
        };
      }
      const ingress = {
        host,
        conditions: [{ lastTransitionTime: cluster.now(), ...admitted }],
        routerCanonicalHostname: `router-default.${APPS_DOMAIN}`,
        routerName: 'default',
        wildcardPolicy: 'None',
      };
      draft.status = { ...draft.status, ingress: [ingress] };
    });
  });
  cluster.onChange([ROUTES], ({ type, object }) => {
    if (type !== 'DELETED') queue.add(keyOfObject(object));
  });
  return queue.stop;
}
