/** What nodes do with the pods bound to them: start containers, probe them, stop them. */
import type { Condition } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { setCondition } from './conditions.ts';
import { type EngineHost, enginePlanOf } from './engines.ts';
import type { EventRecorder } from './event-recorder.ts';
import { addressesOf } from './pod-network.ts';
import {
  type Container,
  type ContainerStatus,
  isReady,
  isTerminal,
  isTerminating,
  type Pod,
} from './workload-types.ts';

/** How long the weights take from disk to GPU: started 14:05:03, ready 14:08:33 in the scene (facts: samples INDEX). */
const MODEL_LOAD_MS = 210_000;
const SANDBOX_MS = 800;
const INIT_CONTAINER_MS = 700;
const START_CONTAINERS_MS = 500;
/** vLLM leaves soon after SIGTERM; the rest of the grace period is not used. */
const STOP_MS = 2000;
/** A container without an engine and without a slow start answers its probes at once. */
const ORDINARY_START_MS = 200;
const SHORTEST_PROBE_MS = 1000;

export interface KubeletOptions {
  cluster: ClusterAccess;
  events: EventRecorder;
  engines: EngineHost;
  /**
   * Factor on the waits that make a rehearsal slow: the model's load time, and the delays and periods of readiness
   * probes (these never below a second). 1 is real time.
   */
  timeFactor: number;
}

interface Sandbox {
  timers: Set<() => void>;
  isStopping: boolean;
}

