import type { Evidence } from '../checklist';
import { findBaseline, findDistributed } from '../demo-demand';
import { enginePods } from '../objects/arms';
import type { KubePod } from '../objects/core';
import { isPodReady, podState } from '../objects/pod-state';
import { isReadable, knownPods } from '../readable';
import type { Arm } from '../vocabulary';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput } from './gate-row';
import {
  arePodsProgressing,
  isJustCreated,
  type JudgedLights,
  judgeLights,
  readClaim,
  readPods,
  readProbes,
} from './lights';

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

/** What an arm's status claims, its pods show and a live request says, and how that reads. */
export interface ArmReadiness {
  pods: readonly KubePod[];
  judged: JudgedLights;
  /** It was created a moment ago, and nothing can be expected of it yet. */
  starting: boolean;
  progressing: boolean;
  /** Of the pods; none where they cannot be listed. */
  evidence: readonly Evidence[];
}

/** The three lights of an arm, as both gates about readiness judge them. */
export function judgeArm(
  input: ChecklistInput,
  arm: Arm,
  service: Parameters<typeof readClaim>[0],
  wantedPods: number,
): ArmReadiness {
  const seen = armPods(input, arm);
  const pods = seen?.pods ?? [];
  const starting = isJustCreated(service.meta, pods, input.now);
  const progressing = starting || arePodsProgressing(pods);
  const judged = judgeLights(
    service.meta.name,
    {
      claim: readClaim(service),
      pods:
        seen === null ? { light: 'unknown', text: 'its pods cannot be listed' } : readPods(pods, wantedPods),
      probe: readProbes(input.probes, arm, input.now),
    },
    progressing,
  );
  return { pods, judged, starting, progressing, evidence: seen === null ? [] : [seen.evidence] };
}

/** No pod of the arm serves yet, and all are on their way: what fails now is expected to pass by itself. */
export function isArmComingUp(input: ChecklistInput, arm: Arm): boolean {
  const service =
    arm === 'baseline'
      ? findBaseline(input.settings, input.cluster)
      : findDistributed(input.settings, input.cluster);
  const pods = armPods(input, arm)?.pods ?? null;
  if (service === null || pods === null || pods.some(isPodReady)) return false;
  return isJustCreated(service.meta, pods, input.now) || arePodsProgressing(pods);
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
