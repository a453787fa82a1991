import { describe, expect, test } from 'vitest';
import type { ProbeResult } from '../probe';
import { buildCluster, buildProbe, healthyAccess } from '../testing/build-cluster';
import { buildInferenceService, buildMeta } from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';
import { GUARDED_SERVICE } from '../testing/troubled-scenes';

const guarded = { llminferenceservices: [GUARDED_SERVICE] };

describe('endpoint-authentication', () => {
  const answer = (httpStatus: number, overrides: Partial<ProbeResult> = {}): ProbeResult =>
    buildProbe({
      arm: 'distributed',
      path: 'gateway',
      httpStatus,
      outcome: httpStatus === 200 ? 'answered' : 'refused',
      modelIds: httpStatus === 200 ? ['mistral-3-distributed'] : null,
      finding: `${httpStatus}`,
      ...overrides,
    });
  const judge = (isDeclared: boolean, sendsToken: boolean, probes: readonly ProbeResult[]) =>
    gateOf('endpoint-authentication', {
      cluster: buildCluster(isDeclared ? guarded : {}),
      probes,
      access: { ...healthyAccess(), sendsToken: { baseline: false, distributed: sendsToken } },
    });

  test.each([
    ['off and open', false, false, 200, 'pass', 'Unauthenticated · demo only, not production-aligned.'],
    ['off but refused', false, false, 401, 'fail', 'although authentication is declared off'],
    ['on and asked with a token', true, true, 200, 'pass', 'answers our token'],
    [
      'on but open',
      true,
      false,
      200,
      'fail',
      'answers without a token, although authentication is declared on',
    ],
    ['on and no token configured', true, false, 401, 'fail', 'asks for a token (401) and none is configured'],
    ['on and the token is not enough', true, true, 403, 'fail', 'its identity may not get the service'],
  ] as const)('declared %s', (_name, isDeclared, sendsToken, httpStatus, status, finding) => {
    const gate = judge(isDeclared, sendsToken, [answer(httpStatus)]);
    expect(gate.status).toBe(status);
    expect(gate.finding).toContain(finding);
  });

  test('a Route goes past what guards the Gateway, and that is told', () => {
    expect(judge(true, true, [answer(200), answer(200, { path: 'route' })])).toMatchObject({
      status: 'warn',
      finding: expect.stringContaining('past the authentication'),
    });
  });

  test('a failure that has nothing to do with tokens tells nothing', () => {
    expect(judge(false, false, [answer(503)])).toMatchObject({ status: 'unknown', reason: 'unreachable' });
    expect(judge(false, false, [])).toMatchObject({ status: 'unknown', reason: 'syncing' });
  });

  test('a guarded baseline is known by its own annotation', () => {
    const service = buildInferenceService({
      meta: buildMeta({
        name: 'mistral-3-int4',
        annotations: { 'security.opendatahub.io/enable-auth': 'true' },
      }),
    });
    const gate = gateOf('endpoint-authentication', {
      cluster: buildCluster({ inferenceservices: [service], llminferenceservices: [] }),
      probes: [buildProbe({ arm: 'baseline' })],
    });
    expect(gate.status).toBe('fail');
  });
});
