import { describe, expect, test } from 'vitest';
import type { ProbePatience } from '../objects/core';
import { buildCluster, NODE } from '../testing/build-cluster';
import {
  buildContainer,
  buildEnginePod,
  buildLlmService,
  buildWorkload,
  POD_TROUBLE,
} from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

describe('gpu-container', () => {
  const scene = (template: { name: string; gpus: number }[], ...containers: [string, number][]) =>
    buildCluster({
      llminferenceservices: [buildLlmService({ main: buildWorkload({ templateContainers: template }) })],
      pods: [
        buildEnginePod('engine-a', NODE.b, {
          containers: containers.map(([name, gpus]) =>
            buildContainer({ name, gpus: gpus === 0 ? {} : { 'nvidia.com/gpu': gpus } }),
          ),
        }),
      ],
    });

  test.each([
    ['on main', scene([{ name: 'main', gpus: 1 }], ['main', 1], ['modelcar', 0]), 'pass'],
    ['set on the pod only, by the hardware profile', scene([], ['main', 1]), 'pass'],
    ['on another container', scene([{ name: 'vllm', gpus: 1 }], ['main', 0], ['vllm', 1]), 'fail'],
    [
      'on both',
      scene(
        [
          { name: 'main', gpus: 1 },
          { name: 'vllm', gpus: 1 },
        ],
        ['main', 1],
      ),
      'warn',
    ],
    ['nowhere', scene([{ name: 'main', gpus: 0 }], ['main', 0]), 'fail'],
  ])('a request %s', (_name, cluster, status) => {
    expect(gateOf('gpu-container', { cluster }).status).toBe(status);
  });
});

describe('liveness-budget', () => {
  const PRESET: ProbePatience = { initialDelaySeconds: 120, periodSeconds: 10, failureThreshold: 3 };
  const scene = (
    livenessProbe: ProbePatience | null,
    startupProbe: ProbePatience | null,
    trouble: object = {},
  ) =>
    buildCluster({
      pods: [
        buildEnginePod('engine-a', NODE.b, {
          containers: [buildContainer({ livenessProbe, startupProbe })],
          ...trouble,
        }),
      ],
    });

  test.each([
    ['the preset’s', scene(PRESET, null), 'warn', 'would be killed 150 s after a start'],
    [
      'the preset’s, in a restart loop',
      scene(PRESET, null, POD_TROUBLE.restartLoop),
      'fail',
      'killed 150 s after',
    ],
    ['none', scene(null, null), 'pass', 'No engine has a liveness probe'],
    [
      'the preset’s behind a patient startup probe',
      scene(PRESET, { initialDelaySeconds: 0, periodSeconds: 10, failureThreshold: 60 }),
      'pass',
      'before 600 s',
    ],
    [
      'a patient one behind a hasty startup probe',
      scene({ ...PRESET, initialDelaySeconds: 900 }, { ...PRESET, initialDelaySeconds: 0 }),
      'warn',
      '30 s',
    ],
  ] as const)('%s', (_name, cluster, status, finding) => {
    const gate = gateOf('liveness-budget', { cluster });
    expect([gate.status, gate.finding]).toEqual([status, expect.stringContaining(finding)]);
  });

  test('without an engine pod there is nothing to read', () => {
    expect(gateOf('liveness-budget', { cluster: buildCluster({ pods: [] }) }).status).toBe('not-applicable');
  });
});
