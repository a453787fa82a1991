import type { LaneId } from '@/lib/domain/chat-lanes';
import {
  type ArrivedDelta,
  applyBeat,
  applyChatEvent,
  applyDeltas,
  applyPing,
  type ChatTurn,
  loseTurn,
} from '@/lib/domain/chat-model';
import type { ChatStreamItem } from './chat-stream';

/** Something that came and is not on the screen yet, with the browser's monotonic clock since its question was sent. */
export interface PendingItem {
  lane: LaneId;
  item: ChatStreamItem;
  elapsedMs: number;
}

function applyItem(turn: ChatTurn, item: ChatStreamItem, elapsedMs: number): ChatTurn {
  switch (item.type) {
    case 'event':
      return applyChatEvent(turn, item.event, elapsedMs);
    case 'ping':
      return applyPing(turn, elapsedMs);
    case 'beat':
      return applyBeat(turn, elapsedMs);
    case 'lost':
      return loseTurn(turn, item.problem);
    default:
      return item satisfies never;
  }
}

/** The turn after the items of one lane; runs of deltas are taken in as one. */
export function applyItems(turn: ChatTurn, items: readonly PendingItem[]): ChatTurn {
  let next = turn;
  let deltas: ArrivedDelta[] = [];
  const takeDeltas = (): void => {
    if (deltas.length > 0) next = applyDeltas(next, deltas);
    deltas = [];
  };
  for (const { item, elapsedMs } of items) {
    if (
      item.type === 'event' &&
      (item.event.type === 'text-delta' || item.event.type === 'reasoning-delta')
    ) {
      deltas.push({ delta: item.event, elapsedMs });
    } else {
      takeDeltas();
      next = applyItem(next, item, elapsedMs);
    }
  }
  takeDeltas();
  return next;
}

function sizeOf({ item }: PendingItem): number {
  return item.type === 'event' && 'text' in item.event ? item.event.text.length : 0;
}

/** How many items may be taken in now, by the text in them; at least one. */
export function countWithin(items: readonly PendingItem[], characters: number): number {
  let total = 0;
  const over = items.findIndex((item) => {
    total += sizeOf(item);
    return total > characters;
  });
  return over === -1 ? items.length : Math.max(1, over);
}
