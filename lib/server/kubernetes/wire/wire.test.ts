import { describe, expect, test } from 'vitest';
import { parseEvent, parseMonitoringConfig, parseNode, parseService } from './core';
import { parseGateway, parseHttpRoute, parseInferencePool, parseRoute } from './networking';
import {
  parseApplication,
  parseAuthorino,
  parseAuthPolicy,
  parseClusterQueue,
  parseHardwareProfile,
  parseLocalQueue,
  parseNamedObject,
  parseSubscription,
} from './platform';
import { parseInferenceService, parseLlmInferenceService } from './serving';

const metadata = { name: 'x', namespace: 'private-ai', uid: 'u' };

describe('quantities', () => {
  test('of queues may be strings or numbers', () => {
    const queue = parseClusterQueue({
      metadata,
      spec: {
        resourceGroups: [
          {
            flavors: [
              {
                name: 'l4',
                resources: [
                  { name: 'nvidia.com/gpu', nominalQuota: 3 },
                  { name: 'cpu', nominalQuota: '48' },
                  { name: 'memory', nominalQuota: {} },
                ],
              },
            ],
          },
        ],
      },
      status: {
        flavorsReservation: [
          {
            name: 'l4',
            resources: [
              { name: 'cpu', total: '24286m' },
              { name: 'memory', total: '98849Mi' },
            ],
          },
        ],
      },
    });
    expect({ nominal: queue.nominal, reserved: queue.reserved }).toEqual({
      nominal: [
        { flavor: 'l4', resource: 'nvidia.com/gpu', amount: 3 },
        { flavor: 'l4', resource: 'cpu', amount: 48 },
      ],
      reserved: [
        { flavor: 'l4', resource: 'cpu', amount: 24.286 },
        { flavor: 'l4', resource: 'memory', amount: 98849 * 1024 ** 2 },
      ],
    });
  });

  test('of nodes are plain numbers', () => {
    expect(
      parseNode({ metadata, status: { allocatable: { cpu: '15500m', 'nvidia.com/gpu': '1', pods: 'many' } } })
        .allocatable,
    ).toEqual({
      cpu: 15.5,
      'nvidia.com/gpu': 1,
    });
  });
});

describe('LLMInferenceService', () => {
  test('tells an empty router part from an absent one', () => {
    const { router } = parseLlmInferenceService({
      metadata,
      spec: { router: { route: {}, scheduler: {}, gateway: { refs: [{ name: 'g' }] } } },
    });
    expect(router).toEqual({
      hasRoute: true,
      hasScheduler: true,
      hasGateway: true,
      gatewayRefs: [{ namespace: null, name: 'g' }],
    });
    expect(parseLlmInferenceService({ metadata, spec: { router: { route: {} } } }).router).toEqual({
      hasRoute: true,
      hasScheduler: false,
      hasGateway: false,
      gatewayRefs: [],
    });
    expect(parseLlmInferenceService({ metadata, spec: {} }).router).toBeNull();
  });

  test('sums the GPUs of a template and keeps the worker’s apart', () => {
    const container = (gpus: string) => ({ name: 'main', resources: { limits: { 'nvidia.com/gpu': gpus } } });
    expect(
      parseLlmInferenceService({
        metadata,
        spec: {
          replicas: 2,
          template: { containers: [container('1'), container('2')] },
          worker: { containers: [container('4')] },
        },
      }).main,
    ).toEqual({
      replicas: 2,
      parallelism: { tensor: null, pipeline: null, data: null, dataLocal: null },
      hasWorker: true,
      templateGpus: { 'nvidia.com/gpu': 3 },
      templateContainers: [
        { name: 'main', gpus: 1 },
        { name: 'main', gpus: 2 },
      ],
      workerGpus: { 'nvidia.com/gpu': 4 },
    });
  });

  test('without a status claims nothing', () => {
    expect(parseLlmInferenceService({ metadata })).toMatchObject({
      conditions: [],
      url: null,
      observedGeneration: null,
    });
  });
});

test('an InferenceService names its failure', () => {
  expect(
    parseInferenceService({
      metadata,
      status: {
        modelStatus: {
          transitionStatus: 'BlockedByFailedLoad',
          lastFailureInfo: { reason: 'ModelLoadFailed', message: 'CUDA out of memory' },
        },
      },
    }).modelStatus,
  ).toEqual({
    transitionStatus: 'BlockedByFailedLoad',
    activeModelState: null,
    lastFailure: { reason: 'ModelLoadFailed', message: 'CUDA out of memory' },
  });
});

describe('InferencePool', () => {
  const conditions = [{ type: 'Accepted', status: 'True' }];
  const parentRef = { name: 'g' };

  test('of v1alpha2 has its parents under "parent" and its labels in the selector', () => {
    expect(
      parseInferencePool({
        metadata,
        spec: { selector: { app: 'x' }, extensionRef: { name: 'epp', failureMode: 'FailOpen' } },
        status: { parent: [{ parentRef, conditions }] },
      }),
    ).toMatchObject({
      selector: { app: 'x' },
      endpointPicker: { name: 'epp', failureMode: 'FailOpen' },
      parents: [{ parent: { kind: 'Gateway', name: 'g' } }],
    });
  });

  test('of v1 has them under "parents" and "matchLabels"', () => {
    expect(
      parseInferencePool({
        metadata,
        spec: { selector: { matchLabels: { app: 'x' } }, endpointPickerRef: { name: 'epp' } },
        status: { parents: [{ parentRef, conditions }] },
      }),
    ).toMatchObject({
      selector: { app: 'x' },
      endpointPicker: { name: 'epp', failureMode: null },
      parents: [{ parent: { name: 'g' } }],
    });
  });
});

