import { declaredGpus, findBaseline, findDistributed, neededGpus, requestedGpus } from '../demo-demand';
import { armOf } from '../objects/arms';
import type { KubeNode } from '../objects/core';
import { countGpus, podGpus } from '../objects/gpus';
import { instanceTypeOf, isNodeReady } from '../objects/nodes';
import { holdsResources } from '../objects/pod-state';
import { isReadable, knownPods } from '../readable';
import { DOCUMENTS } from './documents';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { count, inWords, sentence } from './wording';
export const GPU_NODE_GATES: readonly GateRow[] = [
  {
    id: 'gpu-nodes',
    layer: 'infrastructure',
    title: 'GPU nodes',
    required: true,
    dependsOn: ['gpu-operator'],
    why: 'The story is scale-out over small nodes: each engine pod needs its own node with one GPU.',
    remedy: 'Scale the MachineSet of the GPU instance type; a new node takes 3 to 10 minutes.',
    owner: 'cluster-admin',
    document: DOCUMENTS.accelerators,
    command: (settings) =>
      `oc get nodes -l node.kubernetes.io/instance-type=${settings.instanceType} -L nvidia.com/gpu.product`,
    evaluate: evaluateGpuNodes,
  },
  {
    id: 'gpu-capacity',
    layer: 'infrastructure',
    title: 'Free GPUs',
    required: false,
    dependsOn: ['gpu-nodes'],
    why: 'A pod without a free GPU stays Pending; other tenants of the cluster may hold the ones counted on.',
    remedy: 'Free the GPUs held by other workloads, or scale the MachineSet of the GPU instance type.',
    owner: 'cluster-admin',
    document: null,
    command: (settings) =>
      `oc describe nodes -l node.kubernetes.io/instance-type=${settings.instanceType} | grep -E '^Name:|nvidia.com/gpu'`,
    evaluate: evaluateGpuCapacity,
  },
];

function nodeExcerpt(node: KubeNode): unknown {
  return {
    name: node.meta.name,
    ready: isNodeReady(node),
    unschedulable: node.unschedulable,
    capacity: countGpus(node.capacity),
    allocatable: countGpus(node.allocatable),
  };
}

function evaluateGpuNodes(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'nodes');
  if (sight.kind === 'hidden') return sight.outcome;
  const { instanceType } = input.settings;
  const nodes =
    sight.kind === 'seen' ? sight.items.filter((node) => instanceTypeOf(node) === instanceType) : [];
  const evidence = [kubernetesEvidence(sight.view, nodes.map(nodeExcerpt), input.now)];
  if (nodes.length === 0) {
    return {
      status: 'fail',
      finding: `There is no ${instanceType} node in the cluster.`,
      evidence,
      explainedBy: [],
    };
  }
  const ready = nodes.filter(isNodeReady);
  const usable = ready.filter((node) => !node.unschedulable && countGpus(node.allocatable) > 0);
  const readyText = `${ready.length} of ${nodes.length} ${instanceType} nodes Ready`;
  if (usable.length === 0) {
    const why =
      ready.length === 0
        ? ''
        : ready.every((node) => node.unschedulable)
          ? ', all cordoned'
          : ', but none offers a GPU (driver or device plugin down)';
    const deviceDown = ready.some((node) => !node.unschedulable);
    return {
      status: 'fail',
      finding: `${readyText}${why}.`,
      evidence,
      ...(deviceDown ? {} : { explainedBy: [] }),
    };
  }
  const declared = declaredGpus(input.settings, input.cluster);
  const wanted = Math.max(2, declared.baseline + declared.distributed);
  const gpus = usable.reduce((sum, node) => sum + countGpus(node.allocatable), 0);
  const parts = [readyText, gpuText(usable), usageText(input, usable, gpus)];
  const cordoned = ready.filter((node) => node.unschedulable).length;
  if (cordoned > 0) parts.push(`${inWords(cordoned)} cordoned`);
  const enough = usable.length >= 2 && gpus >= wanted;
  if (!enough) parts.unshift(`Too few: both arms need ${count(wanted, 'GPU')} on at least two nodes`);
  return {
    status: enough ? 'pass' : 'warn',
    finding: `${parts.filter((part) => part !== null).join(', ')}.`,
    evidence,
  };
}

function gpuText(nodes: readonly KubeNode[]): string {
  const counts = new Set(nodes.map((node) => countGpus(node.allocatable)));
  const [same] = counts;
  if (counts.size > 1 || same === undefined) {
    const total = nodes.reduce((sum, node) => sum + countGpus(node.allocatable), 0);
    return `${count(total, 'GPU')} together`;
  }
  const products = [...new Set(nodes.map((node) => productOf(node)))];
  const product = products.length === 1 && products[0] != null ? products[0] : 'GPU';
  return `${inWords(same)} ${product} each`;
}

