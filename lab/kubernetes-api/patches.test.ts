import { expect, test } from 'vitest';
import { jsonPatch, mergePatch, strategicMerge } from './patches.ts';

test('a merge patch replaces lists and removes with null', () => {
  const target = { a: { b: 1, c: 2 }, list: [1, 2], gone: true };
  expect(mergePatch(target, { a: { c: null, d: 3 }, list: [3], gone: null })).toEqual({
    a: { b: 1, d: 3 },
    list: [3],
  });
  expect(target).toEqual({ a: { b: 1, c: 2 }, list: [1, 2], gone: true });
});

test('a failing operation refuses the whole JSON patch', () => {
  const target = { a: 1 };
  expect(() =>
    jsonPatch(target, [
      { op: 'replace', path: '/a', value: 2 },
      { op: 'remove', path: '/b' },
    ]),
  ).toThrow();
  expect(() => jsonPatch(target, { op: 'replace' })).toThrow('error decoding patch');
  expect(target).toEqual({ a: 1 });
});

test('a strategic patch merges, deletes and replaces by directive', () => {
  const target = {
    containers: [
      { name: 'main', image: 'a', env: [{ name: 'X', value: '1' }] },
      { name: 'side', image: 'b' },
    ],
    finalizers: ['one'],
    tolerations: [{ key: 'x' }],
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
    selector: { a: '1', b: '2' },
  };
  expect(
    strategicMerge(target, {
      '$setElementOrder/containers': [{ name: 'main' }],
      containers: [
        { name: 'main', env: [{ name: 'Y', value: '2' }] },
        { name: 'side', $patch: 'delete' },
        { name: 'new', image: 'c' },
      ],
      finalizers: ['two'],
      tolerations: [{ key: 'y' }],
      strategy: { $retainKeys: ['type'], type: 'Recreate' },
      selector: { $patch: 'replace', c: '3' },
    }),
  ).toEqual({
    containers: [
      {
        name: 'main',
        image: 'a',
        env: [
          { name: 'X', value: '1' },
          { name: 'Y', value: '2' },
        ],
      },
      { name: 'new', image: 'c' },
    ],
    finalizers: ['one', 'two'],
    tolerations: [{ key: 'y' }],
    strategy: { type: 'Recreate' },
    selector: { c: '3' },
  });
});

test('values leave a plain list by name', () => {
  expect(
    strategicMerge({ finalizers: ['a', 'b'] }, { '$deleteFromPrimitiveList/finalizers': ['a'] }),
  ).toEqual({ finalizers: ['b'] });
});
