/**
 * Every kind the lab can serve, one row each (facts: kubernetes-objects §2). A kind of a CRD is served while its
 * CustomResourceDefinition object exists; built-in and aggregated kinds always are.
 */
import { AGE, BUILT_IN_COLUMNS, NAME } from './columns.ts';
import { type Column, type Installer, type Kind, keyOf, type Subresource } from './kinds.ts';

interface Row {
  kind: string;
  group: string;
  versions: string[];
  plural: string;
  shortNames?: string[];
  categories?: string[];
  scope: 'cluster' | 'namespaced';
  subresources?: Subresource[];
}

function builtIn(row: Row, origin: Kind['origin'] = 'built-in'): Kind {
  const kind: Kind = {
    kind: row.kind,
    group: row.group,
    versions: row.versions,
    plural: row.plural,
    singular: row.kind.toLowerCase(),
    shortNames: row.shortNames ?? [],
    categories: row.categories ?? [],
    namespaced: row.scope === 'namespaced',
    origin,
    installedBy: origin === 'aggregated' ? 'openshift' : 'kubernetes',
    subresources: row.subresources ?? [],
    columns: [],
  };
  return { ...kind, columns: BUILT_IN_COLUMNS[keyOf(kind)] ?? [NAME, AGE] };
}

/** A CRD's column: a JSONPath, described as the API server describes it. */
function column(
  name: string,
  path: string,
  options: { type?: Column['type']; priority?: number } = {},
): Column {
  return {
    name,
    type: options.type ?? 'string',
    priority: options.priority ?? 0,
    description: `Custom resource definition column (in JSONPath format): ${path}`,
    value: path,
  };
}

function custom(installedBy: Installer, row: Row, columns: Column[] = []): Kind {
  return {
    kind: row.kind,
    group: row.group,
    versions: row.versions,
    plural: row.plural,
    singular: row.kind.toLowerCase(),
    shortNames: row.shortNames ?? [],
    categories: row.categories ?? [],
    namespaced: row.scope === 'namespaced',
    origin: 'custom-resource',
    installedBy,
    subresources: row.subresources ?? ['status'],
    // The API server adds an Age column only when the CRD declares no column at all.
    columns: columns.length === 0 ? [NAME, AGE] : [NAME, ...columns],
  };
}

const age = column('Age', '.metadata.creationTimestamp', { type: 'date' });
const condition = (type: string, field = 'status'): string =>
  `.status.conditions[?(@.type=='${type}')].${field}`;
const all = ['all'];

