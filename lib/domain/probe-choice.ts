import type { ProbeResult } from './probe';
import type { Arm, UnixMs, UsedPath } from './vocabulary';

/** How long a probe speaks for its endpoint: three rounds of 15 s, or two completions, which come every 60 to 75 s. */
const FRESH_MS: Readonly<Record<ProbeResult['kind'], number>> = { models: 45_000, completion: 150_000 };

export interface ProbeFilter {
  path?: UsedPath;
  kind?: ProbeResult['kind'];
}

/** The newest probe of an arm that matches. */
export function latestProbe(
  probes: readonly ProbeResult[],
  arm: Arm,
  filter: ProbeFilter = {},
): ProbeResult | null {
  return probes.reduce<ProbeResult | null>((newest, probe) => {
    const matches =
      probe.arm === arm &&
      (filter.path === undefined || probe.path === filter.path) &&
      (filter.kind === undefined || probe.kind === filter.kind);
    return matches && (newest === null || probe.observedAt > newest.observedAt) ? probe : newest;
  }, null);
}

/** The newest probe of each path and kind of an arm, newest first. */
export function currentProbes(probes: readonly ProbeResult[], arm: Arm): readonly ProbeResult[] {
  const newest = new Map<string, ProbeResult>();
  for (const probe of probes) {
    if (probe.arm !== arm) continue;
    const key = `${probe.path} ${probe.kind}`;
    const known = newest.get(key);
    if (known === undefined || probe.observedAt > known.observedAt) newest.set(key, probe);
  }
  return [...newest.values()].sort((a, b) => b.observedAt - a.observedAt);
}

/**
 * The last word of each path, whatever its kind: an old success does not outweigh a newer refusal, and a list of
 * models does not outweigh a refused completion, since nobody asks a model for its name.
 */
export function newestPerPath(probes: readonly ProbeResult[], arm: Arm): readonly ProbeResult[] {
  const words = new Map<UsedPath, ProbeResult>();
  for (const probe of currentProbes(probes, arm)) {
    const newer = words.get(probe.path);
    const decides =
      newer === undefined || (probe.kind === 'completion' && !answeredWell(probe) && answeredWell(newer));
    if (decides) words.set(probe.path, probe);
  }
  return [...words.values()].sort((a, b) => b.observedAt - a.observedAt);
}

/** The server answered, and with success. */
export function answeredWell(probe: ProbeResult): boolean {
  return (
    probe.outcome === 'answered' &&
    probe.httpStatus !== null &&
    probe.httpStatus >= 200 &&
    probe.httpStatus < 300
  );
}

export function isFresh(probe: ProbeResult, now: UnixMs): boolean {
  return now - probe.observedAt <= FRESH_MS[probe.kind];
}
