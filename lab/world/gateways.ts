/** The gateway controller of OpenShift, and Kuadrant beside it: classes, Gateways, routes, pools, policies (facts: kubernetes-objects §5.1–§5.4, §5.8). */
import type { Condition, KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import {
  type AuthPolicy,
  affected,
  type HttpRoute,
  type InferencePool,
  observed,
  policyNames,
  poolParents,
  type RouteSurroundings,
  routeParents,
} from './gateway-routes.ts';
import {
  AUTH_POLICIES,
  DEFINITIONS,
  GATEWAY_CONTROLLER,
  GATEWAYS,
  MANAGED_GATEWAY,
  ownerReference,
  POOLS,
  ROUTES,
} from './llm-service/types.ts';
import { createWorkQueue } from './work-queue.ts';

const REACTION_MS = 40;
/** A cloud's load balancer gets its name some seconds after its Service. */
const LOAD_BALANCER_MS = 3000;
const CLASSES = 'gatewayclasses.gateway.networking.k8s.io';
const GATEWAY_LABEL = 'gateway.networking.k8s.io/gateway-name';
const PROXY_IMAGE = 'registry.redhat.io/openshift-service-mesh/istio-proxyv2-rhel9:3.1.0';

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

interface LoadBalancerService extends KubernetesObject {
  status?: { loadBalancer?: { ingress?: { hostname: string }[] } };
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
  const policiesOf = (kind: string, namespace: string, name: string): AuthPolicy[] =>
    cluster
      .list<AuthPolicy>(AUTH_POLICIES, namespace)
      .filter(({ spec }) => spec.targetRef.kind === kind && spec.targetRef.name === name);

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
      ...policiesOf('HTTPRoute', metadata.namespace ?? '', metadata.name),
      ...policiesOf('Gateway', gateway.namespace ?? metadata.namespace ?? '', gateway.name),
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

  /** Envoy and its load balancer; answers the address once there is one. */
  const ensureProxy = (gateway: Gateway): string | null => {
    const { name, namespace = '' } = gateway.metadata;
    const proxy = `${name}-${gateway.spec.gatewayClassName}`;
    const labels = {
      [GATEWAY_LABEL]: name,
      'gateway.networking.k8s.io/gateway-class-name': gateway.spec.gatewayClassName,
    };
    const metadata = { name: proxy, namespace, labels, ownerReferences: [ownerReference(gateway)] };
    if (cluster.get('deployments.apps', namespace, proxy) === undefined) {
      cluster.create(
        'deployments.apps',
        { ...metadata, generation: 1 },
        {
          spec: {
            replicas: 1,
            selector: { matchLabels: labels },
            strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
            template: {
              metadata: { labels },
              spec: { containers: [{ name: 'istio-proxy', image: PROXY_IMAGE }] },
            },
          },
        },
      );
    }
    const service =
      cluster.get<LoadBalancerService>('services', namespace, proxy) ??
      cluster.create<LoadBalancerService>('services', metadata, {
        spec: {
          type: 'LoadBalancer',
          selector: labels,
          ports: gateway.spec.listeners.map((listener) => ({
            name: listener.name,
            port: listener.port,
            targetPort: listener.port,
            protocol: 'TCP',
          })),
        },
        status: { loadBalancer: {} },
      });
    const address = service.status?.loadBalancer?.ingress?.[0]?.hostname;
    if (address !== undefined) return address;
    const dueMs = Date.parse(service.metadata.creationTimestamp ?? '') + LOAD_BALANCER_MS;
    if (cluster.clock.nowMs() < dueMs) {
      queue.add('all', dueMs - cluster.clock.nowMs());
      return null;
    }
    const hostname = `${cluster.identifiers.hex(32)}-${Number.parseInt(cluster.identifiers.hex(8), 16)}.us-east-2.elb.amazonaws.com`;
    cluster.update<LoadBalancerService>('services', service, (draft) => {
      draft.status = { loadBalancer: { ingress: [{ hostname }] } };
    });
    return hostname;
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
    const address = gateway.status?.addresses?.[0]?.value ?? ensureProxy(gateway);
    const service = `${name}-${gateway.spec.gatewayClassName}.${namespace}.svc.cluster.local`;
    const [first] = gateway.spec.listeners;
    const attachedRoutes = cluster
      .list<HttpRoute>(ROUTES)
      .filter(({ metadata, spec }) =>
        spec.parentRefs?.some(
          (parent) => parent.name === name && (parent.namespace ?? metadata.namespace) === namespace,
        ),
      ).length;
    const policies = policiesOf('Gateway', namespace, name);
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

  /** The policy that odh-model-controller puts on the platform's Gateway: callers show a token. */
  const ensureGatewayPolicy = (): void => {
    const { namespace, name } = MANAGED_GATEWAY;
    if (gatewayOf(namespace, name) === undefined) return;
    if (cluster.get(DEFINITIONS, undefined, AUTH_POLICIES) === undefined) return;
    if (cluster.get(AUTH_POLICIES, namespace, `${name}-authn`) !== undefined) return;
    cluster.create(
      AUTH_POLICIES,
      {
        name: `${name}-authn`,
        namespace,
        generation: 1,
        labels: {
          'app.kubernetes.io/component': 'llminferenceservice-policies',
          'app.kubernetes.io/managed-by': 'odh-model-controller',
          'app.kubernetes.io/name': 'llminferenceservice-auth',
          'app.kubernetes.io/part-of': 'llminferenceservice',
        },
      },
      {
        spec: {
          rules: {
            authentication: {
              'kubernetes-user': {
                credentials: {},
                kubernetesTokenReview: { audiences: ['https://kubernetes.default.svc'] },
                metrics: false,
                priority: 0,
              },
            },
          },
          targetRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name },
        },
      },
    );
  };

  const enforcement = (
    policy: AuthPolicy,
  ): { status: Condition['status']; reason: string; message: string } => {
    const { namespace = '' } = policy.metadata;
    const { kind, name } = policy.spec.targetRef;
    if (kind !== 'Gateway')
      return {
        status: 'True',
        reason: 'Enforced',
        message: 'AuthPolicy has been successfully enforced',
      };
    const routes = cluster
      .list<HttpRoute>(ROUTES)
      .filter(({ spec }) =>
        spec.parentRefs?.some((parent) => parent.name === name && parent.namespace === namespace),
      );
    const overriding = routes.flatMap(({ metadata }) =>
      policiesOf('HTTPRoute', metadata.namespace ?? '', metadata.name),
    );
    if (routes.length === 0) {
      const message = 'AuthPolicy is not in the path to any existing routes';
      return { status: 'Unknown', reason: 'Unknown', message };
    }
    return overriding.length === routes.length
      ? {
          status: 'False',
          reason: 'Overridden',
          message: `AuthPolicy is overridden by [${policyNames(overriding)}]`,
        }
      : { status: 'True', reason: 'Enforced', message: 'AuthPolicy has been successfully enforced' };
  };

  const reportPolicy = (policy: AuthPolicy): void => {
    const { kind, name } = policy.spec.targetRef;
    const store = kind === 'Gateway' ? GATEWAYS : ROUTES;
    const isThere = cluster.get(store, policy.metadata.namespace, name) !== undefined;
    cluster.update<AuthPolicy>(AUTH_POLICIES, policy, (draft) => {
      const known = draft.status?.conditions ?? [];
      const accepted = isThere
        ? { status: 'True' as const, reason: 'Accepted', message: 'AuthPolicy has been accepted' }
        : {
            status: 'False' as const,
            reason: 'TargetNotFound',
            message: `AuthPolicy target ${name} was not found`,
          };
      const conditions = [
        { type: 'Accepted', ...accepted },
        ...(isThere ? [{ type: 'Enforced', ...enforcement(draft) }] : []),
      ];
      const generation = draft.metadata.generation ?? 1;
      draft.status = {
        conditions: observed(known, conditions, generation, cluster.now()).map(
          ({ observedGeneration: _, ...condition }) => condition,
        ),
        observedGeneration: generation,
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
      if (parents.some(({ parentRef }) => parentRef.kind === 'Gateway')) ensureShadowService(pool);
    }
  };

  /** Istio's own Service for a pool. */
  const ensureShadowService = (pool: InferencePool): void => {
    const { namespace = '', name } = pool.metadata;
    const label = 'istio.io/inferencepool-name';
    const isThere = cluster
      .list('services', namespace)
      .some(({ metadata }) => metadata.labels?.[label] === name);
    if (isThere) return;
    const { extensionRef, selector, targetPortNumber } = pool.spec;
    cluster.create(
      'services',
      {
        name: `${name}-ip-${cluster.identifiers.hex(8)}`,
        namespace,
        labels: {
          'gateway.istio.io/managed': 'istio.io-inference-pool-controller',
          'istio.io/inferencepool-extension-failure-mode': extensionRef?.failureMode ?? 'FailOpen',
          'istio.io/inferencepool-extension-port': String(extensionRef?.portNumber ?? 9002),
          'istio.io/inferencepool-extension-service': extensionRef?.name ?? '',
          [label]: name,
        },
        ownerReferences: [ownerReference(pool)],
      },
      {
        spec: {
          clusterIP: 'None',
          clusterIPs: ['None'],
          internalTrafficPolicy: 'Cluster',
          ipFamilies: ['IPv4'],
          ipFamilyPolicy: 'SingleStack',
          ports: [{ name: 'port-54321', port: 54_321, protocol: 'TCP', targetPort: targetPortNumber }],
          selector,
          sessionAffinity: 'None',
          type: 'ClusterIP',
        },
      },
    );
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, () => {
    acceptClasses();
    ensureGatewayPolicy();
    for (const gateway of cluster.list<Gateway>(GATEWAYS)) reportGateway(gateway);
    reportRoutesAndPools();
    for (const policy of cluster.list<AuthPolicy>(AUTH_POLICIES)) reportPolicy(policy);
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
