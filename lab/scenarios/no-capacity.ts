import { expectAll } from './expect-all.ts';
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
    ...expectAll('warn', null, [
      ['gpu-nodes', 'kubernetes-objects §7.2 B17 (enough, but used by others)'],
      ['distributed-ready', 'kubernetes-objects §1 no. 13, §3.4'],
      ['distributed-pods', 'kubernetes-objects §7.3 D3 (fewer ready than wanted)'],
      ['distributed-distinct-nodes', 'kubernetes-objects §7.3 D3 (ready on one node)'],
    ]),
    ...expectAll('fail', null, [['gpu-capacity', 'kubernetes-objects §7.2 B17 (none free)']]),
  ],
};
