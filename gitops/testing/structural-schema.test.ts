import { describe, expect, test } from 'vitest';
import { findProblems, type StructuralSchema } from './structural-schema';

const SCHEMA: StructuralSchema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', pattern: '^[a-z]+$' },
    replicas: { type: 'integer', minimum: 0 },
    mode: { type: 'string', enum: ['a', 'b'] },
    port: { 'x-kubernetes-int-or-string': true },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    list: { type: 'array', maxItems: 1, items: { type: 'object', properties: { a: { type: 'boolean' } } } },
  },
};

describe('the validator of manifests', () => {
  test('accepts what the schema describes', () => {
    const value = {
      name: 'x',
      replicas: 2,
      mode: 'a',
      port: 'http',
      labels: { any: 'text' },
      open: { whatever: 1 },
      list: [{ a: true }],
    };
    expect(findProblems(SCHEMA, value, 'spec')).toEqual([]);
    expect(findProblems(SCHEMA, { name: 'x', port: 80 }, 'spec')).toEqual([]);
  });

  test('names every unknown, missing and wrong field', () => {
    const value = {
      replicas: -1,
      mode: 'c',
      port: true,
      labels: { number: 1 },
      list: [{ b: 1 }, { a: 'yes' }],
      surprise: {},
    };
    expect(findProblems(SCHEMA, value, 'spec')).toEqual([
      'spec.name: required',
      'spec.replicas: too small',
      'spec.mode: "c" is not one of ["a","b"]',
      'spec.port: expected an integer or a string, got boolean',
      'spec.labels.number: expected string, got integer',
      'spec.list: too many items',
      'spec.list[0].b: unknown field',
      'spec.list[1].a: expected boolean, got string',
      'spec.surprise: unknown field',
    ]);
    expect(findProblems(SCHEMA, { name: 'X' }, 'spec')).toEqual(['spec.name: "X" does not match ^[a-z]+$']);
  });
});
