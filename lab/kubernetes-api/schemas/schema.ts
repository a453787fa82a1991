/** OpenAPI schemas in a short form, written from the facts; shared by `kubectl explain` and admission. */

export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean' | 'number';
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema;
  enum?: (string | number)[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  default?: unknown;
  'x-kubernetes-preserve-unknown-fields'?: true;
  'x-kubernetes-int-or-string'?: true;
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  'x-kubernetes-list-map-keys'?: string[];
}

export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const int32: Schema = { type: 'integer', format: 'int32' };
export const int64: Schema = { type: 'integer', format: 'int64' };
/** A number or a text, such as ports and quantities. */
export const intOrString: Schema = { 'x-kubernetes-int-or-string': true };
/** Any object: fields inside are neither listed nor pruned. */
export const anyObject: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export function oneOf(...values: string[]): Schema {
  return { type: 'string', enum: values };
}

/** An object; a name ending in `!` is required. */
export function object(fields: Record<string, Schema> = {}): Schema {
  const required = Object.keys(fields)
    .filter((name) => name.endsWith('!'))
    .map((name) => name.slice(0, -1));
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, schema]) => [name.replace(/!$/, ''), schema]),
    ),
  };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

export function map(values: Schema): Schema {
  return { type: 'object', additionalProperties: values };
}

export function withDefault(schema: Schema, value: unknown): Schema {
  return { ...schema, default: value };
}

/** An object whose listed fields are known and whose others are kept: what the lab does not describe it does not refuse. */
export function open(schema: Schema): Schema {
  return { ...schema, 'x-kubernetes-preserve-unknown-fields': true };
}
