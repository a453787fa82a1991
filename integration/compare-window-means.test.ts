import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compare, CompareSeries } from '@/lib/domain/compare';
import { ARMS, type Arm, type CompareWindow } from '@/lib/domain/vocabulary';
import { type VirtualClock, virtualClock } from '../lab/clock';
import { type Lab, startLab } from '../lab/lab';
import { burstyLoad, playLoad } from '../lab/load/scripted-load';
import { type CompareOnPrometheus, compareOn } from './compare-on-lab';

/**
 * The mean of a rate is what the counters grew by in the very window shown, that of a gauge its average over it. Held against PromQL at the same instants and
 * against what the lab generated: from a first scrape on, with a pod that is replaced, a reset of all counters, and a load
 * that ends.
 */
const WINDOW_SECONDS = { '1m': 60, '5m': 300 } as const satisfies Partial<Record<CompareWindow, number>>;
type TestedWindow = keyof typeof WINDOW_SECONDS;
const WINDOWS: readonly TestedWindow[] = ['1m', '5m'];
/** Off the grid of steps: whether a range holds its own edge differs between releases of Prometheus. */
const START_MS = Date.UTC(2025, 11, 29, 14, 20, 1, 337);
const LOAD_SECONDS = 600;

/** The rates of the engines, and the counters behind them. */
const RATES = {
  'generation-throughput': ['vllm:generation_tokens_total', 'engine'],
  'request-rate': ['vllm:request_success_total', 'engine, finished_reason'],
  'prompt-throughput': ['vllm:prompt_tokens_total', 'engine'],
} as const;
type RateId = keyof typeof RATES;
const IDS = Object.keys(RATES) as RateId[];
const PODS: Record<Arm, string> = {
  baseline: 'mistral-3-int4-predictor-.+',
  distributed: 'mistral-3-distributed-kserve-[a-z0-9]+-[a-z0-9]{5}',
};

/** The gauges of the engines, and how the pods of an arm are taken together. */
const GAUGES = {
  running: ['vllm:num_requests_running', 'sum'],
  'queue-waiting': ['vllm:num_requests_waiting', 'sum'],
  'kv-cache': ['vllm:kv_cache_usage_perc', 'max'],
} as const;
type GaugeId = keyof typeof GAUGES;
const GAUGE_IDS = Object.keys(GAUGES) as GaugeId[];

function seriesOf(answer: Compare, id: RateId | GaugeId, arm: Arm): CompareSeries {
  const metric = [...answer.metrics, ...answer.furtherMetrics].find((one) => one.id === id);
  const series = metric?.arms.find((one) => one.arm === arm);
  if (series === undefined) throw new Error(`no ${id} of ${arm}`);
  return series;
}

interface Shown {
  atMs: number;
  window: TestedWindow;
  answer: Compare;
}

