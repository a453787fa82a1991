/** The eight LLMInferenceServiceConfigs that OpenShift AI 3.0 brings (facts: kubernetes-objects §3.2). */
import type { KubernetesObject } from '../../kubernetes-api/object.ts';
import { built } from './built.ts';

const ENGINE_IMAGE =
  'registry.redhat.io/rhaiis/vllm-cuda-rhel9@sha256:ad756c01ec99a99cc7d93401c41b8d92ca96fb1ab7c5262919d818f2be4f3768';
const SCHEDULER_IMAGE =
  'registry.redhat.io/rhoai/odh-llm-d-inference-scheduler-rhel9@sha256:7ef81a47ed7be182dcd24152ffebde84b67dd0f72c842a0ed4f856358d72dcd7';

const engineTemplate = {
  containers: [
    {
      name: 'main',
      image: ENGINE_IMAGE,
      command: ['/bin/bash', '-c'],
      ports: [{ containerPort: 8000, protocol: 'TCP' }],
      livenessProbe: {
        httpGet: { path: '/health', port: 8000, scheme: 'HTTPS' },
        initialDelaySeconds: 120,
        periodSeconds: 10,
        failureThreshold: 3,
      },
      readinessProbe: {
        httpGet: { path: '/health', port: 8000, scheme: 'HTTPS' },
        initialDelaySeconds: 10,
        periodSeconds: 10,
        failureThreshold: 60,
      },
    },
  ],
  terminationGracePeriodSeconds: 30,
};

const schedulerTemplate = {
  containers: [
    {
      name: 'main',
      image: SCHEDULER_IMAGE,
      ports: [
        { name: 'grpc', containerPort: 9002, protocol: 'TCP' },
        { name: 'grpc-health', containerPort: 9003, protocol: 'TCP' },
        { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
      ],
    },
  ],
};

/** Name, uid and what the preset gives. */
const ROWS: [name: string, uid: string, spec: Record<string, unknown>][] = [
  ['decode-template', '5c55b640-59c8-5093-b79e-0ebc824926b3', { template: engineTemplate }],
  [
    'decode-worker-data-parallel',
    '45041700-6eb9-51b5-928a-af58f2f3cded',
    { template: engineTemplate, worker: engineTemplate },
  ],
  ['prefill-template', '58f5fe5f-7b2e-54d5-b1cb-c6a4297c03d7', { prefill: { template: engineTemplate } }],
  [
    'prefill-worker-data-parallel',
    'b09e78dd-e4ad-590c-83fc-f6b601de97f5',
    { prefill: { template: engineTemplate, worker: engineTemplate } },
  ],
  ['router-route', 'b1dd8a03-c939-5fca-9293-565c3604dfd6', { router: { route: {} } }],
  [
    'scheduler',
    'bc6ee9e2-7f0d-5fd2-837f-69316bbfaf44',
    { router: { scheduler: { template: schedulerTemplate } } },
  ],
  ['template', '445df737-2ed8-5ef3-a54b-496576797afd', { template: engineTemplate }],
  [
    'worker-data-parallel',
    '0d2d6f0f-077d-510d-923c-17509be73792',
    { template: engineTemplate, worker: engineTemplate },
  ],
];

/** The component object that owns them. */
export const KSERVE_UID = 'bcc2260e-9f74-5235-92c5-9306e678fca8';

export function presets(): KubernetesObject[] {
  return ROWS.map(([name, uid, spec]) =>
    built(
      'serving.kserve.io/v1alpha1',
      'LLMInferenceServiceConfig',
      {
        name: `kserve-config-llm-${name}`,
        namespace: 'redhat-ods-applications',
        creationTimestamp: '2025-12-15T10:55:00Z',
        generation: 1,
        uid,
        labels: { 'app.opendatahub.io/kserve': 'true', 'platform.opendatahub.io/part-of': 'kserve' },
        ownerReferences: [
          {
            apiVersion: 'components.platform.opendatahub.io/v1alpha1',
            blockOwnerDeletion: true,
            controller: true,
            kind: 'Kserve',
            name: 'default-kserve',
            uid: KSERVE_UID,
          },
        ],
      },
      { spec },
    ),
  );
}
