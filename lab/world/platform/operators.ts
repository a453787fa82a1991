/** Operators that OLM installed, besides those in the fixtures: Subscription, InstallPlan and ClusterServiceVersion. */
import type { KubernetesObject } from '../../kubernetes-api/object.ts';
import { built, uidOf } from './built.ts';
import { INSTALL_TIMES } from './definitions.ts';

interface OperatorRow {
  package: string;
  namespace: string;
  channel: string;
  version: string;
  csv: string;
  displayName: string;
  source: 'redhat-operators' | 'certified-operators';
  approval: 'Automatic' | 'Manual';
  installedAt: string;
  provider: string;
}

/** Facts: demo-environment §7–§10, kubernetes-objects §5.9. */
const ROWS: OperatorRow[] = [
  {
    package: 'kueue-operator',
    namespace: 'openshift-kueue-operator',
    channel: 'stable-v1.2',
    version: '1.2.0',
    csv: 'kueue-operator.v1.2.0',
    displayName: 'Red Hat build of Kueue',
    source: 'redhat-operators',
    approval: 'Automatic',
    installedAt: INSTALL_TIMES.kueue,
    provider: 'Red Hat',
  },
  {
    package: 'openshift-cert-manager-operator',
    namespace: 'cert-manager-operator',
    channel: 'stable-v1',
    version: '1.18.0',
    csv: 'cert-manager-operator.v1.18.0',
    displayName: 'cert-manager Operator for Red Hat OpenShift',
    source: 'redhat-operators',
    approval: 'Automatic',
    installedAt: INSTALL_TIMES['cert-manager'],
    provider: 'Red Hat',
  },
  {
    package: 'gpu-operator-certified',
    namespace: 'nvidia-gpu-operator',
    channel: 'v25.10',
    version: '25.10.1',
    csv: 'gpu-operator-certified.v25.10.1',
    displayName: 'NVIDIA GPU Operator',
    source: 'certified-operators',
    approval: 'Manual',
    installedAt: INSTALL_TIMES['gpu-operator'],
    provider: 'NVIDIA Corporation',
  },
  {
    package: 'nfd',
    namespace: 'openshift-nfd',
    channel: 'stable',
    version: '4.20.0',
    csv: 'nfd.4.20.0-202511181043',
    displayName: 'Node Feature Discovery Operator',
    source: 'redhat-operators',
    approval: 'Automatic',
    installedAt: INSTALL_TIMES['node-feature-discovery'],
    provider: 'Red Hat',
  },
  {
    package: 'servicemeshoperator3',
    namespace: 'openshift-operators',
    channel: 'stable',
    version: '3.1.0',
    csv: 'servicemeshoperator3.v3.1.0',
    displayName: 'Red Hat OpenShift Service Mesh 3 Operator',
    source: 'redhat-operators',
    approval: 'Automatic',
    installedAt: '2025-12-15T08:44:10Z',
    provider: 'Red Hat, Inc.',
  },
  {
    package: 'openshift-gitops-operator',
    namespace: 'openshift-gitops-operator',
    channel: 'latest',
    version: '1.18.1',
    csv: 'openshift-gitops-operator.v1.18.1',
    displayName: 'Red Hat OpenShift GitOps',
    source: 'redhat-operators',
    approval: 'Automatic',
    installedAt: INSTALL_TIMES.gitops,
    provider: 'Red Hat Inc',
  },
];

function subscription(row: OperatorRow): KubernetesObject {
  const at = row.installedAt;
  const plan = `install-${uidOf(row.package).slice(0, 5)}`;
  const planReference = {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'InstallPlan',
    name: plan,
    uid: uidOf('InstallPlan', row.namespace, plan),
  };
  return built(
    'operators.coreos.com/v1alpha1',
    'Subscription',
    {
      name: row.package,
      namespace: row.namespace,
      creationTimestamp: at,
      generation: 1,
      labels: { [`operators.coreos.com/${row.package}.${row.namespace}`.slice(0, 63)]: '' },
    },
    {
      spec: {
        channel: row.channel,
        installPlanApproval: row.approval,
        name: row.package,
        source: row.source,
        sourceNamespace: 'openshift-marketplace',
      },
      status: {
        conditions: [
          {
            type: 'CatalogSourcesUnhealthy',
            status: 'False',
            reason: 'AllCatalogSourcesHealthy',
            message: 'all available catalogsources are healthy',
            lastTransitionTime: at,
          },
        ],
        currentCSV: row.csv,
        installedCSV: row.csv,
        installPlanGeneration: 1,
        installPlanRef: { ...planReference, namespace: row.namespace },
        lastUpdated: at,
        state: 'AtLatestKnown',
      },
    },
  );
}

function installPlan(row: OperatorRow): KubernetesObject {
  return built(
    'operators.coreos.com/v1alpha1',
    'InstallPlan',
    {
      name: `install-${uidOf(row.package).slice(0, 5)}`,
      namespace: row.namespace,
      creationTimestamp: row.installedAt,
      generation: 2,
    },
    {
      spec: { approval: row.approval, approved: true, clusterServiceVersionNames: [row.csv], generation: 1 },
      status: {
        phase: 'Complete',
        conditions: [
          {
            type: 'Installed',
            status: 'True',
            lastTransitionTime: row.installedAt,
            lastUpdateTime: row.installedAt,
          },
        ],
      },
    },
  );
}

function serviceVersion(row: OperatorRow): KubernetesObject {
  const at = row.installedAt;
  return built(
    'operators.coreos.com/v1alpha1',
    'ClusterServiceVersion',
    {
      name: row.csv,
      namespace: row.namespace,
      creationTimestamp: at,
      generation: 1,
      annotations: { 'olm.operatorNamespace': row.namespace, 'olm.targetNamespaces': '' },
    },
    {
      spec: {
        displayName: row.displayName,
        version: row.version,
        provider: { name: row.provider },
        install: { strategy: 'deployment', spec: { deployments: [] } },
        installModes: [{ type: 'AllNamespaces', supported: true }],
      },
      status: {
        phase: 'Succeeded',
        reason: 'InstallSucceeded',
        message: 'install strategy completed with no errors',
        lastTransitionTime: at,
        lastUpdateTime: at,
      },
    },
  );
}

export function operators(): KubernetesObject[] {
  return ROWS.flatMap((row) => [subscription(row), installPlan(row), serviceVersion(row)]);
}
