import type { InferencePool } from '../objects/networking';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { lookAt } from './sight';
import { listText } from './wording';

export const ENDPOINT_PICKER_GATES: readonly GateRow[] = [
  {
    id: 'single-endpoint-picker',
    layer: 'application',
    title: 'One endpoint picker',
    required: false,
    dependsOn: [],
    why: 'With several endpoint pickers behind one Gateway a request may meet another service’s picker, and what the demo shows is no longer this one’s work.',
    remedy:
      'Give other LLMInferenceServices a Gateway of their own, or remove them for the time of the demo.',
    owner: 'user',
    document: null,
    command: ({ namespace }) =>
      `oc get inferencepools.inference.networking.x-k8s.io,httproutes.gateway.networking.k8s.io -n ${namespace}`,
    evaluate: evaluatePickers,
  },
];

function evaluatePickers(input: ChecklistInput): GateOutcome {
  const alpha = lookAt(input, 'inferencepools');
  if (alpha.kind === 'hidden') return alpha.outcome;
  const stable = lookAt(input, 'inferencepools-v1');
  const pools = [
    ...(alpha.kind === 'seen' ? alpha.items : []),
    ...(stable.kind === 'seen' ? stable.items : []),
  ];
  const { gateway, namespace } = input.settings;
  const attached = pools.filter((pool) => isAttached(pool, input));
  // A later release keeps the same pool in both groups.
  const pickers = [...new Set(attached.map((pool) => pool.endpointPicker?.name ?? pool.meta.name))].sort();
  const evidence = [
    kubernetesEvidence(
      alpha.kind === 'seen' || stable.kind === 'hidden' ? alpha.view : stable.view,
      { gateway: gateway.name, pools: attached.map((pool) => pool.meta.name), endpointPickers: pickers },
      input.now,
    ),
  ];
  if (pickers.length === 0) {
    return {
      status: 'not-applicable',
      finding: `No InferencePool of ${namespace} is attached to Gateway ${gateway.name}.`,
      evidence,
    };
  }
  return pickers.length === 1
    ? {
        status: 'pass',
        finding: `Gateway ${gateway.name} has one endpoint picker in ${namespace}: ${pickers[0]}.`,
        evidence,
      }
    : {
        status: 'warn',
        finding: `Gateway ${gateway.name} has ${pickers.length} endpoint pickers in ${namespace}: ${listText(pickers)}.`,
        evidence,
      };
}

/** By the pool's own status, or by an HTTPRoute that sends to it through the Gateway. */
function isAttached(pool: InferencePool, input: ChecklistInput): boolean {
  const { name } = input.settings.gateway;
  return (
    pool.parents.some(({ parent }) => parent.kind === 'Gateway' && parent.name === name) ||
    input.cluster.resources.httproutes.items.some(
      (route) =>
        route.parentRefs.some((parent) => parent.kind === 'Gateway' && parent.name === name) &&
        route.rules.some((rule) =>
          rule.backends.some(
            (backend) => backend.kind === 'InferencePool' && backend.name === pool.meta.name,
          ),
        ),
    )
  );
}
