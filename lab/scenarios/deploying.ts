import type { Scenario } from './scenario.ts';
import { createdAnew } from './service-children.ts';

export const deploying: Scenario = {
  description:
    'The LLMInferenceService was created this moment: its pods are queued, placed, and load the model.',
  change: (healthy) => createdAnew(healthy),
  settledMs: 0,
  expectations: [
    {
      gate: 'distributed-ready',
      status: 'warn',
      fact: 'kubernetes-objects §3.4 MinimumReplicasUnavailable, §7.3 D1',
    },
    {
      gate: 'distributed-pods',
      status: 'warn',
      fact: 'kubernetes-objects §7.3 D3 (none ready, but loading, §6)',
    },
    { gate: 'distributed-answers', status: 'fail', fact: 'kubernetes-objects §7.3 D5' },
  ],
};
