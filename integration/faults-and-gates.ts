import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Checklist } from '@/lib/domain/checklist';
import { GATE_IDS } from '@/lib/domain/gates/gate-row';
import { FAULT_EXPECTATIONS, gatesOf } from '../lab/faults/fault-expectations';
import type { FaultName } from '../lab/faults/faults';
import { type Lab, startLab } from '../lab/lab';
import { SCENARIOS } from '../lab/scenarios';
import type { GateExpectation } from '../lab/scenarios/scenario';
import { type DashboardOnLab, isComplete, openDashboard } from './dashboard-on-lab';

/** Status of every gate of the healthy scene. */
export const HEALTHY: Readonly<Record<string, string>> = Object.fromEntries(
  GATE_IDS.map((id) => [
    id,
    SCENARIOS.healthy.expectations.find(({ gate }) => gate === id)?.status ?? 'pass',
  ]),
);

function alike(status: GateExpectation['status'], fact: string, gates: readonly string[]): GateExpectation[] {
  return gates.map((gate) => ({ gate, status, fact }));
}

const READY_BUT_NO_ANSWER = alike('warn', 'demo-environment §14 (Ready but no answer)', [
  'baseline-ready',
  'distributed-ready',
]);
const NOTHING_TELLS = alike('unknown', 'kubernetes-objects §7.2 B19 (nothing answers, so nothing tells)', [
  'endpoint-authentication',
]);

/** What a fault brings besides what the lab says of it. */
const ALSO: Partial<Record<FaultName, readonly GateExpectation[]>> = {
  'crd-deleted': [
    ...alike('unknown', 'kubernetes-objects §7.3 (order: A1 first)', [
      'llminferenceservice-schema',
      'distributed-pods',
      'distributed-distinct-nodes',
      'distributed-scheduler',
      'distributed-answers',
    ]),
    ...alike('not-applicable', 'kubernetes-objects §3.6 (what the service owns goes with it)', [
      'optional-shows',
      'gpu-container',
      'single-endpoint-picker',
      'engine-configuration',
    ]),
    ...alike('warn', 'platform-pitfalls §9.2 F45 (age of the newest sample)', ['metrics-distributed']),
  ],
  'pod-killed': [
    ...alike('warn', 'kubernetes-objects §7.3 D2 (a warning in the last 10 minutes)', ['distributed-events']),
    ...alike('warn', 'kubernetes-objects §7.3 D3 (ready on one node)', ['distributed-distinct-nodes']),
  ],
  'node-lost': [
    ...alike('warn', 'kubernetes-objects §7.3 D2 (a warning in the last 10 minutes)', ['distributed-events']),
    // The silent pod is told by the gates about pods; every pod that is ready is measured.
    ...alike('pass', 'demo-environment §14 (non-empty for both models)', ['metrics-distributed']),
  ],
  'answer-empty': [...READY_BUT_NO_ANSWER, ...NOTHING_TELLS],
  'answer-silent': [...READY_BUT_NO_ANSWER, ...NOTHING_TELLS],
  'answer-401': alike('fail', 'kubernetes-objects §7.2 B19 (refused, although declared off)', [
    'endpoint-authentication',
  ]),
  'answer-503': NOTHING_TELLS,
  'wrong-model': [...READY_BUT_NO_ANSWER, ...NOTHING_TELLS],
  'prometheus-down': alike('unknown', 'platform-pitfalls §9.2 F40', ['scrape-paths']),
  'prometheus-slow': alike('unknown', 'platform-pitfalls §9.2 F41', ['scrape-paths']),
};

/** Status of every gate while a fault acts. */
export function expectedUnder(name: FaultName): Record<string, string> {
  const differing = [...gatesOf(name, null), ...(ALSO[name] ?? [])];
  return { ...HEALTHY, ...Object.fromEntries(differing.map(({ gate, status }) => [gate, status])) };
}

export function statusOfEach({ gates }: Checklist): Record<string, string> {
  return Object.fromEntries(gates.map(({ id, status }) => [id, status]));
}

function isLike(checklist: Checklist, expected: Readonly<Record<string, string>>): boolean {
  return checklist.gates.every(({ id, status }) => expected[id] === status);
}

/** How long a dashboard may take to see a fault, or its end: some show only when a request runs into its limit. */
const PATIENCE_MS = 45_000;

interface Stage {
  lab: Lab;
  dashboard: DashboardOnLab;
}

async function openStage(): Promise<Stage> {
  const lab = await startLab({
    timeFactor: 1,
    scrapeIntervalMs: 500,
    users: { baseline: 1, distributed: 1 },
  });
  return { lab, dashboard: openDashboard(lab) };
}

async function closeStage({ lab, dashboard }: Stage): Promise<void> {
  await dashboard.stop();
  await lab.stop();
}

/** Whether the baseline was asked after this time: what changes nothing must at least have been tried. */
function hasAskedSince({ gates }: Checklist, at: number): boolean {
  const evidence = gates.find(({ id }) => id === 'baseline-answers')?.evidence ?? [];
  return evidence.some(({ source, observedAt }) => source === 'probe' && Date.parse(observedAt) > at);
}

/** Asks again as often as one may, until the checklist reads so. */
async function untilLike(
  { dashboard }: Stage,
  expected: Readonly<Record<string, string>>,
  askedSince: number | null,
): Promise<Checklist> {
  dashboard.runtime.probeNow();
  const asking = setInterval(() => dashboard.runtime.probeNow(), 500);
  const checklist = await dashboard.untilChecklist(
    (now) =>
      isComplete(now) && isLike(now, expected) && (askedSince === null || hasAskedSince(now, askedSince)),
    PATIENCE_MS,
  );
  clearInterval(asking);
  return checklist;
}

async function expectUnder(stage: Stage, name: FaultName): Promise<void> {
  expect(statusOfEach(await untilLike(stage, HEALTHY, null))).toEqual(HEALTHY);
  const startedAt = Date.now();
  await stage.lab.faults.start(name);
  try {
    const expected = expectedUnder(name);
    expect(statusOfEach(await untilLike(stage, expected, startedAt))).toEqual(expected);
  } finally {
    await stage.lab.faults.end(name);
  }
}

const PROMISE = 'with %s every gate reads as the facts say, and none is green that should not be';
const LIMIT_MS = 2 * PATIENCE_MS + 20_000;

/** A test for each fault that leaves no trace, one after the other on one lab with one dashboard. */
export function testFaultsInTurn(names: readonly FaultName[]): void {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => closeStage(stage));
  test.each(names)(PROMISE, (name) => expectUnder(stage, name), LIMIT_MS);
}

/** A test for each fault, each with a lab and a dashboard of its own. */
export function testFaultsApart(names: readonly FaultName[]): void {
  test.each(names)(
    PROMISE,
    async (name) => {
      const stage = await openStage();
      try {
        await expectUnder(stage, name);
      } finally {
        await closeStage(stage);
      }
    },
    LIMIT_MS,
  );
}

/** Whether the fault is one of an engine's answers. */
export function isOfAnswers(name: FaultName): boolean {
  return /^(answer-|slow-engines|slow-replica|wrong-model)/.test(name);
}

export function silencesCluster(name: FaultName): boolean {
  return FAULT_EXPECTATIONS[name].silences === 'cluster';
}