const BUILT_IN: Kind[] = [
  builtIn({
    kind: 'Namespace',
    group: '',
    versions: ['v1'],
    plural: 'namespaces',
    shortNames: ['ns'],
    scope: 'cluster',
    subresources: ['status'],
  }),
  builtIn({
    kind: 'Node',
    group: '',
    versions: ['v1'],
    plural: 'nodes',
    shortNames: ['no'],
    scope: 'cluster',
    subresources: ['status'],
  }),
  builtIn({
    kind: 'Pod',
    group: '',
    versions: ['v1'],
    plural: 'pods',
    shortNames: ['po'],
    categories: all,
    scope: 'namespaced',
    subresources: ['status', 'log', 'eviction'],
  }),
  builtIn({
    kind: 'Service',
    group: '',
    versions: ['v1'],
    plural: 'services',
    shortNames: ['svc'],
    categories: all,
    scope: 'namespaced',
    subresources: ['status'],
  }),
  builtIn({
    kind: 'Endpoints',
    group: '',
    versions: ['v1'],
    plural: 'endpoints',
    shortNames: ['ep'],
    scope: 'namespaced',
  }),
  builtIn({
    kind: 'Event',
    group: '',
    versions: ['v1'],
    plural: 'events',
    shortNames: ['ev'],
    scope: 'namespaced',
  }),
  builtIn({
    kind: 'ConfigMap',
    group: '',
    versions: ['v1'],
    plural: 'configmaps',
    shortNames: ['cm'],
    scope: 'namespaced',
  }),
  builtIn({ kind: 'Secret', group: '', versions: ['v1'], plural: 'secrets', scope: 'namespaced' }),
  builtIn({
    kind: 'ServiceAccount',
    group: '',
    versions: ['v1'],
    plural: 'serviceaccounts',
    shortNames: ['sa'],
    scope: 'namespaced',
    subresources: ['token'],
  }),
  builtIn({
    kind: 'PersistentVolumeClaim',
    group: '',
    versions: ['v1'],
    plural: 'persistentvolumeclaims',
    shortNames: ['pvc'],
    scope: 'namespaced',
    subresources: ['status'],
  }),
  builtIn({
    kind: 'Deployment',
    group: 'apps',
    versions: ['v1'],
    plural: 'deployments',
    shortNames: ['deploy'],
    categories: all,
    scope: 'namespaced',
    subresources: ['status', 'scale'],
  }),
  builtIn({
    kind: 'ReplicaSet',
    group: 'apps',
    versions: ['v1'],
    plural: 'replicasets',
    shortNames: ['rs'],
    categories: all,
    scope: 'namespaced',
    subresources: ['status', 'scale'],
  }),
  builtIn({
    kind: 'StatefulSet',
    group: 'apps',
    versions: ['v1'],
    plural: 'statefulsets',
    shortNames: ['sts'],
    categories: all,
    scope: 'namespaced',
    subresources: ['status', 'scale'],
  }),
  builtIn({
    kind: 'DaemonSet',
    group: 'apps',
    versions: ['v1'],
    plural: 'daemonsets',
    shortNames: ['ds'],
    categories: all,
    scope: 'namespaced',
    subresources: ['status'],
  }),
  builtIn({
    kind: 'HorizontalPodAutoscaler',
    group: 'autoscaling',
    versions: ['v2'],
    plural: 'horizontalpodautoscalers',
    shortNames: ['hpa'],
    categories: all,
    scope: 'namespaced',
    subresources: ['status'],
  }),
  builtIn({
    kind: 'Job',
    group: 'batch',
    versions: ['v1'],
    plural: 'jobs',
    categories: all,
    scope: 'namespaced',
    subresources: ['status'],
  }),
  builtIn({
    kind: 'CronJob',
    group: 'batch',
    versions: ['v1'],
    plural: 'cronjobs',
    shortNames: ['cj'],
    categories: all,
    scope: 'namespaced',
    subresources: ['status'],
  }),
  builtIn({
    kind: 'Role',
    group: 'rbac.authorization.k8s.io',
    versions: ['v1'],
    plural: 'roles',
    scope: 'namespaced',
  }),
  builtIn({
    kind: 'RoleBinding',
    group: 'rbac.authorization.k8s.io',
    versions: ['v1'],
    plural: 'rolebindings',
    scope: 'namespaced',
  }),
  builtIn({
    kind: 'ClusterRole',
    group: 'rbac.authorization.k8s.io',
    versions: ['v1'],
    plural: 'clusterroles',
    scope: 'cluster',
  }),
  builtIn({
    kind: 'ClusterRoleBinding',
    group: 'rbac.authorization.k8s.io',
    versions: ['v1'],
    plural: 'clusterrolebindings',
    scope: 'cluster',
  }),
  builtIn({
    kind: 'CustomResourceDefinition',
    group: 'apiextensions.k8s.io',
    versions: ['v1'],
    plural: 'customresourcedefinitions',
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    scope: 'cluster',
    subresources: ['status'],
  }),
  builtIn({
    kind: 'Lease',
    group: 'coordination.k8s.io',
    versions: ['v1'],
    plural: 'leases',
    scope: 'namespaced',
  }),
  builtIn({
    kind: 'NetworkPolicy',
    group: 'networking.k8s.io',
    versions: ['v1'],
    plural: 'networkpolicies',
    shortNames: ['netpol'],
    scope: 'namespaced',
  }),
  builtIn({
    kind: 'PodDisruptionBudget',
    group: 'policy',
    versions: ['v1'],
    plural: 'poddisruptionbudgets',
    shortNames: ['pdb'],
    scope: 'namespaced',
    subresources: ['status'],
  }),
  builtIn({
    kind: 'EndpointSlice',
    group: 'discovery.k8s.io',
    versions: ['v1'],
    plural: 'endpointslices',
    scope: 'namespaced',
  }),
  {
    ...builtIn({
      kind: 'Event',
      group: 'events.k8s.io',
      versions: ['v1'],
      plural: 'events',
      shortNames: ['ev'],
      scope: 'namespaced',
    }),
    columns: BUILT_IN_COLUMNS.events ?? [],
    storedAs: 'events',
  },
  builtIn(
    {
      kind: 'Route',
      group: 'route.openshift.io',
      versions: ['v1'],
      plural: 'routes',
      categories: all,
      scope: 'namespaced',
      subresources: ['status'],
    },
    'aggregated',
  ),
];

