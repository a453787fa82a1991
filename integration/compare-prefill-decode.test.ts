import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BreakdownPart, Compare, CompareSeries } from '@/lib/domain/compare';
import { bucketOf, toBandPoints } from '@/lib/domain/compare-figures';
import type { PodRole } from '@/lib/domain/vocabulary';
import { type VirtualClock, virtualClock } from '../lab/clock';
import { type Lab, startLab } from '../lab/lab';
import { burstyLoad, playLoad } from '../lab/load/scripted-load';
import type { RequestTruth } from '../lab/parts';
import { type CompareOnPrometheus, compareOn } from './compare-on-lab';

/** Prefill and decode on pods of their own: what the rows by role and those of the KV transfer say, and what happened. */
const SCRAPE_MS = 5_000;
const START_MS = Date.UTC(2025, 11, 29, 14, 20, 1, 337);

let lab: Lab;
let clock: VirtualClock;
let dashboard: CompareOnPrometheus;
let roles: ReadonlyMap<string, PodRole>;
let answer: Compare;

beforeAll(async () => {
  clock = virtualClock(START_MS);
  lab = await startLab({ clock, seed: 7, scrapeIntervalMs: SCRAPE_MS, scenario: 'prefill-decode' });
  dashboard = compareOn(lab.urls.prometheus);
  await clock.advance(0);
  // The first scrapes see counters that are still zero.
  await clock.advance(10_000);
  playLoad(lab, clock, burstyLoad({ seed: 7, seconds: 240, arms: ['distributed'] }));
  roles = new Map(lab.world.engines.list().map(({ engine, plan }) => [engine.podName, plan.role]));
  await clock.advance(280_000);
  answer = await dashboard.at(clock.nowMs(), '5m', { roles, breakdown: true });
}, 120_000);
afterAll(async () => {
  await dashboard.close();
  await lab.stop();
});

function seriesOf(compare: Compare, id: string): CompareSeries {
  const series = [...compare.metrics, ...compare.furtherMetrics]
    .find((metric) => metric.id === id)
    ?.arms.find(({ arm }) => arm === 'distributed');
  if (series === undefined) throw new Error(`no ${id}`);
  return series;
}

function partOf(id: string, role: PodRole): BreakdownPart {
  const part = seriesOf(answer, id).breakdown.find(({ by, name }) => by === 'role' && name === role);
  if (part === undefined) throw new Error(`no ${role} in ${id}`);
  return part;
}

const truthOf = (role: PodRole): RequestTruth[] =>
  lab.groundTruth().filter(({ podName }) => roles.get(podName) === role);
const transfers = (): NonNullable<RequestTruth['transfer']>[] =>
  lab.groundTruth().flatMap(({ transfer }) => transfer ?? []);

describe('every request', () => {
  it('is one on the prefill pod, whose one token is the first, and one on the decode pod', () => {
    const [prefilled, decoded] = [truthOf('prefill'), truthOf('decode')];
    expect(decoded.length).toBeGreaterThan(60);
    expect(prefilled).toHaveLength(decoded.length);
    expect(new Set(prefilled.map(({ tokensMs }) => tokensMs.length))).toEqual(new Set([1]));
    expect(transfers()).toHaveLength(decoded.length);
  });

  it('waits for the prompt on the prefill pod; on the decode pod no prompt is computed between two tokens', () => {
    const longest = ({ tokensMs }: RequestTruth): number =>
      Math.max(0, ...tokensMs.slice(1).map((atMs, index) => atMs - (tokensMs[index] ?? atMs)));
    // A step of the healthy engine that computes 900 prompt tokens beside takes nine tenths of a second (metrics §13.2).
    expect(Math.max(...truthOf('decode').map(longest))).toBeLessThan(300);
  });
});

describe('the rows by role', () => {
  const METRICS = ['ttft', 'e2e', 'generation-throughput', 'request-rate', 'prompt-throughput'];

  it.each(METRICS)('%s has a curve of each role, and says that the arm counts twice', (id) => {
    const { breakdown, warnings } = seriesOf(answer, id);
    const byRole = breakdown.filter(({ by }) => by === 'role');
    expect(byRole.map(({ name }) => name).sort()).toEqual(['decode', 'prefill']);
    const drawn = byRole.filter(({ points }) => points.some(([, value]) => value !== null));
    expect(drawn).toHaveLength(2);
    expect(warnings.join()).toContain('Prefill and decode pods each count a request');
  });

  it('put nearly all output on the decode pod, and the waiting for prompts on the prefill pod', () => {
    const meanOf = ({ points }: BreakdownPart): number => {
      const known = points.flatMap(([, value]) => value ?? []);
      return known.reduce((sum, value) => sum + value, 0) / known.length;
    };
    const output = (role: PodRole): number => meanOf(partOf('generation-throughput', role));
    expect(output('decode') / output('prefill')).toBeGreaterThan(20);
    const requests = (role: PodRole): number => meanOf(partOf('request-rate', role));
    expect(requests('decode') / requests('prefill')).toBeCloseTo(1, 1);
  });
});

