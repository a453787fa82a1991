import { describe, expect, test } from 'vitest';
import type { HorizontalPodAutoscaler } from './objects/core';
import { deriveQuota, deriveScaling } from './placement-scaling';
import { DEFAULT_SETTINGS } from './settings';
import { buildCluster, FORBIDDEN, NODE } from './testing/build-cluster';
import {
  buildBaselinePod,
  buildClusterQueue,
  buildEnginePod,
  buildLocalQueue,
  buildMeta,
  POD_TROUBLE,
} from './testing/build-objects';

const { distributedName, baselineName } = DEFAULT_SETTINGS;

const deployment = (name: string, component: string) => ({
  meta: buildMeta({
    name,
    labels: {
      'app.kubernetes.io/name': distributedName,
      'app.kubernetes.io/part-of': 'llminferenceservice',
      'app.kubernetes.io/component': component,
    },
  }),
  replicas: 2,
  readyReplicas: 2,
  updatedReplicas: 2,
  conditions: [],
});

const autoscaler = (name: string, target: string): HorizontalPodAutoscaler => ({
  meta: buildMeta({ name }),
  target: { kind: 'Deployment', name: target },
  minReplicas: 1,
  maxReplicas: 4,
  currentReplicas: 2,
  desiredReplicas: 3,
  metrics: [{ name: 'vllm:num_requests_waiting', target: '5', current: '9' }],
});

describe('scaling', () => {
  test('counts each pod once, where it stands on its way', () => {
    const leaving = buildEnginePod('f', NODE.c);
    const pods = [
      buildBaselinePod(NODE.a),
      buildEnginePod('a', NODE.b),
      buildEnginePod('b', NODE.c, POD_TROUBLE.loading),
      buildEnginePod('c', null, POD_TROUBLE.gated),
      buildEnginePod('d', null, POD_TROUBLE.unschedulable),
      buildEnginePod('e', NODE.c, POD_TROUBLE.imagePull),
      { ...leaving, meta: { ...leaving.meta, deletedAt: '2025-12-29T14:19:00Z' } },
    ];
    const [, distributed] = deriveScaling(DEFAULT_SETTINGS, buildCluster({ pods }));
    expect(distributed).toEqual({
      arm: 'distributed',
      desired: 2,
      created: 5,
      gated: 1,
      unscheduled: 1,
      loading: 2,
      ready: 1,
      terminating: 1,
      autoscaler: null,
    });
  });

  test('an autoscaler of the engines decides what is desired, one of the picker does not', () => {
    const deployments = [
      deployment('engines', 'llminferenceservice-workload'),
      deployment('picker', 'llminferenceservice-router-scheduler'),
    ];
    const hpas = [autoscaler('picker-hpa', 'picker'), autoscaler('keda-hpa-engines', 'engines')];
    const [baseline, distributed] = deriveScaling(DEFAULT_SETTINGS, buildCluster({ deployments, hpas }));
    expect(baseline).toMatchObject({ desired: 1, autoscaler: null });
    expect(distributed).toMatchObject({
      desired: 3,
      autoscaler: { kind: 'KEDA', name: 'keda-hpa-engines', min: 1, max: 4, current: 2, desired: 3 },
    });
  });

  test('the HPA every InferenceService gets is found by its labels where Deployments cannot be read', () => {
    const hpa = autoscaler(`${baselineName}-predictor`, `${baselineName}-predictor`);
    const labels = { 'serving.kserve.io/inferenceservice': baselineName };
    const cluster = buildCluster(
      { hpas: [{ ...hpa, meta: { ...hpa.meta, labels } }] },
      { deployments: FORBIDDEN },
    );
    expect(deriveScaling(DEFAULT_SETTINGS, cluster)[0]?.autoscaler?.name).toBe(`${baselineName}-predictor`);
  });
});

describe('quota', () => {
  test('is what the queue reserves of what it may grant, in GPUs', () => {
    const gpus = (amount: number) => [
      { flavor: 'nvidia-l4-1gpu', resource: 'cpu', amount: 99 },
      { flavor: 'nvidia-l4-1gpu', resource: 'nvidia.com/gpu', amount },
    ];
    const cluster = buildCluster({
      clusterqueues: [buildClusterQueue({ nominal: gpus(2), reserved: gpus(1) })],
    });
    expect(deriveQuota(DEFAULT_SETTINGS, cluster)).toMatchObject({
      localQueue: 'default',
      used: 1,
      total: 2,
    });
  });

  test('counts no flavor of other nodes', () => {
    const of = (flavor: string, amount: number) => ({ flavor, resource: 'nvidia.com/gpu', amount });
    const flavor = (name: string, type: string) => ({
      name,
      nodeLabels: { 'node.kubernetes.io/instance-type': type },
    });
    const cluster = buildCluster({
      localqueues: [
        buildLocalQueue({ flavors: [flavor('one', 'g6.4xlarge'), flavor('four', 'g6.12xlarge')] }),
      ],
      clusterqueues: [
        buildClusterQueue({
          nominal: [of('one', 2), of('four', 4)],
          reserved: [of('one', 2), of('four', 1)],
        }),
      ],
    });
    expect(deriveQuota(DEFAULT_SETTINGS, cluster)).toMatchObject({ used: 2, total: 2 });
  });

  test('is unknown, not zero, where ClusterQueues may not be read', () => {
    const cluster = buildCluster({}, { clusterqueues: FORBIDDEN });
    expect(deriveQuota(DEFAULT_SETTINGS, cluster)).toMatchObject({ used: null, total: null });
  });

  test('is absent where Kueue is', () => {
    expect(deriveQuota(DEFAULT_SETTINGS, buildCluster({}, { localqueues: FORBIDDEN }))).toBeNull();
  });
});
