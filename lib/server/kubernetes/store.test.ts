import { beforeEach, describe, expect, it } from 'vitest';
import { createObjectStore, type ObjectStore } from './store';
import { anObject, type TestObject } from './testing/api-objects';

let store: ObjectStore<string>;

beforeEach(() => {
  store = createObjectStore((raw) => {
    const { metadata, spec } = raw as TestObject;
    if (spec.note === 'unreadable') throw new Error('cannot be read');
    return `${metadata.name}:${spec.note}`;
  });
});

describe('an object store', () => {
  it('lists by name, the same array until something changes', () => {
    store.replace([anObject('b', '2'), anObject('a', '1')]);
    const items = store.items();
    expect(items).toEqual(['a:', 'b:']);
    expect(store.apply(anObject('a', '1'))).toBe('unchanged');
    expect(store.items()).toBe(items);
    expect(store.apply(anObject('a', '3', { note: 'new' }))).toBe('changed');
    expect(store.items()).toEqual(['a:new', 'b:']);
  });

  it('keeps the items when only the version moves', () => {
    store.replace([anObject('a', '1')]);
    const items = store.items();
    expect(store.apply(anObject('a', '2'))).toBe('unchanged');
    expect(store.items()).toBe(items);
    expect([...store.versions()]).toEqual([['uid-a', '2']]);
  });

  it('drops what a whole list no longer has', () => {
    store.replace([anObject('a', '1'), anObject('b', '2')]);
    expect(store.replace([anObject('b', '2')])).toBe('changed');
    expect(store.items()).toEqual(['b:']);
  });

  it('takes the same name with another uid for another object', () => {
    store.replace([anObject('a', '1', { note: 'old' })]);
    store.apply(anObject('a', '5', { uid: 'second', note: 'new' }));
    expect(store.items()).toEqual(['a:new']);
    expect([...store.versions().keys()]).toEqual(['second']);
    expect(store.remove(anObject('a', '6'))).toBe('unchanged');
    expect(store.items()).toEqual(['a:new']);
  });

  it('never goes back to a version an object has left', () => {
    store.replace([anObject('a', '1'), anObject('b', '2')]);
    store.apply(anObject('a', '3', { note: 'new' }));
    expect(store.apply(anObject('a', '1'))).toBe('older');
    expect(store.replace([anObject('a', '1')])).toBe('older');
    expect(store.items()).toEqual(['a:new', 'b:']);
  });

  it('compares versions for equality only', () => {
    store.replace([anObject('a', '9')]);
    expect(store.apply(anObject('a', '10', { note: 'ten' }))).toBe('changed');
    expect(store.apply(anObject('a', '2', { note: 'two' }))).toBe('changed');
    expect(store.items()).toEqual(['a:two']);
  });

  it('does not bring back a deleted object, unless it comes with a version of its own', () => {
    store.replace([anObject('a', '1')]);
    store.remove(anObject('a', '2'));
    expect(store.apply(anObject('a', '1'))).toBe('older');
    expect(store.apply(anObject('a', '2'))).toBe('older');
    expect(store.apply(anObject('a', '3'))).toBe('changed');
    expect(store.remove(anObject('a', '2'))).toBe('older');
    expect(store.items()).toEqual(['a:']);
  });

  it('takes an older list when told to trust it, and moves on from there', () => {
    store.replace([anObject('a', '1', { note: 'old' })]);
    store.apply(anObject('a', '2', { note: 'new' }));
    expect(store.replace([anObject('a', '1', { note: 'old' })], { trust: true })).toBe('changed');
    expect(store.items()).toEqual(['a:old']);
    expect(store.replace([anObject('a', '1', { note: 'old' })])).toBe('unchanged');
  });

  it('counts an object that cannot be read, and does not show it', () => {
    store.replace([anObject('a', '1', { note: 'unreadable' }), anObject('b', '2')]);
    expect(store.items()).toEqual(['b:']);
    expect(store.unreadableCount()).toBe(1);
    store.apply(anObject('a', '3'));
    expect(store.items()).toEqual(['a:', 'b:']);
    expect(store.unreadableCount()).toBe(0);
  });

  it('takes nothing of a list in which an object has no metadata', () => {
    store.replace([anObject('a', '1')]);
    expect(() => store.replace([anObject('b', '2'), {}])).toThrow();
    expect(store.items()).toEqual(['a:']);
  });

  it('is empty after the kind is gone', () => {
    store.replace([anObject('a', '1')]);
    expect(store.clear()).toBe('changed');
    expect(store.clear()).toBe('unchanged');
    expect(store.items()).toEqual([]);
  });
});
