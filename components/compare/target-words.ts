import type { Target } from '@/lib/domain/compare';
import { toScreenWords } from './screen-words';

/** What a hypothesis is worth by now, with how it ended: `measured: …: kept`, `not yet measured: …`. */
export function toTargetWords({ state, text }: Pick<Target, 'state' | 'text'>): string {
  const words = toScreenWords(text);
  switch (state) {
    case 'met':
      return `${words}: kept`;
    case 'missed':
      return `${words}: missed`;
    case 'not-yet-measured':
      return words;
    default:
      return state satisfies never;
  }
}
