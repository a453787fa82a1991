import type { ProbeResult } from './probe';
import type { Arm, UsedPath } from './vocabulary';

/** The newest probe of that kind on that path. */
export function latestProbe(
  probes: readonly ProbeResult[],
  arm: Arm,
  path: UsedPath | null,
  kind: ProbeResult['kind'] | null,
): ProbeResult | null {
  return probes.reduce<ProbeResult | null>((newest, probe) => {
    const matches =
      probe.arm === arm && (path === null || probe.path === path) && (kind === null || probe.kind === kind);
    return matches && (newest === null || probe.observedAt > newest.observedAt) ? probe : newest;
  }, null);
}

export function answeredWell(probe: ProbeResult): boolean {
  return (
    probe.outcome === 'answered' &&
    probe.httpStatus !== null &&
    probe.httpStatus >= 200 &&
    probe.httpStatus < 300
  );
}