const OPENSHIFT: Kind[] = [
  custom(
    'openshift',
    {
      kind: 'ClusterVersion',
      group: 'config.openshift.io',
      versions: ['v1'],
      plural: 'clusterversions',
      scope: 'cluster',
    },
    [
      column('Version', '.status.history[?(@.state=="Completed")].version'),
      column('Available', condition('Available')),
      column('Progressing', condition('Progressing')),
      column('Since', condition('Progressing', 'lastTransitionTime'), { type: 'date' }),
      column('Status', condition('Progressing', 'message')),
    ],
  ),
  custom(
    'openshift',
    {
      kind: 'ClusterOperator',
      group: 'config.openshift.io',
      versions: ['v1'],
      plural: 'clusteroperators',
      shortNames: ['co'],
      scope: 'cluster',
    },
    [
      column('Version', '.status.versions[?(@.name=="operator")].version'),
      column('Available', condition('Available')),
      column('Progressing', condition('Progressing')),
      column('Degraded', condition('Degraded')),
      column('Since', condition('Available', 'lastTransitionTime'), { type: 'date' }),
    ],
  ),
  custom('openshift', {
    kind: 'Infrastructure',
    group: 'config.openshift.io',
    versions: ['v1'],
    plural: 'infrastructures',
    scope: 'cluster',
  }),
  custom(
    'openshift',
    {
      kind: 'GatewayClass',
      group: 'gateway.networking.k8s.io',
      versions: ['v1', 'v1beta1'],
      plural: 'gatewayclasses',
      shortNames: ['gc'],
      categories: ['gateway-api'],
      scope: 'cluster',
    },
    [
      column('Controller', '.spec.controllerName'),
      column('Accepted', condition('Accepted')),
      age,
      column('Description', '.spec.description', { priority: 1 }),
    ],
  ),
  custom(
    'openshift',
    {
      kind: 'Gateway',
      group: 'gateway.networking.k8s.io',
      versions: ['v1', 'v1beta1'],
      plural: 'gateways',
      shortNames: ['gtw'],
      categories: ['gateway-api'],
      scope: 'namespaced',
    },
    [
      column('Class', '.spec.gatewayClassName'),
      column('Address', '.status.addresses[*].value'),
      column('Programmed', condition('Programmed')),
      age,
    ],
  ),
  custom(
    'openshift',
    {
      kind: 'HTTPRoute',
      group: 'gateway.networking.k8s.io',
      versions: ['v1', 'v1beta1'],
      plural: 'httproutes',
      categories: ['gateway-api'],
      scope: 'namespaced',
    },
    [column('Hostnames', '.spec.hostnames'), age],
  ),
  custom(
    'openshift',
    {
      kind: 'ReferenceGrant',
      group: 'gateway.networking.k8s.io',
      versions: ['v1beta1'],
      plural: 'referencegrants',
      shortNames: ['refgrant'],
      categories: ['gateway-api'],
      scope: 'namespaced',
      subresources: [],
    },
    [age],
  ),
  custom(
    'openshift',
    {
      kind: 'ConsoleLink',
      group: 'console.openshift.io',
      versions: ['v1'],
      plural: 'consolelinks',
      scope: 'cluster',
      subresources: [],
    },
    [column('Text', '.spec.text'), column('URL', '.spec.href'), column('Menu', '.spec.menu'), age],
  ),
  custom(
    'openshift',
    {
      kind: 'Subscription',
      group: 'operators.coreos.com',
      versions: ['v1alpha1'],
      plural: 'subscriptions',
      shortNames: ['sub', 'subs'],
      categories: ['olm'],
      scope: 'namespaced',
    },
    [column('Package', '.spec.name'), column('Source', '.spec.source'), column('Channel', '.spec.channel')],
  ),
  custom(
    'openshift',
    {
      kind: 'ClusterServiceVersion',
      group: 'operators.coreos.com',
      versions: ['v1alpha1'],
      plural: 'clusterserviceversions',
      shortNames: ['csv', 'csvs'],
      categories: ['olm'],
      scope: 'namespaced',
    },
    [
      column('Display', '.spec.displayName'),
      column('Version', '.spec.version'),
      column('Replaces', '.spec.replaces'),
      column('Phase', '.status.phase'),
    ],
  ),
  custom(
    'openshift',
    {
      kind: 'InstallPlan',
      group: 'operators.coreos.com',
      versions: ['v1alpha1'],
      plural: 'installplans',
      shortNames: ['ip'],
      categories: ['olm'],
      scope: 'namespaced',
    },
    [
      column('CSV', '.spec.clusterServiceVersionNames[0]'),
      column('Approval', '.spec.approval'),
      column('Approved', '.spec.approved', { type: 'boolean' }),
    ],
  ),
  custom('openshift', {
    kind: 'ServiceMonitor',
    group: 'monitoring.coreos.com',
    versions: ['v1'],
    plural: 'servicemonitors',
    shortNames: ['smon'],
    categories: ['prometheus-operator'],
    scope: 'namespaced',
  }),
  custom('openshift', {
    kind: 'PodMonitor',
    group: 'monitoring.coreos.com',
    versions: ['v1'],
    plural: 'podmonitors',
    shortNames: ['pmon'],
    categories: ['prometheus-operator'],
    scope: 'namespaced',
    subresources: [],
  }),
];

