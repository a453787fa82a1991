import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { hasKubectl, type Manifest, ofKind, onlyOne, render, valueAt } from '../testing/render';
import { renderWith } from '../testing/render-component';

const OVERLAYS = ['demo', 'gateway', 'authenticated'] as const;
const SERVICE_NAME = DEFAULT_SETTINGS.distributedName;

/** Belongs to other steps, does not exist on OpenShift AI 3.0, or would change the number of replicas on stage. */
const FORBIDDEN_KINDS = [
  'InferenceGateway',
  'ClusterPolicy',
  'MachineSet',
  'ClusterQueue',
  'LocalQueue',
  'ResourceFlavor',
  'HorizontalPodAutoscaler',
  'ScaledObject',
  'InferenceService',
  'Service',
];

/** Flags of an engine without the name under which it serves, which differs on purpose. */
function engineFlags(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((flag) => !flag.startsWith('--served-model-name'))
    .sort();
}

function environmentOf(container: unknown): Record<string, string> {
  const entries = (valueAt(container, 'env') ?? []) as { name: string; value: string }[];
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}

function routerOf(manifests: readonly Manifest[]): unknown {
  return valueAt(onlyOne(manifests, 'LLMInferenceService'), 'spec', 'router');
}

describe.skipIf(!hasKubectl)('step 08 (needs kubectl)', () => {
  test.each(OVERLAYS)('overlay %s contains nothing that is not this step’s', (overlay) => {
    const manifests = render(`step-08-llm-d/overlays/${overlay}`);
    expect(manifests.filter(({ kind }) => FORBIDDEN_KINDS.includes(kind))).toEqual([]);
    expect(JSON.stringify(manifests)).not.toContain(DEFAULT_SETTINGS.baselineName);
    for (const { metadata } of manifests) {
      expect(metadata.labels?.['demo.rhoai.io/step']).toBe('08');
      if (metadata.name === SERVICE_NAME) expect(metadata.namespace).toBe(DEFAULT_SETTINGS.namespace);
    }
  });

  test('the service is what the dashboard expects: name, replicas, instance type, one GPU on the container main', () => {
    const service = onlyOne(render('step-08-llm-d/base'), 'LLMInferenceService');
    const template = valueAt(service, 'spec', 'template');
    expect(service.metadata.name).toBe(SERVICE_NAME);
    expect(service.metadata.namespace).toBe(DEFAULT_SETTINGS.namespace);
    expect(service.metadata.labels?.['kueue.x-k8s.io/queue-name']).toBe(DEFAULT_SETTINGS.kueueLocalQueue);
    expect(valueAt(service, 'spec', 'model', 'name')).toBe(SERVICE_NAME);
    expect(valueAt(service, 'spec', 'replicas')).toBe(DEFAULT_SETTINGS.expectedReplicas);
    expect(valueAt(template, 'nodeSelector')).toEqual({
      'node.kubernetes.io/instance-type': DEFAULT_SETTINGS.instanceType,
    });
    expect(valueAt(template, 'tolerations')).toEqual([
      { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
    ]);
    expect(valueAt(template, 'containers')).toHaveLength(1);
    const container = valueAt(template, 'containers', 0);
    expect(valueAt(container, 'name')).toBe('main');
    expect(valueAt(container, 'resources', 'requests', 'nvidia.com/gpu')).toBe('1');
    expect(valueAt(container, 'resources', 'limits', 'nvidia.com/gpu')).toBe('1');
  });

  test('liveness waits longer than the five minutes that loading may take', () => {
    const service = onlyOne(render('step-08-llm-d/base'), 'LLMInferenceService');
    const probe = valueAt(service, 'spec', 'template', 'containers', 0, 'livenessProbe') as {
      initialDelaySeconds: number;
      periodSeconds: number;
      failureThreshold: number;
    };
    expect(probe.initialDelaySeconds + probe.periodSeconds * probe.failureThreshold).toBeGreaterThanOrEqual(
      600,
    );
    expect(valueAt(probe, 'httpGet')).toEqual({ path: '/health', port: 8000, scheme: 'HTTPS' });
  });

  test('both arms get the same model, engine arguments and environment', () => {
    const service = onlyOne(render('step-08-llm-d/base'), 'LLMInferenceService');
    const baseline = onlyOne(render('step-08-llm-d/reference/baseline-int4'), 'InferenceService');
    const model = valueAt(baseline, 'spec', 'predictor', 'model');
    const container = valueAt(service, 'spec', 'template', 'containers', 0);
    const { VLLM_ADDITIONAL_ARGS: additional = '', ...environment } = environmentOf(container);
    expect(engineFlags(additional)).toEqual(engineFlags((valueAt(model, 'args') as string[]).join(' ')));
    expect(environment).toEqual(environmentOf(model));
    expect(valueAt(service, 'spec', 'model', 'uri')).toBe(valueAt(model, 'storageUri'));
    expect(valueAt(container, 'resources')).toEqual(valueAt(model, 'resources'));
    expect(baseline.metadata.name).toBe(DEFAULT_SETTINGS.baselineName);
  });

  test('the Route leads to the Service that the controller makes for that name', () => {
    const route = onlyOne(render('step-08-llm-d/overlays/demo'), 'Route');
    expect(valueAt(route, 'spec', 'to')).toMatchObject({
      kind: 'Service',
      name: `${SERVICE_NAME}-kserve-workload-svc`,
    });
    expect(valueAt(route, 'spec', 'port', 'targetPort')).toBe(8000);
    expect(valueAt(route, 'spec', 'tls', 'termination')).toBe('passthrough');
  });

  test('only the overlay with authentication switches it on, and it has no way past the Gateway', () => {
    const annotation = 'security.opendatahub.io/enable-auth';
    const label = 'demo.rhoai.io/access';
    const seen = OVERLAYS.map((overlay) => {
      const manifests = render(`step-08-llm-d/overlays/${overlay}`);
      const { metadata } = onlyOne(manifests, 'LLMInferenceService');
      return [
        overlay,
        metadata.annotations?.[annotation],
        metadata.labels?.[label],
        ofKind(manifests, 'Route').length,
      ];
    });
    expect(seen).toEqual([
      ['demo', 'false', 'unauthenticated', 1],
      ['gateway', 'false', 'unauthenticated', 1],
      ['authenticated', 'true', 'bearer-token', 0],
    ]);
  });

  test('the Gateway is the one the dashboard looks for, on no wildcard of the cluster', () => {
    const manifests = render('step-08-llm-d/overlays/gateway');
    const gateway = onlyOne(manifests, 'Gateway');
    const { namespace, name } = DEFAULT_SETTINGS.gateway;
    expect(gateway.metadata).toMatchObject({ namespace, name });
    expect(valueAt(gateway, 'spec', 'gatewayClassName')).toBe(
      onlyOne(manifests, 'GatewayClass').metadata.name,
    );
    for (const listener of valueAt(gateway, 'spec', 'listeners') as Record<string, unknown>[]) {
      expect(listener).not.toHaveProperty('hostname');
      expect(listener).toMatchObject({ allowedRoutes: { namespaces: { from: 'All' } } });
    }
    expect(routerOf(manifests)).toEqual({
      route: {},
      scheduler: {},
      gateway: { refs: [{ name, namespace }] },
    });
    expect(routerOf(render('step-08-llm-d/overlays/demo'))).toEqual({ route: {}, scheduler: {} });
  });

  test('with TLS the Gateway listens on HTTPS only, with a certificate of its own namespace and no hostname', () => {
    const gateway = onlyOne(
      renderWith('step-08-llm-d/base', [
        'step-08-llm-d/components/gateway',
        'step-08-llm-d/components/gateway-tls',
      ]),
      'Gateway',
    );
    expect(valueAt(gateway, 'spec', 'listeners')).toEqual([
      {
        name: 'https',
        port: 443,
        protocol: 'HTTPS',
        tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: 'openshift-ai-inference-tls' }] },
        allowedRoutes: { namespaces: { from: 'All' } },
      },
    ]);
  });

  test('engines are scraped on one path: our monitor without a Gateway, the controller’s with one', () => {
    for (const overlay of OVERLAYS) {
      const manifests = render(`step-08-llm-d/overlays/${overlay}`);
      const hasGateway = ofKind(manifests, 'Gateway').length > 0;
      const monitors = manifests.filter(({ kind }) => /^(Service|Pod)Monitor$/.test(kind));
      expect(monitors).toHaveLength(hasGateway ? 0 : 1);
    }
    const monitor = onlyOne(render('step-08-llm-d/overlays/demo'), 'ServiceMonitor');
    expect(valueAt(monitor, 'spec', 'selector', 'matchLabels')).toEqual({
      'app.kubernetes.io/name': SERVICE_NAME,
      'app.kubernetes.io/component': 'llminferenceservice-workload',
      'app.kubernetes.io/part-of': 'llminferenceservice',
    });
  });

  test('callers with a token may get this one service and nothing else', () => {
    const manifests = render('step-08-llm-d/overlays/authenticated');
    expect(onlyOne(manifests, 'Role').rules).toEqual([
      {
        apiGroups: ['serving.kserve.io'],
        resources: ['llminferenceservices'],
        resourceNames: [SERVICE_NAME],
        verbs: ['get'],
      },
    ]);
    const account = onlyOne(manifests, 'ServiceAccount').metadata;
    expect(onlyOne(manifests, 'RoleBinding').subjects).toEqual([
      { kind: 'ServiceAccount', name: account.name, namespace: account.namespace },
    ]);
  });

  test('the benchmark is suspended, asks for the served model, and writes where the dashboard reads', () => {
    const manifests = renderWith('step-08-llm-d/base', ['step-08-llm-d/components/benchmark']);
    const job = onlyOne(manifests, 'CronJob');
    const claim = onlyOne(manifests, 'PersistentVolumeClaim');
    const pod = valueAt(job, 'spec', 'jobTemplate', 'spec', 'template', 'spec');
    const container = valueAt(pod, 'containers', 0);
    expect(valueAt(job, 'spec', 'suspend')).toBe(true);
    expect(environmentOf(container)).toMatchObject({ GUIDELLM_MODEL: SERVICE_NAME });
    expect(environmentOf(container).GUIDELLM_TARGET).toMatch(
      new RegExp(`/${DEFAULT_SETTINGS.namespace}/${SERVICE_NAME}$`),
    );
    const [results] = valueAt(pod, 'volumes') as { name: string; persistentVolumeClaim?: unknown }[];
    expect(results?.persistentVolumeClaim).toEqual({ claimName: claim.metadata.name });

    const dashboard = renderWith('dashboard/base', ['dashboard/components/benchmark-results']);
    const deployment = onlyOne(dashboard, 'Deployment');
    const reader = valueAt(deployment, 'spec', 'template', 'spec');
    expect(valueAt(reader, 'volumes')).toContainEqual({
      name: 'results',
      persistentVolumeClaim: { claimName: claim.metadata.name },
    });
    expect(valueAt(reader, 'containers', 0, 'volumeMounts')).toContainEqual({
      name: 'results',
      mountPath: '/results',
      readOnly: true,
    });
    expect(deployment.metadata.namespace).toBe(claim.metadata.namespace);
    const affinity = valueAt(
      pod,
      'affinity',
      'podAffinity',
      'requiredDuringSchedulingIgnoredDuringExecution',
      0,
    );
    expect(valueAt(deployment, 'spec', 'template', 'metadata', 'labels')).toMatchObject(
      valueAt(affinity, 'labelSelector', 'matchLabels') as Record<string, string>,
    );
  });

  test('the scaler never goes below the replicas that the controller restores, and says what it needs', () => {
    const scaler = onlyOne(
      renderWith('step-08-llm-d/base', ['step-08-llm-d/components/autoscaling']),
      'ScaledObject',
    );
    expect(valueAt(scaler, 'spec', 'minReplicaCount')).toBe(DEFAULT_SETTINGS.expectedReplicas);
    expect(valueAt(scaler, 'spec', 'scaleTargetRef', 'name')).toBe(`${SERVICE_NAME}-kserve`);
    const maximum = valueAt(scaler, 'spec', 'maxReplicaCount') as number;
    expect(scaler.metadata.annotations?.['demo.rhoai.io/needs-gpus']).toBe(String(maximum + 1));
  });

  test('prefill and decode are configured alike and need no more GPUs than the step has', () => {
    const service = onlyOne(
      renderWith('step-08-llm-d/base', ['step-08-llm-d/components/prefill-decode']),
      'LLMInferenceService',
    );
    expect(valueAt(service, 'spec', 'prefill', 'template')).toEqual(valueAt(service, 'spec', 'template'));
    const replicas = [
      valueAt(service, 'spec', 'replicas'),
      valueAt(service, 'spec', 'prefill', 'replicas'),
    ] as number[];
    expect(replicas.reduce((sum, count) => sum + count, 0)).toBe(DEFAULT_SETTINGS.expectedReplicas);
  });
});

describe.skipIf(!hasKubectl)('the Argo CD application (needs kubectl)', () => {
  const application = hasKubectl ? onlyOne(render('argocd/app-of-apps'), 'Application') : null;

  test('is the one the dashboard looks for, after step 07', () => {
    const { namespace, name } = DEFAULT_SETTINGS.argocdApplication;
    expect(application?.metadata).toMatchObject({ namespace, name });
    expect(application?.metadata.labels?.['demo.rhoai.io/step']).toBe('08');
    expect(Number(application?.metadata.annotations?.['argocd.argoproj.io/sync-wave'])).toBeGreaterThan(70);
  });

  test('deploys an overlay of this repository; address and revision are parameters', () => {
    const source = valueAt(application, 'spec', 'source') as Record<string, string>;
    expect(source.repoURL).toMatch(/^https:\/\/git\.example\.com\//);
    expect(source.targetRevision).toBe('main');
    expect(render(String(source.path).replace(/^gitops\//, '')).length).toBeGreaterThan(0);
  });
});
