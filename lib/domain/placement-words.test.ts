import { describe, expect, test } from 'vitest';
import { plainSchedulerMessage } from './placement-words';

describe('plainSchedulerMessage', () => {
  test.each([
    ['0/6 nodes are available: 3 Insufficient nvidia.com/gpu.', 'none of 6 nodes: 3 without a free GPU'],
    [
      "0/9 nodes are available: 1 node(s) were unschedulable, 2 Insufficient nvidia.com/gpu, 2 node(s) had untolerated taint {node-role.kubernetes.io/infra: , a: b}, 4 node(s) didn't match Pod's node affinity/selector. preemption: 0/9 nodes are available: 9 Preemption is not helpful for scheduling.",
      'none of 9 nodes: 1 cordoned, 2 without a free GPU, 2 tainted, 4 of another kind',
    ],
    [
      '0/2 nodes are available: 2 Insufficient nvidia.com/mig-1g.5gb. no new claims to deallocate, preemption: none.',
      'none of 2 nodes: 2 without a free GPU',
    ],
  ])('%s', (message, words) => {
    expect(plainSchedulerMessage(message)).toBe(words);
  });

  test('keeps what it does not know', () => {
    expect(plainSchedulerMessage('0/3 nodes are available: 3 node(s) are on the moon.')).toBe(
      'none of 3 nodes: 3 node(s) are on the moon',
    );
    expect(plainSchedulerMessage('running PreFilter plugin failed')).toBe('running PreFilter plugin failed');
  });
});
