import { describe, expect, it } from 'vitest';
import {
  type CompareScene,
  DEFAULT_COMPARE_SCENE,
  parseCompareScene,
  toCompareSearch,
} from './compare-scene';

describe('compare scene', () => {
  it.each<CompareScene>([
    DEFAULT_COMPARE_SCENE,
    { window: '1h', percentile: 50, isPaused: true, page: 2 },
    { window: '5m', percentile: 99, isPaused: false, page: 1 },
  ])('survives the URL: %o', (scene) => {
    expect(parseCompareScene(toCompareSearch(scene))).toEqual(scene);
  });

  it('keeps the address short while nothing was chosen', () => {
    expect(toCompareSearch(DEFAULT_COMPARE_SCENE).toString()).toBe('');
  });

  it('falls back to the default for what it does not know', () => {
    const search = new URLSearchParams('window=2m&percentile=97&paused=yes&page=9');
    expect(parseCompareScene(search)).toEqual(DEFAULT_COMPARE_SCENE);
  });
});
