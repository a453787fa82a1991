import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from './api-fixture.ts';
import { kindOf } from './catalogue.ts';

const LLM = '/apis/serving.kserve.io/v1alpha1/namespaces/private-ai/llminferenceservices';
const ONE = `${LLM}/mistral-3-distributed`;
const PODS = '/api/v1/namespaces/private-ai/pods';
const MERGE = { 'Content-Type': 'application/merge-patch+json' };
const APPLY = { 'Content-Type': 'application/apply-patch+yaml' };

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.stop());

const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce(
    (current: unknown, key) => (current as Record<string | number, unknown> | undefined)?.[key],
    value,
  );

function service(name: string, spec: Record<string, unknown>): Record<string, unknown> {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'LLMInferenceService',
    metadata: { name, namespace: 'private-ai', labels: { 'kueue.x-k8s.io/queue-name': 'default' } },
    spec,
  };
}

describe('create', () => {
  test('gives identity and generation, and leaves a status to the controllers', async () => {
    const { status, body } = await api.call(LLM, {
      method: 'POST',
      body: { ...service('second', { model: { uri: 'hf://org/model' } }), status: { url: 'http://made.up' } },
    });
    expect([
      status,
      at(body, 'metadata', 'generation'),
      at(body, 'metadata', 'creationTimestamp'),
      at(body, 'status'),
    ]).toEqual([201, 1, '2025-12-29T14:20:00Z', undefined]);
    const again = await api.call(LLM, {
      method: 'POST',
      body: service('second', { model: { uri: 'hf://org/model' } }),
    });
    expect([again.status, at(again.body, 'message')]).toEqual([
      409,
      'llminferenceservices.serving.kserve.io "second" already exists',
    ]);
  });

  test('keeps the status that a kubelet registers its Node with, and gives one to a Node without', async () => {
    const create = async (name: string, rest: object) =>
      api.call('/api/v1/nodes', {
        method: 'POST',
        body: { apiVersion: 'v1', kind: 'Node', metadata: { name }, ...rest },
      });
    const capacity = { 'nvidia.com/gpu': '1' };
    const registered = await create('registered', { status: { capacity } });
    expect([registered.status, at(registered.body, 'status', 'capacity')]).toEqual([201, capacity]);
    const silent = await create('silent', {});
    expect([silent.status, at(silent.body, 'status', 'daemonEndpoints')]).toEqual([
      201,
      { kubeletEndpoint: { Port: 0 } },
    ]);
  });

  test('refuses what the schema requires and does not find, with causes', async () => {
    const { body } = await api.call(LLM, { method: 'POST', body: service('bad', { model: {} }) });
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'LLMInferenceService.serving.kserve.io "bad" is invalid: [spec.model.uri: Required value, <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
      reason: 'Invalid',
      details: {
        name: 'bad',
        group: 'serving.kserve.io',
        kind: 'LLMInferenceService',
        causes: [
          { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.model.uri' },
          {
            reason: 'FieldValueInvalid',
            message:
              'Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
            field: '<nil>',
          },
        ],
      },
      code: 422,
    });
  });

  test('drops unknown fields with a warning, or refuses them when asked to be strict', async () => {
    const spec = { model: { uri: 'hf://org/model' }, scaling: { min: 1 } };
    const strict = await api.call(`${LLM}?fieldValidation=Strict`, {
      method: 'POST',
      body: service('newer', spec),
    });
    expect([strict.status, at(strict.body, 'message')]).toEqual([
      400,
      'LLMInferenceService in version "v1alpha1" cannot be handled as a LLMInferenceService: strict decoding error: unknown field "spec.scaling"',
    ]);
    const lenient = await api.call(LLM, { method: 'POST', body: service('newer', spec) });
    expect([lenient.status, at(lenient.body, 'spec'), lenient.headers.get('warning')]).toEqual([
      201,
      { model: { uri: 'hf://org/model' } },
      '299 - "unknown field \\"spec.scaling\\""',
    ]);
  });

  test('a dry run stores nothing', async () => {
    const before = api.store.revision();
    const { status } = await api.call(`${LLM}?dryRun=All`, {
      method: 'POST',
      body: service('dry', { model: { uri: 'hf://a/b' } }),
    });
    expect([status, api.store.revision()]).toEqual([201, before]);
  });
});

