/** What the gates of a checklist should say while a fault acts on the healthy scene, and the researched fact behind each. */
import type { GateExpectation } from '../scenarios/scenario.ts';
import type { Arm } from '../world/arms.ts';
import type { FaultName } from './faults.ts';

export interface FaultGate extends GateExpectation {
  /** Only where the fault hits this arm. */
  arm?: Arm;
}

export interface FaultExpectations {
  /**
   * This source gives no proof of life any more: every gate that rests on it turns from reconnecting into `unknown`
   * (`unreachable`) after 20 s, and keeps what it last was.
   */
  silences: 'cluster' | 'metrics' | null;
  /** Gates that read differently than in the healthy scene, without an aim or with one at their arm. */
  gates: readonly FaultGate[];
}

/** Which arm an unaimed fault hits, where it is one of them. */
const HITS_DISTRIBUTED: readonly FaultName[] = [
  'pod-killed',
  'slow-replica',
  'prometheus-partial',
  'target-down',
];

/** The expectations of a fault that is aimed at one arm (or of an unaimed one, with null). */
export function gatesOf(name: FaultName, arm: Arm | null): readonly FaultGate[] {
  const hit = arm ?? (HITS_DISTRIBUTED.includes(name) ? 'distributed' : null);
  return FAULT_EXPECTATIONS[name].gates.filter((gate) => hit === null || (gate.arm ?? hit) === hit);
}

const UNCHANGED: FaultExpectations = { silences: null, gates: [] };

function reads(...gates: FaultGate[]): FaultExpectations {
  return { silences: null, gates };
}

/** No completion comes by any path. */
function noAnswers(fact: string): FaultGate[] {
  return [
    { gate: 'baseline-answers', arm: 'baseline', status: 'fail', fact },
    { gate: 'distributed-answers', arm: 'distributed', status: 'fail', fact },
  ];
}

const READY_WITHOUT_ANSWER = 'demo-environment §14 (Ready but no answer)';

/** Not even `/v1/models` is answered: status and pods say one thing, the live request another. */
function noSignOfLife(fact: string): FaultExpectations {
  return reads(
    ...noAnswers(fact),
    { gate: 'baseline-ready', arm: 'baseline', status: 'warn', fact: READY_WITHOUT_ANSWER },
    { gate: 'distributed-ready', arm: 'distributed', status: 'warn', fact: READY_WITHOUT_ANSWER },
  );
}

const SILENT_CLUSTER: FaultExpectations = { silences: 'cluster', gates: [] };

function silentMetrics(fact: string): FaultExpectations {
  return {
    silences: 'metrics',
    gates: [
      { gate: 'metrics-source', status: 'unknown', reason: 'unreachable', fact },
      { gate: 'metrics-baseline', status: 'unknown', fact },
      { gate: 'metrics-distributed', status: 'unknown', fact },
    ],
  };
}

