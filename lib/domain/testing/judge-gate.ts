import type { AccessFacts } from '../access-facts';
import type { Gate } from '../checklist';
import type { ClusterSnapshot } from '../cluster';
import { evaluateChecklist } from '../evaluate-checklist';
import type { GateId } from '../gates/gate-row';
import type { MetricsFacts } from '../metrics-facts';
import type { ProbeResult } from '../probe';
import { DEFAULT_SETTINGS, type DemoSettings } from '../settings';
import { buildCluster, healthyAccess, healthyMetrics, healthyProbes, NOW } from './build-cluster';

export interface Scene {
  cluster?: ClusterSnapshot;
  probes?: readonly ProbeResult[];
  metrics?: MetricsFacts;
  access?: AccessFacts;
  settings?: DemoSettings;
}

/** One gate of the healthy demo, with what the scene changes. */
export function gateOf(id: GateId, scene: Scene = {}): Gate {
  const checklist = evaluateChecklist({
    settings: scene.settings ?? DEFAULT_SETTINGS,
    cluster: scene.cluster ?? buildCluster(),
    probes: scene.probes ?? healthyProbes(),
    metrics: scene.metrics ?? healthyMetrics(),
    access: scene.access ?? healthyAccess(),
    mode: 'live',
    now: NOW,
    previous: null,
  });
  const gate = checklist.gates.find((candidate) => candidate.id === id);
  if (gate === undefined) throw new Error(`no gate ${id}`);
  return gate;
}

/** What decides about a gate, without the words that every row carries. */
export function judged(gate: Gate) {
  const { status, reason, progressing, blockedBy, required, finding } = gate;
  return { status, reason, progressing, blockedBy, required, finding };
}
