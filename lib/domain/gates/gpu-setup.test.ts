import { describe, expect, test } from 'vitest';
import type { Taint, Toleration } from '../objects/core';
import { buildCluster, NODE } from '../testing/build-cluster';
import {
  buildBaselinePod,
  buildCondition,
  buildEnginePod,
  buildMeta,
  buildNode,
} from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';
import { toleratesTaint } from './gpu-setup';

describe('gpu-driver', () => {
  const scene = (pinned: string | null, running: string | null) => {
    const nodes = [NODE.a, NODE.b].map((name) => {
      const node = buildNode(name);
      const { 'nvidia.com/cuda.driver-version.full': _driver, ...labels } = node.meta.labels;
      return {
        ...node,
        meta: {
          ...node.meta,
          labels: running === null ? labels : { ...labels, 'nvidia.com/cuda.driver-version.full': running },
        },
      };
    });
    return buildCluster({
      nodes,
      clusterpolicies: [
        {
          meta: buildMeta({ name: 'gpu-cluster-policy' }),
          driverVersion: pinned,
          state: 'ready',
          conditions: [buildCondition('Ready', 'True', 'Reconciled')],
        },
      ],
    });
  };

  test.each([
    ['570.195.03', '570.195.03', 'pass', 'is pinned, and 2 nodes run it'],
    ['580.105.08', '570.195.03', 'warn', 'CUDA error 803'],
    ['570.195.03', '580.105.08', 'warn', 'Driver 580.105.08'],
    ['565.57.01', '565.57.01', 'warn', 'pins driver 565.57.01, the demo 570.195.03'],
    ['570.195.03', '570.172.08', 'warn', 'but the nodes run 570.172.08'],
    ['570.195.03', null, 'warn', 'no node tells its driver'],
    [null, '570.195.03', 'warn', 'pins no driver'],
  ] as const)('pinned %s, running %s: %s', (pinned, running, status, finding) => {
    const gate = gateOf('gpu-driver', { cluster: scene(pinned, running) });
    expect([gate.status, gate.finding]).toEqual([status, expect.stringContaining(finding)]);
  });
});

describe('gpu-taints', () => {
  const GPU: Taint = { key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' };
  const scene = (taints: readonly Taint[]) =>
    buildCluster({
      nodes: [buildNode(NODE.a, { taints }), buildNode(NODE.b, { taints })],
      pods: [buildBaselinePod(NODE.a), buildEnginePod('engine-a', NODE.b)],
    });

  test.each([
    ['exactly the documented one', [GPU], 'pass'],
    ['none', [], 'warn'],
    ['another value', [{ ...GPU, value: 'present' }], 'warn'],
    ['an empty value', [{ ...GPU, value: '' }], 'warn'],
    ['another effect', [{ ...GPU, effect: 'NoExecute' }], 'fail'],
    [
      'a further one that no engine tolerates',
      [GPU, { key: 'team', value: 'a', effect: 'NoSchedule' }],
      'fail',
    ],
    ['a mere preference', [GPU, { key: 'team', value: 'a', effect: 'PreferNoSchedule' }], 'pass'],
    [
      'a passing one of the node controller',
      [GPU, { key: 'node.kubernetes.io/disk-pressure', value: null, effect: 'NoSchedule' }],
      'pass',
    ],
  ] as const)('with %s: %#', (_name, taints, status) => {
    expect(gateOf('gpu-taints', { cluster: scene(taints) }).status).toBe(status);
  });

  test.each([
    [{ key: 'nvidia.com/gpu', operator: 'Exists', value: null, effect: 'NoSchedule' }, true],
    [{ key: 'nvidia.com/gpu', operator: 'Exists', value: null, effect: null }, true],
    [{ key: null, operator: 'Exists', value: null, effect: null }, true],
    [{ key: 'nvidia.com/gpu', operator: 'Equal', value: 'true', effect: 'NoSchedule' }, true],
    [{ key: 'nvidia.com/gpu', operator: null, value: 'true', effect: 'NoSchedule' }, true],
    [{ key: 'nvidia.com/gpu', operator: 'Equal', value: 'false', effect: 'NoSchedule' }, false],
    [{ key: 'nvidia.com/gpu', operator: 'Exists', value: null, effect: 'NoExecute' }, false],
    [{ key: 'other', operator: 'Exists', value: null, effect: null }, false],
    [{ key: null, operator: 'Equal', value: null, effect: null }, false],
  ] satisfies [Toleration, boolean][])('%j tolerates the taint: %s', (toleration, isTolerated) => {
    expect(toleratesTaint({ tolerations: [toleration] }, GPU)).toBe(isTolerated);
  });
});
