import { describe, expect, it } from 'vitest';
import { countArmGpus } from './arm-gpus';
import type { PlacementPod } from './placement';

function aPod(overrides: Partial<PlacementPod>): PlacementPod {
  return {
    name: 'p',
    namespace: 'private-ai',
    uid: 'u',
    arm: 'distributed',
    role: 'both',
    node: 'n1',
    gpus: 1,
    phase: 'Running',
    ready: true,
    terminating: false,
    restarts: 0,
    waitingReason: null,
    group: null,
    createdAt: '2025-12-29T12:00:00.000Z',
    doing: 'serving',
    progressing: false,
    since: null,
    ...overrides,
  };
}

describe('GPUs of an arm', () => {
  it('are those of its running pods', () => {
    const pods = [
      aPod({}),
      aPod({ gpus: 2 }),
      aPod({ arm: 'baseline' }),
      aPod({ arm: 'other', gpus: 4 }),
      aPod({ node: null, phase: 'Pending' }),
      aPod({ terminating: true }),
      aPod({ role: 'scheduler', gpus: 0 }),
    ];
    expect(countArmGpus({ pods }, 'distributed')).toBe(3);
    expect(countArmGpus({ pods }, 'baseline')).toBe(1);
  });

  it('are not known, not zero, when no such pod is seen', () => {
    expect(countArmGpus({ pods: [aPod({ gpus: 0 })] }, 'distributed')).toBeNull();
  });
});
