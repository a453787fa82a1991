import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../settings';
import { buildCluster, buildView, FORBIDDEN, MISSING } from '../testing/build-cluster';
import { buildCondition, buildLlmService, buildMeta } from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

const authOn = () => buildLlmService({ meta: buildMeta({ name: DEFAULT_SETTINGS.distributedName }) });

describe('connectivity-link', () => {
  const notReady = [
    {
      meta: buildMeta({ name: 'kuadrant', namespace: 'kuadrant-system' }),
      conditions: [buildCondition('Ready', 'False', 'MissingDependency')],
    },
  ];

  test.each([
    [
      'not installed, authentication off',
      buildCluster({ subscriptions: [] }, { kuadrants: MISSING }),
      'not-applicable',
      false,
    ],
    [
      'not installed, authentication on',
      buildCluster({ subscriptions: [], llminferenceservices: [authOn()] }, { kuadrants: MISSING }),
      'fail',
      true,
    ],
    ['no Kuadrant, authentication off', buildCluster({ kuadrants: [] }), 'warn', false],
    [
      'no Kuadrant, authentication on',
      buildCluster({ kuadrants: [], llminferenceservices: [authOn()] }),
      'fail',
      true,
    ],
    [
      'not ready, authentication on',
      buildCluster({ kuadrants: notReady, llminferenceservices: [authOn()] }),
      'fail',
      true,
    ],
    ['ready, authentication on', buildCluster({ llminferenceservices: [authOn()] }), 'pass', true],
  ] as const)('%s has its own verdict', (_name, cluster, status, required) => {
    expect(gateOf('connectivity-link', { cluster })).toMatchObject({ status, required });
  });

  test('a 403 on an API that is not served means not installed', () => {
    const cluster = buildCluster({ subscriptions: [] }, { kuadrants: FORBIDDEN });
    const withoutGroup = { ...cluster, groupVersions: buildView('GET /apis', ['apps/v1']) };
    expect(gateOf('connectivity-link', { cluster: withoutGroup })).toMatchObject({
      status: 'not-applicable',
      reason: 'not-installed',
    });
  });
});
