/** Kuadrant, and the policy that OpenShift AI writes for its Gateway (facts: kubernetes-objects §5.8). */
import type { Condition } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { type AuthPolicy, type HttpRoute, observed, policyNames } from './gateway-routes.ts';
import { AUTH_POLICIES, DEFINITIONS, GATEWAYS, MANAGED_GATEWAY, ROUTES } from './llm-service/types.ts';

/** Policies that aim at this very object. */
export function policiesOf(
  cluster: ClusterAccess,
  kind: string,
  namespace: string,
  name: string,
): AuthPolicy[] {
  return cluster
    .list<AuthPolicy>(AUTH_POLICIES, namespace)
    .filter(({ spec }) => spec.targetRef.kind === kind && spec.targetRef.name === name);
}

/** The policy that odh-model-controller puts on the platform's Gateway: callers show a token. */
export function ensureGatewayPolicy(cluster: ClusterAccess): void {
  const { namespace, name } = MANAGED_GATEWAY;
  if (cluster.get(GATEWAYS, namespace, name) === undefined) return;
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
}

function enforcement(
  cluster: ClusterAccess,
  policy: AuthPolicy,
): { status: Condition['status']; reason: string; message: string } {
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
    policiesOf(cluster, 'HTTPRoute', metadata.namespace ?? '', metadata.name),
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
}

export function reportPolicy(cluster: ClusterAccess, policy: AuthPolicy): void {
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
      ...(isThere ? [{ type: 'Enforced', ...enforcement(cluster, draft) }] : []),
    ];
    const generation = draft.metadata.generation ?? 1;
    draft.status = {
      conditions: observed(known, conditions, generation, cluster.now()).map(
        ({ observedGeneration: _, ...condition }) => condition,
      ),
      observedGeneration: generation,
    };
  });
}
