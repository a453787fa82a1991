import { findCondition } from '../objects/meta';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { findOperator } from './operators';
import { usesLeaderWorkerSets } from './serving-api';
import { lookAt } from './sight';
import { conditionText, sentence } from './wording';

export const LEADER_WORKER_SET_OPERATOR_GATES: readonly GateRow[] = [
  {
    id: 'leaderworkerset-operator',
    layer: 'platform',
    title: 'Leader Worker Set Operator',
    required: usesLeaderWorkerSets,
    dependsOn: ['cert-manager'],
    why: 'The operator’s own CRD is there as soon as it is installed; the workload API appears only after an instance named cluster exists.',
    remedy:
      'Install leader-worker-set (channel stable-v1.0), approve its install plan, and create LeaderWorkerSetOperator cluster. Multi-node only: replica mode does not need it.',
    owner: 'cluster-admin',
    document: DOCUMENTS.leaderWorkerSet,
    command: () => 'oc get leaderworkersetoperators.operator.openshift.io cluster -o yaml',
    evaluate: evaluateOperator,
  },
];

function evaluateOperator(input: ChecklistInput): GateOutcome {
  const subscriptions = lookAt(input, 'subscriptions');
  if (subscriptions.kind === 'hidden') return subscriptions.outcome;
  const instances = lookAt(input, 'leaderworkersetoperator');
  if (instances.kind === 'hidden') return instances.outcome;
  const used = usesLeaderWorkerSets(input);
  const bad = used ? 'fail' : 'warn';
  const use = used ? 'the service sets spec.worker and needs it' : 'replica mode does not use it';
  const operator = findOperator(input, 'leader-worker-set');
  const instance = instances.kind === 'seen' ? instances.items[0] : undefined;
  const evidence = [
    kubernetesEvidence(
      instances.view,
      instance === undefined
        ? { items: 0, served: instances.kind === 'seen' }
        : { name: instance.meta.name, conditions: conditionsExcerpt(instance.conditions) },
      input.now,
    ),
    ...(operator === null
      ? [kubernetesEvidence(subscriptions.view, { 'leader-worker-set': null }, input.now)]
      : operator.evidence),
  ];
  if (operator === null && instances.kind === 'not-installed') {
    return {
      status: used ? 'fail' : 'not-applicable',
      reason: 'not-installed',
      finding: `The Leader Worker Set Operator is not installed; ${use}.`,
      evidence,
      explainedBy: [],
    };
  }
  if (operator?.awaitsApproval === true) {
    return {
      status: bad,
      finding: `An install plan of leader-worker-set waits for approval; ${use}.`,
      evidence,
      explainedBy: [],
    };
  }
  if (operator?.version?.phase === 'Failed') {
    return {
      status: bad,
      finding: sentence(
        `The operator ${operator.version.meta.name} has failed: ${operator.version.message ?? 'no message'}; ${use}`,
      ),
      evidence,
    };
  }
  if (instance === undefined) {
    return {
      status: bad,
      reason: 'not-created',
      progressing: operator?.installing ?? false,
      finding: `The operator is installed, but LeaderWorkerSetOperator cluster does not exist; ${use}.`,
      evidence,
      explainedBy: [],
    };
  }
  const degraded = findCondition(instance.conditions, 'Degraded');
  const available = findCondition(instance.conditions, 'Available');
  if (degraded?.status === 'True' || available?.status === 'False') {
    const condition = degraded?.status === 'True' ? degraded : available;
    return {
      status: bad,
      finding: sentence(
        `LeaderWorkerSetOperator cluster has ${condition === null ? 'no conditions' : conditionText(condition)}; ${use}`,
      ),
      evidence,
    };
  }
  return available?.status === 'True'
    ? {
        status: 'pass',
        finding: `LeaderWorkerSetOperator cluster is available${
          operator?.version?.version == null ? '' : `, version ${operator.version.version}`
        }; ${use}.`,
        evidence,
      }
    : {
        status: 'warn',
        finding: `LeaderWorkerSetOperator cluster has no conditions yet; ${use}.`,
        evidence,
      };
}
