import type { ClusterSnapshot, ResourceView } from './cluster';
import {
  admittedHost,
  findGateway,
  findHttpRoute,
  findInferencePool,
  findRoutes,
  httpRouteProblem,
  routeUsesPool,
} from './endpoint-objects';
import { defaultPath, resolveEndpoints } from './endpoints';
import { enginePods, schedulerPods } from './objects/arms';
import type { KubePod } from './objects/core';
import { findCondition } from './objects/meta';
import { isPodReady, podState } from './objects/pod-state';
import type { PathLink } from './placement';
import type { ProbeResult } from './probe';
import { latestProbe } from './probe-choice';
import { isReadable, knownPods, PROOF_OF_LIFE_MS } from './readable';
import type { DemoSettings } from './settings';
import type { UnixMs } from './vocabulary';

type Judged = Pick<PathLink, 'name' | 'state' | 'finding'>;

/** The links a request to the distributed service passes, each with the evidence that lights it. */
export function derivePath(settings: DemoSettings, cluster: ClusterSnapshot, now: UnixMs): PathLink[] {
  const { resources } = cluster;
  const podView = isReadable(resources.pods) ? resources.pods : resources['pods-all'];
  const poolView = isReadable(resources.inferencepools)
    ? resources.inferencepools
    : resources['inferencepools-v1'];
  const see = (id: string, kind: string, view: ResourceView<unknown>, judge: () => Judged): PathLink => ({
    id,
    kind,
    ...whenSeen(view, now, judge),
  });
  return [
    see('route', 'Route', resources.routes, () => judgeRoute(settings, cluster)),
    see('gateway', 'Gateway', resources.gateway, () => judgeGateway(settings, cluster)),
    see('httproute', 'HTTPRoute', resources.httproutes, () => judgeHttpRoute(settings, cluster)),
    see('inferencepool', 'InferencePool', poolView, () => judgePool(settings, cluster)),
    see('endpoint-picker', 'Endpoint picker', podView, () => judgePicker(settings, cluster)),
    see('pods', 'Pods', podView, () => judgePods(settings, cluster)),
  ];
}

/** Without sight a link is unknown; with an old one too, and it says what it last was. */
function whenSeen(view: ResourceView<unknown>, now: UnixMs, judge: () => Judged): Judged {
  if (view.state === 'not-installed')
    return { name: '', state: 'absent', finding: 'Its API is not installed.' };
  if (!isReadable(view)) {
    return { name: '', state: 'unknown', finding: view.problem ?? 'No answer has arrived yet.' };
  }
  const judged = judge();
  return view.lastProofAt !== null && now - view.lastProofAt > PROOF_OF_LIFE_MS
    ? { ...judged, state: 'unknown', finding: `Last seen: ${judged.finding}` }
    : judged;
}

function judgeRoute(settings: DemoSettings, cluster: ClusterSnapshot): Judged {
  const routes = findRoutes('distributed', settings, cluster);
  const admitted = routes.find((route) => admittedHost(route) !== null);
  if (admitted !== undefined) {
    return {
      name: admitted.meta.name,
      state: 'pass',
      finding: `Admitted at ${admittedHost(admitted)} (${admitted.termination ?? 'plain HTTP'}); leads straight to the pods, past the scheduler.`,
    };
  }
  const [first] = routes;
  return first === undefined
    ? { name: '', state: 'absent', finding: 'There is no Route to the service.' }
    : { name: first.meta.name, state: 'fail', finding: 'No router has admitted it.' };
}

function judgeGateway(settings: DemoSettings, cluster: ClusterSnapshot): Judged {
  const { name } = settings.gateway;
  const gateway = findGateway(settings, cluster);
  if (gateway === null) return { name, state: 'absent', finding: 'The Gateway does not exist.' };
  const programmed = findCondition(gateway.conditions, 'Programmed');
  if (programmed?.status !== 'True') {
    return {
      name,
      state: programmed?.status === 'False' ? 'fail' : 'warn',
      finding: `Not programmed${programmed?.reason ? ` (${programmed.reason})` : ''}.`,
    };
  }
  const [address] = gateway.addresses;
  return address === undefined
    ? { name, state: 'warn', finding: 'Programmed, but without an address.' }
    : { name, state: 'pass', finding: `Programmed at ${address}.` };
}

