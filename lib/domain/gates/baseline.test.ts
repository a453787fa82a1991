import { describe, expect, test } from 'vitest';
import type { ProbeResult } from '../probe';
import { buildCluster, buildProbe, NODE, NOW } from '../testing/build-cluster';
import {
  buildBaselinePod,
  buildCondition,
  buildInferenceService,
  buildMeta,
  POD_TROUBLE,
} from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

describe('baseline-ready', () => {
  const notReady = buildInferenceService({
    conditions: [buildCondition('Ready', 'False', 'PredictorNotReady')],
  });
  const refused = [
    buildProbe({ arm: 'baseline', outcome: 'refused', httpStatus: 503, finding: 'The server answers 503.' }),
  ];

  test('three lights agree', () => {
    expect(gateOf('baseline-ready').lights).toEqual({ claim: 'pass', pods: 'pass', probe: 'pass' });
  });

  test('an answer at a configured URL is no light of the object: it may come from elsewhere', () => {
    const elsewhere = buildProbe({ arm: 'baseline', path: 'override' });
    const gate = gateOf('baseline-ready', { probes: [elsewhere] });
    expect({ status: gate.status, lights: gate.lights }).toEqual({
      status: 'pass',
      lights: { claim: 'pass', pods: 'pass', probe: 'unknown' },
    });
    expect(gate.finding).toContain('live requests go to a configured URL only, which may lead elsewhere');
    expect(gateOf('baseline-ready', { probes: [elsewhere, ...refused] }).lights?.probe).toBe('fail');
  });

  test('a claim that pods and probe contradict is a warning that says so', () => {
    const gate = gateOf('baseline-ready', { cluster: buildCluster({ inferenceservices: [notReady] }) });
    expect({ status: gate.status, lights: gate.lights }).toEqual({
      status: 'warn',
      lights: { claim: 'fail', pods: 'pass', probe: 'pass' },
    });
    expect(gate.finding).toContain(
      'They disagree: the status says Ready=False (PredictorNotReady), while 1 of 1 pod is ready and a live request is answered.',
    );
  });

  test('Ready without a good answer is at best a warning, and the answer itself fails', () => {
    expect(gateOf('baseline-ready', { probes: refused }).status).toBe('warn');
    expect(gateOf('baseline-answers', { probes: refused })).toMatchObject({
      status: 'fail',
      finding: 'The server answers 503.',
    });
  });

  test('the answer that is told is the completion, with its age, and not the list of models', () => {
    const models = buildProbe({ arm: 'baseline' });
    const completion = buildProbe({
      arm: 'baseline',
      kind: 'completion',
      modelIds: null,
      finding: '1 token in 0.41 s.',
      observedAt: NOW - 63_000,
    });
    const findingOf = (probes: ProbeResult[]) => gateOf('baseline-answers', { probes }).finding;
    expect(findingOf([models, completion])).toContain(
      'mistral-3-int4 answers by route: 1 token in 0.41 s, 60 s ago; its models answer now.',
    );
    expect(findingOf([models])).toContain('no completion has been answered lately.');
    expect(findingOf([{ ...completion, path: 'override' }])).toContain(
      'mistral-3-int4 answers at the configured URL: 1 token',
    );
  });

  test('a refused completion is told by its own words, though the list of models was answered after it', () => {
    const completion = buildProbe({
      arm: 'baseline',
      kind: 'completion',
      modelIds: null,
      outcome: 'refused',
      finding: 'The answer was empty.',
      observedAt: NOW - 15_000,
    });
    const gate = gateOf('baseline-answers', { probes: [buildProbe({ arm: 'baseline' }), completion] });
    expect(gate).toMatchObject({ status: 'fail', finding: 'The answer was empty.' });
    expect(gate.evidence[0]?.excerpt).toMatchObject({ outcome: 'refused', finding: 'The answer was empty.' });
  });

  test('a pod that still loads is progressing', () => {
    const cluster = buildCluster({
      inferenceservices: [notReady],
      pods: [buildBaselinePod(NODE.a, POD_TROUBLE.loading)],
    });
    expect(gateOf('baseline-ready', { cluster, probes: refused })).toMatchObject({
      status: 'warn',
      progressing: true,
    });
  });

  test('a pod that crashes fails', () => {
    const cluster = buildCluster({
      inferenceservices: [notReady],
      pods: [buildBaselinePod(NODE.a, POD_TROUBLE.crashLoop)],
    });
    expect(gateOf('baseline-ready', { cluster, probes: refused })).toMatchObject({
      status: 'fail',
      finding: expect.stringContaining('Crashing: main restarted 3 times, last exit code 1'),
    });
  });

  test('not created names what is there instead, and blocks the answer', () => {
    const cluster = buildCluster({
      inferenceservices: [buildInferenceService({ meta: buildMeta({ name: 'mistral-3-bf16' }) })],
      routes: [],
      services: [],
    });
    expect(gateOf('baseline-ready', { cluster, probes: [] })).toMatchObject({
      status: 'fail',
      reason: 'not-created',
      finding: 'InferenceService mistral-3-int4 does not exist in private-ai (there is mistral-3-bf16).',
    });
    expect(gateOf('baseline-answers', { cluster, probes: [] })).toMatchObject({
      reason: 'blocked',
      blockedBy: 'baseline-ready',
    });
  });
});

describe('baseline-answers', () => {
  test('another served name fails, because requests would get 404', () => {
    const probes = [buildProbe({ arm: 'baseline', modelIds: ['/mnt/models'] })];
    expect(gateOf('baseline-answers', { probes })).toMatchObject({
      status: 'fail',
      finding: 'The server offers /mnt/models, not mistral-3-int4: requests for it get 404.',
    });
  });

  test('before the first request it is syncing', () => {
    expect(gateOf('baseline-answers', { probes: [] })).toMatchObject({
      status: 'unknown',
      reason: 'syncing',
      evidence: [],
    });
  });

  test('an old answer is a memory', () => {
    const observedAt = NOW - 50_000;
    const gate = gateOf('baseline-answers', { probes: [buildProbe({ arm: 'baseline', observedAt })] });
    expect({ status: gate.status, lastKnown: gate.lastKnown }).toEqual({
      status: 'unknown',
      lastKnown: { status: 'pass', at: new Date(observedAt).toISOString() },
    });
  });
});
