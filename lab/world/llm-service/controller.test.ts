import { expect, test } from 'vitest';
import type { Condition, KubernetesObject } from '../../kubernetes-api/object.ts';
import { isReady, type Pod } from '../workload-types.ts';
import { createTestWorld, type TestWorld } from '../world-fixture.ts';
import { GATEWAYS, LLM_CONFIGS, LLM_SERVICES, type LlmInferenceService } from './types.ts';

const NAMESPACE = 'models';
const NAME = 'tiny';
const GPU = { limits: { cpu: '4' }, requests: { cpu: '1', memory: '1Gi' } };

function createService({ world }: TestWorld, spec: Record<string, unknown> = {}): LlmInferenceService {
  return world.cluster.create<LlmInferenceService>(
    LLM_SERVICES,
    {
      name: NAME,
      namespace: NAMESPACE,
      generation: 1,
      annotations: { 'security.opendatahub.io/enable-auth': 'false' },
    },
    {
      spec: {
        model: { uri: 'oci://registry.example.com/tiny:1' },
        replicas: 2,
        router: { route: {}, scheduler: {} },
        template: { containers: [{ name: 'main', resources: GPU }] },
        ...spec,
      },
    },
  );
}

function service({ world }: TestWorld, name = NAME, namespace = NAMESPACE): LlmInferenceService | undefined {
  return world.cluster.get<LlmInferenceService>(LLM_SERVICES, namespace, name);
}

function conditions(object: { status?: { conditions?: Condition[] } } | undefined): Record<string, string> {
  return Object.fromEntries(
    (object?.status?.conditions ?? []).map(({ type, status, reason }) => [
      type,
      reason === undefined ? status : `${status} ${reason}`,
    ]),
  );
}

