import { describe, expect, it } from 'vitest';
import { patchDocument } from './apply-patch';

const before = {
  gates: [
    { id: 'a', status: 'pass' },
    { id: 'b', status: 'pass' },
  ],
  mode: 'live',
};

describe('patchDocument', () => {
  it('changes what the patch names and leaves the given document alone', () => {
    const given = structuredClone(before);
    const after = patchDocument(given, [
      { op: 'replace', path: '/gates/1/status', value: 'fail' },
      { op: 'add', path: '/gates/-', value: { id: 'c', status: 'warn' } },
      { op: 'remove', path: '/mode' },
    ]);
    expect(after).toEqual({
      gates: [
        { id: 'a', status: 'pass' },
        { id: 'b', status: 'fail' },
        { id: 'c', status: 'warn' },
      ],
    });
    expect(given).toEqual(before);
  });

  it('keeps the identity of what it does not touch', () => {
    const after = patchDocument(before, [
      { op: 'replace', path: '/gates/1/status', value: 'fail' },
    ]) as typeof before;
    expect(after.gates[0]).toBe(before.gates[0]);
    expect(after.gates[1]).not.toBe(before.gates[1]);
  });

  it('moves and copies within the document', () => {
    expect(
      patchDocument({ a: { x: 1 }, b: {} }, [
        { op: 'move', from: '/a/x', path: '/b/y' },
        { op: 'copy', from: '/b', path: '/c' },
      ]),
    ).toEqual({ a: {}, b: { y: 1 }, c: { y: 1 } });
  });

  it('replaces the whole document at the root', () => {
    expect(patchDocument(before, [{ op: 'replace', path: '', value: { gates: [] } }])).toEqual({ gates: [] });
  });

  it.each([
    ['a missing place', [{ op: 'replace', path: '/gates/7/status', value: 'fail' }]],
    ['a failed test', [{ op: 'test', path: '/mode', value: 'simulated' }]],
    ['a pointer that is none', [{ op: 'replace', path: 'mode', value: 'x' }]],
    ['a key that reaches the prototype', [{ op: 'add', path: '/__proto__/polluted', value: true }]],
    ['a constructor key', [{ op: 'add', path: '/constructor/prototype/polluted', value: true }]],
    ['a removed root', [{ op: 'remove', path: '' }]],
  ] as const)('refuses %s', (_, operations) => {
    expect(patchDocument(before, operations)).toBeNull();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
