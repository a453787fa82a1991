import { describe, expect, it } from 'vitest';
import {
  DEFAULT_PARAMETERS,
  parseMaxTokens,
  parseSeed,
  parseTemperature,
  toParameterWords,
} from './chat-parameters';

describe('chat parameters', () => {
  it('say in one line what is set', () => {
    expect(toParameterWords(DEFAULT_PARAMETERS, null)).toEqual(['temperature 0', 'at most 512 tokens']);
    expect(
      toParameterWords(
        {
          temperature: 0.7,
          seed: 7,
          maxTokens: 256,
          isFixedLength: true,
          isCold: true,
          warmsUp: true,
        },
        true,
      ),
    ).toEqual([
      'temperature 0.7',
      'seed 7',
      'exactly 256 tokens',
      'cold prompt (unique first line)',
      'warmed up',
    ]);
  });

  it('call a lane warm only when its warm-up was answered', () => {
    const lastWord = (isWarm: boolean | null | 'differs') =>
      toParameterWords({ ...DEFAULT_PARAMETERS, warmsUp: true }, isWarm).at(-1);
    expect([null, true, false, 'differs' as const].map(lastWord)).toEqual([
      'with a warm-up',
      'warmed up',
      'warm-up failed',
      'at most 512 tokens',
    ]);
  });

  it('take only what the server takes', () => {
    expect(['0', '2', '0.7', '2.1', '-1', 'x', '', ' ', null].map(parseTemperature)).toEqual([
      0,
      2,
      0.7,
      ...Array(6).fill(null),
    ]);
    expect(['0', '2147483647', '2147483648', '1.5', ''].map(parseSeed)).toEqual([
      0,
      2_147_483_647,
      null,
      null,
      null,
    ]);
    expect(['1', '4096', '0', '4097', '1e9', '2.5', null].map(parseMaxTokens)).toEqual([
      1,
      4_096,
      ...Array(5).fill(null),
    ]);
  });
});
