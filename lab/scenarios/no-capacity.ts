import type { Scenario } from './scenario.ts';
import { without } from './scene.ts';

const LOST_NODE = 'ip-10-0-29-140.us-east-2.compute.internal';

export const noCapacity: Scenario = {
  description:
    'One of three GPU nodes is gone: one llm-d replica finds no node, the other serves, and two replicas count as unavailable.',
  change: (healthy) =>
    without(healthy, ({ kind, metadata, spec }) => {
      if (kind === 'Node') return metadata.name === LOST_NODE;
      return kind === 'Pod' && (spec as { nodeName?: string }).nodeName === LOST_NODE;
    }),
  settledMs: 10 * 60_000,
  expectations: [
    { gate: 'gpu-nodes', status: 'warn', fact: 'kubernetes-objects §7.2 B17 (enough, but used by others)' },
    { gate: 'kueue-clusterqueue', status: 'warn', fact: 'kubernetes-objects §7.1 A7 (quota fully reserved)' },
    { gate: 'distributed-ready', status: 'warn', fact: 'kubernetes-objects §1 no. 13, §3.4' },
    {
      gate: 'distributed-pods',
      status: 'warn',
      fact: 'kubernetes-objects §7.3 D3 (fewer ready than wanted)',
    },
    {
      gate: 'distributed-distinct-nodes',
      status: 'warn',
      fact: 'kubernetes-objects §7.3 D3 (ready on one node)',
    },
  ],
};
