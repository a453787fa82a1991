/** What Prometheus would scrape: ServiceMonitors and PodMonitors applied to the pods that exist (facts: metrics §6.1). */
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { matchesLabels } from '../kubernetes-api/selectors.ts';
import type { ScrapeTarget } from '../parts.ts';
import { isTerminal, type Pod, type Service } from './workload-types.ts';
import type { World } from './world.ts';

interface Relabeling {
  action?: string;
  sourceLabels?: string[];
  regex?: string;
  replacement?: string;
  targetLabel?: string;
}

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

interface MonitorEndpoint {
  port?: string;
  targetPort?: number | string;
  metricRelabelings?: Relabeling[];
  relabelings?: Relabeling[];
  authorization?: unknown;
  bearerTokenSecret?: unknown;
}

interface Monitor extends KubernetesObject {
  spec: { selector: Selector; endpoints?: MonitorEndpoint[]; podMetricsEndpoints?: MonitorEndpoint[] };
}

/** The label that user-workload monitoring's Prometheus puts on everything it stores. */
const USER_WORKLOAD = 'openshift-user-workload-monitoring/user-workload';

function isSelected(
  labels: Record<string, string> | undefined,
  { matchLabels = {}, matchExpressions = [] }: Selector,
): boolean {
  return (
    matchesLabels(labels, matchLabels) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels?.[key];
      if (operator === 'In') return value !== undefined && values.includes(value);
      if (operator === 'NotIn') return value === undefined || !values.includes(value);
      return operator === 'Exists' ? value !== undefined : value === undefined;
    })
  );
}

/** `kserve_` where the endpoint renames every metric, else nothing. */
function prefixOf({ metricRelabelings = [] }: MonitorEndpoint): string {
  const renaming = metricRelabelings.find(
    ({ targetLabel, replacement }) => targetLabel === '__name__' && replacement?.endsWith('$1') === true,
  );
  return renaming?.replacement?.slice(0, -2) ?? '';
}

function relabelled(pod: Pod, { relabelings = [] }: MonitorEndpoint): Record<string, string> {
  const meta: Record<string, string> = Object.fromEntries(
    Object.entries(pod.metadata.labels ?? {}).map(([name, value]) => [
      `__meta_kubernetes_pod_label_${name.replace(/[^a-zA-Z0-9_]/g, '_')}`,
      value,
    ]),
  );
  const labels: Record<string, string> = {};
  for (const { sourceLabels = [], regex = '(.*)', replacement = '$1', targetLabel } of relabelings) {
    const source = sourceLabels.map((name) => meta[name] ?? '').join(';');
    const match = new RegExp(`^(?:${regex})$`).exec(source);
    const value =
      match === null ? '' : replacement.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
    if (targetLabel !== undefined && value !== '') labels[targetLabel] = value;
  }
  return labels;
}

export interface ScrapeSources {
  world: World;
  /** The page of an endpoint picker's pod. */
  pickerPage(namespace: string, pool: string): string;
  /** Pods whose metrics port does not answer the scraper in time. */
  unscrapedPods?: ReadonlySet<string>;
}

export function scrapeTargets({ world, pickerPage, unscrapedPods }: ScrapeSources): ScrapeTarget[] {
  const { cluster } = world;

  const pageOf = async (pod: Pod, port: number, endpoint: MonitorEndpoint): Promise<string> => {
    if (unscrapedPods?.has(pod.metadata.name) === true) {
      throw new Error(
        `Get "http://${pod.status.podIP}:${port}/metrics": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
      );
    }
    const engine = world.engines.get(pod.metadata.uid ?? '');
    if (engine !== undefined && engine.plan.port === port) return engine.engine.metricsText();
    const container = pod.spec.containers.find(({ args = [] }) => args.includes('--pool-name'));
    const isRunning = pod.status.containerStatuses?.some(({ state }) => state.running !== undefined) === true;
    if (container !== undefined && isRunning) {
      // The picker asks for a bearer token (demo-environment §11.2).
      if (endpoint.authorization === undefined && endpoint.bearerTokenSecret === undefined)
        throw new Error('server returned HTTP status 401 Unauthorized');
      const argument = (flag: string): string => container.args?.[container.args.indexOf(flag) + 1] ?? '';
      return pickerPage(argument('--pool-namespace'), argument('--pool-name'));
    }
    throw new Error(
      `Get "http://${pod.status.podIP}:${port}/metrics": dial tcp ${pod.status.podIP}:${port}: connect: connection refused`,
    );
  };

  const targetOf = (
    pod: Pod,
    port: number,
    endpoint: MonitorEndpoint,
    labels: Record<string, string>,
  ): ScrapeTarget[] => {
    const container = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find(({ ports = [] }) =>
      ports.some(({ containerPort }) => containerPort === port),
    );
    if (container === undefined || pod.status.podIP === undefined) return [];
    return [
      {
        labels: {
          namespace: pod.metadata.namespace ?? '',
          pod: pod.metadata.name,
          container: container.name,
          instance: `${pod.status.podIP}:${port}`,
          prometheus: USER_WORKLOAD,
          ...labels,
          ...relabelled(pod, endpoint),
        },
        metricNamePrefix: prefixOf(endpoint),
        fetchPage: () => pageOf(pod, port, endpoint),
      },
    ];
  };

  const livePods = (namespace: string | undefined): Pod[] =>
    cluster.list<Pod>('pods', namespace).filter((pod) => !isTerminal(pod) && pod.status.podIP !== undefined);

  const ofPodMonitor = ({ metadata, spec }: Monitor): ScrapeTarget[] =>
    livePods(metadata.namespace)
      .filter((pod) => isSelected(pod.metadata.labels, spec.selector))
      .flatMap((pod) =>
        (spec.podMetricsEndpoints ?? []).flatMap((endpoint) => {
          const port = Number(endpoint.targetPort ?? endpoint.port);
          return targetOf(pod, port, endpoint, {
            job: `${metadata.namespace}/${metadata.name}`,
            endpoint: String(endpoint.targetPort ?? endpoint.port),
          });
        }),
      );

  const containerPort = (pod: Pod, targetPort: number | string | undefined, port: number): number =>
    typeof targetPort === 'number'
      ? targetPort
      : (pod.spec.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === targetPort)
          ?.containerPort ?? port);

  const ofServiceMonitor = ({ metadata, spec }: Monitor): ScrapeTarget[] =>
    cluster
      .list<Service>('services', metadata.namespace)
      .filter((service) => isSelected(service.metadata.labels, spec.selector))
      .flatMap((service) =>
        (spec.endpoints ?? []).flatMap((endpoint) => {
          const servicePort = service.spec.ports?.find(({ name }) => name === endpoint.port);
          if (servicePort === undefined || service.spec.selector === undefined) return [];
          return livePods(metadata.namespace)
            .filter((pod) => matchesLabels(pod.metadata.labels, service.spec.selector))
            .flatMap((pod) =>
              targetOf(pod, containerPort(pod, servicePort.targetPort, servicePort.port), endpoint, {
                job: service.metadata.name,
                service: service.metadata.name,
                endpoint: endpoint.port ?? '',
              }),
            );
        }),
      );

  return [
    ...cluster.list<Monitor>('servicemonitors.monitoring.coreos.com').flatMap(ofServiceMonitor),
    ...cluster.list<Monitor>('podmonitors.monitoring.coreos.com').flatMap(ofPodMonitor),
  ];
}
