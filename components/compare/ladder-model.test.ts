import { describe, expect, it } from 'vitest';
import type { GuidellmRun, GuidellmStage, ServiceLevel } from '@/lib/domain/guidellm';
import { aCompare } from '@/lib/domain/testing/compare-fixtures';
import type { Arm } from '@/lib/domain/vocabulary';
import {
  newestOf,
  toChosenRuns,
  toLadderRows,
  toLadderSentence,
  toLadders,
  toLevelWords,
} from './ladder-model';

const LEVEL: ServiceLevel = { ttftMs: 1_000, itlMs: null, statistic: 'p95', source: 'a plan' };

function aStage(users: number, ttftMs: number): GuidellmStage {
  return {
    at: `$.benchmarks[${users}]`,
    load: 'concurrent',
    users,
    ratePerSecond: null,
    startedAt: null,
    durationSeconds: 60,
    requests: { successful: 50, incomplete: 0, errored: 0 },
    ttftMs: { p50: ttftMs, p90: ttftMs, p95: ttftMs, p99: ttftMs, mean: ttftMs, count: 50 },
    itlMs: null,
    tpotMs: null,
    requestSeconds: null,
    outputTokensPerSecond: users * 10,
    totalTokensPerSecond: null,
    requestsPerSecond: null,
    concurrency: null,
  };
}

function aRun(arm: Arm | null, stages: GuidellmStage[], overrides: Partial<GuidellmRun> = {}): GuidellmRun {
  return {
    file: `${arm}.json`,
    shape: '0.5',
    version: null,
    target: null,
    model: null,
    labels: {},
    arm,
    armBecause: '',
    startedAt: '2025-12-29T12:00:00.000Z',
    tpotHasFirstToken: true,
    stages,
    warnings: [],
    ...overrides,
  };
}

function ladders(baseline: GuidellmStage[], distributed: GuidellmStage[]) {
  const runs = toChosenRuns([aRun('baseline', baseline), aRun('distributed', distributed)], [], {});
  return toLadders(runs, LEVEL, aCompare().costs);
}

describe('ladder', () => {
  it('says how far each arm kept the service level, whoever goes further', () => {
    const short = [aStage(1, 300), aStage(8, 1_500)];
    const long = [aStage(1, 300), aStage(8, 900), aStage(15, 2_000)];
    expect(toLadderSentence(ladders(short, long))).toBe(
      'llm-d kept the service level up to 8 users, INT4 up to 1',
    );
    expect(toLadderSentence(ladders(long, short))).toBe(
      'INT4 kept the service level up to 8 users, llm-d up to 1',
    );
    expect(toLadderSentence(ladders(long, long))).toBe('Both arms kept the service level up to 8 users');
    expect(toLadderSentence(ladders([aStage(1, 5_000)], long))).toBe(
      'Only llm-d kept the service level, up to 8 users',
    );
    expect(toLadderSentence({ baseline: null, distributed: null })).toBe('No recorded ladder yet');
  });

  it('puts both arms on one axis of users; a load that one arm was not given is no value', () => {
    const both = ladders([aStage(1, 300), aStage(5, 600)], [aStage(1, 250), aStage(8, 900)]);
    expect(toLadderRows(both, ({ ttftMs }) => ttftMs)).toEqual([
      { users: 1, values: [300, 250] },
      { users: 5, values: [600, null] },
      { users: 8, values: [null, 900] },
    ]);
  });

  it('takes the newest run of an arm, and what a person said of a file before what it says itself', () => {
    const old = aRun('baseline', [], { file: 'old.json', startedAt: '2025-12-01T00:00:00Z' });
    const unnamed = aRun(null, [], { file: 'new.json' });
    expect(newestOf(toChosenRuns([old, unnamed], [], {}), 'baseline')).toBe(old);
    expect(newestOf(toChosenRuns([old, unnamed], [], { 'new.json': 'baseline' }), 'baseline')).toBe(unnamed);
  });

  it('lets a dropped file replace the configured one of its name', () => {
    const configured = aRun('baseline', [], { file: 'a.json' });
    const dropped = aRun('baseline', [aStage(1, 1)], { file: 'a.json' });
    expect(toChosenRuns([configured], [dropped], {})).toEqual([{ run: dropped, arm: 'baseline' }]);
  });

  it('names the limits with their statistic', () => {
    expect(toLevelWords(LEVEL)).toBe('first token p95 ≤ 1 s');
    expect(toLevelWords({ ...LEVEL, itlMs: 75 })).toBe('first token p95 ≤ 1 s, between tokens p95 ≤ 75 ms');
    expect(toLevelWords({ ...LEVEL, ttftMs: null })).toBe('no limit is configured');
  });
});
