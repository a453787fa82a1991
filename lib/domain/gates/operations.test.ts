import { describe, expect, test } from 'vitest';
import { buildCluster, MISSING, SYNCING } from '../testing/build-cluster';
import { buildMeta } from '../testing/build-objects';
import { gateOf } from '../testing/judge-gate';

describe('benchmark-job', () => {
  const job = (overrides: object) =>
    buildCluster({
      cronjob: [
        {
          meta: buildMeta({ name: 'guidellm-daily' }),
          schedule: '0 2 * * *',
          suspended: false,
          lastScheduleAt: null,
          lastSuccessAt: '2025-12-29T02:40:00Z',
          ...overrides,
        },
      ],
    });

  test.each([
    ['recent', job({}), 'pass'],
    ['suspended', job({ suspended: true }), 'warn'],
    ['older than a day', job({ lastSuccessAt: '2025-12-27T02:40:00Z' }), 'warn'],
    ['never succeeded', job({ lastSuccessAt: null }), 'warn'],
    ['not created', buildCluster({ cronjob: [] }), 'fail'],
  ] as const)('%s has its own verdict', (_name, cluster, status) => {
    expect(gateOf('benchmark-job', { cluster }).status).toBe(status);
  });
});

describe('argocd-application', () => {
  const application = (overrides: object) =>
    buildCluster({
      application: [
        {
          meta: buildMeta({ name: 'step-08-llm-d', namespace: 'openshift-gitops' }),
          syncStatus: 'Synced',
          healthStatus: 'Healthy',
          revision: 'abc',
          operation: null,
          outOfSync: [],
          conditions: [],
          ...overrides,
        },
      ],
    });

  test.each([
    [
      'OutOfSync',
      application({
        syncStatus: 'OutOfSync',
        outOfSync: [{ kind: 'LLMInferenceService', name: 'mistral-3-distributed', status: 'OutOfSync' }],
      }),
      'warn',
      false,
    ],
    ['Progressing', application({ healthStatus: 'Progressing' }), 'warn', true],
    ['Degraded', application({ healthStatus: 'Degraded' }), 'fail', false],
    [
      'a failed operation',
      application({
        operation: { phase: 'Failed', message: 'one or more objects failed', finishedAt: null },
      }),
      'fail',
      false,
    ],
    ['not created', buildCluster({ application: [] }), 'fail', false],
    ['no GitOps', buildCluster({}, { application: MISSING }), 'not-applicable', false],
    ['still syncing', buildCluster({}, { application: SYNCING }), 'unknown', false],
  ] as const)('%s has its own verdict', (_name, cluster, status, progressing) => {
    expect(gateOf('argocd-application', { cluster })).toMatchObject({ status, progressing });
  });

  test('what differs from Git is named', () => {
    const cluster = application({
      syncStatus: 'OutOfSync',
      outOfSync: [{ kind: 'LLMInferenceService', name: 'mistral-3-distributed', status: 'OutOfSync' }],
    });
    expect(gateOf('argocd-application', { cluster }).finding).toBe(
      'step-08-llm-d is OutOfSync and Healthy: LLMInferenceService mistral-3-distributed differ from Git.',
    );
  });
});
