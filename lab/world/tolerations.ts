import type { Taint, Toleration } from './workload-types.ts';

export const UNREACHABLE = 'node.kubernetes.io/unreachable';

export function isTolerating(
  { key, operator = 'Equal', value = '', effect }: Toleration,
  taint: Taint,
): boolean {
  return (
    (effect === undefined || effect === taint.effect) &&
    (key === undefined ? operator === 'Exists' : key === taint.key) &&
    (operator === 'Exists' || value === (taint.value ?? ''))
  );
}

export function tolerates(tolerations: readonly Toleration[], taint: Taint): boolean {
  return tolerations.some((toleration) => isTolerating(toleration, taint));
}

/** How long a pod may stay on a node with these taints, in seconds; null: for ever. */
export function toleratedSeconds(
  tolerations: readonly Toleration[],
  taints: readonly Taint[],
): number | null {
  let shortest: number | null = null;
  for (const taint of taints) {
    if (taint.effect !== 'NoExecute') continue;
    const matching = tolerations.filter((toleration) => isTolerating(toleration, taint));
    const limits = matching.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
    // Of several tolerations without a limit and with one, the one with the limit counts.
    const seconds = matching.length === 0 ? 0 : limits.length === 0 ? null : Math.min(...limits);
    if (seconds !== null) shortest = Math.min(shortest ?? Number.POSITIVE_INFINITY, Math.max(0, seconds));
  }
  return shortest;
}
