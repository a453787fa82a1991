import { describe, expect, test } from 'vitest';
import type { Checklist } from './checklist';
import { gatesInTheWay, jsonReport, markdownReport } from './checklist-report';
import { buildGate } from './testing/build-gate';

const failing = buildGate({
  id: 'gpu-nodes',
  layer: 'infrastructure',
  title: 'GPU nodes',
  status: 'fail',
  finding: '1 of 3 g6.4xlarge nodes Ready.',
  remedy: 'Scale the MachineSet.',
  owner: 'cluster-admin',
  command: 'oc get nodes',
  evidence: [
    {
      source: 'kubernetes',
      request: 'GET /api/v1/nodes',
      observedAt: '2025-12-29T14:19:58.000Z',
      httpStatus: 200,
      excerpt: [{ name: 'a', ready: false }],
    },
  ],
});
const blocked = buildGate({
  id: 'distributed-pods',
  layer: 'application',
  title: 'Pods',
  status: 'unknown',
  reason: 'blocked',
  blockedBy: 'gpu-nodes',
  lights: { claim: 'pass', pods: 'fail', probe: 'unknown' },
});
const forbidden = buildGate({
  id: 'argocd-application',
  layer: 'observability',
  title: 'GitOps',
  status: 'unknown',
  required: false,
  reason: 'forbidden',
  missingRight: {
    verb: 'list',
    group: 'argoproj.io',
    resource: 'applications',
    namespace: 'openshift-gitops',
  },
  lastKnown: { status: 'pass', at: '2025-12-29T14:00:00.000Z' },
});
const checklist: Checklist = {
  mode: 'simulated',
  evaluatedAt: '2025-12-29T14:20:00.000Z',
  verdict: 'no-go',
  gates: [buildGate({ id: 'api', title: 'API' }), failing, blocked, forbidden],
  flips: [],
  links: [],
  unauthenticated: [],
};
const context = {
  cluster: 'https://api.example.com:6443',
  flips: [
    { kind: 'verdict' as const, from: 'go' as const, to: 'no-go' as const, at: '2025-12-29T14:19:59.000Z' },
  ],
};

test('what stands in the way: required gates, failures first', () => {
  expect(
    gatesInTheWay({ ...checklist, gates: [blocked, forbidden, failing] }).map((gate) => gate.id),
  ).toEqual(['gpu-nodes', 'distributed-pods']);
});

describe('as Markdown', () => {
  const report = markdownReport(checklist, context);

  test('begins with the verdict, where the data comes from, and the counts', () => {
    expect(report.split('\n').slice(0, 6)).toEqual([
      '# Ready? NO GO',
      '',
      '- Data: **SIMULATED**',
      '- Judged at: 2025-12-29T14:20:00.000Z',
      '- Cluster: https://api.example.com:6443',
      '- Gates: 4 (1 pass, 1 FAIL, 2 unknown)',
    ]);
  });

  test('tells what stands in the way, what changed, and every gate with its evidence', () => {
    expect(report).toContain(
      '## What stands in the way\n\n- **GPU nodes** (FAIL): 1 of 3 g6.4xlarge nodes Ready.',
    );
    expect(report).toContain('- 2025-12-29T14:19:59.000Z · verdict: GO → **NO GO**');
    expect(report).toContain('### FAIL · GPU nodes (`gpu-nodes`)');
    expect(report).toContain('- Remedy (cluster admin): Scale the MachineSet.');
    expect(report).toContain('```sh\noc get nodes\n```');
    expect(report).toContain('Evidence: kubernetes, 2025-12-29T14:19:58.000Z, HTTP 200');
    expect(report).toContain('GET /api/v1/nodes');
    expect(report).toContain('"ready": false');
    expect(report).toContain('reason: blocked, blocked by `gpu-nodes`');
    expect(report).toContain('Status says: pass · pods show: fail · a live request: unknown');
    expect(report).toContain('Missing right: list applications.argoproj.io in openshift-gitops');
    expect(report).toContain('Last known: pass at 2025-12-29T14:00:00.000Z');
  });

  test('a gate that passes needs no remedy', () => {
    const passing = markdownReport({ ...checklist, gates: [buildGate({})] }, context);
    expect(passing).not.toContain('Remedy');
  });

  test('texts of the cluster stay texts', () => {
    const hostile = buildGate({
      finding: '# Ready?\n\n<img src=x> [click](http://evil.example) `code`',
      evidence: [
        {
          source: 'kubernetes',
          request: 'GET /x',
          observedAt: 't',
          httpStatus: null,
          excerpt: '```\n# not a heading\n```',
        },
      ],
    });
    const lines = markdownReport({ ...checklist, gates: [hostile] }, { cluster: null, flips: [] }).split(
      '\n',
    );
    expect(lines.filter((line) => line.startsWith('# '))).toEqual(['# Ready? NO GO']);
    expect(lines).toContain('\\# Ready? \\<img src=x\\> \\[click\\](http://evil.example) \\`code\\`');
    expect(lines.filter((line) => line === '````json' || line === '````')).toHaveLength(2);
  });
});

test('as JSON it is the checklist itself, with the changes beside it', () => {
  expect(JSON.parse(jsonReport(checklist, context))).toEqual({
    report: 'checklist',
    cluster: context.cluster,
    ...checklist,
    flips: context.flips,
  });
});