describe('the rows of the KV transfer', () => {
  it('have data under vLLM’s names, of the decode pod', () => {
    const found = ['kv-transfer-time', 'kv-transfer-throughput', 'kv-transfer-failures'].map((id) => {
      const { family, presence } = seriesOf(answer, id);
      return [id, family, presence];
    });
    expect(found).toEqual([
      ['kv-transfer-time', 'kserve_vllm:nixl_xfer_time_seconds', 'ok'],
      ['kv-transfer-throughput', 'kserve_vllm:nixl_bytes_transferred_sum', 'ok'],
      ['kv-transfer-failures', 'kserve_vllm:nixl_num_failed_transfers_total', 'ok'],
    ]);
  });

  it('show the mean time and the bytes of the transfers that happened, and no failure', () => {
    const all = transfers();
    const sum = (read: (transfer: (typeof all)[number]) => number): number =>
      all.reduce((total, transfer) => total + read(transfer), 0);
    expect(seriesOf(answer, 'kv-transfer-time').mean).toBeCloseTo(
      sum(({ seconds }) => seconds) / all.length,
      6,
    );
    const moved = seriesOf(answer, 'kv-transfer-throughput');
    const first = Math.min(...all.map(({ endedMs }) => endedMs));
    expect(first).toBeGreaterThan(START_MS + 10_000);
    const blocks = moved.points.filter(([, value]) => value !== null && value > 0);
    expect(blocks.length).toBeGreaterThan(20);
    expect(seriesOf(answer, 'kv-transfer-failures')).toMatchObject({ latest: 0, samples: 0 });
  });

  it('show every percentile inside the bucket of the true one', () => {
    const series = seriesOf(answer, 'kv-transfer-time');
    expect(series.bounds).toEqual(bucketOf(series.latest, series.edges));
    const bands = toBandPoints(series).flatMap(([, band]) => (band === null ? [] : [band]));
    const seconds = transfers().map((transfer) => transfer.seconds);
    const widest: [number, number] = [
      Math.min(...bands.map(([low]) => low)),
      Math.max(...bands.map(([, high]) => high)),
    ];
    expect(bands.length).toBeGreaterThan(20);
    expect(Math.min(...seconds)).toBeGreaterThan(0);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(Math.max(widest[1], ...(series.edges ?? [])));
  });
});

describe('a prefill pod that is lost while blocks are on their way', () => {
  it('is seen as failed transfers; the decode pod computes such prompts itself', async () => {
    // Long prompts, so that the blocks take their time: 16,000 tokens are 2.5 GB.
    const decode = lab.world.engines.list().find(({ plan }) => plan.role === 'decode')?.engine;
    const prefill = lab.world.engines.list().find(({ plan }) => plan.role === 'prefill')?.engine;
    if (decode?.generate === undefined || prefill === undefined) throw new Error('no engines');
    let isFinished = false;
    const promptTokens = Array.from({ length: 16_000 }, (_, index) => 5_000_000 + index);
    decode.generate({ promptTokens, outputTokens: 2, onFinished: () => (isFinished = true) });
    const isComputed = (): boolean =>
      truthOf('prefill').some((request) => request.promptTokens === 16_000 && request.end === 'length');
    for (let waited = 0; waited < 60_000 && !isComputed(); waited += 100) await clock.advance(100);
    expect(isComputed()).toBe(true);
    await clock.advance(100);
    lab.killPod(prefill.podName);
    for (let waited = 0; waited < 60_000 && !isFinished; waited += 100) await clock.advance(100);
    await clock.advance(10_000);
    const after = await dashboard.at(clock.nowMs(), '1m', { roles });
    expect(seriesOf(after, 'kv-transfer-failures').samples).toBe(1);
    expect(isFinished).toBe(true);
  });
});