/** `NVIDIA-L4` reads as "L4". */
function productOf(node: KubeNode): string | null {
  return node.meta.labels['nvidia.com/gpu.product']?.replace(/^NVIDIA-/, '').replaceAll('-', ' ') ?? null;
}

function usageText(input: ChecklistInput, nodes: readonly KubeNode[], gpus: number): string | null {
  const { pods, complete } = knownPods(input.settings, input.cluster);
  if (!complete && !isReadable(input.cluster.resources.pods)) return null;
  const sum = (byNode: ReadonlyMap<string, number>) =>
    nodes.reduce((total, node) => total + (byNode.get(node.meta.name) ?? 0), 0);
  const total = sum(requestedGpus(pods));
  const ours = sum(requestedGpus(pods.filter((pod) => armOf(pod, input.settings) !== 'other')));
  const others = total - ours;
  const oursText = ours === gpus && gpus > 1 ? `all ${inWords(gpus)}` : inWords(ours);
  const known = complete ? '' : ' that we can see';
  return others === 0
    ? `${oursText} in use by this demo${known}`
    : `${oursText} in use by this demo and ${inWords(others)} by others`;
}

function evaluateGpuCapacity(input: ChecklistInput): GateOutcome {
  const nodesSight = lookAt(input, 'nodes');
  if (nodesSight.kind === 'hidden') return nodesSight.outcome;
  const arms = (['llminferenceservices', 'inferenceservices'] as const).map((id) => lookAt(input, id));
  // What the arms declare is not known before both were listed; without the right, what is known must do.
  const early = arms.find((sight) => sight.kind === 'hidden' && sight.outcome.reason === 'syncing');
  if (early?.kind === 'hidden') return early.outcome;
  const podsSight = lookAt(input, 'pods-all');
  const { pods, complete } = knownPods(input.settings, input.cluster);
  const { instanceType } = input.settings;
  const nodes =
    nodesSight.kind === 'seen'
      ? nodesSight.items.filter(
          (node) => instanceTypeOf(node) === instanceType && isNodeReady(node) && !node.unschedulable,
        )
      : [];
  const requested = requestedGpus(pods);
  const perNode = nodes.map((node) => ({
    name: node.meta.name,
    allocatable: countGpus(node.allocatable),
    requested: requested.get(node.meta.name) ?? 0,
  }));
  const evidence = [kubernetesEvidence(nodesSight.view, perNode, input.now)];
  const needed = neededGpus(input.settings, input.cluster, pods);
  if (needed === 0 && isReadable(input.cluster.resources.pods)) {
    const declared = declaredGpus(input.settings, input.cluster);
    const total = declared.baseline + declared.distributed;
    evidence.push(kubernetesEvidence(input.cluster.resources.pods, { stillNeeded: 0, declared }, input.now));
    if (total > 0) {
      return {
        status: 'pass',
        finding: `Both arms hold the ${count(total, 'GPU')} they declare; no more are needed.`,
        evidence,
      };
    }
    const exists =
      findBaseline(input.settings, input.cluster) !== null ||
      findDistributed(input.settings, input.cluster) !== null;
    return exists
      ? { status: 'warn', finding: 'What is deployed declares no GPU at all.', evidence }
      : { status: 'not-applicable', finding: 'Neither arm is deployed, so no GPU is needed yet.', evidence };
  }
  if (podsSight.kind === 'hidden') return podsSight.outcome;
  if (!complete)
    return { status: 'unknown', reason: 'unreachable', finding: 'Pods cannot be listed.', evidence };
  evidence.push(kubernetesEvidence(podsSight.view, { stillNeeded: needed }, input.now));
  const free = perNode.reduce((sum, node) => sum + Math.max(0, node.allocatable - node.requested), 0);
  const total = perNode.reduce((sum, node) => sum + node.allocatable, 0);
  const counts = `${count(needed, 'more GPU')} needed, ${free} of ${total} free on Ready ${instanceType} nodes`;
  if (free >= needed) return { status: 'pass', finding: sentence(counts), evidence };
  const leaving = pods
    .filter(
      (pod) => pod.meta.deletedAt !== null && armOf(pod, input.settings) !== 'other' && holdsResources(pod),
    )
    .reduce((sum, pod) => sum + podGpus(pod.containers), 0);
  if (free + leaving >= needed) {
    return {
      status: 'warn',
      progressing: true,
      finding: `${counts}; ${count(leaving, 'GPU')} of this demo's terminating pods will be freed.`,
      evidence,
    };
  }
  return {
    status: 'fail',
    finding: total >= needed ? `${counts}; the others are in use.` : sentence(counts),
    evidence,
  };
}
