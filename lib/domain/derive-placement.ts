import type { ClusterSnapshot } from './cluster';
import { deriveEvents } from './derive-placement-events';
import { deriveNodes } from './derive-placement-nodes';
import { derivePath, isSchedulerInPath } from './derive-placement-path';
import { derivePods } from './derive-placement-pods';
import { deriveStatement } from './derive-placement-statement';
import type { EngineActivity, Placement } from './placement';
import type { ProbeResult } from './probe';
import type { DemoSettings } from './settings';
import type { Mode, UnixMs } from './vocabulary';

export interface PlacementInput {
  settings: DemoSettings;
  cluster: ClusterSnapshot;
  probes: readonly ProbeResult[];
  activity: readonly EngineActivity[];
  mode: Mode;
  now: UnixMs;
  /** The placement before this one: a pod keeps its slots while it lives. */
  previous: Placement | null;
}

/** Which pod sits on which GPU, by what is there and not by what was planned. Pure. */
export function derivePlacement(input: PlacementInput): Placement {
  const { settings, cluster, now } = input;
  const pods = derivePods(settings, cluster);
  const { nodes, foldedNodes } = deriveNodes(settings, cluster, pods, input.previous);
  const provenAt = cluster.resources.pods.lastProofAt ?? now;
  return {
    mode: input.mode,
    observedAt: new Date(provenAt).toISOString(),
    nodesState: cluster.resources.nodes.state,
    foldedNodes,
    statement: deriveStatement(settings, cluster, now),
    nodes,
    pods,
    path: derivePath(settings, cluster, now),
    schedulerInPath: isSchedulerInPath(settings, cluster, input.probes),
    activity: [...input.activity].sort((a, b) => (a.pod < b.pod ? -1 : 1)),
    events: deriveEvents(cluster),
  };
}
