import type { MarkState } from '@/components/ui/state-mark';
import type { PathLink, Placement, PlacementNode, PlacementPod } from '@/lib/domain/placement';
import type { PodRole } from '@/lib/domain/vocabulary';
import { countOf } from '@/lib/format/words';

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
  /** GPU nodes beyond the cards that have room: counted, and drawn on demand. */
  folded: NodeCard[];
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

/** So many cards have room for a hero number each. */
const ROOMY_CARDS = 3;
/** A node with many GPUs takes two columns; then the row has one more. */
const ROOMY_COLUMNS = 4;

/** Columns of the row that a card takes. */
export function spanOf({ blocks }: NodeCard): number {
  return blocks.reduce((sum, block) => sum + block.width, 0) > 2 ? 2 : 1;
}

/** Whether these cards fit beside each other, each with a hero number. */
export function isRoomy(cards: readonly NodeCard[]): boolean {
  return cards.length <= ROOMY_CARDS && cards.reduce((sum, card) => sum + spanOf(card), 0) <= ROOMY_COLUMNS;
}

const ARM_CARD = 1;

/** The arms' own nodes always; other GPU nodes while there is room. Nobody came to see a wall of free slots. */
function fold(cards: readonly NodeCard[]): Pick<PlacementView, 'cards' | 'folded'> {
  const shown = cards.filter((card) => rankCard(card) <= ARM_CARD);
  const others = cards.filter((card) => rankCard(card) > ARM_CARD);
  while (others[0] !== undefined && isRoomy([...shown, others[0]])) {
    shown.push(others[0]);
    others.shift();
  }
  return { cards: shown, folded: others };
}

/** `showsAll`: every GPU node is drawn, however many there are. */
export function toPlacementView(placement: Placement, showsAll = false): PlacementView {
  const podByUid = new Map(placement.pods.map((pod) => [pod.uid, pod]));
  const inSlot = new Set(placement.nodes.flatMap((node) => node.slots.map((slot) => slot.occupant?.uid)));
  const shown = new Set(placement.nodes.map((node) => node.name));
  const riders = Map.groupBy(
    placement.pods.filter((pod) => !inSlot.has(pod.uid) && !FINISHED_PHASES.has(pod.phase)),
    (pod) => pod.node,
  );
  const cards = placement.nodes
    .map((node) => ({ node, blocks: toBlocks(node, podByUid), riders: riders.get(node.name) ?? [] }))
    .map((card, index) => ({ card, index }))
    .sort((one, other) => rankCard(one.card) - rankCard(other.card) || one.index - other.index)
    .map(({ card }) => card);
  return {
    ...(showsAll ? { cards, folded: [] } : fold(cards)),
    waiting: placement.pods.filter((pod) => pod.node === null && !FINISHED_PHASES.has(pod.phase)),
    elsewhere: placement.pods.filter((pod) => pod.node !== null && !shown.has(pod.node)),
  };
}

/** `1,000 more GPU nodes, 998 GPUs free`: what the folded nodes come to; free only where it is known of each. */
export function toFoldedWords(folded: readonly NodeCard[]): string | null {
  if (folded.length === 0) return null;
  const blocks = folded.flatMap(({ node, blocks: own }) => (node.ready && node.schedulable ? own : []));
  const free = blocks.filter(({ state }) => state === 'free').length;
  const isKnown = blocks.every(({ state }) => state !== 'unknown');
  const nodes = countOf(folded.length, 'more GPU node');
  return isKnown ? `${nodes}, ${countOf(free, 'GPU')} free` : nodes;
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
  for (const { node, blocks, riders } of [...view.cards, ...view.folded]) {
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
    case 'node-lost':
      return { mark: 'fail', word: 'node lost', reason, since: pod.since };
    case 'unready':
      return { mark: 'warn', word: 'not ready', reason, since: pod.since };
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
