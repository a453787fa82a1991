import type { ClusterSnapshot } from './cluster';
import { armOf, groupOf, roleOf } from './objects/arms';
import type { KubePod } from './objects/core';
import { engineContainer } from './objects/engine-arguments';
import { podGpus } from './objects/gpus';
import { findCondition } from './objects/meta';
import { isPodReady, type PodState, podRestarts, podState } from './objects/pod-state';
import type { PlacementPod, QueueQuota } from './placement';
import { deriveQuota } from './placement-scaling';
import { plainSchedulerMessage } from './placement-words';
import { knownPods } from './readable';
import type { DemoSettings } from './settings';

const ARM_ORDER = { baseline: 0, distributed: 1, other: 2 } as const;

/** The arms' pods and every pod that asks for a GPU, the arms first, then by age. */
export function derivePods(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  queuePositions: ReadonlyMap<string, number> = new Map(),
): PlacementPod[] {
  const quota = deriveQuota(settings, cluster);
  return knownPods(settings, cluster)
    .pods.filter((pod) => isListed(pod, settings))
    .map((pod) => withQuota(toPlacementPod(pod, settings), pod, quota, queuePositions.get(pod.meta.uid)))
    .sort(
      (a, b) =>
        ARM_ORDER[a.arm] - ARM_ORDER[b.arm] ||
        compareText(a.createdAt, b.createdAt) ||
        compareText(a.name, b.name),
    );
}

/** Asked of every pod of the cluster, so the cheap questions come first. */
function isListed(pod: KubePod, settings: DemoSettings): boolean {
  if (pod.phase === 'Succeeded') return false;
  if (armOf(pod, settings) !== 'other') return true;
  return pod.phase !== 'Failed' && podGpus(pod.containers) > 0;
}

function toPlacementPod(pod: KubePod, settings: DemoSettings): PlacementPod {
  const arm = armOf(pod, settings);
  const state = podState(pod);
  return {
    name: pod.meta.name,
    namespace: pod.meta.namespace ?? '',
    uid: pod.meta.uid,
    arm,
    role: roleOf(pod, arm),
    node: pod.nodeName,
    gpus: podGpus(pod.containers),
    phase: pod.phase,
    ready: isPodReady(pod),
    terminating: pod.meta.deletedAt !== null,
    restarts: podRestarts(pod),
    waitingReason: waitingWords(pod, state),
    group: groupOf(pod),
    createdAt: pod.meta.createdAt ?? '',
    doing: state.kind,
    progressing: state.progressing,
    since: sinceOf(pod, state),
  };
}

/** What stands between a pod and its quota: how much of the queue's is used, and its place or who else waits. */
function withQuota(
  placed: PlacementPod,
  pod: KubePod,
  quota: QueueQuota | null,
  before: number | undefined,
): PlacementPod {
  const isOurs = quota !== null && pod.meta.labels['kueue.x-k8s.io/queue-name'] === quota.localQueue;
  if (placed.doing !== 'gated' || !isOurs) return placed;
  const used =
    quota.used === null || quota.total === null ? '' : `, ${quota.used} of ${quota.total} GPUs in use`;
  const waitingReason = `${placed.waitingReason ?? 'Waiting for quota'}${used}${lineWords(quota, before)}`;
  return { ...placed, waitingReason };
}

function lineWords({ pendingWorkloads }: QueueQuota, before: number | undefined): string {
  if (before !== undefined) return before === 0 ? ', next in line' : `, ${before} before it in line`;
  const others = (pendingWorkloads ?? 1) - 1;
  return others > 0 ? `, ${others} more in line` : '';
}

/** Why a pod does not serve, short enough for the stage; the scheduler's own words stay in its Event. */
export function waitingWords(pod: KubePod, state: PodState = podState(pod)): string | null {
  if (state.kind !== 'unschedulable') return state.waitingReason;
  const message = findCondition(pod.conditions, 'PodScheduled')?.message ?? null;
  return message === null ? state.waitingReason : `No node fits: ${plainSchedulerMessage(message)}`;
}

/** Since when it does what it does. A deletion timestamp is the end of the grace period, not its begin. */
function sinceOf(pod: KubePod, { kind }: PodState): string | null {
  switch (kind) {
    case 'gated':
    case 'unschedulable':
      return pod.meta.createdAt;
    case 'image':
    case 'starting':
      return scheduledAt(pod) ?? pod.meta.createdAt;
    case 'loading':
      return engineStartedAt(pod) ?? pod.startedAt;
    case 'serving':
      return readyAt(pod);
    case 'unready':
    case 'node-lost':
      return findCondition(pod.conditions, 'Ready')?.changedAt ?? null;
    case 'crashing':
    case 'restart-loop':
    case 'terminating':
    case 'finished':
    case 'failed':
      return null;
    default:
      return kind satisfies never;
  }
}

export function scheduledAt(pod: KubePod): string | null {
  const scheduled = findCondition(pod.conditions, 'PodScheduled');
  return scheduled?.status === 'True' ? scheduled.changedAt : null;
}

export function readyAt(pod: KubePod): string | null {
  const ready = findCondition(pod.conditions, 'Ready');
  return ready?.status === 'True' ? ready.changedAt : null;
}

/** Start of the container the engine runs in, else of the first app container that runs. */
export function engineStartedAt(pod: KubePod): string | null {
  const apps = pod.containerStatuses.filter((status) => !status.init);
  const engine = engineContainer(pod)?.name;
  const status = apps.find(({ name }) => name === engine) ?? apps[0];
  return status?.state?.kind === 'running' ? status.state.startedAt : null;
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
