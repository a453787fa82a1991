import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compare } from '@/lib/domain/compare';
import { bucketOf, toBandPoints } from '@/lib/domain/compare-figures';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { type VirtualClock, virtualClock } from '../lab/clock';
import { type Lab, startLab } from '../lab/lab';
import { burstyLoad, playLoad } from '../lab/load/scripted-load';
import type { RequestTruth } from '../lab/parts';
import { type CompareOnPrometheus, compareOn, seriesIn } from './compare-on-lab';

/**
 * The lab knows each request; the dashboard knows counters, read every five seconds. Ten minutes of virtual time with bursts, a
 * lost engine and its successor, and a reset of all counters: what the charts say is held against what happened.
 */
const SEED = 11;
const SCRAPE_MS = 5_000;
const MINUTE_MS = 60_000;
/** Off the grid of steps: whether a range holds its own edge differs between releases of Prometheus. */
const START_MS = Date.UTC(2025, 11, 29, 14, 20, 1, 337);

let lab: Lab;
let clock: VirtualClock;
let dashboard: CompareOnPrometheus;
/** The whole of it in one answer, and what was shown every half minute. */
let whole: Compare;
const shown: Compare[] = [];
let resetMs: number;
/** When each pod was read, from the raw samples: counters are known at these moments only. */
let scrapes: ReadonlyMap<string, readonly number[]>;

beforeAll(async () => {
  clock = virtualClock(START_MS);
  lab = await startLab({ clock, seed: SEED, scrapeIntervalMs: SCRAPE_MS });
  dashboard = compareOn(lab.urls.prometheus);
  await clock.advance(0);
  playLoad(lab, clock, burstyLoad({ seed: SEED, seconds: 600 }));
  const go = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 30_000) {
      await clock.advance(30_000);
      shown.push(await dashboard.at(clock.nowMs(), '5m'));
    }
  };
  await go(5 * MINUTE_MS);
  const busy = lab.world.engines
    .list()
    .find(({ arm, engine }) => arm === 'distributed' && engine.snapshot().running > 0);
  if (busy === undefined) throw new Error('no engine is busy');
  lab.killPod(busy.engine.podName);
  await go(3 * MINUTE_MS);
  resetMs = clock.nowMs();
  await lab.faults.start('prometheus-reset');
  await lab.faults.end('prometheus-reset');
  await go(2 * MINUTE_MS);
  whole = await dashboard.at(clock.nowMs(), '15m');
  scrapes = await readScrapes();
}, 180_000);
afterAll(async () => {
  await dashboard.close();
  await lab.stop();
});

async function readScrapes(): Promise<Map<string, number[]>> {
  const names = '(kserve_)?vllm:time_to_first_token_seconds_count';
  const raw = await dashboard.client.query(`{__name__=~"${names}"}[20m]`, clock.nowMs() / 1000);
  if (!raw.ok || raw.value.resultType !== 'matrix') throw new Error('no raw samples');
  return new Map(
    raw.value.result.map(({ metric, values }) => [
      metric.pod ?? '',
      (values ?? []).map(([seconds]) => Math.round(seconds * 1000)),
    ]),
  );
}

const HISTOGRAMS = ['ttft', 'itl', 'e2e'] as const;
type HistogramId = (typeof HISTOGRAMS)[number];

interface Observation {
  pod: string;
  atMs: number;
  seconds: number;
}

const armOf = ({ podName }: RequestTruth): Arm => (podName.includes('int4') ? 'baseline' : 'distributed');

const requestsOf = (arm: Arm): RequestTruth[] =>
  lab.groundTruth().filter((request) => armOf(request) === arm);

/** The histogram's observations, each at the moment at which the engine counts it (metrics §2.3). */
function observations(id: HistogramId, arm: Arm): Observation[] {
  return requestsOf(arm).flatMap((request) => OBSERVED[id](request));
}

const OBSERVED: Record<HistogramId, (request: RequestTruth) => Observation[]> = {
  ttft: ({ podName: pod, arrivedMs, tokensMs: [first] }) =>
    first === undefined ? [] : [{ pod, atMs: first, seconds: (first - arrivedMs) / 1000 }],
  itl: ({ podName: pod, tokensMs }) =>
    tokensMs.slice(1).map((atMs, index) => ({
      pod,
      atMs,
      seconds: (atMs - (tokensMs[index] ?? atMs)) / 1000,
    })),
  e2e: ({ podName: pod, arrivedMs, tokensMs, end }) => {
    const last = tokensMs.at(-1);
    const isCounted = last !== undefined && (end === 'length' || end === 'stop');
    return isCounted ? [{ pod, atMs: last, seconds: (last - arrivedMs) / 1000 }] : [];
  },
};

