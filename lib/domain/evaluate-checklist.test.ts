import { describe, expect, test } from 'vitest';
import type { Checklist, Gate } from './checklist';
import type { ClusterSnapshot } from './cluster';
import { evaluateChecklist, verdictOf } from './evaluate-checklist';
import type { ChecklistInput } from './gates/gate-row';
import type { ResourceId } from './objects';
import { DEFAULT_SETTINGS } from './settings';
import {
  buildCluster,
  buildProbe,
  buildView,
  FORBIDDEN,
  healthyAccess,
  healthyMetrics,
  healthyProbes,
  lostContact,
  MISSING,
  NODE,
  NOW,
  SYNCING,
} from './testing/build-cluster';
import { buildGate } from './testing/build-gate';
import {
  buildBaselinePod,
  buildEnginePod,
  buildEvent,
  buildNode,
  POD_TROUBLE,
} from './testing/build-objects';

function evaluate(overrides: Partial<ChecklistInput> = {}): Checklist {
  return evaluateChecklist({
    settings: DEFAULT_SETTINGS,
    cluster: buildCluster(),
    probes: healthyProbes(),
    metrics: healthyMetrics(),
    access: healthyAccess(),
    mode: 'simulated',
    now: NOW,
    previous: null,
    ...overrides,
  });
}

