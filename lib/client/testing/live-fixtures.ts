import type { Checklist, Gate } from '@/lib/domain/checklist';
import type { Placement, PlacementNode, PlacementPod } from '@/lib/domain/placement';
import type { Source, Status } from '@/lib/domain/status';

export { aCompare, aMetric, aSeries } from '@/lib/domain/testing/compare-fixtures';

/** Builders with named defaults for tests of the store and the screens: a calm, healthy moment. */
export const NOON = '2025-12-29T12:00:00.000Z';
export const NOON_MS = Date.parse(NOON);

export function aSource(overrides: Partial<Source> = {}): Source {
  return {
    id: 'cluster',
    state: 'live',
    mode: 'simulated',
    lastProofAt: NOON,
    detail: 'watching',
    ...overrides,
  };
}

export function aStatus(overrides: Partial<Status> = {}): Status {
  return { mode: 'simulated', buildId: 'build-1', sources: [aSource()], ...overrides };
}

export function aGate(overrides: Partial<Gate> = {}): Gate {
  return {
    id: 'gpu-nodes',
    layer: 'infrastructure',
    title: 'GPU nodes',
    required: true,
    status: 'pass',
    progressing: false,
    reason: null,
    blockedBy: null,
    lastKnown: null,
    lights: null,
    finding: '3 of 3 g6.4xlarge nodes Ready',
    missingRight: null,
    evidence: [
      {
        source: 'kubernetes',
        request: 'GET /api/v1/nodes',
        observedAt: NOON,
        httpStatus: 200,
        excerpt: { items: 3 },
      },
    ],
    command: 'oc get nodes',
    why: 'The model needs a GPU.',
    remedy: 'Add a MachineSet.',
    owner: 'cluster-admin',
    document: null,
    ...overrides,
  };
}

export function aChecklist(overrides: Partial<Checklist> = {}): Checklist {
  return {
    mode: 'simulated',
    evaluatedAt: NOON,
    verdict: 'go',
    gates: [aGate()],
    flips: [],
    links: [],
    unauthenticated: [],
    ...overrides,
  };
}

export function aNode(overrides: Partial<PlacementNode> = {}): PlacementNode {
  return {
    name: 'ip-10-0-21-87.us-east-2.compute.internal',
    instanceType: 'g6.4xlarge',
    zone: 'us-east-2b',
    ready: true,
    schedulable: true,
    taints: [],
    gpu: { resource: 'nvidia.com/gpu', product: 'NVIDIA-L4', capacity: 1, allocatable: 1, requested: 1 },
    slots: [{ index: 0, occupant: null, state: 'free' }],
    ...overrides,
  };
}

export function aPod(overrides: Partial<PlacementPod> = {}): PlacementPod {
  return {
    name: 'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr',
    namespace: 'private-ai',
    uid: 'uid-rv4xr',
    arm: 'distributed',
    role: 'both',
    node: 'ip-10-0-21-87.us-east-2.compute.internal',
    gpus: 1,
    phase: 'Running',
    ready: true,
    terminating: false,
    restarts: 0,
    waitingReason: null,
    group: null,
    createdAt: NOON,
    doing: 'serving',
    progressing: false,
    since: NOON,
    ...overrides,
  };
}

export function aPlacement(overrides: Partial<Placement> = {}): Placement {
  return {
    mode: 'simulated',
    observedAt: NOON,
    nodesState: 'live',
    foldedNodes: 0,
    statement: { kind: 'replicas', text: '2 replicas, each the whole model', verdict: 'pass', note: null },
    nodes: [],
    pods: [],
    path: [],
    schedulerInPath: null,
    schedulerFinding: 'Whether the chat passes the scheduler is not known.',
    activity: [],
    events: [],
    podsState: 'live',
    isOutdated: false,
    allPodsSeen: true,
    stories: [],
    services: [],
    scaling: [],
    quota: null,
    actions: { deletePod: false, needsToken: false },
    requests: {
      nodes: 'GET /api/v1/nodes',
      pods: 'GET /api/v1/namespaces/private-ai/pods',
      events: 'GET /api/v1/namespaces/private-ai/events',
    },
    ...overrides,
  };
}
