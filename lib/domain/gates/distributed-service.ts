import { wantedPods } from '../demo-demand';
import { findGateway } from '../endpoint-objects';
import { findCondition } from '../objects/meta';
import type { LLMInferenceService } from '../objects/serving';
import { judgeArm } from './arm-evidence';
import { DOCUMENTS } from './documents';
import { conditionsExcerpt, kubernetesEvidence } from './evidence';
import { findService } from './find-service';
import type { ChecklistInput, GateId, GateOutcome, GateRow } from './gate-row';
import { explainPods } from './lights';

export const DISTRIBUTED_SERVICE_GATES: readonly GateRow[] = [
  {
    id: 'distributed-ready',
    layer: 'application',
    title: 'Distributed service ready',
    required: true,
    dependsOn: [
      'llminferenceservice-api',
      'leaderworkerset-api',
      'inference-apis',
      'serving-presets',
      'serving-controllers',
      'inference-gateway-object',
      'connectivity-link',
      'gpu-operator',
      'gpu-nodes',
      'gpu-capacity',
      'kueue-clusterqueue',
      'kueue-localqueue',
    ],
    why: 'This is the service the demo is about. Ready=False does not mean that it does not serve, and Argo CD has no health rule for it: look at claim, pods and a live request. The OpenShift AI 3.0 dashboard does not list LLMInferenceServices, or shows them as failed; that says nothing.',
    remedy:
      'Read the condition that is False and repair what it names; after a missing Gateway was created, delete and re-create the service (3.0).',
    owner: 'user',
    document: DOCUMENTS.deploying,
    command: (settings) =>
      `oc get llminferenceservices.serving.kserve.io ${settings.distributedName} -n ${settings.namespace} -o yaml`,
    evaluate: evaluateDistributedReady,
  },
];

function evaluateDistributedReady(input: ChecklistInput): GateOutcome {
  const { distributedName } = input.settings;
  const found = findService(input, {
    resource: 'llminferenceservices',
    kind: 'LLMInferenceService',
    name: distributedName,
    apiGate: 'llminferenceservice-api',
  });
  if (found.outcome !== null) return found.outcome;
  const { service, view } = found;
  const { pods, judged, starting, progressing, evidence } = judgeArm(
    input,
    'distributed',
    service,
    wantedPods(service),
  );
  const lateStatus = service.conditions.length === 0 && !starting;
  const hints = [
    lateStatus ? 'No status more than a minute after its creation: its controller may be down.' : null,
    stickyReferenceHint(service, input),
  ].filter((hint) => hint !== null);
  return {
    status: lateStatus ? 'fail' : judged.status,
    progressing: progressing && judged.status !== 'pass' && !lateStatus,
    lights: judged.lights,
    finding: [judged.finding, ...hints].join(' '),
    explainedBy: [
      ...(lateStatus ? (['serving-controllers'] as const) : []),
      ...explainConditions(service),
      ...explainPods(pods),
    ],
    evidence: [
      kubernetesEvidence(
        view,
        {
          name: service.meta.name,
          generation: service.meta.generation,
          observedGeneration: service.observedGeneration,
          url: service.url,
          conditions: conditionsExcerpt(service.conditions),
        },
        input.now,
      ),
      ...evidence,
    ],
  };
}

/** In 3.0 RefsInvalid stays although the Gateway is there by now (kubernetes-objects §1.7). */
function stickyReferenceHint(service: LLMInferenceService, input: ChecklistInput): string | null {
  const routes = findCondition(service.conditions, 'HTTPRoutesReady');
  if (routes?.status !== 'False' || routes.reason !== 'RefsInvalid') return null;
  const gateway = findGateway(input.settings, input.cluster);
  return gateway !== null && findCondition(gateway.conditions, 'Programmed')?.status === 'True'
    ? 'The Gateway is there by now, but this condition never clears in 3.0: delete and re-create the service.'
    : null;
}

function explainConditions(service: LLMInferenceService): readonly GateId[] {
  const failed = service.conditions.filter((condition) => condition.status === 'False');
  const says = (pattern: RegExp) =>
    failed.some((condition) => pattern.test(`${condition.reason ?? ''} ${condition.message ?? ''}`));
  return [
    ...(says(/AuthPolicy|Authentication is not enforced/) ? (['connectivity-link'] as const) : []),
    ...(says(/RefsInvalid|Gateways?NotReady|Gateway/) ? (['inference-gateway-object'] as const) : []),
    ...(says(/LeaderWorkerSet/) ? (['leaderworkerset-api'] as const) : []),
    ...(says(/InferencePool/) ? (['inference-apis'] as const) : []),
    ...(says(/LLMInferenceServiceConfig|CombineBaseError/) ? (['serving-presets'] as const) : []),
  ];
}
