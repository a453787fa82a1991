import { type ChatTurn, toMeasured } from '@/lib/domain/chat-model';
import type { LaneFacts } from '@/lib/domain/lane-facts';
import type { UsedPath } from '@/lib/domain/vocabulary';
import type { ServedBy } from './served-by';

const PATH_WORDS: Record<UsedPath, string> = {
  gateway: 'Gateway',
  route: 'Route',
  service: 'Service',
  override: 'configured URL',
};

/** What is known of the picker (the llm-d scheduler) on an answer's way. */
export type PickerSight =
  /** Its header was on the answer. */
  | 'seen'
  /** The path leads through it, and its header was missing: the Gateway fell open, or answered by itself. */
  | 'missed'
  /** Its header was missing, and nobody knows whether the way leads through it. */
  | 'unmarked'
  /** The path goes round it. */
  | 'bypassed'
  /** The path should lead through it; the answer has not told yet. */
  | 'expected'
  /** The arm has none, or nothing tells. */
  | 'none';

export function toPickerSight(turn: ChatTurn): PickerSight {
  if (turn.start === null) return 'none';
  const seen = isRefused(turn) ? null : (toMeasured(turn)?.schedulerSeen ?? null);
  if (seen === true) return 'seen';
  if (turn.start.arm !== 'distributed') return 'none';
  switch (turn.start.schedulerInPath) {
    case true:
      return seen === false ? 'missed' : 'expected';
    case false:
      return 'bypassed';
    case null:
      return seen === false ? 'unmarked' : 'none';
    default:
      return turn.start.schedulerInPath satisfies never;
  }
}

/** The picker leaves its mark on what an engine answers; a refusal may be its own, or of whoever stands before it. */
function isRefused({ outcome }: ChatTurn): boolean {
  return outcome.state === 'failed' && outcome.error.upstreamStatus !== 200;
}

/** The way the answer took, in words: `Gateway → picker → rv4xr`. The picker is named only where it was seen. */
export function toPathWords(turn: ChatTurn, servedBy: ServedBy | null): string {
  if (turn.start === null) return '';
  const parts = [PATH_WORDS[turn.start.path]];
  if (toPickerSight(turn) === 'seen') parts.push('picker');
  if (servedBy !== null) parts.push(servedBy.pod.split('-').at(-1) ?? servedBy.pod);
  return parts.join(' → ');
}

/** Why the picker was not on the way, in a few words; `null` where it was, or where none is to be expected. */
export function whyBypassed(turn: ChatTurn, facts: LaneFacts | null): { short: string; long: string } | null {
  const sight = toPickerSight(turn);
  if (sight === 'missed') {
    return {
      short: 'picker not seen',
      long: 'The path leads through the picker, but the answer does not carry its mark (x-went-into-resp-headers): the Gateway answered without it.',
    };
  }
  if (sight === 'unmarked') {
    return {
      short: 'picker not seen',
      long: 'The answer does not carry the picker’s mark (x-went-into-resp-headers). Whether the way leads through it is not known.',
    };
  }
  if (sight !== 'bypassed' || turn.start === null) return null;
  const used = PATH_WORDS[turn.start.path];
  if (turn.asked.path !== null) {
    return { short: 'scheduler bypassed: chosen', long: `The path by ${used} was chosen on this screen.` };
  }
  if (turn.start.path === 'override') {
    return {
      short: 'scheduler bypassed: configured',
      long: 'The configured URL does not lead through it.',
    };
  }
  const gateway = facts?.paths.find(({ path }) => path === 'gateway') ?? null;
  if (gateway === null || gateway.usable) {
    return { short: 'scheduler bypassed', long: `The answer came by ${used}.` };
  }
  return { short: 'scheduler bypassed: no Gateway', long: `The Gateway cannot be used: ${gateway.finding}` };
}
