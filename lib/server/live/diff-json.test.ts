import { applyPatch, type Operation } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { finish } from '@/lib/domain/steps';
import { diffJson } from './diff-json';

const differences = (before: unknown, after: unknown) => finish(diffJson(before, after));

const CASES: [string, unknown, unknown][] = [
  ['a changed value', { a: 1, b: 2 }, { a: 1, b: 3 }],
  ['added, removed and undefined keys', { a: 1, b: 2, c: undefined }, { b: 2, d: 4, e: undefined }],
  [
    'keys with slashes, tildes and dots',
    { 'nvidia.com/gpu': 1, 'a~b': 1 },
    { 'nvidia.com/gpu': 2, 'a~b': 3 },
  ],
  [
    'arrays of equal length, deep',
    { gates: [{ id: 'a', at: 1 }, { id: 'b' }] },
    { gates: [{ id: 'a', at: 2 }, { id: 'b' }] },
  ],
  ['arrays that grow and shrink', { pods: [1, 2, 3], nodes: [] }, { pods: [1, 2], nodes: [1] }],
  ['null against values', { a: null, b: 1 }, { a: 1, b: null }],
  ['another type', { a: [1] }, { a: { 0: 1 } }],
];

describe('diffJson', () => {
  it.each(CASES)('leads from one to the other: %s', (_, before, after) => {
    const copy = JSON.parse(JSON.stringify(before)) as unknown;
    expect(applyPatch(copy, differences(before, after) as Operation[]).every((error) => error === null)).toBe(
      true,
    );
    expect(copy).toEqual(JSON.parse(JSON.stringify(after)));
  });

  it('says nothing about equal documents, whoever made them', () => {
    for (const [, document] of CASES) expect(differences(document, structuredClone(document))).toEqual([]);
  });

  it('names only what moved', () => {
    expect(differences({ gates: [{ at: 1, is: 'x' }] }, { gates: [{ at: 2, is: 'x' }] })).toEqual([
      { op: 'replace', path: '/gates/0/at', value: 2 },
    ]);
  });

  it('takes large documents in steps, and tells the same', () => {
    const large = (at: number) => ({ gates: Array.from({ length: 500 }, (_, id) => ({ id, at: at + id })) });
    const steps = diffJson(large(0), large(1));
    let count = 0;
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) {
        expect(value).toHaveLength(500);
        expect(value[0]).toEqual({ op: 'replace', path: '/gates/0/at', value: 1 });
        expect(value.at(-1)).toEqual({ op: 'replace', path: '/gates/499/at', value: 500 });
        break;
      }
      count += 1;
    }
    expect(count).toBeGreaterThan(5);
  });
});
