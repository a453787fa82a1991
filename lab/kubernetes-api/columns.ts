/** Columns of the built-in kinds, as the API server's own printers fill them. Custom resources declare theirs in the catalogue. */
import { ageOf, humanDuration } from './duration.ts';
import { jsonPath } from './json-path.ts';
import type { Cell, Column } from './kinds.ts';
import { isRecord, type KubernetesObject, valueAt } from './object.ts';
import { podReadyText, podRestarts, podStatusText } from './pod-columns.ts';

type CellFunction = (object: KubernetesObject, nowMs: number) => Cell;

function column(name: string, value: string | CellFunction, options: Partial<Column> = {}): Column {
  return { name, type: 'string', priority: 0, description: '', value, ...options };
}

const integer = { type: 'integer' } as const;
const wide = { priority: 1 } as const;

export const NAME: Column = column('Name', '.metadata.name', {
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
});

export const AGE: Column = column('Age', (object, nowMs) => ageOf(object.metadata.creationTimestamp, nowMs), {
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.',
});

const CREATED_AT: Column = column('Created At', '.metadata.creationTimestamp', {
  type: 'date',
  format: 'date-time',
});

function texts(object: unknown, path: string): string[] {
  return jsonPath(object, path).map(String);
}

function numberAt(object: unknown, ...path: string[]): number {
  const value = valueAt(object, ...path);
  return typeof value === 'number' ? value : 0;
}

function joined(values: string[], empty = '<none>'): string {
  return values.length === 0 ? empty : values.join(',');
}

function matchLabels(object: KubernetesObject, ...path: string[]): string {
  const labels = valueAt(object, ...path);
  return isRecord(labels)
    ? joined(
        Object.entries(labels)
          .map(([key, value]) => `${key}=${value}`)
          .sort(),
      )
    : '<none>';
}

const CONTAINERS = column(
  'Containers',
  (o) => joined(texts(o, '.spec.template.spec.containers[*].name')),
  wide,
);
const IMAGES = column('Images', (o) => joined(texts(o, '.spec.template.spec.containers[*].image')), wide);
const SELECTOR = column('Selector', (o) => matchLabels(o, 'spec', 'selector', 'matchLabels'), wide);

function nodeStatus(node: KubernetesObject): string {
  const ready = jsonPath(node, ".status.conditions[?(@.type=='Ready')].status")[0];
  const text = ready === undefined ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady';
  return valueAt(node, 'spec', 'unschedulable') === true ? `${text},SchedulingDisabled` : text;
}

function nodeRoles(node: KubernetesObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(node.metadata.labels ?? {}).filter((label) => label.startsWith(prefix));
  return joined(roles.map((label) => label.slice(prefix.length)).sort());
}

function nodeAddress(node: KubernetesObject, type: string): string {
  return String(jsonPath(node, `.status.addresses[?(@.type=='${type}')].address`)[0] ?? '<none>');
}

