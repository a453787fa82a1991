import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compare } from '@/lib/domain/compare';
import { bucketOf, toBandPoints } from '@/lib/domain/compare-figures';
import { ARMS, type Arm } from '@/lib/domain/vocabulary';
import { type VirtualClock, virtualClock } from '../lab/clock';
import { type Lab, startLab } from '../lab/lab';
import { burstyLoad, playLoad } from '../lab/load/scripted-load';
import type { RequestTruth } from '../lab/parts';
import { type ChartId, type CompareOnPrometheus, compareOn, seriesIn } from './compare-on-lab';

/**
 * The lab knows each request; the dashboard knows counters, read every five seconds. Ten minutes of virtual time with bursts, a
 * lost engine and its successor, and a reset of all counters: what the charts say is held against what happened.
 */
const SEED = 11;
const SCRAPE_MS = 5_000;
const MINUTE_MS = 60_000;
const GATEWAY = 'a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com';
/** Off the grid of steps: whether a range holds its own edge differs between releases of Prometheus. */
const START_MS = Date.UTC(2025, 11, 29, 14, 20, 1, 337);

let lab: Lab;
let clock: VirtualClock;
let dashboard: CompareOnPrometheus;
/** The whole of it in one answer, and what was shown every half minute. */
let whole: Compare;
const shown: Compare[] = [];
/** The last half of it, with the curves of pods and reasons. */
let parts: Compare;
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
      // Between two scrapes: what comes in the moment of one may be in it or not.
      await clock.advance(1_000);
      await sendRefused();
      await clock.advance(29_000);
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
  parts = await dashboard.at(clock.nowMs(), '5m', { breakdown: true });
  scrapes = await readScrapes();
}, 180_000);
afterAll(async () => {
  await dashboard.close();
  await lab.stop();
});

interface Refused {
  pod: string;
  atMs: number;
}
const refused: Refused[] = [];
/** When the endpoint picker was asked. */
const picked: number[] = [];

const refusedBy = (page: string): number =>
  [
    ...page.matchAll(
      /^http_requests_total\{handler="\/v1\/completions",method="POST",status="4xx"\} (\S+)$/gm,
    ),
  ].reduce((sum, [, count]) => sum + Number(count), 0);

function post(url: string, headers: Record<string, string>): Promise<void> {
  const body = JSON.stringify({ model: 'nobody-serves-this', prompt: 'Hello' });
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    send(url, {
      method: 'POST',
      agent: false,
      rejectUnauthorized: false,
      headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
    })
      .on('error', reject)
      .on('response', (response) => response.resume().on('end', resolve))
      .end(body);
  });
}

/** Over the real doors, since an engine counts answers where it gives them: to each engine, and through the Gateway. */
async function sendRefused(): Promise<void> {
  const engines = lab.world.engines.list();
  const before = engines.map(({ engine }) => refusedBy(engine.metricsText()));
  for (const { plan, hostPort } of engines)
    await post(`${plan.scheme}://127.0.0.1:${hostPort}/v1/completions`, {});
  for (let count = 0; count < 2; count += 1) {
    await post(`${lab.urls.ingressHttp}/private-ai/mistral-3-distributed/v1/completions`, { Host: GATEWAY });
    picked.push(clock.nowMs());
  }
  for (const [index, { engine }] of engines.entries()) {
    const counted = refusedBy(engine.metricsText()) - (before[index] ?? 0);
    refused.push(...Array.from({ length: counted }, () => ({ pod: engine.podName, atMs: clock.nowMs() })));
  }
}

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

const HISTOGRAMS = ['ttft', 'itl', 'e2e', 'queue-time'] as const;
type HistogramId = (typeof HISTOGRAMS)[number];

interface Observation {
  pod: string;
  atMs: number;
  seconds: number;
}

const armOf = ({ podName }: RequestTruth): Arm => (podName.includes('int4') ? 'baseline' : 'distributed');

const requestsOf = (arm: Arm): RequestTruth[] =>
  lab.groundTruth().filter((request) => armOf(request) === arm);

const observed = new Map<string, readonly Observation[]>();

/** The histogram's observations, each at the moment at which the engine counts it (metrics §2.3). */
function observations(id: HistogramId, arm: Arm): readonly Observation[] {
  const known = observed.get(`${id} ${arm}`);
  if (known !== undefined) return known;
  const all = requestsOf(arm).flatMap((request) => OBSERVED[id](request));
  observed.set(`${id} ${arm}`, all);
  return all;
}

