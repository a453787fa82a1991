import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compare } from '@/lib/domain/compare';
import type { ComparePercentile, CompareWindow } from '@/lib/domain/vocabulary';
import { gaugesQuery, gpusQuery, tokenRateQuery } from '@/lib/server/prometheus/engine-activity';
import { engineConfigQuery } from '@/lib/server/prometheus/engine-config';
import { matchers } from '@/lib/server/prometheus/queries';
import { endedRequestsQuery } from '@/lib/server/prometheus/served-by';
import { discoveryQuery, rawSamplesQuery } from '@/lib/server/prometheus/survey';
import { virtualClock } from '../lab/clock';
import { CURVE_QUERIES, INSTANT_QUERIES } from '../lab/prometheus-api/comparison/app-queries';
import { type DemoScene, DISTRIBUTED_PODS, startDemoScene } from '../lab/prometheus-api/demo-scene';
import { type CompareOnPrometheus, compareOn } from './compare-on-lab';
import { type PrometheusPair, REAL_MAJOR, startPair } from './prometheus-pair';

const WHY_SKIPPED =
  REAL_MAJOR === null
    ? ' — skipped: no prometheus here (apt-get install prometheus, or LAB_PROMETHEUS=PATH)'
    : '';

/** Numbers of two programs that add in another order: the same to nine digits. */
function rounded(compare: Compare): unknown {
  return JSON.parse(JSON.stringify(compare), (_key, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value,
  );
}

describe.skipIf(REAL_MAJOR === null)(`the compare answer from a real Prometheus${WHY_SKIPPED}`, () => {
  let scene: DemoScene;
  let pair: PrometheusPair;
  let real: CompareOnPrometheus;
  let embedded: CompareOnPrometheus;
  const moments: Record<'busy' | 'lost' | 'idle' | 'now', number> = { busy: 0, lost: 0, idle: 0, now: 0 };

  beforeAll(async () => {
    const clock = virtualClock(Date.UTC(2025, 11, 29, 14, 20, 1, 337));
    scene = await startDemoScene(clock);
    await scene.load(12);
    await scene.refuse(3);
    moments.busy = clock.nowMs();
    await scene.idle(240);
    moments.idle = clock.nowMs();
    await scene.lose(DISTRIBUTED_PODS[1]);
    await scene.load(3);
    moments.lost = clock.nowMs();
    // Back as a later release, as in a rolling upgrade: half of the arm's names are other ones now.
    await scene.restart(DISTRIBUTED_PODS[1], '0.21.0');
    await scene.load(4);
    await scene.refuse(2);
    await scene.load(4);
    await scene.refuse(1);
    moments.now = clock.nowMs();
    pair = await startPair(scene.store);
    real = compareOn(pair.realUrl);
    embedded = compareOn(pair.embeddedUrl);
  }, 120_000);
  afterAll(async () => {
    await real.close();
    await embedded.close();
    await pair.close();
    await scene.close();
  });

  const CASES: [keyof typeof moments, CompareWindow, ComparePercentile][] = [
    ['now', '5m', 95],
    ['now', '15m', 50],
    ['now', '1m', 99],
    ['busy', '5m', 90],
    ['idle', '1m', 95],
    ['lost', '5m', 95],
  ];

  it.each(CASES)(
    'is the embedded one’s, to the last point (%s, %s, p%s)',
    async (moment, window, percentile) => {
      // Off every step and scrape: the two releases differ in whether a range holds its own edge.
      const at = moments[moment] + 411;
      const [theirs, ours] = await Promise.all(
        [real, embedded].map((one) => one.at(at, window, { percentile, breakdown: true })),
      );
      if (theirs === undefined || ours === undefined) throw new Error('no answer');
      expect(rounded(theirs)).toEqual(rounded(ours));
    },
    60_000,
  );

  it('has data for every metric the scene exports, from engines, endpoint picker and GPUs', async () => {
    const answer = await real.at(moments.now + 411, '15m', { breakdown: true });
    const absent = [...answer.metrics, ...answer.furtherMetrics]
      .filter(({ arms }) => arms.some(({ presence }) => presence !== 'ok'))
      .map(({ id, arms }) => `${id}: ${arms.map(({ presence }) => presence).join(', ')}`);
    // Nothing is transferred where prefill and decode are not split.
    expect(absent).toEqual([
      'kv-transfer-time: not-scraped, not-scraped',
      'kv-transfer-throughput: not-scraped, not-scraped',
      'kv-transfer-failures: not-scraped, not-scraped',
    ]);
  });

  it('reads pods of two releases together', async () => {
    const answer = await real.at(moments.now + 411, '5m');
    const family = (id: string): string | null | undefined =>
      answer.metrics.find((metric) => metric.id === id)?.arms.find(({ arm }) => arm === 'distributed')
        ?.family;
    expect(family('itl')).toBe('vllm:inter_token_latency_seconds or vllm:time_per_output_token_seconds');
    expect(family('ttft')).toBe('vllm:time_to_first_token_seconds');
  });

  it('counts what was refused, and says what no rate can show', async () => {
    const answer = await real.at(moments.now + 411, '15m', { breakdown: true });
    const failed = answer.furtherMetrics.find(({ id }) => id === 'failed-requests')?.arms[0];
    expect(failed?.warnings).toContain(
      '3 were counted before the first reading of a new series: no rate shows them.',
    );
    expect(failed?.breakdown.map(({ by, name }) => `${by} ${name}`)).toEqual(['status 4xx']);
  });

  it.each(['1m', '5m', '15m', '30m', '1h', '6h'] as const)(
    'holds every curve of %s to 150 points',
    async (window) => {
      const answer = await embedded.at(moments.now + 411, window, { breakdown: true });
      const counts = [...answer.metrics, ...answer.furtherMetrics].flatMap(({ arms }) =>
        arms.flatMap(({ points, meanPoints, breakdown }) => [
          points.length,
          meanPoints?.length ?? 0,
          ...breakdown.map((part) => part.points.length),
        ]),
      );
      expect(Math.max(...counts)).toBeLessThanOrEqual(150);
    },
  );

  it('costs some fifteen requests, not one per query', async () => {
    const { queries, requests } = await embedded.recorded(moments.now + 411, '5m');
    expect(queries.length).toBeGreaterThan(80);
    expect(requests).toBeLessThanOrEqual(16);
  });

  /** A query without its names, selectors, times and quantiles: what kind of question it is. */
  function shapeOf(promql: string): string {
    return promql
      .replace(/"[^"]*"/g, '""')
      .replace(/\{[^{}]*\}/g, '{}')
      .replace(/\[[^\]]*\]/g, '[]')
      .replace(/\boffset \w+/g, 'offset 0')
      .replace(/\b(kserve_)?(vllm:|DCGM_|inference_|llm_d_epp_)\w+/g, 'name')
      .replace(/\bby \([^)]*\)/g, (by) => by.replace(/\bexported_pod\b/, 'pod'))
      .replace(/(?<=[( ])\d*\.?\d+(?=[, )]|$)/g, '0');
  }

  /** What placement, chat and gates ask besides. */
  function otherQueries(): string[] {
    const selector = { namespace: 'private-ai', podPattern: 'mistral-3-int4-predictor-.+' };
    return [
      gaugesQuery(matchers(selector)),
      tokenRateQuery(matchers(selector), 20),
      gpusQuery(selector),
      engineConfigQuery(selector),
      endedRequestsQuery('vllm:request_success_total', selector),
      discoveryQuery(selector),
      rawSamplesQuery(selector),
    ];
  }

  it('asks nothing that the lab’s comparison with a real Prometheus does not know', async () => {
    const { queries: asked } = await embedded.recorded(moments.now + 411, '5m', { breakdown: true });
    asked.push(...otherQueries());
    const known = new Set([...CURVE_QUERIES, ...INSTANT_QUERIES].map(shapeOf));
    const unknown = [...new Set(asked.map(shapeOf))].filter((shape) => !known.has(shape));
    expect(unknown).toEqual([]);
  });
});