const OPENSHIFT_AI: Kind[] = [
  custom('openshift-ai', {
    kind: 'OdhApplication',
    group: 'dashboard.opendatahub.io',
    versions: ['v1'],
    plural: 'odhapplications',
    scope: 'namespaced',
    subresources: [],
  }),
  custom(
    'openshift-ai',
    {
      kind: 'InferenceService',
      group: 'serving.kserve.io',
      versions: ['v1beta1'],
      plural: 'inferenceservices',
      shortNames: ['isvc'],
      scope: 'namespaced',
    },
    [
      column('URL', '.status.url'),
      column('Ready', condition('Ready')),
      column('Prev', '.status.components.predictor.traffic[?(@.tag=="prev")].percent', { type: 'integer' }),
      column('Latest', '.status.components.predictor.traffic[?(@.latestRevision==true)].percent', {
        type: 'integer',
      }),
      column('PrevRolledoutRevision', '.status.components.predictor.traffic[?(@.tag=="prev")].revisionName'),
      column(
        'LatestReadyRevision',
        '.status.components.predictor.traffic[?(@.latestRevision==true)].revisionName',
      ),
      age,
    ],
  ),
  custom(
    'openshift-ai',
    {
      kind: 'LLMInferenceService',
      group: 'serving.kserve.io',
      versions: ['v1alpha1'],
      plural: 'llminferenceservices',
      shortNames: ['llmisvc'],
      scope: 'namespaced',
    },
    [
      column('URL', '.status.url'),
      column('Ready', condition('Ready')),
      column('Reason', condition('Ready', 'reason')),
      age,
      column('URLs', '.status.addresses[*].url', { priority: 1 }),
    ],
  ),
  custom('openshift-ai', {
    kind: 'LLMInferenceServiceConfig',
    group: 'serving.kserve.io',
    versions: ['v1alpha1'],
    plural: 'llminferenceserviceconfigs',
    scope: 'namespaced',
    subresources: [],
  }),
  custom(
    'openshift-ai',
    {
      kind: 'ServingRuntime',
      group: 'serving.kserve.io',
      versions: ['v1alpha1'],
      plural: 'servingruntimes',
      scope: 'namespaced',
      subresources: [],
    },
    [
      column('Disabled', '.spec.disabled', { type: 'boolean' }),
      column('ModelType', '.spec.supportedModelFormats[*].name'),
      column('Containers', '.spec.containers[*].name'),
      age,
    ],
  ),
  custom('openshift-ai', {
    kind: 'InferencePool',
    group: 'inference.networking.k8s.io',
    versions: ['v1'],
    plural: 'inferencepools',
    shortNames: ['infpool'],
    scope: 'namespaced',
  }),
  custom('openshift-ai', {
    kind: 'InferencePool',
    group: 'inference.networking.x-k8s.io',
    versions: ['v1alpha2'],
    plural: 'inferencepools',
    shortNames: ['xinfpool'],
    scope: 'namespaced',
  }),
  custom(
    'openshift-ai',
    {
      kind: 'InferenceModel',
      group: 'inference.networking.x-k8s.io',
      versions: ['v1alpha2'],
      plural: 'inferencemodels',
      scope: 'namespaced',
    },
    [
      column('Model Name', '.spec.modelName'),
      column('Inference Pool', '.spec.poolRef.name'),
      column('Criticality', '.spec.criticality'),
      age,
    ],
  ),
  custom(
    'openshift-ai',
    {
      kind: 'InferenceObjective',
      group: 'inference.networking.x-k8s.io',
      versions: ['v1alpha2'],
      plural: 'inferenceobjectives',
      scope: 'namespaced',
    },
    [column('Inference Pool', '.spec.poolRef.name'), column('Priority', '.spec.priority'), age],
  ),
  custom(
    'openshift-ai',
    {
      kind: 'DataScienceCluster',
      group: 'datasciencecluster.opendatahub.io',
      versions: ['v2', 'v1'],
      plural: 'datascienceclusters',
      shortNames: ['dsc'],
      scope: 'cluster',
    },
    [column('Ready', condition('Ready')), column('Reason', condition('Ready', 'reason'))],
  ),
  custom(
    'openshift-ai',
    {
      kind: 'DSCInitialization',
      group: 'dscinitialization.opendatahub.io',
      versions: ['v2', 'v1'],
      plural: 'dscinitializations',
      shortNames: ['dsci'],
      scope: 'cluster',
    },
    [age, column('Phase', '.status.phase'), column('Created At', '.metadata.creationTimestamp')],
  ),
  custom(
    'openshift-ai',
    {
      kind: 'Kserve',
      group: 'components.platform.opendatahub.io',
      versions: ['v1alpha1'],
      plural: 'kserves',
      scope: 'cluster',
    },
    [column('Ready', condition('Ready')), column('Reason', condition('Ready', 'reason'))],
  ),
  custom('openshift-ai', {
    kind: 'HardwareProfile',
    group: 'infrastructure.opendatahub.io',
    versions: ['v1', 'v1alpha1'],
    plural: 'hardwareprofiles',
    scope: 'namespaced',
  }),
];

