import { type Random, seededRandom } from '../random.ts';

/** Names and ids that a run of the lab invents; the same seed invents the same ones. */
export interface Identifiers {
  uid(): string;
  /** Random characters as Kubernetes appends them to generated names (no vowels, nothing that looks like another). */
  suffix(length?: number): string;
  hex(length: number): string;
}

const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const HEX = '0123456789abcdef';

function pick(random: Random, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}

export function createIdentifiers(seed: number): Identifiers {
  const random = seededRandom(seed);
  const hex = (length: number): string => pick(random, HEX, length);
  return {
    uid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${pick(random, '89ab', 1)}${hex(3)}-${hex(12)}`,
    suffix: (length = 5) => pick(random, NAME_ALPHABET, length),
    hex,
  };
}
