/** The controller of LLMInferenceServices, in the order of work of 3.0 (facts: kubernetes-objects §3.5). */
import { controllerOf, type KubernetesObject } from '../../kubernetes-api/object.ts';
import { RBAC_GROUP } from '../../kubernetes-api/rbac.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { aggregate, availabilityOf, type State, withStates } from '../serving-conditions.ts';
import { createWorkQueue, keyOfObject, splitKey } from '../work-queue.ts';
import { type Deployment, isTerminating } from '../workload-types.ts';
import { createChildren, SOURCE } from './children.ts';
import { combine } from './presets.ts';
import { anonymousAccess, authBindingName, httpRoute, monitors, poolName, scheduler } from './routing.ts';
import {
  gatewaysOf,
  gatewaysState,
  isAuthenticated,
  poolState,
  routesState,
  urlsOf,
} from './routing-state.ts';
import {
  AUTH_POLICIES,
  DEFINITIONS,
  GATEWAYS,
  LLM_CONFIGS,
  LLM_SERVICES,
  type LlmInferenceService,
  type LlmServiceSpec,
  POOLS,
  ROUTES,
  WORKER_SETS,
} from './types.ts';
import { certificate, engines, groupAccount, workloadService } from './workloads.ts';

const REACTION_MS = 60;
/** A failed pass is tried again after a wait that doubles up to about 16 minutes. */
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 1_000_000;

const FINALIZER = 'serving.kserve.io/llmisvc-finalizer';
const INFORMATIONAL = new Set([
  'GatewaysReady',
  'HTTPRoutesReady',
  'InferencePoolReady',
  'MainWorkloadReady',
  'PrefillWorkloadReady',
  'PresetsCombined',
  'SchedulerWorkloadReady',
]);

/** Why a pass ended before its end: the condition that tells of it. */
class PassEnded extends Error {
  readonly condition: string;
  readonly reason: string;

  constructor(condition: string, reason: string, message: string) {
    super(message);
    this.condition = condition;
    this.reason = reason;
  }
}

type States = Record<string, State>;

