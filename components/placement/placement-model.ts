import type { MarkState } from '@/components/ui/state-mark';
import { type Figure, type Provenance, toFigure } from '@/lib/domain/figure';
import type {
  EngineActivity,
  PathLink,
  Placement,
  PlacementNode,
  PlacementPod,
} from '@/lib/domain/placement';
import type { PodRole } from '@/lib/domain/vocabulary';

/** Consecutive slots of one node that belong together: a pod with k GPUs fills k of them. */
export interface SlotBlock {
  key: string;
  width: number;
  state: 'free' | 'taken' | 'unknown';
  /** The pod, when it is one we list; `occupant` alone when it is another's. */
  pod: PlacementPod | null;
  occupant: { uid: string; namespace: string; name: string } | null;
}

export interface NodeCard {
  node: PlacementNode;
  blocks: SlotBlock[];
  /** Pods on the node that hold no GPU, such as the endpoint picker. */
  riders: PlacementPod[];
}

export interface PlacementView {
  cards: NodeCard[];
  /** Pods without a node. */
  waiting: PlacementPod[];
  /** Pods on nodes that are not shown, because nodes cannot be read. */
  elsewhere: PlacementPod[];
}

const FINISHED_PHASES = new Set(['Succeeded', 'Failed']);

function toBlocks(node: PlacementNode, podByUid: ReadonlyMap<string, PlacementPod>): SlotBlock[] {
  const blocks: SlotBlock[] = [];
  for (const slot of node.slots) {
    const last = blocks.at(-1);
    const uid = slot.occupant?.uid;
    if (uid !== undefined && last?.occupant?.uid === uid) {
      last.width += 1;
      continue;
    }
    blocks.push({
      key: uid ?? `slot-${slot.index}`,
      width: 1,
      state: slot.state,
      pod: uid === undefined ? null : (podByUid.get(uid) ?? null),
      occupant: slot.occupant,
    });
  }
  return blocks;
}

const ARM_ORDER: Record<PlacementPod['arm'], number> = { baseline: 0, distributed: 1, other: 3 };

/** Nodes of the arms first, baseline before distributed, as everywhere; else in the server's order. */
function rankCard(card: NodeCard): number {
  const pods = [...card.blocks.flatMap(({ pod }) => (pod === null ? [] : [pod])), ...card.riders];
  return Math.min(2, ...pods.map((pod) => ARM_ORDER[pod.arm]));
}

export function toPlacementView(placement: Placement): PlacementView {
  const podByUid = new Map(placement.pods.map((pod) => [pod.uid, pod]));
  const inSlot = new Set(placement.nodes.flatMap((node) => node.slots.map((slot) => slot.occupant?.uid)));
  const shown = new Set(placement.nodes.map((node) => node.name));
  const cards = placement.nodes.map((node) => ({
    node,
    blocks: toBlocks(node, podByUid),
    riders: placement.pods.filter(
      (pod) => pod.node === node.name && !inSlot.has(pod.uid) && !FINISHED_PHASES.has(pod.phase),
    ),
  }));
  return {
    cards: cards
      .map((card, index) => ({ card, index }))
      .sort((one, other) => rankCard(one.card) - rankCard(other.card) || one.index - other.index)
      .map(({ card }) => card),
    waiting: placement.pods.filter((pod) => pod.node === null && !FINISHED_PHASES.has(pod.phase)),
    elsewhere: placement.pods.filter((pod) => pod.node !== null && !shown.has(pod.node)),
  };
}

/** Where each pod is and how it does: what must change before anything moves on the screen. */
export function toPlaces(view: PlacementView): Map<string, string> {
  const places = new Map<string, string>();
  const add = (pod: PlacementPod, place: string): void => {
    places.set(
      pod.uid,
      `${place} ${pod.ready ? 'ready' : 'not-ready'} ${pod.terminating ? 'terminating' : ''}`,
    );
  };
  for (const { node, blocks, riders } of view.cards) {
    for (const block of blocks) if (block.pod !== null) add(block.pod, node.name);
    for (const pod of riders) add(pod, node.name);
  }
  for (const pod of view.waiting) add(pod, 'waiting');
  return places;
}

