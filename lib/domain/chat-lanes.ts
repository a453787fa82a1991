import { type Arm, CHAT_PATHS, type ChatPath } from './vocabulary';

/**
 * The places at the start line. `distributed-2` is the distributed arm once more, to be asked by another path: the same
 * pods with and without the picker answer "isn't it just two GPUs?".
 */
export const LANE_IDS = ['baseline', 'distributed', 'distributed-2'] as const;
export type LaneId = (typeof LANE_IDS)[number];

export function armOfLane(lane: LaneId): Arm {
  return lane === 'baseline' ? 'baseline' : 'distributed';
}

export function parseChatPath(value: string | null): ChatPath | null {
  return CHAT_PATHS.find((path) => path === value) ?? null;
}
