import { capitalised } from './capitalised';
import type { ClusterSnapshot } from './cluster';
import { findInferencePool } from './endpoint-objects';
import { defaultPath, type EndpointPath, resolveEndpoints } from './endpoints';
import { schedulerPods } from './objects/arms';
import type { KubePod } from './objects/core';
import { findCondition } from './objects/meta';
import type { InferencePool } from './objects/networking';
import { isPodReady } from './objects/pod-state';
import type { ProbeResult } from './probe';
import { latestProbe } from './probe-choice';
import { isReadable, knownPods } from './readable';
import type { DemoSettings } from './settings';
import type { UnixMs } from './vocabulary';

/** What the gateway does without the picker; the controller writes FailOpen (kubernetes-objects §3.6). */
export function isFailOpen(pool: InferencePool | null): boolean {
  return pool?.endpointPicker?.failureMode !== 'FailClose';
}

export interface SchedulerFinding {
  inPath: boolean | null;
  /** In one short sentence, with the reason where it is bypassed. */
  finding: string;
}

/** Whether the path the chat would use now passes the picker; one that is down or leaves no trace is not in the path. */
export function findScheduler(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  probes: readonly ProbeResult[],
): SchedulerFinding {
  const paths = resolveEndpoints(settings, cluster, probes).distributed;
  const path = defaultPath(paths);
  if (path === null) return { inPath: null, finding: 'No path to the service can be used.' };
  const completion = latestProbe(probes, 'distributed', { path: path.path, kind: 'completion' });
  if (path.throughScheduler !== true) {
    const inPath = path.throughScheduler ?? completion?.schedulerSeen ?? null;
    return { inPath, finding: inPath === false ? bypassWords(path, paths) : unsureWords(inPath) };
  }
  const podsSeen = isReadable(cluster.resources.pods) || isReadable(cluster.resources['pods-all']);
  const picker = schedulerPods(knownPods(settings, cluster).pods, settings);
  if (podsSeen && !picker.some(isPodReady)) {
    const failOpen = isFailOpen(findInferencePool(settings, cluster));
    return {
      inPath: false,
      finding: failOpen
        ? 'Scheduler bypassed: the picker is down and the pool falls open.'
        : 'The picker is down: the Gateway refuses completions.',
    };
  }
  if (completion?.schedulerSeen === false && picker.some((pod) => isReadySince(pod, completion.observedAt))) {
    // The answer went around a picker that has come back since; the next one will tell.
    return { inPath: null, finding: 'The picker is back; the next completion will tell.' };
  }
  const inPath = completion?.schedulerSeen ?? true;
  return {
    inPath,
    finding: inPath
      ? unsureWords(true)
      : 'Scheduler bypassed: the last answer carries no trace of the picker.',
  };
}

function unsureWords(inPath: boolean | null): string {
  return inPath === true
    ? 'The chat passes the scheduler.'
    : 'Whether the chat passes the scheduler is not known.';
}

/** Why the chat goes round the picker: the Gateway failed, is not fit, or the configuration wants it so. */
function bypassWords(
  { path: taken, throughScheduler }: EndpointPath,
  paths: readonly EndpointPath[],
): string {
  if (taken === 'override') {
    return throughScheduler === false
      ? 'Scheduler bypassed: the configured URL goes round the Gateway.'
      : 'Scheduler bypassed: the last answer at the configured URL carries no trace of the picker.';
  }
  const gateway = paths.find(({ path }) => path === 'gateway');
  const way = taken === 'route' ? 'the Route' : `the ${capitalised(taken)}`;
  if (gateway?.usable === true) return 'Scheduler bypassed: the Gateway sends completions to no pool.';
  if (gateway?.baseUrl != null && gateway.finding.includes('failed')) {
    return `Scheduler bypassed: the Gateway failed, the chat takes ${way}.`;
  }
  return `Scheduler bypassed: no Gateway path is fit, the chat takes ${way}.`;
}

function isReadySince(pod: KubePod, at: UnixMs): boolean {
  const since = findCondition(pod.conditions, 'Ready')?.changedAt ?? null;
  return isPodReady(pod) && since !== null && Date.parse(since) > at;
}
