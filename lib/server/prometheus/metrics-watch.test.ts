import { describe, expect, it, onTestFinished } from 'vitest';
import { createManualClock, type ManualClock } from '@/lib/server/testing/manual-clock';
import { createMetricsWatch, type MetricsWatch, modeOfVersion } from './metrics-watch';
import {
  aWorld,
  type FakeWorld,
  INT4_POD,
  LLMD_PODS,
  SETTINGS,
  startFakePrometheus,
} from './testing/fake-prometheus';

interface Watched {
  watch: MetricsWatch;
  clock: ManualClock;
  changes: () => number;
  asked: string[];
}

async function watching(world: FakeWorld): Promise<Watched> {
  const clock = createManualClock();
  const fake = await startFakePrometheus(world, clock);
  let changes = 0;
  const watch = createMetricsWatch({
    client: fake.client,
    baseUrl: fake.url,
    settings: SETTINGS,
    livePods: () => ({
      baseline: [{ name: INT4_POD, ready: true }],
      distributed: LLMD_PODS.map((name) => ({ name, ready: true })),
    }),
    clock,
    onChange: () => {
      changes += 1;
    },
    onFault: (error) => {
      throw error;
    },
  });
  onTestFinished(() => watch.stop());
  return { watch, clock, changes: () => changes, asked: fake.asked };
}

