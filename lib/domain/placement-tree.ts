import type { ClusterSnapshot, ResourceView } from './cluster';
import { findBaseline, findDistributed } from './demo-demand';
import { compareText, waitingWords } from './derive-placement-pods';
import { httpRouteProblem, routeUsesPool } from './endpoint-objects';
import type { Deployment, HorizontalPodAutoscaler, KubePod, KubeService } from './objects/core';
import { type Condition, findCondition, type ObjectMeta } from './objects/meta';
import type { HttpRoute, InferencePool, Route } from './objects/networking';
import { isPodReady, podState } from './objects/pod-state';
import type { ServiceObject } from './placement';
import { isReadable } from './readable';
import type { DemoSettings } from './settings';
import type { Arm } from './vocabulary';

/** More than this nobody reads; a service of the demo has about fifteen. */
const MAX_OBJECTS = 200;

type Judged = Pick<ServiceObject, 'state' | 'finding'>;

interface Candidate {
  kind: string;
  meta: ObjectMeta;
  request: string;
  judge(): Judged;
}

/**
 * Both services with everything below them, found by owner reference alone, parents before children. Kinds that are not
 * watched (Secrets, roles, accounts) are not in it.
 */
export function deriveServices(settings: DemoSettings, cluster: ClusterSnapshot): ServiceObject[] {
  const children = groupByOwner(candidates(cluster));
  const { inferenceservices, llminferenceservices } = cluster.resources;
  const roots: { arm: Arm; candidate: Candidate }[] = [];
  const baseline = findBaseline(settings, cluster);
  if (baseline !== null) {
    roots.push({ arm: 'baseline', candidate: service('InferenceService', baseline, inferenceservices) });
  }
  const distributed = findDistributed(settings, cluster);
  if (distributed !== null) {
    roots.push({
      arm: 'distributed',
      candidate: service('LLMInferenceService', distributed, llminferenceservices),
    });
  }
  const objects: ServiceObject[] = [];
  const visited = new Set<string>();
  const visit = (candidate: Candidate, parent: string | null, arm: Arm): void => {
    const { uid, name } = candidate.meta;
    if (visited.has(uid) || objects.length >= MAX_OBJECTS) return;
    visited.add(uid);
    const { kind, request } = candidate;
    objects.push({ uid, parent, arm, kind, name, request, ...candidate.judge() });
    for (const child of children.get(uid) ?? []) visit(child, uid, arm);
  };
  for (const { arm, candidate } of roots) visit(candidate, null, arm);
  return objects;
}

function candidates(cluster: ClusterSnapshot): Candidate[] {
  const { resources } = cluster;
  const pods = isReadable(resources.pods) ? resources.pods.items : [];
  return [
    ...of('Deployment', resources.deployments, (item) => judgeWorkload(item, 'pod')),
    ...of('LeaderWorkerSet', resources.leaderworkersets, (item) => judgeWorkload(item, 'group')),
    ...of('StatefulSet', resources.statefulsets, (item) => judgeWorkload(item, 'pod')),
    // A Deployment keeps the ReplicaSets of its former revisions, empty.
    ...of('ReplicaSet', resources.replicasets, (item) => judgeWorkload(item, 'pod'), hasPods),
    ...of('Pod', resources.pods, judgePod),
    ...of('HorizontalPodAutoscaler', resources.hpas, judgeAutoscaler),
    ...of('HTTPRoute', resources.httproutes, judgeHttpRoute),
    ...of('InferencePool', resources.inferencepools, judgePool),
    ...of('InferencePool', resources['inferencepools-v1'], judgePool),
    ...of('Route', resources.routes, judgeRoute),
    ...of('Service', resources.services, (item) => judgeService(item, pods)),
  ];
}

function of<T extends { meta: ObjectMeta }>(
  kind: string,
  view: ResourceView<T>,
  judge: (item: T) => Judged,
  isShown: (item: T) => boolean = () => true,
): Candidate[] {
  return view.items
    .filter(isShown)
    .map((item) => ({ kind, meta: item.meta, request: view.request, judge: () => judge(item) }));
}

function service(
  kind: string,
  item: { meta: ObjectMeta; conditions: readonly Condition[] },
  view: ResourceView<unknown>,
): Candidate {
  return {
    kind,
    meta: item.meta,
    request: view.request,
    judge: () => judgeCondition(item.conditions, 'Ready'),
  };
}

/** Siblings in the order of the candidates' table, then by name. */
function groupByOwner(all: readonly Candidate[]): ReadonlyMap<string, readonly Candidate[]> {
  const byOwner = new Map<string, Candidate[]>();
  for (const candidate of all) {
    const owner = candidate.meta.owners.find(({ controller }) => controller) ?? candidate.meta.owners[0];
    if (owner === undefined) continue;
    const known = byOwner.get(owner.uid);
    if (known === undefined) byOwner.set(owner.uid, [candidate]);
    else known.push(candidate);
  }
  for (const siblings of byOwner.values()) {
    const rank = new Map<string, number>();
    for (const { kind } of siblings) if (!rank.has(kind)) rank.set(kind, rank.size);
    siblings.sort(
      (a, b) => (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0) || compareText(a.meta.name, b.meta.name),
    );
  }
  return byOwner;
}

