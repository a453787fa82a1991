import { expect, test } from 'vitest';
import type { KubernetesObject } from './object.ts';
import { podReadyText, podRestarts, podStatusText } from './pod-columns.ts';

function aPod(status: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod', ...metadata },
    spec: {
      containers: [{ name: 'main' }, { name: 'modelcar' }],
      initContainers: [{ name: 'modelcar-init' }],
    },
    status,
  };
}

const waiting = (reason: string) => ({ name: 'main', restartCount: 0, state: { waiting: { reason } } });
const running = (ready: boolean) => ({
  name: 'main',
  ready,
  restartCount: 0,
  state: { running: { startedAt: '' } },
});
const initialDone = { name: 'modelcar-init', state: { terminated: { exitCode: 0, reason: 'Completed' } } };

test.each([
  [
    'the phase',
    aPod({ phase: 'Running', initContainerStatuses: [initialDone], containerStatuses: [running(true)] }),
    'Running',
  ],
  [
    'held by a gate',
    aPod({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
    }),
    'SchedulingGated',
  ],
  [
    'waiting for a node',
    aPod({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
    }),
    'Pending',
  ],
  [
    'an image that cannot be pulled',
    aPod({ phase: 'Pending', initContainerStatuses: [waiting('ImagePullBackOff')] }),
    'Init:ImagePullBackOff',
  ],
  [
    'initialising',
    aPod({ phase: 'Pending', initContainerStatuses: [waiting('PodInitializing')] }),
    'Init:0/1',
  ],
  [
    'crashing',
    aPod({
      phase: 'Running',
      initContainerStatuses: [initialDone],
      containerStatuses: [waiting('CrashLoopBackOff')],
    }),
    'CrashLoopBackOff',
  ],
  [
    'going',
    aPod(
      { phase: 'Running', containerStatuses: [running(true)] },
      { deletionTimestamp: '2025-12-29T14:20:30Z' },
    ),
    'Terminating',
  ],
])('%s', (_name, pod, status) => {
  expect(podStatusText(pod)).toBe(status);
});

test('ready counts containers, restarts say when the last one was', () => {
  const pod = aPod({
    containerStatuses: [
      {
        ...running(true),
        restartCount: 3,
        lastState: { terminated: { finishedAt: '2025-12-29T14:15:00Z' } },
      },
      running(false),
    ],
  });
  expect([podReadyText(pod), podRestarts(pod, Date.UTC(2025, 11, 29, 14, 20))]).toEqual([
    '1/2',
    '3 (5m ago)',
  ]);
});
