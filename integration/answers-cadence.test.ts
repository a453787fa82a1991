import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gate } from '@/lib/domain/checklist';
import { evaluateChecklist } from '@/lib/domain/evaluate-checklist';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { healthyAccess, healthyMetrics } from '@/lib/domain/testing/build-cluster';
import { createOutbound } from '@/lib/server/http/outbound';
import { createProber } from '@/lib/server/inference/prober';
import { createModelEndpoints } from '@/lib/server/model-endpoints';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import { type Lab, startLab } from '../lab/lab';
import { labConfig, openDashboard, readerOf, untilTrue } from './dashboard-on-lab';

/** Nobody presses "probe now" here: what the gates tell comes from the dashboard's own cadence (decision 0227). */
let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ timeFactor: 1, scrapeIntervalMs: 500 });
}, 60_000);
afterAll(() => lab.stop());

const ROUND_MS = 15_000;
const ARM_GATES = ['baseline-answers', 'distributed-answers'] as const;

test('with answer-empty, which the cluster does not show, both arms fail within 75 s and say why', async () => {
  const { config, remove } = labConfig(lab);
  const reader = readerOf(config);
  const outbound = createOutbound({
    ...config.proxy,
    ingressConnectTo: config.endpoints.ingressConnectTo,
  });
  const clock = createManualClock(Date.now());
  const faults: unknown[] = [];
  const endpoints = createModelEndpoints({
    config,
    cluster: reader.snapshot,
    probes: () => prober.results(),
    outbound,
    onCaFileUnreadable: (error) => faults.push(error),
  });
  const prober = createProber({
    endpoints: endpoints.probed,
    dispatcherFor: endpoints.dispatcherFor,
    apiKeys: config.endpoints.apiKeys,
    clock,
    onChange: () => undefined,
    onFault: (error) => faults.push(error),
  });
  const judge = (): Gate[] =>
    evaluateChecklist({
      settings: DEFAULT_SETTINGS,
      cluster: reader.snapshot(),
      probes: prober.results(),
      metrics: healthyMetrics(),
      access: healthyAccess(),
      mode: 'simulated',
      now: clock.now(),
      previous: null,
    }).gates.filter(({ id }) => ARM_GATES.some((name) => name === id));
  const statuses = () => judge().map(({ status }) => status);
  /** One round of the prober, to its last answer. */
  const passRound = async (): Promise<void> => {
    clock.advance(ROUND_MS);
    const at = clock.now();
    await untilTrue(
      () =>
        prober.results().filter((probe) => probe.kind === 'models' && probe.observedAt >= at).length === 3,
    );
    await untilTrue(() => clock.pending().length === 1);
  };
  try {
    await untilTrue(() => endpoints.probed().length === 3);
    prober.start();
    await untilTrue(() => statuses().every((status) => status === 'pass'));
    await untilTrue(() => clock.pending().length === 1);
    await passRound();
    expect(judge().map(({ finding }) => /\d0 s ago; its models answer now/.test(finding))).toEqual([
      true,
      true,
    ]);
    await lab.faults.start('answer-empty');
    let rounds = 0;
    while (statuses().some((status) => status === 'pass') && rounds < 10) {
      await passRound();
      rounds += 1;
    }
    expect(rounds).toBeLessThanOrEqual(75_000 / ROUND_MS);
    expect(judge().map(({ status, finding }) => [status, finding.includes('Serves ')])).toEqual([
      ['fail', false],
      ['fail', false],
    ]);
    expect(faults).toEqual([]);
  } finally {
    await lab.faults.end('answer-empty');
    prober.stop();
    await reader.stop();
    await outbound.close();
    remove();
  }
}, 120_000);

test('with picker-down, which the cluster shows, the scheduler is no longer claimed a few seconds later', async () => {
  const dashboard = openDashboard(lab);
  const answers = (): Gate | undefined =>
    dashboard.checklist().gates.find(({ id }) => id === 'distributed-answers');
  try {
    await dashboard.untilChecklist(
      () => answers()?.finding.includes('Gateway and the scheduler') === true,
      30_000,
    );
    expect(answers()?.status).toBe('pass');
    await lab.faults.start('picker-down');
    await dashboard.untilChecklist(() => answers()?.status === 'warn', 10_000);
    expect(answers()).toMatchObject({ status: 'warn' });
    // And a completion of its own, half a second after the change at the earliest, sees it for itself.
    await dashboard.untilChecklist(
      () => answers()?.finding.includes('without any sign of the scheduler') === true,
      10_000,
    );
    expect(answers()?.finding).toContain('without any sign of the scheduler');
  } finally {
    await lab.faults.end('picker-down');
    await dashboard.stop();
  }
}, 120_000);
