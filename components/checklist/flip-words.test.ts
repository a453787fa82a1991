import { describe, expect, it } from 'vitest';
import { toFlipWords } from './flip-words';

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
