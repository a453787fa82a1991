/** Which fields of an object somebody set: the sets behind `metadata.managedFields` (FieldsV1). */
import { listKeysOf } from './list-keys.ts';
import { isRecord } from './object.ts';

/** A leaf path as FieldsV1 elements joined by a newline: `f:spec\nf:replicas`. */
export type FieldPath = string;

/** Elements that no manager owns. */
const UNOWNED = new Set(['f:apiVersion', 'f:kind']);
const UNOWNED_METADATA = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'generateName',
]);

/** The leaves of an object with their values. */
export function leavesOf(object: unknown): Map<FieldPath, unknown> {
  const leaves = new Map<FieldPath, unknown>();
  const visit = (value: unknown, path: string[], field: string): void => {
    if (isRecord(value) && Object.keys(value).length > 0) {
      for (const [name, child] of Object.entries(value)) {
        if (path.length === 0 && UNOWNED.has(`f:${name}`)) continue;
        if (path.length === 1 && path[0] === 'f:metadata' && UNOWNED_METADATA.has(name)) continue;
        visit(child, [...path, `f:${name}`], name);
      }
      return;
    }
    const keys = Array.isArray(value) && value.length > 0 ? listKeysOf(field, value) : null;
    if (Array.isArray(value) && keys !== null) {
      for (const item of value) {
        const identity = Object.fromEntries(keys.map((key) => [key, (item as Record<string, unknown>)[key]]));
        visit(item, [...path, `k:${JSON.stringify(identity)}`], '');
      }
      return;
    }
    if (path.length > 0) leaves.set(path.join('\n'), value);
  };
  visit(object, [], '');
  return leaves;
}

export function toFieldsV1(paths: Iterable<FieldPath>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const path of paths) {
    let node = root;
    for (const element of path.split('\n')) {
      const child = (node[element] ?? {}) as Record<string, unknown>;
      node[element] = child;
      node = child;
    }
  }
  return root;
}

export function fromFieldsV1(fields: Record<string, unknown>): Set<FieldPath> {
  const paths = new Set<FieldPath>();
  const visit = (node: Record<string, unknown>, path: string[]): void => {
    const entries = Object.entries(node);
    if (entries.length === 0 && path.length > 0) paths.add(path.join('\n'));
    for (const [element, child] of entries) visit(isRecord(child) ? child : {}, [...path, element]);
  };
  visit(fields, []);
  return paths;
}

/** `.spec.template.spec.containers[name="main"].image`, as conflicts print it. */
export function printPath(path: FieldPath): string {
  return path
    .split('\n')
    .map((element) => {
      if (element.startsWith('f:')) return `.${element.slice(2)}`;
      const identity = JSON.parse(element.slice(2)) as Record<string, unknown>;
      return `[${Object.entries(identity)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(',')}]`;
    })
    .join('');
}

/** The object without the leaf at a path; containers left empty by that go too. */
export function withoutField(object: unknown, path: FieldPath): unknown {
  const remove = (value: unknown, [element, ...rest]: string[]): unknown => {
    if (element === undefined) return undefined;
    if (Array.isArray(value)) {
      const identity = JSON.parse(element.slice(2)) as Record<string, unknown>;
      const items = value.flatMap((item) => {
        const isItem = Object.entries(identity).every(
          ([key, wanted]) => isRecord(item) && item[key] === wanted,
        );
        if (!isItem) return [item];
        const kept = rest.length === 0 ? undefined : remove(item, rest);
        return kept === undefined ? [] : [kept];
      });
      return items.length === 0 ? undefined : items;
    }
    if (!isRecord(value)) return value;
    const name = element.slice(2);
    const { [name]: child, ...others } = value;
    const kept = rest.length === 0 || child === undefined ? undefined : remove(child, rest);
    const result = kept === undefined ? others : { ...others, [name]: kept };
    return Object.keys(result).length === 0 ? undefined : result;
  };
  return remove(object, path.split('\n')) ?? {};
}
