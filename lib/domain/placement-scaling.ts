import { scalesArm } from './autoscaled-arm';
import type { ClusterSnapshot } from './cluster';
import { findBaseline, findDistributed, wantedPods } from './demo-demand';
import { enginePods } from './objects/arms';
import { isGpuResource } from './objects/gpus';
import type { FlavorQuota } from './objects/platform';
import { type PodStateKind, podState } from './objects/pod-state';
import type { ArmScaling, QueueQuota } from './placement';
import { isReadable, knownPods } from './readable';
import type { DemoSettings } from './settings';
import { ARMS, type Arm } from './vocabulary';

/** KEDA makes an HPA of this name for a ScaledObject. */
const KEDA_PREFIX = 'keda-hpa-';

/** How many engine pods of each arm are wanted, made, held back, loading and ready. */
export function deriveScaling(settings: DemoSettings, cluster: ClusterSnapshot): ArmScaling[] {
  const { pods } = knownPods(settings, cluster);
  return ARMS.map((arm) => {
    const kinds = enginePods(pods, arm, settings).map((pod) => podState(pod).kind);
    const count = (...wanted: readonly PodStateKind[]): number =>
      kinds.filter((kind) => wanted.includes(kind)).length;
    const autoscaler = autoscalerOf(arm, settings, cluster);
    return {
      arm,
      desired: autoscaler?.desired ?? declaredPods(arm, settings, cluster),
      created: kinds.length - count('finished', 'failed', 'terminating'),
      gated: count('gated'),
      unscheduled: count('unschedulable'),
      loading: count('image', 'starting', 'loading', 'crashing', 'restart-loop'),
      ready: count('serving'),
      terminating: count('terminating'),
      autoscaler,
    };
  });
}

function declaredPods(arm: Arm, settings: DemoSettings, cluster: ClusterSnapshot): number | null {
  if (arm === 'baseline') {
    const service = findBaseline(settings, cluster);
    return service === null ? null : (service.minReplicas ?? 1);
  }
  const service = findDistributed(settings, cluster);
  return service === null ? null : wantedPods(service);
}

/** The autoscaler whose target is the arm's own workload; an HPA over the picker's Deployment scales no engine. */
function autoscalerOf(arm: Arm, settings: DemoSettings, cluster: ClusterSnapshot): ArmScaling['autoscaler'] {
  const view = cluster.resources.hpas;
  if (!isReadable(view)) return null;
  const hpa = view.items.find((item) => scalesArm(item, arm, settings, cluster));
  if (hpa === undefined) return null;
  return {
    kind: hpa.meta.name.startsWith(KEDA_PREFIX) ? 'KEDA' : 'HPA',
    name: hpa.meta.name,
    min: hpa.minReplicas,
    max: hpa.maxReplicas,
    current: hpa.currentReplicas,
    desired: hpa.desiredReplicas,
    metrics: hpa.metrics.map((metric) => ({ ...metric })),
    request: view.request,
  };
}

const INSTANCE_TYPE_LABEL = 'node.kubernetes.io/instance-type';

/**
 * GPUs used and granted in the ClusterQueue behind the configured LocalQueue, of the flavors that stand for the demo's
 * nodes: quota of another kind of node helps no pod of the demo. `null` where there is no such queue.
 */
export function deriveQuota(settings: DemoSettings, cluster: ClusterSnapshot): QueueQuota | null {
  const { localqueues, clusterqueues } = cluster.resources;
  if (!isReadable(localqueues)) return null;
  const localQueue = localqueues.items.find(({ meta }) => meta.name === settings.kueueLocalQueue);
  if (localQueue?.clusterQueue == null) return null;
  const clusterQueue = isReadable(clusterqueues)
    ? clusterqueues.items.find(({ meta }) => meta.name === localQueue.clusterQueue)
    : undefined;
  const fitting = new Set(
    localQueue.flavors
      .filter(
        ({ nodeLabels }) =>
          (nodeLabels[INSTANCE_TYPE_LABEL] ?? settings.instanceType) === settings.instanceType,
      )
      .map(({ name }) => name),
  );
  const gpus = (quotas: readonly FlavorQuota[]): number =>
    quotas
      .filter(
        ({ resource, flavor }) => isGpuResource(resource) && (fitting.size === 0 || fitting.has(flavor)),
      )
      .reduce((sum, { amount }) => sum + amount, 0);
  return {
    localQueue: localQueue.meta.name,
    clusterQueue: localQueue.clusterQueue,
    used: clusterQueue === undefined ? null : gpus(clusterQueue.reserved),
    total: clusterQueue === undefined ? null : gpus(clusterQueue.nominal),
    pendingWorkloads: localQueue.pendingWorkloads,
    request: clusterqueues.request,
  };
}
