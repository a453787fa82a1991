import { enginePods } from '../objects/arms';
import type { KubeNode, KubePod, Taint, Toleration } from '../objects/core';
import { instanceTypeOf, isNodeReady } from '../objects/nodes';
import { knownPods } from '../readable';
import { ARMS } from '../vocabulary';
import { armPods } from './arm-evidence';
import { DOCUMENTS } from './documents';
import { boundExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { count, listText, sentence } from './wording';

/** The driver the demo pins (demo-environment §8). */
const PINNED_DRIVER = '570.195.03';
/** Driver major from which CUDA 13 breaks the OpenShift AI 3.0 images (demo-environment §8). */
const FIRST_UNFIT_DRIVER_MAJOR = 580;
const DRIVER_LABEL = 'nvidia.com/cuda.driver-version.full';
/** The one taint of the demo's GPU nodes (demo-environment §8). */
const GPU_TAINT = { key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' } as const;

export const GPU_SETUP_GATES: readonly GateRow[] = [
  {
    id: 'gpu-driver',
    layer: 'infrastructure',
    title: 'GPU driver',
    required: false,
    dependsOn: ['gpu-operator'],
    why: 'The OpenShift AI 3.0 images are reported to fail with CUDA error 803 under drivers from 580 on, so the demo pins an older one.',
    remedy: `Set spec.driver.version of the ClusterPolicy to ${PINNED_DRIVER}; the nodes’ drivers are replaced one after the other.`,
    owner: 'cluster-admin',
    document: DOCUMENTS.gpuOperator,
    command: () =>
      `oc get clusterpolicies.nvidia.com -o jsonpath='{.items[*].spec.driver.version}'; oc get nodes -L ${DRIVER_LABEL}`,
    evaluate: evaluateDriver,
  },
  {
    id: 'gpu-taints',
    layer: 'infrastructure',
    title: 'GPU node taints',
    required: false,
    dependsOn: ['gpu-nodes'],
    why: 'The taint keeps other workloads off the GPU nodes; another one than the pods tolerate keeps the engines off as well.',
    remedy:
      'oc adm taint nodes NODE nvidia.com/gpu=true:NoSchedule --overwrite, better in the MachineSet, which makes every new node.',
    owner: 'cluster-admin',
    document: DOCUMENTS.taints,
    command: ({ instanceType }) =>
      `oc get nodes -l node.kubernetes.io/instance-type=${instanceType} -o custom-columns=NODE:.metadata.name,TAINTS:.spec.taints`,
    evaluate: evaluateTaints,
  },
];

function demoNodes(input: ChecklistInput, nodes: readonly KubeNode[]): readonly KubeNode[] {
  return nodes.filter((node) => instanceTypeOf(node) === input.settings.instanceType);
}

function evaluateDriver(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'clusterpolicies');
  if (sight.kind === 'hidden') return sight.outcome;
  const policy =
    sight.kind === 'seen'
      ? (sight.items.find((item) => item.state !== 'ignored') ?? sight.items[0])
      : undefined;
  if (policy === undefined) {
    return {
      status: 'fail',
      reason: sight.kind === 'seen' ? 'not-created' : 'not-installed',
      finding: 'No ClusterPolicy says which driver the nodes get.',
      evidence: [kubernetesEvidence(sight.view, { items: 0 }, input.now)],
    };
  }
  const nodesSight = lookAt(input, 'nodes');
  if (nodesSight.kind === 'hidden') return nodesSight.outcome;
  const nodes = demoNodes(input, nodesSight.kind === 'seen' ? nodesSight.items : []);
  const running = nodes.flatMap((node) => node.meta.labels[DRIVER_LABEL] ?? []);
  const versions = [...new Set(running)].sort();
  const pinned = policy.driverVersion;
  const evidence = [
    kubernetesEvidence(sight.view, { name: policy.meta.name, driverVersion: pinned }, input.now),
    kubernetesEvidence(
      nodesSight.view,
      nodes.map((node) => ({ name: node.meta.name, driver: node.meta.labels[DRIVER_LABEL] ?? null })),
      input.now,
    ),
  ];
  const unfit = [...new Set([...versions, ...(pinned === null ? [] : [pinned])])].filter(
    (version) => Number(/^\d+/.exec(version)?.[0] ?? Number.NaN) >= FIRST_UNFIT_DRIVER_MAJOR,
  );
  if (unfit.length > 0) {
    return {
      status: 'warn',
      finding: `Driver ${listText(unfit)}: from 580 on the OpenShift AI 3.0 images are reported to fail with CUDA error 803; the demo pins ${PINNED_DRIVER}.`,
      evidence,
    };
  }
  const runText = versions.length === 0 ? 'no node tells its driver' : `the nodes run ${listText(versions)}`;
  if (pinned === null) {
    return {
      status: 'warn',
      finding: sentence(`ClusterPolicy ${policy.meta.name} pins no driver; ${runText}`),
      evidence,
    };
  }
  if (pinned !== PINNED_DRIVER) {
    return {
      status: 'warn',
      finding: sentence(
        `ClusterPolicy ${policy.meta.name} pins driver ${pinned}, the demo ${PINNED_DRIVER}; ${runText}`,
      ),
      evidence,
    };
  }
  return versions.length === 0 || versions.some((version) => version !== pinned)
    ? { status: 'warn', finding: sentence(`Driver ${pinned} is pinned, but ${runText}`), evidence }
    : {
        status: 'pass',
        finding: `Driver ${pinned} is pinned, and ${count(running.length, 'node')} ${running.length === 1 ? 'runs' : 'run'} it.`,
        evidence,
      };
}

function evaluateTaints(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'nodes');
  if (sight.kind === 'hidden') return sight.outcome;
  const nodes = demoNodes(input, sight.kind === 'seen' ? sight.items : []).filter(isNodeReady);
  const seen = armPods(input, 'distributed');
  if (seen === null) {
    const pods = lookAt(input, 'pods');
    if (pods.kind === 'hidden') return pods.outcome;
  }
  const evidence = [
    kubernetesEvidence(
      sight.view,
      nodes.map((node) => ({ name: node.meta.name, taints: node.taints.map(taintText) })),
      input.now,
    ),
  ];
  if (nodes.length === 0) {
    return {
      status: 'fail',
      finding: `No ${input.settings.instanceType} node is Ready, so no taint can be checked.`,
      evidence,
    };
  }
  const engines = ARMS.flatMap((arm) =>
    enginePods(knownPods(input.settings, input.cluster).pods, arm, input.settings),
  );
  evidence.push(
    ...(seen === null
      ? []
      : [
          {
            ...seen.evidence,
            excerpt: boundExcerpt(
              engines.slice(0, 8).map((pod) => ({ name: pod.meta.name, tolerations: pod.tolerations })),
            ),
          },
        ]),
  );
  const blocking = nodes.flatMap((node) => node.taints).filter(keepsPodsOff);
  const refused = engines.flatMap((pod) =>
    blocking
      .filter((taint) => !toleratesTaint(pod, taint))
      .map((taint) => `${pod.meta.name} does not tolerate ${taintText(taint)}`),
  );
  if (refused.length > 0) {
    return {
      status: 'fail',
      finding: sentence(listText([...new Set(refused)].slice(0, 3))),
      evidence,
      explainedBy: [],
    };
  }
  const odd = nodes.filter((node) => !node.taints.some(isGpuTaint));
  const others = nodes.flatMap((node) =>
    node.taints.filter((taint) => keepsPodsOff(taint) && !isGpuTaint(taint)),
  );
  if (odd.length > 0) {
    return {
      status: 'warn',
      finding: `${odd.length} of ${nodes.length} Ready ${input.settings.instanceType} nodes ${odd.length === 1 ? 'does' : 'do'} not carry exactly ${taintText(GPU_TAINT)}${others.length === 0 ? '' : ` (there is ${listText([...new Set(others.map(taintText))])})`}: other workloads may take their place.`,
      evidence,
      explainedBy: [],
    };
  }
  return {
    status: 'pass',
    finding: `All ${nodes.length} Ready ${input.settings.instanceType} nodes carry ${taintText(GPU_TAINT)}${engines.length === 0 ? '' : ', and every engine pod tolerates it'}.`,
    evidence,
  };
}

function isGpuTaint(taint: Taint): boolean {
  return taint.key === GPU_TAINT.key && taint.value === GPU_TAINT.value && taint.effect === GPU_TAINT.effect;
}

/** Taints the node controller sets for a while are told by the node's own conditions. */
function keepsPodsOff(taint: Taint): boolean {
  return taint.effect !== 'PreferNoSchedule' && !taint.key.startsWith('node.kubernetes.io/');
}

function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === null || value === '' ? '' : `=${value}`}:${effect}`;
}

/** The rule of the scheduler: key, operator and effect must match, each standing for all when left out. */
export function toleratesTaint(pod: Pick<KubePod, 'tolerations'>, taint: Taint): boolean {
  return pod.tolerations.some(
    (toleration) => matchesEffect(toleration, taint) && matchesKey(toleration, taint),
  );
}

function matchesEffect({ effect }: Toleration, taint: Taint): boolean {
  return effect === null || effect === '' || effect === taint.effect;
}

function matchesKey({ key, operator, value }: Toleration, taint: Taint): boolean {
  if (key === null || key === '') return operator === 'Exists';
  if (key !== taint.key) return false;
  return operator === 'Exists' || (value ?? '') === (taint.value ?? '');
}
