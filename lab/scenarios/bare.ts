import { CATALOGUE } from '../kubernetes-api/catalogue.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
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
    {
      gate: 'llminferenceservice-api',
      status: 'unknown',
      reason: 'blocked',
      fact: 'kubernetes-objects §7.3 (order: B2 before A1)',
    },
    { gate: 'gatewayclass', status: 'warn', fact: 'demo-environment §5 (absent, and nothing is broken)' },
    { gate: 'gpu-operator', status: 'fail', fact: 'kubernetes-objects §7.2 B16' },
    { gate: 'gpu-nodes', status: 'fail', fact: 'kubernetes-objects §7.2 B17' },
    {
      gate: 'distributed-ready',
      status: 'unknown',
      reason: 'blocked',
      fact: 'kubernetes-objects §7.3 (D* last)',
    },
    { gate: 'rhoai-platform', status: 'fail', fact: 'kubernetes-objects §7.2 B2' },
    { gate: 'kueue-clusterqueue', status: 'not-applicable', fact: 'kubernetes-objects §7.1 A7' },
    { gate: 'kueue-localqueue', status: 'not-applicable', fact: 'kubernetes-objects §7.1 A8' },
  ],
};
