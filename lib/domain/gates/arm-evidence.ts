import type { Evidence } from '../checklist';
import { enginePods } from '../objects/arms';
import type { KubePod } from '../objects/core';
import { podState } from '../objects/pod-state';
import { isReadable, knownPods } from '../readable';
import type { Arm } from '../vocabulary';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput } from './gate-row';

/** An arm's engine pods, and the proof of what they show; `null` where pods cannot be listed. */
export function armPods(
  input: ChecklistInput,
  arm: Arm,
): { pods: readonly KubePod[]; evidence: Evidence } | null {
  const { pods: own, 'pods-all': all } = input.cluster.resources;
  const view = isReadable(own) ? own : isReadable(all) ? all : null;
  if (view === null) return null;
  const pods = enginePods(knownPods(input.settings, input.cluster).pods, arm, input.settings);
  return { pods, evidence: kubernetesEvidence(view, pods.map(podExcerpt), input.now) };
}

export function podExcerpt(pod: KubePod): unknown {
  const state = podState(pod);
  return {
    name: pod.meta.name,
    node: pod.nodeName,
    phase: pod.phase,
    state: state.kind,
    ...(state.waitingReason === null ? {} : { waitingReason: state.waitingReason.slice(0, 200) }),
  };
}
