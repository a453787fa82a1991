import { describe, expect, it } from 'vitest';
import { type ChecklistScene, parseChecklistScene, toChecklistSearch } from './checklist-scene';

describe('checklist scene', () => {
  it.each<ChecklistScene>([
    { gate: null, isOpen: false },
    { gate: 'gpu-nodes', isOpen: false },
    { gate: 'gpu-nodes', isOpen: true },
    { gate: null, isOpen: false, view: 'more' },
  ])('survives the URL: %o', (scene) => {
    expect(parseChecklistScene(toChecklistSearch(scene))).toEqual(scene);
  });

  it('takes no gate from an address that names none', () => {
    expect(parseChecklistScene(new URLSearchParams('gate=<img>&at=..'))).toEqual({
      gate: null,
      isOpen: false,
    });
  });
});
