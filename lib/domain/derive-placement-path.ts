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
import { enginePods, schedulerPods } from './objects/arms';
import { findCondition } from './objects/meta';
import { isPodReady, podState } from './objects/pod-state';
import type { PathLink } from './placement';
import { isFailOpen } from './placement-scheduler';
import type { ProbeResult } from './probe';
import { answeredWell, latestProbe } from './probe-choice';
import { isReadable, knownPods, PROOF_OF_LIFE_MS } from './readable';
import type { DemoSettings } from './settings';
import type { UnixMs } from './vocabulary';

type Judged = Pick<PathLink, 'name' | 'state' | 'finding' | 'summary'> & {
  /** Where a live request decided, and not the object alone. */
  decidedBy?: ProbeResult;
};

/** The links a request to the distributed service passes, each with the evidence that lights it. */
export function derivePath(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  probes: readonly ProbeResult[],
  now: UnixMs,
): PathLink[] {
  const { resources } = cluster;
  const podView = isReadable(resources.pods) ? resources.pods : resources['pods-all'];
  const poolView = isReadable(resources.inferencepools)
    ? resources.inferencepools
    : resources['inferencepools-v1'];
  const see = (id: string, kind: string, view: ResourceView<unknown>, judge: () => Judged): PathLink => {
    const { decidedBy, ...judged } = whenSeen(view, now, judge);
    const provenAt = decidedBy?.observedAt ?? view.lastProofAt;
    return {
      id,
      kind,
      ...judged,
      request: decidedBy?.request ?? view.request,
      observedAt: provenAt === null ? null : new Date(provenAt).toISOString(),
    };
  };
  return [
    see('route', 'Route', resources.routes, () => judgeRoute(settings, cluster)),
    see('gateway', 'Gateway', resources.gateway, () => judgeGateway(settings, cluster, probes)),
    see('httproute', 'HTTPRoute', resources.httproutes, () => judgeHttpRoute(settings, cluster)),
    see('inferencepool', 'InferencePool', poolView, () => judgePool(settings, cluster)),
    see('endpoint-picker', 'Endpoint picker', podView, () => judgePicker(settings, cluster)),
    see('pods', 'Pods', podView, () => judgePods(settings, cluster)),
  ];
}

/** Without sight a link is unknown; with an old one too, and it says what it last was. */
function whenSeen(view: ResourceView<unknown>, now: UnixMs, judge: () => Judged): Judged {
  if (view.state === 'not-installed')
    return { name: '', state: 'absent', finding: 'Its API is not installed.', summary: 'not installed' };
  if (!isReadable(view)) {
    return {
      name: '',
      state: 'unknown',
      finding: view.problem ?? 'No answer has arrived yet.',
      summary: view.state === 'forbidden' ? 'may not look' : 'not known',
    };
  }
  const judged = judge();
  return view.lastProofAt !== null && now - view.lastProofAt > PROOF_OF_LIFE_MS
    ? {
        ...judged,
        state: 'unknown',
        finding: `Last seen: ${judged.finding}`,
        summary: `was: ${judged.summary}`,
      }
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
      summary: 'past the picker',
    };
  }
  const [first] = routes;
  return first === undefined
    ? { name: '', state: 'absent', finding: 'There is no Route to the service.', summary: 'none' }
    : {
        name: first.meta.name,
        state: 'fail',
        finding: 'No router has admitted it.',
        summary: 'not admitted',
      };
}

/** Programmed is a claim; the last completion through it is the evidence, and a failed one outweighs the claim. */
function judgeGateway(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  probes: readonly ProbeResult[],
): Judged {
  const { name } = settings.gateway;
  const gateway = findGateway(settings, cluster);
  if (gateway === null) {
    return { name, state: 'absent', finding: 'The Gateway does not exist.', summary: 'none' };
  }
  const programmed = findCondition(gateway.conditions, 'Programmed');
  if (programmed?.status !== 'True') {
    return {
      name,
      state: programmed?.status === 'False' ? 'fail' : 'warn',
      finding: `Not programmed${programmed?.reason ? ` (${programmed.reason})` : ''}.`,
      summary: 'not programmed',
    };
  }
  const [address] = gateway.addresses;
  if (address === undefined) {
    return {
      name,
      state: 'warn',
      finding: 'Programmed, but without an address.',
      summary: 'no address',
    };
  }
  const claim = { name, state: 'pass', finding: `Programmed at ${address}.`, summary: 'programmed' } as const;
  const completion = latestProbe(probes, 'distributed', { path: 'gateway', kind: 'completion' });
  const newest = latestProbe(probes, 'distributed', { path: 'gateway' });
  const failed = [completion, newest].find((probe) => probe !== null && !answeredWell(probe)) ?? null;
  if (failed !== null) {
    const what = failed.kind === 'completion' ? 'completion' : 'request';
    return {
      name,
      state: 'fail',
      finding: `Programmed at ${address}, but the last ${what} through it failed: ${failed.finding}`,
      summary: failed.httpStatus === null ? 'no answer' : `answers ${failed.httpStatus}`,
      decidedBy: failed,
    };
  }
  return completion === null
    ? claim
    : {
        ...claim,
        finding: `Programmed at ${address}; it answered the last completion.`,
        summary: 'answers',
        decidedBy: completion,
      };
}

