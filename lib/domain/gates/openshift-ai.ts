import { findCondition } from '../objects/meta';
import type { ClusterServiceVersion, DataScienceCluster } from '../objects/platform';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { findOperator } from './operators';
import { lookAt } from './sight';
import { compareVersions } from './versions';
import { conditionText, sentence } from './wording';

export const OPENSHIFT_AI_GATES: readonly GateRow[] = [
  {
    id: 'rhoai-platform',
    layer: 'platform',
    title: 'OpenShift AI with model serving',
    required: true,
    dependsOn: ['cluster-version'],
    why: 'KServe, its llm-d controller and all serving APIs come from OpenShift AI 3.0 with the kserve component managed.',
    remedy: 'Install OpenShift AI 3.0 and set the kserve component of the DataScienceCluster to Managed.',
    owner: 'cluster-admin',
    document: DOCUMENTS.enabling,
    command: () =>
      'oc get datascienceclusters.datasciencecluster.opendatahub.io && oc get csv -n redhat-ods-operator',
    evaluate: evaluatePlatform,
  },
];

function evaluatePlatform(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'datascienceclusters');
  if (sight.kind === 'hidden') return sight.outcome;
  const operator = findOperator(input, 'rhods-operator');
  const operatorEvidence = operator === null ? [] : operator.evidence;
  if (sight.kind === 'not-installed') {
    return {
      status: 'fail',
      reason: 'not-installed',
      progressing: operator?.installing ?? false,
      finding: 'OpenShift AI is not installed: the DataScienceCluster API is not served.',
      evidence: [kubernetesEvidence(sight.view, { served: false }, input.now), ...operatorEvidence],
    };
  }
  const cluster = sight.items[0];
  if (cluster === undefined) {
    return {
      status: 'fail',
      reason: 'not-created',
      finding: 'OpenShift AI is installed, but no DataScienceCluster exists.',
      evidence: [kubernetesEvidence(sight.view, { items: 0 }, input.now), ...operatorEvidence],
    };
  }
  const evidence = [kubernetesEvidence(sight.view, clusterExcerpt(cluster), input.now), ...operatorEvidence];
  return { ...judge(cluster, operator?.version ?? null), evidence };
}

function judge(
  cluster: DataScienceCluster,
  operator: ClusterServiceVersion | null,
): Omit<GateOutcome, 'evidence'> {
  const version = cluster.version ?? operator?.version ?? null;
  const name = `OpenShift AI ${version ?? 'of unknown version'}`;
  if (cluster.kserveManagementState !== 'Managed') {
    return {
      status: 'fail',
      finding: `${name}: the kserve component is ${cluster.kserveManagementState ?? 'not set'} in ${cluster.meta.name}, not Managed.`,
    };
  }
  const kserve = findCondition(cluster.conditions, 'KserveReady');
  if (kserve?.status === 'False') {
    return {
      status: 'fail',
      finding: sentence(`${name}: model serving is not ready, ${conditionText(kserve)}`),
    };
  }
  if (operator?.phase === 'Failed') {
    return {
      status: 'fail',
      finding: sentence(
        `${name}: the operator ${operator.meta.name} has failed: ${operator.message ?? 'no message'}`,
      ),
    };
  }
  if (version !== null && compareVersions(version, '3.0.0') === -1) {
    return { status: 'fail', finding: `${name} is installed; distributed inference with llm-d needs 3.0.` };
  }
  if (kserve === null || kserve.status === 'Unknown') {
    return {
      status: 'warn',
      progressing: true,
      finding: `${name}: the state of model serving is not known yet.`,
    };
  }
  if (operator !== null && operator.phase !== 'Succeeded') {
    return {
      status: 'warn',
      progressing: true,
      finding: `${name} serves models, and its operator ${operator.meta.name} is ${operator.phase ?? 'without a phase'}.`,
    };
  }
  const ready = findCondition(cluster.conditions, 'Ready');
  if (ready?.status !== 'True') {
    return {
      status: 'warn',
      finding: sentence(
        `${name} serves models, but ${cluster.meta.name} as a whole has ${ready === null ? 'no Ready condition' : conditionText(ready)}`,
      ),
    };
  }
  if (version === null)
    return { status: 'warn', finding: `${name} is ready; its version could not be read.` };
  return /^3\.0\./.test(version)
    ? { status: 'pass', finding: `${name} is ready and kserve is Managed.` }
    : {
        status: 'warn',
        finding: `${name} is ready; this demo was made for 3.0, where labels and names differ.`,
      };
}

function clusterExcerpt(cluster: DataScienceCluster): unknown {
  return {
    name: cluster.meta.name,
    phase: cluster.phase,
    release: cluster.version,
    kserve: cluster.kserveManagementState,
    conditions: conditionsExcerpt(cluster.conditions, ['Ready', 'ComponentsReady', 'KserveReady']),
  };
}
