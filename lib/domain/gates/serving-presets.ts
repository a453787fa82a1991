import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { listText } from './wording';

const NAMESPACE = 'redhat-ods-applications';

/** What the controller merges a service from (kubernetes-objects §3.2). */
const PRESETS = [
  'kserve-config-llm-template',
  'kserve-config-llm-worker-data-parallel',
  'kserve-config-llm-decode-template',
  'kserve-config-llm-decode-worker-data-parallel',
  'kserve-config-llm-prefill-template',
  'kserve-config-llm-prefill-worker-data-parallel',
  'kserve-config-llm-scheduler',
  'kserve-config-llm-router-route',
] as const;

export const SERVING_PRESET_GATES: readonly GateRow[] = [
  {
    id: 'serving-presets',
    layer: 'platform',
    title: 'LLMInferenceService presets',
    required: false,
    dependsOn: ['llminferenceservice-api'],
    why: 'A service is merged from these presets; one missing ends in PresetsCombined=False and nothing is built. A copy of the same name in the demo’s namespace silently wins.',
    remedy: `Let the OpenShift AI operator restore the presets in ${NAMESPACE}; delete copies that nobody wants.`,
    owner: 'cluster-admin',
    document: null,
    command: ({ namespace }) =>
      `oc get llminferenceserviceconfigs.serving.kserve.io -n ${NAMESPACE}; oc get llminferenceserviceconfigs.serving.kserve.io -n ${namespace}`,
    evaluate: evaluatePresets,
  },
];

function evaluatePresets(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'presets');
  if (sight.kind === 'hidden') return sight.outcome;
  const overrideSight = lookAt(input, 'preset-overrides');
  if (overrideSight.kind === 'hidden') return overrideSight.outcome;
  const names = sight.kind === 'seen' ? sight.items.map((item) => item.meta.name) : [];
  const overrides = (overrideSight.kind === 'seen' ? overrideSight.items : [])
    .map((item) => item.meta.name)
    .filter((name) => names.includes(name));
  const missing = PRESETS.filter((name) => !names.includes(name));
  const evidence = [
    kubernetesEvidence(sight.view, { found: names, missing }, input.now),
    kubernetesEvidence(overrideSight.view, { overriding: overrides }, input.now),
  ];
  if (sight.kind === 'not-installed') {
    return {
      status: 'fail',
      reason: 'not-installed',
      finding: 'The API of the presets is not served.',
      evidence,
    };
  }
  if (missing.length > 0) {
    return {
      status: 'fail',
      reason: 'not-created',
      finding: `${missing.length} of ${PRESETS.length} presets are missing in ${NAMESPACE}: ${listText(missing)}.`,
      evidence,
      explainedBy: [],
    };
  }
  return overrides.length > 0
    ? {
        status: 'warn',
        finding: `All ${PRESETS.length} presets are there, but ${listText(overrides)} in ${input.settings.namespace} overrides the platform’s.`,
        evidence,
      }
    : {
        status: 'pass',
        finding: `All ${PRESETS.length} presets are there, and none is overridden in ${input.settings.namespace}.`,
        evidence,
      };
}
