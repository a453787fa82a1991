import { describe, expect, it } from 'vitest';
import { compareSchema } from '@/lib/contracts/compare';
import type { Compare, CompareSeries } from '@/lib/domain/compare';
import { aCompare } from '@/lib/domain/testing/compare-fixtures';
import type { Arm, MetricId, UnixMs } from '@/lib/domain/vocabulary';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import type { LivePod } from './arm-pods';
import { NOT_CONFIGURED } from './problem';
import { type CompareInput, readCompare } from './read-compare';
import { takeSurvey } from './survey';
import {
  aWorld,
  type FakeWorld,
  INT4_POD,
  LLMD_PODS,
  NAMES_0_10,
  SETTINGS,
  startFakePrometheus,
} from './testing/fake-prometheus';

const ready = (names: readonly string[]): LivePod[] => names.map((name) => ({ name, ready: true }));
const SAME_MODEL = { baseModel: 'mistral-small-24b', properties: {} };

async function compare(world: FakeWorld, overrides: Partial<CompareInput> = {}): Promise<Compare> {
  const clock = createManualClock();
  const { client } = await startFakePrometheus(world, clock);
  const livePods = { baseline: ready([INT4_POD]), distributed: ready(LLMD_PODS) };
  const now = clock.now();
  const read = await readCompare({
    client,
    settings: SETTINGS,
    survey: await takeSurvey({ client, settings: SETTINGS, livePods, now }),
    properties: { baseline: SAME_MODEL, distributed: SAME_MODEL },
    roles: new Map(),
    previous: null,
    probedAt: { baseline: [], distributed: [] },
    window: '5m',
    percentile: 95,
    end: null,
    breakdown: false,
    mode: 'live',
    now,
    ...overrides,
  });
  const answer = { ...aCompare(), ...read };
  expect(compareSchema.parse(answer)).toEqual(answer);
  return answer;
}

function seriesOf(answer: Compare, id: MetricId, arm: Arm = 'baseline'): CompareSeries {
  const series = answer.metrics.find((metric) => metric.id === id)?.arms.find((one) => one.arm === arm);
  if (series === undefined) throw new Error(`no ${id} of ${arm}`);
  return series;
}

const S = 'namespace="private-ai",pod=~"mistral-3-int4-predictor-.+"';

