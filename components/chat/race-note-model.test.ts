import { describe, expect, it } from 'vitest';
import { aPlacement, aPod } from '@/lib/client/testing/live-fixtures';
import { DEFAULT_PARAMETERS } from '@/lib/domain/chat-parameters';
import { LANE_FACT_IDS, type LaneFacts } from '@/lib/domain/lane-facts';
import type { EngineActivity, Placement } from '@/lib/domain/placement';
import { aTurn, NOON } from '@/lib/domain/testing/build-chat';
import { buildLaneFacts } from '@/lib/domain/testing/build-lane-facts';
import type { Arm } from '@/lib/domain/vocabulary';
import { type RacingLane, toRaceNote } from './race-note-model';

function factsOf(arm: Arm, values: Record<string, string | number>): LaneFacts {
  return buildLaneFacts({
    arm,
    servedModelName: arm,
    facts: LANE_FACT_IDS.map((id) => ({ id, value: values[id] ?? null, source: 's' })),
  });
}

const SAME = { model: 'm', quantization: 'w4a16', context: 8_192, engine: '0.10.1' };
const FACTS = [
  factsOf('baseline', { ...SAME, gpus: 1, replicas: 1 }),
  factsOf('distributed', { ...SAME, gpus: 2, replicas: 2, context: 16_384 }),
];
const RACE: RacingLane[] = [
  {
    lane: 'baseline',
    path: null,
    turns: [
      aTurn({ start: { arm: 'baseline', path: 'route', startSkewMs: 0.9 }, asked: { questionId: 'q' } }),
    ],
  },
  {
    lane: 'distributed',
    path: null,
    turns: [aTurn({ start: { startSkewMs: 0.9 }, asked: { questionId: 'q' } })],
  },
];
/** Two running in the baseline's engine, none in the others. */
const LOADED: Placement = aPlacement({
  pods: [aPod({ name: 'int4-a', arm: 'baseline' }), aPod({ name: 'llmd-a', arm: 'distributed' })],
  activity: [
    {
      pod: 'int4-a',
      running: 2,
      waiting: null,
      kvCacheUsageRatio: null,
      tokensPerSecond: null,
      sampledAt: NOON,
      promql: 'p',
      gpu: null,
    },
    {
      pod: 'llmd-a',
      running: 0,
      waiting: null,
      kvCacheUsageRatio: null,
      tokensPerSecond: null,
      sampledAt: NOON,
      promql: 'p',
      gpu: null,
    },
  ],
});
const rest = { parameters: DEFAULT_PARAMETERS, facts: FACTS, placement: null };

