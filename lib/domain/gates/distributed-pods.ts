import { findDistributed, wantedPods } from '../demo-demand';
import { instanceTypeOf } from '../objects/nodes';
import { isPodReady } from '../objects/pod-state';
import { isReadable } from '../readable';
import { armPods } from './arm-evidence';
import { kubernetesEvidence } from './evidence';
import type { ChecklistInput, GateOutcome, GateRow } from './gate-row';
import { arePodsProgressing, explainPods, isJustCreated, readPods } from './lights';
import { lookAt } from './sight';
import { count, listText, sentence } from './wording';

const WORKLOAD_SELECTOR = 'kserve.io/component=workload';

export const DISTRIBUTED_POD_GATES: readonly GateRow[] = [
  {
    id: 'distributed-pods',
    layer: 'application',
    title: 'Distributed pods ready',
    required: true,
    dependsOn: [
      'distributed-ready',
      'gpu-operator',
      'gpu-nodes',
      'gpu-capacity',
      'kueue-clusterqueue',
      'kueue-localqueue',
    ],
    why: 'Scale-out is only shown when every declared pod serves.',
    remedy: 'Look at the state of the pod that is not ready: quota, node, image, or model loading.',
    owner: 'user',
    document: null,
    command: (settings) =>
      `oc get pods -n ${settings.namespace} -l app.kubernetes.io/name=${settings.distributedName},${WORKLOAD_SELECTOR} -o wide`,
    evaluate: evaluatePods,
  },
  {
    id: 'distributed-distinct-nodes',
    layer: 'application',
    title: 'Pods on different nodes',
    required: false,
    dependsOn: ['distributed-ready', 'distributed-pods'],
    why: 'Two pods on one node would be scale-up, not scale-out over small nodes.',
    remedy: 'Free a second GPU node and delete the pod that shares one.',
    owner: 'user',
    document: null,
    command: (settings) =>
      `oc get pods -n ${settings.namespace} -l app.kubernetes.io/name=${settings.distributedName},${WORKLOAD_SELECTOR} -o custom-columns=POD:.metadata.name,NODE:.spec.nodeName`,
    evaluate: evaluateDistinctNodes,
  },
];

/** The outcome where pods cannot be seen or the service is not there; else what was seen. */
export function seePods(input: ChecklistInput):
  | { outcome: GateOutcome }
  | {
      outcome: null;
      wanted: number;
      isDisaggregated: boolean;
      justCreated: boolean;
      seen: NonNullable<ReturnType<typeof armPods>>;
    } {
  const seen = armPods(input, 'distributed');
  if (seen === null) {
    const sight = lookAt(input, 'pods');
    return {
      outcome:
        sight.kind === 'hidden'
          ? sight.outcome
          : { status: 'unknown', reason: 'unreachable', finding: 'Pods cannot be listed.', evidence: [] },
    };
  }
  const service = findDistributed(input.settings, input.cluster);
  if (service === null) {
    const view = input.cluster.resources.llminferenceservices;
    if (!isReadable(view) && view.state !== 'not-installed') {
      const sight = lookAt(input, 'llminferenceservices');
      if (sight.kind === 'hidden') return { outcome: sight.outcome };
    }
    return {
      outcome: {
        status: 'fail',
        reason: 'not-created',
        finding: `No service ${input.settings.distributedName} declares pods.`,
        evidence: [seen.evidence],
        explainedBy: ['distributed-ready'],
      },
    };
  }
  return {
    outcome: null,
    wanted: wantedPods(service),
    isDisaggregated: service.prefill !== null,
    justCreated: isJustCreated(service.meta, seen.pods, input.now),
    seen,
  };
}

function evaluatePods(input: ChecklistInput): GateOutcome {
  const sight = seePods(input);
  if (sight.outcome !== null) return sight.outcome;
  const { pods, evidence } = sight.seen;
  const reading = readPods(pods, sight.wanted);
  const progressing = sight.justCreated || arePodsProgressing(pods);
  const expected = input.settings.expectedReplicas;
  // One pod that prefills and one that decodes answer together: that is not two replicas.
  const expectation = sight.isDisaggregated
    ? `, prefill and decode apart; the demo expects ${count(expected, 'replica')} that do both`
    : sight.wanted === expected
      ? ''
      : `; the demo expects ${expected}`;
  const outcome = { evidence: [evidence], explainedBy: explainPods(pods) };
  if (reading.light === 'pass') {
    const extra = reading.ready > sight.wanted ? `, ${reading.ready - sight.wanted} more than declared` : '';
    return {
      ...outcome,
      status: expectation === '' && extra === '' ? 'pass' : 'warn',
      finding: `${reading.text}${extra}${expectation}.`,
    };
  }
  return {
    ...outcome,
    status: reading.ready > 0 || progressing ? 'warn' : 'fail',
    progressing,
    finding: sentence(`${reading.text}${expectation}`),
  };
}

function evaluateDistinctNodes(input: ChecklistInput): GateOutcome {
  const sight = seePods(input);
  if (sight.outcome !== null) return sight.outcome;
  const { pods, evidence } = sight.seen;
  if (sight.wanted < 2) {
    return {
      status: 'not-applicable',
      finding: 'The service declares a single pod, so there is nothing to spread.',
      evidence: [evidence],
    };
  }
  const ready = pods.filter(isPodReady);
  const names = [...new Set(ready.map((pod) => pod.nodeName).filter((name) => name !== null))];
  if (ready.length === 0) {
    const progressing = sight.justCreated || arePodsProgressing(pods);
    return {
      status: progressing ? 'warn' : 'fail',
      progressing,
      finding: 'No pod is ready on any node.',
      evidence: [evidence],
    };
  }
  const where = `${count(ready.length, 'ready pod')} on ${count(names.length, 'node')} (${listText(names.map(shortName))})`;
  if (names.length < 2) {
    return {
      status: 'warn',
      progressing: arePodsProgressing(pods),
      finding: sentence(where),
      evidence: [evidence],
    };
  }
  const nodesSight = lookAt(input, 'nodes');
  if (nodesSight.kind === 'hidden') return nodesSight.outcome;
  const nodes = nodesSight.kind === 'seen' ? nodesSight.items : [];
  const types = names.map(
    (name) => nodes.filter((node) => node.meta.name === name).map(instanceTypeOf)[0] ?? 'unknown type',
  );
  const allEvidence = [
    evidence,
    kubernetesEvidence(
      nodesSight.view,
      names.map((name, index) => ({ name, instanceType: types[index] })),
      input.now,
    ),
  ];
  const wrong = types.filter((type) => type !== input.settings.instanceType);
  return wrong.length === 0
    ? {
        status: 'pass',
        finding: sentence(`${where}, all ${input.settings.instanceType}`),
        evidence: allEvidence,
      }
    : {
        status: 'warn',
        finding: `${where}, but ${wrong.length === 1 ? 'one is' : `${wrong.length} are`} ${listText([...new Set(wrong)])}, not ${input.settings.instanceType}.`,
        evidence: allEvidence,
      };
}

/** First label of a node's name, which tells nodes apart on screen. */
export function shortName(name: string): string {
  return name.split('.')[0] ?? name;
}