function judgeHttpRoute(settings: DemoSettings, cluster: ClusterSnapshot): Judged {
  const route = findHttpRoute(settings, cluster);
  if (route === null) {
    return {
      name: '',
      state: 'absent',
      finding: 'The controller has made no HTTPRoute.',
      summary: 'none',
    };
  }
  const { name } = route.meta;
  const problem = httpRouteProblem(route);
  if (problem !== null) {
    return {
      name,
      state: route.parents.length === 0 ? 'warn' : 'fail',
      finding: `Not in force: ${problem}.`,
      summary: 'not in force',
    };
  }
  return routeUsesPool(route)
    ? {
        name,
        state: 'pass',
        finding: 'Accepted, references resolved; completions go to the pool.',
        summary: 'accepted',
      }
    : {
        name,
        state: 'warn',
        finding: 'Accepted, but completions go to a Service and not to a pool: no scheduler.',
        summary: 'goes to no pool',
      };
}

function judgePool(settings: DemoSettings, cluster: ClusterSnapshot): Judged {
  const pool = findInferencePool(settings, cluster);
  if (pool === null)
    return {
      name: '',
      state: 'absent',
      finding: 'The controller has made no InferencePool.',
      summary: 'none',
    };
  const { name } = pool.meta;
  for (const type of ['Accepted', 'ResolvedRefs']) {
    const conditions = pool.parents.map((parent) => findCondition(parent.conditions, type));
    const bad = conditions.find((condition) => condition !== null && condition.status !== 'True');
    if (bad !== undefined && bad !== null) {
      return {
        name,
        state: bad.status === 'False' ? 'fail' : 'warn',
        finding: `${type}=${bad.status}${bad.reason === null ? '' : ` (${bad.reason})`}${bad.message === null ? '' : `: ${bad.message}`}`,
        summary: `${bad.type} ${bad.status}`,
      };
    }
  }
  if (pool.parents.length === 0) {
    return { name, state: 'warn', finding: 'No gateway has looked at it.', summary: 'not looked at' };
  }
  const pickers = schedulerPods(knownPods(settings, cluster).pods, settings);
  if (isFailOpen(pool) && pickers.length > 0 && !pickers.some(isPodReady)) {
    return {
      name,
      state: 'warn',
      finding:
        'Accepted, but its picker is down: FailOpen lets requests flow to any pod, without scheduling.',
      summary: 'falls open',
    };
  }
  const selector = Object.entries(pool.selector);
  const endpoints = knownPods(settings, cluster).pods.filter(
    (pod) =>
      selector.length > 0 &&
      pod.meta.namespace === pool.meta.namespace &&
      isPodReady(pod) &&
      selector.every(([key, value]) => pod.meta.labels[key] === value),
  ).length;
  return {
    name,
    state: 'pass',
    finding: `Accepted by the Gateway; selects ${endpoints} ready pod${endpoints === 1 ? '' : 's'}.`,
    summary: `${endpoints} endpoint${endpoints === 1 ? '' : 's'}`,
  };
}

function judgePicker(settings: DemoSettings, cluster: ClusterSnapshot): Judged {
  const pods = schedulerPods(knownPods(settings, cluster).pods, settings);
  const pool = findInferencePool(settings, cluster);
  const failOpen = isFailOpen(pool);
  const consequence = failOpen
    ? 'FailOpen: requests flow without scheduling.'
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
      summary: 'none',
    };
  }
  const ready = pods.filter(isPodReady);
  if (ready.length > 0) {
    return {
      name: first.meta.name,
      state: 'pass',
      finding: `${ready.length} of ${pods.length} ready.`,
      summary: `${ready.length} of ${pods.length} ready`,
    };
  }
  const state = podState(first);
  return {
    name: first.meta.name,
    state: state.progressing ? 'warn' : 'fail',
    finding: `${state.waitingReason ?? 'Not ready'}. ${consequence}`,
    summary: failOpen ? 'down: falls open' : 'down: refuses',
  };
}

function judgePods(settings: DemoSettings, cluster: ClusterSnapshot): Judged {
  const pods = enginePods(knownPods(settings, cluster).pods, 'distributed', settings).filter(
    (pod) => pod.phase !== 'Succeeded' && pod.phase !== 'Failed',
  );
  if (pods.length === 0) {
    return { name: '', state: 'absent', finding: 'There is no engine pod.', summary: 'none' };
  }
  const ready = pods.filter(isPodReady).length;
  return {
    name: settings.distributedName,
    state: ready === pods.length ? 'pass' : ready > 0 ? 'warn' : 'fail',
    finding: `${ready} of ${pods.length} ready.`,
    summary: `${ready} of ${pods.length} ready`,
  };
}
