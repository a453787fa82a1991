import { capitalised } from '../capitalised';
import type { Condition } from '../objects/meta';

const NUMBER_WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six'];

/** "one node", "3 nodes", "no nodes". */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${amount === 0 ? 'no' : amount} ${amount === 1 ? singular : plural}`;
}

/** Small whole numbers in words, as in running text. */
export function inWords(amount: number): string {
  return NUMBER_WORDS[amount] ?? String(amount);
}

/**
 * Ends with a full stop and begins with a capital, unless it begins with the name of an object, an API or a
 * metric (`vllm: series …`).
 */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const beginsWithWord = /^[a-z]+(?=[\s,;]|$)/.test(trimmed);
  const capital = beginsWithWord ? capitalised(trimmed) : trimmed;
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}

/** `Ready=False (MinimumReplicasUnavailable: Deployment does not have minimum availability.)` */
export function conditionText(condition: Condition): string {
  const because = [condition.reason, condition.message].filter((part) => part !== null).join(': ');
  return `${condition.type}=${condition.status}${because === '' ? '' : ` (${because})`}`;
}

/** "a, b and c". */
export function listText(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
