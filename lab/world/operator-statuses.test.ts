import { expect, test } from 'vitest';
import type { Condition, KubernetesObject } from '../kubernetes-api/object.ts';
import type { Deployment } from './workload-types.ts';
import { createTestWorld, type TestWorld } from './world-fixture.ts';

const DEPLOYMENTS = 'deployments.apps';
type WithStatus = KubernetesObject & {
  status?: { conditions?: Condition[]; phase?: string; message?: string };
};

function scale({ world }: TestWorld, namespace: string, name: string, replicas: number): void {
  const deployment = world.cluster.get<Deployment>(DEPLOYMENTS, namespace, name);
  if (deployment === undefined) throw new Error(`there is no Deployment ${name}`);
  world.cluster.update<Deployment>(DEPLOYMENTS, deployment, (draft) => {
    draft.spec.replicas = replicas;
  });
}

function statusOf(
  { world }: TestWorld,
  kind: string,
  namespace: string | undefined,
  name: string,
): NonNullable<WithStatus['status']> {
  return world.cluster.get<WithStatus>(kind, namespace, name)?.status ?? {};
}

/** `Ready=False DeploymentsNotReady: …`, of the types that are asked for. */
function told(status: NonNullable<WithStatus['status']>, ...types: string[]): string[] {
  return (status.conditions ?? [])
    .filter(({ type }) => types.includes(type))
    .map(({ type, status: state, reason, message }) =>
      [`${type}=${state}`, reason, message].filter((part) => part !== undefined).join(' '),
    );
}

const FOLLOWERS: {
  object: [kind: string, namespace: string | undefined, name: string];
  cause: [namespace: string, name: string, replicas: number];
  types: string[];
  while: string[];
}[] = [
  {
    object: ['datascienceclusters.datasciencecluster.opendatahub.io', undefined, 'default-dsc'],
    cause: ['redhat-ods-applications', 'odh-model-controller', 1],
    types: ['Ready', 'KserveReady'],
    while: [
      'Ready=False NotReady Some components are not ready: kserve',
      'KserveReady=False DeploymentsNotReady 1/2 deployments ready',
    ],
  },
  {
    object: ['leaderworkersetoperators.operator.openshift.io', undefined, 'cluster'],
    cause: ['openshift-lws-operator', 'lws-controller-manager', 2],
    types: ['Available'],
    while: ['Available=False DeploymentUnavailable Deployment lws-controller-manager has no ready replicas'],
  },
  {
    object: ['kuadrants.kuadrant.io', 'kuadrant-system', 'kuadrant'],
    cause: ['kuadrant-system', 'authorino', 1],
    types: ['Ready'],
    while: ['Ready=False AuthorinoNotReady Deployment authorino has no ready replicas'],
  },
  {
    object: ['clusteroperators.config.openshift.io', undefined, 'ingress'],
    cause: ['openshift-ingress', 'router-default', 2],
    types: ['Degraded'],
    while: [
      'Degraded=True IngressDegraded The "default" ingress controller reports Degraded=True: DegradedConditions: One or more other status conditions indicate a degraded state: DeploymentAvailable=False (DeploymentUnavailable: The deployment has Available status condition set to False (reason: MinimumReplicasUnavailable) with message: Deployment does not have minimum availability.)',
    ],
  },
];

test.each(FOLLOWERS)(
  '$object.2 is not ready while $cause.1 has no pod, and as before once it has',
  async (row) => {
    const it = await createTestWorld();
    const before = told(statusOf(it, ...row.object), ...row.types);
    const [namespace, name, replicas] = row.cause;
    scale(it, namespace, name, 0);
    await it.clock.advance(60_000);
    expect(told(statusOf(it, ...row.object), ...row.types)).toEqual(row.while);
    scale(it, namespace, name, replicas);
    await it.clock.advance(120_000);
    expect(told(statusOf(it, ...row.object), ...row.types)).toEqual(before);
  },
);

test('a state that somebody else set stays, whatever the Deployments do', async () => {
  const it = await createTestWorld();
  const kind = 'kuadrants.kuadrant.io';
  const kuadrant = it.world.cluster.get<WithStatus>(kind, 'kuadrant-system', 'kuadrant');
  if (kuadrant === undefined) throw new Error('there is no Kuadrant');
  const own: Condition = {
    type: 'Ready',
    status: 'False',
    reason: 'MissingDependency',
    message: 'no gateway',
  };
  it.world.cluster.update<WithStatus>(kind, kuadrant, (draft) => {
    draft.status = { conditions: [own] };
  });
  scale(it, 'kuadrant-system', 'limitador-limitador', 2);
  await it.clock.advance(60_000);
  expect(statusOf(it, kind, 'kuadrant-system', 'kuadrant').conditions).toEqual([own]);
});

const CSVS = 'clusterserviceversions.operators.coreos.com';
const RHODS = ['redhat-ods-operator', 'rhods-operator'] as const;
const versionOf = (it: TestWorld): string => {
  const { phase, message } = statusOf(it, CSVS, 'redhat-ods-operator', 'rhods-operator.3.0.0');
  return `${phase}: ${message}`;
};

test('OLM makes a deleted operator again; until it runs its ClusterServiceVersion says why it is not Succeeded', async () => {
  const it = await createTestWorld();
  const first = it.world.cluster.get<Deployment>(DEPLOYMENTS, ...RHODS);
  if (first === undefined) throw new Error('there is no operator');
  it.world.cluster.remove(DEPLOYMENTS, first);
  await it.clock.advance(1_500);
  expect(versionOf(it)).toBe(
    'Failed: installing: waiting for deployment rhods-operator to become ready: deployments.apps "rhods-operator" not found',
  );
  await it.clock.advance(60_000);
  expect(versionOf(it)).toBe('Succeeded: install strategy completed with no errors');
  const second = it.world.cluster.get<Deployment>(DEPLOYMENTS, ...RHODS);
  expect(second?.status?.readyReplicas).toBe(1);
  expect(second?.metadata.uid).not.toBe(first.metadata.uid);
});

test('scaled to none, a Deployment counts as available, so OLM keeps saying Succeeded', async () => {
  const it = await createTestWorld();
  scale(it, ...RHODS, 0);
  await it.clock.advance(60_000);
  expect(it.world.cluster.get<Deployment>(DEPLOYMENTS, ...RHODS)?.status?.readyReplicas ?? 0).toBe(0);
  expect(versionOf(it)).toBe('Succeeded: install strategy completed with no errors');
});
