import type { ClusterObjects } from '../objects';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateId, GateOutcome } from './gate-row';
import { lookAt, type Sight } from './sight';
import { listText } from './wording';

type ServiceId = 'inferenceservices' | 'llminferenceservices';

/** An arm's service and the look that found it, or the outcome of a gate that has none to judge. */
export type FoundService<T> =
  | { outcome: GateOutcome }
  | { outcome: null; service: T; view: Extract<Sight<T>, { kind: 'seen' }>['view'] };

/** Looks for the service of an arm by name, as both gates about readiness begin. */
export function findService<Id extends ServiceId>(
  input: ChecklistInput,
  wanted: {
    resource: Id;
    /** As people write it, e.g. `LLMInferenceService`. */
    kind: string;
    name: string;
    /** The gate whose failure explains that the API is not served. */
    apiGate: GateId;
  },
): FoundService<ClusterObjects[Id]> {
  const { resource, kind, name, apiGate } = wanted;
  const sight = lookAt(input, resource);
  if (sight.kind === 'hidden') return { outcome: sight.outcome };
  if (sight.kind === 'not-installed') {
    return {
      outcome: {
        status: 'fail',
        reason: 'not-installed',
        finding: `The ${kind} API is not served.`,
        evidence: [kubernetesEvidence(sight.view, { served: false }, input.now)],
        explainedBy: [apiGate],
      },
    };
  }
  const service = sight.items.find(({ meta }) => meta.name === name);
  if (service !== undefined) return { outcome: null, service, view: sight.view };
  const others = sight.items.map(({ meta }) => meta.name);
  return {
    outcome: {
      status: 'fail',
      reason: 'not-created',
      finding: `${kind} ${name} does not exist in ${input.settings.namespace}${others.length === 0 ? '' : ` (there is ${listText(others)})`}.`,
      evidence: [kubernetesEvidence(sight.view, { found: others }, input.now)],
      explainedBy: [],
    },
  };
}
