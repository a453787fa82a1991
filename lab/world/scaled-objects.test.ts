import { expect, test } from 'vitest';
import type { Condition, KubernetesObject } from '../kubernetes-api/object.ts';
import { healthyObjects } from './healthy.ts';
import { customResourceDefinitions } from './platform/definitions.ts';
import type { Deployment } from './workload-types.ts';
import { createTestWorld, type TestWorld } from './world-fixture.ts';

const SCALED_OBJECTS = 'scaledobjects.keda.sh';
const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling';
const NAMESPACE = 'private-ai';
const NAME = 'mistral-3-distributed-autoscaler';
const TARGET = 'mistral-3-distributed-kserve';
type Loose = KubernetesObject & { spec: Record<string, unknown>; status?: Record<string, unknown> };

/** A healthy cluster with the Custom Metrics Autoscaler, and the demo's own ScaledObject. */
async function withScaledObject(target = TARGET): Promise<TestWorld> {
  const objects = [...healthyObjects(), ...customResourceDefinitions(['custom-metrics-autoscaler'])];
  const it = await createTestWorld({ objects });
  const trigger = (threshold: string): unknown => ({
    type: 'prometheus',
    metricType: 'Value',
    metadata: { threshold, query: 'up' },
  });
  const spec = {
    scaleTargetRef: { name: target },
    minReplicaCount: 1,
    maxReplicaCount: 3,
    advanced: {
      horizontalPodAutoscalerConfig: { behavior: { scaleUp: { stabilizationWindowSeconds: 60 } } },
    },
    triggers: [trigger('65'), trigger('0.5')],
  };
  const metadata = { name: NAME, namespace: NAMESPACE, labels: { app: 'mistral' } };
  it.world.cluster.create(SCALED_OBJECTS, metadata, { spec });
  await it.clock.advance(1000);
  return it;
}

const scaledObject = ({ world }: TestWorld): Loose | undefined =>
  world.cluster.get<Loose>(SCALED_OBJECTS, NAMESPACE, NAME);
const autoscaler = ({ world }: TestWorld): Loose | undefined =>
  world.cluster.get<Loose>(AUTOSCALERS, NAMESPACE, `keda-hpa-${NAME}`);
function conditions(it: TestWorld): string[] {
  const { conditions: told } = (scaledObject(it)?.status ?? {}) as { conditions?: Condition[] };
  return (told ?? []).map(({ type, status, reason }) => `${type}=${status} ${reason}`);
}

test('a ScaledObject gets its autoscaler, as KEDA names, marks and owns it', async () => {
  const it = await withScaledObject();
  const metric = (name: string, value: string): unknown => ({
    type: 'External',
    external: {
      metric: { name, selector: { matchLabels: { 'scaledobject.keda.sh/name': NAME } } },
      target: { type: 'Value', value },
    },
  });
  expect(autoscaler(it)?.metadata.labels).toEqual({
    app: 'mistral',
    'app.kubernetes.io/managed-by': 'keda-operator',
    'app.kubernetes.io/name': `keda-hpa-${NAME}`,
    'app.kubernetes.io/part-of': NAME,
    'app.kubernetes.io/version': '2.17.2',
    'scaledobject.keda.sh/name': NAME,
  });
  expect(autoscaler(it)?.metadata.ownerReferences).toEqual([
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      name: NAME,
      uid: scaledObject(it)?.metadata.uid,
      controller: true,
      blockOwnerDeletion: true,
    },
  ]);
  expect(autoscaler(it)?.spec).toEqual({
    minReplicas: 1,
    maxReplicas: 3,
    behavior: { scaleUp: { stabilizationWindowSeconds: 60 } },
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: TARGET },
    metrics: [metric('s0-prometheus', '65'), metric('s1-prometheus', '500m')],
  });
  expect(scaledObject(it)?.status).toMatchObject({
    externalMetricNames: ['s0-prometheus', 's1-prometheus'],
    hpaName: `keda-hpa-${NAME}`,
    originalReplicaCount: 2,
    scaleTargetGVKR: { group: 'apps', kind: 'Deployment', resource: 'deployments', version: 'v1' },
    scaleTargetKind: 'apps/v1.Deployment',
  });
  expect(conditions(it)).toEqual([
    'Ready=True ScaledObjectReady',
    'Active=False ScalerNotActive',
    'Fallback=False NoFallbackFound',
  ]);
  it.world.stop();
});

test('within its bounds nobody scales; what it changes the autoscaler follows', async () => {
  const it = await withScaledObject();
  await it.clock.advance(60_000);
  expect(it.world.cluster.get<Deployment>('deployments.apps', NAMESPACE, TARGET)?.spec.replicas).toBe(2);
  const held = autoscaler(it);
  expect(held?.status).toEqual({ currentReplicas: 2, desiredReplicas: 2 });
  const scaled = scaledObject(it);
  if (scaled === undefined || held === undefined) throw new Error('both are there');
  it.world.cluster.update<Loose>(SCALED_OBJECTS, scaled, ({ spec }) => {
    spec.maxReplicaCount = 2;
  });
  await it.clock.advance(1000);
  expect(autoscaler(it)?.spec.maxReplicas).toBe(2);
  it.world.cluster.remove(AUTOSCALERS, held);
  await it.clock.advance(1000);
  expect(autoscaler(it)?.spec.maxReplicas).toBe(2);
  it.world.stop();
});

test('with the ScaledObject its autoscaler goes', async () => {
  const it = await withScaledObject();
  const scaled = scaledObject(it);
  if (scaled === undefined) throw new Error('it is there');
  it.world.cluster.remove(SCALED_OBJECTS, scaled);
  await it.clock.advance(2000);
  expect([scaledObject(it), autoscaler(it)]).toEqual([undefined, undefined]);
  it.world.stop();
});

test('a target that is missing is told, and taken once it is there', async () => {
  const it = await withScaledObject('later');
  expect(conditions(it)).toEqual(['Ready=False ScaledObjectCheckFailed', 'Active=Unknown UnkownState']);
  expect(autoscaler(it)).toBeUndefined();
  const deployment = it.world.cluster.get<Deployment>('deployments.apps', NAMESPACE, TARGET);
  const spec = { ...deployment?.spec, replicas: 0 };
  it.world.cluster.create('deployments.apps', { name: 'later', namespace: NAMESPACE }, { spec });
  await it.clock.advance(1000);
  expect(autoscaler(it)?.spec.scaleTargetRef).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'later',
  });
  it.world.stop();
});