describe.each([5_000, 30_000])('scraped every %i ms', (scrapeMs) => {
  let lab: Lab;
  let clock: VirtualClock;
  let dashboard: CompareOnPrometheus;
  const shown: Shown[] = [];
  let killedMs: number;
  let resetMs: number;

  beforeAll(async () => {
    clock = virtualClock(START_MS);
    lab = await startLab({ clock, seed: 5, scrapeIntervalMs: scrapeMs });
    dashboard = compareOn(lab.urls.prometheus);
    await clock.advance(0);
    playLoad(lab, clock, burstyLoad({ seed: 5, seconds: LOAD_SECONDS }));
    const go = async (seconds: number): Promise<void> => {
      for (let passed = 0; passed < seconds; passed += 30) {
        await clock.advance(30_000);
        for (const window of WINDOWS) {
          shown.push({ atMs: clock.nowMs(), window, answer: await dashboard.at(clock.nowMs(), window) });
        }
      }
    };
    await go(330);
    const baseline = lab.world.engines.list().find(({ arm }) => arm === 'baseline');
    if (baseline === undefined) throw new Error('no baseline');
    killedMs = clock.nowMs();
    lab.killPod(baseline.engine.podName);
    await go(150);
    resetMs = clock.nowMs();
    await lab.faults.start('prometheus-reset');
    await lab.faults.end('prometheus-reset');
    await go(240);
  }, 180_000);
  afterAll(async () => {
    await dashboard.close();
    await lab.stop();
  });

  async function ask(promql: string, atMs: number): Promise<number | null> {
    const answer = await dashboard.client.query(promql, atMs / 1000);
    if (!answer.ok || answer.value.resultType !== 'vector') throw new Error('no answer');
    const value = answer.value.result[0]?.value;
    return value === undefined ? null : Number(value[1]);
  }

  const increaseOf = (id: RateId, arm: Arm, window: string): string => {
    const [name, labels] = RATES[id];
    const grown = ['', 'kserve_'].map(
      (prefix) => `max by (pod, ${labels}) (increase(${prefix}${name}{pod=~"${PODS[arm]}"}[${window}]))`,
    );
    // The distributed arm is read under either name, or under both.
    return `sum(${grown.join(' or ')})`;
  };

  describe.each(ARMS)('%s', (arm) => {
    it.each(IDS)('%s: the mean is the growth in the window, per second that was measured', async (id) => {
      let whole = 0;
      for (const { atMs, window, answer } of shown) {
        const { mean, measuredSeconds, warnings } = seriesOf(answer, id, arm);
        const grown = await ask(increaseOf(id, arm, window), atMs);
        const seconds = measuredSeconds ?? WINDOW_SECONDS[window];
        if (grown === null) expect(mean).toBeNull();
        else expect((mean ?? Number.NaN) * seconds).toBeCloseTo(grown, 6);
        expect(warnings.some((warning) => warning.startsWith('Measured for'))).toBe(measuredSeconds !== null);
        if (measuredSeconds === null) whole += 1;
      }
      expect(whole).toBeGreaterThan(shown.length / 2);
    });

    it.each(GAUGE_IDS)('%s: the mean is the average over every second of the window', async (id) => {
      const [name, operator] = GAUGES[id];
      const either = ['', 'kserve_'].map(
        (prefix) => `max by (pod, engine) (${prefix}${name}{pod=~"${PODS[arm]}"})`,
      );
      const gauge = `${operator}(${either.join(' or ')})`;
      for (const { atMs, window, answer } of shown.filter((_, index) => index % 5 === 0)) {
        const { mean } = seriesOf(answer, id, arm);
        const average = await ask(`avg_over_time((${gauge})[${window}:1s])`, atMs);
        const most = await ask(`max_over_time((${gauge})[${window}:1s])`, atMs);
        if (average === null || most === null) {
          expect(mean).toBeNull();
          continue;
        }
        // A scrape stands for the seconds up to the next; at the edges one of them counts in part.
        const counted = (await ask(`count_over_time((${gauge})[${window}:1s])`, atMs)) ?? 0;
        const reach = (2 * most * (scrapeMs / 1000)) / counted;
        expect(Math.abs((mean ?? Number.NaN) - average)).toBeLessThanOrEqual(reach + 1e-9);
      }
    });

    it('output: the mean is what was generated between the scrapes of the window', () => {
      const tokens = lab
        .groundTruth()
        .filter(({ podName }) => podName.includes('int4') === (arm === 'baseline'))
        .flatMap(({ tokensMs }) => tokensMs);
      const judged = shown.map(({ atMs, window, answer }) => {
        const { mean, measuredSeconds } = seriesOf(answer, 'generation-throughput', arm);
        const windowMs = WINDOW_SECONDS[window] * 1000;
        const between = (fromMs: number, toMs: number): number =>
          tokens.filter((at) => at > fromMs && at <= toMs).length;
        const seconds = measuredSeconds ?? windowMs / 1000;
        // What is next to the window's edges, to a lost pod or to a reset is seen by half or carried on: no more than that.
        const edges = [atMs - windowMs, atMs, killedMs, resetMs].filter(
          (at) => at >= atMs - windowMs && at <= atMs,
        );
        const doubt = edges.reduce((sum, at) => sum + between(at - scrapeMs, at + scrapeMs), 0);
        const rest = doubt + (2 * scrapeMs * between(atMs - windowMs, atMs)) / windowMs;
        return { mean, truth: between(atMs - windowMs, atMs) / seconds, reach: rest / seconds };
      });
      const wrong = judged.filter(
        ({ mean, truth, reach }) => mean !== null && Math.abs(mean - truth) > reach + 1e-6,
      );
      expect(wrong).toEqual([]);
      expect(judged.filter(({ mean }) => mean !== null && mean > 0).length).toBeGreaterThan(20);
    });

    it('is nothing as soon as the window holds nothing, whatever came before it', async () => {
      const last = Math.max(
        ...lab
          .groundTruth()
          .flatMap(({ tokensMs, podName }) =>
            podName.includes('int4') === (arm === 'baseline') ? tokensMs : [],
          ),
      );
      const quiet = shown.filter(
        ({ atMs, window }) => atMs - WINDOW_SECONDS[window] * 1000 > last + scrapeMs,
      );
      expect(quiet.length).toBeGreaterThan(0);
      for (const { answer } of quiet) {
        for (const id of IDS) {
          expect(seriesOf(answer, id, arm)).toMatchObject({ presence: 'no-traffic', mean: 0 });
        }
      }
    });
  });

  it('says how long it was measured from the first scrape on, and counts no time in which no pod was read', () => {
    const young = shown.filter(({ window, atMs }) => window === '5m' && atMs < START_MS + 290_000);
    expect(young.length).toBeGreaterThan(5);
    for (const { atMs, answer } of young) {
      const measured = seriesOf(answer, 'generation-throughput', 'distributed').measuredSeconds;
      const age = (atMs - START_MS) / 1000;
      if (measured === null) expect(age).toBeGreaterThan(300 - 1.2 * (scrapeMs / 1000) - 5);
      else expect(Math.abs(measured - age)).toBeLessThanOrEqual(1.5 * (scrapeMs / 1000));
    }
    // The baseline's one pod was away; the other arm lost none of its pods.
    const after = shown.filter(({ window, atMs }) => window === '5m' && atMs === killedMs + 150_000);
    for (const { answer } of after) {
      expect(seriesOf(answer, 'generation-throughput', 'baseline').measuredSeconds).toBeLessThan(300);
      expect(seriesOf(answer, 'generation-throughput', 'distributed').measuredSeconds).toBeNull();
    }
  });
});
