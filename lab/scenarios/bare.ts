import { CATALOGUE } from '../kubernetes-api/catalogue.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { expectAll } from './expect-all.ts';
import type { Scenario } from './scenario.ts';
import { type Scene, without } from './scene.ts';

const NAMESPACES = new Set([
  'default',
  'kube-node-lease',
  'kube-system',
  'openshift-ingress',
  'openshift-monitoring',
  'openshift-operators',
  'openshift-user-workload-monitoring',
]);

/** Objects of the kept namespaces that a platform part brought. */
const BROUGHT = new Set([
  'AuthPolicy',
  'Gateway',
  'GatewayClass',
  'Subscription',
  'ClusterServiceVersion',
  'InstallPlan',
]);

function isBare(object: KubernetesObject): boolean {
  const { kind, metadata } = object;
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : '';
  if (kind === 'CustomResourceDefinition') {
    const row = CATALOGUE.find(({ plural, group: of }) => `${plural}.${of}` === metadata.name);
    return row?.installedBy === 'openshift';
  }
  const row = CATALOGUE.find((candidate) => candidate.kind === kind && candidate.group === group);
  if (row === undefined || (row.installedBy !== 'openshift' && row.installedBy !== 'kubernetes'))
    return false;
  if (BROUGHT.has(kind)) return false;
  if (kind === 'Namespace') return NAMESPACES.has(metadata.name);
  if (kind === 'Node') return !('node-role.kubernetes.io/gpu' in (metadata.labels ?? {}));
  if (kind === 'ClusterRoleBinding' || kind === 'ClusterRole')
    return !metadata.name.startsWith('private-ai-');
  if (metadata.namespace === undefined) return true;
  const isOfGateway = 'gateway.networking.k8s.io/gateway-name' in (metadata.labels ?? {});
  return NAMESPACES.has(metadata.namespace) && !isOfGateway;
}

export const bare: Scenario = {
  description: 'OpenShift and nothing else: no operators, no OpenShift AI, no GPU nodes, no demo.',
  change: (healthy: Scene) => without(healthy, (object) => !isBare(object)),
  settledMs: 60_000,
  expectations: [
    ...expectAll('fail', 'not-installed', [
      ['rhoai-platform', 'kubernetes-objects §7.2 B2'],
      ['gpu-operator', 'kubernetes-objects §7.2 B16'],
    ]),
    ...expectAll('fail', null, [['gpu-nodes', 'kubernetes-objects §7.2 B17']]),
    ...expectAll('fail', 'not-created', [['benchmark-job', 'kubernetes-objects §7.3 D6']]),
    ...expectAll('unknown', 'blocked', [
      ['gpu-driver', 'kubernetes-objects §7.2 B16'],
      ['gpu-taints', 'kubernetes-objects §7.2 B17'],
      ['llminferenceservice-api', 'kubernetes-objects §7.3 (order: B2 before A1)'],
      ['llminferenceservice-schema', 'kubernetes-objects §7.3 (order: B2 before A1)'],
      ['serving-presets', 'kubernetes-objects §7.2 B5, §7.3 (order: B2 first)'],
      ['inference-apis', 'kubernetes-objects §7.2 B6, §7.3 (order: B2 first)'],
      ['serving-controllers', 'kubernetes-objects §7.2 B4, §7.3 (order: B2 first)'],
      ['baseline-ready', 'kubernetes-objects §7.3 (D* last)'],
      ['baseline-answers', 'kubernetes-objects §7.3 (D* last)'],
      ['distributed-ready', 'kubernetes-objects §7.3 (D* last)'],
      ['distributed-pods', 'kubernetes-objects §7.3 (D* last)'],
      ['distributed-distinct-nodes', 'kubernetes-objects §7.3 (D* last)'],
      ['distributed-scheduler', 'kubernetes-objects §7.3 (D* last)'],
      ['distributed-route', 'kubernetes-objects §7.3 (D* last)'],
      ['distributed-answers', 'kubernetes-objects §7.3 (D* last)'],
      ['metrics-baseline', 'kubernetes-objects §7.3 (D* last)'],
      ['metrics-distributed', 'kubernetes-objects §7.3 (D* last)'],
    ]),
    ...expectAll('warn', 'not-created', [
      ['gatewayclass', 'demo-environment §5 (absent, and nothing is broken)'],
      ['inference-gateway-object', 'demo-environment §5 (absent, and nothing is broken)'],
    ]),
    ...expectAll('not-applicable', 'not-installed', [
      ['cert-manager', 'kubernetes-objects §7.2 B9 (no operator wants it)'],
      ['optional-shows', 'kubernetes-objects §7.1 A2 (no schema)'],
      ['leaderworkerset-operator', 'kubernetes-objects §7.1 A3c (replica mode does not use it)'],
      ['leaderworkerset-api', 'kubernetes-objects §7.1 A3 (absent, and no spec.worker)'],
      ['connectivity-link', 'kubernetes-objects §7.2 B10 (authentication is off)'],
      ['authorino-tls', 'kubernetes-objects §7.2 B12 (authentication is off)'],
      ['gateway-auth-policy', 'kubernetes-objects §7.2 B13 (authentication is off)'],
      ['kueue-clusterqueue', 'kubernetes-objects §7.1 A7'],
      ['kueue-localqueue', 'kubernetes-objects §7.1 A8'],
      ['argocd-application', 'kubernetes-objects §7.3 D7 (no GitOps)'],
    ]),
    ...expectAll('not-applicable', null, [
      ['gpu-capacity', 'kubernetes-objects §7.2 B17 (no arm needs a GPU)'],
      ['controllers-newer-than-apis', 'kubernetes-objects §7.2 B14 (neither is installed)'],
      ['kueue-queue-mismatch', 'kubernetes-objects §7.2 B18 (not managed)'],
      ['baseline-serving-mode', 'kubernetes-objects §7.3 X1 (no service)'],
      ['gpu-container', 'kubernetes-objects §3.7 (no service)'],
      ['liveness-budget', 'kubernetes-objects §3.7 (no pod)'],
      ['single-endpoint-picker', 'kubernetes-objects §5.4 (no InferencePool)'],
      ['endpoint-authentication', 'kubernetes-objects §7.2 B19 (no service)'],
      ['stream-timeouts', 'kubernetes-objects §5.3, §5.15 (no route)'],
      ['engine-configuration', 'demo-environment §0 no. 5 (no engine)'],
      ['scrape-paths', 'demo-environment §11.2 (nothing is scraped)'],
    ]),
  ],
};
