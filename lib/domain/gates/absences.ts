import type { Subscription } from '../objects/platform';
import { DOCUMENTS } from './documents';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { findOperator } from './operators';
import { lookAt, lookAtView } from './sight';
import { count, listText } from './wording';

const KNATIVE_AUTOSCALER = 'autoscaling.internal.knative.dev/';

/** Gates that pass when something is rightly absent. */
export const ABSENCE_GATES: readonly GateRow[] = [
  {
    id: 'service-mesh-2-absent',
    layer: 'platform',
    title: 'No Service Mesh 2',
    required: false,
    dependsOn: [],
    why: 'The Gateway brings Service Mesh 3 by itself; an installed Service Mesh 2 stands in its way. (servicemeshoperator3 is wanted.)',
    remedy: 'Uninstall the servicemeshoperator subscription and remove its control planes and CRDs.',
    owner: 'cluster-admin',
    document: DOCUMENTS.enabling,
    command: () => 'oc get subscriptions.operators.coreos.com -A | grep -w servicemeshoperator',
    evaluate: evaluateServiceMesh,
  },
  {
    id: 'community-kuadrant-absent',
    layer: 'platform',
    title: 'No community Kuadrant',
    required: false,
    dependsOn: [],
    why: 'The community kuadrant-operator and Connectivity Link own the same CRDs; side by side they undo each other’s work.',
    remedy: 'Uninstall the kuadrant-operator subscription and keep rhcl-operator.',
    owner: 'cluster-admin',
    document: DOCUMENTS.enabling,
    command: () => 'oc get subscriptions.operators.coreos.com -A | grep -w kuadrant-operator',
    evaluate: evaluateCommunityKuadrant,
  },
  {
    id: 'knative-autoscaler-absent',
    layer: 'platform',
    title: 'No Knative autoscaler',
    required: false,
    dependsOn: [],
    why: 'OpenShift AI 3.0 serves by raw deployments only; where Serverless is installed, replica counts may be claimed by two sides.',
    remedy: 'Nothing to do when absent. When present, check that neither arm is a Knative service.',
    owner: 'cluster-admin',
    document: DOCUMENTS.releaseNotes,
    command: () => 'oc api-resources --api-group=autoscaling.internal.knative.dev',
    evaluate: evaluateKnative,
  },
];

/** A Subscription that does not name its package proves no absence. */
function unnamedSubscriptions(sight: { kind: string; items?: readonly Subscription[] }): string | null {
  const unnamed = (sight.items ?? []).filter(({ packageName }) => packageName === '').length;
  return unnamed === 0
    ? null
    : `${count(unnamed, 'Subscription')} without a package name: absence cannot be told.`;
}

function evaluateServiceMesh(input: ChecklistInput): GateOutcome {
  const groups = lookAtView(input, input.cluster.groupVersions);
  if (groups.kind === 'hidden') return groups.outcome;
  const subscriptions = lookAt(input, 'subscriptions');
  if (subscriptions.kind === 'hidden') return subscriptions.outcome;
  const served = (groups.kind === 'seen' ? groups.items : []).filter((item) =>
    item.startsWith('maistra.io/'),
  );
  const operator = findOperator(input, 'servicemeshoperator');
  const evidence = [
    kubernetesEvidence(groups.view, { served }, input.now),
    ...(operator?.evidence ?? [
      kubernetesEvidence(subscriptions.view, { servicemeshoperator: null }, input.now),
    ]),
  ];
  if (operator !== null) {
    return {
      status: 'fail',
      finding: `Service Mesh 2 is subscribed in ${operator.subscription.meta.namespace ?? 'the cluster'} (${operator.subscription.installedCsv ?? 'no version installed yet'}).`,
      evidence,
    };
  }
  const unnamed = unnamedSubscriptions(subscriptions);
  if (unnamed !== null) return { status: 'warn', finding: unnamed, evidence };
  return served.length > 0
    ? {
        status: 'warn',
        finding: `Service Mesh 2 is not subscribed, but its API ${listText(served)} is still served.`,
        evidence,
      }
    : {
        status: 'pass',
        finding: 'Absent, as it must be: Service Mesh 2 is neither subscribed nor served.',
        evidence,
      };
}

function evaluateCommunityKuadrant(input: ChecklistInput): GateOutcome {
  const subscriptions = lookAt(input, 'subscriptions');
  if (subscriptions.kind === 'hidden') return subscriptions.outcome;
  const community = findOperator(input, 'kuadrant-operator');
  const product = findOperator(input, 'rhcl-operator');
  const evidence = [
    ...(community?.evidence ?? [
      kubernetesEvidence(subscriptions.view, { 'kuadrant-operator': null }, input.now),
    ]),
    ...(product?.evidence ?? []),
  ];
  const unnamed = unnamedSubscriptions(subscriptions);
  if (community === null && unnamed !== null) return { status: 'warn', finding: unnamed, evidence };
  if (community === null) {
    return {
      status: 'pass',
      finding: 'Absent, as it must be: the community kuadrant-operator is not subscribed.',
      evidence,
    };
  }
  return product === null
    ? {
        status: 'warn',
        finding: 'The community kuadrant-operator is installed instead of Connectivity Link.',
        evidence,
      }
    : {
        status: 'fail',
        finding: 'The community kuadrant-operator is installed beside Connectivity Link: they conflict.',
        evidence,
      };
}

function evaluateKnative(input: ChecklistInput): GateOutcome {
  const groups = lookAtView(input, input.cluster.groupVersions);
  if (groups.kind === 'hidden') return groups.outcome;
  const served = (groups.kind === 'seen' ? groups.items : []).filter((item) =>
    item.startsWith(KNATIVE_AUTOSCALER),
  );
  const evidence = [kubernetesEvidence(groups.view, { served }, input.now)];
  return served.length === 0
    ? { status: 'pass', finding: 'Absent, as expected: no Knative autoscaler API is served.', evidence }
    : {
        status: 'warn',
        finding: `Present: ${listText(served)} is served, so OpenShift Serverless is installed; both arms must be raw deployments.`,
        evidence,
      };
}
