/** The marks that LeaderWorkerSet's webhook puts on pods of groups (facts: kubernetes-objects §5.5). */
import { createHash } from 'node:crypto';
import type { NewPod } from './pod-admission.ts';
import type { Container } from './workload-types.ts';

const PREFIX = 'leaderworkerset.sigs.k8s.io';
export const SET_LABEL = `${PREFIX}/name`;
export const GROUP_LABEL = `${PREFIX}/group-index`;
export const GROUP_KEY_LABEL = `${PREFIX}/group-key`;
export const WORKER_LABEL = `${PREFIX}/worker-index`;
export const REVISION_LABEL = `${PREFIX}/template-revision-hash`;
export const SIZE_ANNOTATION = `${PREFIX}/size`;
export const LEADER_ANNOTATION = `${PREFIX}/leader-name`;

export function groupKey(namespace: string, leader: string): string {
  return createHash('sha1').update(`${namespace}/${leader}`).digest('hex');
}

/** The template says to which set a pod belongs; leaders come with worker index 0, workers with their group. */
export function markGroupPod(pod: NewPod): NewPod {
  const { labels = {}, annotations = {}, name, namespace = '' } = pod.metadata;
  const set = labels[SET_LABEL];
  if (set === undefined) return pod;
  const ordinal = labels['apps.kubernetes.io/pod-index'] ?? '0';
  const isLeader = labels[WORKER_LABEL] === '0';
  const group = isLeader ? ordinal : (labels[GROUP_LABEL] ?? '0');
  const workerIndex = isLeader ? '0' : ordinal;
  const leader = `${set}-${group}`;
  const withEnvironment = (container: Container): Container => ({
    ...container,
    env: [
      { name: 'LWS_LEADER_ADDRESS', value: `${leader}.${set}.${namespace}` },
      ...(container.env ?? []),
      { name: 'LWS_GROUP_SIZE', value: annotations[SIZE_ANNOTATION] ?? '1' },
      { name: 'LWS_WORKER_INDEX', value: workerIndex },
    ],
  });
  const { initContainers } = pod.spec;
  return {
    metadata: {
      ...pod.metadata,
      name,
      labels: {
        ...labels,
        [GROUP_LABEL]: group,
        [GROUP_KEY_LABEL]: groupKey(namespace, leader),
        [WORKER_LABEL]: workerIndex,
      },
      annotations: { ...annotations, ...(isLeader ? {} : { [LEADER_ANNOTATION]: leader }) },
    },
    spec: {
      ...pod.spec,
      containers: pod.spec.containers.map(withEnvironment),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(withEnvironment) }),
    },
  };
}