describe('race note', () => {
  it('says what was equal and what was not', () => {
    expect(toRaceNote({ ...rest, lanes: RACE })).toEqual({
      equal: 'Same prompt, same start (0.9\u00a0ms apart), temperature 0, at most 512 tokens.',
      notEqual:
        'Not equal: GPUs 1 against 2, context 8192 against 16384, Route against Gateway. Not known: load.',
    });
  });

  it('names what nobody told it, instead of calling it equal', () => {
    const note = toRaceNote({ ...rest, lanes: RACE, facts: [] });
    expect(note.notEqual).toBe(
      'Not equal: Route against Gateway. Not known: GPUs, engine pods, model, weights, context, engine and load.',
    );
  });

  it('calls the start the same only where it was measured of both lanes together', () => {
    const lane = (arm: Arm, startSkewMs: number | null, questionId = 'q'): RacingLane => ({
      lane: arm,
      path: null,
      turns: [aTurn({ start: { arm, startSkewMs }, asked: { questionId } })],
    });
    const equal = (...lanes: RacingLane[]): string => toRaceNote({ ...rest, lanes }).equal;
    expect(equal(lane('baseline', 0.9), lane('distributed', 0.9))).toContain(
      'same start (0.9\u00a0ms apart)',
    );
    for (const [one, other] of [
      [lane('baseline', null), lane('distributed', null)],
      [lane('baseline', 0.9), lane('distributed', null)],
    ] as const) {
      expect(equal(one, other)).toBe(
        'Same prompt, start not measured together, temperature 0, at most 512 tokens.',
      );
    }
  });

  it('keeps the parameters the question was asked with, whatever is set for the next', () => {
    const parameters = { ...DEFAULT_PARAMETERS, maxTokens: 64, isFixedLength: true };
    expect(toRaceNote({ ...rest, lanes: RACE, parameters }).equal).toContain('at most 512 tokens');
    const before = RACE.map(({ lane, path }) => ({ lane, path, turns: [] }));
    expect(toRaceNote({ ...rest, lanes: before, parameters }).equal).toBe(
      'Same prompt, temperature 0, exactly 64 tokens.',
    );
  });

  it('says of two ways to the same pods that only the way differs', () => {
    const lanes: RacingLane[] = [
      {
        lane: 'distributed-2',
        path: 'route',
        turns: [aTurn({ start: { path: 'route', schedulerInPath: false } })],
      },
      { lane: 'distributed', path: 'gateway', turns: [aTurn()] },
    ];
    expect(toRaceNote({ ...rest, lanes })).toEqual({
      equal:
        'Same prompt, start not measured together, temperature 0, at most 512 tokens. Same service, same GPUs.',
      notEqual: 'Only the way differs: Route against Gateway.',
    });
    const twice = lanes.map(({ lane }) => ({ lane, path: null, turns: [aTurn()] }));
    expect(toRaceNote({ ...rest, lanes: twice }).notEqual).toBe(
      'Nothing differs: both lanes went by Gateway.',
    );
  });

  it('counts what was said before as part of the prompt', () => {
    const [one, other] = RACE;
    if (one === undefined || other === undefined) throw new Error('two lanes');
    const longer = { ...one, turns: [aTurn({ prompt: 'Before?' }), ...one.turns] };
    expect(toRaceNote({ ...rest, lanes: [longer, other] }).notEqual).toContain(
      'Not equal: 1 against 0 answered questions before (start a new conversation), GPUs',
    );
    const both = { ...other, turns: [aTurn({ prompt: 'Before?' }), ...other.turns] };
    expect(toRaceNote({ ...rest, lanes: [longer, both] }).equal).toContain(
      'same questions before, each lane with its own answers.',
    );
  });

  it('counts the load among what is equal or not, as the metrics have it', () => {
    const engine = (pod: string, running: number): EngineActivity => ({
      pod,
      running,
      waiting: null,
      kvCacheUsageRatio: null,
      tokensPerSecond: null,
      sampledAt: NOON,
      promql: 'p',
      gpu: null,
    });
    const loaded = (baseline: number, distributed: number): Placement =>
      aPlacement({
        pods: [
          aPod({ name: 'int4-a', arm: 'baseline' }),
          aPod({ name: 'llmd-a', arm: 'distributed' }),
          aPod({ name: 'llmd-b', arm: 'distributed' }),
          aPod({ name: 'picker', arm: 'distributed', role: 'scheduler', gpus: 0 }),
        ],
        activity: [engine('int4-a', baseline), engine('llmd-a', distributed), engine('llmd-b', 0)],
      });
    expect(toRaceNote({ ...rest, lanes: RACE, placement: loaded(2, 2) }).equal).toContain(
      'at most 512 tokens, 2 running in each when last scraped.',
    );
    expect(toRaceNote({ ...rest, lanes: RACE, placement: loaded(2, 5) }).notEqual).toContain(
      ', 2 against 5 requests running when last scraped.',
    );
    const sampled = (secondsBefore: number) => {
      const { activity, ...other } = loaded(2, 2);
      const sampledAt = new Date(Date.parse(NOON) - secondsBefore * 1_000).toISOString();
      const placement = { ...other, activity: activity.map((one) => ({ ...one, sampledAt })) };
      return toRaceNote({ ...rest, lanes: RACE, placement });
    };
    expect(sampled(14).equal).toContain('2 running in each when scraped 14 s before the start.');
    expect(sampled(61).notEqual).toContain('Not known: load.');
    const half = loaded(2, 2);
    const unscraped = { ...half, activity: half.activity.filter(({ pod }) => pod !== 'llmd-b') };
    expect(toRaceNote({ ...rest, lanes: RACE, placement: unscraped }).notEqual).toContain('Not known: load.');
  });

  it('claims nothing of the cluster’s objects for a lane that a configured URL answered', () => {
    const [first, second] = FACTS;
    if (first === undefined || second === undefined) throw new Error('two arms');
    const configured = {
      ...second,
      configuredFacts: second.facts.map((fact) => ({
        ...fact,
        value: fact.id === 'context' ? 8_192 : null,
      })),
      usedPath: 'override' as const,
    };
    const lanes = RACE.map((lane) =>
      lane.lane === 'baseline'
        ? lane
        : {
            ...lane,
            turns: [aTurn({ start: { startSkewMs: 0.9, path: 'override' }, asked: { questionId: 'q' } })],
          },
    );
    expect(toRaceNote({ ...rest, lanes, facts: [first, configured], placement: LOADED }).notEqual).toBe(
      'Not equal: Route against configured URL. Not known: GPUs, engine pods, model, weights, engine and load.',
    );
    const before = RACE.map(({ lane, path }) => ({ lane, path, turns: [] }));
    expect(toRaceNote({ ...rest, lanes: before, facts: [first, configured] }).notEqual).toContain(
      'Not known: GPUs, engine pods, model, weights, engine and load.',
    );
    const twoWays: RacingLane[] = [
      { lane: 'distributed-2', path: 'route', turns: [] },
      { lane: 'distributed', path: null, turns: [] },
    ];
    expect(toRaceNote({ ...rest, lanes: twoWays, facts: [first, configured] })).toEqual({
      equal: 'Same prompt, temperature 0, at most 512 tokens.',
      notEqual:
        'Not equal: context 16384 against 8192, Route against configured URL. Not known: GPUs, engine pods, model, weights, engine and load.',
    });
  });

  it('calls a configured URL that is the address of a way by that way', () => {
    const [first, second] = FACTS;
    if (first === undefined || second === undefined) throw new Error('two arms');
    const way = (path: LaneFacts['paths'][number]['path'], url: string) => ({
      path,
      url,
      usable: true,
      schedulerInPath: null,
      verifiesTls: true,
      connectsInsteadOfPort: null,
      finding: '',
    });
    const configured: LaneFacts = {
      ...second,
      paths: [
        way('override', 'https://gw/v1'),
        way('gateway', 'https://gw/v1'),
        way('route', 'https://r/v1'),
      ],
      usedPath: 'override',
    };
    const lanes = RACE.map(({ lane }) => ({
      lane,
      turns: [],
      path: lane === 'baseline' ? ('route' as const) : null,
    }));
    expect(toRaceNote({ ...rest, lanes, facts: [first, configured] }).notEqual).toContain(
      'Route against Gateway',
    );
    const elsewhere = {
      ...configured,
      paths: [way('override', 'https://x/v1'), way('gateway', 'https://gw/v1')],
    };
    expect(toRaceNote({ ...rest, lanes, facts: [first, elsewhere] }).notEqual).toContain(
      'Route against configured URL',
    );
  });

  it('names models that differ, not builds of one model', () => {
    const models = (a: string, b: string) =>
      toRaceNote({
        ...rest,
        lanes: RACE,
        facts: [factsOf('baseline', { ...SAME, model: a }), factsOf('distributed', { ...SAME, model: b })],
      }).notEqual;
    expect(models('mistral-24b-quantized-w4a16', 'mistral-24b-bf16')).not.toContain('model');
    expect(models('mistral-24b-w4a16', 'llama-8b-w4a16')).toContain(
      'model mistral-24b-w4a16 against llama-8b-w4a16',
    );
  });

  it('does not call the start the same where a lane was asked again', () => {
    const [one, other] = RACE;
    if (one === undefined || other === undefined) throw new Error('two lanes');
    const retry = { reason: '503', atMs: 40, usageReports: 'continuous' as const };
    const again = { ...other, turns: other.turns.map((turn) => ({ ...turn, retry })) };
    const note = toRaceNote({ ...rest, lanes: [one, again] });
    expect(note.equal).toBe('Same prompt, temperature 0, at most 512 tokens.');
    expect(note.notEqual).toContain('Not equal: one lane asked twice, GPUs 1 against 2');
    const lanes = [{ ...again, lane: 'distributed-2' as const }, other];
    expect(toRaceNote({ ...rest, lanes }).notEqual).toBe('Not equal: one lane asked twice.');
  });

  it('names a warm-up that only one lane answered as a difference', () => {
    const parameters = { ...DEFAULT_PARAMETERS, warmsUp: true };
    const warmed = (...isWarm: boolean[]) =>
      toRaceNote({
        ...rest,
        lanes: RACE.map((lane, index) => ({
          ...lane,
          turns: lane.turns.map((turn) => ({
            ...turn,
            asked: { ...turn.asked, parameters, isWarm: isWarm[index] ?? null },
          })),
        })),
      });
    expect(warmed(true, true).equal).toContain('at most 512 tokens, warmed up');
    const half = warmed(true, false);
    expect(half.equal).not.toContain('warm');
    expect(half.notEqual).toContain('Not equal: only one lane warmed up,');
  });

  it('does not hold the image of one engine against the release of the other', () => {
    const image = factsOf('baseline', { ...SAME, engine: 'registry.example/vllm-cuda:3.2' });
    const note = toRaceNote({ ...rest, lanes: RACE, facts: [image, factsOf('distributed', SAME)] });
    expect(note.notEqual).toBe(
      'Not equal: Route against Gateway. Not known: GPUs, engine pods, engine and load.',
    );
  });

  it('calls questions that were not asked together no race', () => {
    const [one, other] = RACE;
    if (one === undefined || other === undefined) throw new Error('two lanes');
    const alone = { ...one, turns: [aTurn({ asked: { questionId: 'alone' } })] };
    expect(toRaceNote({ ...rest, lanes: [alone, { ...other, turns: [] }] })).toEqual({
      equal: 'No race here: the latest questions of the lanes were not asked together.',
      notEqual: 'For the next: 1 against 0 answered questions before (start a new conversation).',
    });
    expect(toRaceNote({ ...rest, lanes: [alone, other] })).toEqual({
      equal: 'No race here: the latest questions of the lanes were not asked together.',
      notEqual: null,
    });
  });

  it('does not count a question without an answer as said before: it is not sent along', () => {
    const [one, other] = RACE;
    if (one === undefined || other === undefined) throw new Error('two lanes');
    const failed = aTurn({ prompt: 'Before?', deltasMs: [], error: { code: 'unavailable' } });
    const lanes = [
      { ...one, turns: [failed, ...one.turns] },
      { ...other, turns: [aTurn({ prompt: 'Before?' }), ...other.turns] },
    ];
    expect(toRaceNote({ ...rest, lanes }).notEqual).toContain(
      'Not equal: 0 against 1 answered questions before (start a new conversation)',
    );
  });

  it('has little to say of one lane', () => {
    expect(toRaceNote({ ...rest, lanes: RACE.slice(0, 1) })).toEqual({
      equal: 'One lane: temperature 0, at most 512 tokens.',
      notEqual: null,
    });
  });
});
