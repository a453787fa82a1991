import { describe, expect, test } from 'vitest';
import { podGpus } from '@/lib/domain/objects/gpus';
import { argumentsWithoutSecrets, parsePod } from './pods';

const raw = {
  metadata: {
    name: 'engine-a',
    namespace: 'private-ai',
    uid: 'u1',
    creationTimestamp: '2025-12-29T14:02:12Z',
    labels: { 'llm-d.ai/role': 'both', 'node-role.kubernetes.io/gpu': '' },
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{"secret":"canary"}',
      'leaderworkerset.sigs.k8s.io/size': '2',
    },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'u2', controller: true }],
  },
  spec: {
    nodeName: 'node-a',
    containers: [
      {
        name: 'main',
        image: 'vllm',
        command: ['/bin/bash', '-c'],
        args: [`eval "vllm serve /mnt/models --api-key canary-key \${VLLM_ADDITIONAL_ARGS}"`],
        env: [
          { name: 'HF_TOKEN', value: 'canary-token' },
          { name: 'VLLM_ADDITIONAL_ARGS', value: '--tensor-parallel-size 2 --api-key=canary-key' },
        ],
        resources: {
          limits: { cpu: '16', 'nvidia.com/gpu': '2' },
          requests: { cpu: '8', 'nvidia.com/gpu': '2' },
        },
      },
    ],
    initContainers: [{ name: 'modelcar-init', resources: { limits: { cpu: '10m' } } }],
  },
  status: {
    phase: 'Running',
    conditions: [
      { type: 'Ready', status: 'True', lastProbeTime: null, lastTransitionTime: '2025-12-29T14:08:33Z' },
    ],
    containerStatuses: [
      {
        name: 'main',
        ready: true,
        started: true,
        restartCount: 1,
        state: { running: { startedAt: '2025-12-29T14:05:03Z' } },
        lastState: {
          terminated: {
            exitCode: 137,
            reason: 'Error',
            message: 'killed',
            startedAt: '2025-12-29T14:02:30Z',
          },
        },
      },
    ],
  },
};

describe('parsePod', () => {
  test('keeps what decides: node, GPUs, conditions, container states and owners', () => {
    const pod = parsePod(raw);
    expect(pod).toEqual({
      meta: {
        name: 'engine-a',
        namespace: 'private-ai',
        uid: 'u1',
        createdAt: '2025-12-29T14:02:12Z',
        deletedAt: null,
        generation: null,
        labels: { 'llm-d.ai/role': 'both', 'node-role.kubernetes.io/gpu': '' },
        annotations: { 'leaderworkerset.sigs.k8s.io/size': '2' },
        owners: [{ kind: 'ReplicaSet', name: 'rs', uid: 'u2', controller: true }],
      },
      nodeName: 'node-a',
      nodeSelector: {},
      tolerations: [],
      schedulingGates: [],
      containers: [
        {
          name: 'modelcar-init',
          kind: 'init',
          image: null,
          command: [],
          args: [],
          additionalEngineArgs: null,
          environmentNames: [],
          livenessProbe: null,
          startupProbe: null,
          gpus: {},
        },
        {
          name: 'main',
          kind: 'app',
          image: 'vllm',
          command: ['/bin/bash', '-c'],
          args: [`eval "vllm serve /mnt/models --api-key *** \${VLLM_ADDITIONAL_ARGS}"`],
          additionalEngineArgs: '--tensor-parallel-size 2 --api-key=***',
          environmentNames: ['HF_TOKEN', 'VLLM_ADDITIONAL_ARGS'],
          livenessProbe: null,
          startupProbe: null,
          gpus: { 'nvidia.com/gpu': 2 },
        },
      ],
      phase: 'Running',
      podIp: null,
      startedAt: null,
      conditions: [
        { type: 'Ready', status: 'True', reason: null, message: null, changedAt: '2025-12-29T14:08:33Z' },
      ],
      containerStatuses: [
        {
          name: 'main',
          init: false,
          ready: true,
          started: true,
          restarts: 1,
          state: { kind: 'running', startedAt: '2025-12-29T14:05:03Z' },
          lastTermination: { reason: 'Error', exitCode: 137, startedAt: '2025-12-29T14:02:30Z' },
        },
      ],
    });
    expect(podGpus(pod.containers)).toBe(2);
  });

  test('drops environment values, keys and last-applied', () => {
    expect(JSON.stringify(parsePod(raw))).not.toContain('canary');
  });

  test.each([
    ['missing', {}],
    ['null', { spec: null, status: null }],
    ['of the wrong type', { spec: 'x', status: [{ phase: 7 }] }],
    [
      'full of odd items',
      {
        spec: {
          containers: [
            null,
            7,
            { name: '' },
            { name: 'main', args: [1, 'a'], resources: { limits: { 'nvidia.com/gpu': { a: 1 } } } },
          ],
        },
        status: {
          conditions: [{ type: 'Ready', status: 'Maybe' }, { type: 'Ready' }],
          containerStatuses: 'none',
        },
      },
    ],
  ])('reads a pod whose spec and status are %s as one that proves nothing', (_name, parts) => {
    const pod = parsePod({ metadata: { name: 'odd' }, ...parts });
    expect(pod).toMatchObject({ nodeName: null, conditions: [], containerStatuses: [], phase: 'Unknown' });
    expect(podGpus(pod.containers)).toBe(0);
  });

  test('refuses an object without a name', () => {
    expect(() => parsePod({ metadata: {} })).toThrow();
    expect(() => parsePod(null)).toThrow();
  });
});

test('a key in its own argument is cut out too', () => {
  expect(argumentsWithoutSecrets(['--api-key', 'canary', '--port=8000', "--api-key='canary'"])).toEqual([
    '--api-key',
    '***',
    '--port=8000',
    '--api-key=***',
  ]);
});

test('probes get the defaults of the API, tolerations keep what they leave open', () => {
  const pod = parsePod({
    metadata: { name: 'p' },
    spec: {
      containers: [{ name: 'main', livenessProbe: { httpGet: {} }, startupProbe: { failureThreshold: 60 } }],
      tolerations: [{ operator: 'Exists' }, { key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' }],
    },
  });
  expect(pod.containers[0]?.livenessProbe).toEqual({
    initialDelaySeconds: 0,
    periodSeconds: 10,
    failureThreshold: 3,
  });
  expect(pod.containers[0]?.startupProbe?.failureThreshold).toBe(60);
  expect(pod.tolerations).toEqual([
    { key: null, operator: 'Exists', value: null, effect: null },
    { key: 'nvidia.com/gpu', operator: null, value: 'true', effect: 'NoSchedule' },
  ]);
});
