import { describe, expect, test } from 'vitest';
import { buildCluster, MISSING, missingApi } from '../testing/build-cluster';
import { buildCondition, buildMeta } from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

describe('rhoai-platform', () => {
  const platform = (overrides: object) =>
    buildCluster({
      datascienceclusters: [
        {
          meta: buildMeta({ name: 'default-dsc' }),
          phase: 'Ready',
          version: '3.0.0',
          kserveManagementState: 'Managed',
          kueueManagementState: null,
          conditions: [buildCondition('Ready'), buildCondition('KserveReady')],
          ...overrides,
        },
      ],
    });

  test.each([
    ['kserve removed', { kserveManagementState: 'Removed' }, 'fail'],
    ['kserve not ready', { conditions: [buildCondition('KserveReady', 'False', 'NotReady')] }, 'fail'],
    ['another release of 3', { version: '3.2.0' }, 'warn'],
    ['release 2', { version: '2.25.0' }, 'fail'],
    [
      'another component not ready',
      { conditions: [buildCondition('Ready', 'False', 'NotReady'), buildCondition('KserveReady')] },
      'warn',
    ],
  ] as const)('%s has its own verdict', (_name, overrides, status) => {
    expect(gateOf('rhoai-platform', { cluster: platform(overrides) }).status).toBe(status);
  });

  test('not installed fails, and blocks what comes from it', () => {
    const cluster = {
      ...buildCluster({}, { datascienceclusters: MISSING }),
      discovery: { 'serving.kserve.io/v1alpha1': missingApi<never>('GET /apis/serving.kserve.io/v1alpha1') },
    };
    expect(gateOf('rhoai-platform', { cluster })).toMatchObject({ status: 'fail', reason: 'not-installed' });
    expect(gateOf('llminferenceservice-api', { cluster })).toMatchObject({
      status: 'unknown',
      reason: 'blocked',
      blockedBy: 'rhoai-platform',
    });
  });
});