/** Pods that moved or changed between two moments. Nothing has moved at the first sight. */
export function toMovedPods(
  before: ReadonlyMap<string, string> | null,
  after: ReadonlyMap<string, string>,
): string[] {
  if (before === null) return [];
  return [...after].filter(([uid, place]) => before.get(uid) !== place).map(([uid]) => uid);
}

export function shortNodeName(name: string): string {
  return name.split('.')[0] ?? name;
}

/** The part of a pod's name that tells it from its siblings: `rv4xr`, or `0-1` in a group. */
export function shortPodName(pod: PlacementPod): string {
  if (pod.group !== null) return `${pod.group.groupIndex}-${pod.group.workerIndex}`;
  return pod.name.split('-').at(-1) ?? pod.name;
}

export const ROLE_WORDS: Record<PodRole, string> = {
  both: 'prefill + decode',
  prefill: 'prefill',
  decode: 'decode',
  server: 'server',
  scheduler: 'endpoint picker',
  leader: 'leader',
  worker: 'worker',
  unknown: 'role not known',
};

export interface PodStateView {
  mark: MarkState;
  word: string;
  reason: string | null;
  /** Since when it does that; its clock runs beside the word where something is awaited. */
  since: string | null;
}

/** One word for how a pod is, its mark, and the reason where it is not serving. An old picture claims nothing: it says what was. */
export function toPodState(pod: PlacementPod, isOutdated = false): PodStateView {
  const now = toPodStateNow(pod);
  return isOutdated ? { ...now, mark: 'unknown', word: `was ${now.word}`, since: null } : now;
}

function toPodStateNow(pod: PlacementPod): PodStateView {
  const reason = pod.waitingReason;
  if (pod.terminating) return { mark: 'warn', word: 'terminating', reason: null, since: null };
  if (pod.ready) return { mark: 'pass', word: 'ready', reason: null, since: null };
  if (pod.phase === 'Failed') return { mark: 'fail', word: 'failed', reason, since: null };
  if (pod.phase === 'Unknown') return { mark: 'unknown', word: 'not known', reason, since: null };
  switch (pod.doing) {
    case 'loading':
      return { mark: 'warn', word: 'loading', reason, since: pod.since };
    case 'starting':
      return { mark: 'warn', word: 'starting', reason, since: pod.since };
    case 'gated':
    case 'unschedulable':
      return { mark: 'warn', word: 'pending', reason, since: pod.since };
    case 'image':
      return { mark: 'fail', word: 'no image', reason, since: pod.since };
    case 'crashing':
    case 'restart-loop':
      return { mark: 'fail', word: 'crashing', reason, since: null };
    case 'serving':
    case 'terminating':
    case 'finished':
    case 'failed':
      return { mark: 'warn', word: 'not ready', reason, since: null };
    default:
      return pod.doing satisfies never;
  }
}

/** `L4`, `4 × L4`, `? × nvidia.com/gpu`. */
export function toGpuText(node: PlacementNode): string {
  const product = node.gpu.product?.replace(/^NVIDIA[- ]/, '').replaceAll('-', ' ') ?? node.gpu.resource;
  const count = node.gpu.allocatable ?? node.gpu.capacity;
  return count === 1 ? product : `${count ?? '?'} × ${product}`;
}

/** The key of a taint; its value and effect stand in the tooltip. */
export function toTaintText(taint: string): string {
  return taint.split(/[=:]/)[0] ?? taint;
}

export const PATH_MARKS: Record<PathLink['state'], { mark: MarkState; word: string }> = {
  pass: { mark: 'pass', word: 'pass' },
  warn: { mark: 'warn', word: 'warn' },
  fail: { mark: 'fail', word: 'fail' },
  unknown: { mark: 'unknown', word: 'unknown' },
  absent: { mark: 'not-applicable', word: 'absent' },
};

