/** What nodes do with the pods bound to them: start containers, probe them, stop them. */
import type { ClusterAccess } from './cluster-access.ts';
import { type EngineHost, enginePlanOf } from './engines.ts';
import type { EventRecorder } from './event-recorder.ts';
import { type ContainerList, createImagePulls } from './image-pulls.ts';
import type { ImageStores } from './image-stores.ts';
import { addressesOf } from './pod-network.ts';
import { ended, initialized, type Process, ready, restarted, running, sandboxed } from './pod-status.ts';
import { UNREACHABLE } from './tolerations.ts';
import {
  type Container,
  isReady,
  isTerminal,
  isTerminating,
  type Node,
  type Pod,
  type PodStatus,
} from './workload-types.ts';

/** How long the weights take from disk to GPU: started 14:05:03, ready 14:08:33 in the scene (facts: samples INDEX). */
const MODEL_LOAD_MS = 210_000;
const SANDBOX_MS = 800;
const INIT_CONTAINER_MS = 700;
const START_CONTAINERS_MS = 500;
/** vLLM leaves soon after SIGTERM; the rest of the grace period is not used. */
const STOP_MS = 2000;
/** A container without an engine answers its probes almost at once. */
const ORDINARY_START_MS = 200;
const SHORTEST_PROBE_MS = 1000;
/** A container that fails for the first time is started again at once. */
const RESTART_MS = 1000;

