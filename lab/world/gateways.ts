/** The gateway controller of OpenShift, and Kuadrant beside it: classes, Gateways, routes, pools, policies (facts: kubernetes-objects §5.1–§5.4, §5.8). */
import type { Condition, KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { ensureGatewayPolicy, policiesOf, reportPolicy } from './gateway-policies.ts';
import { ensureProxy, GATEWAY_LABEL } from './gateway-proxy.ts';
import {
  type AuthPolicy,
  affected,
  type HttpRoute,
  type InferencePool,
  observed,
  poolParents,
  type RouteSurroundings,
  routeParents,
} from './gateway-routes.ts';
import { AUTH_POLICIES, GATEWAY_CONTROLLER, GATEWAYS, POOLS, ROUTES } from './llm-service/types.ts';
import { ensureShadowService } from './pool-services.ts';
import { createWorkQueue } from './work-queue.ts';

const REACTION_MS = 40;
const CLASSES = 'gatewayclasses.gateway.networking.k8s.io';

interface Listener {
  name: string;
  port: number;
  protocol: string;
}

interface ListenerStatus {
  attachedRoutes: number;
  conditions: Condition[];
  name: string;
  supportedKinds: unknown;
}

interface Gateway extends KubernetesObject {
  spec: { gatewayClassName: string; listeners: Listener[] };
  status?: {
    addresses?: { type: string; value: string }[];
    conditions?: Condition[];
    listeners?: ListenerStatus[];
  };
}

interface GatewayClass extends KubernetesObject {
  spec: { controllerName: string };
  status?: { conditions?: Condition[] };
}

const WAITING = ['Accepted', 'Programmed'].map((type) => ({
  lastTransitionTime: '1970-01-01T00:00:00Z',
  message: 'Waiting for controller',
  reason: 'Pending',
  status: 'Unknown' as const,
  type,
}));

const SUPPORTED_KINDS = ['HTTPRoute', 'GRPCRoute'].map((kind) => ({
  group: 'gateway.networking.k8s.io',
  kind,
}));

export function startGatewayControllers(cluster: ClusterAccess): () => void {
  const gatewayOf = (namespace: string, name: string): Gateway | undefined =>
    cluster.get<Gateway>(GATEWAYS, namespace, name);
  const isControlled = (gateway: Gateway | undefined): boolean =>
    gateway !== undefined &&
    cluster.get<GatewayClass>(CLASSES, undefined, gateway.spec.gatewayClassName)?.spec.controllerName ===
      GATEWAY_CONTROLLER;
  const around = (): RouteSurroundings => ({
    now: cluster.now(),
    isControlled: (namespace, name) => isControlled(gatewayOf(namespace, name)),
    missingBackend: (namespace, { kind = 'Service', name }) => {
      if (kind === 'InferencePool')
        return cluster.get(POOLS, namespace, name) === undefined
          ? `${name}.${namespace}.inference.internal`
          : null;
      return cluster.get('services', namespace, name) === undefined
        ? `${name}.${namespace}.svc.cluster.local`
        : null;
    },
    policies: ({ metadata }, gateway) => [
      ...policiesOf(cluster, 'HTTPRoute', metadata.namespace ?? '', metadata.name),
      ...policiesOf(cluster, 'Gateway', gateway.namespace ?? metadata.namespace ?? '', gateway.name),
    ],
  });

  const acceptClasses = (): void => {
    for (const candidate of cluster.list<GatewayClass>(CLASSES)) {
      if (candidate.spec.controllerName !== GATEWAY_CONTROLLER) continue;
      cluster.update<GatewayClass>(CLASSES, candidate, (draft) => {
        const accepted = {
          type: 'Accepted',
          status: 'True' as const,
          reason: 'Accepted',
          message: 'Handled by Istio controller',
        };
        draft.status = {
          ...draft.status,
          conditions: observed(
            draft.status?.conditions ?? [],
            [accepted],
            draft.metadata.generation ?? 1,
            cluster.now(),
          ),
        };
      });
    }
  };

  const reportGateway = (gateway: Gateway): void => {
    const { name, namespace = '' } = gateway.metadata;
    if (!isControlled(gateway)) {
      if (gateway.status?.conditions === undefined)
        cluster.update<Gateway>(GATEWAYS, gateway, (draft) => {
          draft.status = { conditions: WAITING };
        });
      return;
    }
    const address =
      gateway.status?.addresses?.[0]?.value ??
      ensureProxy(cluster, gateway, (inMs) => queue.add('all', inMs));
    const service = `${name}-${gateway.spec.gatewayClassName}.${namespace}.svc.cluster.local`;
    const [first] = gateway.spec.listeners;
    const attachedRoutes = cluster
      .list<HttpRoute>(ROUTES)
      .filter(({ metadata, spec }) =>
        spec.parentRefs?.some(
          (parent) => parent.name === name && (parent.namespace ?? metadata.namespace) === namespace,
        ),
      ).length;
    const policies = policiesOf(cluster, 'Gateway', namespace, name);
    cluster.update<Gateway>(GATEWAYS, gateway, (draft) => {
      const generation = draft.metadata.generation ?? 1;
      const now = cluster.now();
      const fine = (type: string, status: 'True' | 'False', reason: string) => ({
        type,
        status,
        reason,
        message: 'No errors found',
      });
      const known = (draft.status?.conditions ?? []).filter(({ lastTransitionTime, type }) =>
        policies.length === 0 && type === 'kuadrant.io/AuthPolicyAffected'
          ? false
          : lastTransitionTime !== WAITING[0]?.lastTransitionTime,
      );
      draft.status = {
        ...draft.status,
        ...(address === null ? {} : { addresses: [{ type: 'Hostname', value: address }] }),
        conditions: observed(
          known,
          [
            { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Resource accepted' },
            address === null
              ? {
                  type: 'Programmed',
                  status: 'False',
                  reason: 'AddressNotAssigned',
                  message: `Assigned to service(s) ${service}:${first?.port}, but failed to assign to all requested addresses: address pending for hostname "${service}"`,
                }
              : {
                  type: 'Programmed',
                  status: 'True',
                  reason: 'Programmed',
                  message: `Resource programmed, assigned to service(s) ${service}:${first?.port}`,
                },
            ...(policies.length === 0 ? [] : [affected(policies)]),
          ],
          generation,
          now,
        ),
        listeners: draft.spec.listeners.map((listener) => ({
          attachedRoutes,
          conditions: observed(
            draft.status?.listeners?.find((status) => status.name === listener.name)?.conditions ?? [],
            [
              fine('Accepted', 'True', 'Accepted'),
              fine('Conflicted', 'False', 'NoConflicts'),
              fine('Programmed', 'True', 'Programmed'),
              fine('ResolvedRefs', 'True', 'ResolvedRefs'),
            ],
            generation,
            now,
          ),
          name: listener.name,
          supportedKinds: SUPPORTED_KINDS,
        })),
      };
    });
  };

  const reportRoutesAndPools = (): void => {
    const surroundings = around();
    for (const route of cluster.list<HttpRoute>(ROUTES)) {
      cluster.update<HttpRoute>(ROUTES, route, (draft) => {
        draft.status = { ...draft.status, parents: routeParents(draft, surroundings) };
      });
    }
    const routes = cluster.list<HttpRoute>(ROUTES);
    for (const pool of cluster.list<InferencePool>(POOLS)) {
      const { namespace = '', name } = pool.metadata;
      const senders = routes.filter(
        ({ metadata, spec }) =>
          metadata.namespace === namespace &&
          spec.rules?.some(({ backendRefs = [] }) =>
            backendRefs.some((backend) => backend.kind === 'InferencePool' && backend.name === name),
          ),
      );
      const picker = pool.spec.extensionRef?.name ?? '';
      const hasPicker = cluster.get('services', namespace, picker) !== undefined;
      const parents = poolParents(pool, senders, hasPicker, surroundings.now);
      cluster.update<InferencePool>(POOLS, pool, (draft) => {
        draft.status = { ...draft.status, parent: parents };
      });
      if (parents.some(({ parentRef }) => parentRef.kind === 'Gateway')) ensureShadowService(cluster, pool);
    }
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, () => {
    acceptClasses();
    ensureGatewayPolicy(cluster);
    for (const gateway of cluster.list<Gateway>(GATEWAYS)) reportGateway(gateway);
    reportRoutesAndPools();
    for (const policy of cluster.list<AuthPolicy>(AUTH_POLICIES)) reportPolicy(cluster, policy);
  });

  cluster.onChange([CLASSES, GATEWAYS, ROUTES, POOLS, AUTH_POLICIES], () => queue.add('all'));
  cluster.onChange(['services'], ({ type }) => {
    if (type !== 'MODIFIED') queue.add('all');
  });
  cluster.onChange([GATEWAYS], ({ type, object }) => {
    if (type !== 'DELETED') return;
    const { namespace = '', name } = object.metadata;
    for (const kind of ['deployments.apps', 'services'])
      for (const child of cluster.list(kind, namespace))
        if (child.metadata.labels?.[GATEWAY_LABEL] === name) cluster.remove(kind, child);
    const policy = cluster.get(AUTH_POLICIES, namespace, `${name}-authn`);
    if (policy !== undefined) cluster.remove(AUTH_POLICIES, policy);
  });
  return queue.stop;
}
