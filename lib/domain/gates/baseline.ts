import { answeredWell, newestPerPath } from '../probe-choice';
import { answerWords, judgeAnswers, nameProblem, refusedOutcome } from './answers';
import { judgeArm } from './arm-evidence';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence, probeEvidence } from './evidence';
import { findService } from './find-service';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { explainPods } from './lights';
import { sentence } from './wording';

export const BASELINE_GATES: readonly GateRow[] = [
  {
    id: 'baseline-ready',
    layer: 'application',
    title: 'Baseline ready',
    required: true,
    dependsOn: [
      'rhoai-platform',
      'gpu-operator',
      'gpu-nodes',
      'gpu-capacity',
      'kueue-clusterqueue',
      'kueue-localqueue',
    ],
    why: 'Every comparison needs its other side: the single-node INT4 InferenceService.',
    remedy: 'Deploy step 05 (the INT4 InferenceService) or repair what its condition and its pod name.',
    owner: 'user',
    document: DOCUMENTS.deploying,
    command: (settings) =>
      `oc get inferenceservices.serving.kserve.io ${settings.baselineName} -n ${settings.namespace} -o yaml`,
    evaluate: evaluateBaselineReady,
  },
  {
    id: 'baseline-answers',
    layer: 'application',
    title: 'Baseline answers',
    required: true,
    dependsOn: ['baseline-ready'],
    why: 'Ready is a claim of the controller, which does not ask the model; a live request is the proof.',
    remedy: 'Check Route and Service of the baseline, its token and the served model name.',
    owner: 'user',
    document: DOCUMENTS.models,
    command: (settings) =>
      `curl -sk https://$(oc get route ${settings.baselineName} -n ${settings.namespace} -o jsonpath='{.spec.host}')/v1/models`,
    evaluate: (input) =>
      judgeAnswers(input, 'baseline', (probes, servedName) => {
        const good = newestPerPath(probes, 'baseline').find(answeredWell);
        if (good === undefined) return refusedOutcome(probes);
        return (
          nameProblem(probes, servedName) ?? {
            status: 'pass',
            finding: sentence(
              `${servedName} answers ${good.path === 'override' ? 'at the configured URL' : `by ${good.path}`}: ${answerWords(probes, good, input.now)}`,
            ),
            evidence: probes.slice(0, 4).map(probeEvidence),
          }
        );
      }),
  },
];

function evaluateBaselineReady(input: ChecklistInput): GateOutcome {
  const { baselineName } = input.settings;
  const found = findService(input, {
    resource: 'inferenceservices',
    kind: 'InferenceService',
    name: baselineName,
    apiGate: 'rhoai-platform',
  });
  if (found.outcome !== null) return found.outcome;
  const { service, view } = found;
  const { pods, judged, progressing, evidence } = judgeArm(
    input,
    'baseline',
    service,
    service.minReplicas ?? 1,
  );
  const failure = service.modelStatus?.lastFailure ?? null;
  const failureText =
    judged.status === 'fail' && failure !== null
      ? ` Last failure: ${[failure.reason, failure.message].filter((part) => part !== null).join(', ')}.`
      : '';
  return {
    status: judged.status,
    progressing: progressing && judged.status !== 'pass',
    lights: judged.lights,
    finding: `${judged.finding}${failureText}`,
    explainedBy: explainPods(pods),
    evidence: [
      kubernetesEvidence(
        view,
        {
          name: service.meta.name,
          url: service.url,
          deploymentMode: service.deploymentMode,
          modelStatus: service.modelStatus,
          conditions: conditionsExcerpt(service.conditions),
        },
        input.now,
      ),
      ...evidence,
    ],
  };
}
