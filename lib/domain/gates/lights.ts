import type { Lights } from '../checklist';
import type { KubePod } from '../objects/core';
import { type Condition, findCondition, type ObjectMeta } from '../objects/meta';
import { podState } from '../objects/pod-state';
import type { ProbeResult } from '../probe';
import { answeredWell, isFresh, newestPerPath } from '../probe-choice';
import type { Arm, GateStatus, Light, UnixMs } from '../vocabulary';
import type { GateId } from './gate-row';
import { conditionText } from './wording';

/** The controller writes status and pods within seconds (kubernetes-objects §7, D1). */
const FIRST_PODS_MS = 60_000;

/** One of the three lights, with the words for it: status is a claim, a probe is evidence. */
export interface LightReading {
  light: Light;
  text: string;
  /** The same without a controller's message, where one is in the text. */
  brief?: string;
}

/** What the Ready condition claims; of an older generation it claims nothing. */
export function readClaim(object: {
  meta: ObjectMeta;
  observedGeneration: number | null;
  conditions: readonly Condition[];
}): LightReading {
  const ready = findCondition(object.conditions, 'Ready');
  if (ready === null) return { light: 'unknown', text: 'the status says nothing yet' };
  const { generation } = object.meta;
  if (generation !== null && object.observedGeneration !== null && object.observedGeneration < generation) {
    return {
      light: 'unknown',
      text: `the status is of generation ${object.observedGeneration}, not ${generation}`,
    };
  }
  switch (ready.status) {
    case 'True':
      return { light: 'pass', text: 'the status says Ready' };
    case 'False':
      return {
        light: 'fail',
        text: `the status says ${conditionText(ready)}`,
        brief: `the status says ${conditionText({ ...ready, message: null })}`,
      };
    case 'Unknown':
      return { light: 'unknown', text: `the status says ${conditionText(ready)}` };
    default:
      return ready.status satisfies never;
  }
}

/** What the pods show, by readiness. */
export function readPods(pods: readonly KubePod[], wanted: number): LightReading & { ready: number } {
  const ready = pods.filter((pod) => podState(pod).kind === 'serving').length;
  const text =
    wanted === 0 && ready === 0
      ? 'no replica is asked for'
      : `${ready} of ${wanted} ${wanted === 1 ? 'pod is' : 'pods are'} ready`;
  const waiting = pods.map((pod) => podState(pod).waitingReason).find((reason) => reason !== null);
  return {
    light: ready >= wanted && wanted > 0 ? 'pass' : 'fail',
    text: ready < wanted && waiting !== undefined ? `${text} (${waiting})` : text,
    ready,
  };
}

/**
 * What live requests say of an object: one of its paths whose last word is fresh and good is enough to be serving. A configured
 * URL may lead elsewhere; where it is the object's own address, that is probed beside it.
 */
export function readProbes(probes: readonly ProbeResult[], arm: Arm, now: UnixMs): LightReading {
  const all = newestPerPath(probes, arm).filter((probe) => isFresh(probe, now));
  const fresh = all.filter(({ path }) => path !== 'override');
  const [newest] = fresh;
  if (newest === undefined) {
    const text =
      all.length === 0
        ? 'no live request has been answered lately'
        : 'live requests go to a configured URL only, which may lead elsewhere';
    return { light: 'unknown', text };
  }
  return fresh.some(answeredWell)
    ? { light: 'pass', text: 'a live request is answered' }
    : { light: 'fail', text: `a live request fails (${newest.finding.replace(/\.$/, '')})` };
}

/**
 * Pods on their way: each gets ready by itself, or waits for what a terminating one gives back; none is stuck.
 */
export function arePodsProgressing(pods: readonly KubePod[]): boolean {
  const states = pods.map(podState);
  const successors = states.some((state) => state.kind === 'terminating');
  const waiting = states.filter((state) => state.kind !== 'serving' && state.kind !== 'terminating');
  return (
    waiting.length > 0 &&
    waiting.every(
      (state) =>
        state.progressing || (successors && (state.kind === 'gated' || state.kind === 'unschedulable')),
    )
  );
}

/** A service made less than a minute ago, whose controller has not come round to its pods. */
export function isJustCreated(meta: ObjectMeta, pods: readonly KubePod[], now: UnixMs): boolean {
  return pods.length === 0 && now - Date.parse(meta.createdAt ?? '') < FIRST_PODS_MS;
}

/** Gates whose failure would explain pods that do not run. */
export function explainPods(pods: readonly KubePod[]): readonly GateId[] {
  const kinds = new Set(pods.map((pod) => podState(pod).kind));
  return [
    ...(kinds.has('gated') ? (['kueue-clusterqueue', 'kueue-localqueue'] as const) : []),
    ...(kinds.has('unschedulable') ? (['gpu-operator', 'gpu-nodes', 'gpu-capacity'] as const) : []),
  ];
}

export interface JudgedLights {
  status: Extract<GateStatus, 'pass' | 'warn' | 'fail'>;
  lights: Lights;
  finding: string;
}

/** The status three lights allow: agreement decides, disagreement is told and is at best a warning. */
export function judgeLights(
  subject: string,
  readings: { claim: LightReading; pods: LightReading; probe: LightReading },
  progressing: boolean,
): JudgedLights {
  const { claim, pods, probe } = readings;
  const lights: Lights = { claim: claim.light, pods: pods.light, probe: probe.light };
  const known = [claim, pods, probe].filter(
    (reading) => reading.light === 'pass' || reading.light === 'fail',
  );
  const passing = known.filter((reading) => reading.light === 'pass');
  const failing = known.filter((reading) => reading.light === 'fail');
  const facts = `${subject}: ${claim.text}, ${pods.text}, ${probe.text}.`;
  // Told first: what comes later may be cut on stage.
  const disagreement =
    passing.length > 0 && failing.length > 0
      ? `They disagree: ${failing.map((reading) => reading.brief ?? reading.text).join(' and ')}, while ${passing
          .map((reading) => reading.text)
          .join(' and ')}. `
      : '';
  return {
    status: statusOf(lights, failing.length, progressing),
    lights,
    finding: `${disagreement}${facts}`,
  };
}

function statusOf(
  { claim, pods, probe }: Lights,
  failing: number,
  progressing: boolean,
): JudgedLights['status'] {
  // A claim alone proves nothing: pods or a live request must bear it out.
  if (failing === 0) return claim === 'pass' && (pods === 'pass' || probe === 'pass') ? 'pass' : 'warn';
  const serves = probe === 'pass' || (pods === 'pass' && (claim === 'pass' || probe === 'unknown'));
  return serves || progressing ? 'warn' : 'fail';
}
