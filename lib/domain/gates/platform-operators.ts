import { findCondition } from '../objects/meta';
import { isReadable } from '../readable';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { findOperator } from './operators';
import { lookAt, lookAtView } from './sight';
import { compareVersions } from './versions';
import { conditionText, listText, sentence } from './wording';

const CERT_MANAGER = 'openshift-cert-manager-operator';
/** Operators that do not start without cert-manager (kubernetes-objects §1.11). */
const NEED_CERT_MANAGER = ['leader-worker-set', 'kueue-operator'] as const;
const OLDEST_CERT_MANAGER = '1.17.0';

export const PLATFORM_OPERATOR_GATES: readonly GateRow[] = [
  {
    id: 'ingress-operator',
    layer: 'platform',
    title: 'Ingress operator',
    required: false,
    dependsOn: ['cluster-version'],
    why: 'It installs the mesh behind every Gateway and serves every Route; foreign Gateway API CRDs or another mesh make it Degraded.',
    remedy:
      'Follow the message of the Degraded condition; remove foreign Gateway API CRDs or the conflicting mesh.',
    owner: 'cluster-admin',
    document: DOCUMENTS.gatewayApi,
    command: () => 'oc get clusteroperators.config.openshift.io ingress -o yaml',
    evaluate: evaluateIngress,
  },
  {
    id: 'cert-manager',
    layer: 'platform',
    title: 'cert-manager',
    required: false,
    dependsOn: [],
    why: 'The operators of Leader Worker Set and Kueue get their certificates from it and stay Degraded without; the OpenShift AI page does not list it.',
    remedy: 'Install the cert-manager Operator for Red Hat OpenShift, 1.17 or later.',
    owner: 'cluster-admin',
    document: DOCUMENTS.leaderWorkerSet,
    command: () => 'oc get csv -n cert-manager-operator; oc api-resources --api-group=cert-manager.io',
    evaluate: evaluateCertManager,
  },
];

function evaluateIngress(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'ingress-operator');
  if (sight.kind === 'hidden') return sight.outcome;
  const operator = sight.kind === 'seen' ? sight.items[0] : undefined;
  if (operator === undefined) {
    return {
      status: 'fail',
      reason: sight.kind === 'seen' ? 'not-created' : 'not-installed',
      finding:
        sight.kind === 'seen'
          ? 'ClusterOperator ingress does not exist.'
          : 'This is not OpenShift: the ClusterOperator API is not served.',
      evidence: [kubernetesEvidence(sight.view, { items: 0 }, input.now)],
    };
  }
  const { conditions } = operator;
  const evidence = [
    kubernetesEvidence(
      sight.view,
      { name: operator.meta.name, conditions: conditionsExcerpt(conditions) },
      input.now,
    ),
  ];
  const degraded = findCondition(conditions, 'Degraded');
  const available = findCondition(conditions, 'Available');
  const outcome = { evidence, explainedBy: [] };
  if (degraded?.status === 'True') {
    const isGatewayApi = /GatewayAPI/.test(`${degraded.reason ?? ''} ${degraded.message ?? ''}`);
    return {
      ...outcome,
      status: isGatewayApi ? 'fail' : 'warn',
      finding: sentence(`ClusterOperator ingress has ${conditionText(degraded)}`),
    };
  }
  if (available?.status !== 'True') {
    return {
      ...outcome,
      status: available?.status === 'False' ? 'fail' : 'warn',
      finding: sentence(
        `ClusterOperator ingress has ${available === null ? 'no Available condition' : conditionText(available)}`,
      ),
    };
  }
  if (findCondition(conditions, 'Progressing')?.status === 'True') {
    return {
      ...outcome,
      status: 'warn',
      progressing: true,
      finding: 'ClusterOperator ingress is available and being changed.',
    };
  }
  return { ...outcome, status: 'pass', finding: 'ClusterOperator ingress is available and not degraded.' };
}

function evaluateCertManager(input: ChecklistInput): GateOutcome {
  const groups = lookAtView(input, input.cluster.groupVersions);
  if (groups.kind === 'hidden') return groups.outcome;
  const isServed = groups.kind === 'seen' && groups.items.includes('cert-manager.io/v1');
  const served = kubernetesEvidence(groups.view, { 'cert-manager.io/v1': isServed }, input.now);
  const operator = findOperator(input, CERT_MANAGER);
  const evidence = [served, ...(operator?.evidence ?? [])];
  if (!isServed) {
    const subscriptions = lookAt(input, 'subscriptions');
    if (subscriptions.kind === 'hidden') return subscriptions.outcome;
    const waiting = NEED_CERT_MANAGER.filter((name) => findOperator(input, name) !== null);
    return waiting.length > 0
      ? {
          status: 'fail',
          reason: 'not-installed',
          progressing: operator?.installing ?? false,
          finding: `cert-manager is not installed, and ${listText(waiting)} ${waiting.length === 1 ? 'needs' : 'need'} it.`,
          evidence,
        }
      : {
          status: 'not-applicable',
          reason: 'not-installed',
          finding: 'cert-manager is not installed, and no operator here needs it.',
          evidence,
        };
  }
  const version = operator?.version ?? null;
  if (version !== null && version.phase !== 'Succeeded') {
    return {
      status: 'warn',
      progressing: version.phase !== 'Failed',
      finding: `cert-manager is served, but its operator ${version.meta.name} is ${version.phase ?? 'without a phase'}.`,
      evidence,
    };
  }
  if (version?.version != null && compareVersions(version.version, OLDEST_CERT_MANAGER) === -1) {
    return {
      status: 'warn',
      finding: `cert-manager operator ${version.version} is installed; 1.17 or later is asked for.`,
      evidence,
    };
  }
  const whose =
    version?.version != null
      ? `by operator ${version.version}`
      : isReadable(input.cluster.resources.subscriptions)
        ? 'without a subscription of Red Hat’s operator'
        : 'by an operator that cannot be seen';
  return { status: 'pass', finding: `cert-manager.io/v1 is served ${whose}.`, evidence };
}
