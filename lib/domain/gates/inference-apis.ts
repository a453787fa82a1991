import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { findServiceSchema } from './serving-versions';
import { lookAtDiscovery } from './sight';
import { listText, sentence } from './wording';

const ALPHA = 'inference.networking.x-k8s.io/v1alpha2';
const STABLE = 'inference.networking.k8s.io/v1';
const LWS = 'leaderworkerset.x-k8s.io/v1';

export const INFERENCE_API_GATES: readonly GateRow[] = [
  {
    id: 'inference-apis',
    layer: 'platform',
    title: 'InferencePool API',
    required: false,
    dependsOn: ['rhoai-platform'],
    why: 'Pool and endpoint picker are objects of this API. Without it the controller cannot build the scheduled path.',
    remedy:
      'Let the OpenShift AI operator install the CRDs, then restart kserve-controller-manager and istiod.',
    owner: 'cluster-admin',
    document: null,
    command: () =>
      'oc api-resources --api-group=inference.networking.x-k8s.io; oc api-resources --api-group=inference.networking.k8s.io',
    evaluate: evaluateInferenceApis,
  },
  {
    id: 'optional-shows',
    layer: 'platform',
    title: 'Optional shows',
    required: false,
    dependsOn: ['llminferenceservice-schema'],
    why: 'Disaggregation, multi-node groups and autoscaling are further shows; the schema says which of them this cluster can run at all.',
    remedy: 'Leave out the shows that this release does not know, or update OpenShift AI.',
    owner: 'cluster-admin',
    document: null,
    command: () =>
      'oc explain llminferenceservices.serving.kserve.io.spec.prefill; oc explain llminferenceservices.serving.kserve.io.spec.scaling',
    evaluate: evaluateOptionalShows,
  },
];

function evaluateInferenceApis(input: ChecklistInput): GateOutcome {
  const alpha = lookAtDiscovery(input, ALPHA);
  if (alpha.kind === 'hidden') return alpha.outcome;
  const stable = lookAtDiscovery(input, STABLE);
  const names = (kind: typeof alpha | typeof stable): string[] =>
    kind.kind === 'seen' ? kind.items.map((resource) => resource.name) : [];
  const alphaNames = names(alpha);
  const stableNames = names(stable);
  const evidence = [
    kubernetesEvidence(alpha.view, { served: alphaNames }, input.now),
    ...(stable.kind === 'hidden'
      ? []
      : [kubernetesEvidence(stable.view, { served: stableNames }, input.now)]),
  ];
  const missing = ['inferencepools', 'inferencemodels'].filter((name) => !alphaNames.includes(name));
  if (missing.length === 0) {
    return { status: 'pass', finding: `${ALPHA} serves inferencepools and inferencemodels.`, evidence };
  }
  if (alphaNames.includes('inferencepools')) {
    return {
      status: 'warn',
      finding: `${ALPHA} serves inferencepools but not inferencemodels: this is not OpenShift AI 3.0.`,
      evidence,
    };
  }
  if (stable.kind === 'hidden') return stable.outcome;
  if (stableNames.includes('inferencepools')) {
    return {
      status: 'warn',
      finding: `Only ${STABLE} serves inferencepools: this is a later release than OpenShift AI 3.0.`,
      evidence,
    };
  }
  return {
    status: 'fail',
    reason: 'not-installed',
    finding: `No API serves inferencepools (asked for ${ALPHA} and ${STABLE}).`,
    evidence,
  };
}

function evaluateOptionalShows(input: ChecklistInput): GateOutcome {
  const { sight, schema } = findServiceSchema(input);
  if (sight.kind === 'hidden') return sight.outcome;
  if (schema === null) {
    return {
      status: 'not-applicable',
      reason: 'not-installed',
      finding: 'Without a schema of LLMInferenceService no show can be told possible.',
      evidence: [kubernetesEvidence(sight.view, { found: false }, input.now)],
    };
  }
  const groups = lookAtDiscovery(input, LWS);
  if (groups.kind === 'hidden') return groups.outcome;
  const hasGroups =
    groups.kind === 'seen' && groups.items.some((resource) => resource.name === 'leaderworkersets');
  const shows = [
    { name: 'disaggregated prefill and decode', field: 'spec.prefill', possible: true },
    { name: 'multi-node groups', field: 'spec.worker', possible: hasGroups },
    { name: 'autoscaling by the service itself', field: 'spec.scaling', possible: true },
  ].map((show) => ({ ...show, possible: show.possible && schema.fieldPaths.has(show.field) }));
  const can = shows.filter((show) => show.possible).map((show) => show.name);
  const cannot = shows.filter((show) => !show.possible).map((show) => show.name);
  const evidence = [
    kubernetesEvidence(
      sight.view,
      shows.map(({ name, field, possible }) => ({ name, field, possible })),
      input.now,
    ),
    kubernetesEvidence(groups.view, { leaderworkersets: hasGroups }, input.now),
  ];
  const text = [
    can.length === 0
      ? 'This cluster can run none of the optional shows'
      : `This cluster can run ${listText(can)}`,
    ...(cannot.length === 0 || can.length === 0 ? [] : [`not ${listText(cannot)}`]),
  ].join(', ');
  return { status: can.length === 0 ? 'warn' : 'pass', finding: sentence(text), evidence };
}
