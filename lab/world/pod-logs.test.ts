import { expect, test } from 'vitest';
import type { LogRequest } from '../kubernetes-api/context.ts';
import type { Engine } from '../parts.ts';
import { createPodLogs } from './pod-logs.ts';
import type { Pod } from './workload-types.ts';
import { createTestWorld, type TestWorld } from './world-fixture.ts';

const POD = 'mistral-3-distributed-kserve-ftk8wprfxh-llv5b';
const ALL: LogRequest = {
  container: 'main',
  follow: false,
  tailLines: null,
  sinceSeconds: null,
  timestamps: false,
  limitBytes: null,
};

function read(
  { world }: TestWorld,
  pod: Pod,
  request: Partial<LogRequest> = {},
): { lines: string[]; hasEnded: () => boolean; leave: () => void } {
  const lines: string[] = [];
  let hasEnded = false;
  const leave = createPodLogs(world.cluster, world.engines).stream(
    pod,
    { ...ALL, ...request },
    (line) => lines.push(line),
    () => {
      hasEnded = true;
    },
  );
  return { lines, hasEnded: () => hasEnded, leave };
}

function podNamed({ world }: TestWorld, name: string): Pod {
  const pod = world.cluster.get<Pod>('pods', 'private-ai', name);
  if (pod === undefined) throw new Error(`the scene has ${name}`);
  return pod;
}

test('an engine tells of its start, with the figures of its own configuration', async () => {
  const setting = await createTestWorld();
  const { lines, hasEnded } = read(setting, podNamed(setting, POD));
  expect(hasEnded()).toBe(true);
  expect(lines[0]).toBe('INFO 12-29 14:04:58 [__init__.py:241] Automatically detected platform cuda.');
  expect(lines).toContain('INFO 12-29 14:08:02 [kv_cache_utils.py:849] GPU KV cache size: 35,840 tokens');
  expect(lines.at(-1)).toBe('INFO:     Application startup complete.');
  const baseline = read(setting, podNamed(setting, 'mistral-3-int4-predictor-dsgkf2dt82-cgsdk'), {
    container: 'kserve-container',
  });
  expect(baseline.lines.find((line) => line.includes('Maximum concurrency'))).toMatch(
    /8,192 tokens per request: 6\.84x$/,
  );
});

test('tail, age and timestamps are honoured; a side container prints nothing', async () => {
  const setting = await createTestWorld();
  const pod = podNamed(setting, POD);
  expect(read(setting, pod, { tailLines: 1, timestamps: true }).lines).toEqual([
    '2025-12-29T14:08:33.000Z INFO:     Application startup complete.',
  ]);
  expect(read(setting, pod, { sinceSeconds: 60 }).lines).toEqual([]);
  expect(read(setting, pod, { container: 'modelcar' }).lines).toEqual([]);
});

test('who follows sees statistics while the engine works, and the end when the pod goes', async () => {
  const setting = await createTestWorld();
  const { world, clock } = setting;
  const pod = podNamed(setting, POD);
  const engine = world.engines.get(pod.metadata.uid ?? '')?.engine as Engine & { metricsText: () => string };
  let generated = 0;
  engine.metricsText = () =>
    `vllm:generation_tokens_total{engine="0"} ${generated}\nvllm:prompt_tokens_total{engine="0"} ${generated * 2}\n`;
  const follower = read(setting, pod, { follow: true, tailLines: 0 });
  await clock.advance(10_500);
  expect(follower.lines).toEqual([]);
  generated = 420;
  await clock.advance(10_000);
  expect(follower.lines).toEqual([
    'INFO 12-29 14:20:20 [loggers.py:123] Engine 000: Avg prompt throughput: 84.0 tokens/s, Avg generation throughput: 42.0 tokens/s, Running: 0 reqs, Waiting: 0 reqs, GPU KV cache usage: 0.0%, Prefix cache hit rate: 0.0%',
  ]);
  world.killPod(POD);
  await clock.advance(2000);
  expect(follower.hasEnded()).toBe(true);
});
