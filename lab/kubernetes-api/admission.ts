/** Checks an object against the schema of its kind: what is missing, wrong or unknown. */

import { goTypeError } from './go-type-error.ts';
import { type FieldProblem, invalid } from './invalid.ts';
import type { Kind } from './kinds.ts';
import { isRecord, type KubernetesObject, valueAt } from './object.ts';
import { withSchemaDefaults } from './schema-defaults.ts';
import { duplicates, limitProblems } from './schema-limits.ts';
import { isDescribed, schemaOf } from './schemas/index.ts';
import type { Schema } from './schemas/schema.ts';
import { matchesLabels } from './selectors.ts';
import { badRequest } from './status.ts';

export interface AdmissionResult {
  problems: FieldProblem[];
  /** Paths of fields that the schema does not have. */
  unknownFields: string[];
  /** The first value of a wrong type: where, without indexes, and what the schema wants there. */
  mistyped: { path: string; schema: Schema; value: unknown } | null;
}

const JSON_TYPES: Record<NonNullable<Schema['type']>, (value: unknown) => boolean> = {
  object: isRecord,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
};

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value)
    ? 'array'
    : typeof value === 'number' && Number.isInteger(value)
      ? 'integer'
      : typeof value;
}

/** `plainPath` has no indexes, and ends at a map for the values inside it. */
function visit(
  schema: Schema,
  value: unknown,
  path: string,
  plainPath: string,
  result: AdmissionResult,
): void {
  if (schema['x-kubernetes-int-or-string'] === true) return;
  if (schema.type !== undefined && !JSON_TYPES[schema.type](value)) {
    const message = `Invalid value: ${JSON.stringify(typeName(value))}: ${path} in body must be of type ${schema.type}: ${JSON.stringify(typeName(value))}`;
    result.problems.push({ reason: 'TypeInvalid', field: path, message });
    result.mistyped ??= { path: plainPath, schema, value };
    return;
  }
  if (schema.enum !== undefined && !schema.enum.some((option) => option === value)) {
    const supported = schema.enum.map((option) => JSON.stringify(option)).join(', ');
    const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
    result.problems.push({ reason: 'NotSupported', field: path, message });
  }
  result.problems.push(...limitProblems(schema, value, path));
  if (Array.isArray(value) && schema.items !== undefined) {
    for (const [index, item] of value.entries())
      visit(schema.items, item, `${path}[${index}]`, plainPath, result);
    result.problems.push(...duplicates(schema, value, path));
  }
  if (isRecord(value)) visitFields(schema, value, path, plainPath, result);
}

function visitFields(
  schema: Schema,
  value: Record<string, unknown>,
  path: string,
  plainPath: string,
  result: AdmissionResult,
): void {
  const below = (field: string): string => (path === '' ? field : `${path}.${field}`);
  for (const field of schema.required ?? []) {
    if (value[field] === undefined) {
      result.problems.push({ reason: 'Required', field: below(field), message: 'Required value' });
    }
  }
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true;
  for (const [field, child] of Object.entries(value)) {
    const own = schema.properties?.[field];
    const childSchema = own ?? schema.additionalProperties;
    const plain = own === undefined ? plainPath : plainPath === '' ? field : `${plainPath}.${field}`;
    // null stands for "not set", as most clients write it.
    if (childSchema !== undefined) {
      if (child !== null) visit(childSchema, child, below(field), plain, result);
    } else if (!keepsUnknown) result.unknownFields.push(below(field));
  }
}

export function examine(kind: Kind, object: KubernetesObject): AdmissionResult {
  const result: AdmissionResult = { problems: [], unknownFields: [], mistyped: null };
  if (!isDescribed(kind)) return result;
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...fields } = object;
  visitFields(schemaOf(kind), fields, '', '', result);
  return result;
}

/** Kinds whose CRD has CEL rules; the API server says when a schema error kept it from running them. */
const KINDS_WITH_RULES = new Set([
  'LLMInferenceService',
  'Gateway',
  'HTTPRoute',
  'InferencePool',
  'ClusterQueue',
]);

export interface AdmissionMode {
  fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  warn(text: string): void;
}

/** Refuses an invalid object (422, or 400 for unknown fields under Strict) and drops what the kind does not know. */
export function admitBySchema(
  kind: Kind,
  version: string,
  object: KubernetesObject,
  mode: AdmissionMode,
): KubernetesObject {
  const { problems, unknownFields, mistyped } = examine(kind, object);
  if (mistyped !== null && kind.origin !== 'custom-resource') {
    throw goTypeError(kind, version, mistyped.path, mistyped.schema, mistyped.value);
  }
  if (unknownFields.length > 0 && mode.fieldValidation === 'Strict') {
    const list = unknownFields.map((field) => `unknown field "${field}"`).join(', ');
    throw badRequest(
      `${kind.kind} in version "${version}" cannot be handled as a ${kind.kind}: strict decoding error: ${list}`,
    );
  }
  if (mode.fieldValidation === 'Warn')
    for (const field of unknownFields) mode.warn(`unknown field "${field}"`);
  if (kind.origin !== 'custom-resource') problems.push(...selectorProblems(kind, object));
  if (problems.length > 0) {
    const hasRules = kind.origin === 'custom-resource' && KINDS_WITH_RULES.has(kind.kind);
    throw invalid(kind.kind, kind.group, object.metadata.name, [
      ...problems,
      ...(hasRules ? [RULES_NOT_CHECKED] : []),
    ]);
  }
  return withSchemaDefaults(kind, pruned(object, unknownFields));
}

/** A workload must select the pods it makes. */
function selectorProblems(kind: Kind, object: KubernetesObject): FieldProblem[] {
  const wanted = valueAt(object, 'spec', 'selector', 'matchLabels');
  if (kind.group !== 'apps' || !isRecord(wanted)) return [];
  const labels = valueAt(object, 'spec', 'template', 'metadata', 'labels');
  if (matchesLabels(isRecord(labels) ? (labels as Record<string, string>) : {}, wanted)) return [];
  const shown = isRecord(labels)
    ? `map[string]string${JSON.stringify(labels).replaceAll('","', '", "')}`
    : 'map[string]string(nil)';
  return [
    {
      reason: 'Invalid',
      field: 'spec.template.metadata.labels',
      message: `Invalid value: ${shown}: \`selector\` does not match template \`labels\``,
    },
  ];
}

const RULES_NOT_CHECKED: FieldProblem = {
  reason: 'Invalid',
  field: '<nil>',
  message:
    'Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

/** The object without the named fields: what a CRD does not know is dropped. */
export function pruned(object: KubernetesObject, unknownFields: string[]): KubernetesObject {
  if (unknownFields.length === 0) return object;
  const copy = structuredClone(object);
  for (const path of unknownFields) {
    const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
    const last = steps.pop() ?? '';
    let holder: unknown = copy;
    for (const step of steps) holder = (holder as Record<string, unknown> | undefined)?.[step];
    if (isRecord(holder)) delete holder[last];
  }
  return copy;
}
