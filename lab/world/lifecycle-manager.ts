/**
 * OLM keeps the Deployment of each operator: one that is gone is made again, and while it is not available its
 * ClusterServiceVersion is not Succeeded (facts: kubernetes-objects §5.9).
 */
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { createWorkQueue } from './work-queue.ts';
import { type Deployment, isTerminating } from './workload-types.ts';

const REACTION_MS = 500;
/** Between what OLM finds wrong and its new attempt. */
const REINSTALL_MS = 2000;
const DEPLOYMENTS = 'deployments.apps';
const VERSIONS = 'clusterserviceversions.operators.coreos.com';

interface ServiceVersion extends KubernetesObject {
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    lastTransitionTime?: string;
    lastUpdateTime?: string;
  };
}

/** The package whose versions are called `<package>.…`, and the Deployment that it brings. */
const OPERATORS = [
  { namespace: 'redhat-ods-operator', package: 'rhods-operator', deployment: 'rhods-operator' },
  { namespace: 'openshift-lws-operator', package: 'leader-worker-set', deployment: 'openshift-lws-operator' },
  {
    namespace: 'openshift-kueue-operator',
    package: 'kueue-operator',
    deployment: 'openshift-kueue-operator',
  },
  {
    namespace: 'cert-manager-operator',
    package: 'openshift-cert-manager-operator',
    deployment: 'cert-manager-operator-controller-manager',
  },
  { namespace: 'nvidia-gpu-operator', package: 'gpu-operator-certified', deployment: 'gpu-operator' },
  {
    namespace: 'kuadrant-system',
    package: 'rhcl-operator',
    deployment: 'kuadrant-operator-controller-manager',
  },
] as const;

type Operator = (typeof OPERATORS)[number];
type Phase = Pick<NonNullable<ServiceVersion['status']>, 'phase' | 'reason' | 'message'>;

const SUCCEEDED: Phase = {
  phase: 'Succeeded',
  reason: 'InstallSucceeded',
  message: 'install strategy completed with no errors',
};

function keyOf({ namespace, deployment }: Operator): string {
  return `${namespace}/${deployment}`;
}

function isAvailable({ status }: Deployment): boolean {
  return (
    status?.conditions?.some((condition) => condition.type === 'Available' && condition.status === 'True') ===
    true
  );
}

function waiting(deployment: string, why: string): string {
  return `installing: waiting for deployment ${deployment} to become ready: ${why}`;
}

export function startLifecycleManager(cluster: ClusterAccess): () => void {
  /** What each operator's Deployment was, for the day it is gone. */
  const installed = new Map<string, Deployment>();

  const versionOf = (operator: Operator): ServiceVersion | undefined =>
    cluster
      .list<ServiceVersion>(VERSIONS, operator.namespace)
      .find(({ metadata }) => metadata.name.startsWith(`${operator.package}.`));

  const say = (version: ServiceVersion, next: Phase): void => {
    if (version.status?.phase === next.phase && version.status?.message === next.message) return;
    cluster.update<ServiceVersion>(VERSIONS, version, (draft) => {
      draft.status = {
        ...draft.status,
        ...next,
        lastUpdateTime: cluster.now(),
        lastTransitionTime: cluster.now(),
      };
    });
  };

  const install = (operator: Operator): void => {
    const before = installed.get(keyOf(operator));
    if (before === undefined) return;
    const { labels, annotations } = before.metadata;
    cluster.create<Deployment>(
      DEPLOYMENTS,
      {
        namespace: operator.namespace,
        name: operator.deployment,
        generation: 1,
        ...(labels === undefined ? {} : { labels }),
        ...(annotations === undefined ? {} : { annotations }),
      },
      { spec: before.spec },
    );
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const operator = OPERATORS.find((candidate) => keyOf(candidate) === key);
    const version = operator === undefined ? undefined : versionOf(operator);
    if (operator === undefined || version?.status === undefined || !installed.has(key)) return;
    const { deployment: name, namespace } = operator;
    const deployment = cluster.get<Deployment>(DEPLOYMENTS, namespace, name);
    const isGone = deployment === undefined || isTerminating(deployment);
    if (isGone && version.status.phase === 'Succeeded') {
      const message = waiting(name, `deployments.apps "${name}" not found`);
      say(version, { phase: 'Failed', reason: 'ComponentUnhealthy', message });
      queue.add(key, REINSTALL_MS);
      return;
    }
    if (isGone) {
      say(version, {
        phase: 'Installing',
        reason: 'InstallWaiting',
        message: waiting(name, 'Waiting for rollout to finish'),
      });
      if (deployment === undefined) install(operator);
      return;
    }
    if (isAvailable(deployment)) {
      say(version, SUCCEEDED);
      return;
    }
    const message = waiting(
      name,
      `deployment "${name}" not available: Deployment does not have minimum availability.`,
    );
    const isInstalling = version.status.phase === 'Installing';
    say(
      version,
      isInstalling
        ? { phase: 'Installing', reason: 'InstallWaiting', message }
        : { phase: 'Failed', reason: 'ComponentUnhealthy', message },
    );
  });

  const remember = (deployment: Deployment): void => {
    const key = `${deployment.metadata.namespace ?? ''}/${deployment.metadata.name}`;
    if (OPERATORS.some((operator) => keyOf(operator) === key)) installed.set(key, deployment);
  };
  for (const deployment of cluster.list<Deployment>(DEPLOYMENTS)) remember(deployment);
  cluster.onChange([DEPLOYMENTS], ({ type, object }) => {
    if (type !== 'DELETED') remember(object as Deployment);
    queue.add(`${object.metadata.namespace ?? ''}/${object.metadata.name}`);
  });
  return () => queue.stop();
}
