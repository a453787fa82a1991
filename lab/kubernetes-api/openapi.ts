/** `/openapi/v3`: the index and one document per group version, as `kubectl explain` and `kubectl apply` read them. */
import { createHash } from 'node:crypto';
import type { Kind } from './kinds.ts';
import type { Registry } from './registry.ts';
import { schemaOf } from './schemas/index.ts';

/** `io.kserve.serving.v1alpha1.LLMInferenceService`; built-in types live under `io.k8s.api`. */
export function schemaKey(kind: Kind, version: string): string {
  if (kind.origin !== 'built-in') return [...kind.group.split('.').reverse(), version, kind.kind].join('.');
  const group = kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? kind.group);
  return kind.group === 'apiextensions.k8s.io'
    ? `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version}.${kind.kind}`
    : `io.k8s.api.${group}.${version}.${kind.kind}`;
}

export const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

export const OBJECT_META_SCHEMA = {
  type: 'object',
  description:
    'ObjectMeta is metadata that all persisted resources must have, which includes all objects users must create.',
  properties: {
    annotations: { type: 'object', additionalProperties: { type: 'string' } },
    creationTimestamp: { type: 'string', format: 'date-time' },
    deletionGracePeriodSeconds: { type: 'integer', format: 'int64' },
    deletionTimestamp: { type: 'string', format: 'date-time' },
    finalizers: { type: 'array', items: { type: 'string' } },
    generateName: { type: 'string' },
    generation: { type: 'integer', format: 'int64' },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    managedFields: { type: 'array', items: { type: 'object' } },
    name: { type: 'string' },
    namespace: { type: 'string' },
    ownerReferences: { type: 'array', items: { type: 'object' } },
    resourceVersion: { type: 'string' },
    uid: { type: 'string' },
  },
};

export const TYPE_META = {
  apiVersion: {
    type: 'string',
    description:
      'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  },
  kind: {
    type: 'string',
    description:
      'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
  },
};

function query(name: string): unknown {
  return { name, in: 'query', schema: { type: 'string', uniqueItems: true } };
}

function pathsOf(kind: Kind, version: string): Record<string, unknown> {
  const root = kind.group === '' ? `/api/${version}` : `/apis/${kind.group}/${version}`;
  const collection = kind.namespaced
    ? `${root}/namespaces/{namespace}/${kind.plural}`
    : `${root}/${kind.plural}`;
  const operation = (action: string, parameters: unknown[] = []): unknown => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: kind.group, version, kind: kind.kind },
    parameters,
    responses: { 200: { description: 'OK' } },
  });
  const writing = [query('dryRun'), query('fieldManager'), query('fieldValidation')];
  const patchTypes =
    kind.origin === 'custom-resource'
      ? ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json']
      : [
          'application/apply-patch+yaml',
          'application/json-patch+json',
          'application/merge-patch+json',
          'application/strategic-merge-patch+json',
        ];
  return {
    [collection]: { get: operation('list'), post: operation('post', writing) },
    [`${collection}/{name}`]: {
      get: operation('get'),
      put: operation('put', writing),
      patch: {
        ...(operation('patch', [...writing, query('force')]) as object),
        requestBody: {
          content: Object.fromEntries(patchTypes.map((type) => [type, { schema: { type: 'object' } }])),
        },
      },
      delete: operation('delete', [query('dryRun')]),
    },
  };
}

function documentOf(kinds: readonly Kind[], version: string): unknown {
  const schemas = Object.fromEntries(
    kinds.map((kind) => {
      const schema = schemaOf(kind);
      return [
        schemaKey(kind, version),
        {
          ...schema,
          properties: {
            ...TYPE_META,
            metadata: { allOf: [{ $ref: `#/components/schemas/${OBJECT_META}` }], default: {} },
            ...schema.properties,
          },
          'x-kubernetes-group-version-kind': [{ group: kind.group, version, kind: kind.kind }],
        },
      ];
    }),
  );
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.33.5+lab' },
    paths: Object.assign({}, ...kinds.map((kind) => pathsOf(kind, version))),
    components: { schemas: { ...schemas, [OBJECT_META]: OBJECT_META_SCHEMA } },
  };
}

export type OpenApiAnswer =
  | { type: 'document'; body: unknown; isCacheable: boolean; isIndex: boolean }
  | { type: 'redirect'; location: string };

/** Answers `/openapi/v3…`, or null for a group version that is not served. */
export function answerOpenApi(
  registry: Registry,
  pathname: string,
  hash: string | null,
): OpenApiAnswer | null {
  const groupVersions = new Map<string, { kinds: Kind[]; version: string }>();
  for (const kind of registry.kinds()) {
    for (const version of kind.versions) {
      const path = kind.group === '' ? `api/${version}` : `apis/${kind.group}/${version}`;
      const entry = groupVersions.get(path) ?? { kinds: [], version };
      entry.kinds.push(kind);
      groupVersions.set(path, entry);
    }
  }
  const hashOf = (path: string): string => {
    const entry = groupVersions.get(path);
    return createHash('sha512')
      .update(JSON.stringify(entry?.kinds.map((kind) => [kind, schemaOf(kind)])))
      .digest('hex')
      .toUpperCase();
  };
  const urlOf = (path: string): string => `/openapi/v3/${path}?hash=${hashOf(path)}`;
  const wanted = pathname.replace(/^\/openapi\/v3\/?/, '');
  if (wanted === '') {
    const paths = Object.fromEntries(
      [...groupVersions.keys()].map((path) => [path, { serverRelativeURL: urlOf(path) }]),
    );
    return { type: 'document', body: { paths }, isCacheable: false, isIndex: true };
  }
  const entry = groupVersions.get(wanted);
  if (entry === undefined) return null;
  if (hash !== null && hash !== hashOf(wanted)) return { type: 'redirect', location: urlOf(wanted) };
  const body = documentOf(entry.kinds, entry.version);
  return { type: 'document', body, isCacheable: hash !== null, isIndex: false };
}
