import { describe, expect, it } from 'vitest';
import type { GuidellmRun, GuidellmStage, ServiceLevel } from '@/lib/domain/guidellm';
import { aCompare } from '@/lib/domain/testing/compare-fixtures';
import type { Arm } from '@/lib/domain/vocabulary';
import {
  type LadderPick,
  newestOf,
  toChosenRuns,
  toCountWords,
  toLadderRows,
  toLadderSentence,
  toLadders,
  toLevelWords,
  toUserTicks,
} from './ladder-model';
import { findPublished, type PublishedRung } from './published-figures';

const TTFT: LadderPick = { own: ({ ttftMs }) => ttftMs, published: ({ ttftMs }) => ttftMs.p95 ?? null };
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
    expect(toLadderRows(both, null, TTFT)).toEqual([
      { users: 1, values: [300, 250], kept: [true, true], ghosts: [null, null] },
      { users: 5, values: [600, null], kept: [true, null], ghosts: [null, null] },
      { users: 8, values: [null, 900], kept: [null, true], ghosts: [null, null] },
    ]);
  });

  it('lays published loads over ours as ghosts, and never widens the axis for them', () => {
    const both = ladders([aStage(1, 300), aStage(8, 2_000)], [aStage(1, 250), aStage(8, 900)]);
    const rows = toLadderRows(both, findPublished('step-08-readme'), TTFT);
    expect(rows.map(({ users, ghosts }) => [users, ...ghosts])).toEqual([
      [1, 1_105, 260],
      [3, 874, 836],
      [5, 1_489, null],
      [8, 2_185, 2_212],
    ]);
    expect(rows[3]).toMatchObject({ values: [2_000, 900], kept: [false, true] });
    expect(toUserTicks(rows, 8)).toEqual([1, 8]);
    const perToken = { own: () => null, published: ({ itlMs }: PublishedRung) => itlMs.p95 ?? null };
    expect(
      toLadderRows(both, findPublished('step-08-readme'), perToken).map(({ ghosts }) => ghosts[0]),
    ).toEqual([null, null, null, null]);
  });

  it('leaves out numbers of users that would stand over each other', () => {
    const many = [1, 2, 3, 50, 100].map((users) => aStage(users, 300));
    expect(toUserTicks(toLadderRows(ladders(many, []), null, TTFT), 100)).toEqual([1, 50, 100]);
  });

  it('says how many requests a stage holds: with few, a percentile is the slowest of them', () => {
    const { baseline } = ladders([aStage(1, 300), aStage(5, 600)], []);
    expect(baseline === null ? '' : toCountWords(baseline)).toBe('50 requests a stage');
    const few = { ...aStage(1, 300), requests: { successful: 4, incomplete: 0, errored: 0 } };
    const mixed = ladders([few, aStage(5, 600)], []).baseline;
    expect(mixed === null ? '' : toCountWords(mixed)).toBe('4 to 50 requests a stage');
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
