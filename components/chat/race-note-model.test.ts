import { describe, expect, it } from 'vitest';
import { aPlacement, aPod } from '@/lib/client/testing/live-fixtures';
import { DEFAULT_PARAMETERS } from '@/lib/domain/chat-parameters';
import { LANE_FACT_IDS, type LaneFacts } from '@/lib/domain/lane-facts';
import type { EngineActivity, Placement } from '@/lib/domain/placement';
import { aTurn } from '@/lib/domain/testing/build-chat';
import type { Arm } from '@/lib/domain/vocabulary';
import { type RacingLane, toRaceNote } from './race-note-model';

function factsOf(arm: Arm, values: Record<string, string | number>): LaneFacts {
  return {
    arm,
    servedModelName: arm,
    facts: LANE_FACT_IDS.map((id) => ({ id, value: values[id] ?? null, source: 's' })),
    paths: [],
    usedPath: null,
    sendsKey: false,
  };
}

const SAME = { model: 'm', quantization: 'w4a16', context: 8_192, engine: '0.10.1' };
const FACTS = [
  factsOf('baseline', { ...SAME, gpus: 1, replicas: 1 }),
  factsOf('distributed', { ...SAME, gpus: 2, replicas: 2, context: 16_384 }),
];
const RACE: RacingLane[] = [
  {
    lane: 'baseline',
    turns: [
      aTurn({ start: { arm: 'baseline', path: 'route', startSkewMs: 0.9 }, asked: { questionId: 'q' } }),
    ],
  },
  { lane: 'distributed', turns: [aTurn({ start: { startSkewMs: 0.9 }, asked: { questionId: 'q' } })] },
];
const rest = { parameters: DEFAULT_PARAMETERS, facts: FACTS, placement: null };

describe('race note', () => {
  it('says what was equal and what was not', () => {
    expect(toRaceNote({ ...rest, lanes: RACE })).toEqual({
      equal: 'Same prompt, same start (0.9\u00a0ms apart), temperature 0, at most 512 tokens.',
      notEqual: 'Not equal: GPUs 1 against 2, context 8192 against 16384, Route against Gateway.',
    });
  });

  it('names what nobody told it, instead of calling it equal', () => {
    const note = toRaceNote({ ...rest, lanes: RACE, facts: [] });
    expect(note.notEqual).toBe(
      'Not equal: Route against Gateway. Not known: GPUs, replicas, model, weights, context and engine.',
    );
  });

  it('calls the start the same only where it was measured of both lanes together', () => {
    const lane = (arm: Arm, startSkewMs: number | null, questionId = 'q'): RacingLane => ({
      lane: arm,
      turns: [aTurn({ start: { arm, startSkewMs }, asked: { questionId } })],
    });
    const equal = (...lanes: RacingLane[]): string => toRaceNote({ ...rest, lanes }).equal;
    expect(equal(lane('baseline', 0.9), lane('distributed', 0.9))).toContain(
      'same start (0.9\u00a0ms apart)',
    );
    for (const [one, other] of [
      [lane('baseline', null), lane('distributed', null)],
      [lane('baseline', 0.9), lane('distributed', null)],
      [lane('baseline', 0.9), lane('distributed', 0.4, 'another')],
    ] as const) {
      expect(equal(one, other)).toBe(
        'Same prompt, start not measured together, temperature 0, at most 512 tokens.',
      );
    }
  });

  it('keeps the parameters the question was asked with, whatever is set for the next', () => {
    const parameters = { ...DEFAULT_PARAMETERS, maxTokens: 64, isFixedLength: true };
    expect(toRaceNote({ ...rest, lanes: RACE, parameters }).equal).toContain('at most 512 tokens');
    const before = RACE.map(({ lane }) => ({ lane, turns: [] }));
    expect(toRaceNote({ ...rest, lanes: before, parameters }).equal).toBe(
      'Same prompt, temperature 0, exactly 64 tokens.',
    );
  });

  it('says of two ways to the same pods that only the way differs', () => {
    const lanes: RacingLane[] = [
      { lane: 'distributed-2', turns: [aTurn({ start: { path: 'route', schedulerInPath: false } })] },
      { lane: 'distributed', turns: [aTurn()] },
    ];
    expect(toRaceNote({ ...rest, lanes })).toEqual({
      equal:
        'Same prompt, start not measured together, temperature 0, at most 512 tokens. Same service, same GPUs.',
      notEqual: 'Only the way differs: Route against Gateway.',
    });
    const twice = lanes.map(({ lane }) => ({ lane, turns: [aTurn()] }));
    expect(toRaceNote({ ...rest, lanes: twice }).notEqual).toBe(
      'Nothing differs: both lanes went by Gateway.',
    );
  });

  it('counts what was said before as part of the prompt', () => {
    const [one, other] = RACE;
    if (one === undefined || other === undefined) throw new Error('two lanes');
    const longer = { ...one, turns: [aTurn({ prompt: 'Before?' }), ...one.turns] };
    expect(toRaceNote({ ...rest, lanes: [longer, other] }).notEqual).toContain(
      'Not equal: 1 against 0 questions before (start a new conversation), GPUs',
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
      sampledAt: null,
      promql: 'p',
      gpu: null,
    });
    const loaded = (baseline: number, distributed: number): Placement =>
      aPlacement({
        pods: [
          aPod({ name: 'int4-a', arm: 'baseline' }),
          aPod({ name: 'llmd-a', arm: 'distributed' }),
          aPod({ name: 'llmd-b', arm: 'distributed' }),
        ],
        activity: [engine('int4-a', baseline), engine('llmd-a', distributed), engine('llmd-b', 0)],
      });
    expect(toRaceNote({ ...rest, lanes: RACE, placement: loaded(2, 2) }).equal).toContain(
      'at most 512 tokens, 2 running in each now.',
    );
    expect(toRaceNote({ ...rest, lanes: RACE, placement: loaded(2, 5) }).notEqual).toContain(
      ', 2 against 5 requests running now.',
    );
  });

  it('has little to say of one lane', () => {
    expect(toRaceNote({ ...rest, lanes: RACE.slice(0, 1) })).toEqual({
      equal: 'One lane: temperature 0, at most 512 tokens.',
      notEqual: null,
    });
  });
});
