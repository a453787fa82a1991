import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compare, Difference } from '@/lib/domain/compare';
import { toFirstTokenClaim } from '@/lib/domain/compare-figures';
import { type VirtualClock, virtualClock } from '../lab/clock';
import { type Lab, startLab } from '../lab/lab';
import { playLoad, type ScriptedRequest } from '../lab/load/scripted-load';
import { type CompareOnPrometheus, compareOn } from './compare-on-lab';

/** Both arms get the same requests at the same times: what is said about the difference, refresh after refresh. */
const SECONDS = 600;

/** A calm, even load: a request every three seconds on each arm, all alike in size. */
function evenLoad(): ScriptedRequest[] {
  return Array.from({ length: SECONDS / 3 }, (_, index) => index).flatMap((index) =>
    (['baseline', 'distributed'] as const).map((arm) => ({
      atMs: index * 3_000 + (index % 7) * 150,
      arm,
      promptTokens: 256,
      outputTokens: 64,
      conversation: index,
    })),
  );
}

let lab: Lab;
let clock: VirtualClock;
let dashboard: CompareOnPrometheus;
const answers: Compare[] = [];

beforeAll(async () => {
  clock = virtualClock(Date.UTC(2025, 11, 29, 14, 20, 1, 337));
  lab = await startLab({ clock, seed: 3, scrapeIntervalMs: 5_000 });
  dashboard = compareOn(lab.urls.prometheus);
  await clock.advance(0);
  playLoad(lab, clock, evenLoad());
  await clock.advance(300_000);
  for (let refresh = 0; refresh < 25; refresh++) {
    answers.push(await dashboard.at(clock.nowMs(), '5m', { previous: answers.at(-1) ?? null }));
    await clock.advance(5_000);
  }
}, 180_000);
afterAll(async () => {
  await dashboard.close();
  await lab.stop();
});

/** Mean time to the first token of all requests of an arm, as the lab knows it. */
function trueFirstToken(isBaseline: boolean): number {
  const waits = lab
    .groundTruth()
    .filter(({ podName }) => podName.includes('int4') === isBaseline)
    .flatMap(({ arrivedMs, tokensMs: [first] }) => (first === undefined ? [] : [first - arrivedMs]));
  return waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
}

describe('under the same calm load', () => {
  const ofFirstToken = (): Extract<Difference, { state: 'measured' }>[] =>
    answers.map(({ metrics }) => {
      const difference = metrics.find(({ id }) => id === 'ttft')?.difference;
      if (difference?.state !== 'measured') throw new Error('no difference was measured');
      return difference;
    });

  it('the arms are comparable, and one word is said of the first token at every refresh', () => {
    expect(answers.map(({ comparable }) => comparable.difference)).toEqual(answers.map(() => true));
    expect(new Set(ofFirstToken().map(({ verdict }) => verdict))).toEqual(new Set(['lower']));
    expect(new Set(answers.map((answer) => toFirstTokenClaim(answer).kind))).toEqual(new Set(['sooner']));
  });

  it('the interval holds the ratio of all requests of ten minutes, of which a window sees half', () => {
    const ratio = trueFirstToken(false) / trueFirstToken(true);
    const holds = ofFirstToken().filter(
      ({ ratioInterval }) => ratioInterval !== null && ratioInterval[0] <= ratio && ratio <= ratioInterval[1],
    );
    expect(holds.length / answers.length).toBeGreaterThanOrEqual(0.95);
  });

  it('the same output is called equal, and idle queues give no ratio that is none', () => {
    const last = answers.at(-1)?.metrics ?? [];
    const difference = (id: string) => last.find((metric) => metric.id === id)?.difference;
    expect(difference('generation-throughput')).toMatchObject({ verdict: 'equal' });
    expect(difference('prefix-cache-hit-rate')).toMatchObject({ verdict: 'equal', ratio: null });
  });
});
