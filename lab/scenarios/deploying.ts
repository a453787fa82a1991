import { expectAll } from './expect-all.ts';
import type { Scenario } from './scenario.ts';
import { createdAnew } from './service-children.ts';

export const deploying: Scenario = {
  description:
    'The LLMInferenceService was created this moment: its pods are queued, placed, and load the model.',
  change: (healthy) => createdAnew(healthy),
  settledMs: 0,
  expectations: [
    ...expectAll('warn', null, [
      ['kueue-clusterqueue', 'kubernetes-objects §7.1 A7 (quota fully reserved)'],
      ['distributed-ready', 'kubernetes-objects §3.4 MinimumReplicasUnavailable, §7.3 D1'],
      ['distributed-pods', 'kubernetes-objects §7.3 D3 (none ready, but loading, §6)'],
      ['distributed-distinct-nodes', 'kubernetes-objects §7.3 D3 (none ready, but loading, §6)'],
      ['distributed-scheduler', 'kubernetes-objects §7.3 D3b, §6'],
      ['distributed-answers', 'kubernetes-objects §7.3 D5, §6 (coming up by itself)'],
      ['metrics-distributed', 'kubernetes-objects §6 (a loading engine has no metrics yet)'],
    ]),
    ...expectAll('not-applicable', null, [
      ['single-endpoint-picker', 'kubernetes-objects §3.5 (no InferencePool yet)'],
      ['engine-configuration', 'kubernetes-objects §6 (no engine yet)'],
    ]),
  ],
};
