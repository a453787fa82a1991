import type { KubernetesObject } from '../kubernetes-api/object.ts';
import { expectAll } from './expect-all.ts';
import type { Scenario } from './scenario.ts';
import { withChange, without } from './scene.ts';

const GATED_NODE = 'ip-10-0-29-140.us-east-2.compute.internal';

interface ClusterQueue extends KubernetesObject {
  spec: {
    resourceGroups: { flavors: { name: string; resources: { name: string; nominalQuota: string }[] }[] }[];
  };
}

export const kueueGated: Scenario = {
  description:
    'The queue has quota for two GPUs and three are wanted: one llm-d replica waits behind its gate.',
  change: (healthy) =>
    withChange<ClusterQueue>(
      without(
        healthy,
        ({ kind, spec }) => kind === 'Pod' && (spec as { nodeName?: string }).nodeName === GATED_NODE,
      ),
      'ClusterQueue',
      'rhoai-main-queue',
      (draft) => {
        const flavor = draft.spec.resourceGroups[0]?.flavors.find(({ name }) => name === 'nvidia-l4-1gpu');
        const gpus = flavor?.resources.find(({ name }) => name === 'nvidia.com/gpu');
        if (gpus !== undefined) gpus.nominalQuota = '2';
        draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
      },
    ),
  settledMs: 10 * 60_000,
  expectations: [
    ...expectAll('warn', null, [
      ['kueue-clusterqueue', 'kubernetes-objects §7.1 A7 (pendingWorkloads > 0)'],
      ['kueue-localqueue', 'kubernetes-objects §7.1 A8 (pendingWorkloads > 0)'],
      ['distributed-ready', 'kubernetes-objects §1 no. 13, §3.4'],
      ['distributed-pods', 'kubernetes-objects §7.3 D3, §6'],
      ['distributed-distinct-nodes', 'kubernetes-objects §7.3 D3'],
    ]),
  ],
};
