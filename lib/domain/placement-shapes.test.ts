/** Shapes of clusters that the picture must tell apart: nodes, sharing, rollouts and losses. */
import { describe, expect, test } from 'vitest';
import { derivePlacement } from './derive-placement';
import type { KubeNode, KubePod } from './objects/core';
import type { Placement } from './placement';
import { DEFAULT_SETTINGS, type DemoSettings } from './settings';
import { buildCluster, FORBIDDEN, healthyProbes, NODE, NOW } from './testing/build-cluster';
import {
  buildCondition,
  buildContainer,
  buildEnginePod,
  buildForeignPod,
  buildLlmService,
  buildNode,
  buildWorkload,
  POD_TROUBLE,
} from './testing/build-objects';

interface Shape {
  nodes: KubeNode[];
  pods: KubePod[];
  replicas?: number;
  settings?: Partial<DemoSettings>;
}

function place({ nodes, pods, replicas = 2, settings = {} }: Shape, views = {}): Placement {
  const llminferenceservices = [buildLlmService({ main: buildWorkload({ replicas }) })];
  return derivePlacement({
    settings: { ...DEFAULT_SETTINGS, ...settings },
    cluster: buildCluster({ nodes, pods, llminferenceservices }, views),
    probes: healthyProbes(),
    activity: [],
    mode: 'live',
    now: NOW,
    previous: null,
    actions: { deletePod: false, needsToken: false },
  });
}

const slotsOf = (placement: Placement, name: string) =>
  placement.nodes
    .find((node) => node.name === name)
    ?.slots.map(({ occupant, state }) => occupant?.name ?? state);

function withResource(
  name: string,
  resource: string,
  amount: number,
  labels: Record<string, string>,
): KubeNode {
  const node = buildNode(name, {
    capacity: { cpu: 16, [resource]: amount },
    allocatable: { cpu: 15.5, [resource]: amount },
  });
  return { ...node, meta: { ...node.meta, labels: { ...node.meta.labels, ...labels } } };
}

const asking = (name: string, node: string | null, resource: string, amount = 1): KubePod =>
  buildEnginePod(name, node, { containers: [buildContainer({ gpus: { [resource]: amount } })] });

