import { describe, expect, it } from 'vitest';
import type { ArmCost } from './compare';
import type { GuidellmRun, GuidellmSpread, GuidellmStage, ServiceLevel } from './guidellm';
import { answerLadders, toLadder } from './guidellm-ladder';
import { parseGuidellm } from './guidellm-parse';
import { SAMPLE_0_5, SAMPLE_0_7 } from './testing/guidellm-files';

const LEVEL: ServiceLevel = { ttftMs: 1_000, itlMs: null, statistic: 'p95', source: 'a test' };
const COST: ArmCost = { gpus: 2, instanceTypes: ['g6.4xlarge'], pricePerHour: 2, because: null };

const spread = (p95: number): GuidellmSpread => ({ p50: p95, p90: p95, p95, p99: p95, mean: p95, count: 40 });

function aStage(
  users: number | null,
  ttftMs: number | null,
  overrides: Partial<GuidellmStage> = {},
): GuidellmStage {
  return {
    at: '$.benchmarks[0]',
    load: users === null ? 'throughput' : 'concurrent',
    users,
    ratePerSecond: null,
    startedAt: null,
    durationSeconds: 60,
    requests: { successful: 40, incomplete: 0, errored: 0 },
    ttftMs: ttftMs === null ? null : spread(ttftMs),
    itlMs: spread(60),
    tpotMs: spread(65),
    requestSeconds: null,
    outputTokensPerSecond: (users ?? 1) * 18,
    totalTokensPerSecond: null,
    requestsPerSecond: null,
    concurrency: null,
    ...overrides,
  };
}

function aRun(stages: GuidellmStage[], overrides: Partial<GuidellmRun> = {}): GuidellmRun {
  return {
    file: 'a.json',
    shape: '0.5',
    version: '0.5.0',
    target: null,
    model: null,
    labels: {},
    arm: 'baseline',
    armBecause: 'a test',
    startedAt: '2025-11-24T08:00:00.000Z',
    tpotHasFirstToken: true,
    stages,
    warnings: [],
    ...overrides,
  };
}

const ladder = (stages: GuidellmStage[], level = LEVEL, cost = COST) =>
  toLadder('baseline', aRun(stages), level, cost);

describe('the ladder of a run', () => {
  it('breaks at the first stage beyond the service level, whatever later ones say', () => {
    const read = ladder([
      aStage(15, 4_277),
      aStage(1, 260),
      aStage(10, 1_400),
      aStage(12, 900),
      aStage(5, 900),
    ]);
    expect(read.rungs.map(({ users, isWithin }) => [users, isWithin])).toEqual([
      [1, true],
      [5, true],
      [10, false],
      [12, true],
      [15, false],
    ]);
    expect(read.text).toBe('breaks at 10 of 15 users');
    expect(read.best).toEqual({ tokensPerSecond: 90, perGpu: 45, tokensPerMoney: 162_000 });
  });

  it('says so where the end was not reached', () => {
    expect(ladder([aStage(1, 250), aStage(8, 900)]).text).toBe(
      'not reached: kept up to 8 users, the most that was tried',
    );
  });

  it('has nothing to show where the first stage breaks', () => {
    expect(ladder([aStage(1, 1_105), aStage(3, 900)])).toMatchObject({
      text: 'breaks at 1 of 3 users',
      best: null,
    });
  });

  it('counts failed requests as a break, and a lost latency as not known', () => {
    const failed = aStage(3, 500, { requests: { successful: 30, incomplete: 0, errored: 2 } });
    expect(ladder([aStage(1, 250), failed]).text).toBe('breaks at 3 of 3 users');
    expect(ladder([aStage(1, 250), aStage(3, null)]).text).toBe(
      'not known: a limited latency is not in the file at 3 users',
    );
  });

  it('leaves out loads that are no number of users', () => {
    expect(ladder([aStage(null, 250)])).toMatchObject({
      rungs: [],
      text: 'not known: no stage holds a number of users',
    });
  });

  it('limits the time between tokens by ITL, not by the TPOT that contains the first token', () => {
    const level = { ...LEVEL, itlMs: 62 };
    expect(ladder([aStage(1, 250)], level).rungs[0]?.isWithin).toBe(true);
    expect(ladder([aStage(1, 250, { itlMs: spread(63) })], level).rungs[0]?.isWithin).toBe(false);
  });

  it('gives no figure per GPU or per price without their number', () => {
    const cost = { ...COST, gpus: null, pricePerHour: null };
    expect(ladder([aStage(1, 250)], LEVEL, cost).best).toEqual({
      tokensPerSecond: 18,
      perGpu: null,
      tokensPerMoney: null,
    });
  });
});

describe('throughput at the same service level', () => {
  const NAMES = { baselineName: 'mistral-3-int4', distributedName: 'mistral-3-distributed' };
  const read = (text: string, file: string): GuidellmRun => {
    const result = parseGuidellm(text, file, NAMES);
    if (!result.ok) throw new Error(result.problem.message);
    return result.run;
  };
  const costs = { baseline: { ...COST, gpus: 1 }, distributed: COST };

  it('is answered from the newest run of each arm', () => {
    const runs = [
      read(SAMPLE_0_5, 'int4.json'),
      aRun([aStage(1, 250)], { file: 'old.json', startedAt: '2025-01-01T00:00:00.000Z' }),
      read(SAMPLE_0_7, 'llm-d.json'),
    ];
    const answer = answerLadders(runs, LEVEL, costs);
    expect(answer).toMatchObject({
      baseline: { stage: '3 users', file: 'int4.json' },
      // p95 at 8 users is 1.08 s: beyond the limit of 1 s.
      distributed: { stage: '3 users', file: 'llm-d.json' },
    });
    const wider = answerLadders(runs, { ...LEVEL, ttftMs: 1_100 }, costs);
    expect(wider).toMatchObject({ baseline: { stage: '3 users' }, distributed: { stage: '8 users' } });
  });

  it('is open without runs of both arms', () => {
    expect(answerLadders([read(SAMPLE_0_5, 'int4.json')], LEVEL, costs)).toBeNull();
  });
});
