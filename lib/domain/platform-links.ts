import type { ClusterSnapshot } from './cluster';
import type { Route } from './objects/networking';
import { isReadable } from './readable';
import type { DemoSettings } from './settings';

/** Another screen of the platform, where its Route exists. */
export interface PlatformLink {
  id: 'console' | 'argocd' | 'grafana';
  label: string;
  url: string;
}

/** The demo repository names it both ways (demo-environment §11.5). */
const GRAFANA_ROUTES: readonly string[] = ['grafana-route', 'grafana'];

/** Lower-case labels and dots: what a Route's host may be, and nothing that could be read as another address. */
const HOST = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

/** Links to the OpenShift console, Argo CD and Grafana, as far as their Routes are seen and admitted. */
export function platformLinks(settings: DemoSettings, cluster: ClusterSnapshot): PlatformLink[] {
  const { routes, 'console-route': console, 'argocd-route': argocd } = cluster.resources;
  const addressOf = (view: typeof routes, isMeant: (route: Route) => boolean): string | null => {
    if (!isReadable(view)) return null;
    return (
      view.items
        .filter(isMeant)
        .map(toAddress)
        .find((address) => address !== null) ?? null
    );
  };
  const any = (): boolean => true;
  const application = settings.argocdApplication;
  const found: readonly (readonly [PlatformLink['id'], string, string | null, string])[] = [
    ['console', 'OpenShift console', addressOf(console, any), `/k8s/cluster/projects/${settings.namespace}`],
    [
      'argocd',
      'Argo CD',
      addressOf(argocd, any),
      `/applications/${application.namespace}/${application.name}`,
    ],
    ['grafana', 'Grafana', addressOf(routes, ({ meta }) => GRAFANA_ROUTES.includes(meta.name)), '/'],
  ];
  return found.flatMap(([id, label, address, path]) =>
    address === null ? [] : [{ id, label, url: `${address}${path}` }],
  );
}

function toAddress({ host, termination, ingress }: Route): string | null {
  const isAdmitted = ingress.some(({ admitted }) => admitted?.status === 'True');
  if (host === null || !isAdmitted || !HOST.test(host)) return null;
  return `${termination === null ? 'http' : 'https'}://${host}`;
}
