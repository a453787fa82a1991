import { scalesArm } from '../autoscaled-arm';
import { findBaseline } from '../demo-demand';
import type { HorizontalPodAutoscaler } from '../objects/core';
import { ARMS } from '../vocabulary';
import { DOCUMENTS } from './documents';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { listText, sentence } from './wording';

const MODE_ANNOTATION = 'serving.kserve.io/deploymentMode';
/** Names of the one supported mode; 3.4 calls it Standard (kubernetes-objects §4). */
const RAW_MODES: ReadonlySet<string> = new Set(['RawDeployment', 'Standard']);

export const AUTOSCALING_GATES: readonly GateRow[] = [
  {
    id: 'baseline-serving-mode',
    layer: 'application',
    title: 'Baseline is a raw deployment',
    required: false,
    dependsOn: ['baseline-ready'],
    why: 'OpenShift AI 3.0 supports raw deployments only; a serverless baseline would scale to zero and measure cold starts.',
    remedy: `Set annotation ${MODE_ANNOTATION}: RawDeployment and re-create the InferenceService.`,
    owner: 'user',
    document: DOCUMENTS.releaseNotes,
    command: ({ baselineName, namespace }) =>
      `oc get inferenceservices.serving.kserve.io ${baselineName} -n ${namespace} -o jsonpath='{.status.deploymentMode}'`,
    evaluate: evaluateServingMode,
  },
  {
    id: 'autoscaling',
    layer: 'application',
    title: 'No autoscaler at work',
    required: false,
    dependsOn: [],
    why: 'An autoscaler that changes the number of replicas during a run is a second variable: nobody can say what the difference came from. KServe’s default HPA with minimum = maximum does nothing.',
    remedy:
      'Pause the ScaledObject or delete the HPA for the time of the comparison; Argo CD may bring it back.',
    owner: 'user',
    document: null,
    command: ({ namespace }) => `oc get horizontalpodautoscalers.autoscaling -n ${namespace}`,
    evaluate: evaluateAutoscaling,
  },
];

function evaluateServingMode(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'inferenceservices');
  if (sight.kind === 'hidden') return sight.outcome;
  const service = findBaseline(input.settings, input.cluster);
  if (service === null) {
    return {
      status: 'not-applicable',
      finding: `There is no InferenceService ${input.settings.baselineName}.`,
      evidence: [kubernetesEvidence(sight.view, { found: false }, input.now)],
    };
  }
  const mode = service.deploymentMode;
  const annotation = service.meta.annotations[MODE_ANNOTATION] ?? null;
  const evidence = [
    kubernetesEvidence(
      sight.view,
      {
        name: service.meta.name,
        deploymentMode: mode,
        annotation,
        minReplicas: service.minReplicas,
        maxReplicas: service.maxReplicas,
      },
      input.now,
    ),
  ];
  const outcome = { evidence, explainedBy: [] };
  if (mode === null) {
    return {
      ...outcome,
      status: 'warn',
      finding: `${service.meta.name} does not tell its deployment mode yet.`,
    };
  }
  if (!RAW_MODES.has(mode)) {
    return {
      ...outcome,
      status: 'fail',
      finding: `${service.meta.name} is deployed as ${mode}, not as a raw deployment.`,
    };
  }
  const differs =
    annotation !== null && annotation !== mode && !(RAW_MODES.has(annotation) && RAW_MODES.has(mode));
  return differs
    ? {
        ...outcome,
        status: 'warn',
        finding: `${service.meta.name} is deployed as ${mode}, but its annotation says ${annotation}.`,
      }
    : { ...outcome, status: 'pass', finding: `${service.meta.name} is deployed as ${mode}.` };
}

function evaluateAutoscaling(input: ChecklistInput): GateOutcome {
  const sight = lookAt(input, 'hpas');
  if (sight.kind === 'hidden') return sight.outcome;
  const scalers = (sight.kind === 'seen' ? sight.items : []).flatMap((hpa) => {
    const arm = ARMS.find((candidate) => scalesArm(hpa, candidate, input.settings, input.cluster));
    return arm === undefined ? [] : [{ arm, hpa, acts: acts(hpa) }];
  });
  const evidence = [
    kubernetesEvidence(
      sight.view,
      scalers.map(({ arm, hpa }) => ({
        name: hpa.meta.name,
        arm,
        target: hpa.target?.name ?? null,
        minReplicas: hpa.minReplicas,
        maxReplicas: hpa.maxReplicas,
        desiredReplicas: hpa.desiredReplicas,
      })),
      input.now,
    ),
  ];
  const working = scalers.filter((scaler) => scaler.acts);
  if (working.length > 0) {
    return {
      status: 'warn',
      finding: sentence(
        working
          .map(
            ({ arm, hpa }) =>
              `${hpa.meta.name}${hpa.meta.name.startsWith('keda-hpa-') ? ' (KEDA)' : ''} scales the ${arm} arm between ${hpa.minReplicas ?? 1} and ${hpa.maxReplicas ?? 'an unknown maximum'}${hpa.desiredReplicas === null ? '' : `, now ${hpa.desiredReplicas}`}`,
          )
          .join('; '),
      ),
      evidence,
    };
  }
  const aimless = (sight.kind === 'seen' ? sight.items : []).filter(({ target }) => target === null);
  if (aimless.length > 0) {
    return {
      status: 'warn',
      finding: sentence(`${listText(aimless.map((hpa) => hpa.meta.name))} does not tell what it scales`),
      evidence,
    };
  }
  return {
    status: 'pass',
    finding:
      scalers.length === 0
        ? 'No autoscaler acts on either arm.'
        : `No autoscaler acts on either arm; ${scalers.map(({ hpa }) => hpa.meta.name).join(', ')} has its minimum as maximum.`,
    evidence,
  };
}

/** An unset minimum is one; without a known maximum it must be taken to act. */
function acts(hpa: HorizontalPodAutoscaler): boolean {
  return hpa.maxReplicas === null || hpa.maxReplicas > (hpa.minReplicas ?? 1);
}
