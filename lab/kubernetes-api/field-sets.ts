/** Which fields of an object somebody set: the sets behind `metadata.managedFields` (FieldsV1). */
import { BUILT_IN_LISTS, type ListRules } from './list-keys.ts';
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

/** The leaves of an object with their values; members of a set are leaves of their own. */
export function leavesOf(object: unknown, lists: ListRules = BUILT_IN_LISTS): Map<FieldPath, unknown> {
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
    if (Array.isArray(value) && value.length > 0 && lists.isSet(field)) {
      for (const item of value) leaves.set([...path, `v:${JSON.stringify(item)}`].join('\n'), item);
      return;
    }
    const keys = Array.isArray(value) && value.length > 0 ? lists.keysOf(field, value) : null;
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

/** The element that stands for a container itself. */
const ITSELF = '.';

/** `containers` are owned as such beside the leaves. */
export function toFieldsV1(
  paths: Iterable<FieldPath>,
  containers: Iterable<FieldPath> = [],
): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const path of [...[...containers].map((container) => `${container}\n${ITSELF}`), ...paths]) {
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
    for (const [element, child] of entries) {
      if (element !== ITSELF) visit(isRecord(child) ? child : {}, [...path, element]);
      else if (entries.length === 1) paths.add(path.join('\n'));
    }
  };
  visit(fields, []);
  return paths;
}

/** Containers that an entry owns as such, not only something in them. */
export function containersOf(fields: Record<string, unknown>): Set<FieldPath> {
  const paths = new Set<FieldPath>();
  const visit = (node: Record<string, unknown>, path: string[]): void => {
    for (const [element, child] of Object.entries(node)) {
      if (element === ITSELF) paths.add(path.join('\n'));
      else visit(isRecord(child) ? child : {}, [...path, element]);
    }
  };
  visit(fields, []);
  return paths;
}

/** Every container above the given leaves. */
export function ancestorsOf(paths: Iterable<FieldPath>): Set<FieldPath> {
  const found = new Set<FieldPath>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('\n'); end > 0; end = path.lastIndexOf('\n', end - 1)) {
      found.add(path.slice(0, end));
    }
  }
  return found;
}

/** `.spec.template.spec.containers[name="main"].image`, as conflicts print it. */
export function printPath(path: FieldPath): string {
  return path
    .split('\n')
    .map((element) => {
      if (element.startsWith('f:')) return `.${element.slice(2)}`;
      if (element.startsWith('v:')) return `[=${element.slice(2)}]`;
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
    if (Array.isArray(value) && element.startsWith('v:')) {
      const kept = value.filter((item) => JSON.stringify(item) !== element.slice(2));
      return kept.length === 0 ? undefined : kept;
    }
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
