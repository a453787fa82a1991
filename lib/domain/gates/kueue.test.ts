import { describe, expect, test } from 'vitest';
import { buildCluster, MISSING, NODE } from '../testing/build-cluster';
import {
  buildBaselinePod,
  buildClusterQueue,
  buildCondition,
  buildEnginePod,
  buildLocalQueue,
  buildMeta,
  POD_TROUBLE,
} from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

describe('Kueue', () => {
  const unmanaged = [{ meta: buildMeta({ name: 'private-ai', namespace: null }), phase: 'Active' }];

  test.each(['kueue-clusterqueue', 'kueue-localqueue'] as const)(
    '%s follows whether the namespace is managed',
    (id) => {
      const view = id === 'kueue-clusterqueue' ? 'clusterqueues' : 'localqueues';
      expect(gateOf(id).required).toBe(true);
      expect(gateOf(id, { cluster: buildCluster({ namespace: unmanaged }) })).toMatchObject({
        status: 'not-applicable',
        required: false,
      });
      expect(
        gateOf(id, { cluster: buildCluster({ namespace: unmanaged }, { [view]: MISSING }) }).status,
      ).toBe('not-applicable');
      expect(gateOf(id, { cluster: buildCluster({ [view]: [] }) })).toMatchObject({
        status: 'fail',
        reason: 'not-created',
      });
    },
  );

  test('a pod that Kueue has let go holds its quota before it finds a node; a gated one does not', () => {
    const scene = (trouble: typeof POD_TROUBLE.unschedulable | typeof POD_TROUBLE.gated) =>
      buildCluster({
        pods: [
          buildBaselinePod(NODE.a),
          buildEnginePod('engine-a', NODE.b),
          buildEnginePod('engine-b', null, trouble),
        ],
      });
    expect(gateOf('kueue-clusterqueue', { cluster: scene(POD_TROUBLE.unschedulable) }).status).toBe('pass');
    expect(gateOf('kueue-clusterqueue', { cluster: scene(POD_TROUBLE.gated) }).finding).toContain(
      '1 more GPU needed',
    );
  });

  test('the quota counted is that of the flavor for the demo’s nodes', () => {
    expect(gateOf('kueue-clusterqueue').finding).toBe(
      'ClusterQueue rhoai-main-queue is active, 3 of 3 GPUs of its quota reserved; no workload waits.',
    );
  });

  test.each([
    [
      'a missing flavor',
      buildClusterQueue({
        conditions: [buildCondition('Active', 'False', 'FlavorNotFound', "Can't admit new workloads")],
      }),
      'fail',
    ],
    ['a stopped queue', buildClusterQueue({ stopPolicy: 'Hold' }), 'warn'],
    ['waiting workloads', buildClusterQueue({ pendingWorkloads: 2 }), 'warn'],
  ] as const)('%s has its own verdict', (_name, queue, status) => {
    expect(gateOf('kueue-clusterqueue', { cluster: buildCluster({ clusterqueues: [queue] }) }).status).toBe(
      status,
    );
  });

  test('quota that is used up while a pod still needs it is a warning', () => {
    const pods = [
      buildBaselinePod(NODE.a),
      buildEnginePod('engine-a', NODE.b),
      buildEnginePod('engine-b', null, POD_TROUBLE.gated),
    ];
    expect(gateOf('kueue-clusterqueue', { cluster: buildCluster({ pods }) })).toMatchObject({
      status: 'warn',
      finding:
        '1 more GPU needed, and 3 of 3 GPUs of its quota reserved: ClusterQueue rhoai-main-queue is active.',
    });
  });

  test('a LocalQueue made inactive by its ClusterQueue is blocked by that', () => {
    const cluster = buildCluster({
      clusterqueues: [],
      localqueues: [
        buildLocalQueue({ conditions: [buildCondition('Active', 'False', 'ClusterQueueDoesNotExist')] }),
      ],
    });
    expect(gateOf('kueue-localqueue', { cluster })).toMatchObject({
      status: 'unknown',
      reason: 'blocked',
      blockedBy: 'kueue-clusterqueue',
    });
  });
});
