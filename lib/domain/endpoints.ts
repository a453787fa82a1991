import { capitalised } from './capitalised';
import type { ClusterSnapshot } from './cluster';
import { hostProblem, isObjectName } from './endpoint-host';
import {
  admittedHost,
  completionPrefix,
  findEngineService,
  findGateway,
  findHttpRoute,
  findRoutes,
  httpRouteProblem,
  routeUsesPool,
} from './endpoint-objects';
import { argumentValue } from './objects/engine-arguments';
import type { Gateway, HttpRoute } from './objects/networking';
import type { ProbeResult } from './probe';
import { answeredWell, latestProbe } from './probe-choice';
import type { DemoSettings } from './settings';
import type { Arm, UsedPath } from './vocabulary';

/** One way to an arm's model endpoint, usable or not, with the reason. */
export interface EndpointPath {
  arm: Arm;
  path: UsedPath;
  /** Without `/v1` and without a trailing slash; `null` where the objects give no address. */
  baseUrl: string | null;
  /** Whether completions sent here pass the endpoint picker; `null` where it is not known. */
  throughScheduler: boolean | null;
  /** False only where the server's certificate carries no names (the engines' self-signed one). */
  verifyTls: boolean;
  /** Reached through the cluster's ingress, where INGRESS_CONNECT_TO applies. */
  viaIngress: boolean;
  servedModelName: string;
  /** Fit to be the chat's path when none is asked for. A path with a `baseUrl` may be probed either way. */
  usable: boolean;
  /** Why it can or cannot be used, in one sentence. */
  finding: string;
}

/** Those of the probes that decide about a path; all others may come and go. */
export function decidingProbes(probes: readonly ProbeResult[]): ProbeResult[] {
  return probes.filter(({ path, kind }) => path === 'gateway' && kind === 'completion');
}

/**
 * The ways to each arm, in the order the chat tries them: override, Gateway, Route, Service (contract,
 * "Order of paths"). Hosts come from Route, Gateway and Service objects only, never from a status URL.
 */
export function resolveEndpoints(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  probes: readonly ProbeResult[],
): Record<Arm, EndpointPath[]> {
  const distributed = [
    gatewayPath(settings, cluster, decidingProbes(probes)),
    routePath('distributed', settings, cluster),
    servicePath('distributed', settings, cluster),
  ];
  const baseline = [routePath('baseline', settings, cluster), servicePath('baseline', settings, cluster)];
  return {
    baseline: [...overridePath('baseline', settings, cluster, baseline), ...baseline],
    distributed: [...overridePath('distributed', settings, cluster, distributed), ...distributed],
  };
}

/**
 * Whether the cluster's objects give the very address: only then is what they say of pods, GPUs and weights true of its answers.
 * A configured URL may lead anywhere.
 */
export function isOfCluster(
  { path, baseUrl }: Pick<EndpointPath, 'path' | 'baseUrl'>,
  paths: readonly Pick<EndpointPath, 'path' | 'baseUrl'>[],
): boolean {
  return path !== 'override' || paths.some((other) => other.path !== 'override' && other.baseUrl === baseUrl);
}

/** The path the chat uses when none is asked for. */
export function defaultPath(paths: readonly EndpointPath[]): EndpointPath | null {
  return paths.find((path) => path.usable) ?? null;
}

/** Model name the arm's server answers to; any other is refused with 404 (demo-environment §2). */
export function servedModelName(arm: Arm, settings: DemoSettings, cluster: ClusterSnapshot): string {
  if (arm === 'distributed') {
    const service = cluster.resources.llminferenceservices.items.find(
      (item) => item.meta.name === settings.distributedName,
    );
    return service?.model.name ?? settings.distributedName;
  }
  const service = cluster.resources.inferenceservices.items.find(
    (item) => item.meta.name === settings.baselineName,
  );
  return argumentValue(service?.args ?? [], '--served-model-name') ?? settings.baselineName;
}

/** `/<namespace>/<name>`, or the prefix the route itself gives. */
function routePrefix(route: HttpRoute, settings: DemoSettings): string | null {
  const prefix = completionPrefix(route) ?? `/${settings.namespace}/${settings.distributedName}`;
  const segments = prefix.split('/').slice(1);
  return segments.every(isObjectName) ? prefix : null;
}

function gatewayPath(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  probes: readonly ProbeResult[],
): EndpointPath {
  const path: EndpointPath = {
    arm: 'distributed',
    path: 'gateway',
    baseUrl: null,
    throughScheduler: null,
    verifyTls: true,
    viaIngress: true,
    servedModelName: servedModelName('distributed', settings, cluster),
    usable: false,
    finding: '',
  };
  const gateway = findGateway(settings, cluster);
  if (gateway === null) {
    return {
      ...path,
      finding: `Gateway ${settings.gateway.namespace}/${settings.gateway.name} is not there or not readable.`,
    };
  }
  const route = findHttpRoute(settings, cluster);
  if (route === null) {
    return { ...path, finding: `No HTTPRoute of ${settings.distributedName} is there or readable.` };
  }
  const throughScheduler = routeUsesPool(route);
  const attached = route.parentRefs.some(
    (parent) =>
      parent.kind === 'Gateway' &&
      parent.name === gateway.meta.name &&
      (parent.namespace ?? route.meta.namespace) === gateway.meta.namespace,
  );
  if (!attached) {
    return {
      ...path,
      throughScheduler,
      finding: `HTTPRoute ${route.meta.name} does not name Gateway ${gateway.meta.name}.`,
    };
  }
  const address = gatewayOrigin(gateway, route);
  if ('problem' in address) return { ...path, throughScheduler, finding: `${capitalised(address.problem)}.` };
  const prefix = routePrefix(route, settings);
  if (prefix === null) {
    return {
      ...path,
      throughScheduler,
      finding: `HTTPRoute ${route.meta.name} has a path that cannot be used.`,
    };
  }
  const found: EndpointPath = { ...path, throughScheduler, baseUrl: `${address.origin}${prefix}` };
  const problem = httpRouteProblem(route);
  if (problem !== null) return { ...found, finding: `${capitalised(problem)}.` };
  const completion = latestProbe(probes, 'distributed', { path: 'gateway', kind: 'completion' });
  if (completion === null) {
    return { ...found, finding: 'The Gateway has not yet answered a completion.' };
  }
  if (!answeredWell(completion)) {
    return { ...found, finding: `The last completion through the Gateway failed: ${completion.finding}` };
  }
  return { ...found, usable: true, finding: `Gateway ${gateway.meta.name} answered the last completion.` };
}

