import { describe, expect, it, onTestFinished } from 'vitest';
import type { KubePod } from '@/lib/domain/objects/core';
import { DEFAULT_SETTINGS } from '@/lib/domain/settings';
import { buildCluster } from '@/lib/domain/testing/build-cluster';
import { buildEnginePod, POD_TROUBLE } from '@/lib/domain/testing/build-objects';
import { createManualClock } from '@/lib/server/testing/manual-clock';
import { KubernetesError } from './errors';
import { createQueuePositions, toPositions } from './queue-positions';

const SUMMARY = {
  kind: 'PendingWorkloadsSummary',
  items: [
    {
      metadata: { name: 'pod-other-1', ownerReferences: [{ kind: 'Pod', uid: 'uid-other' }] },
      positionInLocalQueue: 0,
      positionInClusterQueue: 3,
    },
    {
      metadata: { name: 'pod-held-2', ownerReferences: [{ kind: 'Pod', uid: 'uid-held' }] },
      positionInLocalQueue: 1,
      positionInClusterQueue: 4,
    },
    { metadata: { name: 'job' }, positionInLocalQueue: 2 },
  ],
};

const HELD = buildEnginePod('held', null, POD_TROUBLE.gated);

/** Whatever was resolved has been looked at. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function watching(first: readonly KubePod[], answer: () => unknown) {
  const clock = createManualClock();
  const asked: string[] = [];
  let pods = first;
  let changes = 0;
  const queue = createQueuePositions({
    settings: DEFAULT_SETTINGS,
    cluster: () => buildCluster({ pods: [...pods] }),
    read: async (path) => {
      asked.push(path);
      return answer();
    },
    clock,
    onChange: () => {
      changes += 1;
    },
    onFault: (error) => {
      throw error;
    },
  });
  onTestFinished(() => queue.stop());
  queue.start();
  await settled();
  return {
    queue,
    advance: async (milliseconds: number): Promise<void> => {
      clock.advance(milliseconds);
      await settled();
    },
    asked,
    changes: () => changes,
    setPods: (next: readonly KubePod[]) => {
      pods = next;
    },
  };
}

describe('places in the queue', () => {
  it('are told by the pod that owns the Workload', () => {
    expect([...toPositions(SUMMARY)]).toEqual([
      ['uid-other', 0],
      ['uid-held', 1],
    ]);
    expect([...toPositions('nonsense')]).toEqual([]);
  });

  it('are asked for only while a pod is held back, and forgotten when none is', async () => {
    const { queue, advance, asked, changes, setPods } = await watching([], () => SUMMARY);
    expect(asked).toEqual([]);
    setPods([HELD]);
    await advance(4_000);
    expect(asked).toEqual([
      '/apis/visibility.kueue.x-k8s.io/v1beta1/namespaces/private-ai/localqueues/default/pendingworkloads',
    ]);
    expect(queue.positions().get('uid-held')).toBe(1);
    await advance(4_000);
    expect(changes()).toBe(1);
    setPods([]);
    await advance(4_000);
    expect(queue.positions().size).toBe(0);
  });

  it('that may not be read are not asked for every few seconds', async () => {
    const { queue, advance, asked } = await watching([HELD], () => {
      throw new KubernetesError('forbidden', 'no', { httpStatus: 403 });
    });
    expect(asked).toHaveLength(1);
    await advance(30_000);
    expect(asked).toHaveLength(1);
    await advance(31_000);
    expect(asked).toHaveLength(2);
    expect(queue.positions().size).toBe(0);
  });
});
