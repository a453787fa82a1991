import { describe, expect, it } from 'vitest';
import { readFieldPaths } from './schema-paths';

const GROUP_VERSION = 'serving.kserve.io/v1alpha1';

function documentOf(root: Record<string, unknown>, others: Record<string, unknown> = {}): unknown {
  return {
    openapi: '3.0.0',
    components: {
      schemas: {
        'io.kserve.serving.v1alpha1.Service': {
          type: 'object',
          'x-kubernetes-group-version-kind': [
            { group: 'serving.kserve.io', version: 'v1alpha1', kind: 'Service' },
          ],
          ...root,
        },
        ...others,
      },
    },
  };
}

function pathsOf(root: Record<string, unknown>, others?: Record<string, unknown>): string[] | null {
  const paths = readFieldPaths(documentOf(root, others), GROUP_VERSION, 'Service');
  return paths === null ? null : [...paths].sort();
}

describe('readFieldPaths', () => {
  it('walks objects, lists and maps as oc explain does', () => {
    const root = {
      properties: {
        spec: {
          properties: {
            router: { properties: { scheduler: { type: 'object' } } },
            containers: { type: 'array', items: { properties: { name: { type: 'string' } } } },
            limits: { additionalProperties: { properties: { amount: { type: 'string' } } } },
          },
        },
      },
    };
    expect(pathsOf(root)).toEqual([
      'spec',
      'spec.containers',
      'spec.containers.name',
      'spec.limits',
      'spec.limits.amount',
      'spec.router',
      'spec.router.scheduler',
    ]);
  });

  it('follows references, also inside allOf', () => {
    const root = { properties: { spec: { allOf: [{ $ref: '#/components/schemas/Spec' }], default: {} } } };
    const others = {
      Spec: { properties: { worker: { $ref: '#/components/schemas/Worker' } } },
      Worker: { properties: { size: {} } },
    };
    expect(pathsOf(root, others)).toEqual(['spec', 'spec.worker', 'spec.worker.size']);
  });

  it('ends in schemas that hold themselves, and in references to nowhere', () => {
    const root = {
      properties: {
        tree: { $ref: '#/components/schemas/Tree' },
        lost: { $ref: '#/components/schemas/Lost' },
      },
    };
    const others = { Tree: { properties: { child: { $ref: '#/components/schemas/Tree' } } } };
    expect(pathsOf(root, others)).toEqual(['lost', 'tree', 'tree.child']);
  });

  it('stops at a bounded depth', () => {
    let schema: Record<string, unknown> = { type: 'string' };
    for (let depth = 0; depth < 50; depth += 1) schema = { properties: { deeper: schema } };
    const longest = pathsOf(schema)?.at(-1)?.split('.').length;
    expect(longest).toBe(9);
  });

  it('tells a kind that is not described from a kind without fields', () => {
    expect(readFieldPaths(documentOf({}), GROUP_VERSION, 'Other')).toBeNull();
    expect(readFieldPaths(documentOf({}), 'serving.kserve.io/v1', 'Service')).toBeNull();
    expect(pathsOf({})).toEqual([]);
  });

  it.each([[null], ['text'], [{}], [{ components: null }], [{ components: { schemas: { X: 'y' } } }]])(
    'describes nothing where the document is %j',
    (document) => {
      expect(readFieldPaths(document, GROUP_VERSION, 'Service')).toBeNull();
    },
  );
});
