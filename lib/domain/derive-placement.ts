import type { ClusterSnapshot } from './cluster';
import { deriveEvents } from './derive-placement-events';
import { deriveNodes } from './derive-placement-nodes';
import { derivePath } from './derive-placement-path';
import { derivePods } from './derive-placement-pods';
import { deriveStatement } from './derive-placement-statement';
import type { EngineActivity, Placement } from './placement';
import { deriveQuota, deriveScaling } from './placement-scaling';
import { findScheduler } from './placement-scheduler';
import { deriveStories } from './placement-stories';
import { deriveServices } from './placement-tree';
import type { ProbeResult } from './probe';
import { knownPods, PROOF_OF_LIFE_MS } from './readable';
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
  /** What this dashboard may do to a pod; decided again at each request. */
  actions: Placement['actions'];
  /** Pod uid → Workloads before it in its queue, where Kueue's visibility API tells. */
  queuePositions?: ReadonlyMap<string, number>;
}

/** Which pod sits on which GPU, by what is there and not by what was planned. Pure. */
export function derivePlacement(input: PlacementInput): Placement {
  const { settings, cluster, now } = input;
  const pods = derivePods(settings, cluster, input.queuePositions);
  const { nodes, foldedNodes } = deriveNodes(settings, cluster, pods, input.previous);
  const view = cluster.resources.pods;
  const scheduler = findScheduler(settings, cluster, input.probes);
  return {
    mode: input.mode,
    observedAt: new Date(view.lastProofAt ?? now).toISOString(),
    nodesState: cluster.resources.nodes.state,
    foldedNodes,
    statement: deriveStatement(settings, cluster, now),
    nodes,
    pods,
    path: derivePath(settings, cluster, input.probes, now),
    schedulerInPath: scheduler.inPath,
    schedulerFinding: scheduler.finding,
    activity: [...input.activity].sort((a, b) => (a.pod < b.pod ? -1 : 1)),
    events: deriveEvents(cluster),
    podsState: view.state,
    isOutdated: view.lastProofAt !== null && now - view.lastProofAt > PROOF_OF_LIFE_MS,
    allPodsSeen: knownPods(settings, cluster).complete,
    stories: deriveStories(settings, cluster, input.previous, now),
    services: deriveServices(settings, cluster),
    scaling: deriveScaling(settings, cluster),
    quota: deriveQuota(settings, cluster),
    actions: input.actions,
    requests: {
      nodes: cluster.resources.nodes.request,
      pods: view.request,
      events: cluster.resources.events.request,
    },
  };
}
