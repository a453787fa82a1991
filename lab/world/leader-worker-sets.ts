/** LeaderWorkerSets: a StatefulSet of leaders, one of workers per leader, and their common Service (facts: kubernetes-objects §5.5). */
import { createHash } from 'node:crypto';
import { type Condition, controllerOf, type KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import {
  GROUP_KEY_LABEL,
  GROUP_LABEL,
  groupKey,
  REVISION_LABEL,
  SET_LABEL,
  SIZE_ANNOTATION,
  WORKER_LABEL,
} from './group-pods.ts';
import { ownerReference, WORKER_SETS } from './llm-service/types.ts';
import { STATEFUL_SETS, type StatefulSet } from './stateful-sets.ts';
import { createTemplateRevisions } from './template-revisions.ts';
import { createWorkQueue, keyOfObject, splitKey } from './work-queue.ts';
import { isReady, isTerminating, type Pod, type PodTemplate } from './workload-types.ts';

const REACTION_MS = 40;

interface LeaderWorkerSet extends KubernetesObject {
  spec: {
    replicas?: number;
    leaderWorkerTemplate: {
      size?: number;
      leaderTemplate?: PodTemplate;
      workerTemplate: PodTemplate;
      restartPolicy?: string;
    };
  };
  status?: Record<string, unknown> & { conditions?: Condition[] };
}

const TEXTS = {
  Progressing: { reason: 'GroupsProgressing', message: 'Replicas are progressing' },
  Available: { reason: 'AllGroupsReady', message: 'All replicas are ready' },
  UpdateInProgress: { reason: 'GroupsUpdating', message: 'Rolling Upgrade is in progress' },
} as const;

/** The controller flips a condition's status and leaves its text and even its time, once it exists. */
function withStatus(
  conditions: Condition[],
  type: keyof typeof TEXTS,
  isTrue: boolean,
  now: string,
): Condition[] {
  const current = conditions.find((condition) => condition.type === type);
  if (current === undefined) {
    return isTrue
      ? [...conditions, { type, status: 'True', ...TEXTS[type], lastTransitionTime: now }]
      : conditions;
  }
  const status = isTrue ? 'True' : 'False';
  if (current.status === status) return conditions;
  return conditions.map((condition) =>
    condition === current
      ? { ...condition, status, ...(isTrue ? { lastTransitionTime: now } : {}) }
      : condition,
  );
}

export function startLeaderWorkerSetController(cluster: ClusterAccess): () => void {
  const revisions = createTemplateRevisions((text) =>
    createHash('sha1').update(text).digest('hex').slice(0, 10),
  );

  const revisionOf = ({ metadata, spec }: LeaderWorkerSet): string => {
    const leaders = cluster.get(STATEFUL_SETS, metadata.namespace, metadata.name);
    const present = leaders?.metadata.labels?.[REVISION_LABEL];
    return revisions.of(metadata.uid ?? '', spec.leaderWorkerTemplate, present);
  };

  const podsOf = (namespace: string | undefined, set: string): Pod[] =>
    cluster
      .list<Pod>('pods', namespace)
      .filter(
        ({ metadata }) => metadata.labels?.[SET_LABEL] === set && metadata.deletionTimestamp === undefined,
      );

  const ensureSet = (
    name: string,
    owner: KubernetesObject,
    labels: Record<string, string>,
    spec: Record<string, unknown> & { replicas: number; template: unknown },
  ): void => {
    const { namespace = '' } = owner.metadata;
    const current = cluster.get<StatefulSet>(STATEFUL_SETS, namespace, name);
    if (current === undefined) {
      cluster.create(
        STATEFUL_SETS,
        { name, namespace, labels, generation: 1, ownerReferences: [ownerReference(owner)] },
        {
          spec: {
            persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
            podManagementPolicy: 'Parallel',
            revisionHistoryLimit: 10,
            updateStrategy: { rollingUpdate: { partition: 0 }, type: 'RollingUpdate' },
            ...spec,
          },
        },
      );
      return;
    }
    // Workers keep the template they began with: they go and come with their leader.
    const isRolled =
      labels[GROUP_LABEL] === undefined &&
      current.metadata.labels?.[REVISION_LABEL] !== labels[REVISION_LABEL];
    if (current.spec.replicas !== spec.replicas || isRolled) {
      cluster.update<StatefulSet>(STATEFUL_SETS, current, (draft) => {
        draft.spec.replicas = spec.replicas;
        if (isRolled) {
          draft.spec.template = spec.template as PodTemplate;
          draft.metadata.labels = { ...draft.metadata.labels, ...labels };
        }
        draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
      });
    }
  };

  const ensureService = (set: LeaderWorkerSet): void => {
    const { name, namespace = '' } = set.metadata;
    if (cluster.get('services', namespace, name) !== undefined) return;
    cluster.create(
      'services',
      { name, namespace, ownerReferences: [ownerReference(set)] },
      {
        spec: {
          clusterIP: 'None',
          clusterIPs: ['None'],
          internalTrafficPolicy: 'Cluster',
          ipFamilies: ['IPv4'],
          ipFamilyPolicy: 'SingleStack',
          publishNotReadyAddresses: true,
          selector: { [SET_LABEL]: name },
          sessionAffinity: 'None',
          type: 'ClusterIP',
        },
      },
    );
  };

  const template = (
    { metadata, spec }: PodTemplate,
    labels: Record<string, string>,
    size: number,
  ): unknown => ({
    metadata: {
      creationTimestamp: null,
      labels: { ...metadata.labels, ...labels },
      annotations: { ...metadata.annotations, [SIZE_ANNOTATION]: String(size) },
    },
    spec,
  });

  const ensureSets = (set: LeaderWorkerSet): void => {
    const { name, namespace = '' } = set.metadata;
    const { size = 1, workerTemplate, leaderTemplate = workerTemplate } = set.spec.leaderWorkerTemplate;
    const revision = revisionOf(set);
    const marks = { [SET_LABEL]: name, [REVISION_LABEL]: revision };
    ensureSet(name, set, marks, {
      replicas: set.spec.replicas ?? 1,
      selector: { matchLabels: { [SET_LABEL]: name, [WORKER_LABEL]: '0' } },
      serviceName: name,
      template: template(leaderTemplate, { ...marks, [WORKER_LABEL]: '0' }, size),
    });
    if (size < 2) return;
    for (const leader of podsOf(namespace, name)) {
      if (leader.metadata.labels?.[WORKER_LABEL] !== '0') continue;
      const group = {
        [SET_LABEL]: name,
        [GROUP_LABEL]: leader.metadata.labels[GROUP_LABEL] ?? '0',
        [GROUP_KEY_LABEL]: groupKey(namespace, leader.metadata.name),
      };
      // Of the leader's own revision, also while another one is being rolled out.
      const labels = { ...group, [REVISION_LABEL]: leader.metadata.labels[REVISION_LABEL] ?? revision };
      ensureSet(leader.metadata.name, leader, labels, {
        ordinals: { start: 1 },
        replicas: size - 1,
        selector: { matchLabels: group },
        serviceName: name,
        template: template(workerTemplate, labels, size),
      });
    }
  };

  const report = (set: LeaderWorkerSet): void => {
    const { name, namespace } = set.metadata;
    const { replicas: wanted = 1, leaderWorkerTemplate } = set.spec;
    const size = leaderWorkerTemplate.size ?? 1;
    const pods = podsOf(namespace, name);
    const groups = Map.groupBy(pods, ({ metadata }) => metadata.labels?.[GROUP_LABEL]);
    const ready = [...groups.values()].filter(
      (members) => members.length === size && members.every(isReady),
    ).length;
    const revision = revisionOf(set);
    const updated = [...groups.values()].filter((members) =>
      members.every(({ metadata }) => metadata.labels?.[REVISION_LABEL] === revision),
    ).length;
    const isUpdating = updated < groups.size;
    cluster.update<LeaderWorkerSet>(WORKER_SETS, set, (draft) => {
      const isAvailable = ready >= wanted && !isUpdating;
      const now = cluster.now();
      const conditions = withStatus(draft.status?.conditions ?? [], 'Progressing', !isAvailable, now);
      draft.status = {
        conditions: withStatus(
          withStatus(conditions, 'Available', isAvailable, now),
          'UpdateInProgress',
          isUpdating,
          now,
        ),
        hpaPodSelector: `${SET_LABEL}=${name},${WORKER_LABEL}=0`,
        readyReplicas: ready,
        replicas: groups.size,
        updatedReplicas: updated,
      };
    });
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const set = cluster.get<LeaderWorkerSet>(WORKER_SETS, ...splitKey(key));
    if (set === undefined || isTerminating(set)) return;
    ensureService(set);
    ensureSets(set);
    report(set);
  });

  /** One lost pod takes its group with it: the leader goes, and with it the workers that it owns. */
  const recreateGroup = (pod: Pod): void => {
    const { labels = {}, namespace } = pod.metadata;
    const set = cluster.get<LeaderWorkerSet>(WORKER_SETS, namespace, labels[SET_LABEL] ?? '');
    if (set?.spec.leaderWorkerTemplate.restartPolicy !== 'RecreateGroupOnPodRestart') return;
    const leader = cluster.get<Pod>('pods', namespace, `${labels[SET_LABEL]}-${labels[GROUP_LABEL]}`);
    if (leader === undefined || isTerminating(leader)) return;
    if (controllerOf(pod)?.name === leader.metadata.name) cluster.remove('pods', leader);
  };

  // What is there now is what its sets were made from.
  for (const set of cluster.list<LeaderWorkerSet>(WORKER_SETS)) revisionOf(set);
  cluster.onChange([WORKER_SETS], ({ object }) => queue.add(keyOfObject(object)));
  cluster.onChange(['pods', STATEFUL_SETS], ({ type, object }) => {
    const set = object.metadata.labels?.[SET_LABEL];
    if (set === undefined) return;
    queue.add(`${object.metadata.namespace}/${set}`);
    if (type === 'DELETED' && object.kind === 'Pod') recreateGroup(object as Pod);
  });
  return queue.stop;
}
