import { describe, expect, test } from 'vitest';
import { buildCluster, buildView, MISSING, missingApi, NOW, SCHEMA_FIELDS } from '../testing/build-cluster';
import { buildCondition, buildLlmService, buildMeta, buildWorkload } from '../testing/build-objects';
import { gateOf, judged } from '../testing/judge-gate';

const healthy = { reason: null, progressing: false, blockedBy: null };

describe('llminferenceservice-api', () => {
  const serving = (names: readonly string[], newer: readonly string[] = []) => {
    const resources = (list: readonly string[]) =>
      list.map((name) => ({
        name,
        kind: 'LLMInferenceService',
        namespaced: true,
        verbs: ['list'],
        shortNames: [],
      }));
    return {
      ...buildCluster(),
      discovery: {
        'serving.kserve.io/v1alpha1': buildView('GET /apis/serving.kserve.io/v1alpha1', resources(names)),
        'serving.kserve.io/v1alpha2': buildView('GET /apis/serving.kserve.io/v1alpha2', resources(newer)),
      },
    };
  };

  test('the configs alone, which the plan’s grep takes for it, fail', () => {
    expect(
      gateOf('llminferenceservice-api', { cluster: serving(['llminferenceserviceconfigs']) }),
    ).toMatchObject({
      status: 'fail',
      reason: 'not-installed',
    });
  });

  test('an API that has just gone fails with its service, before discovery is asked again', () => {
    const gone = (lastProofAt: number) =>
      buildCluster({ llminferenceservices: [] }, { llminferenceservices: { ...MISSING, lastProofAt } });
    expect(gateOf('llminferenceservice-api', { cluster: gone(NOW - 500) })).toMatchObject({
      status: 'fail',
      reason: 'not-installed',
    });
    expect(gateOf('distributed-ready', { cluster: gone(NOW - 500) })).toMatchObject({
      status: 'unknown',
      blockedBy: 'llminferenceservice-api',
    });
    expect(gateOf('llminferenceservice-api', { cluster: gone(NOW - 9_000) }).status).toBe('pass');
  });

  test('a newer version only is a warning', () => {
    expect(
      gateOf('llminferenceservice-api', { cluster: serving([], ['llminferenceservices']) }),
    ).toMatchObject({
      status: 'warn',
      finding: 'Only serving.kserve.io/v1alpha2 serves llminferenceservices: this is not OpenShift AI 3.0.',
    });
  });
});

describe('llminferenceservice-schema', () => {
  const schema = (fields: readonly string[]) => ({
    ...buildCluster(),
    schemas: {
      'serving.kserve.io/v1alpha1': buildView('GET /openapi/v3/apis/serving.kserve.io/v1alpha1', [
        { kind: 'LLMInferenceService', fieldPaths: new Set(fields) },
      ]),
    },
  });

  test('a missing field is named', () => {
    const cluster = schema(SCHEMA_FIELDS.filter((field) => field !== 'spec.prefill'));
    expect(judged(gateOf('llminferenceservice-schema', { cluster }))).toMatchObject({
      status: 'fail',
      finding: 'The schema lacks spec.prefill.',
    });
  });

  test('fields of a newer release are told', () => {
    const gate = gateOf('llminferenceservice-schema', {
      cluster: schema([...SCHEMA_FIELDS, 'spec.scaling']),
    });
    expect(gate.status).toBe('pass');
    expect(gate.finding).toContain('spec.scaling of a newer release');
    expect(gate.evidence[0]?.source).toBe('openapi');
  });

  test('a schema that has not been asked for yet is syncing', () => {
    expect(
      gateOf('llminferenceservice-schema', { cluster: { ...buildCluster(), schemas: {} } }),
    ).toMatchObject({
      status: 'unknown',
      reason: 'syncing',
    });
  });
});

describe('leaderworkerset-api', () => {
  const withoutApi = (operator: boolean, items: Parameters<typeof buildCluster>[0] = {}) => {
    const cluster = buildCluster({ leaderworkersetoperator: [], ...items });
    return {
      ...cluster,
      discovery: {
        ...cluster.discovery,
        'leaderworkerset.x-k8s.io/v1': missingApi<never>('GET /apis/leaderworkerset.x-k8s.io/v1'),
        ...(operator
          ? {}
          : { 'operator.openshift.io/v1': buildView<never>('GET /apis/operator.openshift.io/v1', []) }),
      },
    };
  };
  const grouped = buildLlmService({ main: buildWorkload({ hasWorker: true }) });

  test('only the operator’s own CRD is not the workload API: a warning while unused', () => {
    expect(judged(gateOf('leaderworkerset-api', { cluster: withoutApi(true) }))).toEqual({
      ...healthy,
      status: 'warn',
      reason: 'not-installed',
      required: false,
      finding:
        'leaderworkerset.x-k8s.io/v1 is not served (replica mode does not use it): only the operator is there, which serves it once LeaderWorkerSetOperator cluster exists.',
    });
  });

  test('wholly absent and unused is not applicable', () => {
    expect(gateOf('leaderworkerset-api', { cluster: withoutApi(false) }).status).toBe('not-applicable');
  });

  test('absent and used is required, and blocked by the operator that should serve it', () => {
    const cluster = withoutApi(true, { llminferenceservices: [grouped] });
    expect(judged(gateOf('leaderworkerset-api', { cluster }))).toMatchObject({
      status: 'unknown',
      blockedBy: 'leaderworkerset-operator',
      required: true,
    });
  });

  test('the hidden prerequisite is named when the operator is degraded', () => {
    const cluster = withoutApi(true, {
      leaderworkersetoperator: [
        {
          meta: buildMeta({ name: 'cluster' }),
          conditions: [
            buildCondition(
              'Degraded',
              'True',
              'MissingDependency',
              'please make sure that cert-manager is installed',
            ),
          ],
        },
      ],
    });
    expect(gateOf('leaderworkerset-api', { cluster }).finding).toContain('cert-manager');
  });
});

describe('maas-inferencegateway-absent', () => {
  test('presence is told and never fails', () => {
    const cluster = {
      ...buildCluster(),
      groupVersions: buildView('GET /apis', ['apps/v1', 'maas.opendatahub.io/v1alpha1']),
    };
    expect(judged(gateOf('maas-inferencegateway-absent', { cluster }))).toMatchObject({
      status: 'warn',
      finding: 'Unexpectedly present: maas.opendatahub.io/v1alpha1 is served.',
    });
  });
});
