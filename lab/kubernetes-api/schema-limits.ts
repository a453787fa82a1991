/** Lengths, bounds, patterns and uniqueness: what a schema says about a value beyond its type. */

import type { FieldProblem } from './invalid.ts';
import { isRecord } from './object.ts';
import type { Schema } from './schemas/schema.ts';

export function limitProblems(schema: Schema, value: unknown, path: string): FieldProblem[] {
  const found: FieldProblem[] = [];
  const add = (reason: FieldProblem['reason'], message: string): void => {
    found.push({ reason, field: path, message });
  };
  const shown = JSON.stringify(value);
  if (typeof value === 'number') {
    const { minimum, maximum } = schema;
    if (minimum !== undefined && value < minimum)
      add(
        'Invalid',
        `Invalid value: ${shown}: ${path} in body should be greater than or equal to ${minimum}`,
      );
    if (maximum !== undefined && value > maximum)
      add('Invalid', `Invalid value: ${shown}: ${path} in body should be less than or equal to ${maximum}`);
  }
  if (typeof value === 'string') {
    const { minLength, maxLength, pattern } = schema;
    if (minLength !== undefined && value.length < minLength)
      add('Invalid', `Invalid value: ${shown}: ${path} in body should be at least ${minLength} chars long`);
    if (maxLength !== undefined && value.length > maxLength)
      add('TooLong', `Too long: may not be more than ${maxLength} bytes`);
    if (pattern !== undefined && !new RegExp(pattern).test(value))
      add('Invalid', `Invalid value: ${shown}: ${path} in body should match '${pattern}'`);
  }
  if (Array.isArray(value)) {
    const { minItems, maxItems } = schema;
    if (minItems !== undefined && value.length < minItems)
      add(
        'Invalid',
        `Invalid value: ${value.length}: ${path} in body should have at least ${minItems} items`,
      );
    if (maxItems !== undefined && value.length > maxItems)
      add('TooMany', `Too many: ${value.length}: must have at most ${maxItems} items`);
  }
  return found;
}

/** Members of a set, and items of a map by its keys, must be unique. */
export function duplicates(schema: Schema, items: unknown[], path: string): FieldProblem[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return [];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const identity = (item: unknown): string =>
    type === 'set' || !isRecord(item)
      ? JSON.stringify(item)
      : JSON.stringify(Object.fromEntries(keys.toSorted().map((key) => [key, item[key]])));
  const seen = new Set<string>();
  const printed = (name: string): string => (type === 'map' ? `map[string]interface {}${name}` : name);
  return items.flatMap((item, index): FieldProblem[] => {
    const name = identity(item);
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [
      { reason: 'Duplicate', field: `${path}[${index}]`, message: `Duplicate value: ${printed(name)}` },
    ];
  });
}