export function startLlmServiceController(cluster: ClusterAccess, events: EventRecorder): () => void {
  const children = createChildren(cluster, events);
  const failures = new Map<string, number>();

  const isInstalled = (kind: string): boolean => cluster.get(DEFINITIONS, undefined, kind) !== undefined;

  const ensureEngines = (service: LlmInferenceService, combined: LlmServiceSpec, states: States): void => {
    children.ensure(service, certificate(service, service.metadata.creationTimestamp ?? cluster.now()));
    for (const child of engines(service, combined)) {
      if (child.kind === WORKER_SETS && !isInstalled(WORKER_SETS)) {
        throw new PassEnded(
          'MainWorkloadReady',
          'ReconcileMultiNodeWorkloadError',
          'no matches for kind "LeaderWorkerSet" in version "leaderworkerset.x-k8s.io/v1"',
        );
      }
      if (child.kind === WORKER_SETS) children.ensure(service, groupAccount(service, child));
      const { namespace, name, labels = {} } = child.metadata;
      const selector = cluster.get<Deployment>(child.kind, namespace, name)?.spec.selector?.matchLabels;
      const queue = 'kueue.x-k8s.io/queue-name';
      if (selector !== undefined && selector[queue] !== labels[queue]) {
        throw new PassEnded(
          'MainWorkloadReady',
          'ReconcileSingleNodeWorkloadError',
          `failed to update Deployment ${namespace}/${name}: Deployment.apps "${name}" is invalid: spec.selector: Invalid value: field is immutable`,
        );
      }
      const isPrefill = name.endsWith('-prefill');
      states[isPrefill ? 'PrefillWorkloadReady' : 'MainWorkloadReady'] = availabilityOf(
        children.ensure(service, child),
      );
    }
    for (const [kind, announced, suffix] of [
      ['deployments.apps', 'v1.Deployment', 'kserve'],
      [WORKER_SETS, 'v1.LeaderWorkerSet', 'kserve-mn'],
    ] as const) {
      for (const side of ['', '-prefill']) {
        const name = `${service.metadata.name}-${suffix}${side}`;
        const isWanted = engines(service, combined).some(
          (child) => child.kind === kind && child.metadata.name === name,
        );
        if (!isWanted) children.remove(service, kind, announced, name);
      }
    }
    children.ensure(service, workloadService(service));
  };

  const validate = (service: LlmInferenceService): void => {
    const { name } = service.metadata;
    const { route, gateway } = service.spec.router ?? {};
    if (route !== undefined && isAuthenticated(service) && !isInstalled(AUTH_POLICIES)) {
      children.remove(service, ROUTES, 'v1.HTTPRoute', `${name}-kserve-route`);
      throw new PassEnded(
        'HTTPRoutesReady',
        'HTTPRouteReconcileError',
        'failed to validate Gateway on OpenShift: AuthPolicy CRD is not available, please install Red Hat Connectivity Link',
      );
    }
    const missing = gatewaysOf(service).find(
      (reference) => cluster.get(GATEWAYS, reference.namespace, reference.name) === undefined,
    );
    if (missing === undefined || (route === undefined && gateway?.refs === undefined)) return;
    const where = `${missing.namespace}/${missing.name}`;
    if (gateway?.refs !== undefined) {
      throw new PassEnded('GatewaysReady', 'RefsInvalid', `Gateway ${where} does not exist`);
    }
    throw new PassEnded(
      'HTTPRoutesReady',
      'RefsInvalid',
      `Managed HTTPRoute references non-existent Gateway ${where}`,
    );
  };

  const ensureRouting = (service: LlmInferenceService, combined: LlmServiceSpec, states: States): void => {
    const { name, namespace = '' } = service.metadata;
    const { route, scheduler: picker } = service.spec.router ?? {};
    if (picker !== undefined && picker.pool?.ref === undefined) {
      if (!isInstalled(POOLS)) {
        throw new PassEnded(
          'SchedulerWorkloadReady',
          'SchedulerReconcileError',
          'Failed to reconcile scheduler: no matches for kind "InferencePool" in version "inference.networking.x-k8s.io/v1alpha2"',
        );
      }
      for (const child of scheduler(service, combined)) children.ensure(service, child);
      states.SchedulerWorkloadReady = availabilityOf(
        cluster.get('deployments.apps', namespace, `${name}-kserve-router-scheduler`),
      );
    } else {
      children.remove(service, 'deployments.apps', 'v1.Deployment', `${name}-kserve-router-scheduler`);
      children.remove(service, 'services', 'v1.Service', `${name}-epp-service`);
      if (picker === undefined) children.remove(service, POOLS, 'v1alpha2.InferencePool', poolName(service));
    }
    if (route !== undefined && route.http?.refs === undefined) {
      children.ensure(service, httpRoute(service));
      if (!isAuthenticated(service) && isInstalled(AUTH_POLICIES))
        children.ensure(service, anonymousAccess(service));
      else children.remove(service, AUTH_POLICIES, 'v1.AuthPolicy', `${name}-kserve-route-authn`);
    } else children.remove(service, ROUTES, 'v1.HTTPRoute', `${name}-kserve-route`);
  };

  /** One pass; answers what it found, and why it ended early. */
  const pass = (
    service: LlmInferenceService,
  ): { states: States; ended: PassEnded | null; isComplete: boolean } => {
    const states: States = {};
    try {
      const combination = combine(cluster, service);
      if ('problem' in combination)
        throw new PassEnded('PresetsCombined', 'CombineBaseError', combination.problem);
      states.PresetsCombined = { status: 'True' };
      ensureEngines(service, combination.spec, states);
      validate(service);
      ensureRouting(service, combination.spec, states);
      states.InferencePoolReady = poolState(cluster, service);
      const gateways = gatewaysState(cluster, service);
      if (gateways !== undefined) states.GatewaysReady = gateways;
      if (service.spec.router?.route !== undefined) {
        const known = service.status?.conditions?.find(({ type }) => type === 'HTTPRoutesReady');
        states.HTTPRoutesReady = routesState(cluster, service, known);
      }
      for (const child of monitors(service.metadata.namespace ?? ''))
        if (isInstalled(child.kind)) children.ensure(service, child);
      return { states, ended: null, isComplete: true };
    } catch (error) {
      if (!(error instanceof PassEnded)) throw error;
      states[error.condition] = { status: 'False', reason: error.reason, message: error.message };
      return { states, ended: error, isComplete: false };
    }
  };

  const report = (service: LlmInferenceService, states: States, isComplete: boolean): void => {
    const urls = isComplete && service.spec.router?.route !== undefined ? urlsOf(cluster, service) : [];
    const external = urls.find((candidate) => candidate.external)?.url;
    cluster.update<LlmInferenceService>(LLM_SERVICES, service, (draft) => {
      const known = draft.status?.conditions ?? [];
      const state = (type: string): State | undefined =>
        states[type] ?? known.find((condition) => condition.type === type);
      const workloads = aggregate([state('MainWorkloadReady'), state('PrefillWorkloadReady')]);
      const router = aggregate([
        state('GatewaysReady'),
        state('HTTPRoutesReady'),
        state('InferencePoolReady'),
        state('SchedulerWorkloadReady'),
      ]);
      const isUnseen = states.PresetsCombined?.status === 'False';
      const aggregates: States = isUnseen
        ? {
            WorkloadsReady: state('WorkloadsReady') ?? { status: 'Unknown' },
            RouterReady: state('RouterReady') ?? { status: 'Unknown' },
            Ready: {
              status: 'Unknown',
              reason: 'NewObservedGenFailure',
              message: 'unsuccessfully observed a new generation',
            },
          }
        : { WorkloadsReady: workloads, RouterReady: router, Ready: aggregate([workloads, router]) };
      draft.status = {
        ...draft.status,
        ...(external === undefined ? {} : { url: external }),
        ...(urls.length === 0 ? {} : { addresses: urls.map(({ url }) => ({ url })) }),
        observedGeneration: draft.metadata.generation ?? 1,
        conditions: withStates(known, { ...states, ...aggregates }, INFORMATIONAL, cluster.now()),
      };
    });
  };

  const finish = (service: KubernetesObject): void => {
    const kind = `clusterrolebindings.${RBAC_GROUP}`;
    const binding = cluster.get(kind, undefined, authBindingName(service));
    if (binding !== undefined) cluster.remove(kind, binding);
  };

  const queue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const service = cluster.get<LlmInferenceService>(LLM_SERVICES, ...splitKey(key));
    if (service === undefined) {
      failures.delete(key);
      return;
    }
    if (isTerminating(service)) return;
    if (service.metadata.finalizers?.includes(FINALIZER) !== true) {
      cluster.update(LLM_SERVICES, service, (draft) => {
        draft.metadata.finalizers = [...(draft.metadata.finalizers ?? []), FINALIZER];
      });
    }
    const { states, ended, isComplete } = pass(service);
    report(service, states, isComplete);
    if (ended === null) {
      failures.delete(key);
      return;
    }
    events.record(service, 'Warning', 'Error', `Reconciliation failed: ${ended.message}`, SOURCE);
    const failed = failures.get(key) ?? 0;
    failures.set(key, failed + 1);
    queue.add(key, Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failed));
  });

  const addOwner = (object: KubernetesObject): void => {
    for (const { kind, name } of object.metadata.ownerReferences ?? [])
      if (kind === 'LLMInferenceService') queue.add(`${object.metadata.namespace}/${name}`);
  };
  const addAll = (isMeant: (service: LlmInferenceService) => boolean): void => {
    for (const service of cluster.list<LlmInferenceService>(LLM_SERVICES))
      if (isMeant(service)) queue.add(keyOfObject(service));
  };

  cluster.onChange([LLM_SERVICES], ({ type, object }) => {
    if (type === 'DELETED') finish(object);
    else queue.add(keyOfObject(object));
  });
  cluster.onChange(
    ['deployments.apps', WORKER_SETS, 'services', 'secrets', POOLS, ROUTES, AUTH_POLICIES],
    ({ object }) => {
      if (controllerOf(object) !== undefined) addOwner(object);
    },
  );
  // The controller follows Gateways only for services that name one, even if empty.
  cluster.onChange([GATEWAYS], () => addAll(({ spec }) => spec.router?.gateway !== undefined));
  cluster.onChange([LLM_CONFIGS], () => addAll(() => true));
  return queue.stop;
}
