import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from './settings';
import { buildCluster, buildProbe, healthyAccess, healthyProbes, NOW } from './testing/build-cluster';
import { buildInferenceService, buildMeta } from './testing/build-objects';
import { GUARDED_SERVICE } from './testing/troubled-scenes';
import { unauthenticatedArms } from './unauthenticated-arms';

const guardedBaseline = buildInferenceService({
  meta: buildMeta({
    name: 'mistral-3-int4',
    annotations: { 'security.opendatahub.io/enable-auth': 'true' },
  }),
});
const guarded = buildCluster({
  llminferenceservices: [GUARDED_SERVICE],
  inferenceservices: [guardedBaseline],
});

function judge(overrides: Partial<Parameters<typeof unauthenticatedArms>[0]>) {
  return unauthenticatedArms({
    settings: DEFAULT_SETTINGS,
    cluster: buildCluster(),
    probes: healthyProbes(),
    access: healthyAccess(),
    now: NOW,
    ...overrides,
  });
}

test('both arms of the demo answer anyone, by declaration', () => {
  expect(judge({ probes: [] })).toEqual(['baseline', 'distributed']);
});

test('what declares authentication is believed until it answers without a token', () => {
  const refused = buildProbe({ arm: 'distributed', path: 'gateway', outcome: 'refused', httpStatus: 401 });
  expect(judge({ cluster: guarded, probes: [refused] })).toEqual([]);
  expect(judge({ cluster: guarded, probes: [buildProbe({ arm: 'distributed' })] })).toEqual(['distributed']);
  const sendsToken = { baseline: true, distributed: true };
  expect(judge({ cluster: guarded, access: { ...healthyAccess(), sendsToken } })).toEqual([]);
});

test('an arm that is not there is not called open', () => {
  expect(
    judge({ cluster: buildCluster({ llminferenceservices: [], inferenceservices: [] }), probes: [] }),
  ).toEqual([]);
});