/** Everything in the service's namespace but events and shared monitors, by kind. */
function childrenIn({ world }: TestWorld): string[] {
  return world.registry
    .kinds()
    .filter(({ storedAs, namespaced }) => namespaced && storedAs === undefined)
    .flatMap((kind) =>
      world.cluster
        .list(kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`, NAMESPACE)
        .filter((object) => !['Event', 'Pod', 'ReplicaSet', 'EndpointSlice'].includes(object.kind))
        .map((object) => `${object.kind}/${object.metadata.name.replace(/-ip-[0-9a-f]{8}$/, '-ip-…')}`),
    )
    .toSorted();
}

function eventsOf({ world }: TestWorld): string[] {
  return world.cluster
    .list<KubernetesObject & { message: string; source: { component: string } }>('events', NAMESPACE)
    .filter(({ source }) => source.component === 'LLMInferenceServiceController')
    .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
    .map(({ message }) => message);
}

const READY = {
  HTTPRoutesReady: 'True',
  InferencePoolReady: 'True',
  MainWorkloadReady: 'True',
  PresetsCombined: 'True',
  Ready: 'True',
  RouterReady: 'True',
  SchedulerWorkloadReady: 'True',
  WorkloadsReady: 'True',
};

test('a new service gets its children in the order of work, and is ready once its engines are', async () => {
  const it = await createTestWorld();
  createService(it);
  await it.clock.advance(5000);
  expect(conditions(service(it))).toEqual({
    ...READY,
    MainWorkloadReady: 'False MinimumReplicasUnavailable',
    Ready: 'False MinimumReplicasUnavailable',
    WorkloadsReady: 'False MinimumReplicasUnavailable',
  });
  expect(childrenIn(it)).toEqual([
    'AuthPolicy/tiny-kserve-route-authn',
    'Deployment/tiny-kserve',
    'Deployment/tiny-kserve-router-scheduler',
    'HTTPRoute/tiny-kserve-route',
    'InferenceModel/tiny-inference-model',
    'InferencePool/tiny-inference-pool',
    'LLMInferenceService/tiny',
    'PodMonitor/kserve-llm-isvc-vllm-engine',
    'Role/tiny-epp-role',
    'RoleBinding/tiny-epp-rb',
    'Secret/tiny-kserve-self-signed-certs',
    'Service/tiny-epp-service',
    'Service/tiny-inference-pool-ip-…',
    'Service/tiny-kserve-workload-svc',
    'ServiceAccount/tiny-epp-sa',
    'ServiceMonitor/kserve-llm-isvc-scheduler',
  ]);
  expect(eventsOf(it)).toEqual([
    'Created v1.Secret models/tiny-kserve-self-signed-certs',
    'Created v1.Deployment models/tiny-kserve',
    'Created v1.Service models/tiny-kserve-workload-svc',
    'Created v1.ServiceAccount models/tiny-epp-sa',
    'Created v1.Role models/tiny-epp-role',
    'Created v1.RoleBinding models/tiny-epp-rb',
    'Created v1.ClusterRoleBinding models-tiny-epp-auth-rb',
    'Created v1.Deployment models/tiny-kserve-router-scheduler',
    'Created v1.Service models/tiny-epp-service',
    'Created v1alpha2.InferenceModel models/tiny-inference-model',
    'Created v1alpha2.InferencePool models/tiny-inference-pool',
    'Created v1.HTTPRoute models/tiny-kserve-route',
    'Created v1.AuthPolicy models/tiny-kserve-route-authn',
    'Created v1.PodMonitor models/kserve-llm-isvc-vllm-engine',
    'Created v1.ServiceMonitor models/kserve-llm-isvc-scheduler',
  ]);
  await it.clock.advance(60_000);
  expect(conditions(service(it))).toEqual(READY);
  expect(service(it)?.status?.url).toBe(
    'http://a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com/models/tiny',
  );
});

test('deleting a service takes everything with it that belongs to it alone', async () => {
  const it = await createTestWorld();
  const created = createService(it);
  await it.clock.advance(60_000);
  it.world.cluster.remove(LLM_SERVICES, created);
  await it.clock.advance(60_000);
  expect(childrenIn(it)).toEqual([
    'PodMonitor/kserve-llm-isvc-vllm-engine',
    'ServiceMonitor/kserve-llm-isvc-scheduler',
  ]);
  const bindings = it.world.cluster
    .list('clusterrolebindings.rbac.authorization.k8s.io')
    .map(({ metadata }) => metadata.name);
  expect(bindings).not.toContain('models-tiny-epp-auth-rb');
});

test('without the Gateway engines run, nothing of the router exists, and six conditions tell why', async () => {
  const it = await createTestWorld();
  const gateway = it.world.cluster.get(GATEWAYS, 'openshift-ingress', 'openshift-ai-inference');
  if (gateway === undefined) throw new Error('the scene has this Gateway');
  it.world.cluster.remove(GATEWAYS, gateway);
  createService(it);
  await it.clock.advance(60_000);
  expect(conditions(service(it))).toEqual({
    HTTPRoutesReady: 'False RefsInvalid',
    MainWorkloadReady: 'True',
    PresetsCombined: 'True',
    Ready: 'False RefsInvalid',
    RouterReady: 'False RefsInvalid',
    WorkloadsReady: 'True',
  });
  expect(childrenIn(it)).toEqual([
    'Deployment/tiny-kserve',
    'LLMInferenceService/tiny',
    'Secret/tiny-kserve-self-signed-certs',
    'Service/tiny-kserve-workload-svc',
  ]);
  expect(service(it)?.status?.url).toBeUndefined();
  expect(it.world.cluster.list<Pod>('pods', NAMESPACE).map(isReady)).toEqual([true, true]);
});

test('losing the Gateway breaks a serving service, and its return does not heal it, as in 3.0', async () => {
  const it = await createTestWorld();
  const { cluster } = it.world;
  const gateway = cluster.get(GATEWAYS, 'openshift-ingress', 'openshift-ai-inference');
  if (gateway === undefined) throw new Error('the scene has this Gateway');
  cluster.remove(GATEWAYS, gateway);
  await it.clock.advance(5000);
  const demo = (): LlmInferenceService | undefined => service(it, 'mistral-3-distributed', 'private-ai');
  const broken = {
    ...READY,
    HTTPRoutesReady: 'False RefsInvalid',
    Ready: 'False RefsInvalid',
    RouterReady: 'False RefsInvalid',
  };
  expect(conditions(demo())).toEqual(broken);

  cluster.create(
    GATEWAYS,
    { name: 'openshift-ai-inference', namespace: 'openshift-ingress', generation: 1 },
    { spec: gateway.spec },
  );
  await it.clock.advance(1000);
  const returned = (): (KubernetesObject & { status?: { conditions?: Condition[] } }) | undefined =>
    cluster.get(GATEWAYS, 'openshift-ingress', 'openshift-ai-inference');
  expect(conditions(returned())).toMatchObject({ Programmed: 'False AddressNotAssigned' });
  await it.clock.advance(3_600_000);
  expect(conditions(returned())).toEqual({
    Accepted: 'True Accepted',
    Programmed: 'True Programmed',
    'kuadrant.io/AuthPolicyAffected': 'True Accepted',
  });
  expect(conditions(demo())).toEqual(broken);
});

test('without a preset nothing is made and readiness stays unknown', async () => {
  const it = await createTestWorld();
  const preset = it.world.cluster.get(LLM_CONFIGS, 'redhat-ods-applications', 'kserve-config-llm-template');
  if (preset === undefined) throw new Error('the platform has this preset');
  it.world.cluster.remove(LLM_CONFIGS, preset);
  createService(it);
  await it.clock.advance(5000);
  expect(conditions(service(it))).toEqual({
    PresetsCombined: 'False CombineBaseError',
    Ready: 'Unknown NewObservedGenFailure',
    RouterReady: 'Unknown',
    WorkloadsReady: 'Unknown',
  });
  expect(childrenIn(it)).toEqual(['LLMInferenceService/tiny']);
  expect(eventsOf(it)).toEqual([
    'Reconciliation failed: failed to get LLMInferenceServiceConfig "kserve-config-llm-template" from namespaces ["models", "redhat-ods-applications"]: LLMInferenceServiceConfig.serving.kserve.io "kserve-config-llm-template" not found',
  ]);
});

test('with authentication on and no Connectivity Link the route is never made', async () => {
  const it = await createTestWorld();
  const { cluster } = it.world;
  const definition = cluster.get(
    'customresourcedefinitions.apiextensions.k8s.io',
    undefined,
    'authpolicies.kuadrant.io',
  );
  if (definition === undefined) throw new Error('the scene has this definition');
  cluster.remove('customresourcedefinitions.apiextensions.k8s.io', definition);
  const created = createService(it);
  cluster.update(LLM_SERVICES, created, (draft) => {
    draft.metadata.annotations = {};
  });
  await it.clock.advance(5000);
  expect(conditions(service(it))).toMatchObject({
    HTTPRoutesReady: 'False HTTPRouteReconcileError',
    RouterReady: 'False HTTPRouteReconcileError',
  });
  expect(childrenIn(it)).not.toContain('HTTPRoute/tiny-kserve-route');
});

test('prefill gives two Deployments with their roles', async () => {
  const it = await createTestWorld();
  createService(it, { replicas: 1, prefill: { replicas: 1 } });
  await it.clock.advance(60_000);
  expect(conditions(service(it))).toEqual({ ...READY, PrefillWorkloadReady: 'True' });
  const roles = it.world.cluster
    .list<Pod>('pods', NAMESPACE)
    .flatMap(({ metadata }) => metadata.labels?.['llm-d.ai/role'] ?? []);
  expect(roles.toSorted()).toEqual(['decode', 'prefill']);
});
