import { describe, expect, it } from 'vitest';
import type { Compare, Difference } from '@/lib/domain/compare';
import { aCompare, aMetric } from '@/lib/domain/testing/compare-fixtures';
import { toClaim, toClaimNote, toClaimSentence } from './claim-model';
import { toCompareFrame } from './compare-frame';
import { DEFAULT_COMPARE_SCENE } from './compare-scene';

function aFrame(difference: Difference, comparable: Partial<Compare['comparable']> = {}) {
  const compare = aCompare({
    metrics: [aMetric({ difference })],
    comparable: { difference: true, because: [], notEqual: [], ...comparable },
  });
  return toCompareFrame(compare, null, DEFAULT_COMPARE_SCENE);
}

const MEASURED = {
  state: 'measured',
  absolute: -1,
  ratio: 0.5,
  ratioInterval: [0.4, 0.6],
  blocks: 12,
} as const satisfies Partial<Difference>;

describe('claim', () => {
  it.each([
    ['lower', 0.5, 'On average, the first token comes 2.0 times as soon on llm-d'],
    ['higher', 1.5, 'On average, the first token takes 1.5 times as long on llm-d'],
    ['equal', 1.02, 'On average, the first token comes equally soon on both arms'],
    ['unclear', 1.2, 'No clear difference in the first token'],
  ] as const)('says %s as it is, also when the distributed arm loses', (verdict, ratio, sentence) => {
    const frame = aFrame({ ...MEASURED, ratioInterval: [0.4, 0.6], verdict, ratio });
    expect(toClaimSentence(toClaim(frame))).toBe(sentence);
  });

  it('says how sure it is, in the direction of the sentence', () => {
    const claim = toClaim(aFrame({ ...MEASURED, ratioInterval: [0.4, 0.5], verdict: 'lower' }));
    expect(toClaimNote(claim)).toBe('Mean against mean: 2.0 to 2.5 times with 95 % confidence');
    const unclear = toClaim(aFrame({ ...MEASURED, ratioInterval: [0.8, 1.3], verdict: 'unclear' }));
    expect(toClaimNote(unclear)).toContain('0.8 to 1.3 times');
  });

  it('claims nothing where the server says that the arms are not comparable, and says why', () => {
    const frame = aFrame(
      { ...MEASURED, ratioInterval: [0.4, 0.6], verdict: 'lower' },
      { difference: false, because: ['baseline: no traffic.', 'mean requests in flight differ'] },
    );
    const claim = toClaim(frame);
    expect(toClaimSentence(claim)).toBe('No difference is claimed');
    expect(toClaimNote(claim)).toBe('INT4: no traffic; mean requests in flight differ');
  });

  it('says once what is true of both arms', () => {
    const because = ['baseline: unreachable.', 'distributed: unreachable.', 'the load differs'];
    const frame = aFrame({ state: 'none', because: '' }, { difference: false, because });
    expect(toClaimNote(toClaim(frame))).toBe('INT4 and llm-d: unreachable; the load differs');
  });

  it('claims nothing between windows of different times', () => {
    const pin = { arm: 'baseline', end: '2025-12-29T11:00:00.000Z' } as const;
    const frame = toCompareFrame(aCompare(), aCompare(), { ...DEFAULT_COMPARE_SCENE, pin });
    expect(toClaim(frame).kind).toBe('none');
  });
});