describe('watching the metrics source', () => {
  it('says what is scraped of each arm, and how fresh', async () => {
    const world = aWorld({ targets: [{ pod: INT4_POD }, { pod: INT4_POD, job: 'again' }] });
    const { watch, clock } = await watching(world);
    expect(watch.facts().source.state).toBe('syncing');
    await watch.refresh();
    const { source, arms } = watch.facts();
    expect(source).toMatchObject({
      state: 'live',
      httpStatus: 200,
      lastProofAt: clock.now(),
      detail: 'Prometheus 2.42.0 answers.',
      version: '2.42.0',
    });
    expect(arms.baseline).toMatchObject({
      presence: 'ok',
      family: 'vllm:',
      pods: [INT4_POD],
      duplicateJobs: ['again', 'engines'],
      newestSampleAt: clock.now() - 1000,
      finding:
        'vllm: series of 1 pod, scraped every 5 s; delivered twice, by again and engines, and counted once.',
    });
    expect(arms.distributed).toMatchObject({ presence: 'not-scraped', family: null });
  });

  it('tells every scrape path with its prefix, and what the engines publish about themselves', async () => {
    const world = aWorld({
      targets: [
        { pod: INT4_POD, job: 'monitor' },
        { pod: INT4_POD, job: 'podmonitor', prefix: 'kserve_vllm:' },
      ],
    });
    const { watch } = await watching(world);
    await watch.refresh();
    const { baseline, distributed } = watch.facts().arms;
    expect(baseline.scrapes).toEqual([
      { job: 'monitor', family: 'vllm:', pods: [INT4_POD] },
      { job: 'podmonitor', family: 'kserve_vllm:', pods: [INT4_POD] },
    ]);
    expect(distributed.scrapes).toEqual([]);
    expect(baseline.engineConfiguration?.promql).toContain('cache_config_info');
    expect(Object.keys(baseline.engineConfiguration?.properties ?? {})).toContain('KV-cache type');
  });

  it('knows what each engine does: added over a pod’s engines, counted once, unknown where not told', async () => {
    const [first = '', second = ''] = LLMD_PODS;
    const busy = { num_requests_running: 3, num_requests_waiting: 1, kv_cache_usage_perc: 0.4 };
    const world = aWorld({
      targets: [
        { pod: INT4_POD, gauges: { num_requests_running: 2, gpu_cache_usage_perc: 0.1 } },
        { pod: first, gauges: busy, tokensPerSecond: 57.5 },
        { pod: first, prefix: 'kserve_vllm:', gauges: { ...busy, num_requests_running: 4 } },
        { pod: first, engine: '1', gauges: { ...busy, kv_cache_usage_perc: 0.9 } },
        { pod: second },
      ],
    });
    const { watch, clock } = await watching(world);
    await watch.refresh();
    const sampledAt = new Date(clock.now() - 1000).toISOString();
    expect(watch.activity().map(({ promql, gpu, ...doing }) => doing)).toEqual([
      { pod: INT4_POD, running: 2, waiting: null, kvCacheUsageRatio: 0.1, tokensPerSecond: null, sampledAt },
      { pod: first, running: 7, waiting: 2, kvCacheUsageRatio: 0.9, tokensPerSecond: 57.5, sampledAt },
      {
        pod: second,
        running: null,
        waiting: null,
        kvCacheUsageRatio: null,
        tokensPerSecond: null,
        sampledAt,
      },
    ]);
  });

  it('keeps what it knows, with its age, when Prometheus goes away; one lost answer is a hiccup', async () => {
    const world = aWorld();
    const { watch, clock } = await watching(world);
    await watch.refresh();
    const before = { activity: watch.activity(), arms: watch.facts().arms };
    const lastProofAt = clock.now();
    world.failing = 503;
    clock.advance(5_000);
    await watch.refresh();
    expect(watch.facts().source).toMatchObject({ state: 'reconnecting', lastProofAt });
    clock.advance(5_000);
    await watch.refresh();
    expect(watch.facts().source).toMatchObject({ state: 'unreachable', lastProofAt, httpStatus: 503 });
    expect(watch.facts().arms.baseline).toMatchObject({
      presence: 'unreachable',
      pods: before.arms.baseline.pods,
      newestSampleAt: before.arms.baseline.newestSampleAt,
    });
    expect(watch.activity()).toEqual(before.activity);
    expect(watch.survey()).toMatchObject({ ok: false, problem: { kind: 'unreachable' } });
    world.failing = null;
    await watch.refresh();
    expect(watch.facts().source).toMatchObject({ state: 'live', lastProofAt: clock.now() });
  });

  it.each([
    [401, 'unauthenticated', 'forbidden'],
    [403, 'forbidden', 'forbidden'],
  ] as const)('says at once that %i needs a right', async (failing, state, presence) => {
    const { watch } = await watching(aWorld({ failing }));
    await watch.refresh();
    const { source, arms } = watch.facts();
    expect(source).toMatchObject({ state, httpStatus: failing });
    expect(arms.distributed.presence).toBe(presence);
  });

  it.each([
    ['2.42.0', 'live'],
    ['2.42.0+lab', 'simulated'],
    ['0.1.0+replay', 'recorded'],
  ] as const)('takes version %s as %s', (version, mode) => {
    expect(modeOfVersion(version)).toBe(mode);
  });

  it('does not know the mode where no version is told, and asks neither for it nor for the engines’ configuration again and again', async () => {
    const { watch, clock, asked } = await watching(aWorld({ version: null }));
    await watch.refresh();
    expect(watch.mode()).toBe('unknown');
    expect(watch.facts().source).toMatchObject({ state: 'live', version: null });
    const perRound = asked.length;
    clock.advance(5_000);
    await watch.refresh();
    expect(asked.length - perRound).toBe(perRound - 2);
    expect(asked.slice(perRound).filter((promql) => promql.includes('DCGM'))).toHaveLength(1);
  });

  it('polls every 5 s, one round at a time, until it is stopped', async () => {
    const { watch, clock, changes } = await watching(aWorld());
    watch.start();
    await watch.refresh();
    expect(changes()).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.pending()).toEqual([5_000]);
    clock.advance(5_000);
    await watch.refresh();
    expect(changes()).toBe(2);
    watch.stop();
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(5_000);
    expect(changes()).toBe(2);
  });

  it('says that none is configured', () => {
    const watch = createMetricsWatch({
      client: null,
      baseUrl: null,
      settings: SETTINGS,
      livePods: () => ({ baseline: [], distributed: [] }),
      clock: createManualClock(),
      onChange: () => undefined,
      onFault: () => undefined,
    });
    watch.start();
    expect(watch.facts().source).toMatchObject({ state: 'not-configured', lastProofAt: null });
    expect(watch.facts().arms.baseline.presence).toBe('not-configured');
  });
});
