import { findDistributed } from '../demo-demand';
import { findInferencePool } from '../endpoint-objects';
import { schedulerPods } from '../objects/arms';
import type { KubePod } from '../objects/core';
import { countGpus } from '../objects/gpus';
import { findCondition } from '../objects/meta';
import { isPodReady, podState } from '../objects/pod-state';
import { isReadable, knownPods } from '../readable';
import { isArmComingUp, podExcerpt } from './arm-evidence';
import { seePods, shortName } from './distributed-pods';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { arePodsProgressing } from './lights';
import { conditionText, sentence } from './wording';

/** Generous for pulling its image and finding its pool. */
const SCHEDULER_START_MS = 3 * 60_000;

export const DISTRIBUTED_SCHEDULER_GATES: readonly GateRow[] = [
  {
    id: 'distributed-scheduler',
    layer: 'application',
    title: 'llm-d scheduler',
    required: false,
    dependsOn: ['distributed-ready', 'inference-gateway-object', 'connectivity-link'],
    why: 'The endpoint picker decides which replica gets a request. Without it traffic falls open: it flows unscheduled, and nothing says so.',
    remedy:
      'Repair the Gateway and re-create the service, so that the controller builds scheduler, pool and route.',
    owner: 'user',
    document: DOCUMENTS.deploying,
    command: (settings) =>
      `oc get pods -n ${settings.namespace} -l app.kubernetes.io/name=${settings.distributedName},app.kubernetes.io/component=llminferenceservice-router-scheduler -o wide`,
    evaluate: evaluateScheduler,
  },
];

function evaluateScheduler(input: ChecklistInput): GateOutcome {
  const sight = seePods(input);
  if (sight.outcome !== null) return sight.outcome;
  const service = findDistributed(input.settings, input.cluster);
  const view = isReadable(input.cluster.resources.pods)
    ? input.cluster.resources.pods
    : input.cluster.resources['pods-all'];
  const pods = schedulerPods(knownPods(input.settings, input.cluster).pods, input.settings);
  const evidence = [kubernetesEvidence(view, pods.map(podExcerpt), input.now)];
  if (service?.router?.hasScheduler !== true) {
    return {
      status: 'not-applicable',
      finding: 'The service declares no scheduler (spec.router.scheduler is not set).',
      evidence,
    };
  }
  const ready = pods.filter(isPodReady);
  const [pod] = ready;
  if (pod === undefined) {
    const [waiting] = pods;
    // It loads no model: what has not become ready soon after its start does not by itself.
    const isYoung = pods.some(
      ({ meta }) => input.now - Date.parse(meta.createdAt ?? '') < SCHEDULER_START_MS,
    );
    const progressing =
      (isYoung && arePodsProgressing(pods)) || (pods.length === 0 && isArmComingUp(input, 'distributed'));
    return {
      status: progressing ? 'warn' : 'fail',
      progressing,
      finding:
        waiting === undefined
          ? 'The scheduler has no pod; traffic falls open and flows unscheduled.'
          : sentence(`The scheduler is not ready: ${podState(waiting).waitingReason ?? waiting.phase}`),
      evidence,
      ...(waiting === undefined ? {} : { explainedBy: [] }),
    };
  }
  const poolText = poolProblem(input);
  const pool = findInferencePool(input.settings, input.cluster);
  if (pool !== null) {
    evidence.push(
      kubernetesEvidence(
        poolView(input),
        {
          name: pool.meta.name,
          failureMode: pool.endpointPicker?.failureMode ?? null,
          parents: pool.parents.map((parent) => conditionsExcerpt(parent.conditions)),
        },
        input.now,
      ),
    );
  }
  if (poolText !== null) {
    return { status: 'warn', finding: sentence(`The scheduler is ready, but ${poolText}`), evidence };
  }
  const onGpuNode = gpuNodeOf(input, pod);
  return onGpuNode === null
    ? {
        status: 'pass',
        finding: isReadable(input.cluster.resources.nodes)
          ? 'The scheduler is ready and its pool is accepted.'
          : 'The scheduler is ready and its pool is accepted; whether it takes room on a GPU node cannot be seen.',
        evidence,
      }
    : {
        status: 'warn',
        finding: `The scheduler takes an engine's room: it runs on GPU node ${shortName(onGpuNode)}, where Kueue's default queue sends it. It is ready and its pool is accepted.`,
        evidence,
      };
}

function poolView(input: ChecklistInput) {
  const { inferencepools, 'inferencepools-v1': newer } = input.cluster.resources;
  return inferencepools.items.length > 0 ? inferencepools : newer;
}

/** What stands between pool and Gateway; `null` where the pool is accepted. */
function poolProblem(input: ChecklistInput): string | null {
  const pool = findInferencePool(input.settings, input.cluster);
  if (pool === null) {
    // Without the right to read pools the service's own condition is the next best.
    const service = findDistributed(input.settings, input.cluster);
    const condition = findCondition(service?.conditions ?? [], 'InferencePoolReady');
    if (condition?.status === 'True') return null;
    return condition === null ? 'no InferencePool can be seen' : conditionText(condition);
  }
  if (pool.parents.length === 0) return `no gateway has looked at InferencePool ${pool.meta.name}`;
  for (const parent of pool.parents) {
    const accepted = findCondition(parent.conditions, 'Accepted');
    if (accepted?.status !== 'True') {
      return `InferencePool ${pool.meta.name} has ${accepted === null ? 'no Accepted condition' : conditionText(accepted)}`;
    }
  }
  return null;
}

function gpuNodeOf(input: ChecklistInput, pod: KubePod): string | null {
  const node = input.cluster.resources.nodes.items.find((item) => item.meta.name === pod.nodeName);
  return node !== undefined && countGpus(node.capacity) > 0 ? node.meta.name : null;
}