const OTHER: Kind[] = [
  custom(
    'service-mesh',
    {
      kind: 'DestinationRule',
      group: 'networking.istio.io',
      versions: ['v1', 'v1beta1', 'v1alpha3'],
      plural: 'destinationrules',
      shortNames: ['dr'],
      categories: ['istio-io', 'networking-istio-io'],
      scope: 'namespaced',
    },
    [column('Host', '.spec.host'), age],
  ),
  custom(
    'custom-metrics-autoscaler',
    {
      kind: 'ScaledObject',
      group: 'keda.sh',
      versions: ['v1alpha1'],
      plural: 'scaledobjects',
      shortNames: ['so'],
      scope: 'namespaced',
    },
    [
      column('ScaleTargetKind', '.status.scaleTargetKind'),
      column('ScaleTargetName', '.spec.scaleTargetRef.name'),
      column('Min', '.spec.minReplicaCount', { type: 'integer' }),
      column('Max', '.spec.maxReplicaCount', { type: 'integer' }),
      column('Ready', condition('Ready')),
      column('Active', condition('Active')),
      age,
    ],
  ),
  custom('custom-metrics-autoscaler', {
    kind: 'TriggerAuthentication',
    group: 'keda.sh',
    versions: ['v1alpha1'],
    plural: 'triggerauthentications',
    shortNames: ['ta', 'triggerauth'],
    scope: 'namespaced',
  }),
  custom('leader-worker-set-operator', {
    kind: 'LeaderWorkerSetOperator',
    group: 'operator.openshift.io',
    versions: ['v1'],
    plural: 'leaderworkersetoperators',
    scope: 'cluster',
  }),
  custom(
    'leader-worker-set',
    {
      kind: 'LeaderWorkerSet',
      group: 'leaderworkerset.x-k8s.io',
      versions: ['v1'],
      plural: 'leaderworkersets',
      shortNames: ['lws'],
      scope: 'namespaced',
      subresources: ['status', 'scale'],
    },
    [
      column('Ready', '.status.readyReplicas', { type: 'integer' }),
      column('Desired', '.spec.replicas', { type: 'integer' }),
      column('Up-to-date', '.status.updatedReplicas', { type: 'integer' }),
      age,
    ],
  ),
  custom(
    'kueue',
    {
      kind: 'ClusterQueue',
      group: 'kueue.x-k8s.io',
      versions: ['v1beta1'],
      plural: 'clusterqueues',
      shortNames: ['cq'],
      scope: 'cluster',
    },
    [
      column('Cohort', '.spec.cohort'),
      column('Strategy', '.spec.queueingStrategy', { priority: 1 }),
      column('Pending Workloads', '.status.pendingWorkloads', { type: 'integer' }),
      column('Admitted Workloads', '.status.admittedWorkloads', { type: 'integer', priority: 1 }),
    ],
  ),
  custom(
    'kueue',
    {
      kind: 'LocalQueue',
      group: 'kueue.x-k8s.io',
      versions: ['v1beta1'],
      plural: 'localqueues',
      shortNames: ['queue', 'queues', 'lq'],
      scope: 'namespaced',
    },
    [
      column('ClusterQueue', '.spec.clusterQueue'),
      column('Pending Workloads', '.status.pendingWorkloads', { type: 'integer' }),
      column('Admitted Workloads', '.status.admittedWorkloads', { type: 'integer' }),
    ],
  ),
  custom('kueue', {
    kind: 'ResourceFlavor',
    group: 'kueue.x-k8s.io',
    versions: ['v1beta1'],
    plural: 'resourceflavors',
    shortNames: ['flavor', 'flavors', 'rf'],
    scope: 'cluster',
    subresources: [],
  }),
  custom(
    'kueue',
    {
      kind: 'Workload',
      group: 'kueue.x-k8s.io',
      versions: ['v1beta1'],
      plural: 'workloads',
      shortNames: ['wl'],
      scope: 'namespaced',
    },
    [
      column('Queue', '.spec.queueName'),
      column('Reserved in', '.status.admission.clusterQueue'),
      column('Admitted', condition('Admitted')),
      column('Finished', condition('Finished')),
      age,
    ],
  ),
  custom('kueue', {
    kind: 'Kueue',
    group: 'kueue.openshift.io',
    versions: ['v1'],
    plural: 'kueues',
    scope: 'cluster',
  }),
  custom(
    'connectivity-link',
    {
      kind: 'Kuadrant',
      group: 'kuadrant.io',
      versions: ['v1beta1'],
      plural: 'kuadrants',
      scope: 'namespaced',
    },
    [
      column('Status', '.status.conditions[0].reason', { priority: 2 }),
      column('mTLS Authorino', '.status.mtlsAuthorino', { type: 'boolean' }),
      column('mTLS Limitador', '.status.mtlsLimitador', { type: 'boolean' }),
      age,
    ],
  ),
  custom(
    'connectivity-link',
    {
      kind: 'AuthPolicy',
      group: 'kuadrant.io',
      versions: ['v1'],
      plural: 'authpolicies',
      scope: 'namespaced',
    },
    [
      column('Accepted', condition('Accepted'), { priority: 2 }),
      column('Enforced', condition('Enforced'), { priority: 2 }),
      column('TargetKind', '.spec.targetRef.kind', { priority: 2 }),
      column('TargetName', '.spec.targetRef.name', { priority: 2 }),
      column('TargetSection', '.spec.targetRef.sectionName', { priority: 2 }),
      age,
    ],
  ),
  custom('connectivity-link', {
    kind: 'Authorino',
    group: 'operator.authorino.kuadrant.io',
    versions: ['v1beta1'],
    plural: 'authorinos',
    scope: 'namespaced',
  }),
  custom(
    'connectivity-link',
    {
      kind: 'AuthConfig',
      group: 'authorino.kuadrant.io',
      versions: ['v1beta3', 'v1beta2'],
      plural: 'authconfigs',
      scope: 'namespaced',
    },
    [
      column('Ready', '.status.summary.ready'),
      column('Hosts', '.status.summary.numHostsReady'),
      column('Authentication', '.status.summary.numIdentitySources', { type: 'integer', priority: 2 }),
      column('Metadata', '.status.summary.numMetadataSources', { type: 'integer', priority: 2 }),
      column('Authorization', '.status.summary.numAuthorizationPolicies', { type: 'integer', priority: 2 }),
      column('Response', '.status.summary.numResponseItems', { type: 'integer', priority: 2 }),
      column('Wristband', '.status.summary.festivalWristbandEnabled', { type: 'boolean', priority: 2 }),
    ],
  ),
  custom(
    'connectivity-link',
    {
      kind: 'Limitador',
      group: 'limitador.kuadrant.io',
      versions: ['v1alpha1'],
      plural: 'limitadors',
      scope: 'namespaced',
    },
    [column('Ready', condition('Ready'), { priority: 2 }), age],
  ),
  custom(
    'gpu-operator',
    {
      kind: 'ClusterPolicy',
      group: 'nvidia.com',
      versions: ['v1'],
      plural: 'clusterpolicies',
      scope: 'cluster',
    },
    [column('Status', '.status.state'), column('Age', '.metadata.creationTimestamp')],
  ),
  custom('node-feature-discovery', {
    kind: 'NodeFeatureDiscovery',
    group: 'nfd.openshift.io',
    versions: ['v1'],
    plural: 'nodefeaturediscoveries',
    scope: 'namespaced',
  }),
  custom(
    'cert-manager',
    {
      kind: 'Certificate',
      group: 'cert-manager.io',
      versions: ['v1'],
      plural: 'certificates',
      shortNames: ['cert', 'certs'],
      categories: ['cert-manager'],
      scope: 'namespaced',
    },
    [
      column('Ready', condition('Ready')),
      column('Secret', '.spec.secretName'),
      column('Issuer', '.spec.issuerRef.name', { priority: 1 }),
      column('Status', condition('Ready', 'message'), { priority: 1 }),
      age,
    ],
  ),
  custom(
    'gitops',
    {
      kind: 'Application',
      group: 'argoproj.io',
      versions: ['v1alpha1'],
      plural: 'applications',
      shortNames: ['app', 'apps'],
      scope: 'namespaced',
      subresources: [],
    },
    [
      column('Sync Status', '.status.sync.status'),
      column('Health Status', '.status.health.status'),
      column('Revision', '.status.sync.revision', { priority: 10 }),
      column('Project', '.spec.project', { priority: 10 }),
    ],
  ),
  custom(
    'serverless',
    {
      kind: 'PodAutoscaler',
      group: 'autoscaling.internal.knative.dev',
      versions: ['v1alpha1'],
      plural: 'podautoscalers',
      shortNames: ['kpa', 'pa'],
      categories: ['knative-internal', 'autoscaling'],
      scope: 'namespaced',
    },
    [
      column('DesiredScale', '.status.desiredScale', { type: 'integer' }),
      column('ActualScale', '.status.actualScale', { type: 'integer' }),
      column('Ready', condition('Ready')),
      column('Reason', condition('Ready', 'reason')),
    ],
  ),
];

export const CATALOGUE: readonly Kind[] = [...BUILT_IN, ...OPENSHIFT, ...OPENSHIFT_AI, ...OTHER];

const BY_KEY = new Map(
  CATALOGUE.filter(({ storedAs }) => storedAs === undefined).map((kind) => [keyOf(kind), kind]),
);

/** The catalogue's row; asking for a kind that is not in it is a mistake in the lab's own code. */
export function kindOf(key: string): Kind {
  const kind = BY_KEY.get(key);
  if (kind === undefined) throw new Error(`the lab's catalogue has no kind ${key}`);
  return kind;
}

/** The row for an object as written in a file. */
export function kindOfObject(object: { apiVersion: string; kind: string }): Kind {
  const [group = '', version] = object.apiVersion.includes('/')
    ? object.apiVersion.split('/')
    : ['', object.apiVersion];
  const kind = CATALOGUE.find(
    (row) => row.kind === object.kind && row.group === group && row.versions.includes(version ?? ''),
  );
  if (kind === undefined)
    throw new Error(`the lab's catalogue has no ${object.kind} of ${object.apiVersion}`);
  return kind;
}