describe('the compare answer', () => {
  it('carries a histogram with its percentile, exact mean, bounds, samples and how it was asked', async () => {
    const world = aWorld({
      value: (promql) => {
        if (promql.startsWith('histogram_quantile')) return 0.97;
        if (promql.includes('seconds_sum')) return 30;
        return promql.includes('[5m]') ? 50.4 : 24;
      },
      curve: (promql, time) => (promql.startsWith('histogram') && time % 60 === 0 ? 'NaN' : 0.7),
    });
    const answer = await compare(world);
    const { points, meanPoints, ...rest } = seriesOf(answer, 'ttft');
    expect(rest).toEqual({
      arm: 'baseline',
      promql: `histogram_quantile(0.95, sum by (le) (max by (pod, engine, le) (rate(vllm:time_to_first_token_seconds_bucket{${S}}[20s]))))`,
      family: 'vllm:time_to_first_token_seconds',
      pods: [INT4_POD],
      presence: 'ok',
      absentBecause: null,
      samples: 50,
      latest: 0.97,
      mean: 30 / 50.4,
      bounds: [0.5, 1],
      latestAt: '2026-01-15T08:59:59.000Z',
      warnings: [],
      latestMean: 30,
      edges: [0.5, 1],
      measuredSeconds: null,
      breakdown: [],
    });
    expect(points).toHaveLength(62);
    expect(points[0]).toEqual(['2026-01-15T08:55:00.000Z', null]);
    expect(points[1]).toEqual(['2026-01-15T08:55:05.000Z', 0.7]);
    expect(points[60]).toEqual(['2026-01-15T09:00:00.000Z', null]);
    // The line ends with its label: the latest value stands at the moment of the answer.
    expect(points.at(-1)).toEqual([answer.observedAt, 0.97]);
    expect(meanPoints?.at(-1)).toEqual([answer.observedAt, 30]);
    expect(meanPoints?.slice(0, -1).every(([, value]) => value === 0.7)).toBe(true);
    expect(answer).toMatchObject({
      window: '5m',
      percentile: 95,
      stepSeconds: 5,
      rateWindowSeconds: 20,
      scrapeIntervalSeconds: 5,
      observedAt: '2026-01-15T09:00:00.000Z',
    });
  });

  it('averages gauges over every scrape of the window, whatever steps the curve has', async () => {
    const value = (promql: string): number => (/^avg_over_time\(.*\[5m:5s\]\)$/.test(promql) ? 2 : 3);
    const answer = await compare(aWorld({ value, curve: () => 121 }));
    for (const id of ['queue-waiting', 'running', 'kv-cache'] as const) {
      expect(seriesOf(answer, id)).toMatchObject({ latest: 3, mean: 2, meanPoints: null, samples: null });
    }
  });

  it('takes of rates what was counted in the very window, whatever the curve looks back at', async () => {
    const answer = await compare(
      aWorld({ value: (promql) => (promql.includes('increase') ? 600 : 3), curve: () => 121 }),
    );
    const expected = { latest: 3, mean: 2, measuredSeconds: null, warnings: [] };
    expect(seriesOf(answer, 'generation-throughput')).toMatchObject({ ...expected, samples: null });
    expect(seriesOf(answer, 'request-rate')).toMatchObject({ ...expected, samples: 600 });
  });

  it('says it where the window was measured in part, and takes the mean over that part', async () => {
    const answer = await compare(
      aWorld({
        targets: [{ pod: INT4_POD, scrapedForSeconds: 121 }],
        value: (promql) => (promql.includes('increase') ? 600 : 3),
      }),
    );
    expect(seriesOf(answer, 'generation-throughput')).toMatchObject({
      mean: 600 / 121,
      measuredSeconds: 121,
      warnings: ['Measured for 2 min 1 s of the 5 min only: the mean is of this time.'],
    });
  });

  it('uses the names that are there: old ITL name, renamed prefix', async () => {
    const newer = NAMES_0_10.map((name) => name.replace('time_per_output_token', 'inter_token_latency'));
    const answer = await compare(
      aWorld({
        targets: [
          { pod: INT4_POD },
          ...LLMD_PODS.map((pod) => ({ pod, prefix: 'kserve_vllm:' as const, names: newer })),
        ],
      }),
    );
    expect(seriesOf(answer, 'itl', 'baseline').family).toBe('vllm:time_per_output_token_seconds');
    expect(seriesOf(answer, 'itl', 'distributed').family).toBe('kserve_vllm:inter_token_latency_seconds');
  });

  it('warns that a percentile of few observations is rough, and counts the dashboard’s own probes', async () => {
    const now = createManualClock().now();
    const world = aWorld({ value: (promql) => (promql.includes('increase') ? 7 : 1) });
    const answer = await compare(world, {
      probedAt: { baseline: [now - 400_000, now - 100_000, now - 1000] as UnixMs[], distributed: [] },
    });
    expect(seriesOf(answer, 'ttft').warnings).toEqual([
      'Only 7 observations in the last 20 s: the percentile is rough.',
      'Includes 2 probes of this dashboard.',
    ]);
    expect(seriesOf(answer, 'running').warnings).toEqual([]);
  });
});

