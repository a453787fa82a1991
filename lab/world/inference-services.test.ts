import { expect, test } from 'vitest';
import type { Condition, KubernetesObject } from '../kubernetes-api/object.ts';
import { readFixtures } from './fixtures.ts';
import { predictorChildren, type ServingRuntime } from './inference-service-children.ts';
import type { Deployment } from './workload-types.ts';
import { createTestWorld } from './world-fixture.ts';

const SERVICES = 'inferenceservices.serving.kserve.io';
type Service = Parameters<typeof predictorChildren>[0];

function fixture<T extends KubernetesObject>(kind: string, name: string): T {
  const found = readFixtures('healthy').find(
    (object) => object.kind === kind && object.metadata.name === name,
  );
  if (found === undefined) throw new Error(`the scene has no ${kind} ${name}`);
  return found as T;
}

test('the Deployment made of service and runtime is the one of the sample', () => {
  const service = fixture<Service>('InferenceService', 'mistral-3-int4');
  const runtime = fixture<ServingRuntime>('ServingRuntime', 'vllm-runtime');
  const made = predictorChildren(service, runtime).find(({ kind }) => kind === 'deployments.apps');
  const sample = fixture<Deployment>('Deployment', 'mistral-3-int4-predictor');
  expect(made?.fields.spec).toEqual(sample.spec);
  expect(made?.metadata.labels).toEqual(sample.metadata.labels);
});

test('a new raw service gets its children, becomes ready, and takes them with it', async () => {
  const { world, clock } = await createTestWorld();
  const { cluster } = world;
  const sample = fixture<Service>('InferenceService', 'mistral-3-int4');
  const { uid: _, resourceVersion: __, finalizers: ___, ...metadata } = sample.metadata;
  const { nodeSelector: ____, ...predictor } = sample.spec.predictor;
  const created = cluster.create<KubernetesObject & { status?: { url?: string; conditions?: Condition[] } }>(
    SERVICES,
    { ...metadata, name: 'second' },
    { spec: { predictor: { ...predictor, model: { ...predictor.model, resources: {} } } } },
  );
  const children = (): string[] =>
    [
      'deployments.apps',
      'services',
      'servicemonitors.monitoring.coreos.com',
      'horizontalpodautoscalers.autoscaling',
      'routes.route.openshift.io',
    ].flatMap((kind) =>
      cluster
        .list(kind, 'private-ai')
        .filter(({ metadata: { name } }) => name.startsWith('second'))
        .map((object) => `${object.kind}/${object.metadata.name}`),
    );
  await clock.advance(120_000);
  expect(children()).toEqual([
    'Deployment/second-predictor',
    'Service/second-metrics',
    'Service/second-predictor',
    'ServiceMonitor/second-metrics',
    'HorizontalPodAutoscaler/second-predictor',
    'Route/second',
  ]);
  const now = cluster.get<typeof created>(SERVICES, 'private-ai', 'second');
  expect(now?.status?.url).toBe('https://second-private-ai.apps.rhoai-demo.example.com');
  expect(now?.status?.conditions?.map(({ type, status }) => `${type} ${status}`)).toEqual([
    'IngressReady True',
    'PredictorReady True',
    'Ready True',
    'Stopped False',
  ]);
  cluster.remove(SERVICES, created);
  await clock.advance(60_000);
  expect([cluster.get(SERVICES, 'private-ai', 'second'), children()]).toEqual([undefined, []]);
});
