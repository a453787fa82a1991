const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long ago, coarse enough not to flicker: `4 s`, `3 min`, `2 h`, `3 d`. A clock that runs ahead of ours reads
 * as `0 s`.
 */
export function formatAge(ageMs: number): string {
  const age = Math.max(0, ageMs);
  if (age < MINUTE_MS) return `${Math.floor(age / 1_000)}\u00a0s`;
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)}\u00a0min`;
  if (age < DAY_MS) return `${Math.floor(age / HOUR_MS)}\u00a0h`;
  return `${Math.floor(age / DAY_MS)}\u00a0d`;
}