export const FAULT_EXPECTATIONS: Readonly<Record<FaultName, FaultExpectations>> = {
  'api-restart': SILENT_CLUSTER,
  'api-stalled': SILENT_CLUSTER,
  'history-compacted': UNCHANGED,
  'slow-list': UNCHANGED,
  'too-many-requests': SILENT_CLUSTER,
  'server-errors': SILENT_CLUSTER,
  // Only those who come with the context lab-reader are refused.
  'rights-revoked': UNCHANGED,
  'token-rotated': SILENT_CLUSTER,
  'ca-rotated': UNCHANGED,
  'crd-deleted': reads(
    {
      gate: 'llminferenceservice-api',
      status: 'fail',
      reason: 'not-installed',
      fact: 'kubernetes-objects §7.1 A1 (404 text or name missing)',
    },
    {
      gate: 'distributed-ready',
      status: 'unknown',
      reason: 'blocked',
      fact: 'kubernetes-objects §7.3 (order)',
    },
    { gate: 'argocd-application', status: 'fail', fact: 'kubernetes-objects §7.3 D7 (Missing)' },
  ),
  'pod-killed': reads(
    {
      gate: 'distributed-pods',
      arm: 'distributed',
      status: 'warn',
      fact: 'kubernetes-objects §7.3 D3 (fewer ready than wanted)',
    },
    {
      gate: 'distributed-ready',
      arm: 'distributed',
      status: 'warn',
      fact: 'kubernetes-objects §7.3 D1, §3.4',
    },
    { gate: 'baseline-ready', arm: 'baseline', status: 'warn', fact: 'platform-pitfalls §9.3 F56' },
    { gate: 'baseline-answers', arm: 'baseline', status: 'warn', fact: 'platform-pitfalls §9.3 F56' },
  ),
  'node-lost': reads(
    { gate: 'gpu-nodes', status: 'warn', fact: 'kubernetes-objects §7.2 B17' },
    { gate: 'distributed-ready', status: 'warn', fact: 'kubernetes-objects §7.3 D1, §3.4' },
    {
      gate: 'distributed-pods',
      status: 'warn',
      fact: 'kubernetes-objects §7.3 D3 (fewer ready than wanted)',
    },
    {
      gate: 'distributed-distinct-nodes',
      status: 'warn',
      fact: 'kubernetes-objects §7.3 D3 (ready on one node)',
    },
  ),
  'gateway-500': reads({
    gate: 'distributed-answers',
    status: 'warn',
    fact: 'demo-environment §14 (Route only: serving, scheduler bypassed)',
  }),
  'picker-down': reads(
    {
      gate: 'distributed-scheduler',
      status: 'fail',
      fact: 'kubernetes-objects §7.3 D3b (none: traffic falls open)',
    },
    {
      gate: 'distributed-ready',
      status: 'warn',
      fact: 'kubernetes-objects §7.3 D1 (workload ready, router not)',
    },
    { gate: 'distributed-answers', status: 'warn', fact: 'metrics §10.2 (fail open)' },
  ),
  'endpoint-503': reads(
    {
      gate: 'baseline-answers',
      arm: 'baseline',
      status: 'fail',
      fact: 'platform-pitfalls §9.3 F50, kubernetes-objects §7.3 D5 (5xx)',
    },
    { gate: 'baseline-ready', arm: 'baseline', status: 'warn', fact: READY_WITHOUT_ANSWER },
  ),
  'answer-empty': reads(...noAnswers('platform-pitfalls §9.3 F55, kubernetes-objects §7.3 D5')),
  'answer-silent': reads(...noAnswers('platform-pitfalls §9.3 F51, kubernetes-objects §7.3 D5 (timeouts)')),
  // One token, as a gate asks for, arrives before these begin.
  'answer-reset': UNCHANGED,
  'answer-stall': UNCHANGED,
  'answer-early-end': UNCHANGED,
  'answer-malformed': UNCHANGED,
  'answer-error': UNCHANGED,
  'answer-merged': UNCHANGED,
  'answer-without-usage': UNCHANGED,
  'answer-cached-tokens': UNCHANGED,
  // Refusals of the question prove nothing about the endpoint.
  'answer-400': UNCHANGED,
  'answer-429': UNCHANGED,
  'answer-401': noSignOfLife('kubernetes-objects §7.3 D5 (401)'),
  'answer-503': noSignOfLife('platform-pitfalls §9.3 F50, kubernetes-objects §7.3 D5 (5xx)'),
  'wrong-model': reads(...noAnswers('kubernetes-objects §7.3 D5 (404, model id is not the served name)')),
  'slow-engines': UNCHANGED,
  'slow-replica': UNCHANGED,
  'prometheus-down': silentMetrics('platform-pitfalls §9.2 F40'),
  'prometheus-slow': silentMetrics('platform-pitfalls §9.2 F41'),
  // The warning comes with every answer, whichever arm it is about.
  'prometheus-partial': reads(
    { gate: 'metrics-baseline', status: 'warn', fact: 'platform-pitfalls §9.2 F42' },
    { gate: 'metrics-distributed', status: 'warn', fact: 'platform-pitfalls §9.2 F42' },
  ),
  'prometheus-reset': UNCHANGED,
  'target-down': reads(
    { gate: 'metrics-baseline', arm: 'baseline', status: 'warn', fact: 'platform-pitfalls §9.2 F45' },
    {
      gate: 'metrics-distributed',
      arm: 'distributed',
      status: 'warn',
      fact: 'platform-pitfalls §9.2 F45',
    },
  ),
};
