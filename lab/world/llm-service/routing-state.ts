/** What the router's parts report, as conditions and addresses of the service (facts: kubernetes-objects §3.3, §3.4, §3.8). */
import type { Condition, KubernetesObject } from '../../kubernetes-api/object.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import type { State } from '../serving-conditions.ts';
import { poolName } from './routing.ts';
import {
  GATEWAY_CONTROLLER,
  GATEWAYS,
  type LlmInferenceService,
  MANAGED_GATEWAY,
  type ObjectName,
  POLICY_CONTROLLER,
  POOLS,
  ROUTES,
} from './types.ts';

interface Parent {
  controllerName?: string;
  conditions?: Condition[];
}

interface InferencePool extends KubernetesObject {
  status?: { parent?: Parent[] };
}

interface HttpRoute extends KubernetesObject {
  status?: { parents?: Parent[] };
}

interface Gateway extends KubernetesObject {
  spec: { listeners?: { port: number; protocol: string; hostname?: string }[] };
  status?: { addresses?: { value: string }[]; conditions?: Condition[] };
}

export function isAuthenticated({ metadata }: LlmInferenceService): boolean {
  return metadata.annotations?.['security.opendatahub.io/enable-auth'] !== 'false';
}

export function gatewaysOf({ metadata, spec }: LlmInferenceService): Required<ObjectName>[] {
  const refs = spec.router?.gateway?.refs;
  return refs === undefined
    ? [MANAGED_GATEWAY]
    : refs.map(({ name, namespace = metadata.namespace ?? '' }) => ({ namespace, name }));
}

function told({ type, status, reason = '', message = '' }: Condition): string {
  return `${type}="${status}" (reason "${reason}", message "${message}")`;
}

export function poolState(cluster: ClusterAccess, service: LlmInferenceService): State {
  if (service.spec.router?.scheduler === undefined) return { status: 'True' };
  const { namespace = '' } = service.metadata;
  const name = poolName(service);
  const pool = cluster.get<InferencePool>(POOLS, namespace, name);
  if (pool === undefined) {
    return {
      status: 'False',
      reason: 'InferencePoolFetchError',
      message: `failed to fetch referenced Inference Pool ${namespace}/${name}`,
    };
  }
  const parents = pool.status?.parent ?? [];
  const accepted = parents.map(({ conditions = [] }) => conditions.find(({ type }) => type === 'Accepted'));
  const refused = accepted.find((condition) => condition?.status !== 'True');
  if (parents.length > 0 && accepted.every((condition) => condition?.status === 'True'))
    return { status: 'True' };
  return {
    status: 'False',
    reason: 'InferencePoolNotReady',
    message:
      refused === undefined
        ? `The inference pool ${namespace}/${name} is not ready`
        : `${namespace}/${name}: ${told(refused)}`,
  };
}

/** Only with explicit references; absent otherwise. */
export function gatewaysState(cluster: ClusterAccess, service: LlmInferenceService): State | undefined {
  if (service.spec.router?.gateway?.refs === undefined) return undefined;
  const waiting = gatewaysOf(service).filter(({ namespace, name }) => {
    const gateway = cluster.get<Gateway>(GATEWAYS, namespace, name);
    return !gateway?.status?.conditions?.some(
      ({ type, status }) => type === 'Programmed' && status === 'True',
    );
  });
  if (waiting.length === 0) return { status: 'True' };
  const names = waiting.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  return {
    status: 'False',
    reason: 'GatewaysNotReady',
    message: `The following Gateways are not ready: [${names}]`,
  };
}

/** In 3.0 a False with reason RefsInvalid is never looked at again. */
export function routesState(
  cluster: ClusterAccess,
  service: LlmInferenceService,
  known: State | undefined,
): State {
  if (known?.reason === 'RefsInvalid') return known;
  const { namespace = '', name } = service.metadata;
  const route = cluster.get<HttpRoute>(ROUTES, namespace, `${name}-kserve-route`);
  const parents = route?.status?.parents ?? [];
  const byGateway = parents.filter(({ controllerName }) => controllerName === GATEWAY_CONTROLLER);
  const problems = byGateway.flatMap(({ conditions = [] }) =>
    conditions.filter(({ type, status }) => type === 'Accepted' && status !== 'True'),
  );
  if (byGateway.length === 0) {
    problems.push({
      type: 'Accepted',
      status: 'Unknown',
      reason: 'Pending',
      message: 'Waiting for controller',
    });
  }
  const isProtected = parents.some(
    ({ controllerName, conditions = [] }) =>
      controllerName === POLICY_CONTROLLER &&
      conditions.some(({ type, status }) => type === 'kuadrant.io/AuthPolicyAffected' && status === 'True'),
  );
  if (isAuthenticated(service) && !isProtected) {
    problems.push({
      type: 'kuadrant.io/AuthPolicyAffected',
      status: 'False',
      reason: 'Authentication is not enforced',
      message:
        'Either disable authentication with security.opendatahub.io/enable-auth=false annotation or install Red Hat Connectivity Link',
    });
  }
  const [problem] = problems;
  if (problem === undefined) return { status: 'True' };
  return {
    status: 'False',
    reason: 'HTTPRoutesNotReady',
    message: `The following HTTPRoutes are not ready: [${namespace}/${name}-kserve-route: ${told(problem)}]`,
  };
}

/** Addresses inside the cluster's own networks do not count as external. */
function isExternal(host: string): boolean {
  return !/^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(host) && !/\.(local|internal|svc)$/.test(host);
}

/** Every URL of the service, sorted. */
export function urlsOf(
  cluster: ClusterAccess,
  service: LlmInferenceService,
): { url: string; external: boolean }[] {
  const { namespace, name } = service.metadata;
  return gatewaysOf(service)
    .flatMap((reference) => {
      const gateway = cluster.get<Gateway>(GATEWAYS, reference.namespace, reference.name);
      const addresses = (gateway?.status?.addresses ?? []).map(({ value }) => value);
      return (gateway?.spec.listeners ?? []).flatMap(({ port, protocol, hostname }) => {
        const scheme = protocol === 'HTTPS' ? 'https' : 'http';
        const usual = scheme === 'https' ? 443 : 80;
        const hosts = hostname === undefined ? addresses : [hostname.replace(/^\*\./, 'inference.')];
        return hosts.map((host) => ({
          url: `${scheme}://${host}${port === usual ? '' : `:${port}`}/${namespace}/${name}`,
          external: isExternal(host),
        }));
      });
    })
    .toSorted((a, b) => a.url.localeCompare(b.url));
}