/** From which to which scrape the rate window that ends at `atMs` knows the pod's counters. */
function covered(pod: string, atMs: number): { fromMs: number; toMs: number } | null {
  const times = (scrapes.get(pod) ?? []).filter(
    (time) => time > atMs - whole.rateWindowSeconds * 1000 && time <= atMs,
  );
  const [fromMs] = times;
  const toMs = times.at(-1);
  return fromMs === undefined || toMs === undefined || fromMs === toMs ? null : { fromMs, toMs };
}

/** Whether the rate window contains it. What came between the last scrape and a loss of the counters is lost to them. */
function isCounted(pod: string, eventMs: number, atMs: number): boolean {
  const window = covered(pod, atMs);
  const isLost = eventMs > resetMs && eventMs <= resetMs + SCRAPE_MS;
  return window !== null && !isLost && eventMs > window.fromMs && eventMs <= window.toMs;
}

function truthAt(id: HistogramId, arm: Arm, atMs: number): number[] {
  return observations(id, arm)
    .filter(({ pod, atMs: eventMs }) => isCounted(pod, eventMs, atMs))
    .map(({ seconds }) => seconds)
    .sort((one, other) => one - other);
}

/** How long counters are young: Prometheus extrapolates them less far back, since they cannot have been below zero. */
const YOUNG_MS = 90_000;

/** All pods of the arm were read alike in the rate window, and none of them is young. */
function isSteady(arm: Arm, atMs: number): boolean {
  const windows = podsOf(arm).map((pod) => covered(pod, atMs));
  const spans = new Set(
    windows.flatMap((window) => (window === null ? [] : `${window.fromMs}-${window.toMs}`)),
  );
  const births = [resetMs, ...podsOf(arm).map((pod) => scrapes.get(pod)?.[0] ?? START_MS)];
  return spans.size === 1 && births.every((birthMs) => atMs < birthMs || atMs > birthMs + YOUNG_MS);
}

function podsOf(arm: Arm): string[] {
  return [...scrapes.keys()].filter((pod) => (arm === 'baseline') === pod.includes('int4'));
}

const times = (points: Compare['metrics'][number]['arms'][number]['points']): [number, number | null][] =>
  points.map(([time, value]) => [Date.parse(time), value]);

describe.each(HISTOGRAMS)('%s', (id) => {
  it.each(ARMS)('%s: the true percentile lies inside the shown band, always', (arm) => {
    const judged = toBandPoints(seriesIn(whole, id, arm)).map(([time, band]) => {
      const values = truthAt(id, arm, Date.parse(time));
      const truth = values[Math.ceil(0.95 * values.length) - 1] ?? null;
      return { time, band, truth };
    });
    const wrong = judged.filter(({ band, truth }) =>
      band === null || truth === null ? band !== truth : truth <= band[0] || truth > band[1],
    );
    expect(wrong).toEqual([]);
    expect(judged.filter(({ truth }) => truth !== null).length).toBeGreaterThan(50);
  });

  it.each(ARMS)('%s: the band is one bucket, never wider', (arm) => {
    const { edges, points } = seriesIn(whole, id, arm);
    if (edges === null) throw new Error('no edges');
    const buckets = edges.map((edge, index) => `${edges[index - 1] ?? 0}-${edge}`);
    const bands = toBandPoints({ points, edges }).flatMap(([, band]) =>
      band === null ? [] : [`${band[0]}-${band[1]}`],
    );
    expect(bands.filter((band) => !buckets.includes(band))).toEqual([]);
  });

  it.each(ARMS)('%s: every answer names the bucket of its latest percentile', (arm) => {
    const latest = shown.map((answer) => seriesIn(answer, id, arm));
    expect(latest.map(({ bounds }) => bounds)).toEqual(
      latest.map(({ latest: value, edges }) => bucketOf(value, edges)),
    );
    expect(latest.filter(({ bounds }) => bounds !== null).length).toBeGreaterThan(15);
  });

  it.each(ARMS)('%s: the mean is the true mean', (arm) => {
    const judged = times(seriesIn(whole, id, arm).meanPoints ?? [])
      .filter(([atMs, mean]) => mean !== null && isSteady(arm, atMs))
      .map(([atMs, mean]) => {
        const values = truthAt(id, arm, atMs);
        return { mean, truth: values.reduce((sum, value) => sum + value, 0) / values.length };
      });
    expect(judged.length).toBeGreaterThan(20);
    for (const { mean, truth } of judged) expect(mean).toBeCloseTo(truth, 6);
  });
});

