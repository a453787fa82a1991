/** StatefulSets keep pods by ordinal; LeaderWorkerSet's webhook marks the pods that belong to groups (facts: kubernetes-objects §5.5). */
import { controllerOf, type KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import type { EventRecorder } from './event-recorder.ts';
import { markGroupPod } from './group-pods.ts';
import { ownerReference } from './llm-service/types.ts';
import { admitPod } from './pod-admission.ts';
import { counted } from './replica-sets.ts';
import { createTemplateRevisions } from './template-revisions.ts';
import { createWorkQueue, keyOfObject, splitKey } from './work-queue.ts';
import { isReady, isTerminal, isTerminating, type Pod, type PodTemplate } from './workload-types.ts';

const REACTION_MS = 20;
const SOURCE = { component: 'statefulset-controller' };

export const STATEFUL_SETS = 'statefulsets.apps';

export interface StatefulSet extends KubernetesObject {
  spec: {
    replicas?: number;
    ordinals?: { start: number };
    serviceName?: string;
    selector: { matchLabels?: Record<string, string> };
    template: PodTemplate;
  };
  status?: Record<string, unknown> & {
    currentRevision?: string;
    updateRevision?: string;
    readyReplicas?: number;
  };
}

const REVISION_HASH = 'controller-revision-hash';

export function startStatefulSetController(cluster: ClusterAccess, events: EventRecorder): () => void {
  const createPod = (set: StatefulSet, ordinal: number, revision: string): void => {
    const { template, serviceName } = set.spec;
    const name = `${set.metadata.name}-${ordinal}`;
    const pod = markGroupPod({
      metadata: {
        name,
        generateName: `${set.metadata.name}-`,
        namespace: set.metadata.namespace ?? '',
        labels: {
          ...template.metadata.labels,
          'apps.kubernetes.io/pod-index': String(ordinal),
          [REVISION_HASH]: revision,
          'statefulset.kubernetes.io/pod-name': name,
        },
        ...(template.metadata.annotations === undefined
          ? {}
          : { annotations: { ...template.metadata.annotations } }),
        ownerReferences: [ownerReference(set)],
      },
      spec: {
        ...structuredClone(template.spec),
        hostname: name,
        ...(serviceName === undefined ? {} : { subdomain: serviceName }),
      },
    });
    const { metadata, spec } = admitPod(cluster, pod);
    cluster.create<Pod>('pods', metadata, { spec, status: { phase: 'Pending', qosClass: 'Burstable' } });
    const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
    events.record(set, 'Normal', 'SuccessfulCreate', message, SOURCE);
  };

  const revisions = createTemplateRevisions(() => cluster.identifiers.suffix(10));

  const revisionOf = ({ metadata, spec, status }: StatefulSet): string => {
    const { name, uid = '' } = metadata;
    const present = (status?.updateRevision ?? status?.currentRevision)?.slice(name.length + 1);
    return `${name}-${revisions.of(uid, spec.template, present)}`;
  };

  const isOutdated = ({ metadata }: Pod, revision: string): boolean =>
    metadata.labels?.[REVISION_HASH] !== revision;

  /** A changed template goes from pod to pod, the last one first; the next one waits until the new ones are ready. */
  const roll = (set: StatefulSet, own: readonly Pod[], revision: string): void => {
    const isUnderWay = own.some((pod) => isTerminating(pod) || (!isOutdated(pod, revision) && !isReady(pod)));
    if (isUnderWay || own.length < (set.spec.replicas ?? 1)) return;
    const ordinalOf = ({ metadata }: Pod): number => Number(metadata.name.split('-').at(-1));
    const [last] = own
      .filter((pod) => isOutdated(pod, revision))
      .toSorted((a, b) => ordinalOf(b) - ordinalOf(a));
    if (last === undefined) return;
    const message = `delete Pod ${last.metadata.name} in StatefulSet ${set.metadata.name} successful`;
    events.record(set, 'Normal', 'SuccessfulDelete', message, SOURCE);
    cluster.remove('pods', last);
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const set = cluster.get<StatefulSet>(STATEFUL_SETS, ...splitKey(key));
    if (set === undefined || isTerminating(set)) return;
    const { namespace, name } = set.metadata;
    const { replicas: wanted = 1, ordinals } = set.spec;
    const revision = revisionOf(set);
    const own = cluster
      .list<Pod>('pods', namespace)
      .filter((pod) => controllerOf(pod)?.uid === set.metadata.uid);
    const first = ordinals?.start ?? 0;
    const names = Array.from({ length: wanted }, (_, index) => `${name}-${first + index}`);
    for (const [index, podName] of names.entries()) {
      // A name is free again only when its pod is gone.
      if (!own.some(({ metadata }) => metadata.name === podName)) createPod(set, first + index, revision);
    }
    for (const pod of own) {
      if (isTerminating(pod)) continue;
      if (isTerminal(pod) || !names.includes(pod.metadata.name)) cluster.remove('pods', pod);
    }
    roll(set, own, revision);
    const now = cluster
      .list<Pod>('pods', namespace)
      .filter((pod) => controllerOf(pod)?.uid === set.metadata.uid && !isTerminating(pod));
    const ready = now.filter(isReady).length;
    const updated = now.filter((pod) => !isOutdated(pod, revision)).length;
    const isComplete = updated === wanted && now.length === wanted;
    const currentRevision = isComplete ? revision : (set.status?.currentRevision ?? revision);
    cluster.update<StatefulSet>(STATEFUL_SETS, set, (draft) => {
      draft.status = {
        ...counted({
          availableReplicas: ready,
          currentReplicas: now.filter((pod) => !isOutdated(pod, currentRevision)).length,
          readyReplicas: ready,
          updatedReplicas: updated,
        }),
        collisionCount: 0,
        currentRevision,
        observedGeneration: draft.metadata.generation ?? 1,
        replicas: now.length,
        updateRevision: revision,
      };
    });
  });

  // What is there now is what its pods were made from.
  for (const set of cluster.list<StatefulSet>(STATEFUL_SETS)) revisionOf(set);
  cluster.onChange([STATEFUL_SETS], ({ object }) => queue.add(keyOfObject(object)));
  cluster.onChange(['pods'], ({ object }) => {
    const owner = controllerOf(object);
    if (owner?.kind === 'StatefulSet') queue.add(`${object.metadata.namespace}/${owner.name}`);
  });
  return queue.stop;
}
