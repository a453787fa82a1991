/** The part of a CustomResourceDefinition's schema that an API server checks strictly. */
export interface StructuralSchema {
  type?: string;
  properties?: Record<string, StructuralSchema>;
  additionalProperties?: StructuralSchema | boolean;
  items?: StructuralSchema;
  required?: string[];
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function scalarProblems(schema: StructuralSchema, value: unknown, path: string): string[] {
  const problems: string[] = [];
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    problems.push(`${path}: ${JSON.stringify(value)} is not one of ${JSON.stringify(schema.enum)}`);
  }
  if (typeof value === 'string') {
    if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) {
      problems.push(`${path}: "${value}" does not match ${schema.pattern}`);
    }
    if (value.length < (schema.minLength ?? 0)) problems.push(`${path}: too short`);
    if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) problems.push(`${path}: too long`);
  }
  if (typeof value === 'number') {
    if (value < (schema.minimum ?? Number.NEGATIVE_INFINITY)) problems.push(`${path}: too small`);
    if (value > (schema.maximum ?? Number.POSITIVE_INFINITY)) problems.push(`${path}: too large`);
  }
  return problems;
}

function objectProblems(
  schema: StructuralSchema,
  value: Readonly<Record<string, unknown>>,
  path: string,
): string[] {
  const problems = (schema.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${path}.${name}: required`);
  for (const [name, member] of Object.entries(value)) {
    const known = schema.properties?.[name];
    const { additionalProperties } = schema;
    if (known !== undefined) problems.push(...findProblems(known, member, `${path}.${name}`));
    else if (typeof additionalProperties === 'object')
      problems.push(...findProblems(additionalProperties, member, `${path}.${name}`));
    else if (additionalProperties !== true && schema['x-kubernetes-preserve-unknown-fields'] !== true)
      problems.push(`${path}.${name}: unknown field`);
  }
  return problems;
}

/**
 * What an API server with strict field validation would object to, one line each. CEL rules and formats are not
 * judged.
 */
export function findProblems(schema: StructuralSchema, value: unknown, path: string): string[] {
  const actual = typeOf(value);
  if (schema['x-kubernetes-int-or-string'] === true) {
    return actual === 'integer' || actual === 'string'
      ? scalarProblems(schema, value, path)
      : [`${path}: expected an integer or a string, got ${actual}`];
  }
  const expected = schema.type;
  const fits =
    expected === undefined || expected === actual || (expected === 'number' && actual === 'integer');
  if (!fits) return [`${path}: expected ${expected}, got ${actual}`];
  if (Array.isArray(value)) {
    const problems: string[] = [];
    if (value.length < (schema.minItems ?? 0)) problems.push(`${path}: too few items`);
    if (value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY))
      problems.push(`${path}: too many items`);
    const { items } = schema;
    if (items === undefined) return problems;
    return [...problems, ...value.flatMap((item, index) => findProblems(items, item, `${path}[${index}]`))];
  }
  if (typeof value === 'object' && value !== null) {
    return objectProblems(schema, value as Record<string, unknown>, path);
  }
  return scalarProblems(schema, value, path);
}
