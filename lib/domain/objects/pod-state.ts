import type { ContainerStatus, KubePod } from './core';
import { findCondition } from './meta';

export const POD_STATES = [
  'serving',
  'terminating',
  'finished',
  'failed',
  'gated',
  'unschedulable',
  'image',
  'starting',
  'crashing',
  'restart-loop',
  'loading',
  'unready',
  'node-lost',
] as const;
export type PodStateKind = (typeof POD_STATES)[number];

export interface PodState {
  kind: PodStateKind;
  /** Why it does not serve, in plain words; `null` when it serves. */
  waitingReason: string | null;
  /** It gets ready by itself if nothing goes wrong. */
  progressing: boolean;
}

const IMAGE_REASONS: ReadonlySet<string> = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
]);

const KUEUE_GATE = 'kueue.x-k8s.io/admission';

/** What a pod does, for humans; the first match wins (order of kubernetes-objects §6). */
export function podState(pod: KubePod): PodState {
  if (pod.meta.deletedAt !== null) return waiting('terminating', 'Terminating');
  if (pod.phase === 'Succeeded') return waiting('finished', 'Finished');
  if (pod.phase === 'Failed') return waiting('failed', `Failed${exitText(worstStatus(pod))}`);
  const scheduled = findCondition(pod.conditions, 'PodScheduled');
  if (pod.schedulingGates.length > 0 || scheduled?.reason === 'SchedulingGated') {
    return waiting('gated', gateText(pod));
  }
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    return waiting('unschedulable', `No node fits: ${scheduled.message ?? 'the scheduler gave no reason'}`);
  }
  if (isPodReady(pod)) return { kind: 'serving', waitingReason: null, progressing: false };

  const image = pod.containerStatuses.find(
    (status) => status.state?.kind === 'waiting' && IMAGE_REASONS.has(status.state.reason ?? ''),
  );
  if (image?.state?.kind === 'waiting') {
    return waiting(
      'image',
      `Image cannot be pulled (${image.state.reason}): ${image.state.message ?? image.name}`,
    );
  }
  const crashing = pod.containerStatuses.find(
    (status) => status.state?.kind === 'waiting' && status.state.reason === 'CrashLoopBackOff',
  );
  if (crashing !== undefined) {
    return waiting('crashing', `Crashing: ${restartsText(crashing)}${exitText(crashing)}`);
  }
  if (isNodeLost(pod)) return waiting('node-lost', 'Its node does not report any more');
  const restarted = worstStatus(pod);
  if (restarted !== null && restarted.restarts > 0) {
    if (hasServedBefore(pod, restarted)) {
      return waiting(
        'loading',
        `${loadingText(pod)} again: ${restartsText(restarted)}${exitText(restarted)}`,
        true,
      );
    }
    const killed = restarted.lastTermination?.exitCode === 137;
    return killed
      ? waiting(
          'restart-loop',
          `Killed and restarted before it was ready: ${restartsText(restarted)}${exitText(restarted)}`,
        )
      : waiting('restart-loop', `Restarting: ${restartsText(restarted)}${exitText(restarted)}`);
  }
  if (pod.phase === 'Running') {
    return isUnready(pod)
      ? waiting('unready', 'Not ready any more: its readiness probe fails')
      : waiting('loading', loadingText(pod), true);
  }
  const step = pod.containerStatuses.find((status) => status.init && status.state?.kind === 'running');
  return waiting(
    'starting',
    step === undefined ? 'Starting: creating containers' : `Starting: ${step.name} runs`,
    true,
  );
}

function loadingText(pod: KubePod): string {
  if (!hasGpu(pod)) return 'Running, not ready yet';
  return hasStartedUp(pod) ? 'Started, not ready yet' : 'Loading the model';
}

function hasGpu(pod: KubePod): boolean {
  return pod.containers.some(({ gpus }) => Object.keys(gpus).length > 0);
}

