import { describe, expect, test } from 'vitest';
import { buildCluster, FORBIDDEN, MISSING } from '../testing/build-cluster';
import { buildCondition, buildGatewayPolicy, buildMeta } from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';
import { GUARDED_SERVICE } from '../testing/troubled-scenes';

const guarded = { llminferenceservices: [GUARDED_SERVICE] };

describe('authorino-tls', () => {
  const authorino = (overrides: object) => ({
    meta: buildMeta({ name: 'authorino', namespace: 'kuadrant-system' }),
    listenerTls: { enabled: true, certificateSecret: 'authorino-server-cert' },
    conditions: [buildCondition('Ready')],
    ...overrides,
  });

  test.each([
    [
      'not ready',
      { conditions: [buildCondition('Ready', 'False', 'DeploymentNotReady')] },
      'Authorino is not ready',
    ],
    ['without TLS', { listenerTls: { enabled: false, certificateSecret: null } }, 'does not speak TLS'],
    [
      'with another Secret',
      { listenerTls: { enabled: true, certificateSecret: 'mine' } },
      'uses Secret mine',
    ],
  ])(
    '%s is a warning while authentication is off and a failure while it is on',
    (_name, overrides, finding) => {
      const authorinos = [authorino(overrides)];
      const off = gateOf('authorino-tls', { cluster: buildCluster({ authorinos }) });
      const on = gateOf('authorino-tls', { cluster: buildCluster({ ...guarded, authorinos }) });
      expect([off.status, off.required, on.status, on.required]).toEqual(['warn', false, 'fail', true]);
      expect(on.finding).toContain(finding);
    },
  );

  test('a Service that does not ask for the certificate is a failure while authentication is on', () => {
    const bare = buildCluster().resources['authorino-service'].items.map((service) => ({
      ...service,
      meta: { ...service.meta, annotations: {} },
    }));
    const cluster = buildCluster({ ...guarded, 'authorino-service': bare });
    expect(gateOf('authorino-tls', { cluster })).toMatchObject({
      status: 'fail',
      finding: expect.stringContaining('does not ask for the certificate'),
    });
  });

  test('a Service that may not be read names the missing right', () => {
    const cluster = buildCluster({}, { 'authorino-service': FORBIDDEN });
    expect(gateOf('authorino-tls', { cluster }).missingRight).toEqual({
      verb: 'list',
      group: '',
      resource: 'services',
      namespace: 'kuadrant-system',
    });
  });

  test('absent is not applicable while authentication is off', () => {
    const cluster = buildCluster({}, { authorinos: MISSING });
    expect(gateOf('authorino-tls', { cluster }).status).toBe('not-applicable');
  });
});

describe('gateway-auth-policy', () => {
  const policy = (...conditions: ReturnType<typeof buildCondition>[]) => [buildGatewayPolicy({ conditions })];
  const accepted = buildCondition('Accepted', 'True', 'Accepted');

  test.each([
    ['enforced', policy(accepted, buildCondition('Enforced')), 'pass', 'pass'],
    ['overridden', policy(accepted, buildCondition('Enforced', 'False', 'Overridden')), 'pass', 'warn'],
    [
      'without a route',
      policy(
        accepted,
        buildCondition(
          'Enforced',
          'Unknown',
          'Unknown',
          'AuthPolicy is not in the path to any existing routes',
        ),
      ),
      'pass',
      'warn',
    ],
    ['not yet enforced', policy(accepted, buildCondition('Enforced', 'Unknown', 'Unknown')), 'warn', 'warn'],
    ['refused', policy(buildCondition('Accepted', 'False', 'Conflicted')), 'warn', 'fail'],
    ['without conditions', policy(), 'warn', 'warn'],
    ['absent', [], 'not-applicable', 'fail'],
  ] as const)('%s: %s while authentication is off, %s while it is on', (_name, policies, off, on) => {
    const items = { 'gateway-authpolicies': policies };
    expect([
      gateOf('gateway-auth-policy', { cluster: buildCluster(items) }).status,
      gateOf('gateway-auth-policy', { cluster: buildCluster({ ...guarded, ...items }) }).status,
    ]).toEqual([off, on]);
  });

  test('a status of an older generation is not trusted', () => {
    const old = buildGatewayPolicy({
      meta: buildMeta({ name: 'openshift-ai-inference-authn', generation: 3 }),
      observedGeneration: 2,
      conditions: [accepted, buildCondition('Enforced')],
    });
    expect(
      gateOf('gateway-auth-policy', { cluster: buildCluster({ 'gateway-authpolicies': [old] }) }),
    ).toMatchObject({
      status: 'warn',
      finding: expect.stringContaining('generation 2, not 3'),
    });
  });
});
