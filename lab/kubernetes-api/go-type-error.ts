/** How Kubernetes' own kinds refuse a value of the wrong type: the Go decoder's words, before any validation. */
import type { Kind } from './kinds.ts';
import type { Schema } from './schemas/schema.ts';
import { type ApiError, badRequest } from './status.ts';

/** Names of Go structs that do not follow from the field's own name. */
const STRUCTS: Record<string, string> = {
  metadata: 'ObjectMeta',
  template: 'PodTemplateSpec',
  env: 'EnvVar',
  resources: 'ResourceRequirements',
  selector: 'LabelSelector',
  strategy: 'DeploymentStrategy',
};

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** `Container` for `spec.template.spec.containers`. */
function structAt(kind: Kind, path: string[]): string {
  const [last = '', above = ''] = path.toReversed();
  if (last === '') return kind.kind;
  if (last === 'spec' || last === 'status')
    return above === 'template' ? 'PodSpec' : kind.kind + capitalized(last);
  if (last === 'ports') return above === 'spec' ? `${kind.kind}Port` : 'ContainerPort';
  if (last === 'initContainers') return 'Container';
  return STRUCTS[last] ?? capitalized(last.replace(/s$/, ''));
}

function goType(kind: Kind, schema: Schema, path: string[]): string {
  switch (schema.type) {
    case 'integer':
      return schema.format ?? 'int64';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    case 'array': {
      const items = schema.items ?? {};
      return items.type === 'object' ? `[]v1.${structAt(kind, path)}` : `[]${goType(kind, items, path)}`;
    }
    case 'object': {
      const values = schema.additionalProperties;
      return values === undefined ? `v1.${structAt(kind, path)}` : `map[string]${goType(kind, values, path)}`;
    }
    default:
      return 'string';
  }
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** `path` without indexes; a value in a map stands at the path of the map. */
export function goTypeError(
  kind: Kind,
  version: string,
  path: string,
  schema: Schema,
  value: unknown,
): ApiError {
  const steps = path.split('.');
  const struct = structAt(kind, steps.slice(0, -1));
  return badRequest(
    `${kind.kind} in version "${version}" cannot be handled as a ${kind.kind}: json: cannot unmarshal ${jsonType(value)} into Go struct field ${struct}.${path} of type ${goType(kind, schema, steps)}`,
  );
}