function judgeCondition(conditions: readonly Condition[], type: string): Judged {
  const condition = findCondition(conditions, type);
  if (condition === null) return { state: 'unknown', finding: `Its controller has written no ${type} yet` };
  const because = [condition.reason, condition.message].filter((part) => part !== null).join(': ');
  switch (condition.status) {
    case 'True':
      return { state: 'pass', finding: type };
    case 'False':
      return { state: 'fail', finding: `Not ${type}${because === '' ? '' : `: ${because}`}` };
    case 'Unknown':
      return { state: 'warn', finding: `${type} not decided yet${because === '' ? '' : `: ${because}`}` };
    default:
      return condition.status satisfies never;
  }
}

function judgeWorkload({ replicas, readyReplicas, conditions }: Deployment, noun: 'pod' | 'group'): Judged {
  const wanted = replicas ?? 1;
  const counted = `${readyReplicas} of ${wanted} ${noun}${wanted === 1 ? '' : 's'} ready`;
  if (readyReplicas >= wanted) return { state: 'pass', finding: counted };
  // Conditions that have turned False keep their old words (kubernetes-objects §5.5); only standing ones are read.
  const failure = findCondition(conditions, 'ReplicaFailure');
  if (failure?.status === 'True') {
    return {
      state: 'fail',
      finding: `${counted}: ${failure.message ?? failure.reason ?? 'no pod can be made'}`,
    };
  }
  const progressing = findCondition(conditions, 'Progressing');
  const isStuck = progressing?.status === 'False';
  return {
    state: isStuck || (progressing === null && readyReplicas === 0) ? 'fail' : 'warn',
    finding: isStuck ? `${counted}: ${progressing.reason ?? 'not progressing'}` : counted,
  };
}

function hasPods({ replicas, readyReplicas }: Deployment): boolean {
  return replicas !== 0 || readyReplicas > 0;
}

function judgePod(pod: KubePod): Judged {
  const { kind, progressing } = podState(pod);
  if (kind === 'serving') return { state: 'pass', finding: 'Ready' };
  return {
    state: progressing || kind === 'gated' || kind === 'terminating' ? 'warn' : 'fail',
    finding: waitingWords(pod) ?? kind,
  };
}

function judgeAutoscaler(hpa: HorizontalPodAutoscaler): Judged {
  const { minReplicas, maxReplicas, currentReplicas, desiredReplicas } = hpa;
  const range = `between ${minReplicas ?? 1} and ${maxReplicas ?? '?'}`;
  if (currentReplicas === null || desiredReplicas === null) {
    return { state: 'unknown', finding: `${range}; it has not measured yet` };
  }
  return {
    state: currentReplicas === desiredReplicas ? 'pass' : 'warn',
    finding: `${currentReplicas} now, ${desiredReplicas} wanted, ${range}`,
  };
}

function judgeHttpRoute(route: HttpRoute): Judged {
  const problem = httpRouteProblem(route);
  if (problem !== null) return { state: 'fail', finding: problem };
  return routeUsesPool(route)
    ? { state: 'pass', finding: 'Accepted, references resolved; completions go to the pool' }
    : { state: 'warn', finding: 'Accepted; completions go to a Service, not to a pool' };
}

function judgePool(pool: InferencePool): Judged {
  const conditions = pool.parents.flatMap((parent) => parent.conditions);
  const bad = conditions.find(
    ({ type, status }) => (type === 'Accepted' || type === 'ResolvedRefs') && status !== 'True',
  );
  if (bad !== undefined) {
    return {
      state: 'fail',
      finding: `${bad.type} is ${bad.status}${bad.reason === null ? '' : ` (${bad.reason})`}`,
    };
  }
  return conditions.length === 0
    ? { state: 'warn', finding: 'No gateway has looked at it' }
    : { state: 'pass', finding: `Accepted; ${pool.endpointPicker?.failureMode ?? 'FailClose'}` };
}

function judgeRoute(route: Route): Judged {
  const admitted = route.ingress.find((ingress) => ingress.admitted?.status === 'True');
  return admitted === undefined
    ? { state: 'fail', finding: 'No router has admitted it' }
    : { state: 'pass', finding: `Admitted at ${admitted.host ?? route.host ?? 'its host'}` };
}

/** A Service has no condition of its own: it is as good as the pods behind it. */
function judgeService({ meta, selector }: KubeService, pods: readonly KubePod[]): Judged {
  const wanted = Object.entries(selector);
  if (wanted.length === 0) return { state: 'absent', finding: 'Selects no pods by itself' };
  const selected = pods.filter(
    (pod) =>
      pod.meta.namespace === meta.namespace && wanted.every(([key, value]) => pod.meta.labels[key] === value),
  );
  const ready = selected.filter(isPodReady).length;
  return {
    state: ready > 0 ? 'pass' : 'fail',
    finding: `${ready} of ${selected.length} pod${selected.length === 1 ? '' : 's'} behind it ready`,
  };
}