/** What is counted in the rate window, per second of the time between its first and last scrape. */
function ratePerSecond(arm: Arm, atMs: number, events: readonly { pod: string; atMs: number }[]): number {
  return podsOf(arm).reduce((sum, pod) => {
    const window = covered(pod, atMs);
    if (window === null) return sum;
    const counted = events.filter((event) => event.pod === pod && isCounted(pod, event.atMs, atMs)).length;
    return sum + counted / ((window.toMs - window.fromMs) / 1000);
  }, 0);
}

describe.each(ARMS)('%s', (arm) => {
  it('output is what was generated', () => {
    const tokens = requestsOf(arm).flatMap(({ podName: pod, tokensMs }) =>
      tokensMs.map((atMs) => ({ pod, atMs })),
    );
    const steady = times(seriesIn(whole, 'generation-throughput', arm).points)
      .slice(0, -1)
      .filter(([atMs]) => isSteady(arm, atMs));
    expect(steady.length).toBeGreaterThan(20);
    for (const [atMs, rate] of steady) expect(rate).toBeCloseTo(ratePerSecond(arm, atMs, tokens), 6);
  });

  it('requests finished are those that ended', () => {
    const ends = observations('e2e', arm);
    const steady = times(seriesIn(whole, 'request-rate', arm).points)
      .slice(0, -1)
      .filter(([atMs]) => isSteady(arm, atMs));
    for (const [atMs, rate] of steady) expect(rate).toBeCloseTo(ratePerSecond(arm, atMs, ends), 6);
  });

  it('prefix-cache hits are the tokens that were found', () => {
    const looked = requestsOf(arm).filter(({ scheduledMs }) => scheduledMs !== null);
    const steady = times(seriesIn(whole, 'prefix-cache-hit-rate', arm).points).filter(
      ([atMs, rate]) => rate !== null && isSteady(arm, atMs),
    );
    expect(steady.length).toBeGreaterThan(15);
    for (const [atMs, rate] of steady) {
      const inWindow = looked.filter(({ podName, scheduledMs }) =>
        isCounted(podName, scheduledMs ?? 0, atMs),
      );
      const hits = inWindow.reduce((sum, { cachedTokens }) => sum + (cachedTokens ?? 0), 0);
      expect(rate).toBeCloseTo(hits / inWindow.reduce((sum, { promptTokens }) => sum + promptTokens, 0), 6);
    }
  });

  it('requests in flight are those that had come and not gone, as of the last step before the scrape', () => {
    const waiting = times(seriesIn(whole, 'queue-waiting', arm).points);
    const running = times(seriesIn(whole, 'running', arm).points);
    const requests = requestsOf(arm);
    const inFlight = (atMs: number): number =>
      requests.filter(({ arrivedMs, tokensMs, end }) => {
        const isOver = end !== 'running' && (tokensMs.at(-1) ?? Number.POSITIVE_INFINITY) <= atMs;
        return arrivedMs <= atMs && !isOver;
      }).length;
    const judged = running.flatMap(([atMs, value], index) => {
      const waits = waiting[index]?.[1] ?? null;
      if (value === null || waits === null || !isSteady(arm, atMs)) return [];
      const scrapedMs = Math.max(...podsOf(arm).map((pod) => covered(pod, atMs)?.toMs ?? 0));
      // The longest step takes about two seconds: a whole chunk of prefill.
      const lately = Array.from({ length: 221 }, (_, step) => inFlight(scrapedMs - step * 10));
      return [{ shown: value + waits, least: Math.min(...lately), most: Math.max(...lately) }];
    });
    expect(judged.length).toBeGreaterThan(20);
    expect(judged.filter(({ shown: sum, least, most }) => sum < least || sum > most)).toEqual([]);
  });
});
