import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestWorld } from '../world/world-fixture.ts';
import type { FaultTargets } from './fault.ts';
import { createFaults } from './faults.ts';
import { type Visit, visitLab } from './lab-visit.ts';

let visit: Visit;
beforeEach(async () => {
  visit = await visitLab();
  await visit.clock.advance(30_000);
});
afterEach(() => visit.lab.stop());

interface Answer {
  data: { result: { metric: { pod?: string }; value: [number, string] }[] };
  warnings?: string[];
}

function query(text: string): Promise<Answer> {
  return visit.during(
    fetch(`${visit.lab.urls.prometheus}/api/v1/query?query=${encodeURIComponent(text)}`).then(
      (response) => response.json() as Promise<Answer>,
    ),
  );
}

const ENGINES = 'count(vllm:num_requests_running or kserve_vllm:num_requests_running)';
const value = async (text: string): Promise<string | undefined> =>
  (await query(text)).data.result[0]?.value[1];

test('Prometheus may be away; back again, its history has a gap', async () => {
  const { lab, clock } = visit;
  await lab.faults.start('prometheus-down');
  await expect(query('up')).rejects.toThrow('fetch failed');
  await clock.advance(60_000);
  await lab.faults.end('prometheus-down');
  await clock.advance(5_000);
  const samples = Number(await value('max(count_over_time(up{job="mistral-3-int4-metrics"}[90s]))'));
  expect(samples).toBeGreaterThan(3);
  expect(samples).toBeLessThan(90 / 5 - 60 / 5 + 2);
});

test('Prometheus may take twenty seconds', async () => {
  const { lab, clock } = visit;
  await lab.faults.start('prometheus-slow');
  const startedMs = clock.nowMs();
  await query('up');
  expect(clock.nowMs() - startedMs).toBeGreaterThanOrEqual(20_000);
  await lab.faults.end('prometheus-slow');
});

test('a partial answer misses one pod, and warns', async () => {
  const { lab } = visit;
  const pods = (): string[] => lab.world.engines.list().map(({ engine }) => engine.podName);
  const seen = async (): Promise<(string | undefined)[]> =>
    (
      await query('group by (pod) (vllm:num_requests_running or kserve_vllm:num_requests_running)')
    ).data.result
      .map(({ metric }) => metric.pod)
      .toSorted();
  expect(await seen()).toEqual(pods());
  await lab.faults.start('prometheus-partial');
  const [hit] = pods().filter((pod) => pod.startsWith('mistral-3-distributed'));
  expect(await seen()).toEqual(pods().filter((pod) => pod !== hit));
  expect((await query(ENGINES)).warnings).toHaveLength(1);
  await lab.faults.end('prometheus-partial');
  expect([await seen(), (await query(ENGINES)).warnings]).toEqual([pods(), undefined]);
});

test('counters start again at zero', async () => {
  const { lab, clock, during, chat } = visit;
  await during(chat('baseline'));
  await clock.advance(5_000);
  const tokens = 'vllm:generation_tokens_total{model_name="mistral-3-int4"}';
  expect(Number(await value(tokens))).toBeGreaterThan(0);
  await lab.faults.start('prometheus-reset');
  await clock.advance(5_000);
  expect([await value(tokens), await value(`resets(${tokens}[1m])`)]).toEqual(['0', '1']);
});

test.each([
  ['distributed', 2],
  ['baseline', 1],
] as const)('an engine of the %s arm is not scraped, and serves on', async (arm, count) => {
  const { lab, clock, during, chat } = visit;
  const pattern =
    arm === 'baseline' ? 'mistral-3-int4-predictor-.*' : 'mistral-3-distributed-kserve-[a-z0-9]+-[a-z0-9]{5}';
  const up = (): Promise<string | undefined> => value(`sum(max by (pod) (up{pod=~"${pattern}"}))`);
  expect(await up()).toBe(String(count));
  await lab.faults.start('target-down', { arm });
  await clock.advance(5_000);
  expect(await up()).toBe(String(count - 1));
  expect((await during(chat(arm))).status).toBe(200);
  await lab.faults.end('target-down');
  await clock.advance(5_000);
  expect(await up()).toBe(String(count));
});

test('beside a real Prometheus its own faults are refused in words, and nothing is announced', async () => {
  const { world, clock } = await createTestWorld();
  // Only what these faults look at.
  const targets = { world, metrics: { faults: null, unscrapedPods: new Set() } } as unknown as FaultTargets;
  const faults = createFaults(targets, clock);
  await expect(faults.start('prometheus-down')).rejects.toThrow(
    'prometheus-down needs the embedded Prometheus (start the lab with --prometheus embedded)',
  );
  await expect(faults.start('slow-list', { arm: 'baseline' })).rejects.toThrow(
    'slow-list cannot be aimed at an arm',
  );
  expect(faults.active()).toEqual([]);
  world.stop();
});
