/**
 * `/openapi/v2`: every kind in one document, as older clients read it and as kubectl checks the items of a `List` with it.
 * kubectl takes it in protobuf only (gnostic's OpenAPIv2.proto).
 */
import { OBJECT_META, OBJECT_META_SCHEMA, schemaKey, TYPE_META } from './openapi.ts';
import { field, message } from './protobuf-writer.ts';
import type { Registry } from './registry.ts';
import { schemaOf } from './schemas/index.ts';
import type { Schema } from './schemas/schema.ts';

const GROUP_VERSION_KIND = 'x-kubernetes-group-version-kind';

/** A schema of the second version: no `int-or-string`, and an object of any fields lists none. */
interface SchemaV2 {
  $ref?: string;
  type?: string;
  format?: string;
  description?: string;
  required?: string[];
  properties?: Record<string, SchemaV2>;
  items?: SchemaV2;
  additionalProperties?: SchemaV2;
  [GROUP_VERSION_KIND]?: { group: string; version: string; kind: string }[];
}

function toV2(schema: Schema): SchemaV2 {
  const { type, format, description, required, properties, items, additionalProperties } = schema;
  const told = description === undefined ? {} : { description };
  if (schema['x-kubernetes-int-or-string'] === true)
    return { ...told, type: 'string', format: 'int-or-string' };
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return { ...told, type: 'object' };
  return {
    ...told,
    ...(type === undefined ? {} : { type }),
    ...(format === undefined ? {} : { format }),
    ...(required === undefined ? {} : { required }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, child]) => [name, toV2(child)]),
          ),
        }),
    ...(items === undefined ? {} : { items: toV2(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: toV2(additionalProperties) }),
  };
}

function definitions(registry: Registry): Record<string, SchemaV2> {
  const rows = registry.kinds().flatMap((kind) =>
    kind.versions.map((version): [string, SchemaV2] => {
      const schema = toV2(schemaOf(kind));
      return [
        schemaKey(kind, version),
        {
          ...schema,
          properties: {
            ...TYPE_META,
            metadata: { $ref: `#/definitions/${OBJECT_META}` },
            ...schema.properties,
          },
          [GROUP_VERSION_KIND]: [{ group: kind.group, kind: kind.kind, version }],
        },
      ];
    }),
  );
  return { ...Object.fromEntries(rows), [OBJECT_META]: OBJECT_META_SCHEMA };
}

export function openApiV2(registry: Registry): Record<string, unknown> {
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: 'v1.33.5+lab' },
    paths: {},
    definitions: definitions(registry),
  };
}

const named = (name: string, value: Buffer): Buffer => message(field(1, name), field(2, value));

function properties(fields: Record<string, SchemaV2>): Buffer {
  return message(...Object.entries(fields).map(([name, schema]) => field(1, named(name, encode(schema)))));
}

/** gnostic's message Schema. */
function encode(schema: SchemaV2): Buffer {
  const kinds = schema[GROUP_VERSION_KIND];
  return message(
    schema.$ref === undefined ? undefined : field(1, schema.$ref),
    schema.format === undefined ? undefined : field(2, schema.format),
    schema.description === undefined ? undefined : field(4, schema.description),
    ...(schema.required ?? []).map((name) => field(19, name)),
    schema.additionalProperties === undefined
      ? undefined
      : field(21, message(field(1, encode(schema.additionalProperties)))),
    schema.type === undefined ? undefined : field(22, message(field(1, schema.type))),
    schema.items === undefined ? undefined : field(23, message(field(1, encode(schema.items)))),
    schema.properties === undefined ? undefined : field(25, properties(schema.properties)),
    kinds === undefined
      ? undefined
      : field(31, named(GROUP_VERSION_KIND, message(field(2, JSON.stringify(kinds))))),
  );
}

export const OPENAPI_V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

export function openApiV2Protobuf(registry: Registry): Buffer {
  const schemas = Object.entries(definitions(registry)).map(([name, schema]) =>
    field(1, named(name, encode(schema))),
  );
  return message(
    field(1, '2.0'),
    field(2, message(field(1, 'Kubernetes'), field(2, 'v1.33.5+lab'))),
    field(8, message()),
    field(9, message(...schemas)),
  );
}
