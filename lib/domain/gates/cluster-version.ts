import { findCondition } from '../objects/meta';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { compareVersions } from './versions';
import { conditionText, sentence } from './wording';

export const CLUSTER_VERSION_GATES: readonly GateRow[] = [
  {
    id: 'cluster-version',
    layer: 'infrastructure',
    title: 'OpenShift version',
    required: true,
    dependsOn: [],
    why: 'Distributed inference with llm-d is supported from OpenShift 4.20; 4.19.9 and later have it as a technology preview.',
    remedy: 'Update the cluster to OpenShift 4.20 or later.',
    owner: 'cluster-admin',
    document: DOCUMENTS.enabling,
    command: () => 'oc get clusterversion version',
    evaluate: evaluateClusterVersion,
  },
];

const SUPPORTED_VERSION = '4.20.0';
const PREVIEW_VERSION = '4.19.9';

function evaluateClusterVersion(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'clusterversion');
  if (sight.kind === 'hidden') return sight.outcome;
  if (sight.kind === 'not-installed') {
    return {
      status: 'fail',
      reason: 'not-installed',
      finding: 'This is not OpenShift: the ClusterVersion API is not served.',
      evidence: [kubernetesEvidence(sight.view, { served: false }, input.now)],
    };
  }
  const version = sight.items[0];
  const running = version?.history.find((entry) => entry.state === 'Completed')?.version;
  const evidence = [
    kubernetesEvidence(
      sight.view,
      version === undefined
        ? { items: 0 }
        : {
            history: version.history.slice(0, 3),
            conditions: conditionsExcerpt(version.conditions, ['Available', 'Progressing', 'Failing']),
          },
      input.now,
    ),
  ];
  if (version === undefined || running === undefined) {
    return {
      status: 'fail',
      reason: 'not-created',
      finding: 'ClusterVersion names no completed version.',
      evidence,
    };
  }
  const toSupported = compareVersions(running, SUPPORTED_VERSION);
  const toPreview = compareVersions(running, PREVIEW_VERSION);
  if (toSupported === null || toPreview === null || toPreview < 0) {
    return {
      status: 'fail',
      finding: `OpenShift ${running} is running; distributed inference needs 4.20 or later.`,
      evidence,
    };
  }
  const updating = findCondition(version.conditions, 'Progressing');
  if (updating?.status === 'True') {
    return {
      status: 'warn',
      progressing: true,
      finding: sentence(
        `OpenShift ${running} is running and an update is under way: ${updating.message ?? 'no details'}`,
      ),
      evidence,
    };
  }
  const failing = findCondition(version.conditions, 'Failing');
  if (failing?.status === 'True') {
    return {
      status: 'warn',
      finding: sentence(`OpenShift ${running} is running, but ${conditionText(failing)}`),
      evidence,
    };
  }
  return toSupported < 0
    ? {
        status: 'warn',
        finding: `OpenShift ${running} is running; before 4.20 distributed inference is a technology preview.`,
        evidence,
      }
    : { status: 'pass', finding: `OpenShift ${running} is running.`, evidence };
}
