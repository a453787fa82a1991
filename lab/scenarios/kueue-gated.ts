import type { KubernetesObject } from '../kubernetes-api/object.ts';
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
    { gate: 'kueue-clusterqueue', status: 'warn', fact: 'kubernetes-objects §7.1 A7 (pendingWorkloads > 0)' },
    { gate: 'kueue-localqueue', status: 'warn', fact: 'kubernetes-objects §7.1 A8 (pendingWorkloads > 0)' },
    { gate: 'distributed-ready', status: 'warn', fact: 'kubernetes-objects §1 no. 13, §3.4' },
    { gate: 'distributed-pods', status: 'warn', fact: 'kubernetes-objects §7.3 D3, §6' },
    { gate: 'distributed-distinct-nodes', status: 'warn', fact: 'kubernetes-objects §7.3 D3' },
  ],
};
