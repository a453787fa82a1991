import { describe, expect, test } from 'vitest';
import { buildCluster, MISSING } from '../testing/build-cluster';
import {
  buildCondition,
  buildController,
  buildControllerPod,
  buildEnginePod,
  buildLlmService,
  buildMeta,
  buildWorkload,
} from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';
import { GUARDED_SERVICE } from '../testing/troubled-scenes';

describe('serving-controllers', () => {
  const kserve = buildController('kserve-controller-manager');
  const broken = { conditions: [buildCondition('Available', 'False', 'MinimumReplicasUnavailable')] };

  test.each([
    ['one is missing', [kserve], 'fail', 'There is no odh-model-controller'],
    [
      'one is down',
      [kserve, buildController('odh-model-controller', broken)],
      'fail',
      'odh-model-controller has Available=False (MinimumReplicasUnavailable)',
    ],
    [
      'one has just been made',
      [
        kserve,
        buildController('odh-model-controller', {
          ...broken,
          meta: buildMeta({ name: 'odh-model-controller', createdAt: '2025-12-29T14:19:00Z' }),
        }),
      ],
      'warn',
      'odh-model-controller has',
    ],
  ] as const)('%s', (_name, controllers, status, finding) => {
    const gate = gateOf('serving-controllers', { cluster: buildCluster({ controllers }) });
    expect([gate.status, gate.finding]).toEqual([status, expect.stringContaining(finding)]);
    expect(gate.progressing).toBe(status === 'warn');
  });
});

describe('controllers-newer-than-apis', () => {
  const started = (at: string) => ({
    'pods-all': [
      buildControllerPod('kserve-controller-manager', at),
      buildControllerPod('odh-model-controller'),
    ],
  });

  test('a controller older than AuthPolicy fails where authentication needs it, else warns', () => {
    const early = started('2025-12-15T08:59:59Z');
    expect(gateOf('controllers-newer-than-apis', { cluster: buildCluster(early) })).toMatchObject({
      status: 'warn',
      finding: 'kserve-controller-manager started before AuthPolicy was installed and may not see it.',
    });
    const cluster = buildCluster({ ...early, llminferenceservices: [GUARDED_SERVICE] });
    expect(gateOf('controllers-newer-than-apis', { cluster }).status).toBe('fail');
  });

  test('one that started after it sees it', () => {
    const cluster = buildCluster(started('2025-12-15T09:00:00Z'));
    expect(gateOf('controllers-newer-than-apis', { cluster }).status).toBe('pass');
  });

  test('a LeaderWorkerSet that is used counts from the making of its operator’s instance', () => {
    const cluster = buildCluster({
      ...started('2025-12-29T14:02:00Z'),
      llminferenceservices: [buildLlmService({ main: buildWorkload({ hasWorker: true }) })],
    });
    expect(gateOf('controllers-newer-than-apis', { cluster })).toMatchObject({
      status: 'fail',
      finding: expect.stringContaining('before LeaderWorkerSet was installed'),
    });
  });

  test('the label app is as good as control-plane, pods of other namespaces are not', () => {
    const pod = buildControllerPod('odh-model-controller', '2025-12-01T00:00:00Z');
    const byApp = { ...pod, meta: { ...pod.meta, labels: { app: 'odh-model-controller' } } };
    const foreign = buildEnginePod('e', null, {
      meta: buildMeta({ name: 'e', labels: { 'control-plane': 'odh-model-controller' } }),
    });
    const judge = (pods: readonly (typeof pod)[]) =>
      gateOf('controllers-newer-than-apis', { cluster: buildCluster({ 'pods-all': pods }) }).finding;
    expect(judge([byApp])).toContain('odh-model-controller started before');
    expect(judge([foreign])).toContain('No running controller pod can be seen');
  });

  test('does not apply where neither API is installed', () => {
    const cluster = buildCluster({ 'authpolicy-crd': [] });
    expect(gateOf('controllers-newer-than-apis', { cluster }).status).toBe('not-applicable');
  });
});

describe('serving-presets', () => {
  const presets = buildCluster().resources.presets.items;
  const copy = { meta: buildMeta({ name: 'kserve-config-llm-template' }) };

  test.each([
    ['one is missing', buildCluster({ presets: presets.slice(1) }), 'fail', '1 of 8 presets are missing'],
    [
      'a copy overrides one',
      buildCluster({ 'preset-overrides': [copy] }),
      'warn',
      'overrides the platform’s',
    ],
    [
      'another config in the namespace overrides nothing',
      buildCluster({ 'preset-overrides': [{ meta: buildMeta({ name: 'mine' }) }] }),
      'pass',
      'none is overridden',
    ],
    ['the API is missing', buildCluster({}, { presets: MISSING }), 'fail', 'not served'],
  ] as const)('%s', (_name, cluster, status, finding) => {
    const gate = gateOf('serving-presets', { cluster });
    expect([gate.status, gate.finding]).toEqual([status, expect.stringContaining(finding)]);
  });
});
