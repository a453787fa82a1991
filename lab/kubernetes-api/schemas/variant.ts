/** A schema that differs from another in a few places: definitions embed the same types in different releases. */
import type { Schema } from './schema.ts';

/** The schema with a change at a path of field names; `[]` steps into the items of a list. */
export function changedAt(schema: Schema, path: string, change: (schema: Schema) => Schema): Schema {
  const [step, ...rest] = path.split('.').filter((part) => part !== '');
  if (step === undefined) return change(schema);
  const further = rest.join('.');
  if (step === '[]') return { ...schema, items: changedAt(schema.items ?? {}, further, change) };
  const properties = schema.properties ?? {};
  return {
    ...schema,
    properties: { ...properties, [step]: changedAt(properties[step] ?? {}, further, change) },
  };
}

export function without(...names: string[]): (schema: Schema) => Schema {
  return (schema) => ({
    ...schema,
    properties: Object.fromEntries(
      Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name)),
    ),
  });
}

export function withFields(fields: Record<string, Schema>): (schema: Schema) => Schema {
  return (schema) => ({ ...schema, properties: { ...schema.properties, ...fields } });
}

/** Requires nothing. */
export function relaxed({ required: _required, ...schema }: Schema): Schema {
  return schema;
}
