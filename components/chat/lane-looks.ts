import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { armOfLane, type LaneId } from '@/lib/domain/chat-lanes';
import type { ChatPath } from '@/lib/domain/vocabulary';
import type { LineUp } from './chat-scene';

const PATH_NAMES: Record<ChatPath, string> = { gateway: 'Gateway', route: 'Route', service: 'Service' };

/** What a lane is called: its arm, and the path where the same arm runs in both. */
export function laneName(lane: LaneId, lineUp: LineUp, path: ChatPath | null): string {
  const look = ARM_LOOKS[armOfLane(lane)];
  if (lineUp !== 'paths') return look.name;
  return path === null ? `${look.short} by the best path` : `${look.short} by ${PATH_NAMES[path]}`;
}

/** The same in a word, for sentences that compare. */
export function laneShortName(lane: LaneId, lineUp: LineUp, path: ChatPath | null): string {
  const { short } = ARM_LOOKS[armOfLane(lane)];
  if (lineUp !== 'paths') return short;
  return path === null ? 'best path' : PATH_NAMES[path];
}
