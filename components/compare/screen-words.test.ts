import { describe, expect, it } from 'vitest';
import { toScreenWords } from './screen-words';
import { toTargetWords } from './target-words';

describe('words of the server on the screen', () => {
  it.each([
    [
      'distributed: Target down: mistral-3-distributed-kserve-ftk8wprfxh-llv5b. No series of mistral-3-distributed-kserve-ftk8wprfxh-llv5b; 1 of 2 pods are counted.',
      'llm-d: Target down: …llv5b. No series of …llv5b; 1 of 2 pods are counted.',
    ],
    [
      'baseline: 6 requests in the window, 20 are needed; distributed: 8 requests in the window, 20 are needed',
      'INT4: 6 requests in the window, 20 are needed; llm-d: 8 requests in the window, 20 are needed',
    ],
    [
      'measured: baseline 0.06 s against 0.075; distributed 0.055 s against 0.075 in 5m',
      'measured: INT4 0.06 s against 0.075; llm-d 0.055 s against 0.075 in 5m',
    ],
    // Names of services are no pods, and a word inside a sentence is no arm.
    [
      'No vllm: series of pods like mistral-3-distributed-kserve-.+',
      'No vllm: series of pods like mistral-3-distributed-kserve-.+',
    ],
    ['the distributed arm’s mean', 'the distributed arm’s mean'],
  ])('%s', (said, shown) => {
    expect(toScreenWords(said)).toBe(shown);
  });
});

describe('words of a target', () => {
  it('say how it ended, and nothing of an end that is not there', () => {
    const text = 'measured: distributed 44.5 tokens/s against 200 in 5m';
    expect(toTargetWords({ state: 'missed', text })).toBe(
      'measured: missed, llm-d 44.5 tokens/s against 200 in 5m',
    );
    expect(toTargetWords({ state: 'met', text })).toMatch(/^measured: kept, llm-d/);
    expect(toTargetWords({ state: 'not-yet-measured', text: 'not yet measured: no benchmark' })).toBe(
      'not yet measured: no benchmark',
    );
  });
});