describe('update', () => {
  test('an old version conflicts, none at all is refused for custom resources', async () => {
    const { body } = await api.call(ONE);
    await api.call(ONE, { method: 'PATCH', body: { metadata: { labels: { a: 'b' } } }, headers: MERGE });
    const old = await api.call(ONE, { method: 'PUT', body });
    expect([old.status, at(old.body, 'message')]).toEqual([
      409,
      'Operation cannot be fulfilled on llminferenceservices.serving.kserve.io "mistral-3-distributed": the object has been modified; please apply your changes to the latest version and try again',
    ]);
    const { resourceVersion: _, ...metadata } = at(body, 'metadata') as Record<string, unknown>;
    const none = await api.call(ONE, { method: 'PUT', body: { ...(body as object), metadata } });
    expect([none.status, at(none.body, 'details', 'causes', 0, 'field')]).toEqual([
      422,
      'metadata.resourceVersion',
    ]);
  });

  test('the generation counts changes of the spec; status has its own door', async () => {
    const generation = async (): Promise<unknown> => at((await api.call(ONE)).body, 'metadata', 'generation');
    await api.call(ONE, {
      method: 'PATCH',
      body: { metadata: { labels: { a: 'b' } }, status: { url: 'http://x' } },
      headers: MERGE,
    });
    expect([await generation(), at((await api.call(ONE)).body, 'status', 'url')]).toEqual([
      1,
      'http://a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com/private-ai/mistral-3-distributed',
    ]);
    await api.call(ONE, { method: 'PATCH', body: { spec: { replicas: 3 } }, headers: MERGE });
    expect(await generation()).toBe(2);
    await api.call(`${ONE}/status`, {
      method: 'PATCH',
      body: { spec: { replicas: 9 }, status: { url: 'http://y' } },
      headers: MERGE,
    });
    const { body } = await api.call(ONE);
    expect([
      at(body, 'metadata', 'generation'),
      at(body, 'spec', 'replicas'),
      at(body, 'status', 'url'),
    ]).toEqual([2, 3, 'http://y']);
  });

  test('a change that changes nothing keeps the version', async () => {
    const before = at((await api.call(ONE)).body, 'metadata', 'resourceVersion');
    const { body } = await api.call(ONE, {
      method: 'PATCH',
      body: { spec: { replicas: 2 } },
      headers: MERGE,
    });
    expect(at(body, 'metadata', 'resourceVersion')).toBe(before);
  });
});

describe('patch', () => {
  test('JSON patches test before they change', async () => {
    const headers = { 'Content-Type': 'application/json-patch+json' };
    const wrong = await api.call(ONE, {
      method: 'PATCH',
      headers,
      body: [
        { op: 'test', path: '/spec/replicas', value: 7 },
        { op: 'replace', path: '/spec/replicas', value: 8 },
      ],
    });
    expect(wrong.status).toBe(422);
    const right = await api.call(ONE, {
      method: 'PATCH',
      headers,
      body: [
        { op: 'test', path: '/spec/replicas', value: 2 },
        { op: 'replace', path: '/spec/replicas', value: 1 },
      ],
    });
    expect(at(right.body, 'spec', 'replicas')).toBe(1);
  });

  test('strategic patches merge containers by name, and do not exist for custom resources', async () => {
    const headers = { 'Content-Type': 'application/strategic-merge-patch+json' };
    const path = '/apis/apps/v1/namespaces/private-ai/deployments/mistral-3-distributed-kserve';
    const { body } = await api.call(path, {
      method: 'PATCH',
      headers,
      body: { spec: { template: { spec: { containers: [{ name: 'main', image: 'other:1' }] } } } },
    });
    const containers = at(body, 'spec', 'template', 'spec', 'containers') as Record<string, unknown>[];
    expect(containers.map(({ name, image }) => [name, image])).toEqual([
      ['main', 'other:1'],
      ['modelcar', 'registry.redhat.io/rhelai1/modelcar-mistral-small-24b-instruct-2501-quantized-w4a16:1.5'],
    ]);
    expect((await api.call(ONE, { method: 'PATCH', headers, body: { spec: { replicas: 1 } } })).status).toBe(
      415,
    );
  });

  test('a change elsewhere leaves a template without defaults as it is stored', async () => {
    const path = '/apis/apps/v1/namespaces/private-ai/deployments/plain';
    const template = {
      metadata: { labels: { app: 'plain' } },
      spec: { containers: [{ name: 'main', image: 'x:1' }] },
    };
    api.store.put(kindOf('deployments.apps'), {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'plain', namespace: 'private-ai', generation: 1 },
      spec: { replicas: 0, selector: { matchLabels: { app: 'plain' } }, template },
    });
    const patch = (body: unknown): ReturnType<typeof api.call> =>
      api.call(path, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/merge-patch+json' },
        body,
      });
    const labelled = await patch({ metadata: { labels: { a: 'b' } } });
    expect([at(labelled.body, 'metadata', 'generation'), at(labelled.body, 'spec', 'template')]).toEqual([
      1,
      template,
    ]);
    const paused = await patch({ spec: { paused: true } });
    expect([at(paused.body, 'metadata', 'generation'), at(paused.body, 'spec', 'template')]).toEqual([
      2,
      template,
    ]);
  });

  test('the scale of a Deployment is a small object of its own', async () => {
    const path = '/apis/apps/v1/namespaces/private-ai/deployments/mistral-3-int4-predictor/scale';
    expect((await api.call(path)).body).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 1 },
      status: { replicas: 1, selector: 'app=isvc.mistral-3-int4-predictor' },
    });
    const { body } = await api.call(path, {
      method: 'PATCH',
      body: { spec: { replicas: 0 } },
      headers: MERGE,
    });
    expect(at(body, 'spec', 'replicas')).toBe(0);
  });
});

