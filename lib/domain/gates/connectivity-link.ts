import { findDistributed, wantsAuthentication } from '../demo-demand';
import { findCondition } from '../objects/meta';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { findOperator } from './operators';
import { lookAt } from './sight';
import { conditionText, sentence } from './wording';

const NAMESPACE = 'kuadrant-system';

export const CONNECTIVITY_LINK_GATES: readonly GateRow[] = [
  {
    id: 'connectivity-link',
    layer: 'platform',
    title: 'Connectivity Link',
    required: needsConnectivityLink,
    dependsOn: [],
    why: 'Authentication on the Gateway is enforced by Connectivity Link; with authentication on and Connectivity Link absent the controller deletes the HTTPRoute.',
    remedy: `Install Red Hat Connectivity Link, create Kuadrant in ${NAMESPACE}, and restart odh-model-controller and kserve-controller-manager.`,
    owner: 'cluster-admin',
    document: DOCUMENTS.authentication,
    command: () => `oc get kuadrants.kuadrant.io -n ${NAMESPACE}`,
    evaluate: evaluateConnectivityLink,
  },
];

function needsConnectivityLink(input: ChecklistInput): boolean {
  const service = findDistributed(input.settings, input.cluster);
  return service !== null && wantsAuthentication(service);
}

function evaluateConnectivityLink(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'kuadrants');
  if (sight.kind === 'hidden') return sight.outcome;
  const needed = needsConnectivityLink(input);
  const authText = needed
    ? 'authentication of the service is on and needs it'
    : 'authentication is off (demo only), so it is not needed';
  const operator = findOperator(input, 'rhcl-operator');
  const operatorEvidence = operator === null ? [] : operator.evidence;
  const pending = operator?.awaitsApproval === true ? '; its install plan waits for approval' : '';
  if (sight.kind === 'not-installed') {
    return {
      status: needed ? 'fail' : operator === null ? 'not-applicable' : 'warn',
      reason: 'not-installed',
      progressing: operator?.installing ?? false,
      finding: `Connectivity Link is not installed${pending}; ${authText}.`,
      evidence: [kubernetesEvidence(sight.view, { served: false }, input.now), ...operatorEvidence],
    };
  }
  const kuadrant = sight.items[0];
  if (kuadrant === undefined) {
    return {
      status: needed ? 'fail' : 'warn',
      reason: 'not-created',
      finding: `Connectivity Link is installed, but no Kuadrant exists in ${NAMESPACE}; ${authText}.`,
      evidence: [kubernetesEvidence(sight.view, { items: 0 }, input.now), ...operatorEvidence],
    };
  }
  const evidence = [
    kubernetesEvidence(
      sight.view,
      { name: kuadrant.meta.name, conditions: conditionsExcerpt(kuadrant.conditions) },
      input.now,
    ),
    ...operatorEvidence,
  ];
  const ready = findCondition(kuadrant.conditions, 'Ready');
  if (ready?.status !== 'True') {
    return {
      status: needed ? 'fail' : 'warn',
      finding: sentence(
        `Kuadrant is not ready: ${ready === null ? 'it has no Ready condition' : conditionText(ready)}; ${authText}`,
      ),
      evidence,
    };
  }
  const phase = operator?.version?.phase ?? null;
  if (phase !== null && phase !== 'Succeeded') {
    return {
      status: 'warn',
      progressing: phase !== 'Failed',
      finding: `Kuadrant is ready, but its operator ${operator?.version?.meta.name} is ${phase}; ${authText}.`,
      evidence,
    };
  }
  const version = operator?.version?.version ?? null;
  return {
    status: 'pass',
    finding: `Connectivity Link${version === null ? '' : ` ${version}`} is installed and Kuadrant is ready; ${authText}.`,
    evidence,
  };
}
