/** The states a pod's status goes through on its node, as pure functions of the state before. */
import type { Condition } from '../kubernetes-api/object.ts';
import type { Container, ContainerStatus, Pod, PodStatus } from './workload-types.ts';

/** The kubelet's order of conditions. */
const ORDER = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];

interface Why {
  reason: string;
  message: string;
}

function withConditions(
  conditions: Condition[] | undefined,
  states: Record<string, 'True' | Why>,
  now: string,
): Condition[] {
  const merged = new Map((conditions ?? []).map((condition) => [condition.type, condition]));
  for (const [type, state] of Object.entries(states)) {
    const status = state === 'True' ? 'True' : 'False';
    const current = merged.get(type);
    const lastTransitionTime = current?.status === status ? (current.lastTransitionTime ?? now) : now;
    merged.set(type, {
      lastProbeTime: null,
      lastTransitionTime,
      ...(state === 'True' ? {} : state),
      status,
      type,
    });
  }
  return [...merged.values()].sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type));
}

function unready(names: string[]): Why {
  return { reason: 'ContainersNotReady', message: `containers with unready status: [${names.join(' ')}]` };
}

function waiting({ name, image }: Container, reason: string): ContainerStatus {
  return {
    name,
    image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason } },
    lastState: {},
  };
}

export interface Process {
  containerID: string;
  imageID: string;
}

export interface Addresses {
  podIp: string;
  hostIp: string;
}

/** The pod has its sandbox and its address; containers wait. */
export function sandboxed({ spec, status }: Pod, { podIp, hostIp }: Addresses, now: string): PodStatus {
  const { initContainers = [], containers } = spec;
  const hasInit = initContainers.length > 0;
  const notReady = unready(containers.map(({ name }) => name));
  const incomplete: Why = {
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${initContainers.map(({ name }) => name).join(' ')}]`,
  };
  return {
    ...status,
    phase: 'Pending',
    startTime: now,
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    podIP: podIp,
    podIPs: [{ ip: podIp }],
    conditions: withConditions(
      status.conditions,
      {
        PodReadyToStartContainers: 'True',
        Initialized: hasInit ? incomplete : 'True',
        Ready: notReady,
        ContainersReady: notReady,
      },
      now,
    ),
    ...(hasInit
      ? { initContainerStatuses: initContainers.map((container) => waiting(container, 'PodInitializing')) }
      : {}),
    containerStatuses: containers.map((container) =>
      waiting(container, hasInit ? 'PodInitializing' : 'ContainerCreating'),
    ),
  };
}

/** A container waits for a reason of its own: its image does not come. */
export function held({ status }: Pod, name: string, why: Why): PodStatus {
  const hold = (statuses: ContainerStatus[]): ContainerStatus[] =>
    statuses.map((container) =>
      container.name === name ? { ...container, state: { waiting: { ...why } } } : container,
    );
  return {
    ...status,
    ...(status.initContainerStatuses === undefined
      ? {}
      : { initContainerStatuses: hold(status.initContainerStatuses) }),
    containerStatuses: hold(status.containerStatuses ?? []),
  };
}

export function initialized(
  { spec, status }: Pod,
  processOf: (container: Container) => Process,
  now: string,
): PodStatus {
  return {
    ...status,
    initContainerStatuses: (spec.initContainers ?? []).map((container) => ({
      ...waiting(container, 'PodInitializing'),
      ...processOf(container),
      ready: true,
      ...(container.restartPolicy === 'Always' ? { started: true } : {}),
      state:
        container.restartPolicy === 'Always'
          ? { running: { startedAt: now } }
          : { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } },
    })),
    conditions: withConditions(status.conditions, { Initialized: 'True' }, now),
  };
}

/** Containers run; those with a readiness probe are not ready yet. */
export function running(
  { spec, status }: Pod,
  processOf: (container: Container) => Process,
  now: string,
): PodStatus {
  const probed = spec.containers
    .filter(({ readinessProbe }) => readinessProbe !== undefined)
    .map(({ name }) => name);
  return {
    ...status,
    phase: 'Running',
    containerStatuses: spec.containers.map((container) => ({
      ...waiting(container, 'ContainerCreating'),
      ...processOf(container),
      ready: !probed.includes(container.name),
      started: true,
      state: { running: { startedAt: now } },
    })),
    conditions: withConditions(
      status.conditions,
      { Ready: unready(probed), ContainersReady: unready(probed) },
      now,
    ),
  };
}

export function ready({ status }: Pod, now: string): PodStatus {
  return {
    ...status,
    containerStatuses: (status.containerStatuses ?? []).map((container) => ({ ...container, ready: true })),
    conditions: withConditions(status.conditions, { Ready: 'True', ContainersReady: 'True' }, now),
  };
}

/** A container whose process has failed (exit code 1) runs again, and is not ready yet. */
export function restarted({ status }: Pod, name: string, containerID: string, now: string): PodStatus {
  const notReady = unready([name]);
  return {
    ...status,
    containerStatuses: (status.containerStatuses ?? []).map((container) =>
      container.name === name
        ? {
            ...container,
            containerID,
            ready: false,
            restartCount: container.restartCount + 1,
            lastState: {
              terminated: {
                exitCode: 1,
                reason: 'Error',
                startedAt: container.state.running?.startedAt ?? now,
                finishedAt: now,
                ...(container.containerID === undefined ? {} : { containerID: container.containerID }),
              },
            },
            state: { running: { startedAt: now } },
          }
        : container,
    ),
    conditions: withConditions(status.conditions, { Ready: notReady, ContainersReady: notReady }, now),
  };
}

/** SIGTERM ended the processes (143); containers that never ran count as killed (137). */
export function ended({ status }: Pod, now: string): PodStatus {
  const failed: Why = { reason: 'PodFailed', message: '' };
  return {
    ...status,
    phase: 'Failed',
    containerStatuses: (status.containerStatuses ?? []).map((container) => ({
      ...container,
      ready: false,
      started: false,
      state: {
        terminated: {
          exitCode: container.state.running === undefined ? 137 : 143,
          reason: 'Error',
          startedAt: container.state.running?.startedAt ?? now,
          finishedAt: now,
          ...(container.containerID === undefined ? {} : { containerID: container.containerID }),
        },
      },
    })),
    conditions: withConditions(status.conditions, { Ready: failed, ContainersReady: failed }, now),
  };
}