function gate(checklist: Checklist, id: string): Gate {
  const found = checklist.gates.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no gate ${id}`);
  return found;
}

/** Every view of the cluster with the same change. */
function mapViews(change: Partial<ReturnType<typeof buildView>>): ClusterSnapshot {
  const cluster = buildCluster();
  const ids = Object.keys(cluster.resources) as ResourceId[];
  const views = Object.fromEntries(ids.map((id) => [id, change])) as Parameters<typeof buildCluster>[1];
  const changed = buildCluster({}, views);
  const map = <T extends object>(record: T): T =>
    Object.fromEntries(Object.entries(record).map(([key, view]) => [key, { ...view, ...change }])) as T;
  return {
    version: { ...changed.version, ...change, items: [] },
    groupVersions: { ...changed.groupVersions, ...change, items: changed.groupVersions.items },
    discovery: map(changed.discovery),
    schemas: map(changed.schemas),
    resources: changed.resources,
  };
}

describe('verdict', () => {
  test.each([
    ['all pass', [buildGate({})], 'go'],
    ['a required warning', [buildGate({ status: 'warn' })], 'go'],
    ['an optional failure', [buildGate({ status: 'fail', required: false })], 'go'],
    ['a required failure', [buildGate({ status: 'fail' })], 'no-go'],
    ['a required unknown', [buildGate({ status: 'unknown', reason: 'forbidden' })], 'not-yet'],
    ['a required gate that is progressing', [buildGate({ status: 'warn', progressing: true })], 'not-yet'],
    ['an optional unknown', [buildGate({ status: 'unknown', required: false })], 'go'],
    [
      'a required gate blocked by a failure',
      [buildGate({ status: 'unknown', reason: 'blocked', blockedBy: 'x' })],
      'no-go',
    ],
    [
      'a failure beside an unknown',
      [buildGate({ status: 'unknown' }), buildGate({ status: 'fail' })],
      'no-go',
    ],
  ] as const)('%s', (_name, gates, verdict) => {
    expect(verdictOf(gates)).toBe(verdict);
  });

  test('the healthy demo is GO, carries its mode, and is stamped with the time of judging', () => {
    const { mode, verdict, evaluatedAt } = evaluate();
    expect({ mode, verdict, evaluatedAt }).toEqual({
      mode: 'simulated',
      verdict: 'go',
      evaluatedAt: '2025-12-29T14:20:00.000Z',
    });
  });

  test('the same input gives the same checklist', () => {
    expect(evaluate()).toEqual(evaluate());
  });

  test('one missing platform reads as one problem and blocks the rest', () => {
    const cluster = buildCluster(
      {
        inferenceservices: [],
        llminferenceservices: [],
        pods: [],
        routes: [],
        services: [],
        httproutes: [],
        gateway: [],
      },
      { datascienceclusters: MISSING, inferenceservices: MISSING, llminferenceservices: MISSING },
    );
    const missing = {
      ...cluster,
      discovery: {},
      schemas: {},
      groupVersions: buildView('GET /apis', ['apps/v1']),
    };
    const checklist = evaluate({ cluster: missing, probes: [] });
    expect(checklist.verdict).toBe('no-go');
    expect(gate(checklist, 'baseline-ready').blockedBy).toBe('rhoai-platform');
    expect(gate(checklist, 'baseline-answers').blockedBy).toBe('rhoai-platform');
    const failing = checklist.gates.filter((candidate) => candidate.required && candidate.status === 'fail');
    expect(failing.map((candidate) => candidate.id)).toEqual(['rhoai-platform', 'distributed-ready']);
  });

  test('before anything has answered nothing passes or fails', () => {
    const checklist = evaluate({ cluster: mapViews(SYNCING), probes: [] });
    const byCluster = checklist.gates.filter(
      (candidate) => !/^(metrics-|scrape-paths$|credential-lifetime$)/.test(candidate.id),
    );
    expect(new Set(byCluster.map((candidate) => `${candidate.status} ${candidate.reason}`))).toEqual(
      new Set(['unknown syncing']),
    );
    expect(checklist.verdict).toBe('not-yet');
  });
});

describe('a gate whose evidence has lost its proof of life', () => {
  const cluster = buildCluster({}, { nodes: lostContact() });

  test('is unknown and says what it last was, and when', () => {
    const nodes = gate(evaluate({ cluster }), 'gpu-nodes');
    expect({
      status: nodes.status,
      reason: nodes.reason,
      lastKnown: nodes.lastKnown,
      finding: nodes.finding,
    }).toEqual({
      status: 'unknown',
      reason: 'unreachable',
      lastKnown: { status: 'pass', at: '2025-12-29T14:19:35.000Z' },
      finding:
        'No sign of life since 14:19:35 UTC. It last was: 3 of 3 g6.4xlarge nodes Ready, one L4 each, all three in use by this demo.',
    });
  });

  test('remembers a failure as a failure, which then blocks nothing', () => {
    const lost = buildCluster({ nodes: [buildNode(NODE.a, { type: 'm5.large' })] }, { nodes: lostContact() });
    const checklist = evaluate({ cluster: lost });
    expect(gate(checklist, 'gpu-nodes').lastKnown?.status).toBe('fail');
    expect(checklist.gates.filter((candidate) => candidate.reason === 'blocked')).toEqual([]);
    expect(checklist.verdict).toBe('not-yet');
  });

  test('19 seconds of silence are not yet lost contact', () => {
    const quiet = buildCluster({}, { nodes: { lastProofAt: NOW - 19_000 } });
    expect(gate(evaluate({ cluster: quiet }), 'gpu-nodes').status).toBe('pass');
  });

  test('takes the oldest of the answers it stands on', () => {
    const mixed = buildCluster({}, { pods: lostContact('reconnecting') });
    expect(gate(evaluate({ cluster: mixed }), 'distributed-ready').lastKnown).toEqual({
      status: 'pass',
      at: '2025-12-29T14:19:35.000Z',
    });
  });

  test('an outage without items keeps the memory of the checklist before, and hands it on', () => {
    const previous = evaluate();
    const outage = buildCluster(
      { clusterversion: [] },
      {
        clusterversion: {
          state: 'unreachable',
          httpStatus: 503,
          lastProofAt: NOW - 5_000,
          problem: 'No answer.',
        },
      },
    );
    const first = evaluate({ cluster: outage, previous, now: NOW + 1_000 });
    const second = evaluate({ cluster: outage, previous: first, now: NOW + 2_000 });
    const memory = { status: 'pass', at: previous.evaluatedAt };
    expect(gate(first, 'cluster-version')).toMatchObject({
      status: 'unknown',
      finding: 'No answer.',
      lastKnown: memory,
    });
    expect(gate(second, 'cluster-version').lastKnown).toEqual(memory);
  });
});

describe.each(['unauthenticated', 'not-configured'] as const)('a login that is lost (%s)', (state) => {
  const lost = (lastProofAt: number) =>
    mapViews({ state, problem: 'Log in again with oc login.', lastProofAt });

  test('takes no verdict back while the proof is young', () => {
    const before = evaluate({ cluster: mapViews({}) });
    const after = evaluate({ cluster: lost(NOW - 5_000) });
    const changed = after.gates.filter(({ id, status }) => gate(before, id).status !== status);
    // Lists that were empty: they cannot be told from lists that were never read.
    expect(changed.map(({ id, status }) => [id, status])).toEqual([
      ['serving-presets', 'unknown'],
      ['distributed-events', 'unknown'],
      ['autoscaling', 'unknown'],
    ]);
  });

  test('makes every gate that rests on the cluster unknown after 20 s, and what it was is kept', () => {
    const previous = evaluate();
    const now = NOW + 25_000;
    const checklist = evaluate({ cluster: lost(NOW), previous, now });
    const nodes = gate(checklist, 'gpu-nodes');
    expect(nodes).toMatchObject({ status: 'unknown', lastKnown: { status: 'pass' } });
    expect(checklist.verdict).toBe('not-yet');
  });
});

describe('rights', () => {
  test('with every right gone nothing is green or red by the cluster’s word', () => {
    const checklist = evaluate({ cluster: mapViews(FORBIDDEN) });
    const byCluster = checklist.gates.filter(
      (candidate) =>
        !/^(metrics-|.*-answers$|maas-|knative-|scrape-paths$|credential-lifetime$|cert-manager$)/.test(
          candidate.id,
        ),
    );
    expect(new Set(byCluster.map((candidate) => candidate.status))).toEqual(new Set(['unknown']));
  });
});

describe('evidence', () => {
  test('stays within 4 KB however large the cluster is', () => {
    const nodes = Array.from({ length: 1_000 }, (_, index) => buildNode(`node-${index}.é.example`));
    const pods = Array.from({ length: 500 }, (_, index) => buildEnginePod(`engine-${index}`, NODE.b));
    const events = [buildEvent('e', '2025-12-29T14:00:00Z')];
    const checklist = evaluate({ cluster: buildCluster({ nodes, pods, events }) });
    for (const candidate of checklist.gates) {
      for (const evidence of candidate.evidence) {
        expect(Buffer.byteLength(JSON.stringify(evidence.excerpt))).toBeLessThanOrEqual(4_096);
      }
    }
  });

  test('carries request, time of the last proof and status of each answer', () => {
    expect(gate(evaluate(), 'cluster-version').evidence).toEqual([
      {
        source: 'kubernetes',
        request: 'GET /apis/config.openshift.io/v1/clusterversions?fieldSelector=metadata.name=version',
        observedAt: '2025-12-29T14:19:58.000Z',
        httpStatus: 200,
        excerpt: {
          history: [{ state: 'Completed', version: '4.20.6' }],
          conditions: [
            { type: 'Available', status: 'True' },
            { type: 'Progressing', status: 'False' },
            { type: 'Failing', status: 'False' },
          ],
        },
      },
    ]);
  });
});

test('loading pods make the verdict NOT YET, crashing ones NO GO', () => {
  const scene = (trouble: Parameters<typeof buildEnginePod>[2]) =>
    evaluate({
      cluster: buildCluster({
        pods: [
          buildBaselinePod(NODE.a),
          buildEnginePod('a', NODE.b, trouble),
          buildEnginePod('b', NODE.c, trouble),
        ],
      }),
      probes: [
        buildProbe({ arm: 'baseline' }),
        buildProbe({
          arm: 'distributed',
          outcome: 'refused',
          httpStatus: 503,
          finding: 'The server answers 503.',
        }),
      ],
    });
  expect(gate(scene(POD_TROUBLE.loading), 'distributed-pods')).toMatchObject({
    status: 'warn',
    progressing: true,
  });
  expect(scene(POD_TROUBLE.loading).verdict).toBe('not-yet');
  expect(gate(scene(POD_TROUBLE.loading), 'distributed-answers')).toMatchObject({
    status: 'warn',
    progressing: true,
    finding: expect.stringMatching(/^Its pods are still coming up: /),
  });
  expect(gate(scene(POD_TROUBLE.crashLoop), 'distributed-pods').status).toBe('fail');
  expect(scene(POD_TROUBLE.crashLoop).verdict).toBe('no-go');
});

describe('what changed', () => {
  const lostNode = buildCluster({ nodes: [buildNode(NODE.a), buildNode(NODE.b)] });

  test('travels with the checklist, newest first, and not without end', () => {
    let checklist = evaluate();
    expect(checklist.flips).toEqual([]);
    for (let round = 1; round <= 70; round += 1) {
      checklist = evaluate({
        cluster: round % 2 === 1 ? lostNode : buildCluster(),
        now: NOW + round * 100,
        previous: checklist,
      });
    }
    expect(checklist.flips).toHaveLength(60);
    expect(checklist.flips[0]?.at).toBe(new Date(NOW + 7_000).toISOString());
    expect(checklist.flips.filter(({ kind }) => kind === 'gate')).toContainEqual(
      expect.objectContaining({ id: 'gpu-nodes', to: 'pass' }),
    );
  });
});