function judgeHttpRoute(settings: DemoSettings, cluster: ClusterSnapshot): Judged {
  const route = findHttpRoute(settings, cluster);
  if (route === null) return { name: '', state: 'absent', finding: 'The controller has made no HTTPRoute.' };
  const { name } = route.meta;
  const problem = httpRouteProblem(route);
  if (problem !== null) {
    return {
      name,
      state: route.parents.length === 0 ? 'warn' : 'fail',
      finding: `Not in force: ${problem}.`,
    };
  }
  return routeUsesPool(route)
    ? { name, state: 'pass', finding: 'Accepted, references resolved; completions go to the pool.' }
    : {
        name,
        state: 'warn',
        finding: 'Accepted, but completions go to a Service and not to a pool: no scheduler.',
      };
}

function judgePool(settings: DemoSettings, cluster: ClusterSnapshot): Judged {
  const pool = findInferencePool(settings, cluster);
  if (pool === null)
    return { name: '', state: 'absent', finding: 'The controller has made no InferencePool.' };
  const { name } = pool.meta;
  for (const type of ['Accepted', 'ResolvedRefs']) {
    const conditions = pool.parents.map((parent) => findCondition(parent.conditions, type));
    const bad = conditions.find((condition) => condition !== null && condition.status !== 'True');
    if (bad !== undefined && bad !== null) {
      return {
        name,
        state: bad.status === 'False' ? 'fail' : 'warn',
        finding: `${type}=${bad.status}${bad.reason === null ? '' : ` (${bad.reason})`}${bad.message === null ? '' : `: ${bad.message}`}`,
      };
    }
  }
  return pool.parents.length === 0
    ? { name, state: 'warn', finding: 'No gateway has looked at it.' }
    : { name, state: 'pass', finding: 'Accepted by the Gateway.' };
}

function judgePicker(settings: DemoSettings, cluster: ClusterSnapshot): Judged {
  const pods = schedulerPods(knownPods(settings, cluster).pods, settings);
  const pool = findInferencePool(settings, cluster);
  const failOpen = pool?.endpointPicker?.failureMode !== 'FailClose';
  const consequence = failOpen
    ? 'Requests fall open: they flow without scheduling.'
    : 'Requests are refused while it is down.';
  const [first] = pods;
  if (first === undefined) {
    return {
      name: '',
      state: 'absent',
      finding:
        pool === null
          ? 'There is no picker pod, and no pool that would ask one.'
          : `There is no picker pod. ${consequence}`,
    };
  }
  const ready = pods.filter(isPodReady);
  if (ready.length > 0) {
    return { name: first.meta.name, state: 'pass', finding: `${ready.length} of ${pods.length} ready.` };
  }
  const state = podState(first);
  return {
    name: first.meta.name,
    state: state.progressing ? 'warn' : 'fail',
    finding: `${state.waitingReason ?? 'Not ready'}. ${consequence}`,
  };
}

function judgePods(settings: DemoSettings, cluster: ClusterSnapshot): Judged {
  const pods = enginePods(knownPods(settings, cluster).pods, 'distributed', settings).filter(
    (pod) => pod.phase !== 'Succeeded' && pod.phase !== 'Failed',
  );
  if (pods.length === 0) return { name: '', state: 'absent', finding: 'There is no engine pod.' };
  const ready = pods.filter(isPodReady).length;
  return {
    name: settings.distributedName,
    state: ready === pods.length ? 'pass' : ready > 0 ? 'warn' : 'fail',
    finding: `${ready} of ${pods.length} ready.`,
  };
}

/** For the path the chat would use now; a picker that is down or leaves no trace is not in the path. */
export function isSchedulerInPath(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  probes: readonly ProbeResult[],
): boolean | null {
  const path = defaultPath(resolveEndpoints(settings, cluster, probes).distributed);
  if (path === null) return null;
  const completion = latestProbe(probes, 'distributed', { path: path.path, kind: 'completion' });
  if (path.throughScheduler !== true) return path.throughScheduler ?? completion?.schedulerSeen ?? null;
  const podsSeen = isReadable(cluster.resources.pods) || isReadable(cluster.resources['pods-all']);
  const picker = schedulerPods(knownPods(settings, cluster).pods, settings);
  if (podsSeen && !picker.some(isPodReady)) return false;
  if (completion?.schedulerSeen === false && picker.some((pod) => isReadySince(pod, completion.observedAt))) {
    // The answer went around a picker that has come back since; the next one will tell.
    return null;
  }
  return completion?.schedulerSeen ?? true;
}

function isReadySince(pod: KubePod, at: UnixMs): boolean {
  const since = findCondition(pod.conditions, 'Ready')?.changedAt ?? null;
  return isPodReady(pod) && since !== null && Date.parse(since) > at;
}
