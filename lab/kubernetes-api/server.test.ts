import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from './api-fixture.ts';
import { kindOf } from './catalogue.ts';

const PODS = '/api/v1/namespaces/private-ai/pods';
const LLM = '/apis/serving.kserve.io/v1alpha1/namespaces/private-ai/llminferenceservices';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.stop());

/** Reads a field of an answer's JSON without ceremony; tests compare the result. */
const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce(
    (current: unknown, key) => (current as Record<string | number, unknown> | undefined)?.[key],
    value,
  );

describe('who asks', () => {
  test('a wrong token is unauthorized, and says nothing more', async () => {
    const { status, body } = await api.call(PODS, { token: 'wrong' });
    expect({ status, body }).toEqual({
      status: 401,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'Unauthorized',
        reason: 'Unauthorized',
        code: 401,
      },
    });
  });

  test('a caller without rights learns which one is missing', async () => {
    const nodes = await api.call('/api/v1/nodes', { token: 'limited' });
    expect(nodes.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'nodes is forbidden: User "system:serviceaccount:private-ai:limited" cannot list resource "nodes" in API group "" at the cluster scope',
      reason: 'Forbidden',
      details: { kind: 'nodes' },
      code: 403,
    });
    const gateway = await api.call(
      '/apis/gateway.networking.k8s.io/v1/namespaces/openshift-ingress/gateways/openshift-ai-inference',
      { token: 'limited' },
    );
    expect(gateway.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'gateways.gateway.networking.k8s.io "openshift-ai-inference" is forbidden: User "system:serviceaccount:private-ai:limited" cannot get resource "gateways" in API group "gateway.networking.k8s.io" in the namespace "openshift-ingress"',
      reason: 'Forbidden',
      details: { name: 'openshift-ai-inference', group: 'gateway.networking.k8s.io', kind: 'gateways' },
      code: 403,
    });
  });

  test('rights on one name allow a list only with a field selector on that name', async () => {
    const list = '/apis/gateway.networking.k8s.io/v1/namespaces/openshift-ingress/gateways';
    expect((await api.call(list, { token: 'limited' })).status).toBe(403);
    const named = await api.call(`${list}?fieldSelector=metadata.name%3Dallowed`, { token: 'limited' });
    expect(named.status).toBe(200);
  });

  test('nobody in particular may read the version, and nothing else', async () => {
    const version = await api.call('/version', { token: null });
    expect(at(version.body, 'gitVersion')).toMatch(/\+lab$/);
    const groups = await api.call('/apis', { token: null });
    expect(at(groups.body, 'message')).toBe('forbidden: User "system:anonymous" cannot get path "/apis"');
  });

  test('access reviews answer for the caller, in JSON and in protobuf', async () => {
    const review = (token: string, group: string, resource: string, namespace: string) =>
      api.call('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        method: 'POST',
        token,
        body: {
          kind: 'SelfSubjectAccessReview',
          apiVersion: 'authorization.k8s.io/v1',
          spec: { resourceAttributes: { verb: 'list', group, resource, namespace } },
        },
      });
    const allowed = await review('limited', '', 'pods', 'private-ai');
    expect({ status: allowed.status, answer: at(allowed.body, 'status') }).toEqual({
      status: 201,
      answer: {
        allowed: true,
        reason:
          'RBAC: allowed by RoleBinding "limited/private-ai" of Role "limited" to ServiceAccount "limited/private-ai"',
      },
    });
    expect(at((await review('limited', '', 'pods', 'default')).body, 'status')).toEqual({ allowed: false });

    // k8s\0 · Unknown{typeMeta{apiVersion, kind}, raw: SelfSubjectAccessReview{spec{resourceAttributes{namespace, verb, resource}}}}
    const field = (number: number, content: Buffer | string): Buffer => {
      const bytes = Buffer.from(content);
      return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
    };
    const attributes = Buffer.concat([field(1, 'private-ai'), field(2, 'list'), field(5, 'pods')]);
    const typeMeta = Buffer.concat([
      field(1, 'authorization.k8s.io/v1'),
      field(2, 'SelfSubjectAccessReview'),
    ]);
    const envelope = Buffer.concat([
      Buffer.from('k8s\0'),
      field(1, typeMeta),
      field(2, field(2, field(1, attributes))),
    ]);
    const binary = await api.call('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      method: 'POST',
      token: 'limited',
      headers: { 'Content-Type': 'application/vnd.kubernetes.protobuf' },
      body: envelope,
    });
    expect([binary.status, at(binary.body, 'spec'), at(binary.body, 'status', 'allowed')]).toEqual([
      201,
      { resourceAttributes: { namespace: 'private-ai', verb: 'list', resource: 'pods' } },
      true,
    ]);
  });
});

