import type { Target } from '@/lib/domain/compare';
import { toScreenWords } from './screen-words';

/** What a hypothesis is worth by now, with how it ended: `measured: kept, …`, `not yet measured: …`. */
export function toTargetWords({ state, text }: Pick<Target, 'state' | 'text'>): string {
  const words = toScreenWords(text);
  const ended = (word: string): string =>
    words.startsWith('measured: ') ? words.replace('measured: ', `measured: ${word}, `) : `${word}: ${words}`;
  switch (state) {
    case 'met':
      return ended('kept');
    case 'missed':
      return ended('missed');
    case 'not-yet-measured':
      return words;
    default:
      return state satisfies never;
  }
}