/** Ended by itself: those that the client or a loss ended are in no histogram of whole requests. */
function endOf({ tokensMs, end }: RequestTruth): number | null {
  return end === 'length' || end === 'stop' ? (tokensMs.at(-1) ?? null) : null;
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
  e2e: (request) => {
    const atMs = endOf(request);
    const { podName: pod, arrivedMs } = request;
    return atMs === null ? [] : [{ pod, atMs, seconds: (atMs - arrivedMs) / 1000 }];
  },
  'queue-time': (request) => {
    const atMs = endOf(request);
    const { podName: pod, queuedMs, scheduledMs } = request;
    return atMs === null || queuedMs === null || scheduledMs === null
      ? []
      : [{ pod, atMs, seconds: (scheduledMs - queuedMs) / 1000 }];
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
      band === null || truth === null
        ? band !== truth
        : truth < band[0] || (truth === band[0] && truth > 0) || truth > band[1],
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
    // A sum that was nearly 0 before (nobody waited) is extrapolated less far back than the count below it.
    if (id === 'queue-time') {
      expect(
        judged.filter(({ mean, truth }) => (mean ?? 0) > truth + 1e-9 || (mean ?? 0) < 0.7 * truth),
      ).toEqual([]);
    } else for (const { mean, truth } of judged) expect(mean).toBeCloseTo(truth, 6);
  });
});

/** Something that a counter of the pod counts, once or so many times. */
interface Event {
  pod: string;
  atMs: number;
  count?: number;
}

/** What is counted in the rate window, per second of the time between its first and last scrape. */
function ratePerSecond(arm: Arm, atMs: number, events: readonly Event[]): number {
  return podsOf(arm).reduce((sum, pod) => {
    const window = covered(pod, atMs);
    if (window === null) return sum;
    const counted = events
      .filter((event) => event.pod === pod && isCounted(pod, event.atMs, atMs))
      .reduce((total, { count = 1 }) => total + count, 0);
    return sum + counted / ((window.toMs - window.fromMs) / 1000);
  }, 0);
}

/** Points of the arm's curve, but for the appended last, at which its counters were read alike. */
function steadyPoints(id: ChartId, arm: Arm): [number, number | null][] {
  return times(seriesIn(whole, id, arm).points)
    .slice(0, -1)
    .filter(([atMs]) => isSteady(arm, atMs));
}

function expectRate(points: readonly [number, number | null][], arm: Arm, events: readonly Event[]): void {
  expect(points.length).toBeGreaterThan(20);
  for (const [atMs, rate] of points) expect(rate).toBeCloseTo(ratePerSecond(arm, atMs, events), 6);
}

/** Of counters that were 0 a moment ago: they cannot have been less, so Prometheus extrapolates them less far back. */
function expectYoungRate(
  points: readonly [number, number | null][],
  arm: Arm,
  events: readonly Event[],
): void {
  expect(points.length).toBeGreaterThan(20);
  const wrong = points.filter(([atMs, rate]) => {
    const truth = ratePerSecond(arm, atMs, events);
    const window = covered(podsOf(arm)[0] ?? '', atMs);
    const span = window === null ? 0 : (window.toMs - window.fromMs) / 1000 / whole.rateWindowSeconds;
    return rate === null || rate > truth + 1e-9 || rate < truth * span - 1e-9;
  });
  expect(wrong).toEqual([]);
}

const firstRefusal = (pod: string): number =>
  Math.min(...refused.filter((one) => one.pod === pod).map(({ atMs }) => atMs));

/** Young series are extrapolated less far, like young counters. */
function isRefusalKnown(arm: Arm, atMs: number): boolean {
  return podsOf(arm).every((pod) => {
    const first = firstRefusal(pod);
    return atMs < first || atMs > first + YOUNG_MS;
  });
}

