import type { ClusterSnapshot } from './cluster';
import { armOf, groupOf, roleOf } from './objects/arms';
import type { KubePod } from './objects/core';
import { podGpus } from './objects/gpus';
import { isPodReady, podRestarts, podState } from './objects/pod-state';
import type { PlacementPod } from './placement';
import { knownPods } from './readable';
import type { DemoSettings } from './settings';

const ARM_ORDER = { baseline: 0, distributed: 1, other: 2 } as const;

/** The arms' pods and every pod that asks for a GPU, the arms first, then by age. */
export function derivePods(settings: DemoSettings, cluster: ClusterSnapshot): PlacementPod[] {
  return knownPods(settings, cluster)
    .pods.filter((pod) => pod.phase !== 'Succeeded')
    .map((pod) => toPlacementPod(pod, settings))
    .filter((pod) => pod.arm !== 'other' || (pod.gpus > 0 && pod.phase !== 'Failed'))
    .sort(
      (a, b) =>
        ARM_ORDER[a.arm] - ARM_ORDER[b.arm] ||
        compareText(a.createdAt, b.createdAt) ||
        compareText(a.name, b.name),
    );
}

function toPlacementPod(pod: KubePod, settings: DemoSettings): PlacementPod {
  const arm = armOf(pod, settings);
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
    waitingReason: podState(pod).waitingReason,
    group: groupOf(pod),
    createdAt: pod.meta.createdAt ?? '',
  };
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
