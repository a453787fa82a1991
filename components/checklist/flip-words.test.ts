import { describe, expect, it } from 'vitest';
import { toFlipWords, toOpenArms } from './flip-words';

describe('flip words', () => {
  it('say what a gate or the verdict was and is', () => {
    const at = '2025-12-29T14:20:00.000Z';
    expect(toFlipWords({ kind: 'verdict', from: 'go', to: 'no-go', at })).toBe('GO → NO GO');
    expect(
      toFlipWords({
        kind: 'gate',
        id: 'gpu-nodes',
        title: 'GPU nodes',
        from: 'not-applicable',
        to: 'fail',
        finding: 'None.',
        at,
      }),
    ).toBe('GPU nodes: does not apply → fail');
  });
});

describe('open arms', () => {
  it('are named, and nothing is said where none is open', () => {
    expect([toOpenArms([]), toOpenArms(['distributed']), toOpenArms(['baseline', 'distributed'])]).toEqual([
      null,
      'Distributed endpoint',
      'Both endpoints',
    ]);
  });
});
