import { describe, expect, test } from 'vitest';
import { buildCluster, FORBIDDEN, NODE, SYNCING } from '../testing/build-cluster';
import {
  buildBaselinePod,
  buildContainer,
  buildEnginePod,
  buildForeignPod,
  buildInferenceService,
  buildNode,
  POD_TROUBLE,
} from '../testing/build-objects';
import { gateOf, judged } from '../testing/judge-gate';

describe('gpu-nodes', () => {
  test('says how many are Ready, what they hold, and who uses it', () => {
    expect(gateOf('gpu-nodes').finding).toBe(
      '3 of 3 g6.4xlarge nodes Ready, one L4 each, all three in use by this demo.',
    );
  });

  test('GPUs of other tenants are named', () => {
    const pods = [buildEnginePod('engine-a', NODE.b), buildForeignPod('train', NODE.c)];
    expect(gateOf('gpu-nodes', { cluster: buildCluster({ pods }) }).finding).toBe(
      '3 of 3 g6.4xlarge nodes Ready, one L4 each, one in use by this demo and one by others.',
    );
  });

  test('too few nodes for both arms is a warning', () => {
    const nodes = [buildNode(NODE.a), buildNode(NODE.b)];
    expect(judged(gateOf('gpu-nodes', { cluster: buildCluster({ nodes }) }))).toMatchObject({
      status: 'warn',
      finding: expect.stringContaining('both arms need 3 GPUs on at least two nodes'),
    });
  });

  test('no node of the type fails', () => {
    const nodes = [buildNode(NODE.a, { type: 'g5.2xlarge' })];
    expect(judged(gateOf('gpu-nodes', { cluster: buildCluster({ nodes }) }))).toMatchObject({
      status: 'fail',
      finding: 'There is no g6.4xlarge node in the cluster.',
    });
  });

  test('nodes without a GPU although labelled fail, and are blocked by a GPU operator that is down', () => {
    const nodes = [buildNode(NODE.a, { allocatable: { 'nvidia.com/gpu': 0 } })];
    expect(gateOf('gpu-nodes', { cluster: buildCluster({ nodes }) })).toMatchObject({
      status: 'fail',
      finding: '1 of 1 g6.4xlarge nodes Ready, but none offers a GPU (driver or device plugin down).',
    });
    expect(gateOf('gpu-nodes', { cluster: buildCluster({ nodes, clusterpolicies: [] }) })).toMatchObject({
      status: 'unknown',
      reason: 'blocked',
      blockedBy: 'gpu-operator',
    });
  });

  test('without the right to list nodes it is unknown', () => {
    expect(gateOf('gpu-nodes', { cluster: buildCluster({}, { nodes: FORBIDDEN }) })).toMatchObject({
      status: 'unknown',
      reason: 'forbidden',
      missingRight: { verb: 'list', group: '', resource: 'nodes', namespace: null },
    });
  });
});

describe('gpu-capacity', () => {
  const oneDown = [
    buildBaselinePod(NODE.a),
    buildEnginePod('engine-a', NODE.b),
    buildEnginePod('engine-b', null, POD_TROUBLE.unschedulable),
  ];

  test('nothing more is needed while both arms hold what they declare', () => {
    expect(gateOf('gpu-capacity').finding).toBe(
      'Both arms hold the 3 GPUs they declare; no more are needed.',
    );
  });

  test('with nothing deployed none is needed yet', () => {
    const cluster = buildCluster({ inferenceservices: [], llminferenceservices: [], pods: [] });
    expect(gateOf('gpu-capacity', { cluster }).status).toBe('not-applicable');
  });

  test('services that declare no GPU are a warning', () => {
    const cluster = buildCluster({
      inferenceservices: [buildInferenceService({ gpus: {} })],
      llminferenceservices: [],
      pods: [],
    });
    expect(gateOf('gpu-capacity', { cluster }).status).toBe('warn');
  });

  test('a free GPU for the missing pod passes', () => {
    expect(judged(gateOf('gpu-capacity', { cluster: buildCluster({ pods: oneDown }) }))).toMatchObject({
      status: 'pass',
      finding: '1 more GPU needed, 1 of 3 free on Ready g6.4xlarge nodes.',
    });
  });

  test('a GPU taken by another tenant fails', () => {
    const pods = [...oneDown, buildForeignPod('train', NODE.c)];
    expect(judged(gateOf('gpu-capacity', { cluster: buildCluster({ pods }) }))).toMatchObject({
      status: 'fail',
      finding: '1 more GPU needed, 0 of 3 free on Ready g6.4xlarge nodes; the others are in use.',
    });
  });

  test('a terminating pod of the demo will give its GPU back', () => {
    const leaving = buildEnginePod('engine-old', NODE.c);
    const pods = [...oneDown, { ...leaving, meta: { ...leaving.meta, deletedAt: '2025-12-29T14:19:50Z' } }];
    expect(judged(gateOf('gpu-capacity', { cluster: buildCluster({ pods }) }))).toMatchObject({
      status: 'warn',
      progressing: true,
    });
  });

  test('what is free cannot be known without the pods of all namespaces', () => {
    const cluster = buildCluster({ pods: oneDown }, { 'pods-all': FORBIDDEN });
    expect(gateOf('gpu-capacity', { cluster })).toMatchObject({
      status: 'unknown',
      reason: 'forbidden',
      missingRight: { verb: 'list', group: '', resource: 'pods', namespace: null },
    });
  });
});

test('a container that is not the engine does not hide the engine’s GPUs', () => {
  const containers = [buildContainer(), buildContainer({ name: 'modelcar', gpus: {} })];
  const pods = [buildEnginePod('a', NODE.b, { containers }), buildEnginePod('b', NODE.c, { containers })];
  expect(gateOf('gpu-nodes', { cluster: buildCluster({ pods }) }).finding).toContain(
    'two in use by this demo',
  );
});

describe('before the arms were listed', () => {
  test.each(['llminferenceservices', 'inferenceservices'] as const)(
    'no GPU is said to be free or enough while %s are not known',
    (id) => {
      expect(gateOf('gpu-capacity', { cluster: buildCluster({}, { [id]: SYNCING }) })).toMatchObject({
        status: 'unknown',
        reason: 'syncing',
      });
    },
  );
});
