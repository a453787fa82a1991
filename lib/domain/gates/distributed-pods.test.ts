import { describe, expect, test } from 'vitest';
import { buildCluster, FORBIDDEN, NODE } from '../testing/build-cluster';
import {
  buildBaselinePod,
  buildEnginePod,
  buildForeignPod,
  buildLlmService,
  buildNode,
  buildSchedulerPod,
  buildWorkload,
  POD_TROUBLE,
} from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

describe('distributed-pods', () => {
  const pods = (...engines: ReturnType<typeof buildEnginePod>[]) =>
    buildCluster({ pods: [buildBaselinePod(NODE.a), ...engines, buildSchedulerPod(NODE.master)] });

  test.each([
    [
      'one loading',
      pods(buildEnginePod('a', NODE.b), buildEnginePod('b', NODE.c, POD_TROUBLE.loading)),
      'warn',
      true,
    ],
    [
      'one crashing',
      pods(buildEnginePod('a', NODE.b), buildEnginePod('b', NODE.c, POD_TROUBLE.crashLoop)),
      'warn',
      false,
    ],
    [
      'all loading',
      pods(
        buildEnginePod('a', NODE.b, POD_TROUBLE.loading),
        buildEnginePod('b', NODE.c, POD_TROUBLE.loading),
      ),
      'warn',
      true,
    ],
    [
      'all crashing',
      pods(
        buildEnginePod('a', NODE.b, POD_TROUBLE.crashLoop),
        buildEnginePod('b', NODE.c, POD_TROUBLE.crashLoop),
      ),
      'fail',
      false,
    ],
    [
      'one too many',
      pods(buildEnginePod('a', NODE.b), buildEnginePod('b', NODE.c), buildEnginePod('c', NODE.a)),
      'warn',
      false,
    ],
  ] as const)('%s has its own verdict', (_name, cluster, status, progressing) => {
    expect(gateOf('distributed-pods', { cluster })).toMatchObject({ status, progressing });
  });

  test('pods that no node fits are blocked by the lack of GPUs', () => {
    const unfit = ['a', 'b'].map((name) => buildEnginePod(name, null, POD_TROUBLE.unschedulable));
    const others = [NODE.a, NODE.b, NODE.c].map((node, index) => buildForeignPod(`train-${index}`, node));
    const cluster = buildCluster({ pods: [...unfit, ...others] });
    expect(gateOf('distributed-pods', { cluster })).toMatchObject({
      status: 'unknown',
      reason: 'blocked',
      blockedBy: 'gpu-capacity',
    });
  });

  test('fewer declared than the demo expects is a warning', () => {
    const cluster = buildCluster({
      llminferenceservices: [buildLlmService({ main: buildWorkload({ replicas: 1 }) })],
      pods: [buildEnginePod('a', NODE.b)],
    });
    expect(gateOf('distributed-pods', { cluster })).toMatchObject({
      status: 'warn',
      finding: '1 of 1 pod is ready; the demo expects 2.',
    });
  });

  test('without the right to list pods it names the right in the namespace', () => {
    const cluster = buildCluster({}, { pods: FORBIDDEN, 'pods-all': FORBIDDEN });
    expect(gateOf('distributed-pods', { cluster })).toMatchObject({
      status: 'unknown',
      missingRight: { verb: 'list', group: '', resource: 'pods', namespace: 'private-ai' },
    });
  });
});

describe('distributed-distinct-nodes', () => {
  test('two pods on one node are a warning', () => {
    const cluster = buildCluster({ pods: [buildEnginePod('a', NODE.b), buildEnginePod('b', NODE.b)] });
    expect(gateOf('distributed-distinct-nodes', { cluster })).toMatchObject({
      status: 'warn',
      finding: '2 ready pods on 1 node (ip-10-0-21-87).',
    });
  });

  test('a node of another type is a warning', () => {
    const nodes = [buildNode(NODE.b), buildNode(NODE.c, { type: 'g6.12xlarge' })];
    expect(gateOf('distributed-distinct-nodes', { cluster: buildCluster({ nodes }) })).toMatchObject({
      status: 'warn',
      finding: expect.stringContaining('one is g6.12xlarge, not g6.4xlarge'),
    });
  });

  test('a single declared pod has nothing to spread', () => {
    const cluster = buildCluster({
      llminferenceservices: [buildLlmService({ main: buildWorkload({ replicas: 1 }) })],
    });
    expect(gateOf('distributed-distinct-nodes', { cluster }).status).toBe('not-applicable');
  });

  test('no ready pod is blocked by the pods themselves', () => {
    const crashing = ['a', 'b'].map((name, index) =>
      buildEnginePod(name, index === 0 ? NODE.b : NODE.c, POD_TROUBLE.crashLoop),
    );
    expect(gateOf('distributed-distinct-nodes', { cluster: buildCluster({ pods: crashing }) })).toMatchObject(
      { reason: 'blocked', blockedBy: 'distributed-pods' },
    );
  });

  test('types cannot be judged without the right to list nodes', () => {
    expect(
      gateOf('distributed-distinct-nodes', { cluster: buildCluster({}, { nodes: FORBIDDEN }) }),
    ).toMatchObject({ status: 'unknown', reason: 'forbidden' });
  });
});

test('prefill and decode apart are not the replicas the demo expects, however many pods that makes', () => {
  const service = buildLlmService({
    main: buildWorkload({ replicas: 1 }),
    prefill: buildWorkload({ replicas: 1 }),
  });
  expect(
    gateOf('distributed-pods', { cluster: buildCluster({ llminferenceservices: [service] }) }),
  ).toMatchObject({
    status: 'warn',
    finding: '2 of 2 pods are ready, prefill and decode apart; the demo expects 2 replicas that do both.',
  });
});
