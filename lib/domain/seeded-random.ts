/** Uniform in [0, 1): the same seed gives the same numbers. For what must vary and yet be repeatable; no secret is made of it. */
export type SeededRandom = () => number;

/** mulberry32: one 32-bit word of state, good enough to tell requests apart. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 to below `count`. */
export function pickIndex(random: SeededRandom, count: number): number {
  return Math.floor(random() * count);
}
