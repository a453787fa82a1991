/** What KServe makes of a raw InferenceService and its runtime (facts: kubernetes-objects §4). */
import type { KubernetesObject, ObjectMeta } from '../kubernetes-api/object.ts';
import { strategicMerge } from '../kubernetes-api/patches.ts';
import { ownerReference } from './llm-service/types.ts';
import type { Container, PodSpec } from './workload-types.ts';

export interface InferenceServiceSpec {
  predictor: Partial<PodSpec> & {
    minReplicas?: number;
    maxReplicas?: number;
    deploymentStrategy?: { type: string };
    model: Partial<Container> & { runtime?: string; storageUri?: string; modelFormat?: { name: string } };
  };
}

export interface ServingRuntime extends KubernetesObject {
  spec: { annotations?: Record<string, string>; containers: Container[]; volumes?: PodSpec['volumes'] };
}

export interface PredictorChild {
  kind: string;
  metadata: ObjectMeta;
  fields: Record<string, unknown>;
}

type Service = KubernetesObject & { spec: InferenceServiceSpec };

/** Fields of the predictor that are not the pod's. */
const OWN_FIELDS = new Set(['minReplicas', 'maxReplicas', 'deploymentStrategy', 'model']);
const AUTH_ANNOTATION = 'security.opendatahub.io/enable-auth';

function podSpec({ metadata, spec: { predictor } }: Service, runtime: ServingRuntime): PodSpec {
  const {
    runtime: _,
    storageUri: __,
    modelFormat: ___,
    name: ____,
    args = [],
    ...overrides
  } = predictor.model;
  const [first, ...others] = runtime.spec.containers;
  const engine = strategicMerge(first, overrides) as Container;
  const named = (text: string): string => text.replaceAll('{{.Name}}', metadata.name);
  const podFields = Object.fromEntries(Object.entries(predictor).filter(([field]) => !OWN_FIELDS.has(field)));
  const readinessProbe = {
    failureThreshold: 3,
    periodSeconds: 10,
    successThreshold: 1,
    tcpSocket: { port: engine.ports?.[0]?.containerPort ?? 8080 },
    timeoutSeconds: 1,
  };
  return {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    ...podFields,
    containers: [
      {
        imagePullPolicy: 'IfNotPresent',
        readinessProbe,
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        ...engine,
        args: [...(engine.args ?? []).map(named), ...args],
      },
      ...others,
    ],
    ...(runtime.spec.volumes === undefined ? {} : { volumes: runtime.spec.volumes }),
  };
}

/** In the order in which they appear. */
export function predictorChildren(service: Service, runtime: ServingRuntime): PredictorChild[] {
  const { name, namespace = '', labels = {}, annotations = {} } = service.metadata;
  const { predictor } = service.spec;
  const predictorName = `${name}-predictor`;
  const app = { app: `isvc.${predictorName}` };
  const marks = { 'serving.kserve.io/inferenceservice': name };
  const podLabels = { ...labels, ...app, component: 'predictor', ...marks };
  const { [AUTH_ANNOTATION]: _, ...kept } = annotations;
  const podAnnotations = {
    ...kept,
    ...runtime.spec.annotations,
    ...(predictor.model.storageUri === undefined
      ? {}
      : { 'internal.serving.kserve.io/storage-initializer-sourceuri': predictor.model.storageUri }),
  };
  const spec = podSpec(service, runtime);
  const port = spec.containers[0]?.ports?.[0]?.containerPort ?? 8080;
  const metadata = (childName: string, more: Partial<ObjectMeta> = {}): ObjectMeta => ({
    name: childName,
    namespace,
    ownerReferences: [ownerReference(service)],
    ...more,
  });
  const metricsPort = `${runtime.metadata.name}-metrics`;
  const children: PredictorChild[] = [
    {
      kind: 'deployments.apps',
      metadata: metadata(predictorName, { generation: 1, labels: podLabels, annotations: podAnnotations }),
      fields: {
        spec: {
          progressDeadlineSeconds: 600,
          replicas: predictor.minReplicas ?? 1,
          revisionHistoryLimit: 10,
          selector: { matchLabels: app },
          strategy: predictor.deploymentStrategy ?? {
            rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
            type: 'RollingUpdate',
          },
          template: {
            metadata: { creationTimestamp: null, labels: podLabels, annotations: podAnnotations },
            spec,
          },
        },
      },
    },
    {
      kind: 'services',
      metadata: metadata(predictorName, { labels: podLabels }),
      fields: {
        spec: {
          clusterIP: 'None',
          clusterIPs: ['None'],
          ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: port }],
          selector: app,
          sessionAffinity: 'None',
          type: 'ClusterIP',
        },
      },
    },
    {
      kind: 'services',
      metadata: metadata(`${name}-metrics`, {
        labels: { 'monitoring.opendatahub.io/scrape': 'true', name: `${name}-metrics` },
      }),
      fields: {
        spec: {
          ports: [{ name: metricsPort, port, protocol: 'TCP', targetPort: port }],
          selector: marks,
          sessionAffinity: 'None',
          type: 'ClusterIP',
        },
      },
    },
    {
      kind: 'servicemonitors.monitoring.coreos.com',
      metadata: metadata(`${name}-metrics`, {
        generation: 1,
        labels: { 'monitoring.opendatahub.io/scrape': 'true' },
      }),
      fields: {
        spec: {
          endpoints: [{ port: metricsPort, scheme: 'http' }],
          namespaceSelector: {},
          selector: { matchLabels: { name: `${name}-metrics` } },
        },
      },
    },
  ];
  const scaler = annotations['serving.kserve.io/autoscalerClass'];
  if (scaler !== 'none' && scaler !== 'external') {
    children.push({
      kind: 'horizontalpodautoscalers.autoscaling',
      metadata: metadata(predictorName, { labels: podLabels, annotations: podAnnotations }),
      fields: {
        spec: {
          maxReplicas: predictor.maxReplicas ?? predictor.minReplicas ?? 1,
          metrics: [
            {
              resource: { name: 'cpu', target: { averageUtilization: 80, type: 'Utilization' } },
              type: 'Resource',
            },
          ],
          minReplicas: predictor.minReplicas ?? 1,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: predictorName },
        },
      },
    });
  }
  if (labels['networking.kserve.io/visibility'] === 'exposed') {
    children.push({
      kind: 'routes.route.openshift.io',
      metadata: metadata(name, {
        labels: { 'inferenceservice-name': name },
        annotations: { 'haproxy.router.openshift.io/timeout': '30s' },
      }),
      fields: {
        spec: {
          port: { targetPort: 'http' },
          tls: { insecureEdgeTerminationPolicy: 'Redirect', termination: 'edge' },
          to: { kind: 'Service', name: predictorName, weight: 100 },
          wildcardPolicy: 'None',
        },
      },
    });
  }
  return children;
}
