/** The cluster that moves by itself: the store, the controllers around it, and the processes in its pods. */
import type { Clock } from '../clock.ts';
import { createIdentifiers } from '../kubernetes-api/identifiers.ts';
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { createRegistry, type Registry } from '../kubernetes-api/registry.ts';
import { createObjectStore, type ObjectStore } from '../kubernetes-api/store.ts';
import { startArgoApplications } from './argo-applications.ts';
import { type ClusterAccess, createClusterAccess } from './cluster-access.ts';
import { startClusterRoleAggregation } from './cluster-roles.ts';
import { startDefinitionCleanup } from './definition-cleanup.ts';
import { startDeploymentController } from './deployments.ts';
import { startEndpointSliceController } from './endpoint-slices.ts';
import { type CreateEngine, createEngineHost, type EngineHost, type Listen } from './engines.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';
import { startGarbageCollector } from './garbage-collector.ts';
import { startGatewayControllers } from './gateways.ts';
import { loadObjects } from './healthy.ts';
import { startHorizontalAutoscalers } from './horizontal-autoscalers.ts';
import { createImageStores } from './image-stores.ts';
import { startInferenceServiceController } from './inference-services.ts';
import { startKubelet } from './kubelet.ts';
import { startKueue } from './kueue.ts';
import { startLeaderWorkerSetController } from './leader-worker-sets.ts';
import { startLifecycleManager } from './lifecycle-manager.ts';
import { startLlmServiceController } from './llm-service/controller.ts';
import { startNamespaceController } from './new-namespaces.ts';
import { startOperatorStatuses } from './operator-statuses.ts';
import { startPropagation } from './propagation.ts';
import { startReplicaSetController } from './replica-sets.ts';
import { startRouteController } from './routes.ts';
import { startScaledObjects } from './scaled-objects.ts';
import { startScheduler } from './scheduler.ts';
import { showScene } from './show-scene.ts';
import { startStatefulSetController } from './stateful-sets.ts';
import { startTaintEviction } from './taint-eviction.ts';
import { isTerminating, type Pod } from './workload-types.ts';

export interface WorldOptions {
  clock: Clock;
  seed: number;
  objects: KubernetesObject[];
  timeFactor: number;
  createEngine: CreateEngine;
  listen: Listen;
  historyLimit?: number;
}

export interface World {
  readonly store: ObjectStore;
  readonly registry: Registry;
  readonly cluster: ClusterAccess;
  readonly events: EventRecorder;
  readonly engines: EngineHost;
  /** Ports of this machine where a program answers, in plain HTTP, for the pods of a Service, by `namespace/name`. */
  readonly programs: Map<string, number>;
  /** Takes a pod away as a lost process: no grace, sockets destroyed. False where there is no such pod. */
  killPod(name: string, namespace?: string): boolean;
  /** Lets the engine of a pod fail: its container starts again in the same pod. False where the pod has none. */
  crashEngine(podName: string, namespace?: string): boolean;
  /** Tells the cluster's watchers what was done to it from outside, as an Event of the demo's namespace (or of `default`). */
  announce(reason: string, message: string): void;
  /** Turns the cluster into another scene. */
  show(objects: readonly KubernetesObject[]): void;
  stop(): void;
}

export const DEMO_NAMESPACE = 'private-ai';

/** Who announces what was done to the cluster from outside. */
const LAB_SOURCE = { component: 'lab' };

export function createWorld(options: WorldOptions): World {
  const { clock, seed } = options;
  const store = createObjectStore(
    options.historyLimit === undefined ? {} : { historyLimit: options.historyLimit },
  );
  const registry = createRegistry(store);
  const firstMs = clock.nowMs();
  loadObjects(store, options.objects, firstMs);
  const cluster = createClusterAccess(store, clock, createIdentifiers(seed));
  const events = createEventRecorder(cluster);
  const engines = createEngineHost({
    clock,
    seed,
    createEngine: options.createEngine,
    listen: options.listen,
  });
  const images = createImageStores({ cluster, seed, timeFactor: options.timeFactor });
  images.learn(options.objects);
  let shown: readonly KubernetesObject[] = options.objects;
  const stops = [
    startGarbageCollector(cluster, registry),
    startPropagation(cluster, registry),
    startClusterRoleAggregation(cluster),
    startDefinitionCleanup(cluster),
    startNamespaceController(cluster),
    startDeploymentController(cluster, events),
    startReplicaSetController(cluster, events),
    startStatefulSetController(cluster, events),
    startLeaderWorkerSetController(cluster),
    startHorizontalAutoscalers(cluster, events),
    startScaledObjects(cluster, events, registry),
    startKueue(cluster, events),
    startScheduler(cluster, events),
    startTaintEviction(cluster, events),
    startEndpointSliceController(cluster),
    startInferenceServiceController(cluster),
    startRouteController(cluster),
    startLlmServiceController(cluster, events),
    startGatewayControllers(cluster),
    startArgoApplications(cluster, () => shown),
    startOperatorStatuses(cluster),
    startLifecycleManager(cluster),
    startKubelet({ cluster, events, engines, images, timeFactor: options.timeFactor }),
    images.stop,
  ];
  return {
    store,
    registry,
    cluster,
    events,
    engines,
    programs: new Map(),
    killPod: (name, namespace = DEMO_NAMESPACE) => {
      const pod = cluster.get<Pod>('pods', namespace, name);
      if (pod === undefined) return false;
      engines.get(pod.metadata.uid ?? '')?.kill();
      events.record(pod, 'Warning', 'PodKilled', `Killed pod ${name}`, LAB_SOURCE);
      if (!isTerminating(pod)) cluster.remove('pods', pod, 0);
      return true;
    },
    crashEngine: (podName, namespace = DEMO_NAMESPACE) => {
      const entry = engines
        .list()
        .find(({ engine, namespace: home }) => engine.podName === podName && home === namespace);
      const pod = cluster.get<Pod>('pods', namespace, podName);
      if (entry === undefined || pod === undefined) return false;
      events.record(pod, 'Warning', 'EngineCrashed', `The engine of ${podName} failed`, LAB_SOURCE);
      entry.kill();
      return true;
    },
    announce: (reason, message) => {
      const namespace =
        cluster.get('namespaces', undefined, DEMO_NAMESPACE) ??
        cluster.get('namespaces', undefined, 'default');
      if (namespace === undefined) return;
      const { metadata } = namespace;
      const home = { ...namespace, metadata: { ...metadata, namespace: metadata.name } };
      events.record(home, 'Normal', reason, message, LAB_SOURCE);
    },
    show: (objects) => {
      shown = objects;
      images.learn(objects);
      showScene(objects, { store, registry, first: options.objects, firstMs, nowMs: clock.nowMs() });
    },
    stop: () => {
      for (const stop of stops) stop();
      engines.stop();
    },
  };
}