describe('server-side apply', () => {
  const apply = (manager: string, spec: Record<string, unknown>, query = '') =>
    api.call(`${LLM}/applied?fieldManager=${manager}${query}`, {
      method: 'PATCH',
      headers: APPLY,
      body: service('applied', spec),
    });

  test('creates what is missing, and removes what its manager no longer names', async () => {
    const first = await apply('argocd-controller', { model: { uri: 'hf://a/b' }, replicas: 2 });
    expect(first.status).toBe(201);
    const second = await apply('argocd-controller', { model: { uri: 'hf://a/b' } });
    expect([second.status, at(second.body, 'spec')]).toEqual([200, { model: { uri: 'hf://a/b' } }]);
  });

  test('conflicts with the owner of a field, unless forced', async () => {
    await apply('argocd-controller', { model: { uri: 'hf://a/b' }, replicas: 2 });
    const refused = await apply('kubectl', { model: { uri: 'hf://a/b' }, replicas: 3 });
    expect(refused.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Apply failed with 1 conflict: conflict with "argocd-controller": .spec.replicas',
      reason: 'Conflict',
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "argocd-controller"',
            field: '.spec.replicas',
          },
        ],
      },
      code: 409,
    });
    const forced = await apply('kubectl', { model: { uri: 'hf://a/b' }, replicas: 3 }, '&force=true');
    expect(at(forced.body, 'spec', 'replicas')).toBe(3);
    const owners = (at(forced.body, 'metadata', 'managedFields') as Record<string, unknown>[]).map(
      ({ manager, fieldsV1 }) => [manager, at(fieldsV1, 'f:spec', 'f:replicas') !== undefined],
    );
    expect(owners).toEqual([
      ['argocd-controller', false],
      ['kubectl', true],
    ]);
  });
});

describe('delete', () => {
  test('a running pod is marked first, and keeps its place until its grace is over', async () => {
    const { status, body } = await api.call(`${PODS}/mistral-3-int4-predictor-dsgkf2dt82-cgsdk`, {
      method: 'DELETE',
    });
    expect([
      status,
      at(body, 'kind'),
      at(body, 'metadata', 'deletionTimestamp'),
      at(body, 'metadata', 'deletionGracePeriodSeconds'),
    ]).toEqual([200, 'Pod', '2025-12-29T14:20:30Z', 30]);
  });

  test('a finalizer holds an object; the last one removed lets it go', async () => {
    await api.call(ONE, { method: 'DELETE' });
    expect(at((await api.call(ONE)).body, 'metadata', 'deletionTimestamp')).toBe('2025-12-29T14:20:00Z');
    await api.call(ONE, { method: 'PATCH', body: { metadata: { finalizers: null } }, headers: MERGE });
    expect((await api.call(ONE)).status).toBe(404);
  });

  test('what goes at once answers Success; a wrong uid in the preconditions does not', async () => {
    const path = '/api/v1/namespaces/openshift-monitoring/configmaps/cluster-monitoring-config';
    const wrong = await api.call(path, { method: 'DELETE', body: { preconditions: { uid: 'other' } } });
    expect(wrong.status).toBe(409);
    const { body } = await api.call(path, { method: 'DELETE' });
    expect([at(body, 'kind'), at(body, 'status'), at(body, 'details', 'name')]).toEqual([
      'Status',
      'Success',
      'cluster-monitoring-config',
    ]);
  });
});
