import { afterAll, describe, expect, test } from 'vitest';
import { GATE_IDS } from '@/lib/domain/gates/gate-row';
import { type Lab, startLab } from '../lab/lab';
import { SCENARIOS, type ScenarioName } from '../lab/scenarios';
import type { GateExpectation } from '../lab/scenarios/scenario';
import { type DashboardOnLab, openDashboard } from './dashboard-on-lab';

/** One scenario as a dashboard sees it: its settings, and what every gate should say. */
interface Case {
  scenario: ScenarioName;
  environment?: Readonly<Record<string, string>>;
  /** 1 keeps a model loading for as long as the test looks. */
  timeFactor?: number;
  expectations: readonly GateExpectation[];
}

const MULTI_NODE = 'llm-d-multinode';
/** Only a mismatch takes this long, or a machine with much else to do. */
const PATIENCE_MS = 40_000;

/** The lab tells what differs from the healthy scene, and of that one what does not pass. */
const CASES: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(
    Object.entries(SCENARIOS).map(([name, { expectations }]) => [
      name,
      { scenario: name as ScenarioName, expectations } satisfies Case,
    ]),
  ),
  forbidden: {
    scenario: 'forbidden',
    environment: { KUBE_CONTEXT: 'lab-reader' },
    expectations: SCENARIOS.forbidden.expectations,
  },
  deploying: { scenario: 'deploying', timeFactor: 1, expectations: SCENARIOS.deploying.expectations },
  'data-parallel, seen in its own namespace': {
    scenario: 'data-parallel',
    environment: { DEMO_NAMESPACE: MULTI_NODE, DISTRIBUTED_NAME: 'mistral-3-multinode' },
    expectations: [
      ...['kueue-clusterqueue', 'kueue-localqueue', 'kueue-queue-mismatch'].map(
        (gate): GateExpectation => ({
          gate,
          status: 'not-applicable',
          fact: 'kubernetes-objects §7.2 B18 (the namespace is not managed)',
        }),
      ),
      {
        gate: 'baseline-ready',
        status: 'fail',
        reason: 'not-created',
        fact: 'kubernetes-objects §4 (no InferenceService in this namespace)',
      },
      ...['baseline-answers', 'metrics-baseline'].map(
        (gate): GateExpectation => ({
          gate,
          status: 'unknown',
          reason: 'blocked',
          fact: 'kubernetes-objects §7.3 (D* last)',
        }),
      ),
      { gate: 'baseline-serving-mode', status: 'not-applicable', fact: 'kubernetes-objects §7.3 X1' },
      {
        gate: 'liveness-budget',
        status: 'warn',
        fact: 'demo-environment §3.3, §15.7 (killed after 330 s, loading takes up to 360 s)',
      },
      {
        gate: 'distributed-pods',
        status: 'warn',
        fact: 'kubernetes-objects §7.3 D3, §3.9 (two groups of two: four pods, two expected)',
      },
      {
        gate: 'distributed-scheduler',
        status: 'pass',
        fact: 'kubernetes-objects §7.3 D3b (no queue sends it to a GPU node)',
      },
      { gate: 'stream-timeouts', status: 'pass', fact: 'demo-environment §19 no. 8 (no Route here)' },
      {
        gate: 'engine-configuration',
        status: 'not-applicable',
        fact: 'demo-environment §0 no. 5 (one arm only)',
      },
      {
        gate: 'metrics-distributed',
        status: 'warn',
        fact: 'kubernetes-objects §3.9 (only leaders serve metrics; workers are targets without an answer)',
      },
      { gate: 'benchmark-job', status: 'fail', reason: 'not-created', fact: 'kubernetes-objects §7.3 D6' },
    ],
  },
};

function expectationOf(
  gate: string,
  { expectations }: Case,
): { status: string; reason?: string | undefined } {
  const differing = expectations.find((expectation) => expectation.gate === gate);
  const healthy = SCENARIOS.healthy.expectations.find((expectation) => expectation.gate === gate);
  const { status, reason } = differing ?? healthy ?? { status: 'pass', reason: undefined };
  return { status, reason };
}

/** What every gate should say, and does say; the reason is compared where the table names one. */
function compare(dashboard: DashboardOnLab, example: Case): [expected: string[], found: string[]] {
  const { gates } = dashboard.checklist();
  const rows = GATE_IDS.map((id) => {
    const { status, reason } = expectationOf(id, example);
    const gate = gates.find((candidate) => candidate.id === id);
    const inWords = (...parts: (string | null | undefined)[]): string =>
      [id, ...parts].filter((part) => part !== null && part !== undefined).join(' ');
    return [
      inWords(status, reason),
      inWords(gate?.status, reason === undefined ? null : gate?.reason),
    ] as const;
  });
  return [rows.map(([expected]) => expected), rows.map(([, found]) => found)];
}

function isMet(dashboard: DashboardOnLab, example: Case): boolean {
  const [expected, found] = compare(dashboard, example);
  return expected.every((row, index) => row === found[index]);
}

const running: { lab: Lab; dashboard: DashboardOnLab }[] = [];

async function open({ scenario, environment = {}, timeFactor = 0.01 }: Case): Promise<DashboardOnLab> {
  const lab = await startLab({
    scenario,
    timeFactor,
    scrapeIntervalMs: 500,
    users: { baseline: 1, distributed: 1 },
  });
  const dashboard = openDashboard(lab, environment);
  running.push({ lab, dashboard });
  return dashboard;
}

async function closeAll(): Promise<void> {
  for (const { lab, dashboard } of running.splice(0)) {
    await dashboard.stop();
    await lab.stop();
  }
}

afterAll(closeAll);

describe('every gate says what the facts say', () => {
  test.each(Object.entries(CASES))(
    'in the scenario %s',
    { timeout: 2 * PATIENCE_MS },
    async (_name, example) => {
      const dashboard = await open(example);
      await dashboard.untilChecklist(() => isMet(dashboard, example), PATIENCE_MS);
      const [expected, found] = compare(dashboard, example);
      await closeAll();
      expect(found).toEqual(expected);
    },
  );
});

test('every scenario but the healthy one flips at least one gate', () => {
  const unflipped = Object.entries(CASES)
    .filter(([name]) => name !== 'healthy')
    .filter(([, example]) =>
      GATE_IDS.every(
        (id) => expectationOf(id, example).status === expectationOf(id, CASES.healthy ?? example).status,
      ),
    );
  expect(unflipped).toEqual([]);
});

test('the tables name gates that exist', () => {
  const named = Object.values(CASES).flatMap(({ expectations }) => expectations.map(({ gate }) => gate));
  expect(named.filter((gate) => !GATE_IDS.includes(gate as (typeof GATE_IDS)[number]))).toEqual([]);
});