export function startKubelet({ cluster, events, engines, timeFactor }: KubeletOptions): () => void {
  const sandboxes = new Map<string, Sandbox>();

  const sourceOf = (pod: Pod): { component: string; host: string } => ({
    component: 'kubelet',
    host: pod.spec.nodeName ?? '',
  });
  const current = (pod: Pod): Pod | undefined => {
    const now = cluster.get<Pod>('pods', pod.metadata.namespace, pod.metadata.name);
    return now?.metadata.uid === pod.metadata.uid ? now : undefined;
  };
  const later = (pod: Pod, delayMs: number, task: (pod: Pod) => void): void => {
    const sandbox = sandboxes.get(pod.metadata.uid ?? '');
    if (sandbox === undefined) return;
    const cancel = cluster.clock.schedule(delayMs, () => {
      sandbox.timers.delete(cancel);
      const now = current(pod);
      if (now !== undefined) task(now);
    });
    sandbox.timers.add(cancel);
  };

  const withConditions = (
    conditions: Condition[] | undefined,
    states: Record<string, 'True' | 'False'>,
    reason?: string,
    message?: string,
  ): Condition[] =>
    Object.entries(states).reduce(
      (result, [type, status]) =>
        setCondition(
          result,
          {
            type,
            status,
            ...(status === 'False' && reason !== undefined ? { reason, message: message ?? '' } : {}),
          },
          cluster.now(),
          { lastProbeTime: null },
        ),
      conditions ?? [],
    );

  const waitingStatus = ({ name, image }: Container, reason: string): ContainerStatus => ({
    name,
    image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason } },
    lastState: {},
  });

  const announceStart = (pod: Pod, container: Container, list: 'containers' | 'initContainers'): void => {
    const about = (reason: string, message: string): void =>
      events.record(pod, 'Normal', reason, message, sourceOf(pod), `spec.${list}{${container.name}}`);
    about('Pulled', `Container image "${container.image}" already present on machine`);
    about('Created', `Created container: ${container.name}`);
    about('Started', `Started container ${container.name}`);
  };

  const unready = (pod: Pod): string =>
    `containers with unready status: [${pod.spec.containers.map(({ name }) => name).join(' ')}]`;

  const createSandbox = (pod: Pod): void => {
    const { podIp, hostIp, annotations } = addressesOf(cluster, pod);
    cluster.update('pods', pod, (draft) => {
      const hasInit = (draft.spec.initContainers ?? []).length > 0;
      draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations };
      draft.status = {
        ...draft.status,
        phase: 'Pending',
        startTime: cluster.now(),
        hostIP: hostIp,
        hostIPs: [{ ip: hostIp }],
        podIP: podIp,
        podIPs: [{ ip: podIp }],
        conditions: withConditions(
          withConditions(draft.status.conditions, {
            PodReadyToStartContainers: 'True',
            ...(hasInit ? {} : { Initialized: 'True' }),
          }),
          { ...(hasInit ? { Initialized: 'False' } : {}), Ready: 'False', ContainersReady: 'False' },
          'ContainersNotReady',
          unready(draft),
        ),
        ...(hasInit
          ? {
              initContainerStatuses: (draft.spec.initContainers ?? []).map((container) =>
                waitingStatus(container, 'PodInitializing'),
              ),
            }
          : {}),
        containerStatuses: draft.spec.containers.map((container) =>
          waitingStatus(container, hasInit ? 'PodInitializing' : 'ContainerCreating'),
        ),
      };
    });
    if ((pod.spec.initContainers ?? []).length > 0) later(pod, INIT_CONTAINER_MS, finishInitContainers);
    else later(pod, START_CONTAINERS_MS, startContainers);
  };

  const finishInitContainers = (pod: Pod): void => {
    for (const container of pod.spec.initContainers ?? []) announceStart(pod, container, 'initContainers');
    cluster.update('pods', pod, (draft) => {
      draft.status.initContainerStatuses = (draft.spec.initContainers ?? []).map((container) => ({
        ...waitingStatus(container, 'PodInitializing'),
        ...processIdentity(container),
        ready: true,
        state: {
          terminated: {
            exitCode: 0,
            reason: 'Completed',
            startedAt: cluster.now(),
            finishedAt: cluster.now(),
          },
        },
      }));
      draft.status.conditions = withConditions(draft.status.conditions, { Initialized: 'True' });
    });
    later(pod, START_CONTAINERS_MS, startContainers);
  };

  const processIdentity = ({ image }: Container): { containerID: string; imageID: string } => ({
    containerID: `cri-o://${cluster.identifiers.hex(64)}`,
    imageID: image.includes('@') ? image : `${image.split(':')[0]}@sha256:${cluster.identifiers.hex(64)}`,
  });

  const startContainers = (pod: Pod): void => {
    for (const container of pod.spec.containers) announceStart(pod, container, 'containers');
    const slow = new Set(
      pod.spec.containers
        .filter(({ readinessProbe }) => readinessProbe !== undefined)
        .map(({ name }) => name),
    );
    cluster.update('pods', pod, (draft) => {
      draft.status.phase = 'Running';
      draft.status.containerStatuses = draft.spec.containers.map((container) => ({
        ...waitingStatus(container, 'ContainerCreating'),
        ...processIdentity(container),
        ready: !slow.has(container.name),
        started: true,
        state: { running: { startedAt: cluster.now() } },
      }));
      draft.status.conditions = withConditions(
        draft.status.conditions,
        { Ready: 'False', ContainersReady: 'False' },
        'ContainersNotReady',
        `containers with unready status: [${[...slow].join(' ')}]`,
      );
    });
    const plan = enginePlanOf(pod);
    let isServing = false;
    if (plan === null)
      later(pod, ORDINARY_START_MS, () => {
        isServing = true;
      });
    else {
      later(pod, MODEL_LOAD_MS * timeFactor, (loaded) => {
        void engines.start(loaded, plan).then((entry) => {
          if (sandboxes.get(entry.podUid)?.isStopping === false) isServing = true;
          else entry.kill();
        });
      });
    }
    const probed = pod.spec.containers.find(({ readinessProbe }) => readinessProbe !== undefined);
    if (probed?.readinessProbe === undefined) {
      becomeReady(pod);
      return;
    }
    const { initialDelaySeconds = 0, periodSeconds = 10 } = probed.readinessProbe;
    const scaled = (seconds: number): number => Math.max(SHORTEST_PROBE_MS, seconds * 1000 * timeFactor);
    const probe = (probedPod: Pod): void => {
      if (isServing) {
        becomeReady(probedPod);
        return;
      }
      events.record(
        probedPod,
        'Warning',
        'Unhealthy',
        refusal(probedPod, probed),
        sourceOf(probedPod),
        `spec.containers{${probed.name}}`,
      );
      later(probedPod, scaled(periodSeconds), probe);
    };
    later(pod, scaled(initialDelaySeconds), probe);
  };

  /** What the kubelet says of a port that nobody listens on. */
  const refusal = (pod: Pod, { readinessProbe, ports }: Container): string => {
    const http = readinessProbe?.httpGet;
    const port =
      http?.port ??
      readinessProbe?.tcpSocket?.port ??
      readinessProbe?.grpc?.port ??
      ports?.[0]?.containerPort;
    const address = `${pod.status.podIP}:${port}`;
    const dial = `dial tcp ${address}: connect: connection refused`;
    if (readinessProbe?.grpc !== undefined)
      return `Readiness probe failed: timeout: failed to connect service "${address}" within 1s: context deadline exceeded`;
    if (http === undefined) return `Readiness probe failed: ${dial}`;
    return `Readiness probe failed: Get "${(http.scheme ?? 'HTTP').toLowerCase()}://${address}${http.path ?? '/'}": ${dial}`;
  };

  const becomeReady = (pod: Pod): void => {
    if (isTerminating(pod)) return;
    cluster.update('pods', pod, (draft) => {
      draft.status.containerStatuses = (draft.status.containerStatuses ?? []).map((status) => ({
        ...status,
        ready: true,
      }));
      draft.status.conditions = (draft.status.conditions ?? []).map((condition) =>
        (condition.type === 'Ready' || condition.type === 'ContainersReady') && condition.status !== 'True'
          ? {
              lastProbeTime: null,
              lastTransitionTime: cluster.now(),
              status: 'True' as const,
              type: condition.type,
            }
          : condition,
      );
    });
  };

  const stopPod = (pod: Pod): void => {
    const sandbox = sandboxes.get(pod.metadata.uid ?? '');
    if (sandbox === undefined || sandbox.isStopping) return;
    sandbox.isStopping = true;
    for (const cancel of sandbox.timers) cancel();
    sandbox.timers.clear();
    for (const { name } of pod.spec.containers) {
      events.record(
        pod,
        'Normal',
        'Killing',
        `Stopping container ${name}`,
        sourceOf(pod),
        `spec.containers{${name}}`,
      );
    }
    const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
    later(pod, Math.min(STOP_MS, graceMs), endPod);
  };

  /** The containers are gone: the engine with its sockets first, then the pod's status, then the pod itself. */
  const endPod = (pod: Pod): void => {
    engines.get(pod.metadata.uid ?? '')?.kill();
    cluster.update('pods', pod, (draft) => {
      draft.status.phase = 'Failed';
      draft.status.containerStatuses = (draft.status.containerStatuses ?? []).map((status) => ({
        ...status,
        ready: false,
        started: false,
        state: {
          terminated: {
            exitCode: status.state.running === undefined ? 137 : 143,
            reason: 'Error',
            startedAt: status.state.running?.startedAt ?? cluster.now(),
            finishedAt: cluster.now(),
            ...(status.containerID === undefined ? {} : { containerID: status.containerID }),
          },
        },
      }));
      draft.status.conditions = withConditions(
        draft.status.conditions,
        { Ready: 'False', ContainersReady: 'False' },
        'PodFailed',
        '',
      );
      draft.metadata.deletionGracePeriodSeconds = 0;
    });
  };

  /** Takes on a pod; those that run already (a scene that was loaded) get their engine at once. */
  const adopt = (pod: Pod): void => {
    const uid = pod.metadata.uid ?? '';
    if (pod.spec.nodeName === undefined || isTerminal(pod) || sandboxes.has(uid)) return;
    sandboxes.set(uid, { timers: new Set(), isStopping: false });
    if (isTerminating(pod)) {
      stopPod(pod);
      return;
    }
    if (pod.status.phase === 'Running') {
      const plan = enginePlanOf(pod);
      if (plan !== null && isReady(pod)) void engines.start(pod, plan);
      return;
    }
    later(pod, SANDBOX_MS, createSandbox);
  };

  cluster.onChange(['pods'], ({ type, object }) => {
    const pod = object as Pod;
    if (type === 'DELETED') {
      const uid = pod.metadata.uid ?? '';
      for (const cancel of sandboxes.get(uid)?.timers ?? []) cancel();
      sandboxes.delete(uid);
      engines.get(uid)?.kill();
      return;
    }
    adopt(pod);
    if (isTerminating(pod)) stopPod(pod);
  });
  for (const pod of cluster.list<Pod>('pods')) adopt(pod);

  return () => {
    for (const { timers } of sandboxes.values()) for (const cancel of timers) cancel();
    sandboxes.clear();
  };
}
