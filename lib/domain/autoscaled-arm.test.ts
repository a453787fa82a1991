import { expect, test } from 'vitest';
import { scalesArm } from './autoscaled-arm';
import type { HorizontalPodAutoscaler } from './objects/core';
import { DEFAULT_SETTINGS } from './settings';
import { buildCluster, FORBIDDEN } from './testing/build-cluster';
import { buildMeta } from './testing/build-objects';

const { baselineName, distributedName } = DEFAULT_SETTINGS;

const autoscaler = (target: { kind: string; name: string } | null): HorizontalPodAutoscaler => ({
  meta: buildMeta({ name: 'hpa' }),
  target,
  minReplicas: 1,
  maxReplicas: 4,
  currentReplicas: null,
  desiredReplicas: null,
  metrics: [],
});

test.each([
  ['the service itself', 'LLMInferenceService', distributedName, 'distributed'],
  ['the baseline’s Deployment', 'Deployment', `${baselineName}-predictor`, 'baseline'],
  ['the engines’ Deployment', 'Deployment', `${distributedName}-kserve`, 'distributed'],
  ['prefill engines', 'Deployment', `${distributedName}-kserve-prefill`, 'distributed'],
  ['groups', 'LeaderWorkerSet', `${distributedName}-kserve-mn`, 'distributed'],
  ['the picker', 'Deployment', `${distributedName}-kserve-router-scheduler`, null],
  ['a workload of somebody else', 'Deployment', 'web', null],
])('where no workload can be read, the name of %s decides', (_what, kind, name, arm) => {
  const cluster = buildCluster({}, { deployments: FORBIDDEN, leaderworkersets: FORBIDDEN });
  const scaled = (['baseline', 'distributed'] as const).filter((candidate) =>
    scalesArm(autoscaler({ kind, name }), candidate, DEFAULT_SETTINGS, cluster),
  );
  expect(scaled).toEqual(arm === null ? [] : [arm]);
});

test('an autoscaler that does not tell its target scales no arm', () => {
  expect(scalesArm(autoscaler(null), 'distributed', DEFAULT_SETTINGS, buildCluster({}))).toBe(false);
});
