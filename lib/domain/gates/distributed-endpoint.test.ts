import { describe, expect, test } from 'vitest';
import type { ProbeResult } from '../probe';
import { buildCluster, buildProbe, FORBIDDEN, NODE, NOW } from '../testing/build-cluster';
import { buildCondition, buildHttpRoute, buildRoute, buildSchedulerPod } from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

describe('distributed-route', () => {
  const refusedRoute = buildRoute('distributed', {
    ingress: [
      { host: 'x.apps.example.com', admitted: buildCondition('Admitted', 'False', 'HostAlreadyClaimed') },
    ],
  });
  const notAccepted = buildHttpRoute({
    parents: [
      {
        controllerName: 'openshift.io/gateway-controller/v1',
        parent: { group: '', kind: 'Gateway', namespace: null, name: 'g' },
        conditions: [buildCondition('Accepted'), buildCondition('ResolvedRefs', 'False', 'BackendNotFound')],
      },
    ],
  });

  test('an admitted Route is an address, and says what it goes around', () => {
    const gate = gateOf('distributed-route', { cluster: buildCluster({ httproutes: [], gateway: [] }) });
    expect(gate.status).toBe('pass');
    expect(gate.finding).toContain(
      'past scheduler and authentication; by Gateway not: there is no HTTPRoute',
    );
  });

  test('a broken HTTPRoute and a refused Route leave none', () => {
    const cluster = buildCluster({ httproutes: [notAccepted], routes: [refusedRoute] });
    expect(gateOf('distributed-route', { cluster })).toMatchObject({
      status: 'fail',
      finding: expect.stringContaining('ResolvedRefs=False (BackendNotFound), and no Route is admitted'),
    });
  });

  test('with one half hidden the other cannot prove absence', () => {
    const cluster = buildCluster({ routes: [] }, { httproutes: FORBIDDEN });
    expect(gateOf('distributed-route', { cluster })).toMatchObject({
      status: 'unknown',
      reason: 'forbidden',
    });
  });
});

describe('distributed-answers', () => {
  const byRoute = buildProbe({ arm: 'distributed' });
  const completion = (overrides: Partial<ProbeResult>) =>
    buildProbe({
      arm: 'distributed',
      path: 'gateway',
      kind: 'completion',
      modelIds: null,
      schedulerSeen: true,
      ...overrides,
    });
  const gatewayDown = completion({
    httpStatus: 500,
    schedulerSeen: null,
    finding: 'The Gateway answers 500.',
  });

  test.each([
    ['a completion by Gateway', [completion({})], 'pass'],
    [
      'a completion by Gateway without a sign of the scheduler',
      [completion({ schedulerSeen: false })],
      'warn',
    ],
    ['the Route only', [byRoute], 'warn'],
    ['the Route, and a Gateway that answers 500', [byRoute, gatewayDown], 'warn'],
    ['only the models list by Gateway', [buildProbe({ arm: 'distributed', path: 'gateway' })], 'warn'],
    [
      'the models list by Gateway and a failed completion',
      [buildProbe({ arm: 'distributed', path: 'gateway' }), gatewayDown],
      'fail',
    ],
    [
      'nothing but refusals',
      [
        buildProbe({
          arm: 'distributed',
          outcome: 'refused',
          httpStatus: null,
          finding: 'Connection refused.',
        }),
      ],
      'fail',
    ],
    [
      'a completion outdone by a later refusal',
      [
        completion({ observedAt: NOW - 200_000 }),
        buildProbe({ arm: 'distributed', path: 'gateway', httpStatus: 503, observedAt: NOW - 4_000 }),
      ],
      'fail',
    ],
    ['a configured URL that passes the scheduler', [completion({ path: 'override' })], 'pass'],
    [
      'a configured URL without a sign of it',
      [completion({ path: 'override', schedulerSeen: false })],
      'warn',
    ],
  ] as const)('%s has its own verdict', (_name, probes, status) => {
    expect(gateOf('distributed-answers', { probes }).status).toBe(status);
  });

  const lost = (changedAt: number) =>
    buildCluster({
      pods: [
        ...buildCluster().resources.pods.items.filter(({ meta }) => !meta.name.includes('scheduler')),
        buildSchedulerPod(NODE.master, {
          conditions: [{ ...buildCondition('Ready', 'False'), changedAt: new Date(changedAt).toISOString() }],
        }),
      ],
    });

  test('a sign of the scheduler from before its pod was lost is no sign of it now', () => {
    const probes = [completion({ observedAt: NOW - 40_000, finding: '1 token in 0.41 s.' })];
    const gate = gateOf('distributed-answers', { probes, cluster: lost(NOW - 20_000) });
    expect(gate.status).toBe('warn');
    expect(gate.finding).toContain('the scheduler it passed is not ready any more');
    expect(gate.evidence.map(({ source }) => source)).toEqual(['probe', 'kubernetes']);
  });

  test('a completion that passed it since is', () => {
    const gate = gateOf('distributed-answers', { probes: [completion({})], cluster: lost(NOW - 20_000) });
    expect(gate.status).toBe('pass');
  });

  test('a completion older than the last list of models tells its age', () => {
    const models = buildProbe({ arm: 'distributed', path: 'gateway', observedAt: NOW - 2_000 });
    const before = completion({ observedAt: NOW - 47_000, finding: '1 token in 0.41 s.' });
    expect(gateOf('distributed-answers', { probes: [models, before] }).finding).toContain(
      'A completion was answered through the Gateway and the scheduler: 1 token in 0.41 s, 40 s ago; its models answer now.',
    );
    expect(gateOf('distributed-answers', { probes: [before] }).finding).toContain(
      'scheduler: 1 token in 0.41 s.',
    );
  });

  test('two missed completions are a memory', () => {
    const gate = gateOf('distributed-answers', { probes: [completion({ observedAt: NOW - 151_000 })] });
    expect(gate).toMatchObject({ status: 'unknown', lastKnown: { status: 'pass' } });
  });

  test('both ways are told when only the Route answers', () => {
    expect(gateOf('distributed-answers', { probes: [byRoute, gatewayDown] }).finding).toBe(
      'It answers by Route only, past the scheduler; the Gateway refuses: The Gateway answers 500. Unauthenticated · demo only, not production-aligned.',
    );
  });
});