describe('the endpoint picker', () => {
  it('has routed the requests that came through the Gateway', () => {
    const { points, presence } = seriesIn(whole, 'picker-requests', 'distributed');
    expect(presence).toBe('ok');
    const known = times(points).filter(([atMs, value]) => value !== null && atMs > START_MS + 2 * YOUNG_MS);
    const beforeReset = known.filter(([atMs]) => atMs < resetMs);
    expect(beforeReset.length).toBeGreaterThan(20);
    // Two every half minute; a rate window of 20 s holds two of them or none.
    const shownRates = new Set(beforeReset.map(([, value]) => Number((value ?? 0).toFixed(3))));
    expect(Math.max(...shownRates)).toBeLessThanOrEqual(2 / 15 + 1e-9);
    expect(Math.min(...shownRates)).toBe(0);
    expect(seriesIn(whole, 'picker-requests', 'distributed').samples).toBeGreaterThan(picked.length / 2);
  });

  it('names the bucket of its decision time, and has seen no queue', () => {
    const latency = seriesIn(whole, 'picker-latency', 'distributed');
    const bands = toBandPoints(latency).flatMap(([, band]) => (band === null ? [] : [band]));
    expect(bands.length).toBeGreaterThan(20);
    // A decision takes a tenth of a millisecond to one (metrics §13.5).
    expect(bands.filter(([low, high]) => low < 0 || high > 0.005)).toEqual([]);
  });
});

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

  it('input is the prompts whose first token was made', () => {
    const prompts = requestsOf(arm).flatMap(({ podName: pod, promptTokens, tokensMs: [first] }) =>
      first === undefined ? [] : [{ pod, atMs: first, count: promptTokens }],
    );
    expectRate(steadyPoints('prompt-throughput', arm), arm, prompts);
  });

  it('preemptions are none, and that is a zero', () => {
    expect(requestsOf(arm).filter(({ preemptedMs }) => preemptedMs.length > 0)).toEqual([]);
    const points = steadyPoints('preemptions', arm);
    expect(new Set(points.map(([, rate]) => rate))).toEqual(new Set([0]));
  });

  it('reasons are how requests ended', () => {
    const reasons = seriesIn(parts, 'outcomes', arm).breakdown.filter(({ by }) => by === 'reason');
    const ended = requestsOf(arm).filter(({ end }) => end === 'length');
    const atEnd = ended.flatMap(({ podName: pod, tokensMs }) => ({ pod, atMs: tokensMs.at(-1) ?? 0 }));
    for (const { name, points } of reasons) {
      const steady = times(points)
        .slice(0, -1)
        .filter(([atMs]) => isSteady(arm, atMs));
      expectRate(steady, arm, name === 'length' ? atEnd : []);
    }
    expect(reasons.map(({ name }) => name).sort()).toEqual(['abort', 'length', 'stop']);
  });

  it('refused requests are those that the engines refused, but for the first of each engine', () => {
    // A series begins with its first answer; what it counted before its first reading no rate can show.
    const seen = refused.filter(
      ({ pod, atMs }) => (arm === 'baseline') === pod.includes('int4') && atMs !== firstRefusal(pod),
    );
    expect(seen.length).toBeGreaterThan(15);
    for (const id of ['failed-requests', 'http-outcomes'] as const) {
      expectYoungRate(
        steadyPoints(id, arm).filter(([atMs]) => isRefusalKnown(arm, atMs)),
        arm,
        seen,
      );
    }
    const told = shown.map((answer) => seriesIn(answer, 'failed-requests', arm).warnings.join());
    expect(told[0]).toMatch(/counted before the first reading of a new series: no rate shows (it|them)\./);
  });

  it('KV-cache use is not more than the requests of the fullest pod hold', () => {
    const blocksOf: Record<Arm, number> = { baseline: 3501, distributed: 2239 };
    const held = (request: RequestTruth, atMs: number): number => {
      const end = endOf(request) ?? (request.end === 'running' ? Number.POSITIVE_INFINITY : 0);
      const isHeld = request.scheduledMs !== null && request.scheduledMs <= atMs && end > atMs;
      const made = request.tokensMs.filter((time) => time <= atMs).length;
      return isHeld ? Math.ceil((request.promptTokens + made + 1) / 16) : 0;
    };
    const most = (atMs: number): number =>
      Math.max(
        ...podsOf(arm).map((pod) =>
          requestsOf(arm)
            .filter(({ podName }) => podName === pod)
            .reduce((sum, request) => sum + held(request, atMs), 0),
        ),
      );
    const judged = steadyPoints('kv-cache', arm).flatMap(([atMs, value]) => {
      if (value === null) return [];
      const scrapedMs = Math.max(...podsOf(arm).map((pod) => covered(pod, atMs)?.toMs ?? 0));
      const lately = Array.from({ length: 23 }, (_, step) => most(scrapedMs - step * 100));
      return [{ blocks: value * blocksOf[arm], most: Math.max(...lately) }];
    });
    expect(judged.length).toBeGreaterThan(20);
    expect(judged.filter(({ blocks, most: limit }) => blocks > limit + 0.5)).toEqual([]);
    expect(Math.max(...judged.map(({ blocks }) => blocks))).toBeGreaterThan(50);
  });

  it('GPUs are busy when their engine is, and not when nothing came for a while', () => {
    const busy = times(seriesIn(whole, 'gpu-utilisation', arm).points).filter(([, value]) => value !== null);
    expect(busy.length).toBeGreaterThan(50);
    expect(busy.filter(([, value]) => (value ?? 0) < 0 || (value ?? 0) > 1)).toEqual([]);
    expect(new Set(busy.map(([, value]) => value)).size).toBeGreaterThan(1);
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
