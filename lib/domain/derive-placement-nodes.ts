import type { ClusterSnapshot } from './cluster';
import { compareText } from './derive-placement-pods';
import type { KubeNode } from './objects/core';
import { countGpus, GPU_RESOURCE, gpuResourceOf } from './objects/gpus';
import { instanceTypeOf, isNodeReady } from './objects/nodes';
import type { GpuSlot, Placement, PlacementNode, PlacementPod } from './placement';
import { isReadable, knownPods } from './readable';
import type { DemoSettings } from './settings';

type SlotsByNode = ReadonlyMap<string, readonly GpuSlot[]>;

/**
 * GPU nodes and the nodes of the arms' pods, those of the arms first; the rest is counted. Without the right
 * to list nodes only what the pods themselves tell is shown.
 */
export function deriveNodes(
  settings: DemoSettings,
  cluster: ClusterSnapshot,
  pods: readonly PlacementPod[],
  previous: Placement | null,
): { nodes: PlacementNode[]; foldedNodes: number } {
  const view = cluster.resources.nodes;
  const complete = knownPods(settings, cluster).complete;
  const armNodes = new Set(pods.filter((pod) => pod.arm !== 'other').map((pod) => pod.node));
  const known = isReadable(view) ? view.items : [];
  const shown = known.filter((node) => isGpuNode(node, settings) || armNodes.has(node.meta.name));
  const byNode = groupByNode(pods);
  const slotsBefore = new Map(previous?.nodes.map((node) => [node.name, node.slots]));
  const names = new Set(known.map((node) => node.meta.name));
  const unlisted = [...armNodes].filter((name) => name !== null && !names.has(name));
  const nodes = [
    ...shown.map((node) => toPlacementNode(node, byNode.get(node.meta.name) ?? [], complete, slotsBefore)),
    ...unlisted.flatMap((name) =>
      name === null ? [] : [unlistedNode(name, byNode.get(name) ?? [], slotsBefore)],
    ),
  ];
  nodes.sort(
    (a, b) =>
      Number(armNodes.has(b.name)) - Number(armNodes.has(a.name)) ||
      compareText(a.instanceType ?? '', b.instanceType ?? '') ||
      compareText(a.name, b.name),
  );
  return { nodes, foldedNodes: known.length - shown.length };
}

function isGpuNode(node: KubeNode, settings: DemoSettings): boolean {
  return (
    countGpus(node.capacity) > 0 ||
    node.meta.labels['nvidia.com/gpu.present'] === 'true' ||
    instanceTypeOf(node) === settings.instanceType
  );
}

/** Pods that stand on each node, oldest first. */
function groupByNode(pods: readonly PlacementPod[]): ReadonlyMap<string, readonly PlacementPod[]> {
  const byNode = new Map<string, PlacementPod[]>();
  for (const pod of [...pods].sort(
    (a, b) => compareText(a.createdAt, b.createdAt) || compareText(a.uid, b.uid),
  )) {
    if (pod.node === null || pod.phase === 'Failed') continue;
    const known = byNode.get(pod.node);
    if (known === undefined) byNode.set(pod.node, [pod]);
    else known.push(pod);
  }
  return byNode;
}

function toPlacementNode(
  node: KubeNode,
  pods: readonly PlacementPod[],
  complete: boolean,
  slotsBefore: SlotsByNode,
): PlacementNode {
  const allocatable = countGpus(node.allocatable);
  return {
    name: node.meta.name,
    instanceType: instanceTypeOf(node),
    zone: node.meta.labels['topology.kubernetes.io/zone'] ?? null,
    ready: isNodeReady(node),
    schedulable: !node.unschedulable,
    taints: node.taints.map(
      (taint) => `${taint.key}${taint.value === null ? '' : `=${taint.value}`}:${taint.effect}`,
    ),
    gpu: {
      resource: gpuResourceOf(node.capacity),
      product: node.meta.labels['nvidia.com/gpu.product'] ?? null,
      capacity: countGpus(node.capacity),
      allocatable,
      requested: complete ? pods.reduce((sum, pod) => sum + pod.gpus, 0) : null,
    },
    slots: fillSlots(node.meta.name, allocatable, pods, complete, slotsBefore),
  };
}

/** A node that only its pods speak of. */
function unlistedNode(name: string, pods: readonly PlacementPod[], slotsBefore: SlotsByNode): PlacementNode {
  return {
    name,
    instanceType: null,
    zone: null,
    ready: pods.some((pod) => pod.ready),
    schedulable: true,
    taints: [],
    gpu: { resource: GPU_RESOURCE, product: null, capacity: null, allocatable: null, requested: null },
    slots: fillSlots(name, 0, pods, false, slotsBefore),
  };
}

/**
 * A pod keeps the slots it had; a new one takes the lowest that are left, oldest pod first. Without the pods
 * of other namespaces an empty slot is unknown, not free.
 */
function fillSlots(
  nodeName: string,
  allocatable: number,
  pods: readonly PlacementPod[],
  complete: boolean,
  slotsBefore: SlotsByNode,
): GpuSlot[] {
  const taken = pods.reduce((sum, pod) => sum + pod.gpus, 0);
  const length = Math.max(allocatable, taken);
  const occupants: (PlacementPod | null)[] = new Array<PlacementPod | null>(length).fill(null);
  const before = slotsBefore.get(nodeName) ?? [];
  for (const pod of pods) {
    const kept = before
      .filter((slot) => slot.occupant?.uid === pod.uid && slot.index < length)
      .slice(0, pod.gpus);
    for (const slot of kept) occupants[slot.index] = pod;
  }
  for (const pod of pods) {
    let missing = pod.gpus - occupants.filter((occupant) => occupant?.uid === pod.uid).length;
    for (let index = 0; index < length && missing > 0; index += 1) {
      if (occupants[index] === null) {
        occupants[index] = pod;
        missing -= 1;
      }
    }
  }
  return occupants.map((pod, index) => ({
    index,
    occupant: pod === null ? null : { uid: pod.uid, namespace: pod.namespace, name: pod.name },
    state: pod !== null ? 'taken' : complete ? 'free' : 'unknown',
  }));
}