describe('shapes', () => {
  test('one GPU, one replica', () => {
    const placement = place({
      nodes: [buildNode(NODE.b)],
      pods: [buildEnginePod('a', NODE.b)],
      replicas: 1,
      settings: { expectedReplicas: 1 },
    });
    expect(placement.statement).toMatchObject({
      text: '1 replica, the whole model, on 1 g6.4xlarge node',
      verdict: 'pass',
    });
    expect(slotsOf(placement, NODE.b)).toEqual(['a']);
  });

  test('two replicas on one node with two GPUs share it, and that is said', () => {
    const placement = place({
      nodes: [buildNode(NODE.b, { gpus: 2 })],
      pods: [buildEnginePod('a', NODE.b), buildEnginePod('b', NODE.b)],
    });
    expect(placement.statement).toMatchObject({
      text: '2 replicas, each the whole model, on the same g6.4xlarge node',
      verdict: 'warn',
    });
    expect(slotsOf(placement, NODE.b)).toEqual(['a', 'b']);
  });

  test('MIG slices are slots of their own resource', () => {
    const resource = 'nvidia.com/mig-3g.20gb';
    const placement = place({
      nodes: [withResource('mig', resource, 3, { 'nvidia.com/mig.strategy': 'mixed' })],
      pods: [asking('a', 'mig', resource), asking('b', 'mig', resource)],
    });
    expect(placement.nodes[0]?.gpu).toMatchObject({ resource, capacity: 3, allocatable: 3, requested: 2 });
    expect(slotsOf(placement, 'mig')).toEqual(['a', 'b', 'free']);
  });

  test('time slices are slots, and the product says that they are shared', () => {
    const placement = place({
      nodes: [
        withResource('sliced', 'nvidia.com/gpu', 4, {
          'nvidia.com/gpu.product': 'NVIDIA-L4-SHARED',
          'nvidia.com/gpu.replicas': '4',
          'nvidia.com/gpu.sharing-strategy': 'time-slicing',
        }),
      ],
      pods: [buildEnginePod('a', 'sliced'), buildEnginePod('b', 'sliced')],
    });
    expect(placement.nodes[0]?.gpu).toMatchObject({ product: 'NVIDIA-L4-SHARED', capacity: 4, requested: 2 });
    expect(slotsOf(placement, 'sliced')).toEqual(['a', 'b', 'free', 'free']);
  });

  test('a renamed shared resource counts as GPUs too', () => {
    const resource = 'nvidia.com/gpu.shared';
    const placement = place({
      nodes: [withResource('shared', resource, 2, {})],
      pods: [asking('a', 'shared', resource), asking('b', 'shared', resource)],
    });
    expect(slotsOf(placement, 'shared')).toEqual(['a', 'b']);
  });

  test('a node with several GPUs holds an arm and others side by side', () => {
    const placement = place({
      nodes: [buildNode('big', { gpus: 4, type: 'g6.12xlarge' })],
      pods: [asking('a', 'big', 'nvidia.com/gpu', 2), buildForeignPod('train', 'big')],
      replicas: 1,
    });
    expect(slotsOf(placement, 'big')).toEqual(['a', 'a', 'train', 'free']);
    expect(placement.nodes[0]?.gpu.requested).toBe(3);
  });

  test('mid-rollout the old pod holds its slot while it leaves, and the new one waits', () => {
    const old = buildEnginePod('old', NODE.b);
    const leaving = { ...old, meta: { ...old.meta, deletedAt: '2025-12-29T14:20:30Z' } };
    const placement = place({
      nodes: [buildNode(NODE.b), buildNode(NODE.c)],
      pods: [leaving, buildEnginePod('kept', NODE.c), buildEnginePod('new', null, POD_TROUBLE.unschedulable)],
    });
    expect(slotsOf(placement, NODE.b)).toEqual(['old']);
    expect(placement.pods.map(({ name, doing }) => [name, doing])).toEqual([
      ['kept', 'serving'],
      ['new', 'unschedulable'],
      ['old', 'terminating'],
    ]);
    expect(placement.statement.text).toBe('1 replica, the whole model, on 1 g6.4xlarge node; 1 of 2 ready');
  });

  test('a lost node stays with its pod, not Ready, tainted unreachable', () => {
    const lost = buildNode(NODE.c, {
      conditions: [buildCondition('Ready', 'Unknown', 'NodeStatusUnknown')],
      taints: [{ key: 'node.kubernetes.io/unreachable', value: null, effect: 'NoExecute' }],
    });
    const silent = buildEnginePod('b', NODE.c, {
      conditions: [buildCondition('Ready', 'False', 'NodeNotReady'), buildCondition('PodScheduled')],
    });
    const placement = place({
      nodes: [buildNode(NODE.b), lost],
      pods: [buildEnginePod('a', NODE.b), silent],
    });
    expect(placement.nodes.find(({ name }) => name === NODE.c)).toMatchObject({
      ready: false,
      taints: ['node.kubernetes.io/unreachable:NoExecute'],
    });
    expect(slotsOf(placement, NODE.c)).toEqual(['b']);
    expect(placement.statement).toMatchObject({ verdict: 'warn' });
  });

  test('with the device plugin down nothing is free, and what is held is still shown', () => {
    const down = buildNode(NODE.b, { capacity: { cpu: 16 }, allocatable: { cpu: 15.5 } });
    const placement = place({ nodes: [down, buildNode(NODE.c)], pods: [buildEnginePod('a', NODE.b)] });
    expect(placement.nodes.find(({ name }) => name === NODE.b)?.gpu).toMatchObject({
      capacity: 0,
      allocatable: 0,
      requested: 1,
    });
    expect(slotsOf(placement, NODE.b)).toEqual(['a']);
    expect(slotsOf(placement, NODE.c)).toEqual(['free']);
  });

  test('without other namespaces’ pods an empty slot is unknown: this demo only', () => {
    const shape = { nodes: [buildNode(NODE.b), buildNode(NODE.c)], pods: [buildEnginePod('a', NODE.b)] };
    expect(place(shape).allPodsSeen).toBe(true);
    const placement = place(shape, { 'pods-all': FORBIDDEN });
    expect(placement.allPodsSeen).toBe(false);
    expect(slotsOf(placement, NODE.c)).toEqual(['unknown']);
  });

  test('an autoscaler’s third replica is said, with whose doing it is', () => {
    const hpa = {
      meta: {
        ...buildEnginePod('x', null).meta,
        name: 'engines',
      },
      target: { kind: 'LLMInferenceService', name: DEFAULT_SETTINGS.distributedName },
      minReplicas: 1,
      maxReplicas: 4,
      currentReplicas: 3,
      desiredReplicas: 3,
      metrics: [],
    };
    const cluster = buildCluster({
      nodes: [NODE.a, NODE.b, NODE.c].map((name) => buildNode(name)),
      pods: [NODE.a, NODE.b, NODE.c].map((name) => buildEnginePod(`on-${name}`, name)),
      hpas: [hpa],
    });
    const { statement } = derivePlacement({
      settings: DEFAULT_SETTINGS,
      cluster,
      probes: [],
      activity: [],
      mode: 'live',
      now: NOW,
      previous: null,
      actions: { deletePod: false, needsToken: false },
    });
    expect(statement).toMatchObject({
      text: '3 replicas, each the whole model, on 3 different g6.4xlarge nodes; 1 more than declared',
      verdict: 'warn',
      note: 'HPA engines wants 3, at most 4',
    });
  });
});
