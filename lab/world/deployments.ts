/** Deployments keep one current ReplicaSet at the wanted size, retire the others, and report. */
import { type Condition, controllerOf, isEqualJson } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import type { EventRecorder } from './event-recorder.ts';
import { counted } from './replica-sets.ts';
import { createWorkQueue, keyOfObject, splitKey } from './work-queue.ts';
import { type Deployment, isTerminating, type PodTemplate, type ReplicaSet } from './workload-types.ts';

const REACTION_MS = 20;
const HASH_LABEL = 'pod-template-hash';
const SOURCE = { component: 'deployment-controller' };

/** A count or a percentage of the replicas, rounded down. */
function resolveUnavailable(value: number | string | undefined, replicas: number): number {
  if (typeof value === 'number') return value;
  return Math.floor((Number.parseInt(value ?? '25%', 10) / 100) * replicas);
}

/** With two replicas, a quarter rounds down to none: one pod down makes the Deployment unavailable. */
function minimumAvailable({ spec }: Deployment): number {
  const replicas = spec.replicas ?? 1;
  if (spec.strategy?.type === 'Recreate') return replicas;
  return replicas - resolveUnavailable(spec.strategy?.rollingUpdate?.maxUnavailable, replicas);
}

/** A condition that changes its status moves to the end of the list, as the deployment controller leaves it. */
function withCondition(
  conditions: Condition[],
  next: Omit<Condition, 'lastTransitionTime' | 'lastUpdateTime'>,
  now: string,
): Condition[] {
  const current = conditions.find(({ type }) => type === next.type);
  if (current?.status === next.status) return conditions;
  return [
    ...conditions.filter((condition) => condition !== current),
    { ...next, lastTransitionTime: now, lastUpdateTime: now },
  ];
}

function availability(isAvailable: boolean): Omit<Condition, 'lastTransitionTime' | 'lastUpdateTime'> {
  return isAvailable
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function withoutHash({ metadata, spec }: PodTemplate): unknown {
  const { [HASH_LABEL]: _hash, ...labels } = metadata.labels ?? {};
  return { annotations: metadata.annotations ?? {}, labels, spec };
}

export function startDeploymentController(cluster: ClusterAccess, events: EventRecorder): () => void {
  const setsOf = (deployment: Deployment): ReplicaSet[] =>
    cluster
      .list<ReplicaSet>('replicasets.apps', deployment.metadata.namespace)
      .filter((set) => controllerOf(set)?.uid === deployment.metadata.uid);

  const createSet = (deployment: Deployment, revision: number): ReplicaSet => {
    const { name, namespace = '', uid = '' } = deployment.metadata;
    const hash = cluster.identifiers.suffix(10);
    const labels = { ...deployment.spec.template.metadata.labels, [HASH_LABEL]: hash };
    return cluster.create<ReplicaSet>(
      'replicasets.apps',
      {
        name: `${name}-${hash}`,
        namespace,
        generation: 1,
        labels,
        annotations: { 'deployment.kubernetes.io/revision': String(revision) },
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            blockOwnerDeletion: true,
            controller: true,
            kind: 'Deployment',
            name,
            uid,
          },
        ],
      },
      {
        spec: {
          replicas: 0,
          selector: { matchLabels: { ...deployment.spec.selector.matchLabels, [HASH_LABEL]: hash } },
          template: {
            metadata: { ...deployment.spec.template.metadata, labels },
            spec: deployment.spec.template.spec,
          },
        },
        status: { replicas: 0 },
      },
    );
  };

  const resize = (deployment: Deployment, set: ReplicaSet, replicas: number): void => {
    const had = set.spec.replicas ?? 1;
    if (had === replicas) return;
    cluster.update('replicasets.apps', set, (draft) => {
      draft.spec.replicas = replicas;
      draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
      draft.metadata.annotations = {
        ...draft.metadata.annotations,
        'deployment.kubernetes.io/desired-replicas': String(replicas),
      };
    });
    const direction = replicas > had ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${had} to ${replicas}`;
    events.record(deployment, 'Normal', 'ScalingReplicaSet', message, SOURCE);
  };

  const report = (deployment: Deployment, current: ReplicaSet, sets: ReplicaSet[]): void => {
    const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas'): number =>
      sets.reduce((total, set) => total + (set.status?.[field] ?? 0), 0);
    const wanted = deployment.spec.replicas ?? 1;
    const available = sum('availableReplicas');
    const isComplete = (current.status?.availableReplicas ?? 0) >= wanted && sum('replicas') === wanted;
    cluster.update('deployments.apps', deployment, (draft) => {
      const known = draft.status?.conditions ?? [];
      const conditions = withCondition(
        known,
        availability(available >= minimumAvailable(draft)),
        cluster.now(),
      );
      const message = `ReplicaSet "${current.metadata.name}" has successfully progressed.`;
      draft.status = {
        ...(draft.metadata.generation === undefined ? {} : { observedGeneration: draft.metadata.generation }),
        ...counted({
          replicas: sum('replicas'),
          updatedReplicas: current.status?.replicas ?? 0,
          readyReplicas: sum('readyReplicas'),
          availableReplicas: available,
          unavailableReplicas: Math.max(0, wanted - available),
        }),
        conditions: isComplete
          ? withCondition(
              conditions,
              { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message },
              cluster.now(),
            )
          : conditions,
      };
    });
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const [namespace, name] = splitKey(key);
    const deployment = cluster.get<Deployment>('deployments.apps', namespace, name);
    if (deployment === undefined || isTerminating(deployment)) return;
    const wantedTemplate = withoutHash(deployment.spec.template);
    const known = setsOf(deployment);
    const current =
      known.find((set) => isEqualJson(withoutHash(set.spec.template), wantedTemplate)) ??
      createSet(deployment, known.length + 1);
    const retired = known.filter((set) => set.metadata.uid !== current.metadata.uid);
    for (const set of retired) resize(deployment, set, 0);
    // Recreate waits until the old pods are gone; a GPU cannot be held twice.
    const isWaiting =
      deployment.spec.strategy?.type === 'Recreate' && retired.some((set) => (set.status?.replicas ?? 0) > 0);
    if (!isWaiting) resize(deployment, current, deployment.spec.replicas ?? 1);
    const newest = cluster.get<ReplicaSet>('replicasets.apps', namespace, current.metadata.name) ?? current;
    report(deployment, newest, setsOf(deployment));
  });

  cluster.onChange(['deployments.apps'], ({ object }) => queue.add(keyOfObject(object)));
  cluster.onChange(['replicasets.apps'], ({ object }) => {
    const owner = controllerOf(object);
    if (owner?.kind === 'Deployment') queue.add(`${object.metadata.namespace}/${owner.name}`);
  });
  return queue.stop;
}
