/** What the API server fills in for built-in kinds (k8s.io/kubernetes' SetDefaults_*), as far as clients see it. */
import { type Kind, keyOf } from './kinds.ts';
import { isEqualJson, isRecord, type KubernetesObject, valueAt } from './object.ts';

type Fields = Record<string, unknown>;

function each(list: unknown, change: (item: Fields) => Fields): unknown {
  return Array.isArray(list) ? list.map((item) => (isRecord(item) ? change(item) : item)) : list;
}

/** `latest`, or no tag at all, is pulled every time. */
function pullPolicyOf(image: unknown): string {
  const name = String(image ?? '');
  if (name.includes('@')) return 'IfNotPresent';
  const tag = /:([^:/]+)$/.exec(name)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

const PROBE = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };

function withProbe(container: Fields, name: string): Fields {
  const probe = container[name];
  if (!isRecord(probe)) return {};
  const get = probe.httpGet;
  return {
    [name]: { ...PROBE, ...probe, ...(isRecord(get) ? { httpGet: { scheme: 'HTTP', ...get } } : {}) },
  };
}

function container(given: Fields): Fields {
  const { ports } = given;
  return {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicyOf(given.image),
    ...given,
    ...withProbe(given, 'livenessProbe'),
    ...withProbe(given, 'readinessProbe'),
    ...withProbe(given, 'startupProbe'),
    ...(ports === undefined ? {} : { ports: each(ports, (port) => ({ protocol: 'TCP', ...port })) }),
  };
}

function podSpec(given: Fields): Fields {
  const { containers, initContainers } = given;
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...given,
    ...(containers === undefined ? {} : { containers: each(containers, container) }),
    ...(initContainers === undefined ? {} : { initContainers: each(initContainers, container) }),
  };
}

function withPodTemplate(spec: Fields): Fields {
  const { template } = spec;
  if (!isRecord(template) || !isRecord(template.spec)) return {};
  return { template: { ...template, spec: podSpec(template.spec) } };
}

const ROLLING = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } };

function servicePort(port: Fields): Fields {
  return { protocol: 'TCP', targetPort: port.port, ...port };
}

const SPECS: Record<string, (spec: Fields) => Fields> = {
  pods: (spec) => ({
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    ...podSpec(spec),
  }),
  'deployments.apps': (spec) => ({
    replicas: 1,
    strategy: ROLLING,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...spec,
    ...withPodTemplate(spec),
  }),
  'replicasets.apps': (spec) => ({ replicas: 1, ...spec, ...withPodTemplate(spec) }),
  'statefulsets.apps': (spec) => ({
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    ...spec,
    ...withPodTemplate(spec),
  }),
  'jobs.batch': (spec) => ({
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    suspend: false,
    ...spec,
    ...withPodTemplate(spec),
  }),
  services: (spec) => ({
    type: 'ClusterIP',
    sessionAffinity: 'None',
    ...spec,
    ...(spec.ports === undefined ? {} : { ports: each(spec.ports, servicePort) }),
  }),
};

/** Subjects and role references without a group mean RBAC's own. */
function binding(object: KubernetesObject): KubernetesObject {
  const apiGroup = 'rbac.authorization.k8s.io';
  return {
    ...object,
    ...(object.subjects === undefined
      ? {}
      : {
          subjects: each(object.subjects, (subject) =>
            subject.kind === 'ServiceAccount' ? subject : { apiGroup, ...subject },
          ),
        }),
    ...(isRecord(object.roleRef) ? { roleRef: { apiGroup, ...object.roleRef } } : {}),
  };
}

export function withDefaults(kind: Kind, object: KubernetesObject): KubernetesObject {
  const key = keyOf(kind);
  if (key === 'events') {
    return {
      eventTime: null,
      reportingComponent: valueAt(object, 'source', 'component') ?? '',
      reportingInstance: '',
      ...object,
    };
  }
  if (key === 'secrets') return { type: 'Opaque', ...object };
  if (key.startsWith('rolebindings.') || key.startsWith('clusterrolebindings.')) return binding(object);
  const fill = SPECS[key];
  return fill === undefined || !isRecord(object.spec) ? object : { ...object, spec: fill(object.spec) };
}

/**
 * The same for an update: what it does not change stays as it is stored, so that objects made without defaults (the
 * scene's own) do not get new templates, and with them new pods, from a change elsewhere.
 */
export function withDefaultsOnUpdate(
  kind: Kind,
  current: KubernetesObject,
  next: KubernetesObject,
): KubernetesObject {
  const filled = withDefaults(kind, next);
  if (!isRecord(filled.spec) || !isRecord(current.spec)) return filled;
  const stored = current.spec;
  const settled = withDefaults(kind, current).spec;
  const spec = Object.entries(filled.spec).flatMap(([field, value]) =>
    !isEqualJson(value, valueAt(settled, field))
      ? [[field, value] as const]
      : stored[field] === undefined
        ? []
        : [[field, stored[field]] as const],
  );
  return { ...filled, spec: Object.fromEntries(spec) };
}
