import { describe, expect, test } from 'vitest';
import { buildContainerStatus, buildEnginePod, buildMeta, POD_TROUBLE } from '../testing/build-objects';
import { podState } from './pod-state';

describe('podState', () => {
  const engine = (overrides: Parameters<typeof buildEnginePod>[2] = {}) =>
    buildEnginePod('engine', 'node-a', overrides);

  test.each([
    ['serving', {}, null, false],
    ['loading', POD_TROUBLE.loading, 'Loading the model', true],
    ['gated', POD_TROUBLE.gated, 'Waiting for quota: held by Kueue in queue default', false],
    [
      'unschedulable',
      POD_TROUBLE.unschedulable,
      'No node fits: 0/6 nodes are available: 3 Insufficient nvidia.com/gpu.',
      false,
    ],
    [
      'image',
      POD_TROUBLE.imagePull,
      'Image cannot be pulled (ImagePullBackOff): Back-off pulling image: unauthorized',
      false,
    ],
    ['crashing', POD_TROUBLE.crashLoop, 'Crashing: main restarted 3 times, last exit code 1', false],
    [
      'restart-loop',
      POD_TROUBLE.restartLoop,
      'Killed and restarted before it was ready: main restarted 4 times, last exit code 137',
      false,
    ],
  ] as const)('%s', (kind, overrides, waitingReason, progressing) => {
    expect(podState(engine(overrides))).toEqual({ kind, waitingReason, progressing });
  });

  test('a pod on its way out is terminating, whatever else it says', () => {
    const pod = engine();
    expect(
      podState({ ...pod, meta: buildMeta({ ...pod.meta, deletedAt: '2025-12-29T14:19:00Z' }) }).kind,
    ).toBe('terminating');
  });

  test('a pod that has restarted but is ready now serves', () => {
    expect(podState(engine({ containerStatuses: [buildContainerStatus({ restarts: 7 })] })).kind).toBe(
      'serving',
    );
  });

  test('before its containers exist it is starting', () => {
    const pod = engine({ phase: 'Pending', conditions: [], containerStatuses: [] });
    expect(podState(pod)).toEqual({
      kind: 'starting',
      waitingReason: 'Starting: creating containers',
      progressing: true,
    });
  });

  test('a foreign scheduling gate is named', () => {
    const pod = engine({ ...POD_TROUBLE.gated, schedulingGates: ['example.com/hold'] });
    expect(podState(pod).waitingReason).toBe('Held back by a scheduling gate: example.com/hold');
  });
});