function servicePorts(service: KubernetesObject): string {
  const ports = jsonPath(service, '.spec.ports[*]') as {
    port: number;
    nodePort?: number;
    protocol?: string;
  }[];
  return joined(
    ports.map(({ port, nodePort, protocol = 'TCP' }) =>
      nodePort === undefined ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`,
    ),
  );
}

function externalAddress(service: KubernetesObject): string {
  const addresses = [
    ...texts(service, '.spec.externalIPs[*]'),
    ...texts(service, '.status.loadBalancer.ingress[*].hostname'),
    ...texts(service, '.status.loadBalancer.ingress[*].ip'),
  ];
  const isLoadBalancer = valueAt(service, 'spec', 'type') === 'LoadBalancer';
  return joined(addresses, isLoadBalancer ? '<pending>' : '<none>');
}

function eventSource(event: KubernetesObject): string {
  return [
    valueAt(event, 'source', 'component') ?? valueAt(event, 'reportingComponent'),
    valueAt(event, 'source', 'host'),
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
}

function eventAge(event: KubernetesObject, field: string, nowMs: number): string {
  const at = valueAt(event, field) ?? valueAt(event, 'eventTime') ?? event.metadata.creationTimestamp;
  return ageOf(at, nowMs);
}

function jobStatus(job: KubernetesObject): string {
  const isTrue = (type: string): boolean =>
    jsonPath(job, `.status.conditions[?(@.type=='${type}')].status`)[0] === 'True';
  if (isTrue('Complete')) return 'Complete';
  if (isTrue('Failed')) return 'Failed';
  if (isTrue('Suspended')) return 'Suspended';
  return 'Running';
}

function jobDuration(job: KubernetesObject, nowMs: number): string {
  const started = valueAt(job, 'status', 'startTime');
  if (typeof started !== 'string') return '';
  const completed = valueAt(job, 'status', 'completionTime');
  return humanDuration((typeof completed === 'string' ? Date.parse(completed) : nowMs) - Date.parse(started));
}

function scalerTargets(scaler: KubernetesObject): string {
  const metrics = jsonPath(scaler, '.spec.metrics[*]') as KubernetesObject[];
  const current = jsonPath(scaler, '.status.currentMetrics[*]') as KubernetesObject[];
  return joined(
    metrics.map((metric, index) => {
      const name = valueAt(metric, 'resource', 'name');
      const target = valueAt(metric, 'resource', 'target', 'averageUtilization');
      const now = valueAt(current[index], 'resource', 'current', 'averageUtilization');
      return `${name}: ${now === undefined ? '<unknown>' : `${now}%`}/${target}%`;
    }),
    '<none>',
  );
}

const DEPLOYMENT_COLUMNS: Column[] = [
  NAME,
  column('Ready', (o) => `${numberAt(o, 'status', 'readyReplicas')}/${numberAt(o, 'spec', 'replicas')}`),
  column('Up-to-date', (o) => numberAt(o, 'status', 'updatedReplicas')),
  column('Available', (o) => numberAt(o, 'status', 'availableReplicas')),
  AGE,
  CONTAINERS,
  IMAGES,
  SELECTOR,
];

/** By KindKey. */
/** Subjects of one kind, service accounts with their namespace. */
function subjects(object: KubernetesObject, kind: string): string {
  const list = valueAt(object, 'subjects');
  return (Array.isArray(list) ? list : [])
    .filter((subject) => valueAt(subject, 'kind') === kind)
    .map((subject) => [valueAt(subject, 'namespace'), valueAt(subject, 'name')].filter(Boolean).join('/'))
    .join(', ');
}

const BINDING_COLUMNS: Column[] = [
  NAME,
  column('Role', (o) => `${valueAt(o, 'roleRef', 'kind')}/${valueAt(o, 'roleRef', 'name')}`),
  AGE,
  column('Users', (o) => subjects(o, 'User'), wide),
  column('Groups', (o) => subjects(o, 'Group'), wide),
  column('ServiceAccounts', (o) => subjects(o, 'ServiceAccount'), wide),
];

export const BUILT_IN_COLUMNS: Record<string, readonly Column[]> = {
  pods: [
    NAME,
    column('Ready', podReadyText),
    column('Status', podStatusText),
    column('Restarts', podRestarts),
    AGE,
    column('IP', (o) => String(valueAt(o, 'status', 'podIP') ?? '<none>'), wide),
    column('Node', (o) => String(valueAt(o, 'spec', 'nodeName') ?? '<none>'), wide),
    column('Nominated Node', (o) => String(valueAt(o, 'status', 'nominatedNodeName') ?? '<none>'), wide),
    column('Readiness Gates', (o) => joined(texts(o, '.spec.readinessGates[*].conditionType')), wide),
  ],
  nodes: [
    NAME,
    column('Status', nodeStatus),
    column('Roles', nodeRoles),
    AGE,
    column('Version', '.status.nodeInfo.kubeletVersion'),
    column('Internal-IP', (o) => nodeAddress(o, 'InternalIP'), wide),
    column('External-IP', (o) => nodeAddress(o, 'ExternalIP'), wide),
    column('OS-Image', '.status.nodeInfo.osImage', wide),
    column('Kernel-Version', '.status.nodeInfo.kernelVersion', wide),
    column('Container-Runtime', '.status.nodeInfo.containerRuntimeVersion', wide),
  ],
  namespaces: [NAME, column('Status', '.status.phase'), AGE],
  services: [
    NAME,
    column('Type', '.spec.type'),
    column('Cluster-IP', '.spec.clusterIP'),
    column('External-IP', externalAddress),
    column('Port(s)', servicePorts),
    AGE,
    column('Selector', (o) => matchLabels(o, 'spec', 'selector'), wide),
  ],
  endpoints: [NAME, column('Endpoints', (o) => joined(texts(o, '.subsets[*].addresses[*].ip'))), AGE],
  events: [
    column('Last Seen', (o, nowMs) => eventAge(o, 'lastTimestamp', nowMs)),
    column('Type', '.type'),
    column('Reason', '.reason'),
    column(
      'Object',
      (o) =>
        `${String(valueAt(o, 'involvedObject', 'kind')).toLowerCase()}/${valueAt(o, 'involvedObject', 'name')}`,
    ),
    column('Subobject', '.involvedObject.fieldPath', wide),
    column('Source', eventSource, wide),
    column('Message', (o) => String(valueAt(o, 'message') ?? '').trim()),
    column('First Seen', (o, nowMs) => eventAge(o, 'firstTimestamp', nowMs), wide),
    column('Count', (o) => numberAt(o, 'count') || 1, wide),
    { ...NAME, priority: 1 },
  ],
  configmaps: [
    NAME,
    column('Data', (o) => Object.keys((valueAt(o, 'data') as object | undefined) ?? {}).length),
    AGE,
  ],
  secrets: [
    NAME,
    column('Type', '.type'),
    column('Data', (o) => Object.keys((valueAt(o, 'data') as object | undefined) ?? {}).length),
    AGE,
  ],
  serviceaccounts: [NAME, column('Secrets', (o) => jsonPath(o, '.secrets[*]').length), AGE],
  persistentvolumeclaims: [
    NAME,
    column('Status', '.status.phase'),
    column('Volume', '.spec.volumeName'),
    column('Capacity', '.status.capacity.storage'),
    column('Access Modes', (o) => joined(texts(o, '.spec.accessModes[*]'), '')),
    column('StorageClass', '.spec.storageClassName'),
    column('VolumeAttributesClass', (o) =>
      String(valueAt(o, 'spec', 'volumeAttributesClassName') ?? '<unset>'),
    ),
    AGE,
    column('VolumeMode', (o) => String(valueAt(o, 'spec', 'volumeMode') ?? '<unset>'), wide),
  ],
  'deployments.apps': DEPLOYMENT_COLUMNS,
  'replicasets.apps': [
    NAME,
    column('Desired', (o) => numberAt(o, 'spec', 'replicas'), integer),
    column('Current', (o) => numberAt(o, 'status', 'replicas'), integer),
    column('Ready', (o) => numberAt(o, 'status', 'readyReplicas'), integer),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  'statefulsets.apps': [
    NAME,
    column('Ready', (o) => `${numberAt(o, 'status', 'readyReplicas')}/${numberAt(o, 'spec', 'replicas')}`),
    AGE,
    CONTAINERS,
    IMAGES,
  ],
  'daemonsets.apps': [
    NAME,
    column('Desired', (o) => numberAt(o, 'status', 'desiredNumberScheduled'), integer),
    column('Current', (o) => numberAt(o, 'status', 'currentNumberScheduled'), integer),
    column('Ready', (o) => numberAt(o, 'status', 'numberReady'), integer),
    column('Up-to-date', (o) => numberAt(o, 'status', 'updatedNumberScheduled'), integer),
    column('Available', (o) => numberAt(o, 'status', 'numberAvailable'), integer),
    column('Node Selector', (o) => matchLabels(o, 'spec', 'template', 'spec', 'nodeSelector')),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  'jobs.batch': [
    NAME,
    column('Status', jobStatus),
    column(
      'Completions',
      (o) => `${numberAt(o, 'status', 'succeeded')}/${numberAt(o, 'spec', 'completions') || 1}`,
    ),
    column('Duration', jobDuration),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  'cronjobs.batch': [
    NAME,
    column('Schedule', '.spec.schedule'),
    column('Timezone', (o) => String(valueAt(o, 'spec', 'timeZone') ?? '<none>')),
    column('Suspend', (o) => (valueAt(o, 'spec', 'suspend') === true ? 'True' : 'False'), {
      type: 'boolean',
    }),
    column('Active', (o) => jsonPath(o, '.status.active[*]').length, integer),
    column('Last Schedule', (o, nowMs) => {
      const last = valueAt(o, 'status', 'lastScheduleTime');
      return last === undefined ? '<none>' : ageOf(last, nowMs);
    }),
    AGE,
    column(
      'Containers',
      (o) => joined(texts(o, '.spec.jobTemplate.spec.template.spec.containers[*].name')),
      wide,
    ),
    column(
      'Images',
      (o) => joined(texts(o, '.spec.jobTemplate.spec.template.spec.containers[*].image')),
      wide,
    ),
    column('Selector', () => '<none>', wide),
  ],
  'horizontalpodautoscalers.autoscaling': [
    NAME,
    column(
      'Reference',
      (o) =>
        `${valueAt(o, 'spec', 'scaleTargetRef', 'kind')}/${valueAt(o, 'spec', 'scaleTargetRef', 'name')}`,
    ),
    column('Targets', scalerTargets),
    column('MinPods', (o) => String(valueAt(o, 'spec', 'minReplicas') ?? '<unset>')),
    column('MaxPods', (o) => numberAt(o, 'spec', 'maxReplicas')),
    column('Replicas', (o) => numberAt(o, 'status', 'currentReplicas')),
    AGE,
  ],
  'endpointslices.discovery.k8s.io': [
    NAME,
    column('AddressType', '.addressType'),
    column('Ports', (o) => joined(texts(o, '.ports[*].port'), '<unset>')),
    column('Endpoints', (o) => joined(texts(o, '.endpoints[*].addresses[*]'), '<unset>')),
    AGE,
  ],
  'leases.coordination.k8s.io': [NAME, column('Holder', '.spec.holderIdentity'), AGE],
  'roles.rbac.authorization.k8s.io': [NAME, CREATED_AT],
  'clusterroles.rbac.authorization.k8s.io': [NAME, CREATED_AT],
  'rolebindings.rbac.authorization.k8s.io': BINDING_COLUMNS,
  'clusterrolebindings.rbac.authorization.k8s.io': BINDING_COLUMNS,
  'networkpolicies.networking.k8s.io': [
    NAME,
    column('Pod-Selector', (o) => matchLabels(o, 'spec', 'podSelector', 'matchLabels')),
    AGE,
  ],
  'poddisruptionbudgets.policy': [
    NAME,
    column('Min Available', (o) => String(valueAt(o, 'spec', 'minAvailable') ?? 'N/A')),
    column('Max Unavailable', (o) => String(valueAt(o, 'spec', 'maxUnavailable') ?? 'N/A')),
    column('Allowed Disruptions', (o) => numberAt(o, 'status', 'disruptionsAllowed'), integer),
    AGE,
  ],
  'customresourcedefinitions.apiextensions.k8s.io': [NAME, CREATED_AT],
  'routes.route.openshift.io': [
    NAME,
    column('Host/Port', (o) => {
      const isAdmitted =
        jsonPath(o, ".status.ingress[0].conditions[?(@.type=='Admitted')].status")[0] === 'True';
      return isAdmitted ? String(valueAt(o, 'spec', 'host')) : 'RouteNotAdmitted';
    }),
    column('Path', (o) => String(valueAt(o, 'spec', 'path') ?? '')),
    column('Services', '.spec.to.name'),
    column('Port', (o) => String(valueAt(o, 'spec', 'port', 'targetPort') ?? '<all>')),
    column('Termination', (o) => {
      const insecure = valueAt(o, 'spec', 'tls', 'insecureEdgeTerminationPolicy');
      const termination = String(valueAt(o, 'spec', 'tls', 'termination') ?? '');
      return insecure === undefined ? termination : `${termination}/${insecure}`;
    }),
    column('Wildcard', (o) => String(valueAt(o, 'spec', 'wildcardPolicy') ?? 'None')),
  ],
};
