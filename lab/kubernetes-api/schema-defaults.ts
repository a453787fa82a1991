/** Fills in what a schema gives by default, as the API server does on writing. */
import type { Kind } from './kinds.ts';
import { isRecord, type KubernetesObject } from './object.ts';
import { schemaOf } from './schemas/index.ts';
import type { Schema } from './schemas/schema.ts';

function filled(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => filled(items, item));
  }
  if (!isRecord(value)) return value;
  const result: Record<string, unknown> = { ...value };
  for (const [field, child] of Object.entries(schema.properties ?? {})) {
    const given = result[field];
    const present = given === undefined ? structuredClone(child.default) : given;
    if (present !== undefined) result[field] = filled(child, present);
  }
  const values = schema.additionalProperties;
  if (values !== undefined) {
    for (const field of Object.keys(value)) {
      if (schema.properties?.[field] === undefined) result[field] = filled(values, value[field]);
    }
  }
  return result;
}

export function withSchemaDefaults(kind: Kind, object: KubernetesObject): KubernetesObject {
  if (kind.origin !== 'custom-resource') return object;
  const { apiVersion, kind: name, metadata, ...fields } = object;
  return { apiVersion, kind: name, metadata, ...(filled(schemaOf(kind), fields) as Record<string, unknown>) };
}