export interface KubeletOptions {
  cluster: ClusterAccess;
  events: EventRecorder;
  engines: EngineHost;
  images: ImageStores;
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

/** What the kubelet says of a port that nobody listens on. */
function refusal(pod: Pod, { readinessProbe, ports }: Container): string {
  const { httpGet, tcpSocket, grpc } = readinessProbe ?? {};
  const port = httpGet?.port ?? tcpSocket?.port ?? grpc?.port ?? ports?.[0]?.containerPort;
  const address = `${pod.status.podIP}:${port}`;
  const dial = `dial tcp ${address}: connect: connection refused`;
  if (grpc !== undefined) {
    return `Readiness probe failed: timeout: failed to connect service "${address}" within 1s: context deadline exceeded`;
  }
  if (httpGet === undefined) return `Readiness probe failed: ${dial}`;
  const scheme = (httpGet.scheme ?? 'HTTP').toLowerCase();
  return `Readiness probe failed: Get "${scheme}://${address}${httpGet.path ?? '/'}": ${dial}`;
}

export function startKubelet({ cluster, events, engines, images, timeFactor }: KubeletOptions): () => void {
  const sandboxes = new Map<string, Sandbox>();
  const uidOf = (pod: Pod): string => pod.metadata.uid ?? '';

  const later = (pod: Pod, delayMs: number, task: (pod: Pod) => void): void => {
    const sandbox = sandboxes.get(uidOf(pod));
    if (sandbox === undefined) return;
    const cancel = cluster.clock.schedule(delayMs, () => {
      sandbox.timers.delete(cancel);
      const now = cluster.get<Pod>('pods', pod.metadata.namespace, pod.metadata.name);
      if (now !== undefined && now.metadata.uid === pod.metadata.uid) task(now);
    });
    sandbox.timers.add(cancel);
  };

  const cancelTimers = (pod: Pod): void => {
    const timers = sandboxes.get(uidOf(pod))?.timers;
    for (const cancel of timers ?? []) cancel();
    timers?.clear();
  };

  const report = (pod: Pod, next: (pod: Pod) => PodStatus): void => {
    cluster.update('pods', pod, (draft) => {
      draft.status = next(draft);
    });
  };

  const tell = (pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string, field: string): void =>
    events.record(pod, type, reason, message, { component: 'kubelet', host: pod.spec.nodeName ?? '' }, field);

  const pulls = createImagePulls({ images, later, report, tell });

  /** Starts the containers of a list one after the other, each once its node has the image. */
  const startEach = (pod: Pod, list: ContainerList, then: (pod: Pod) => void, index = 0): void => {
    const container = pod.spec[list]?.[index];
    if (container === undefined) then(pod);
    else startOne(pod, container, list, (started) => startEach(started, list, then, index + 1));
  };

  const startOne = (pod: Pod, { name }: Container, list: ContainerList, then: (pod: Pod) => void): void =>
    pulls.ensure(pod, list, name, (supplied) => {
      const field = `spec.${list}{${name}}`;
      tell(supplied, 'Normal', 'Created', `Created container: ${name}`, field);
      tell(supplied, 'Normal', 'Started', `Started container ${name}`, field);
      then(supplied);
    });

  const processOf = ({ image }: Container): Process => ({
    containerID: `cri-o://${cluster.identifiers.hex(64)}`,
    imageID: image.includes('@') ? image : `${image.split(':')[0]}@sha256:${cluster.identifiers.hex(64)}`,
  });

  const createSandbox = (pod: Pod): void => {
    const { annotations, ...addresses } = addressesOf(cluster, pod);
    cluster.update('pods', pod, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations };
      draft.status = sandboxed(draft, addresses, cluster.now());
    });
    const hasInit = (pod.spec.initContainers ?? []).length > 0;
    if (hasInit) later(pod, INIT_CONTAINER_MS, finishInitContainers);
    else later(pod, START_CONTAINERS_MS, startContainers);
  };

  const finishInitContainers = (pod: Pod): void =>
    startEach(pod, 'initContainers', (started) => {
      report(started, (draft) => initialized(draft, processOf, cluster.now()));
      later(started, START_CONTAINERS_MS, startContainers);
    });

  const startContainers = (pod: Pod): void =>
    startEach(pod, 'containers', (started) => {
      report(started, (draft) => running(draft, processOf, cluster.now()));
      const isServing = startProcesses(started);
      probeUntilReady(started, isServing);
    });

  /** Starts what the containers run; answers whether it serves yet. */
  const startProcesses = (pod: Pod): (() => boolean) => {
    const plan = enginePlanOf(pod);
    let isServing = false;
    const serve = (): void => {
      isServing = true;
    };
    if (plan === null) later(pod, ORDINARY_START_MS, serve);
    else {
      const startedMs = cluster.clock.nowMs();
      later(pod, MODEL_LOAD_MS * timeFactor, (loaded) => {
        void engines.start(loaded, plan, startedMs).then((entry) => {
          if (sandboxes.get(entry.podUid)?.isStopping === false) serve();
          else entry.kill();
        });
      });
    }
    return () => isServing;
  };

  const probeUntilReady = (pod: Pod, isServing: () => boolean): void => {
    const container = pod.spec.containers.find(({ readinessProbe }) => readinessProbe !== undefined);
    if (container?.readinessProbe === undefined) {
      report(pod, (draft) => ready(draft, cluster.now()));
      return;
    }
    const { initialDelaySeconds = 0, periodSeconds = 10 } = container.readinessProbe;
    const scaled = (seconds: number): number => Math.max(SHORTEST_PROBE_MS, seconds * 1000 * timeFactor);
    const probe = (probed: Pod): void => {
      if (isServing()) {
        report(probed, (draft) => ready(draft, cluster.now()));
        return;
      }
      tell(probed, 'Warning', 'Unhealthy', refusal(probed, container), `spec.containers{${container.name}}`);
      later(probed, scaled(periodSeconds), probe);
    };
    later(pod, scaled(initialDelaySeconds), probe);
  };

  /** The process of an engine has failed: its container starts anew in the same pod, and the model loads again. */
  const restartEngine = (pod: Pod): void => {
    const name = enginePlanOf(pod)?.container;
    const container = pod.spec.containers.find((candidate) => candidate.name === name);
    if (container === undefined || isTerminating(pod) || isUnheard(pod)) return;
    startOne(pod, container, 'containers', (started) => {
      const containerID = processOf(container).containerID;
      report(started, (draft) => restarted(draft, container.name, containerID, cluster.now()));
      probeUntilReady(started, startProcesses(started));
    });
  };

  const stopPod = (pod: Pod): void => {
    const sandbox = sandboxes.get(uidOf(pod));
    if (sandbox === undefined || sandbox.isStopping) return;
    sandbox.isStopping = true;
    cancelTimers(pod);
    pulls.forget(pod);
    for (const { name, state } of pod.status.containerStatuses ?? []) {
      if (state.running === undefined) continue;
      tell(pod, 'Normal', 'Killing', `Stopping container ${name}`, `spec.containers{${name}}`);
    }
    const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
    later(pod, Math.min(STOP_MS, graceMs), endPod);
  };

  /** The engine goes first, with its sockets; then the status; and with the grace period over, the pod. */
  const endPod = (pod: Pod): void => {
    engines.get(uidOf(pod))?.kill();
    cluster.update('pods', pod, (draft) => {
      draft.status = ended(draft, cluster.now());
      draft.metadata.deletionGracePeriodSeconds = 0;
    });
  };

  /** Takes on a pod of its node; one that serves already (a scene that was loaded) gets its engine at once. */
  const adopt = (pod: Pod): void => {
    if (pod.spec.nodeName === undefined || isTerminal(pod) || sandboxes.has(uidOf(pod))) return;
    sandboxes.set(uidOf(pod), { timers: new Set(), isStopping: false });
    if (isTerminating(pod)) return;
    if (pod.status.phase !== 'Running') {
      later(pod, SANDBOX_MS, createSandbox);
      return;
    }
    const plan = enginePlanOf(pod);
    const startedAt = pod.status.containerStatuses?.find(({ name }) => name === plan?.container)?.state
      .running?.startedAt;
    if (plan === null || !isReady(pod)) return;
    void engines.start(pod, plan, Date.parse(startedAt ?? cluster.now())).then((entry) => {
      if (!sandboxes.has(entry.podUid)) entry.kill();
    });
  };

  const forget = (pod: Pod): void => {
    cancelTimers(pod);
    pulls.forget(pod);
    sandboxes.delete(uidOf(pod));
    engines.get(uidOf(pod))?.kill();
  };

  /** A kubelet that nobody hears does nothing that anybody sees: its pods stay as they are, also when they are to end. */
  const isUnheard = (pod: Pod): boolean => {
    const node = cluster.get<Node>('nodes', undefined, pod.spec.nodeName ?? '');
    return node?.spec.taints?.some(({ key }) => key === UNREACHABLE) === true;
  };

  const consider = (pod: Pod): void => {
    if (isUnheard(pod)) return;
    adopt(pod);
    if (isTerminating(pod)) stopPod(pod);
    else if (pulls.isChanged(pod)) {
      cancelTimers(pod);
      pulls.resume(pod);
    }
  };
  const stopListening = engines.onEnded(({ podUid, namespace, engine: { podName } }) => {
    const pod = cluster.get<Pod>('pods', namespace, podName);
    const isKept = pod?.metadata.uid === podUid && sandboxes.get(podUid)?.isStopping === false;
    if (pod !== undefined && isKept) later(pod, RESTART_MS, restartEngine);
  });
  cluster.onChange(['pods'], ({ type, object }) => {
    if (type === 'DELETED') forget(object as Pod);
    else consider(object as Pod);
  });
  cluster.onChange(['nodes'], ({ object, previous }) => {
    const isTainted = (node: Node | null): boolean =>
      node?.spec.taints?.some(({ key }) => key === UNREACHABLE) === true;
    if (!isTainted(previous as Node | null) || isTainted(object as Node)) return;
    for (const pod of cluster.list<Pod>('pods')) {
      if (pod.spec.nodeName === object.metadata.name) consider(pod);
    }
  });
  for (const pod of cluster.list<Pod>('pods')) consider(pod);

  return () => {
    stopListening();
    for (const { timers } of sandboxes.values()) for (const cancel of timers) cancel();
    sandboxes.clear();
  };
}
