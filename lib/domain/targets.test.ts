import { describe, expect, it } from 'vitest';
import type { CompareSeries } from './compare';
import { evaluateTargets, type LineHypothesis, SHIPPED_TARGETS, type Targets } from './targets';
import { aCompare, aMetric, aSeries } from './testing/compare-fixtures';

const FIRST_TOKEN: LineHypothesis = {
  kind: 'line',
  id: 'ttft',
  title: 'First token within a second',
  metric: 'ttft',
  arm: 'distributed',
  threshold: 1,
  statistic: 'p95',
  source: 'our SLA',
};

function evaluate(hypothesis: LineHypothesis, arms: CompareSeries[]) {
  const targets: Targets = { ...SHIPPED_TARGETS, hypotheses: [hypothesis] };
  const [target] = evaluateTargets(targets, aCompare({ metrics: [aMetric({ arms })] }), null);
  return { state: target?.state, text: target?.text };
}

const distributed = (overrides: Partial<CompareSeries>) => aSeries({ arm: 'distributed', ...overrides });

describe('the shipped target', () => {
  it('is the plan’s, without a user count, and open until both arms were benchmarked', () => {
    const [target, ...more] = evaluateTargets(SHIPPED_TARGETS, aCompare(), null);
    expect(more).toEqual([]);
    expect(target).toEqual({
      id: 'throughput-at-sla',
      title: 'Higher throughput at the same SLA threshold',
      source: 'the demo’s plan',
      line: null,
      state: 'not-yet-measured',
      text: 'not yet measured: no benchmark of both arms is at hand',
    });
    expect(target?.title).not.toMatch(/\d/);
  });

  it('is met or missed by the highest stages within the service level', () => {
    const stage = (tokensPerSecond: number, name: string) => ({
      tokensPerSecond,
      stage: name,
      file: 'a.json',
    });
    const ladder = { baseline: stage(53.5, '3 users'), distributed: stage(139, '8 users') };
    expect(evaluateTargets(SHIPPED_TARGETS, aCompare(), ladder)[0]).toMatchObject({
      state: 'met',
      text: 'measured: 139 against 53.5 tokens/s at the highest stage within the service level (8 users, a.json; 3 users, a.json)',
    });
    const worse = { baseline: stage(53.5, '3 users'), distributed: stage(40, '3 users') };
    expect(evaluateTargets(SHIPPED_TARGETS, aCompare(), worse)[0]?.state).toBe('missed');
    const alike = { baseline: stage(53.5, '3 users'), distributed: stage(55.1, '3 users') };
    expect(evaluateTargets(SHIPPED_TARGETS, aCompare(), alike)[0]).toMatchObject({
      state: 'not-yet-measured',
      text: 'not decided: 55.1 against 53.5 tokens/s at the highest stage within the service level (3 users, a.json; 3 users, a.json) are within 5 %',
    });
    const half = { baseline: stage(53.5, '3 users'), distributed: null };
    expect(evaluateTargets(SHIPPED_TARGETS, aCompare(), half)[0]?.text).toBe(
      'not yet measured: no stage within the service level is known of distributed',
    );
  });
});

describe('a target with a line', () => {
  it('is decided by the bucket, and open where the threshold lies inside it', () => {
    expect(evaluate(FIRST_TOKEN, [distributed({ bounds: [0.5, 0.75] })])).toEqual({
      state: 'met',
      text: 'measured: distributed between 0.5 and 0.75 s against 1 in 5m',
    });
    expect(evaluate(FIRST_TOKEN, [distributed({ bounds: [1, 2.5] })])).toMatchObject({
      state: 'not-yet-measured',
    });
    expect(evaluate(FIRST_TOKEN, [distributed({ bounds: [2.5, 5] })]).state).toBe('missed');
  });

  it('is open for another percentile, without data, and with too few requests', () => {
    const text = (series: CompareSeries, hypothesis = FIRST_TOKEN) => evaluate(hypothesis, [series]).text;
    expect(text(distributed({}), { ...FIRST_TOKEN, statistic: 'p99' })).toBe(
      'not yet measured: the charts show p95, the target is for p99',
    );
    expect(text(distributed({ presence: 'no-traffic', absentBecause: 'No traffic.' }))).toBe(
      'not yet measured: distributed: No traffic.',
    );
    expect(text(distributed({ samples: 3 }))).toBe(
      'not yet measured: distributed: 3 requests, 20 are needed',
    );
    expect(text(distributed({ bounds: null }))).toBe(
      'not yet measured: distributed: no value in this window',
    );
  });

  it('takes the exact mean where it is for the mean, and both arms where it names none', () => {
    const mean: LineHypothesis = { ...FIRST_TOKEN, arm: null, statistic: 'mean' };
    const both = (left: number, right: number) =>
      evaluate(mean, [aSeries({ mean: left }), distributed({ mean: right })]);
    expect(both(0.9, 0.8)).toEqual({
      state: 'met',
      text: 'measured: baseline 0.9 s against 1; distributed 0.8 s against 1 in 5m',
    });
    expect(both(1.1, 0.8).state).toBe('missed');
  });
});