/** metrics §7.4, row by row. */
describe('what is not there is told apart', () => {
  const idle = (promql: string) => (promql.startsWith('sum(max') && promql.includes('increase') ? 0 : 'NaN');

  it('no traffic: percentiles are gaps, measured zeros stay zeros', async () => {
    const answer = await compare(
      aWorld({
        value: (promql) =>
          promql.includes('num_requests') || promql.includes('increase') ? 0 : idle(promql),
        curve: (promql) => (promql.includes('num_requests') ? 0 : 'NaN'),
      }),
    );
    expect(seriesOf(answer, 'ttft')).toMatchObject({
      presence: 'no-traffic',
      absentBecause: 'No traffic in the last 5 min.',
      samples: 0,
      latest: null,
      mean: null,
    });
    expect(seriesOf(answer, 'ttft').points.every(([, value]) => value === null)).toBe(true);
    expect(seriesOf(answer, 'queue-waiting')).toMatchObject({ presence: 'ok', latest: 0, mean: 0 });
    expect(seriesOf(answer, 'prefix-cache-hit-rate')).toMatchObject({ presence: 'no-traffic', latest: null });
  });

  it('no traffic but the dashboard’s own probes is no traffic, also while the last of them is still in a scrape', async () => {
    const now = createManualClock().now();
    const world = () => aWorld({ value: (promql) => (promql.includes('increase') ? 2 : 1) });
    const probedAt = (...ages: number[]) => ({
      baseline: ages.map((age) => (now - age) as UnixMs),
      distributed: [],
    });
    const quiet = await compare(world(), { probedAt: probedAt(100_000, 304_000) });
    for (const id of ['ttft', 'request-rate', 'generation-throughput', 'prefix-cache-hit-rate'] as const) {
      const series = seriesOf(quiet, id);
      expect(series).toMatchObject({
        presence: 'no-traffic',
        absentBecause: 'No traffic in the last 5 min but this dashboard’s probes.',
        latest: null,
        mean: null,
      });
      expect(series.points.every(([, value]) => value === null)).toBe(true);
    }
    expect(seriesOf(quiet, 'running').presence).toBe('ok');
    expect(quiet.comparable.because).toContain(
      'baseline: No traffic in the last 5 min but this dashboard’s probes.',
    );
    const visited = await compare(world(), { probedAt: probedAt(100_000) });
    expect(seriesOf(visited, 'ttft')).toMatchObject({ presence: 'ok', samples: 2 });
  });

  it('traffic earlier in the window: the mean stays, the latest value is absent with the reason', async () => {
    const answer = await compare(
      aWorld({ value: (promql) => (promql.startsWith('histogram_quantile') ? 'NaN' : 40) }),
    );
    expect(seriesOf(answer, 'ttft')).toMatchObject({
      presence: 'ok',
      latest: null,
      mean: 1,
      absentBecause: 'No traffic in the last 20 s.',
    });
  });

  it('never scraped: names the pods that were looked for', async () => {
    const answer = await compare(aWorld({ targets: LLMD_PODS.map((pod) => ({ pod })) }));
    const series = seriesOf(answer, 'ttft');
    expect(series).toMatchObject({ presence: 'not-scraped', family: null, points: [], latest: null });
    expect(series.absentBecause).toContain('mistral-3-int4-predictor-.+');
    expect(series.promql).toContain('vllm:time_to_first_token_seconds_bucket');
    expect(seriesOf(answer, 'ttft', 'distributed').presence).toBe('ok');
  });

  it('one name missing: names all that were tried', async () => {
    const names = NAMES_0_10.filter((name) => !name.includes('output_token'));
    const answer = await compare(aWorld({ targets: [{ pod: INT4_POD, names }] }));
    expect(seriesOf(answer, 'itl')).toMatchObject({
      presence: 'not-scraped',
      absentBecause:
        'None of these series exists: vllm:inter_token_latency_seconds_count, vllm:time_per_output_token_seconds_count, kserve_vllm:inter_token_latency_seconds_count, kserve_vllm:time_per_output_token_seconds_count.',
    });
    expect(seriesOf(answer, 'ttft').presence).toBe('ok');
  });

  it('target down: the old line stays and stops, though a rate would go on and decay', async () => {
    const answer = await compare(
      aWorld({
        targets: [{ pod: INT4_POD, isLive: false, isUp: false, sampleAgeSeconds: 95 }],
        curve: () => 0.4,
      }),
    );
    const series = seriesOf(answer, 'ttft');
    expect(series).toMatchObject({
      presence: 'stale',
      absentBecause: `Target down: ${INT4_POD}. The last sample is 1 min 35 s old.`,
      family: 'vllm:time_to_first_token_seconds',
      latest: null,
      bounds: null,
      latestAt: '2026-01-15T08:58:25.000Z',
    });
    const known = series.points.filter(([, value]) => value !== null);
    expect(known).toHaveLength(42);
    expect(known.at(-1)).toEqual(['2026-01-15T08:58:25.000Z', 0.4]);
  });

  it('samples that stopped growing: stale by age alone', async () => {
    const targets = [{ pod: INT4_POD, sampleAgeSeconds: 25 }];
    expect(seriesOf(await compare(aWorld({ targets })), 'running').presence).toBe('stale');
  });

  it('one replica of two without series: partial', async () => {
    const [first = '', second = ''] = LLMD_PODS;
    const answer = await compare(aWorld({ targets: [{ pod: INT4_POD }, { pod: first }] }));
    expect(seriesOf(answer, 'generation-throughput', 'distributed')).toMatchObject({
      presence: 'partial',
      absentBecause: `No series of ${second}; 1 of 2 pods are counted.`,
      latest: 100,
    });
  });

  it('a partial answer of the store: partial with its words; a remark about the query is none', async () => {
    const partial = await compare(aWorld({ warnings: ['store thanos-1 unavailable'] }));
    expect(seriesOf(partial, 'ttft')).toMatchObject({
      presence: 'partial',
      absentBecause: 'Prometheus gave a partial answer: store thanos-1 unavailable',
      warnings: ['store thanos-1 unavailable'],
    });
    const remark = await compare(aWorld({ warnings: ['PromQL warning: bucket label "le" is missing'] }));
    expect(seriesOf(remark, 'ttft').presence).toBe('ok');
  });

  it.each([
    [401, 'forbidden'],
    [403, 'forbidden'],
    [503, 'unreachable'],
  ] as const)('status %i of Prometheus: %s for every series', async (failing, presence) => {
    const answer = await compare(aWorld({ failing }));
    const all = answer.metrics.flatMap(({ arms }) => arms);
    expect(all).toHaveLength(18);
    expect(new Set(all.map((series) => series.presence))).toEqual(new Set([presence]));
    expect(all.every(({ absentBecause }) => absentBecause?.includes(String(failing)))).toBe(true);
    expect(answer.scrapeIntervalSeconds).toBeNull();
  });

  it('no Prometheus at all: not configured', async () => {
    const answer = await compare(aWorld(), { client: null, survey: { ok: false, problem: NOT_CONFIGURED } });
    expect(seriesOf(answer, 'e2e', 'distributed')).toMatchObject({
      presence: 'not-configured',
      absentBecause: 'No Prometheus is configured (PROMETHEUS_URL).',
    });
    expect(answer.comparable.difference).toBe(false);
  });
});