describe('what is there', () => {
  test('an unknown API is a page of text, a missing object or kind of Kubernetes itself is a Status', async () => {
    const unknown = await api.call('/apis/maas.opendatahub.io/v1alpha1');
    expect([unknown.status, unknown.contentType, unknown.text]).toEqual([
      404,
      'text/plain; charset=utf-8',
      '404 page not found\n',
    ]);
    expect((await api.call('/apis/serving.kserve.io/v1alpha1/namespaces/private-ai/nothings')).text).toBe(
      '404 page not found\n',
    );
    expect(at((await api.call('/api/v1/namespaces/private-ai/nodes')).body, 'message')).toBe(
      'the server could not find the requested resource',
    );
    expect((await api.call(`${PODS}/nope`)).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'pods "nope" not found',
      reason: 'NotFound',
      details: { name: 'nope', kind: 'pods' },
      code: 404,
    });
  });

  test('a kind goes with its definition, and comes back with it', async () => {
    const name = 'leaderworkersets.leaderworkerset.x-k8s.io';
    const definition = api.store.get('customresourcedefinitions.apiextensions.k8s.io', undefined, name);
    if (definition === undefined) throw new Error('the scene has this definition');
    expect((await api.call('/apis/leaderworkerset.x-k8s.io/v1')).status).toBe(200);
    await api.call(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`, { method: 'DELETE' });
    expect((await api.call('/apis/leaderworkerset.x-k8s.io/v1')).text).toBe('404 page not found\n');
    api.store.put(kindOf('customresourcedefinitions.apiextensions.k8s.io'), definition);
    expect((await api.call('/apis/leaderworkerset.x-k8s.io/v1')).status).toBe(200);
  });

  test('discovery has the plain form, and the aggregated one for those who ask', async () => {
    const plain = await api.call('/apis/serving.kserve.io/v1alpha1');
    expect(plain.body).toMatchObject({
      kind: 'APIResourceList',
      groupVersion: 'serving.kserve.io/v1alpha1',
      resources: expect.arrayContaining([
        expect.objectContaining({
          name: 'llminferenceservices',
          singularName: 'llminferenceservice',
          namespaced: true,
          kind: 'LLMInferenceService',
          shortNames: ['llmisvc'],
          verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
        }),
        {
          name: 'llminferenceservices/status',
          singularName: '',
          namespaced: true,
          kind: 'LLMInferenceService',
          verbs: ['get', 'patch', 'update'],
        },
      ]),
    });
    const accept =
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';
    const aggregated = await api.call('/apis', { headers: { Accept: accept } });
    expect(aggregated.contentType).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    );
    expect(aggregated.headers.get('vary')).toBe('Accept');
    const etag = aggregated.headers.get('etag') ?? '';
    const again = await api.call('/apis', { headers: { Accept: accept, 'If-None-Match': etag } });
    expect(again.status).toBe(304);
    const old = await api.call('/apis', {
      headers: {
        Accept: 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
      },
    });
    expect(at(old.body, 'kind')).toBe('APIGroupList');
  });

  test('schemas are listed with their hash, cacheable with it, redirected without', async () => {
    const index = await api.call('/openapi/v3');
    const url = at(
      JSON.parse(index.text),
      'paths',
      'apis/serving.kserve.io/v1alpha1',
      'serverRelativeURL',
    ) as string;
    const document = await api.call(url);
    expect(document.headers.get('cache-control')).toBe('public, immutable');
    const schema = at(
      document.body,
      'components',
      'schemas',
      'io.kserve.serving.v1alpha1.LLMInferenceService',
    );
    expect(Object.keys(at(schema, 'properties', 'spec', 'properties') as object).sort()).toEqual([
      'baseRefs',
      'model',
      'parallelism',
      'prefill',
      'replicas',
      'router',
      'template',
      'worker',
    ]);
    expect(at(schema, 'x-kubernetes-group-version-kind')).toEqual([
      { group: 'serving.kserve.io', version: 'v1alpha1', kind: 'LLMInferenceService' },
    ]);
    const stale = await api.call('/openapi/v3/apis/serving.kserve.io/v1alpha1?hash=old');
    expect([stale.status, stale.headers.get('location')]).toEqual([301, url]);
  });
});

describe('reading', () => {
  test('items of built-in kinds carry no kind, items of custom resources do', async () => {
    const pods = await api.call(PODS);
    expect([
      at(pods.body, 'kind'),
      at(pods.body, 'items', 0, 'kind'),
      at(pods.body, 'items', 0, 'apiVersion'),
    ]).toEqual(['PodList', undefined, undefined]);
    const services = await api.call(LLM);
    expect([at(services.body, 'kind'), at(services.body, 'items', 0, 'kind')]).toEqual([
      'LLMInferenceServiceList',
      'LLMInferenceService',
    ]);
  });

  test('pages come from one snapshot, whatever changes in between', async () => {
    const first = await api.call(`${PODS}?limit=2`);
    expect(at(first.body, 'metadata', 'remainingItemCount')).toBe(2);
    const token = at(first.body, 'metadata', 'continue') as string;
    await api.call(`${PODS}/mistral-3-int4-predictor-dsgkf2dt82-cgsdk`, {
      method: 'DELETE',
      body: { gracePeriodSeconds: 0 },
    });
    const second = await api.call(`${PODS}?limit=2&continue=${encodeURIComponent(token)}`);
    const names = [...(at(first.body, 'items') as []), ...(at(second.body, 'items') as [])].map((item) =>
      at(item, 'metadata', 'name'),
    );
    expect(names).toEqual([
      'mistral-3-distributed-kserve-ftk8wprfxh-llv5b',
      'mistral-3-distributed-kserve-ftk8wprfxh-rv4xr',
      'mistral-3-distributed-kserve-router-scheduler-m8qlkwp4r-mr8tr',
      'mistral-3-int4-predictor-dsgkf2dt82-cgsdk',
    ]);
    expect(at(second.body, 'metadata')).toEqual({
      resourceVersion: at(first.body, 'metadata', 'resourceVersion'),
    });
  });

  test('a page of a compacted snapshot is expired, with a token to go on without consistency', async () => {
    const first = await api.call(`${PODS}?limit=3`);
    const token = encodeURIComponent(at(first.body, 'metadata', 'continue') as string);
    await api.call('/api/v1/namespaces/private-ai/configmaps', {
      method: 'POST',
      body: { metadata: { name: 'change' } },
    });
    api.store.compact();
    const expired = await api.call(`${PODS}?limit=3&continue=${token}`);
    expect([expired.status, at(expired.body, 'reason')]).toEqual([410, 'Expired']);
    const inconsistent = encodeURIComponent(at(expired.body, 'metadata', 'continue') as string);
    const rest = await api.call(`${PODS}?limit=3&continue=${inconsistent}`);
    expect([rest.status, (at(rest.body, 'items') as []).length]).toEqual([200, 1]);
  });

  test.each([
    ['app=isvc.mistral-3-int4-predictor', 1],
    ['llm-d.ai/role in (both,decode),kserve.io/component==workload', 2],
    ['kserve.io/component', 2],
    ['!kserve.io/component', 2],
    ['llm-d.ai/role notin (both)', 2],
    ['component!=predictor', 3],
  ])('label selector %s finds %i pods', async (selector, count) => {
    const { body } = await api.call(`${PODS}?labelSelector=${encodeURIComponent(selector)}`);
    expect((at(body, 'items') as []).length).toBe(count);
  });

  test('field selectors know the fields of the kind, and refuse the others', async () => {
    const onNode = await api.call(
      `/api/v1/pods?fieldSelector=${encodeURIComponent('spec.nodeName=ip-10-0-17-203.us-east-2.compute.internal,status.phase!=Failed')}`,
    );
    expect((at(onNode.body, 'items') as []).length).toBe(2);
    const wrong = await api.call(`${LLM}?fieldSelector=spec.replicas%3D2`);
    expect([wrong.status, at(wrong.body, 'message')]).toEqual([
      400,
      'field label not supported: spec.replicas',
    ]);
  });

  test('a version from the future is a timeout that names the current one', async () => {
    const current = api.store.revision();
    const { status, body } = await api.call(`${PODS}?resourceVersion=99999999`);
    expect([status, at(body, 'reason'), at(body, 'message')]).toEqual([
      504,
      'Timeout',
      `Timeout: Too large resource version: 99999999, current: ${current}`,
    ]);
  });

  test('exact versions show the past, until it is compacted', async () => {
    const before = api.store.revision();
    await api.call(`${PODS}/mistral-3-int4-predictor-dsgkf2dt82-cgsdk`, {
      method: 'PATCH',
      body: { metadata: { labels: { seen: 'yes' } } },
      headers: { 'Content-Type': 'application/merge-patch+json' },
    });
    const exact = (selector: string) =>
      api.call(`${PODS}?resourceVersion=${before}&resourceVersionMatch=Exact&labelSelector=${selector}`);
    expect((at((await exact('seen')).body, 'items') as []).length).toBe(0);
    expect((at((await exact('!seen')).body, 'items') as []).length).toBe(4);
    api.store.compact();
    expect((await exact('seen')).body).toMatchObject({
      code: 410,
      reason: 'Expired',
      message: 'The resourceVersion for the provided list is too old.',
    });
  });

  test('tables have the kind’s own columns, ages rendered, missing values null', async () => {
    const accept =
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
    const { body } = await api.call(LLM, { headers: { Accept: accept } });
    expect({
      kind: at(body, 'kind'),
      columns: (at(body, 'columnDefinitions') as []).map((column) => [
        at(column, 'name'),
        at(column, 'priority'),
      ]),
      cells: at(body, 'rows', 0, 'cells'),
      object: at(body, 'rows', 0, 'object', 'kind'),
    }).toEqual({
      kind: 'Table',
      columns: [
        ['Name', 0],
        ['URL', 0],
        ['Ready', 0],
        ['Reason', 0],
        ['Age', 0],
        ['URLs', 1],
      ],
      cells: [
        'mistral-3-distributed',
        'http://a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com/private-ai/mistral-3-distributed',
        'True',
        null,
        '17m',
        'http://a3f1c0de5b7e84d0a9e6c2f1b4d8e7a0-1203456789.us-east-2.elb.amazonaws.com/private-ai/mistral-3-distributed',
      ],
      object: 'PartialObjectMetadata',
    });
  });

  test('metadata alone is the cheap way to list names', async () => {
    const path =
      '/apis/serving.kserve.io/v1alpha1/namespaces/redhat-ods-applications/llminferenceserviceconfigs';
    const { body } = await api.call(path, {
      headers: { Accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' },
    });
    expect([
      at(body, 'kind'),
      (at(body, 'items') as []).length,
      Object.keys(at(body, 'items', 0) as object).sort(),
    ]).toEqual(['PartialObjectMetadataList', 8, ['apiVersion', 'kind', 'metadata']]);
  });

  test('events have two views of the same objects', async () => {
    const core = await api.call('/api/v1/namespaces/private-ai/events?fieldSelector=reason%3DScheduled');
    const events = await api.call(
      '/apis/events.k8s.io/v1/namespaces/private-ai/events?fieldSelector=reason%3DScheduled',
    );
    expect(at(core.body, 'items', 0, 'message')).toBe(at(events.body, 'items', 0, 'note'));
    expect(at(core.body, 'items', 0, 'involvedObject')).toEqual(at(events.body, 'items', 0, 'regarding'));
  });

  test('logs ask for a container where there are several', async () => {
    const pod = `${PODS}/mistral-3-distributed-kserve-ftk8wprfxh-llv5b`;
    const unnamed = await api.call(`${pod}/log`);
    expect([unnamed.status, at(unnamed.body, 'message')]).toEqual([
      400,
      'a container name must be specified for pod mistral-3-distributed-kserve-ftk8wprfxh-llv5b, choose one of: [main modelcar] or one of the init containers: [modelcar-init]',
    ]);
    const tail = await api.call(`${pod}/log?container=main&tailLines=2`);
    expect([tail.contentType, tail.text]).toEqual(['text/plain', 'second\nthird\n']);
    const previous = await api.call(`${pod}/log?container=main&previous=true`);
    expect(at(previous.body, 'message')).toBe(
      'previous terminated container "main" in pod "mistral-3-distributed-kserve-ftk8wprfxh-llv5b" not found',
    );
  });

  test('a client that takes no JSON is told what there is', async () => {
    const { status, body } = await api.call(PODS, {
      headers: { Accept: 'application/vnd.kubernetes.protobuf' },
    });
    expect([status, at(body, 'reason')]).toEqual([406, 'NotAcceptable']);
  });
});
