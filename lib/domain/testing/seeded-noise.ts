import { seededRandom } from '../seeded-random';

/** Normal noise of mean 0 and deviation 1 (Box–Muller), the same for the same seed. */
export function seededNoise(seed: number): () => number {
  const uniform = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
