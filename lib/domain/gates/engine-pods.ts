import { findDistributed } from '../demo-demand';
import { enginePods } from '../objects/arms';
import type { KubePod, PodContainer, ProbePatience } from '../objects/core';
import { countGpus } from '../objects/gpus';
import { podState } from '../objects/pod-state';
import { isReadable, knownPods } from '../readable';
import { ARMS, type Arm } from '../vocabulary';
import { DOCUMENTS } from './documents';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { listText, sentence } from './wording';

/** Name the controller gives the engine's container (kubernetes-objects §3.7, §4). */
const ENGINE_CONTAINER: Readonly<Record<Arm, string>> = { baseline: 'kserve-container', distributed: 'main' };
/** The 24 B INT4 model: up to 5 minutes of loading and one of graph capture (demo-environment §15.7). */
const LOAD_SECONDS = 360;

export const ENGINE_POD_GATES: readonly GateRow[] = [
  {
    id: 'gpu-container',
    layer: 'application',
    title: 'GPU on the engine container',
    required: false,
    dependsOn: ['distributed-ready'],
    why: 'A GPU asked for on another container name makes a second container; main then starts without a GPU and crashes with “failed to infer device type”.',
    remedy: 'Name the container with the GPU request main in spec.template of the LLMInferenceService.',
    owner: 'user',
    document: DOCUMENTS.deploying,
    command: ({ namespace, distributedName }) =>
      `oc get llminferenceservices.serving.kserve.io ${distributedName} -n ${namespace} -o jsonpath='{range .spec.template.containers[*]}{.name}{" "}{.resources.limits}{"\\n"}{end}'`,
    evaluate: evaluateGpuContainer,
  },
  {
    id: 'liveness-budget',
    layer: 'application',
    title: 'Liveness outlasts loading',
    required: false,
    dependsOn: [],
    why: 'The preset’s liveness probe gives up after about 150 s, a 24 B model needs minutes: the pod is killed while it loads, again and again.',
    remedy:
      'Raise livenessProbe.initialDelaySeconds (the demo uses 300 s, 10 failures at 30 s) in spec.template.',
    owner: 'user',
    document: null,
    command: ({ namespace, distributedName }) =>
      `oc get pods -n ${namespace} -l app.kubernetes.io/name=${distributedName} -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.spec.containers[?(@.name=="main")].livenessProbe}{"\\n"}{end}'`,
    evaluate: evaluateLiveness,
  },
];

function evaluateGpuContainer(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'llminferenceservices');
  if (sight.kind === 'hidden') return sight.outcome;
  const service = findDistributed(input.settings, input.cluster);
  if (service === null) {
    return {
      status: 'not-applicable',
      finding: `There is no ${input.settings.distributedName} whose containers could be checked.`,
      evidence: [
        kubernetesEvidence(sight.view, { items: sight.kind === 'seen' ? sight.items.length : 0 }, input.now),
      ],
    };
  }
  const { pods: own, 'pods-all': all } = input.cluster.resources;
  const view = isReadable(own) ? own : all;
  const pods = enginePods(knownPods(input.settings, input.cluster).pods, 'distributed', input.settings);
  const declared = service.main.templateContainers;
  const evidence = [
    kubernetesEvidence(sight.view, { name: service.meta.name, template: declared }, input.now),
    ...(isReadable(view)
      ? [
          kubernetesEvidence(
            view,
            pods.slice(0, 8).map((pod) => ({ name: pod.meta.name, containers: pod.containers.map(gpusOf) })),
            input.now,
          ),
        ]
      : []),
  ];
  const engine = ENGINE_CONTAINER.distributed;
  const containers = [...declared, ...pods.flatMap((pod) => pod.containers.map(gpusOf))];
  const wrong = [
    ...new Set(containers.filter(({ name, gpus }) => gpus > 0 && name !== engine).map(({ name }) => name)),
  ];
  const right = containers.some(({ name, gpus }) => gpus > 0 && name === engine);
  if (wrong.length > 0) {
    return {
      status: right ? 'warn' : 'fail',
      finding: `A GPU is asked for on container ${listText(wrong)}${right ? ` besides ${engine}` : `, not on ${engine}, which then starts without one`}.`,
      evidence,
      explainedBy: [],
    };
  }
  return right
    ? { status: 'pass', finding: `The GPU is asked for on container ${engine}.`, evidence }
    : {
        status: 'fail',
        finding: `No container of ${service.meta.name} asks for a GPU: the engine cannot start.`,
        evidence,
        explainedBy: [],
      };
}

