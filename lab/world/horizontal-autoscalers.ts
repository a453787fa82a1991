/**
 * HorizontalPodAutoscalers keep their target within their bounds and report its size. Metrics recommend nothing here: the
 * demo's own autoscaler has one replica at least and at most (facts: kubernetes-objects §7.3 X2).
 */
import type { KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import type { EventRecorder } from './event-recorder.ts';
import { createWorkQueue, keyOfObject, splitKey } from './work-queue.ts';
import { type Deployment, isTerminating } from './workload-types.ts';

const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling';
const DEPLOYMENTS = 'deployments.apps';
/** kube-controller-manager's sync period. */
const SYNC_MS = 15_000;
const SOURCE = { component: 'horizontal-pod-autoscaler' };

interface Autoscaler extends KubernetesObject {
  spec: { minReplicas?: number; maxReplicas: number; scaleTargetRef: { kind: string; name: string } };
  status?: Record<string, unknown>;
}

/** The nearest size within the bounds, and why the target has to get there; null where it may stay. */
function correction(
  { spec: { minReplicas = 1, maxReplicas } }: Autoscaler,
  replicas: number,
): { replicas: number; reason: string } | null {
  if (replicas > maxReplicas)
    return { replicas: maxReplicas, reason: 'Current number of replicas above Spec.MaxReplicas' };
  if (replicas < minReplicas)
    return { replicas: minReplicas, reason: 'Current number of replicas below Spec.MinReplicas' };
  return null;
}

export function startHorizontalAutoscalers(cluster: ClusterAccess, events: EventRecorder): () => void {
  const queue = createWorkQueue(cluster.clock, SYNC_MS, (key) => {
    const [namespace, name] = splitKey(key);
    const autoscaler = cluster.get<Autoscaler>(AUTOSCALERS, namespace, name);
    if (autoscaler === undefined || isTerminating(autoscaler)) return;
    const { kind, name: target } = autoscaler.spec.scaleTargetRef;
    const deployment =
      kind === 'Deployment' ? cluster.get<Deployment>(DEPLOYMENTS, namespace, target) : undefined;
    const replicas = deployment?.spec.replicas ?? 1;
    // A target at zero is switched off, and its autoscaler rests.
    if (deployment === undefined || replicas === 0) return;
    const wanted = correction(autoscaler, replicas);
    if (wanted !== null) {
      cluster.update<Deployment>(DEPLOYMENTS, deployment, (draft) => {
        draft.spec.replicas = wanted.replicas;
        draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
      });
      const message = `New size: ${wanted.replicas}; reason: ${wanted.reason}`;
      events.record(autoscaler, 'Normal', 'SuccessfulRescale', message, SOURCE);
    }
    cluster.update<Autoscaler>(AUTOSCALERS, autoscaler, (draft) => {
      draft.status = {
        ...draft.status,
        currentReplicas: deployment.status?.replicas ?? 0,
        desiredReplicas: wanted?.replicas ?? replicas,
        ...(wanted === null ? {} : { lastScaleTime: cluster.now() }),
      };
    });
  });

  cluster.onChange([AUTOSCALERS], ({ type, object }) => {
    if (type !== 'DELETED') queue.add(keyOfObject(object));
  });
  cluster.onChange([DEPLOYMENTS], ({ object }) => {
    for (const autoscaler of cluster.list<Autoscaler>(AUTOSCALERS, object.metadata.namespace)) {
      if (autoscaler.spec.scaleTargetRef.name === object.metadata.name) queue.add(keyOfObject(autoscaler));
    }
  });
  return queue.stop;
}
