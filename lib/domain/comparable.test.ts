import { describe, expect, it } from 'vitest';
import { type ArmConditions, judgeComparable } from './comparable';

function conditions(overrides: Partial<ArmConditions> = {}): ArmConditions {
  return {
    presence: 'ok',
    absentBecause: null,
    samples: 40,
    meanInFlight: 5,
    meanPromptTokens: 300,
    meanOutputTokens: 200,
    baseModel: 'mistral-small-24b',
    properties: {},
    ...overrides,
  };
}

const judge = (baseline: Partial<ArmConditions>, distributed: Partial<ArmConditions> = {}) =>
  judgeComparable({ baseline: conditions(baseline), distributed: conditions(distributed) });

describe('whether a difference means something', () => {
  it('does when both arms did the same work on the same model, and says what it rests on', () => {
    expect(judge({ samples: 20 }, { samples: 31, meanInFlight: 5.25 })).toEqual({
      difference: true,
      because: [
        '20 and 31 requests of the same base model, 5 and 5.25 in flight on average, 300 and 300 prompt and 200 and 200 output tokens',
      ],
      notEqual: [],
    });
  });

  it.each([
    ['19 requests', { samples: 19 }, 'baseline: 19 requests in the window, 20 are needed'],
    ['an unknown number of requests', { samples: null }, 'baseline: the number of requests is not known'],
    [
      'no traffic',
      { presence: 'no-traffic', absentBecause: 'No traffic in the last 5 min.', samples: 0 } as const,
      'baseline: No traffic in the last 5 min.',
    ],
    [
      'a load that is too different',
      { meanInFlight: 3.9 },
      'mean requests in flight differ by more than 20 %: 3.9 against 5',
    ],
    ['an unknown load', { meanInFlight: null }, 'mean requests in flight: not known in both arms'],
    [
      'longer prompts',
      { meanPromptTokens: 376 },
      'mean prompt tokens differ by more than 20 %: 376 against 300',
    ],
    [
      'shorter answers',
      { meanOutputTokens: 1 },
      'mean output tokens differ by more than 20 %: 1 against 200',
    ],
    [
      'another model',
      { baseModel: 'granite-8b' },
      'the base models differ: granite-8b against mistral-small-24b',
    ],
    ['an unknown model', { baseModel: null }, 'whether both arms serve the same base model is not known'],
  ])('does not with %s', (_case, baseline, because) => {
    expect(judge(baseline)).toEqual({ difference: false, because: [because], notEqual: [] });
  });

  it.each([
    [4, 5, true],
    [5, 4, true],
    [3.99, 5, false],
    [0, 0, true],
  ])('takes %d against %d in flight as equal: %s', (left, right, isEqual) => {
    expect(judge({ meanInFlight: left }, { meanInFlight: right }).difference).toBe(isEqual);
  });

  it('names everything else that is unequal, also what only one side tells', () => {
    expect(
      judge(
        { properties: { GPUs: '1', 'KV-cache type': 'fp8', Engine: '0.10.1', Path: null } },
        {
          properties: {
            GPUs: '2',
            'KV-cache type': 'auto',
            Engine: '0.10.1',
            'Context length': '32768',
            Path: null,
          },
        },
      ).notEqual,
    ).toEqual([
      'GPUs: 1 against 2',
      'KV-cache type: fp8 against auto',
      'Context length: not known against 32768',
    ]);
  });
});
