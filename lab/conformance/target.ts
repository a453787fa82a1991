/** The API server under test, and the objects that the suite brings along. */
import type { Answer, ApiClient, Json, JsonObject } from './api-client.ts';

export interface Target {
  admin: ApiClient;
  /** A namespace of the suite's own. */
  namespace: string;
  /** Compacts the server's history up to now; null where nobody but its owner could. */
  compact: (() => Promise<void>) | null;
}

/** Handed to each part of the suite; the target exists once the tests run. */
export type Given = () => Target;

export const GROUP = 'conformance.example.com';
export const DEFINITION = `widgets.${GROUP}`;
export const WIDGET = `${GROUP}/v1`;

/** A namespaced kind with everything a schema can ask for here: `Widget`. */
export const WIDGET_DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: DEFINITION },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: {
      plural: 'widgets',
      singular: 'widget',
      kind: 'Widget',
      listKind: 'WidgetList',
      shortNames: ['wdg'],
      categories: ['conformance'],
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Color', type: 'string', jsonPath: '.spec.color', priority: 1 },
          { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'Widget is what the contract suite makes.',
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: {
                  size: { type: 'integer', minimum: 1, maximum: 9 },
                  replicas: { type: 'integer' },
                  color: { type: 'string', enum: ['red', 'green'], default: 'green' },
                  label: { type: 'string', maxLength: 8, pattern: '^[a-z]+$' },
                  tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
                  parts: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: { name: { type: 'string' }, count: { type: 'integer' } },
                    },
                  },
                  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                },
              },
              status: {
                type: 'object',
                properties: { phase: { type: 'string' }, replicas: { type: 'integer' } },
              },
            },
          },
        },
      },
    ],
  },
};

export const configMaps = ({ namespace }: Target): string => `/api/v1/namespaces/${namespace}/configmaps`;
export const pods = ({ namespace }: Target): string => `/api/v1/namespaces/${namespace}/pods`;
export const deployments = ({ namespace }: Target): string =>
  `/apis/apps/v1/namespaces/${namespace}/deployments`;
export const widgets = ({ namespace }: Target): string => `/apis/${WIDGET}/namespaces/${namespace}/widgets`;

export function configMap(
  name: string,
  data: Record<string, string> = {},
  labels?: Record<string, string>,
): JsonObject {
  const metadata = labels === undefined ? { name } : { name, labels };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
}

export function widget(name: string, spec: JsonObject = { size: 1 }): JsonObject {
  return { apiVersion: WIDGET, kind: 'Widget', metadata: { name }, spec };
}

/** A pod that no node takes, so that it stays as it was made. */
export function pod(name: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      nodeSelector: { 'conformance.example.com/nowhere': 'true' },
      containers: [{ name: 'main', image: 'example.com/none:1' }],
    },
  };
}

export function deployment(name: string): JsonObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'main', image: 'example.com/none:1', env: [{ name: 'A', value: '1' }] }],
        },
      },
    },
  };
}

/** Reads a field of an answer without ceremony; undefined where the path ends early. */
export function at(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let current: Json | undefined = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string | number, Json>)[step];
  }
  return current;
}

export const versionOf = (body: Json | undefined): string => String(at(body, 'metadata', 'resourceVersion'));

export function namesOf(body: JsonObject): Json[] {
  const items = body.items;
  return Array.isArray(items) ? items.map((item) => at(item, 'metadata', 'name') ?? null) : [];
}

/** What a refusal says, without what differs from server to server. */
export function refusal({ code, body }: Answer): JsonObject {
  const { reason = null, message = null, details = null } = body;
  return { code, reason, message, details };
}

/** One POST, whatever comes of it. */
export function post(client: ApiClient, path: string, body: unknown): Promise<Answer> {
  return client.call(path, { method: 'POST', body });
}

export async function create(client: ApiClient, path: string, body: JsonObject): Promise<JsonObject> {
  const answer = await client.call(path, { method: 'POST', body });
  if (answer.code !== 201) throw new Error(`POST ${path}: ${answer.code} ${answer.text}`);
  return answer.body;
}

const PATCH = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export function patch(
  client: ApiClient,
  path: string,
  type: keyof typeof PATCH,
  body: unknown,
): Promise<Answer> {
  return client.call(path, { method: 'PATCH', contentType: PATCH[type], body });
}
