import type { DemoSettings } from '../settings';
import type { Arm, PodRole } from '../vocabulary';
import type { KubePod } from './core';
import type { ObjectMeta } from './meta';

/** Labels the controllers write (kubernetes-objects §3.6, §4, §5.5). Names are cut and hashed; labels are not. */
const LABEL = {
  name: 'app.kubernetes.io/name',
  partOf: 'app.kubernetes.io/part-of',
  component: 'app.kubernetes.io/component',
  role: 'llm-d.ai/role',
  inferenceService: 'serving.kserve.io/inferenceservice',
  groupSet: 'leaderworkerset.sigs.k8s.io/name',
  groupIndex: 'leaderworkerset.sigs.k8s.io/group-index',
  workerIndex: 'leaderworkerset.sigs.k8s.io/worker-index',
} as const;

const SCHEDULER_COMPONENT = 'llminferenceservice-router-scheduler';
const WORKLOAD_COMPONENT = 'llminferenceservice-workload';

/** Whether an object was made by the controller for the LLMInferenceService of that name. */
export function belongsToLlmService(meta: ObjectMeta, name: string): boolean {
  return (
    meta.owners.some((owner) => owner.kind === 'LLMInferenceService' && owner.name === name) ||
    (meta.labels[LABEL.partOf] === 'llminferenceservice' && meta.labels[LABEL.name] === name)
  );
}

/** Whether an object was made by the controller for the InferenceService of that name. */
export function belongsToInferenceService(meta: ObjectMeta, name: string): boolean {
  return (
    meta.owners.some((owner) => owner.kind === 'InferenceService' && owner.name === name) ||
    meta.labels[LABEL.inferenceService] === name
  );
}

export function isSchedulerObject(meta: ObjectMeta): boolean {
  return meta.labels[LABEL.component] === SCHEDULER_COMPONENT;
}

export function isWorkloadObject(meta: ObjectMeta): boolean {
  return meta.labels[LABEL.component]?.startsWith(WORKLOAD_COMPONENT) ?? false;
}

export function armOf(pod: KubePod, settings: DemoSettings): Arm | 'other' {
  if (pod.meta.namespace !== settings.namespace) return 'other';
  if (belongsToInferenceService(pod.meta, settings.baselineName)) return 'baseline';
  if (
    belongsToLlmService(pod.meta, settings.distributedName) &&
    (isSchedulerObject(pod.meta) || isWorkloadObject(pod.meta))
  ) {
    return 'distributed';
  }
  return 'other';
}

/** The role label first; leader and worker only without it. */
export function roleOf(pod: KubePod, arm: Arm | 'other'): PodRole {
  if (arm === 'baseline') return 'server';
  if (arm === 'other') return 'unknown';
  if (isSchedulerObject(pod.meta)) return 'scheduler';
  const role = pod.meta.labels[LABEL.role];
  if (role === 'both' || role === 'prefill' || role === 'decode') return role;
  const group = groupOf(pod);
  if (group !== null) return group.workerIndex === 0 ? 'leader' : 'worker';
  return 'unknown';
}

export interface PodGroup {
  set: string;
  groupIndex: number;
  workerIndex: number;
  size: number;
}

/** The LeaderWorkerSet group a pod is in; leadership is `workerIndex` 0. */
export function groupOf(pod: KubePod): PodGroup | null {
  const set = pod.meta.labels[LABEL.groupSet];
  const groupIndex = parseIndex(pod.meta.labels[LABEL.groupIndex]);
  const workerIndex = parseIndex(pod.meta.labels[LABEL.workerIndex]);
  const size = parseIndex(pod.meta.annotations['leaderworkerset.sigs.k8s.io/size']);
  return set === undefined || groupIndex === null || workerIndex === null || size === null
    ? null
    : { set, groupIndex, workerIndex, size };
}

function parseIndex(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null;
}

/** Pods of one arm that run the model (not its scheduler). */
export function enginePods(pods: readonly KubePod[], arm: Arm, settings: DemoSettings): readonly KubePod[] {
  return pods.filter((pod) => armOf(pod, settings) === arm && !isSchedulerObject(pod.meta));
}

export function schedulerPods(pods: readonly KubePod[], settings: DemoSettings): readonly KubePod[] {
  return pods.filter((pod) => armOf(pod, settings) === 'distributed' && isSchedulerObject(pod.meta));
}
