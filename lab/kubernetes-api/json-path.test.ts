import { expect, test } from 'vitest';
import { jsonPath } from './json-path.ts';

const object = {
  metadata: { labels: { 'a.b/c': 'dotted' } },
  spec: {
    list: [
      { name: 'x', on: true },
      { name: 'y', on: false },
    ],
  },
};

test.each([
  ['.metadata.labels', [{ 'a.b/c': 'dotted' }]],
  ['.metadata.labels.a\\.b/c', ['dotted']],
  ["['metadata'].labels['a.b/c']", ['dotted']],
  ['.spec.list[0].name', ['x']],
  ['.spec.list[7].name', []],
  ['.spec.list[*].name', ['x', 'y']],
  ["[?(@.name=='x')]", []],
  ["spec.list[?(@.name=='y')].on".replace(/^/, '.'), [false]],
  ['.spec.list[?(@.on==true)].name', ['x']],
  ['.spec.nothing.below', []],
])('%s', (path, expected) => {
  expect(jsonPath(object, path)).toEqual(expected);
});

test('what it does not know it refuses', () => {
  expect(() => jsonPath(object, '.a..b')).toThrow('unsupported JSONPath');
});