function gpusOf(container: PodContainer): { name: string; gpus: number } {
  return { name: container.name, gpus: countGpus(container.gpus) };
}

/** Seconds a probe waits before it gives its container up. */
export function patienceSeconds({
  initialDelaySeconds,
  periodSeconds,
  failureThreshold,
}: ProbePatience): number {
  return initialDelaySeconds + periodSeconds * failureThreshold;
}

function evaluateLiveness(input: ChecklistInput): GateOutcome {
  const { pods: own, 'pods-all': all } = input.cluster.resources;
  const view = isReadable(own) ? own : all;
  if (!isReadable(view)) {
    const sight = lookAt(input, 'pods');
    if (sight.kind === 'hidden') return sight.outcome;
  }
  const known = knownPods(input.settings, input.cluster).pods;
  const budgets = ARMS.flatMap((arm) =>
    enginePods(known, arm, input.settings).map((pod) => ({ pod, ...budgetOf(pod, arm) })),
  );
  const evidence = [
    kubernetesEvidence(
      view,
      budgets.slice(0, 12).map(({ pod, liveness, startup, seconds }) => ({
        name: pod.meta.name,
        liveness,
        startup,
        killedAfterSeconds: seconds,
      })),
      input.now,
    ),
  ];
  if (budgets.length === 0) {
    return {
      status: 'not-applicable',
      finding: 'There is no engine pod whose probes could be read.',
      evidence,
    };
  }
  const short = budgets.filter(({ seconds }) => seconds !== null && seconds < LOAD_SECONDS);
  if (short.length === 0) {
    const limits = budgets.flatMap(({ seconds }) => seconds ?? []);
    return {
      status: 'pass',
      finding:
        limits.length === 0
          ? 'No engine has a liveness probe that could kill it while it loads.'
          : `No probe gives an engine up before ${Math.min(...limits)} s; loading takes up to ${LOAD_SECONDS} s.`,
      evidence,
    };
  }
  const looping = short.filter(({ pod }) => podState(pod).kind === 'restart-loop');
  const names = listText([...new Set(short.map(({ pod }) => pod.meta.name))].slice(0, 3));
  const seconds = Math.min(...short.flatMap((budget) => budget.seconds ?? []));
  return looping.length > 0
    ? {
        status: 'fail',
        finding: sentence(
          `An engine is killed ${seconds} s after the start, while the model (up to ${LOAD_SECONDS} s) still loads: ${names}`,
        ),
        evidence,
      }
    : {
        status: 'warn',
        finding: sentence(
          `An engine would be killed ${seconds} s after a start, but loading takes up to ${LOAD_SECONDS} s: ${names}`,
        ),
        evidence,
      };
}

function budgetOf(
  pod: KubePod,
  arm: Arm,
): { liveness: ProbePatience | null; startup: ProbePatience | null; seconds: number | null } {
  const engine = pod.containers.find((container) => container.name === ENGINE_CONTAINER[arm]);
  const liveness = engine?.livenessProbe ?? null;
  const startup = engine?.startupProbe ?? null;
  // Liveness does not run before the startup probe has succeeded.
  const deciding = startup ?? liveness;
  return { liveness, startup, seconds: deciding === null ? null : patienceSeconds(deciding) };
}
