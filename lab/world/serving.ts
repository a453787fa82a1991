/** The serving controllers: what LLMInferenceService and InferenceService report of the Deployments below them. */
import { type Condition, controllerOf, type KubernetesObject } from '../kubernetes-api/object.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { setCondition } from './conditions.ts';
import type { EventRecorder } from './event-recorder.ts';
import { createWorkQueue, keyOfObject, splitKey } from './work-queue.ts';
import { conditionOf, type Deployment, isTerminating } from './workload-types.ts';

const REACTION_MS = 60;
const LLM_SERVICES = 'llminferenceservices.serving.kserve.io';
const SERVICES = 'inferenceservices.serving.kserve.io';

interface StatusWithConditions {
  conditions?: Condition[];
  observedGeneration?: number;
  [field: string]: unknown;
}

interface LlmInferenceService extends KubernetesObject {
  spec: { replicas?: number; router?: { scheduler?: unknown } };
  status?: StatusWithConditions;
}

interface InferenceService extends KubernetesObject {
  status?: StatusWithConditions & { modelStatus?: Record<string, unknown> };
}

type State = Pick<Condition, 'status' | 'reason' | 'message'>;

/** A Deployment's `Available`, as KServe copies it: True bare, anything else with reason and message. */
function availabilityOf(deployment: Deployment | undefined): State {
  const available = deployment === undefined ? undefined : conditionOf(deployment, 'Available');
  if (available === undefined) return { status: 'Unknown', reason: 'Progressing', message: '' };
  return available.status === 'True' ? { status: 'True' } : bare(available);
}

function bare({ status, reason, message }: State): State {
  return {
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}

/** The first False decides, with its reason and message; Unknown and missing parts do not count. */
function aggregate(parts: (State | undefined)[]): State {
  const failed = parts.find((part) => part?.status === 'False');
  return failed === undefined ? { status: 'True' } : bare(failed);
}

/** Sets several conditions, keeping KServe's order by type. */
function withStates(
  conditions: Condition[],
  states: Record<string, State>,
  informational: ReadonlySet<string>,
  now: string,
): Condition[] {
  return Object.entries(states)
    .reduce(
      (result, [type, state]) =>
        setCondition(result, { type, ...state }, now, informational.has(type) ? { severity: 'Info' } : {}),
      conditions,
    )
    .toSorted((a, b) => a.type.localeCompare(b.type));
}

const INFORMATIONAL = new Set(['MainWorkloadReady', 'SchedulerWorkloadReady']);

export function startServingControllers(cluster: ClusterAccess, events: EventRecorder): () => void {
  const deployment = (namespace: string, name: string): Deployment | undefined =>
    cluster.get<Deployment>('deployments.apps', namespace, name);

  const llmQueue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const [namespace, name] = splitKey(key);
    const service = cluster.get<LlmInferenceService>(LLM_SERVICES, namespace, name);
    if (service === undefined || isTerminating(service)) return;
    const workload = deployment(namespace, `${name}-kserve`);
    // Nobody here makes children from a new service, so there is nothing to report of them.
    if (workload === undefined) return;
    const { replicas } = service.spec;
    // The controller treats the number of replicas as its own and puts it back.
    if (replicas !== undefined && workload.spec.replicas !== replicas) {
      cluster.update('deployments.apps', workload, (draft) => {
        draft.spec.replicas = replicas;
        draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
      });
    }
    cluster.update(LLM_SERVICES, service, (draft) => {
      const known = draft.status?.conditions ?? [];
      const existing = (type: string): State | undefined =>
        known.find((condition) => condition.type === type);
      const main = availabilityOf(workload);
      const scheduler =
        service.spec.router?.scheduler === undefined
          ? undefined
          : availabilityOf(deployment(namespace, `${name}-kserve-router-scheduler`));
      const workloads = aggregate([main, existing('PrefillWorkloadReady')]);
      const router = aggregate([
        existing('GatewaysReady'),
        existing('HTTPRoutesReady'),
        existing('InferencePoolReady'),
        scheduler,
      ]);
      draft.status = {
        ...draft.status,
        observedGeneration: draft.metadata.generation ?? 1,
        conditions: withStates(
          known,
          {
            MainWorkloadReady: main,
            ...(scheduler === undefined ? {} : { SchedulerWorkloadReady: scheduler }),
            WorkloadsReady: workloads,
            RouterReady: router,
            Ready: aggregate([workloads, router]),
          },
          INFORMATIONAL,
          cluster.now(),
        ),
      };
    });
  });

  const serviceQueue = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const [namespace, name] = splitKey(key);
    const service = cluster.get<InferenceService>(SERVICES, namespace, name);
    if (service === undefined || isTerminating(service)) return;
    const workload = deployment(namespace, `${name}-predictor`);
    if (workload === undefined) return;
    const predictor = availabilityOf(workload);
    cluster.update(SERVICES, service, (draft) => {
      const known = draft.status?.conditions ?? [];
      const ingress = known.find(({ type }) => type === 'IngressReady');
      const ready = aggregate([predictor, ingress]);
      const isLoaded = ready.status === 'True';
      draft.status = {
        ...draft.status,
        observedGeneration: draft.metadata.generation ?? 1,
        conditions: withStates(known, { PredictorReady: predictor, Ready: ready }, new Set(), cluster.now()),
        modelStatus: isLoaded
          ? {
              copies: { failedCopies: 0, totalCopies: 1 },
              states: { activeModelState: 'Loaded', targetModelState: 'Loaded' },
              transitionStatus: 'UpToDate',
            }
          : { states: { activeModelState: '', targetModelState: 'Pending' }, transitionStatus: 'InProgress' },
      };
    });
  });

  cluster.onChange([LLM_SERVICES], ({ object }) => llmQueue.add(keyOfObject(object)));
  cluster.onChange([SERVICES], ({ object }) => serviceQueue.add(keyOfObject(object)));
  const restore = createWorkQueue(cluster.clock, REACTION_MS, (key) => {
    const lost = lostDeployments.get(key);
    lostDeployments.delete(key);
    if (lost === undefined || cluster.get('deployments.apps', ...splitKey(key)) !== undefined) return;
    const owner = controllerOf(lost);
    const kind = owner?.kind === 'LLMInferenceService' ? LLM_SERVICES : SERVICES;
    const service = cluster.get(kind, lost.metadata.namespace, owner?.name ?? '');
    if (service === undefined || isTerminating(service) || service.metadata.uid !== owner?.uid) return;
    const { name, namespace = '', labels = {}, ownerReferences = [] } = lost.metadata;
    cluster.create(
      'deployments.apps',
      { name, namespace, labels, ownerReferences, generation: 1 },
      { spec: lost.spec },
    );
    if (kind !== LLM_SERVICES) return;
    const source = { component: 'LLMInferenceServiceController' };
    events.record(service, 'Normal', 'Created', `Created v1.Deployment ${namespace}/${name}`, source);
  });
  const lostDeployments = new Map<string, KubernetesObject>();

  cluster.onChange(['deployments.apps'], ({ type, object }) => {
    if (type === 'DELETED' && controllerOf(object) !== undefined) {
      lostDeployments.set(keyOfObject(object), object);
      restore.add(keyOfObject(object));
    }
    for (const { kind, name } of object.metadata.ownerReferences ?? []) {
      const key = `${object.metadata.namespace}/${name}`;
      if (kind === 'LLMInferenceService') llmQueue.add(key);
      if (kind === 'InferenceService') serviceQueue.add(key);
    }
  });
  return () => {
    llmQueue.stop();
    serviceQueue.stop();
    restore.stop();
  };
}
