import { findCondition } from '../objects/meta';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { sentence } from './wording';

export const GPU_OPERATOR_GATES: readonly GateRow[] = [
  {
    id: 'gpu-operator',
    layer: 'infrastructure',
    title: 'NVIDIA GPU Operator',
    required: false,
    dependsOn: [],
    why: 'Without driver and device plugin no node offers nvidia.com/gpu, and no engine pod can be scheduled.',
    remedy: 'Install Node Feature Discovery and the NVIDIA GPU Operator, and create a ClusterPolicy.',
    owner: 'cluster-admin',
    document: DOCUMENTS.gpuOperator,
    command: () => 'oc get clusterpolicies.nvidia.com',
    evaluate: evaluateGpuOperator,
  },
];

function evaluateGpuOperator(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'clusterpolicies');
  if (sight.kind === 'hidden') return sight.outcome;
  if (sight.kind === 'not-installed') {
    return {
      status: 'fail',
      reason: 'not-installed',
      finding: 'The NVIDIA GPU Operator is not installed.',
      evidence: [kubernetesEvidence(sight.view, { served: false }, input.now)],
    };
  }
  const policy = sight.items.find((item) => item.state !== 'ignored') ?? sight.items[0];
  if (policy === undefined) {
    return {
      status: 'fail',
      reason: 'not-created',
      finding: 'The GPU Operator is installed, but no ClusterPolicy exists.',
      evidence: [kubernetesEvidence(sight.view, { items: 0 }, input.now)],
    };
  }
  const { meta, state, driverVersion, conditions } = policy;
  const evidence = [
    kubernetesEvidence(
      sight.view,
      { name: meta.name, state, driverVersion, conditions: conditionsExcerpt(conditions) },
      input.now,
    ),
  ];
  const ready = findCondition(conditions, 'Ready');
  if (state !== 'ready') {
    const detail = [ready, findCondition(conditions, 'Error')].find(
      (condition) => condition?.message !== null && condition?.message !== undefined,
    );
    return {
      status: 'fail',
      finding: sentence(
        `ClusterPolicy ${meta.name} is ${state ?? 'without a state'}${detail === undefined || detail === null ? '' : `: ${detail.message}`}`,
      ),
      evidence,
    };
  }
  if (ready?.reason === 'NoGPUNodes' || ready?.reason === 'NFDLabelsMissing') {
    return {
      status: 'warn',
      finding: `ClusterPolicy ${meta.name} says ready, but ${
        ready.reason === 'NoGPUNodes'
          ? 'it sees no GPU node'
          : 'the Node Feature Discovery labels are missing'
      } (${ready.reason}).`,
      evidence,
    };
  }
  return {
    status: 'pass',
    finding: `ClusterPolicy ${meta.name} is ready${driverVersion === null ? '' : ` with driver ${driverVersion}`}.`,
    evidence,
  };
}
