import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { virtualClock } from '../../clock.ts';
import { type DemoScene, DISTRIBUTED_PODS, startDemoScene } from '../demo-scene.ts';
import { CURVE_QUERIES, INSTANT_QUERIES } from './app-queries.ts';
import { type Difference, differenceOf, hasValues } from './compare-answers.ts';
import { generatedQueries } from './generated-queries.ts';
import { FIRST_SAMPLE_MS, generatedSeries, INTERVAL_MS, SAMPLES } from './generated-series.ts';
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import { Pair, REAL_MAJOR, WHY_SKIPPED } from './server-pair.ts';

const SEED = 20_251_129;
const GENERATED = 400;
/** Thousands of queries, each asked twice. */
const TIMEOUT_MS = 90_000;
/** Queries on their way at the same time. */
const AT_ONCE = 20;

const seconds = (timeMs: number): string => (timeMs / 1000).toFixed(3);

interface Finding {
  query: string;
  difference: Difference;
}

/** Where the two disagree, those differences left out that are known and explained. */
async function findings(
  pair: Pair,
  queries: readonly string[],
  path: string,
  times: Record<string, string>,
  onAnswer: (hasValues: boolean) => void = () => {},
): Promise<Finding[]> {
  const compared = async (query: string): Promise<Finding[]> => {
    const [real, ours] = await pair.answers(path, { query, ...times });
    onAnswer(hasValues(real));
    const difference = differenceOf(real, ours);
    if (difference === null) return [];
    const isKnown = KNOWN_DIFFERENCES.some(
      (known) => (REAL_MAJOR ?? 0) < known.untilMajor && known.explains(query, difference),
    );
    return isKnown ? [] : [{ query, difference }];
  };
  const found: Finding[] = [];
  for (let from = 0; from < queries.length; from += AT_ONCE) {
    found.push(...(await Promise.all(queries.slice(from, from + AT_ONCE).map(compared))).flat());
  }
  return found;
}

describe.skipIf(REAL_MAJOR === null)(
  `compared with a real Prometheus${WHY_SKIPPED}`,
  { timeout: TIMEOUT_MS },
  () => {
    describe('the demo, with a pod that is lost and comes back', () => {
      let scene: DemoScene;
      let pair: Pair;
      let firstMs: number;
      beforeAll(async () => {
        const clock = virtualClock(Date.UTC(2025, 11, 29, 14, 20, 1, 337));
        firstMs = clock.nowMs();
        scene = await startDemoScene(clock);
        await scene.load(12);
        await scene.idle(60);
        await scene.lose(DISTRIBUTED_PODS[1]);
        await scene.load(3);
        // Back as a later release, as in a rolling upgrade.
        await scene.restart(DISTRIBUTED_PODS[1], '0.21.0');
        await scene.refuse(2);
        await scene.load(8);
        await scene.refuse(1);
        pair = await Pair.over(scene.store);
      }, TIMEOUT_MS);
      afterAll(async () => {
        await pair.close();
        await scene.close();
      });

      test('every query of the dashboard gives the same numbers at one time', async () => {
        const nowMs = scene.clock.nowMs();
        for (const agoMs of [1_741, 31_741, 90_741]) {
          const time = seconds(nowMs - agoMs);
          expect(await findings(pair, [...CURVE_QUERIES, ...INSTANT_QUERIES], 'query', { time })).toEqual([]);
        }
      });

      test('and over the whole time', async () => {
        const times = {
          start: seconds(firstMs - 20_500),
          end: seconds(scene.clock.nowMs() + 400_000),
          step: '15',
        };
        expect(await findings(pair, CURVE_QUERIES, 'query_range', times)).toEqual([]);
      });
    });

    describe(`${GENERATED} queries over the grammar, seed ${SEED}`, () => {
      const queries = generatedQueries(SEED, GENERATED);
      let pair: Pair;
      beforeAll(async () => {
        pair = await Pair.over(generatedSeries(SEED));
      });
      afterAll(() => pair.close());

      test('give the same numbers, or the same kind of refusal, at one time; most give numbers at all', async () => {
        let answers = 0;
        let withValues = 0;
        const count = (isFull: boolean): void => {
          answers++;
          if (isFull) withValues++;
        };
        for (const share of [0.3, 0.55, 0.85]) {
          const time = seconds(FIRST_SAMPLE_MS + Math.round(SAMPLES * share) * INTERVAL_MS + 4_211);
          expect(await findings(pair, queries, 'query', { time }, count)).toEqual([]);
        }
        expect(withValues / answers).toBeGreaterThan(0.75);
      });

      test('and over a range', async () => {
        const start = seconds(FIRST_SAMPLE_MS - 60_000 + 4_211);
        const end = seconds(FIRST_SAMPLE_MS + (SAMPLES + 40) * INTERVAL_MS);
        expect(await findings(pair, queries, 'query_range', { start, end, step: '30' })).toEqual([]);
      });
    });
  },
);
