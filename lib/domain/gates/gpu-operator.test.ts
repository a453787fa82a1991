import { describe, expect, test } from 'vitest';
import { buildCluster, MISSING } from '../testing/build-cluster';
import { buildCondition, buildMeta } from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

describe('gpu-operator', () => {
  const policy = (state: string, reason: string, driverVersion: string | null = '570.195.03') =>
    buildCluster({
      clusterpolicies: [
        {
          meta: buildMeta({ name: 'gpu-cluster-policy' }),
          driverVersion,
          state,
          conditions: [buildCondition('Ready', 'True', reason)],
        },
      ],
    });

  test.each([
    ['ready', 'Reconciled', '570.195.03', 'pass'],
    ['ready', 'NoGPUNodes', '570.195.03', 'warn'],
    ['ready', 'NFDLabelsMissing', '570.195.03', 'warn'],
    ['notReady', 'OperandNotReady', '570.195.03', 'fail'],
  ] as const)('%s / %s / driver %s: %s', (state, reason, driver, status) => {
    expect(gateOf('gpu-operator', { cluster: policy(state, reason, driver) }).status).toBe(status);
  });

  test('not installed and not created are told apart', () => {
    expect(gateOf('gpu-operator', { cluster: buildCluster({}, { clusterpolicies: MISSING }) })).toMatchObject(
      {
        status: 'fail',
        reason: 'not-installed',
      },
    );
    expect(gateOf('gpu-operator', { cluster: buildCluster({ clusterpolicies: [] }) })).toMatchObject({
      status: 'fail',
      reason: 'not-created',
    });
  });
});