function gatewayOrigin(gateway: Gateway, route: HttpRoute): { origin: string } | { problem: string } {
  const listener = gateway.listeners.find((item) => item.protocol === 'HTTP' || item.protocol === 'HTTPS');
  if (listener === undefined) return { problem: `gateway ${gateway.meta.name} has no HTTP listener` };
  const named = route.hostnames[0] ?? listener.hostname;
  const host = named?.replace(/^\*\./, 'inference.') ?? gateway.addresses[0];
  if (host === undefined) return { problem: `gateway ${gateway.meta.name} has no address yet` };
  const problem = hostProblem(host);
  if (problem !== null) return { problem };
  const scheme = listener.protocol === 'HTTPS' ? 'https' : 'http';
  const standard = scheme === 'https' ? 443 : 80;
  return { origin: `${scheme}://${host}${listener.port === standard ? '' : `:${listener.port}`}` };
}

function routePath(arm: Arm, settings: DemoSettings, cluster: ClusterSnapshot): EndpointPath {
  const path: EndpointPath = {
    arm,
    path: 'route',
    baseUrl: null,
    throughScheduler: false,
    verifyTls: true,
    viaIngress: true,
    servedModelName: servedModelName(arm, settings, cluster),
    usable: false,
    finding: '',
  };
  const routes = findRoutes(arm, settings, cluster);
  const admitted = routes.find((route) => admittedHost(route) !== null);
  const [first] = routes;
  if (first === undefined) return { ...path, finding: 'No Route to this arm is there or readable.' };
  const host = admitted === undefined ? null : admittedHost(admitted);
  if (admitted === undefined || host === null) {
    const condition = first.ingress[0]?.admitted ?? null;
    return {
      ...path,
      finding: `Route ${first.meta.name} is not admitted${condition?.reason ? ` (${condition.reason})` : ''}.`,
    };
  }
  const problem = hostProblem(host);
  if (problem !== null) return { ...path, finding: `${capitalised(problem)}.` };
  const scheme = admitted.termination === null ? 'http' : 'https';
  const bypass = arm === 'distributed' ? ', past the scheduler' : '';
  return {
    ...path,
    baseUrl: `${scheme}://${host}`,
    verifyTls: admitted.termination !== 'passthrough',
    usable: true,
    finding: `Route ${admitted.meta.name} (${admitted.termination ?? 'plain HTTP'}) is admitted and leads to the pods${bypass}.`,
  };
}

function servicePath(arm: Arm, settings: DemoSettings, cluster: ClusterSnapshot): EndpointPath {
  const path: EndpointPath = {
    arm,
    path: 'service',
    baseUrl: null,
    throughScheduler: false,
    verifyTls: true,
    viaIngress: false,
    servedModelName: servedModelName(arm, settings, cluster),
    usable: false,
    finding: '',
  };
  const service = findEngineService(arm, settings, cluster);
  const port =
    service?.ports.find((item) => item.name === 'https' || item.name === 'http') ?? service?.ports[0];
  if (service === null || port === undefined) {
    return { ...path, finding: 'No Service of this arm is there or readable.' };
  }
  const namespace = service.meta.namespace ?? settings.namespace;
  if (!isObjectName(service.meta.name) || !isObjectName(namespace)) {
    return { ...path, finding: 'The Service has a name that cannot be used.' };
  }
  const scheme = port.appProtocol === 'https' || port.name === 'https' ? 'https' : 'http';
  // A headless Service resolves to the pods themselves, so the container's port answers, not the Service's.
  const headless = service.clusterIp === 'None';
  const target = /^\d{1,5}$/.test(port.targetPort ?? '') ? Number(port.targetPort) : port.port;
  return {
    ...path,
    baseUrl: `${scheme}://${service.meta.name}.${namespace}.svc.cluster.local:${headless ? target : port.port}`,
    verifyTls: scheme !== 'https',
    usable: true,
    finding: `Service ${service.meta.name} leads to the pods, from inside the cluster only.`,
  };
}

function overridePath(
  arm: Arm,
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  discovered: readonly EndpointPath[],
): EndpointPath[] {
  const configured = settings.endpointOverride[arm];
  if (configured === null) return [];
  const baseUrl = configured.replace(/\/+$/, '').replace(/\/v1$/, '');
  const same = discovered.find((path) => path.baseUrl === baseUrl);
  return [
    {
      arm,
      path: 'override',
      baseUrl,
      throughScheduler: same?.throughScheduler ?? null,
      verifyTls: same?.verifyTls ?? true,
      viaIngress: same?.viaIngress ?? false,
      servedModelName: servedModelName(arm, settings, cluster),
      usable: true,
      finding:
        same === undefined
          ? 'The configuration names this URL.'
          : `The configuration names this URL, which is the ${same.path}.`,
    },
  ];
}