/** A startup probe has let it through; where there is none, running says nothing. */
function hasStartedUp(pod: KubePod): boolean {
  return pod.containers.some(
    ({ name, startupProbe }) =>
      startupProbe !== null && pod.containerStatuses.find((status) => status.name === name)?.started === true,
  );
}

/**
 * The node controller takes readiness from the pods of a node that has fallen silent; what the kubelet last said of their containers
 * stays as it was.
 */
function isNodeLost(pod: KubePod): boolean {
  const ready = findCondition(pod.conditions, 'Ready');
  if (ready?.status !== 'False') return false;
  const apps = appStatuses(pod);
  return (
    ready.reason === 'NodeNotReady' ||
    (ready.reason === null && apps.length > 0 && apps.every((status) => status.ready))
  );
}

/** Object times have whole seconds, and the kubelet writes conditions a moment after it has acted; no engine is ready this soon. */
const SOONEST_READY_MS = 10_000;

/** Readiness was lost in the present run of its containers: it does not load, it has stopped serving. */
function isUnready(pod: KubePod): boolean {
  const starts = appStatuses(pod).map(({ state }) => (state?.kind === 'running' ? state.startedAt : null));
  return starts.length > 0 && starts.every((startedAt) => lostReadinessAfter(pod, startedAt));
}

/** It was ready in the run that ended: it loads again, and nothing says that it will not come up. */
function hasServedBefore(pod: KubePod, { state, lastTermination }: ContainerStatus): boolean {
  return state?.kind === 'running' && lostReadinessAfter(pod, lastTermination?.startedAt ?? null);
}

function lostReadinessAfter(pod: KubePod, startedAt: string | null): boolean {
  const ready = findCondition(pod.conditions, 'Ready');
  if (ready?.status !== 'False' || ready.changedAt === null || startedAt === null) return false;
  return Date.parse(ready.changedAt) > Date.parse(startedAt) + SOONEST_READY_MS;
}

function appStatuses(pod: KubePod): readonly ContainerStatus[] {
  return pod.containerStatuses.filter((status) => !status.init);
}

/** Condition Ready, and not on its way out. */
export function isPodReady(pod: KubePod): boolean {
  return pod.meta.deletedAt === null && findCondition(pod.conditions, 'Ready')?.status === 'True';
}

/** Holds its node's resources: bound to a node and not in a terminal phase. */
export function holdsResources(pod: KubePod): boolean {
  return pod.nodeName !== null && pod.phase !== 'Succeeded' && pod.phase !== 'Failed';
}

/** Restarts of all its app containers. */
export function podRestarts(pod: KubePod): number {
  return pod.containerStatuses.reduce((sum, status) => (status.init ? sum : sum + status.restarts), 0);
}

function waiting(kind: PodStateKind, waitingReason: string, progressing = false): PodState {
  return { kind, waitingReason, progressing };
}

function gateText(pod: KubePod): string {
  if (!pod.schedulingGates.includes(KUEUE_GATE)) {
    return `Held back by a scheduling gate${pod.schedulingGates.length > 0 ? `: ${pod.schedulingGates.join(', ')}` : ''}`;
  }
  const queue = pod.meta.labels['kueue.x-k8s.io/queue-name'];
  return `Waiting for quota: held by Kueue${queue === undefined ? '' : ` in queue ${queue}`}`;
}

function worstStatus(pod: KubePod): ContainerStatus | null {
  return appStatuses(pod).reduce<ContainerStatus | null>(
    (worst, status) => (worst === null || status.restarts > worst.restarts ? status : worst),
    null,
  );
}

function restartsText(status: ContainerStatus): string {
  return `${status.name} restarted ${status.restarts} ${status.restarts === 1 ? 'time' : 'times'}`;
}

function exitText(status: ContainerStatus | null): string {
  const terminated = status?.state?.kind === 'terminated' ? status.state : status?.lastTermination;
  if (terminated === null || terminated === undefined || terminated.exitCode === null) return '';
  const reason = terminated.reason === null || terminated.reason === 'Error' ? '' : ` (${terminated.reason})`;
  return `, last exit code ${terminated.exitCode}${reason}`;
}