export interface PathParts {
  /** llm-d: what decides which pod answers. */
  platform: PathLink[];
  /** vLLM: what answers. */
  engine: PathLink[];
  /** Routes lead to the pods beside the picker. */
  beside: PathLink[];
}

export function splitPath(path: readonly PathLink[]): PathParts {
  return {
    platform: path.filter(({ kind }) => kind !== 'Route' && kind !== 'Pods'),
    engine: path.filter(({ kind }) => kind === 'Pods'),
    beside: path.filter(({ kind }) => kind === 'Route'),
  };
}

export interface EngineFigures {
  running: Figure;
  waiting: Figure;
  kvCache: Figure;
  tokens: Figure;
  gpu: Figure;
  gpuMemory: Figure;
  /** Height of the fill, 0 to 1; `null` where it is not known. */
  kvCacheRatio: number | null;
}

/** What an engine does now, each number with how we know it. */
export function toEngineFigures(placement: Placement, pod: PlacementPod): EngineFigures {
  const activity: EngineActivity | undefined = placement.activity.find((one) => one.pod === pod.name);
  const because =
    activity === undefined
      ? 'no metrics of this pod yet'
      : 'the engine does not report it, or the sample is too old';
  const provenance = (note: string): Provenance => ({
    mode: placement.mode,
    source: 'prometheus',
    request: activity?.promql ?? `{pod="${pod.name}"}`,
    observedAt: activity?.sampledAt ?? null,
    sampleCount: null,
    note,
  });
  return {
    running: toFigure(
      activity?.running ?? null,
      'requests',
      provenance('Requests in the engine’s batch at the last scrape (vllm:num_requests_running).'),
      because,
    ),
    waiting: toFigure(
      activity?.waiting ?? null,
      'requests',
      provenance('Requests in the engine’s queue at the last scrape (vllm:num_requests_waiting).'),
      because,
    ),
    kvCache: toFigure(
      activity?.kvCacheUsageRatio ?? null,
      'ratio',
      provenance(
        'KV-cache blocks held by requests now, of all blocks. Cached blocks that nobody uses count as free.',
      ),
      because,
    ),
    tokens: toFigure(
      activity?.tokensPerSecond ?? null,
      'tokens/s',
      provenance(
        'Output tokens per second of this pod, over the last scrapes (vllm:generation_tokens_total).',
      ),
      because,
    ),
    ...toGpuFigures(placement, pod, activity),
    kvCacheRatio: activity?.kvCacheUsageRatio ?? null,
  };
}

/** The exporter lives in another namespace, so its series are seen on the cluster-wide port only (metrics §4). */
const NO_DCGM = 'no DCGM series of this pod (GPU operator’s exporter, cluster-wide Prometheus port only)';

function toGpuFigures(
  placement: Placement,
  pod: PlacementPod,
  activity: EngineActivity | undefined,
): Pick<EngineFigures, 'gpu' | 'gpuMemory'> {
  const gpu = activity?.gpu ?? null;
  const provenance = (note: string): Provenance => ({
    mode: placement.mode,
    source: 'prometheus',
    request: gpu?.promql ?? `DCGM_FI_DEV_GPU_UTIL{exported_pod="${pod.name}"}`,
    observedAt: gpu?.sampledAt ?? null,
    sampleCount: null,
    note,
  });
  return {
    gpu: toFigure(
      gpu?.utilizationRatio ?? null,
      'ratio',
      provenance(
        'Share of time in which any kernel ran, of the busiest GPU. Near 100 % under any decoding: it says busy, not how busy.',
      ),
      NO_DCGM,
    ),
    gpuMemory: toFigure(
      gpu?.memoryUsedBytes == null ? null : gpu.memoryUsedBytes / BYTES_PER_GIB,
      'GiB',
      provenance(
        `Framebuffer in use${gpu?.memoryTotalBytes == null ? '' : ` of ${(gpu.memoryTotalBytes / BYTES_PER_GIB).toFixed(1)} GiB`}. The engine takes it at its start, so it is flat afterwards.`,
      ),
      NO_DCGM,
    ),
  };
}

const BYTES_PER_GIB = 1024 ** 3;
