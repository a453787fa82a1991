import { ARM_LOOKS } from '@/components/ui/arm-mark';
import { armOfLane, type LaneId } from '@/lib/domain/chat-lanes';
import type { ChatPath } from '@/lib/domain/vocabulary';
import type { LineUp } from './chat-scene';

const BY_PATH: Record<ChatPath, string> = {
  gateway: 'by Gateway',
  route: 'by Route',
  service: 'by Service',
};

/** What a lane is called: its arm, and the path where the same arm runs in both. */
export function laneName(lane: LaneId, lineUp: LineUp, path: ChatPath | null): string {
  return lineUp === 'paths' ? laneShortName(lane, lineUp, path) : ARM_LOOKS[armOfLane(lane)].name;
}

/** The same in a word or three, for sentences that compare. */
export function laneShortName(lane: LaneId, lineUp: LineUp, path: ChatPath | null): string {
  const { short } = ARM_LOOKS[armOfLane(lane)];
  if (lineUp !== 'paths') return short;
  return path === null ? short : `${short} ${BY_PATH[path]}`;
}
