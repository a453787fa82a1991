/** READY, STATUS and RESTARTS of a pod, as the API server's printer derives them. */
import { ageOf } from './duration.ts';
import { jsonPath } from './json-path.ts';
import { type KubernetesObject, valueAt } from './object.ts';

interface ContainerStatus {
  name: string;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
  state?: Record<
    string,
    { reason?: string; exitCode?: number; signal?: number; message?: string } | undefined
  >;
  lastState?: { terminated?: { finishedAt?: string } };
}

function containerStatuses(pod: KubernetesObject, field: string): ContainerStatus[] {
  const statuses = valueAt(pod, 'status', field);
  return Array.isArray(statuses) ? statuses : [];
}

/** kubectl's STATUS of a pod: the phase, or why it is not what one expects. */
export function podStatusText(pod: KubernetesObject): string {
  let reason = String(valueAt(pod, 'status', 'reason') ?? valueAt(pod, 'status', 'phase') ?? 'Unknown');
  const gated =
    jsonPath(pod, ".status.conditions[?(@.type=='PodScheduled')].reason")[0] === 'SchedulingGated';
  if (gated) reason = 'SchedulingGated';

  const initialStatuses = containerStatuses(pod, 'initContainerStatuses');
  const initialCount = jsonPath(pod, '.spec.initContainers[*]').length;
  let isInitializing = false;
  for (const [index, status] of initialStatuses.entries()) {
    if (status.state?.terminated?.exitCode === 0) continue;
    if (status.state?.terminated !== undefined) {
      reason = `Init:${status.state.terminated.reason ?? `ExitCode:${status.state.terminated.exitCode}`}`;
    } else if (
      status.state?.waiting?.reason !== undefined &&
      status.state.waiting.reason !== 'PodInitializing'
    ) {
      reason = `Init:${status.state.waiting.reason}`;
    } else reason = `Init:${index}/${initialCount}`;
    isInitializing = true;
    break;
  }

  if (!isInitializing) {
    let hasRunning = false;
    for (const status of containerStatuses(pod, 'containerStatuses').toReversed()) {
      const { waiting, terminated } = status.state ?? {};
      if (waiting?.reason !== undefined) reason = waiting.reason;
      else if (terminated !== undefined) reason = terminated.reason ?? `ExitCode:${terminated.exitCode}`;
      else if (status.ready === true && status.state?.running !== undefined) hasRunning = true;
    }
    if (reason === 'Completed' && hasRunning) reason = 'Running';
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    reason = valueAt(pod, 'status', 'reason') === 'NodeLost' ? 'Unknown' : 'Terminating';
  }
  return reason;
}

export function podRestarts(pod: KubernetesObject, nowMs: number): string {
  const statuses = containerStatuses(pod, 'containerStatuses');
  const restarts = statuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const last = statuses
    .flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? [])
    .sort()
    .at(-1);
  return restarts > 0 && last !== undefined ? `${restarts} (${ageOf(last, nowMs)} ago)` : String(restarts);
}

export function podReadyText(pod: KubernetesObject): string {
  const ready = containerStatuses(pod, 'containerStatuses').filter((status) => status.ready === true).length;
  return `${ready}/${jsonPath(pod, '.spec.containers[*]').length}`;
}