describe('whether the arms can be compared', () => {
  it('names what differs, from the engines’ own configuration and the cluster’s', async () => {
    const answer = await compare(
      aWorld({
        targets: [
          {
            pod: INT4_POD,
            config: {
              cache_dtype: 'fp8',
              num_gpu_blocks: '3250',
              block_size: '16',
              gpu_memory_utilization: '0.85',
            },
          },
          ...LLMD_PODS.map((pod) => ({
            pod,
            config: {
              cache_dtype: 'auto',
              num_gpu_blocks: '2200',
              block_size: '16',
              gpu_memory_utilization: '0.9',
            },
          })),
        ],
      }),
      {
        properties: {
          baseline: { ...SAME_MODEL, properties: { GPUs: '1' } },
          distributed: { ...SAME_MODEL, properties: { GPUs: '2' } },
        },
      },
    );
    expect(answer.comparable).toEqual({
      difference: true,
      because: [
        '100 and 100 requests of the same base model, 200 and 200 in flight on average, 1 and 1 prompt and 1 and 1 output tokens',
      ],
      notEqual: [
        'GPUs: 1 against 2',
        'KV-cache type: fp8 against auto',
        'KV-cache tokens: 52000 against 70400',
        'GPU memory share: 0.85 against 0.9',
      ],
    });
  });

  it('does not when one arm is not seen', async () => {
    const answer = await compare(aWorld({ targets: [{ pod: INT4_POD }] }));
    expect(answer.comparable.difference).toBe(false);
    expect(answer.comparable.because[0]).toMatch(/^distributed: No vllm: or kserve_vllm: series/);
  });
});
