import { isRecord } from './object.ts';

/**
 * The JSONPath subset that printer columns use: `.a.b`, `['a.b/c']`, `[0]`, `[*]`, `[?(@.type=='Ready')]`, `[?(@.flag==true)]`,
 * with `\.` escaping a dot in a field name.
 */
type Step =
  | { type: 'field'; name: string }
  | { type: 'index'; index: number }
  | { type: 'all' }
  | { type: 'filter'; path: string[]; equals: string };

const TOKEN =
  /\.?\[\?\(@\.([\w.]+)\s*==\s*(?:['"]([^'"]*)['"]|(true|false|\d+))\)\]|\.?\['([^']+)'\]|\.?\[(\d+)\]|\.?\[\*\]|\.((?:\\.|[^.[\]\\])+)/y;

function parse(path: string): Step[] {
  const steps: Step[] = [];
  let position = 0;
  while (position < path.length) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(path);
    if (match === null) throw new Error(`unsupported JSONPath: ${path}`);
    const [text, filterPath, filterText, filterLiteral, quoted, index, field] = match;
    if (filterPath !== undefined) {
      steps.push({ type: 'filter', path: filterPath.split('.'), equals: filterText ?? filterLiteral ?? '' });
    } else if (quoted !== undefined) steps.push({ type: 'field', name: quoted });
    else if (index !== undefined) steps.push({ type: 'index', index: Number(index) });
    else if (field !== undefined) steps.push({ type: 'field', name: field.replaceAll('\\', '') });
    else steps.push({ type: 'all' });
    position += text.length;
  }
  return steps;
}

function apply(values: unknown[], step: Step): unknown[] {
  switch (step.type) {
    case 'field':
      return values.flatMap((value) => (isRecord(value) && step.name in value ? [value[step.name]] : []));
    case 'index':
      return values.flatMap((value) =>
        Array.isArray(value) && step.index < value.length ? [value[step.index]] : [],
      );
    case 'all':
      return values.flatMap((value) =>
        Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [],
      );
    case 'filter':
      return values.flatMap((value) =>
        Array.isArray(value)
          ? value.filter((item) => String(step.path.reduce(fieldOf, item as unknown)) === step.equals)
          : [],
      );
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

const parsed = new Map<string, Step[]>();

/** All values at the path, in order. */
export function jsonPath(object: unknown, path: string): unknown[] {
  let steps = parsed.get(path);
  if (steps === undefined) {
    steps = parse(path);
    parsed.set(path, steps);
  }
  return steps.reduce(apply, [object]);
}
