import type { Placement } from './placement';
import type { Arm } from './vocabulary';

/** GPUs held by the arm's pods that have a node and are not going away; `null` when no such pod is seen. */
export function countArmGpus(placement: Pick<Placement, 'pods'>, arm: Arm): number | null {
  const pods = placement.pods.filter(
    (pod) =>
      pod.arm === arm && pod.node !== null && !pod.terminating && pod.phase === 'Running' && pod.gpus > 0,
  );
  return pods.length === 0 ? null : pods.reduce((sum, pod) => sum + pod.gpus, 0);
}
