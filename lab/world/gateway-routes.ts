/** Status of HTTPRoutes and InferencePools, as the gateway controller and Kuadrant write it (facts: kubernetes-objects §5.3, §5.4, §5.8). */
import type { Condition, KubernetesObject } from '../kubernetes-api/object.ts';
import { setCondition } from './conditions.ts';
import { GATEWAY_CONTROLLER, type ObjectName, POLICY_CONTROLLER } from './llm-service/types.ts';

export interface ParentStatus {
  conditions: Condition[];
  controllerName?: string;
  parentRef: ObjectName & { group?: string; kind?: string };
}

interface BackendRef {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
}

export interface HttpRoute extends KubernetesObject {
  spec: { parentRefs?: ParentStatus['parentRef'][]; rules?: { backendRefs?: BackendRef[] }[] };
  status?: { parents?: ParentStatus[] };
}

export interface InferencePool extends KubernetesObject {
  spec: {
    selector: Record<string, string>;
    targetPortNumber: number;
    extensionRef?: { name: string; portNumber?: number; failureMode?: string };
  };
  status?: { parent?: ParentStatus[] };
}

export interface AuthPolicy extends KubernetesObject {
  spec: { targetRef: { kind: string; name: string } };
  status?: { conditions?: Condition[]; observedGeneration?: number };
}

/** Sets conditions that speak of the object's current generation. */
export function observed(
  known: Condition[],
  next: { type: string; status: Condition['status']; reason: string; message: string }[],
  generation: number,
  now: string,
): Condition[] {
  const wanted = new Set(next.map(({ type }) => type));
  return next
    .reduce((conditions, condition) => setCondition(conditions, condition, now), known)
    .map((condition) =>
      wanted.has(condition.type) ? { ...condition, observedGeneration: generation } : condition,
    );
}

export function policyNames(policies: AuthPolicy[]): string {
  return policies.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(' ');
}

export function affected(policies: AuthPolicy[]): {
  type: string;
  status: 'True';
  reason: string;
  message: string;
} {
  return {
    type: 'kuadrant.io/AuthPolicyAffected',
    status: 'True',
    reason: 'Accepted',
    message: `Object affected by AuthPolicy [${policyNames(policies)}]`,
  };
}

export interface RouteSurroundings {
  now: string;
  /** Whether the gateway controller looks after this parent. */
  isControlled(namespace: string, name: string): boolean;
  /** The backend's name in Envoy if it is missing, null where it is there. */
  missingBackend(namespace: string, backend: BackendRef): string | null;
  /** Policies of the route and of the Gateway, in this order. */
  policies(route: HttpRoute, gateway: ObjectName): AuthPolicy[];
}

export function routeParents(route: HttpRoute, around: RouteSurroundings): ParentStatus[] {
  const { namespace = '', generation = 1 } = route.metadata;
  const missing = (route.spec.rules ?? [])
    .flatMap(({ backendRefs = [] }) => backendRefs)
    .map((backend) => around.missingBackend(backend.namespace ?? namespace, backend))
    .find((name) => name !== null);
  const known = (controllerName: string, { name }: ObjectName): Condition[] =>
    route.status?.parents?.find(
      (parent) => parent.controllerName === controllerName && parent.parentRef.name === name,
    )?.conditions ?? [];
  const parents = (route.spec.parentRefs ?? []).filter((parent) =>
    around.isControlled(parent.namespace ?? namespace, parent.name),
  );
  const byGateway = parents.map((parentRef) => ({
    conditions: observed(
      known(GATEWAY_CONTROLLER, parentRef),
      [
        { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Route was valid' },
        missing === undefined || missing === null
          ? {
              type: 'ResolvedRefs',
              status: 'True',
              reason: 'ResolvedRefs',
              message: 'All references resolved',
            }
          : {
              type: 'ResolvedRefs',
              status: 'False',
              reason: 'BackendNotFound',
              message: `backend(${missing}) not found`,
            },
      ],
      generation,
      around.now,
    ),
    controllerName: GATEWAY_CONTROLLER,
    parentRef,
  }));
  const byKuadrant = parents.flatMap((parentRef) => {
    const policies = around.policies(route, parentRef);
    if (policies.length === 0) return [];
    return [
      {
        conditions: observed(
          known(POLICY_CONTROLLER, parentRef),
          [affected(policies)],
          generation,
          around.now,
        ),
        controllerName: POLICY_CONTROLLER,
        parentRef,
      },
    ];
  });
  return [...byGateway, ...byKuadrant];
}

/** What the CRD itself puts into a pool that nobody has looked at. */
const UNSEEN_POOL: ParentStatus[] = [
  {
    conditions: [
      {
        lastTransitionTime: '1970-01-01T00:00:00Z',
        message: 'Waiting for controller',
        reason: 'Pending',
        status: 'Unknown',
        type: 'Accepted',
      },
    ],
    parentRef: { kind: 'Status', name: 'default' },
  },
];

/** `routes` are those that send to this pool; `hasPicker` whether the Service of its extension is there. */
export function poolParents(
  pool: InferencePool,
  routes: HttpRoute[],
  hasPicker: boolean,
  now: string,
): ParentStatus[] {
  const accepted = routes.flatMap(({ status }) =>
    (status?.parents ?? []).filter(
      ({ controllerName, conditions }) =>
        controllerName === GATEWAY_CONTROLLER &&
        conditions.some(({ type, status: state }) => type === 'Accepted' && state === 'True'),
    ),
  );
  if (accepted.length === 0) return UNSEEN_POOL;
  const picker = pool.spec.extensionRef?.name ?? '';
  return accepted.map(({ parentRef }) => ({
    conditions: observed(
      pool.status?.parent?.find((parent) => parent.parentRef.name === parentRef.name)?.conditions ?? [],
      [
        {
          type: 'Accepted',
          status: 'True',
          reason: 'Accepted',
          message: 'Referenced by an HTTPRoute accepted by the parentRef Gateway',
        },
        hasPicker
          ? {
              type: 'ResolvedRefs',
              status: 'True',
              reason: 'ResolvedRefs',
              message: 'Referenced ExtensionRef resolved successfully',
            }
          : {
              type: 'ResolvedRefs',
              status: 'False',
              reason: 'InvalidExtensionRef',
              message: `Referenced ExtensionRef not found: ${picker}`,
            },
      ],
      pool.metadata.generation ?? 1,
      now,
    ),
    parentRef,
  }));
}