describe('defaults of the API', () => {
  test('a backend without kind is a Service, a parent without kind a Gateway', () => {
    const route = parseHttpRoute({
      metadata,
      spec: { parentRefs: [{ name: 'g' }], rules: [{ backendRefs: [{ name: 's' }] }] },
    });
    expect(route.parentRefs[0]?.kind).toBe('Gateway');
    expect(route.rules[0]?.backends[0]?.kind).toBe('Service');
  });

  test('a listener without allowedRoutes takes routes of its own namespace only', () => {
    expect(
      parseGateway({ metadata, spec: { listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] } })
        .listeners[0]?.routesFrom,
    ).toBe('Same');
  });

  test('ports may be numbers or names', () => {
    expect(
      parseService({
        metadata,
        spec: {
          ports: [
            { port: 80, targetPort: 8080 },
            { port: 81, targetPort: 'http' },
          ],
        },
      }).ports.map((port) => port.targetPort),
    ).toEqual(['8080', 'http']);
    expect(parseRoute({ metadata, spec: { port: { targetPort: 8000 } } }).targetPort).toBe('8000');
  });
});

describe('events', () => {
  const event = (times: object) =>
    parseEvent({
      metadata: { ...metadata, creationTimestamp: '2025-12-29T14:00:00Z' },
      reason: 'Unhealthy',
      type: 'Warning',
      ...times,
    }).at;

  test('take the newest of all the places a time may sit in', () => {
    expect(
      event({
        lastTimestamp: '2025-12-29T14:05:00Z',
        firstTimestamp: '2025-12-29T14:01:00Z',
        eventTime: null,
      }),
    ).toBe('2025-12-29T14:05:00Z');
    expect(
      event({
        eventTime: '2025-12-29T14:06:00.123456Z',
        series: { lastObservedTime: '2025-12-29T14:09:00.000000Z' },
      }),
    ).toBe('2025-12-29T14:09:00.000000Z');
    expect(event({})).toBe('2025-12-29T14:00:00Z');
  });
});

test.each([
  ['enableUserWorkload: true\n', true],
  ['prometheusK8s: {}\nenableUserWorkload: false\n', false],
  ['prometheusK8s:\n  enableUserWorkload: true\n', false],
  ['{ not yaml', null],
])('the monitoring flag of %j is %s', (configuration, flag) => {
  expect(parseMonitoringConfig({ metadata, data: { 'config.yaml': configuration } }).enableUserWorkload).toBe(
    flag,
  );
});

test('resources that are in sync are not listed as different', () => {
  expect(
    parseApplication({
      metadata,
      status: {
        resources: [
          { kind: 'Route', name: 'a', status: 'Synced' },
          { kind: 'Kuadrant', name: 'k' },
          { kind: 'LLMInferenceService', name: 'm', status: 'OutOfSync' },
        ],
      },
    }).outOfSync,
  ).toEqual([{ kind: 'LLMInferenceService', name: 'm', status: 'OutOfSync' }]);
});

test('a subscription is found by its package, not by its own name', () => {
  expect(
    parseSubscription({ metadata, spec: { name: 'rhcl-operator' }, status: { state: 'UpgradePending' } }),
  ).toMatchObject({ packageName: 'rhcl-operator', state: 'UpgradePending' });
});

test('a LocalQueue tells which nodes its flavors stand for', () => {
  expect(
    parseLocalQueue({ metadata, status: { flavors: [{ name: 'l4', nodeLabels: { a: 'b', c: 1 } }] } })
      .flavors,
  ).toEqual([{ name: 'l4', nodeLabels: { a: 'b' } }]);
});

describe('objects of the platform', () => {
  test('an Authorino tells how it is reached', () => {
    expect(
      parseAuthorino({
        metadata,
        spec: { listener: { tls: { enabled: true, certSecretRef: { name: 'authorino-server-cert' } } } },
        status: { conditions: [{ type: 'Ready', status: 'True' }] },
      }).listenerTls,
    ).toEqual({ enabled: true, certificateSecret: 'authorino-server-cert' });
    expect(parseAuthorino({ metadata }).listenerTls).toEqual({ enabled: null, certificateSecret: null });
  });

  test('an AuthPolicy keeps its target and the generation its status is of', () => {
    expect(
      parseAuthPolicy({
        metadata,
        spec: { targetRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'g' } },
        status: { observedGeneration: 2, conditions: [] },
      }),
    ).toMatchObject({ target: { kind: 'Gateway', name: 'g' }, observedGeneration: 2 });
    expect(parseAuthPolicy({ metadata, spec: { targetRef: [] } }).target).toBeNull();
  });

  test.each([
    [{ type: 'Queue', kueue: { localQueueName: 'default' } }, 'default'],
    [{ type: 'Node', kueue: { localQueueName: 'default' } }, null],
    [undefined, null],
  ])('a hardware profile with scheduling %j writes queue %s', (scheduling, queue) => {
    expect(parseHardwareProfile({ metadata, spec: { scheduling } }).localQueue).toBe(queue);
  });

  test('of a definition only name and age are kept, however large it is', () => {
    const raw = { metadata, spec: { versions: [{ schema: 'x'.repeat(10_000) }] } };
    expect(Object.keys(parseNamedObject(raw))).toEqual(['meta']);
  });
});

test('an HTTPRoute keeps the timeouts of its rules as written', () => {
  const rules = [{ timeouts: { request: '0s', backendRequest: '30s' } }, {}];
  expect(parseHttpRoute({ metadata, spec: { rules } }).timeouts).toEqual([
    { request: '0s', backendRequest: '30s' },
    { request: null, backendRequest: null },
  ]);
});
