import { describe, expect, test } from 'vitest';
import {
  buildCondition,
  buildContainer,
  buildContainerStatus,
  buildEnginePod,
  buildMeta,
  POD_TROUBLE,
} from '../testing/build-objects';
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

  const unready = (changedAt: string, reason: string | null = 'ContainersNotReady') => [
    { ...buildCondition('Ready', 'False', reason), changedAt },
    buildCondition('PodScheduled'),
  ];

  test.each([
    ['the API server’s older versions', null],
    ['those that give a reason', 'NodeNotReady'],
  ])('a pod whose node is silent does not load: it is lost (%s)', (_name, reason) => {
    const pod = engine({ conditions: unready('2025-12-29T14:18:00Z', reason) });
    expect(podState(pod)).toEqual({
      kind: 'node-lost',
      waitingReason: 'Its node does not report any more',
      progressing: false,
    });
  });

  test('an engine that was ready in this very run does not load its model, and does not come up by itself', () => {
    const statuses = [buildContainerStatus({ ready: false })];
    const pod = engine({ conditions: unready('2025-12-29T14:18:00Z'), containerStatuses: statuses });
    expect(podState(pod)).toEqual({
      kind: 'unready',
      waitingReason: 'Not ready any more: its readiness probe fails',
      progressing: false,
    });
  });

  const crashed = (startedAt: string) => [
    buildContainerStatus({
      ready: false,
      restarts: 1,
      state: { kind: 'running', startedAt: '2025-12-29T14:18:02Z' },
      lastTermination: { reason: 'Error', exitCode: 1, startedAt },
    }),
  ];

  test('an engine that crashed after it had served loads its model again', () => {
    const pod = engine({
      conditions: unready('2025-12-29T14:18:01Z'),
      containerStatuses: crashed('2025-12-29T14:02:12Z'),
    });
    expect(podState(pod)).toEqual({
      kind: 'loading',
      waitingReason: 'Loading the model again: main restarted 1 time, last exit code 1',
      progressing: true,
    });
  });

  test('an engine that crashed before it was ready is in a loop', () => {
    const pod = engine({
      conditions: unready('2025-12-29T14:02:12Z'),
      containerStatuses: crashed('2025-12-29T14:10:00Z'),
    });
    expect(podState(pod)).toMatchObject({ kind: 'restart-loop', progressing: false });
  });

  test.each([
    [false, 'Loading the model'],
    [true, 'Started, not ready yet'],
  ])('a startup probe tells when the model is loaded (%s)', (started, waitingReason) => {
    const probe = { initialDelaySeconds: 0, periodSeconds: 10, failureThreshold: 60 };
    const pod = engine({
      ...POD_TROUBLE.loading,
      containers: [buildContainer({ startupProbe: probe })],
      containerStatuses: [buildContainerStatus({ ready: false, started })],
    });
    expect(podState(pod)).toEqual({ kind: 'loading', waitingReason, progressing: true });
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
