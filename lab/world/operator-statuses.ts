/**
 * What operators write into their own objects follows the Deployments they look after (facts: kubernetes-objects §5.6, §5.8,
 * §5.10, §5.12). Only what follows from a missing or unavailable Deployment is written, and taken back when it is there again:
 * a state that a scene or a person set stays.
 */
import type { Condition, KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { type ConditionChange, setCondition } from './conditions.ts';
import { createWorkQueue } from './work-queue.ts';
import type { Deployment } from './workload-types.ts';

const REACTION_MS = 1000;
const DEPLOYMENTS = 'deployments.apps';
const AUTHORINOS = 'authorinos.operator.authorino.kuadrant.io';
const LIMITADORS = 'limitadors.limitador.kuadrant.io';

interface WithConditions extends KubernetesObject {
  status?: { conditions?: Condition[]; phase?: string; [field: string]: unknown };
}

/** Conditions of one type, with their cause and without it. */
interface Follow {
  good: ConditionChange;
  bad: ConditionChange;
}

interface Row {
  /** The object whose status is written. */
  kind: string;
  namespace?: string;
  name: string;
  /** Kinds whose changes may matter. */
  watches: readonly string[];
  /** What is wrong with what it looks after; `null` for nothing. */
  fault(cluster: ClusterAccess): string | null;
  follows(fault: string): readonly Follow[];
}

function isServing(deployment: Deployment | undefined): boolean {
  return (deployment?.status?.readyReplicas ?? 0) > 0;
}

function isAvailable(cluster: ClusterAccess, namespace: string, name: string): boolean {
  return isServing(cluster.get<Deployment>(DEPLOYMENTS, namespace, name));
}

function conditionOf(object: WithConditions | undefined, type: string): Condition | undefined {
  return object?.status?.conditions?.find((condition) => condition.type === type);
}

const PLATFORM = 'redhat-ods-applications';
/** Where the kserve component's Deployments are; it counts those with a ready pod. */
const KSERVE_DEPLOYMENTS = ['kserve-controller-manager', 'odh-model-controller'];
const SOME_NOT_READY = 'Some components are not ready: kserve';

function ready(reason: string, message?: string): ConditionChange {
  return { type: 'Ready', status: 'True', reason, ...(message === undefined ? {} : { message }) };
}

const ROWS: readonly Row[] = [
  {
    kind: 'datascienceclusters.datasciencecluster.opendatahub.io',
    name: 'default-dsc',
    watches: [DEPLOYMENTS],
    fault: (cluster) => {
      const ready = KSERVE_DEPLOYMENTS.filter((name) => isAvailable(cluster, PLATFORM, name)).length;
      return ready === KSERVE_DEPLOYMENTS.length
        ? null
        : `${ready}/${KSERVE_DEPLOYMENTS.length} deployments ready`;
    },
    follows: (fault) => [
      {
        good: { type: 'KserveReady', status: 'True' },
        bad: { type: 'KserveReady', status: 'False', reason: 'DeploymentsNotReady', message: fault },
      },
      ...['ComponentsReady', 'Ready'].map(
        (type): Follow => ({
          good: { type, status: 'True' },
          bad: { type, status: 'False', reason: 'NotReady', message: SOME_NOT_READY },
        }),
      ),
    ],
  },
  {
    kind: 'leaderworkersetoperators.operator.openshift.io',
    name: 'cluster',
    watches: [DEPLOYMENTS],
    fault: (cluster) =>
      isAvailable(cluster, 'openshift-lws-operator', 'lws-controller-manager')
        ? null
        : 'Deployment lws-controller-manager has no ready replicas',
    follows: (fault) => [
      {
        good: { type: 'Available', status: 'True', reason: 'AsExpected' },
        bad: { type: 'Available', status: 'False', reason: 'DeploymentUnavailable', message: fault },
      },
    ],
  },
  {
    kind: AUTHORINOS,
    namespace: 'kuadrant-system',
    name: 'authorino',
    watches: [DEPLOYMENTS],
    fault: (cluster) =>
      isAvailable(cluster, 'kuadrant-system', 'authorino')
        ? null
        : 'Deployment authorino has no ready replicas',
    follows: (fault) => [
      {
        good: ready('Provisioned'),
        bad: { type: 'Ready', status: 'False', reason: 'DeploymentNotReady', message: fault },
      },
    ],
  },
  {
    kind: LIMITADORS,
    namespace: 'kuadrant-system',
    name: 'limitador',
    watches: [DEPLOYMENTS],
    fault: (cluster) =>
      isAvailable(cluster, 'kuadrant-system', 'limitador-limitador')
        ? null
        : 'Deployment limitador-limitador has no ready replicas',
    follows: (fault) => [
      {
        good: ready('Ready', 'Limitador is ready'),
        bad: { type: 'Ready', status: 'False', reason: 'Unavailable', message: fault },
      },
    ],
  },
  ...(
    [
      [AUTHORINOS, 'authorino', 'AuthorinoNotReady'],
      [LIMITADORS, 'limitador', 'LimitadorNotReady'],
    ] as const
  ).map(
    ([kind, name, reason]): Row => ({
      kind: 'kuadrants.kuadrant.io',
      namespace: 'kuadrant-system',
      name: 'kuadrant',
      watches: [kind],
      fault: (cluster) => {
        const condition = conditionOf(cluster.get<WithConditions>(kind, 'kuadrant-system', name), 'Ready');
        if (condition === undefined) return 'Ready condition not found';
        return condition.status === 'True' ? null : (condition.message ?? '');
      },
      follows: (fault) => [
        {
          good: ready('Ready', 'Kuadrant is ready'),
          bad: { type: 'Ready', status: 'False', reason, message: fault },
        },
      ],
    }),
  ),
  {
    kind: 'clusteroperators.config.openshift.io',
    name: 'ingress',
    watches: [DEPLOYMENTS],
    fault: (cluster) =>
      isAvailable(cluster, 'openshift-ingress', 'router-default')
        ? null
        : 'DeploymentAvailable=False (DeploymentUnavailable: The deployment has Available status condition set to False (reason: MinimumReplicasUnavailable) with message: Deployment does not have minimum availability.)',
    follows: (fault) => [
      {
        good: {
          type: 'Available',
          status: 'True',
          reason: 'IngressAvailable',
          message: 'The "default" ingress controller reports Available=True.',
        },
        bad: {
          type: 'Available',
          status: 'False',
          reason: 'IngressUnavailable',
          message: `The "default" ingress controller reports Available=False: IngressControllerUnavailable: One or more status conditions indicate unavailable: ${fault}`,
        },
      },
      {
        good: {
          type: 'Degraded',
          status: 'False',
          reason: 'IngressNotDegraded',
          message: 'The "default" ingress controller reports Degraded=False.',
        },
        bad: {
          type: 'Degraded',
          status: 'True',
          reason: 'IngressDegraded',
          message: `The "default" ingress controller reports Degraded=True: DegradedConditions: One or more other status conditions indicate a degraded state: ${fault}`,
        },
      },
    ],
  },
];

/** Conditions after a look at the cause; only a fault's own reason is taken back. */
function followed(conditions: Condition[], row: Row, fault: string | null, now: string): Condition[] {
  return row.follows(fault ?? '').reduce((before, { good, bad }) => {
    if (fault !== null) return setCondition(before, bad, now);
    const isOurs = before.some(({ type, reason }) => type === bad.type && reason === bad.reason);
    return isOurs ? replaced(before, good, now) : before;
  }, conditions);
}

/** Nothing of the fault stays, neither its reason nor its message. */
function replaced(conditions: Condition[], good: ConditionChange, now: string): Condition[] {
  return conditions.map((condition) =>
    condition.type === good.type ? { ...good, lastTransitionTime: now } : condition,
  );
}

export function startOperatorStatuses(cluster: ClusterAccess): () => void {
  const queue = createWorkQueue(cluster.clock, REACTION_MS, (index) => {
    const row = ROWS[Number(index)];
    if (row === undefined) return;
    const object = cluster.get<WithConditions>(row.kind, row.namespace, row.name);
    if (object?.status?.conditions === undefined) return;
    const fault = row.fault(cluster);
    cluster.update<WithConditions>(row.kind, object, ({ status = {} }) => {
      status.conditions = followed(status.conditions ?? [], row, fault, cluster.now());
      const isReady = conditionOf({ ...object, status }, 'Ready')?.status === 'True';
      if (row.name === 'default-dsc') status.phase = isReady ? 'Ready' : 'Not Ready';
    });
  });
  const kinds = [...new Set(ROWS.flatMap(({ watches }) => watches))];
  for (const kind of kinds) {
    cluster.onChange([kind], () => {
      for (const [index, { watches }] of ROWS.entries()) if (watches.includes(kind)) queue.add(String(index));
    });
  }
  return () => queue.stop();
}
